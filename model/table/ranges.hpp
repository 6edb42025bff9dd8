// ranges.hpp — APack's ranges: value <-> (prefix symbol, offset), and the search for the ranges.
//
// Rows tile [0, 2^W): row i covers [vmin_i, vmin_{i+1}), its offsets have ceil(log2(size)) bits.
// (APack: arXiv:2201.08830.) A table's cost is
//   sum over rows of n_i (offset_bits_i + R - log2 f_i),  n_i = values in row i, f_i its freq.
//
// The search is exact in two steps, both over every boundary when W <= 10:
// 1. RangeSearch: for each number of rows k the least sum of n_i (offset_bits_i + log2(N / n_i)),
//    what an ideal coder would spend. Rows add up, so a dynamic programme over the boundaries finds
//    it; all k fall out of one run. Left out are only ranges that a no worse table avoids: an empty
//    row has populated neighbours and fills the gap between them; a row that ends inside a gap
//    ends where its offsets would need one more bit.
// 2. best(): boundaries and integer frequencies (sum 2^R) together. A price p per slot makes rows
//    add up again; sum min_f (n (offset_bits + R - log2 f) + p f) - p 2^R is for each p a lower
//    bound on every table (Lagrangian relaxation), and ranges through which it exceeds the best
//    table at hand are struck out. When a price's best path uses 2^R slots, it is optimal; else a
//    dynamic programme over (boundary, rows, slots used) on what is left decides. The result
//    carries its proof: cost == bound says that no table of at most k rows costs less by 2^-15 bit
//    or more. The last step gives up beyond a fixed number of states; then bound < cost remains.
// For W > 10 boundaries are taken from 1025 candidates: the borders of dyadic intervals, always
// splitting the one with the most offset bits in it; both results are then exact among tables on
// these. best() needs max_rows <= 16; above, it returns quantised().
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "transom/base/log2.hpp"
#include "transom/base/spec.hpp"
#include "transom/table/quantise.hpp"
#include "transom/table/range_graph.hpp"

namespace transom {

/// ceil(log2(size)), size >= 1 (throws).
constexpr unsigned offset_bits_of(std::uint32_t size) {
  if (size == 0) [[unlikely]]
    refuse("offset_bits_of", "size", size, "must be at least 1");
  return static_cast<unsigned>(std::bit_width(size - 1));
}

/// The rows that begin at `starts`; empty unless these ascend from 0 and stay below 2^W, W = 1..16
/// (throws).
std::vector<Row> make_rows(std::span<const value_t> starts, unsigned value_bits);
/// Where each row begins: the inverse of make_rows().
std::vector<value_t> row_starts(std::span<const Row> rows);

/// The values that row i has: up to where the next one begins, the last one up to 2^W. Throws
/// unless i < rows.size(), W = 1..16.
std::uint32_t row_size(std::span<const Row> rows, std::size_t i, unsigned value_bits);

/// Values in each row. `counts` has 2^W entries, `rows` ascend and begin below 2^W (throws).
std::vector<std::uint32_t> row_counts(std::span<const Row> rows,
                                      std::span<const std::uint32_t> counts);

/// Value -> prefix symbol; the offset is value - rows[symbol].vmin.
class PrefixMap {
 public:
  /// Throws unless 1..256 rows tile [0, 2^W), W = 1..16.
  PrefixMap(std::span<const Row> rows, unsigned value_bits);

  /// @param value < 2^W (throws)
  symbol_t operator[](value_t value) const {
    if (value >= symbols_.size()) [[unlikely]] {
      detail::refuse_range("PrefixMap", "value", value, 0, symbols_.size() - 1);
    }
    return symbols_[value];
  }
  /// All 2^W of them.
  std::span<const symbol_t> symbols() const { return symbols_; }

 private:
  std::vector<symbol_t> symbols_;  ///< 2^W entries
};

/// Rows with their frequencies.
struct RangeTable {
  std::vector<Row> rows;
  std::vector<std::uint32_t> freq;  ///< sum 2^R
  cost_t cost = 0;                  ///< offset and symbol bits of the histogram's values
  cost_t bound = 0;                 ///< no table that was searched costs less; <= cost

  bool proven() const { return cost == bound; }
};

/// Default effort of RangeSearch::best(): far above what it was seen to need (hundreds).
inline constexpr std::size_t kMaxStates = std::size_t{1} << 14;

/// The cost from which on tables are of no interest, what a row takes in the table counted.
struct TableLimit {
  cost_t per_row = 0;
  /// Given the rows of a table that is near the best.
  std::function<cost_t(const std::vector<Row>&)> of;
};

/// The best ranges of one histogram. All members throw for other k, R and counts than they name.
class RangeSearch {
 public:
  /// @param counts 2^W entries, W = 1..16, which sum to less than 2^32
  /// @param max_rows 1..kMaxAlphabet
  /// @param limit if it has one, ranges of which all tables cost the limit or more are left out
  ///              beforehand, which is many times as fast: whatever costs less is found as without
  ///              it, and where nothing does, some table or none (cost() tells)
  RangeSearch(std::span<const std::uint32_t> counts, unsigned value_bits, unsigned max_rows,
              const TableLimit& limit = {});

  static constexpr cost_t kNoTable = range_detail::kNoPath;

  unsigned max_rows() const { return max_rows_; }

  /// Ideal cost of the best table of at most k rows, k = 1..max_rows; kNoTable if all were left
  /// out, and then k is for no other member. Falls with k.
  cost_t cost(unsigned k) const;
  /// That table's rows, the fewest that reach the cost.
  std::vector<Row> rows(unsigned k) const;

  /// rows(k) with their best frequencies; with fewer rows where 2^R slots are too few for k.
  RangeTable quantised(unsigned k, unsigned R, Cover cover = Cover::kOccurring) const;

  /// The best table of at most k rows whose frequencies sum to 2^R.
  /// @param max_states what the last, exact step may keep for each number of rows
  RangeTable best(unsigned k, unsigned R, Cover cover = Cover::kOccurring,
                  std::size_t max_states = kMaxStates) const;

 private:
  range_detail::RangePath ideal_path(unsigned k) const;
  RangeTable quantised_path(const range_detail::RangePath& path, unsigned R, Cover cover) const;
  void check(unsigned k, unsigned R) const;
  /// As many of k rows as 2^R slots can have. Throws if all such tables were left out.
  unsigned rows_within(unsigned k, unsigned R) const;

  unsigned value_bits_;
  unsigned max_rows_;
  std::vector<std::uint32_t> bounds_;  ///< candidate boundaries, 0 .. 2^W
  range_detail::RangeGraph graph_;
  std::vector<cost_t> ideal_;  ///< ideal cost of each arc of graph_
  range_detail::RangeCosts to_end_;
  range_detail::RangeCosts from_start_;  ///< empty when max_rows > kMaxApackRows, or filtered
  std::vector<cost_t> least_priced_;     ///< RangeFilter's, of each arc; none if not filtered
  cost_t price_ = 0;
};

}  // namespace transom
