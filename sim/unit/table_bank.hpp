// table_bank.hpp — a bank of the unit's memories: a table and rows that a lane can trust, whatever
// was loaded.
//
// rtl/lane/table_check.sv in C++. A word that would lead a lane out of what its job has loaded is
// kept as one that does not, and the bank is bad: all its jobs end as Status::kBadTable.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "transom/base/bits.hpp"
#include "transom/base/spec.hpp"
#include "transom/table/pairs.hpp"
#include "transom/unit/lane_kind.hpp"

namespace transom::unit {

/// What a bank is loaded for.
struct BankSize {
  unsigned table_log = 0;  ///< R
  unsigned last_row = 0;
};

class TableBank {
 public:
  explicit TableBank(LaneKind kind)
      : kind_(kind),
        words_(std::size_t{1} << max_lane_table_log(kind),
               lane_traits(kind).counts ? std::uint32_t{1} << max_lane_table_log(kind) : 0),
        rows_(kMaxAlphabet) {}

  /// Words of the table, and rows, come in order; with the first, the verdict begins anew.
  void put(const BankSize& size, std::size_t index, std::uint32_t word) {
    if (index == 0) table_bad_ = false;
    words_[index] = lane_traits(kind_).counts ? count(size, index, word) : entry(size, word);
  }
  void put_row(std::size_t index, std::uint32_t word) {
    if (index == 0) rows_bad_ = false;
    rows_[index] = to_row(word);
    if (rows_[index].offset_bits <= kMaxValueBits) return;
    rows_[index] = {};
    rows_bad_ = true;
  }
  /// A whole load.
  void load(unsigned table_log, std::span<const std::uint32_t> words,
            std::span<const std::uint32_t> rows) {
    const BankSize size{table_log, static_cast<unsigned>(rows.size()) - 1};
    for (std::size_t i = 0; i < words.size(); ++i) put(size, i, words[i]);
    for (std::size_t i = 0; i < rows.size(); ++i) put_row(i, rows[i]);
  }

  /// As a lane's decoder looks symbols up in them: TansDecoder, RansSlotDecoder, ArithDecoder,
  /// NransCountDecoder.
  const std::uint32_t* words() const { return words_.data(); }
  const Row* rows() const { return rows_.data(); }
  bool bad() const { return table_bad_ || rows_bad_; }

 private:
  static_assert(1u << kArithTableLog > kMaxAlphabet, "an ArithDecoder looks at as many");

  bool has_rows(const BankSize& size, symbol_t symbol) const {
    if (kind_ != LaneKind::kTansPair) return symbol <= size.last_row;
    return first_of(symbol) <= size.last_row && second_of(symbol) <= size.last_row;
  }
  bool leads_out(const BankSize& size, std::uint32_t word) const {
    const std::uint32_t L = std::uint32_t{1} << size.table_log;
    if (kind_ == LaneKind::kRans) {
      const RansEntry e = to_rans_entry(word);
      return e.freq > L || e.bias >= e.freq;
    }
    const Entry e = to_entry(word);
    return e.base + (std::uint32_t{1} << e.nbits) > L || (e.base & low_bits(e.nbits)) != 0;
  }
  std::uint32_t entry(const BankSize& size, std::uint32_t word) {
    // The memories keep the bits in use, as codec_pkg::to_entry() does.
    constexpr std::uint32_t kTansBits =
        to_word(Entry{0xff, low_bits(std::bit_width(kMaxTableLog)), low_bits(kMaxTableLog)});
    if (kind_ != LaneKind::kRans) word &= kTansBits;
    if (has_rows(size, static_cast<symbol_t>(word)) && !leads_out(size, word)) return word;
    table_bad_ = true;
    return 0;
  }
  /// From the first bad one on, all are 2^R: what is kept never falls.
  std::uint32_t count(const BankSize& size, std::size_t index, std::uint32_t word) {
    word &= low_bits(max_lane_table_log(kind_) + 1);
    const std::uint32_t all = std::uint32_t{1} << size.table_log;
    const std::uint32_t before = index == 0 ? 0 : words_[index - 1];
    const bool must_be = index == 0 || index > size.last_row;
    table_bad_ |= word < before || word > all || (must_be && word != (index == 0 ? 0 : all));
    return index == 0 ? 0 : table_bad_ ? all : word;
  }

  LaneKind kind_;
  std::vector<std::uint32_t> words_;
  std::vector<Row> rows_;
  bool table_bad_ = false;
  bool rows_bad_ = false;
};

}  // namespace transom::unit
