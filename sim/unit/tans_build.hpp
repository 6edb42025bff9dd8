// tans_build.hpp — a tANS table of at most 16 rows out of its counts, as the unit builds it.
//
// rtl/lane/tans_build.sv in C++: the table of Spread::kStep in the order of its slots, four entries
// a cycle, without a spread in memory. Slot u holds the occurrence j = u * step^-1 mod 2^R of all
// symbols in ascending order.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "transom/base/spec.hpp"
#include "transom/unit/table_bank.hpp"

namespace transom::unit {

/// Cumulative counts travel two to a word, that of the lower symbol low.
inline constexpr std::size_t kCountWords = kMaxApackRows / 2;
using CountWords = std::array<std::uint32_t, kCountWords>;

/// cum[s], the slots of all symbols below s: 2^R behind the last one. Throws for no frequencies, or
/// more than 16.
inline CountWords make_count_words(std::span<const std::uint32_t> freq) {
  require_range("make_count_words", "number of frequencies", freq.size(), 1, kMaxApackRows);
  CountWords words{};
  std::uint32_t cum = 0;
  for (std::size_t s = 0; s < kMaxApackRows; ++s) {
    words[s / 2] |= cum << 16 * (s % 2);
    if (s < freq.size()) cum += freq[s];
  }
  return words;
}

/// Cycles that building takes: one for four entries.
constexpr std::uint32_t build_cycles(unsigned R) { return R < 2 ? 1 : std::uint32_t{1} << (R - 2); }

/// Counts that are none (first not 0, falling, over 2^R, not 2^R behind the last row) make words
/// that are of no table, so that the bank which they are put into is bad.
class TansBuild {
 public:
  using Group = std::array<std::uint32_t, kLoadEntries>;

  TansBuild() = default;
  TansBuild(const BankSize& size, const CountWords& words)
      : R_(size.table_log), inverse_(spread_step_inverse(size.table_log)) {
    const std::uint32_t L = std::uint32_t{1} << R_;
    for (std::size_t s = 0; s < kMaxApackRows; ++s) {
      cum_[s] = words[s / 2] >> 16 * (s % 2) & 0xffff;
      bad_ |= cum_[s] > L || (s == 0 ? cum_[s] != 0 : cum_[s] < cum_[s - 1]) ||
              (s > size.last_row && cum_[s] != L);
    }
    cum_[kMaxApackRows] = L;
    for (std::size_t s = 0; s < kMaxApackRows; ++s) next_[s] = cum_[s + 1] - cum_[s];
  }

  /// The next four words, from slot 0 on; those behind the last slot are 0.
  Group next() {
    Group group{};
    for (std::uint32_t& word : group) {
      const std::uint32_t L = std::uint32_t{1} << R_;
      if (bad_) {
        word = ~std::uint32_t{0};
      } else if (slot_ < L) {
        word = entry(slot_ * inverse_ & (L - 1));
      }
      ++slot_;
    }
    return group;
  }

 private:
  std::uint32_t entry(std::uint32_t occurrence) {
    symbol_t s = 0;
    while (cum_[s + 1u] <= occurrence) ++s;
    const std::uint32_t x = next_[s]++;
    const unsigned nbits = R_ + 1 - static_cast<unsigned>(std::bit_width(x));
    const std::uint32_t base = (x << nbits) - (std::uint32_t{1} << R_);
    return to_word(Entry{s, static_cast<std::uint8_t>(nbits), static_cast<std::uint16_t>(base)});
  }

  unsigned R_ = 0;
  std::uint32_t inverse_ = 0;
  std::uint32_t slot_ = 0;
  bool bad_ = false;
  std::array<std::uint32_t, kMaxApackRows + 1> cum_{};
  std::array<std::uint32_t, kMaxApackRows> next_{};  ///< x that the symbol's next slot gets
};

/// The whole table, in whole groups.
inline std::vector<std::uint32_t> build_table(const BankSize& size, const CountWords& words) {
  TansBuild build(size, words);
  std::vector<std::uint32_t> table;
  for (std::uint32_t n = build_cycles(size.table_log); n > 0; --n) {
    const TansBuild::Group group = build.next();
    table.insert(table.end(), group.begin(), group.end());
  }
  return table;
}

}  // namespace transom::unit
