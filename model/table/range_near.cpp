// range_near.cpp — see range_near.hpp.
// SPDX-License-Identifier: Apache-2.0
#include "transom/table/range_near.hpp"

#include <algorithm>

#include "transom/table/quantise.hpp"
#include "transom/table/range_bounds.hpp"
#include "transom/table/range_filter.hpp"
#include "transom/table/ranges.hpp"

namespace transom::range_detail {
namespace {

constexpr std::size_t kNearBounds = 257;  // every boundary of 8-bit values
constexpr unsigned kMaxSweeps = 8;

/// Moves boundaries one by one to their best places.
class Mover {
 public:
  explicit Mover(std::span<const std::uint32_t> cum)
      : cum_(cum), logs_(quantise_detail::slot_logs()), log_n_values_(log2_fixed(cum.back())) {}

  /// @param at boundaries, the first and the last included, which stay
  void move(std::vector<std::uint32_t>& at) const {
    bool moved = true;
    for (unsigned sweep = 0; sweep < kMaxSweeps && moved; ++sweep) {
      moved = false;
      for (std::size_t i = 1; i + 1 < at.size(); ++i) {
        const std::uint32_t best = best_between(at[i - 1], at[i], at[i + 1]);
        moved = moved || best != at[i];
        at[i] = best;
      }
    }
  }

 private:
  std::uint32_t best_between(std::uint32_t low, std::uint32_t now, std::uint32_t high) const {
    std::uint32_t best = now;
    cost_t least = row_cost(low, now) + row_cost(now, high);
    const auto consider = [&](std::uint32_t at) {
      const cost_t cost = row_cost(low, at) + row_cost(at, high);
      if (cost >= least) return;
      least = cost;
      best = at;
    };
    for (std::uint32_t size = 1; size < high - low; size *= 2) {
      consider(low + size);
      consider(high - size);
    }
    return best;
  }
  cost_t row_cost(std::uint32_t begin, std::uint32_t end) const {
    const std::uint32_t n = cum_[end] - cum_[begin];
    if (n == 0) return 0;
    const log_t log_n = n < logs_.size() ? logs_[n] : log2_fixed(n);
    return cost_of(n, (log_t{offset_bits_of(end - begin)} << kLogFraction) + log_n_values_ - log_n);
  }

  std::span<const std::uint32_t> cum_;
  std::span<const log_t> logs_;
  log_t log_n_values_;
};

}  // namespace

std::vector<Row> near_best_rows(std::span<const std::uint32_t> cum, unsigned value_bits,
                                unsigned max_rows, cost_t per_row) {
  const std::vector<std::uint32_t> bounds = candidate_bounds(cum, value_bits, kNearBounds);
  const RangeFilter filter(cum, bounds, max_rows, per_row);
  std::vector<std::uint32_t> at(filter.near_best());
  for (std::uint32_t& bound : at) bound = bounds[bound];
  if (cum.size() > kNearBounds) Mover(cum).move(at);
  at.pop_back();
  std::vector<value_t> starts(at.begin(), at.end());
  return make_rows(starts, value_bits);
}

}  // namespace transom::range_detail
