// interleave.hpp — a tensor as the wide unit reads it: header, table, one sequence of halfwords.
//
// Lanes in lockstep take a value each in a round. The bits of all streams lie in the order in which
// such lanes want them, in halfwords: no addresses, no FIFO per stream. The order is a function of
// the tensor alone, not of a unit's timing (FORMAT.md, "Version 2"):
//   - pass 0: each stream's state. Passes 1, 2, ..: a halfword of symbol bits of each stream while
//     they have less than 3 Kmax bits, then of its offset bits while less than 2 Omax.
//   - after each round: for each stream that is left with less than that, a halfword, unless its
//     last values are near.
// Kmax and Omax are the most bits that a step of this tensor takes. A unit steps in t, asks in t +
// 1, is given in t + 2, so that the bits are there in t + 3; offsets are read a clock after the
// step. Hence 3 rounds and 2 (kWideSymbolRounds, kWideOffsetRounds). One halfword of each kind in a
// round is enough: Kmax <= 12 and Omax <= 16 bits leave, 16 come. Asked for are before each round
// at least 3 Kmax bits, of which the rounds that are not answered yet take 2 Kmax: Kmax are there.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "transom/base/spec.hpp"
#include "transom/base/stream.hpp"
#include "transom/codec/codec.hpp"

namespace transom {

inline constexpr std::size_t kWideHeaderWords = 3;
inline constexpr unsigned kMaxWideLanes = 128;

/// Word 0 of a record: [3:0] R, [7:4] coding, [15:8] streams - 1, [19:16] W - 1, [23:20] rows - 1,
/// [24] plain, others zero. Word 1: values. Word 2: halfwords of payload.
struct WideHeader {
  unsigned table_log = 0;
  unsigned coding = 0;  ///< kRaw, kApackNrans or kApackTans; others are none
  unsigned n_streams = 1;
  unsigned value_bits = 8;
  unsigned n_rows = 1;
  bool plain = false;  ///< rows are values: no vmin, no offsets
  std::uint32_t n_values = 0;
  std::uint32_t n_halves = 0;
  unsigned reserved = 0;

  bool raw() const { return coding == static_cast<unsigned>(Coding::kRaw); }
  bool tans() const { return coding == static_cast<unsigned>(Coding::kApackTans); }
  /// Bits of a raw value: 4, 8 or 16.
  unsigned raw_bits() const { return std::max(4u, std::bit_ceil(value_bits)); }
  /// Each value of so few bits is a row: the table need not say which.
  bool is_identity() const { return !raw() && value_bits <= 4 && n_rows == 1u << value_bits; }
  /// Of t. Narrow rANS has it in the top of its halfword, tANS in its lowest bits; the rest is
  /// zero.
  unsigned state_bits() const { return table_log + (tans() ? 0 : kNransBlockLog); }
  unsigned state_shift() const { return tans() ? 0 : 16 - state_bits(); }
  /// Rows that a table has room for.
  unsigned room() const { return (n_rows + 3) / 4 * 4; }
  /// Halfwords of the table: counts, then smallest values, whole words both.
  unsigned count_halves() const { return raw() ? 0 : room(); }
  unsigned row_halves() const { return raw() || plain ? 0 : value_bits <= 8 ? room() / 2 : room(); }
  /// Words of the whole record.
  std::uint64_t n_words() const {
    return kWideHeaderWords + (count_halves() + row_halves()) / 2 +
           (std::uint64_t{n_halves} + 1) / 2;
  }
  friend bool operator==(const WideHeader&, const WideHeader&) = default;
};
std::array<std::uint32_t, kWideHeaderWords> to_words(const WideHeader& header);
WideHeader to_wide_header(std::span<const std::uint32_t, kWideHeaderWords> words);

/// R of the largest table of a coding that version 2 holds.
constexpr unsigned max_wide_table_log(Coding coding) {
  return coding == Coding::kApackTans ? kWideTansTableLog : kNransTableLog;
}

/// What a wide unit is built for.
struct WideLimits {
  std::optional<Coding> coding = {};  ///< of its lanes; any, if there is none
  unsigned n_lanes = kMaxWideLanes;
  unsigned table_log = kNransTableLog;
  unsigned max_offset = kMaxValueBits;  ///< widest values of a coded tensor that has offsets
};
/// Why a unit does not take the header; nullptr if it does.
const char* why_bad_header(const WideHeader& header, const WideLimits& limits);

/// What a step of a tensor may take, and its table as it lies in the record.
struct WideTable {
  std::array<std::uint16_t, kMaxApackRows> cum{};
  std::array<value_t, kMaxApackRows> vmin{};
  // What follows from them, once derive() was called.
  bool good = false;
  std::array<std::uint8_t, kMaxApackRows> offset_bits{};
  unsigned symbol_bits_wanted = 0;  ///< 3 Kmax
  unsigned offset_bits_wanted = 0;  ///< 2 Omax
  unsigned symbol_passes = 0;
  unsigned offset_passes = 0;

