// torch_rows.hpp — rows of torch_ans' stream tensor, by the variant: begun, pushed on, popped from.
//
// torch_ans.hpp's verbs over bytes, for callers that have a variant's name and no geometry. A row
// is what rans_stream_to_byte_strings gives: states, then words as an encoder writes them.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "transom/foreign/torch/torch_ans.hpp"
#include "transom/foreign/torch/torch_bytes.hpp"

namespace transom::foreign {

/// A row of no symbols. Throws for other than 1..2^16 states.
Bytes start_torch_row(const TorchVariant& variant, std::size_t n_states);

/// The row with the symbols pushed on; the row as it was unless kOk: kTruncated or kBadState of
/// what is no row. Throws as torch_push() does.
RowBytes push_torch_row(const TorchVariant& variant, const TorchTables& tables,
                        std::span<const std::uint8_t> row, std::span<const std::uint32_t> indexes,
                        std::span<const std::int32_t> symbols);

struct TorchPoppedRow {
  Status status;  ///< of the row, then of what was popped (torch_pop)
  std::vector<std::int32_t> symbols;
  Status end;  ///< whether the row is now as it was begun (RansStack::status)
  Bytes row;   ///< what is left of it
};
/// Pops a symbol for each index, from any bytes. Throws as torch_pop() does.
TorchPoppedRow pop_torch_row(const TorchVariant& variant, const TorchTables& tables,
                             std::span<const std::uint8_t> row,
                             std::span<const std::uint32_t> indexes);

}  // namespace transom::foreign
