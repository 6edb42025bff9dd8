// format.hpp — other coders' raw streams of one table, by name: what `transom convert` reads and
// writes beside containers.
//
// A format is one entry of foreign_formats(): what it takes, and its two directions. The families
// are foreign_rans.cpp, foreign_torch.cpp and foreign_tans.cpp.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "transom/base/spec.hpp"

namespace transom::foreign {

/// What readers of foreign data take: a forged count costs no more memory.
inline constexpr std::size_t kMaxForeignValues = std::size_t{1} << 28;

/// A stream with what it does not say of itself.
struct ForeignStream {
  std::vector<std::uint8_t> bytes;
  std::vector<std::uint32_t> freq;  ///< up to 256 and the escape's, sum 2^scale_bits
  unsigned scale_bits = 12;
  std::size_t n_states = 1;         ///< interleaved, symbol i in state i mod n_states
  std::size_t n = 0;                ///< symbols
  std::uint64_t n_bits = 0;         ///< length in bits, for a format that counts_bits
  std::vector<std::uint32_t> rare;  ///< fse*: symbols whose one slot lies at the table's end
};

struct ForeignSymbols {
  Status status = Status::kOk;
  std::vector<std::uint8_t> symbols;
};

struct ForeignFormat {
  std::string name;
  unsigned least_bits, most_bits;  ///< scale_bits of the tables to write
  std::size_t n_states;            ///< 0: 1..64, as one likes
  bool every_symbol;               ///< each symbol of the table has a slot
  /// Decodes any bytes, with a status; fills in the table of a format that holds_table. Throws on a
  /// table that the format lacks.
  std::function<ForeignSymbols(ForeignStream& stream)> decode;
  /// Fills in all but the table, n_states and n. Throws as above.
  std::function<void(std::span<const std::uint8_t> symbols, ForeignStream& stream)> encode;
  bool has_escape = false;   ///< the last frequency is that of an escape, not of a symbol
  bool counts_bits = false;  ///< the stream ends within a byte: n_bits
  bool holds_table = false;  ///< the table is in the stream
};
std::vector<ForeignFormat> foreign_rans();
std::vector<ForeignFormat> foreign_torch();
std::vector<ForeignFormat> foreign_tans();
/// All formats, in the order of the three above.
std::vector<ForeignFormat> foreign_formats();
/// Throws when there is none of that name.
ForeignFormat find_foreign(std::string_view name);

/// Decodes any bytes, with a status: kOk only for a stream of exactly stream.n symbols. Throws,
/// naming the format, on a table or shape that it lacks, and for 2^32 symbols or more.
ForeignSymbols decode_foreign(const ForeignFormat& format, ForeignStream& stream);
/// Fills in all but the table and n_states. Throws as above.
void encode_foreign(const ForeignFormat& format, std::span<const std::uint8_t> symbols,
                    ForeignStream& stream);

}  // namespace transom::foreign