  void derive(const WideHeader& header);
  unsigned passes() const { return std::max(symbol_passes, offset_passes); }
  std::uint32_t freq(unsigned row, const WideHeader& header) const {
    return (row + 1 < header.n_rows ? cum[row + 1] : std::uint32_t{1} << header.table_log) -
           cum[row];
  }
};

/// The record of a tensor: raw; or, in chunks of one value, apack-nrans, or apack-tans in the step
/// spread with R up to kWideTansTableLog. Throws for another.
std::vector<std::uint32_t> wide_record(const CodedTensor& tensor);

/// What the record of a good header holds: its verdict; code, streams and chunk of the tensor
/// unless it is kBadTable.
struct WideTensor {
  Status status = Status::kOk;
  Code code;
  std::vector<StreamWords> streams;
};
/// @param record its words, header.n_words() of them (throws); n_values of memory are used
WideTensor read_wide_record(const WideHeader& header, std::span<const std::uint32_t> record);

/// The order of section 2 above, of a good header and table that are not raw.
/// @param on has state(s), symbols(s), offsets(s), told when a halfword of stream s comes, and
///     step(s), told when s retires a value, which returns {bits of symbols, bits of offsets}
template <class On>
void walk_interleaved(const WideHeader& header, const WideTable& table, On& on) {
  struct Asked {
    unsigned symbols, offsets;
  };
  const auto n_active = std::min(header.n_streams, header.n_values);
  for (std::uint32_t s = 0; s < n_active; ++s) on.state(s);
  for (unsigned pass = 0; pass < table.passes(); ++pass) {
    for (std::uint32_t s = 0; s < n_active; ++s) {
      if (pass < table.symbol_passes) on.symbols(s);
      if (pass < table.offset_passes) on.offsets(s);
    }
  }
  std::vector<Asked> asked(n_active, {16 * table.symbol_passes, 16 * table.offset_passes});
  for (std::uint64_t left = header.n_values; left != 0;) {  // values, from this round on
    const auto n = static_cast<std::uint32_t>(std::min<std::uint64_t>(left, n_active));
    for (std::uint32_t s = 0; s < n; ++s) {
      const auto [symbols, offsets] = on.step(s);
      asked[s].symbols -= symbols;
      asked[s].offsets -= offsets;
    }
    const auto later = [&](unsigned rounds) {  // streams that have a value so many rounds on
      const std::uint64_t before = std::uint64_t{rounds} * header.n_streams;
      return left > before ? std::min<std::uint64_t>(left - before, n) : 0;
    };
    const std::uint64_t want_symbols = later(kWideSymbolRounds);
    const std::uint64_t want_offsets = later(kWideOffsetRounds);
    for (std::uint32_t s = 0; s < want_offsets; ++s) {
      if (s < want_symbols && asked[s].symbols < table.symbol_bits_wanted) {
        on.symbols(s);
        asked[s].symbols += 16;
      }
      if (asked[s].offsets < table.offset_bits_wanted) {
        on.offsets(s);
        asked[s].offsets += 16;
      }
    }
    left -= n;
  }
}

}  // namespace transom
