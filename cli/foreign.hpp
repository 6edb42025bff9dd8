// foreign.hpp — other coders' raw streams of one table, by name: what `transom convert` reads and
// writes beside containers.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "spec.hpp"

namespace transom::cli {

/// A stream with what it does not say of itself.
struct ForeignStream {
  std::vector<std::uint8_t> bytes;
  std::vector<std::uint32_t> freq;  ///< up to 256, sum 2^scale_bits
  unsigned scale_bits = 12;
  std::size_t n_states = 1;  ///< interleaved, symbol i in state i mod n_states
  std::size_t n = 0;         ///< symbols
};

/// What a format takes.
struct ForeignFormat {
  std::string name;
  unsigned least_bits, most_bits;  ///< scale_bits
  std::size_t n_states;            ///< 0: 1..64, as one likes
  bool every_symbol;               ///< each symbol of the table has a slot
};
/// ryg-byte ..., torch-rans64 ... (the byte string of one row), constriction.
std::vector<ForeignFormat> foreign_formats();

struct ForeignSymbols {
  Status status;
  std::vector<std::uint8_t> symbols;
};
/// Total on any bytes. Throws std::invalid_argument on a table or shape that the format lacks.
ForeignSymbols decode_foreign(std::string_view format, const ForeignStream& stream);
/// Fills stream.bytes and stream.n. Throws as above.
void encode_foreign(std::string_view format, std::span<const std::uint8_t> symbols,
                    ForeignStream& stream);

}  // namespace transom::cli
