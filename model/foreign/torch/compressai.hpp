// compressai.hpp — CompressAI's strings: ryg_rans' rans64 with torch_ans' tables and escapes.
//
// github.com/InterDigitalInc/CompressAI, rans_interface: one state, 16-bit tables, digits of 4 bits
// (encode_with_indexes, decode_with_indexes). The bytes are ryg_rans': state, then words as a
// decoder reads them. The same values give torch_ans' rans64 row with its words in reverse.
// Refused, as there: raw values of 28 bits or more, whose escape does not end.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "transom/foreign/rans_bytes.hpp"
#include "transom/foreign/torch/torch_ans.hpp"

namespace transom::foreign {

inline TorchTables compressai_tables(std::span<const TorchTable> tables) {
  constexpr unsigned kPrecision = 16, kBypassPrecision = 4;
  return TorchTables(tables, kPrecision, kBypassPrecision, TorchLookup::kInverseCdf);
}

/// Throws naming a symbol that cannot be coded.
inline std::vector<std::uint8_t> compressai_encode(const TorchTables& tables,
                                                   std::span<const std::uint32_t> indexes,
                                                   std::span<const std::int32_t> symbols) {
  RansStack<Rans64x32> stack(1);
  torch_push(stack, tables, indexes, symbols);
  return to_bytes(stack, WordOrder::kAsRead);
}

/// Decodes one symbol per index from any bytes; kOk only if the string ends with them.
inline TorchPopped compressai_decode(const TorchTables& tables, std::span<const std::uint8_t> bytes,
                                     std::span<const std::uint32_t> indexes) {
  auto [status, stack] = read_stack<Rans64x32>(bytes, 1, WordOrder::kAsRead);
  if (status != Status::kOk) return {status, {}};
  TorchPopped popped = torch_pop(stack, tables, indexes);
  if (popped.status == Status::kOk) popped.status = stack.status();
  return popped;
}

}  // namespace transom::foreign
