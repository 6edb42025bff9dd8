// range_filter.hpp — which ranges a cheap table can have, before any of them is priced exactly.
//
// A range between two boundaries costs an ideal coder n (offset_bits + log2(N / n)), n of the N
// values in it (ranges.hpp). Here that is rounded down, to 32 bits, for all pairs of boundaries at
// once, and a price per row takes the place of the number of rows: for any price,
//   sum of (range + price) - price max_rows  <=  cost of a table of at most max_rows rows,
// and the least sum from the first boundary to each, and from each to the last, take a look at each
// pair. So a range has a lower bound on every table that it is in. The price of the highest bounds
// is where max_rows rows are worth it; secants of the hull of cost over rows find it.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "transom/base/log2.hpp"

namespace transom::range_detail {

/// More values than this are not filtered: their costs would lose their fractions.
inline constexpr std::uint32_t kMaxFiltered = 1u << 23;

class RangeFilter {
 public:
  /// @param cum     cum[v]: values below v; 1 .. kMaxFiltered in all
  /// @param bounds  candidate boundaries, 0 .. 2^W
  /// @param per_row what a row costs beside its values
  RangeFilter(std::span<const std::uint32_t> cum, std::span<const std::uint32_t> bounds,
              unsigned max_rows, cost_t per_row);

  /// Indices of the boundaries of a table of at most max_rows rows that is near the best.
  const std::vector<std::uint32_t>& near_best() const { return near_best_; }

  /// What keeps() compares with from now on: costs of tables, their rows counted.
  void set_limit(cost_t limit);
  /// Whether a table with a boundary there can cost less than the limit.
  bool keeps(std::size_t a) const { return from_start_[a] + to_end_[a] < limit_; }
  /// Whether a table with a range between boundaries a < b can.
  bool keeps(std::size_t a, std::size_t b) const { return least_through(a, b) < limit_; }
  /// No table of r rows with a range between a < b costs less than this without r times price().
  cost_t least_priced(std::size_t a, std::size_t b) const {
    return cost_t{least_through(a, b)} << (kCostFraction - fraction_);
  }
  cost_t price() const { return cost_t{price_} << (kCostFraction - fraction_); }

 private:
  struct Path {
    std::vector<std::uint32_t> nodes;  ///< the last first
    std::int64_t cost;                 ///< without prices
    std::int64_t n_rows() const { return static_cast<std::int64_t>(nodes.size()) - 1; }
  };
  void price_rows(std::span<const std::uint32_t> cum, std::span<const std::uint32_t> bounds);
  std::int32_t pair(std::size_t a, std::size_t b) const { return pairs_[a][b - a - 1]; }
  std::int32_t least_through(std::size_t a, std::size_t b) const {
    return from_start_[a] + pair(a, b) + price_ + to_end_[b];
  }
  void look_from_start();
  void look_to_end();
  Path best_path() const;
  Path with_rows_merged(Path path) const;

  std::size_t last_;  ///< boundary
  unsigned max_rows_;
  unsigned fraction_ = 0;  ///< bits below the point of what follows
  std::unique_ptr<std::int32_t[]> rows_;
  std::vector<std::int32_t*> pairs_;  ///< by a, from b = a + 1 on
  std::int32_t per_row_;
  std::int32_t price_;
  std::int32_t best_price_ = 0;  ///< that of the highest bounds
  std::vector<std::int32_t> from_start_;
  std::vector<std::int32_t> to_end_;
  std::int32_t limit_ = 0;
  std::vector<std::uint32_t> near_best_;
};

}  // namespace transom::range_detail
