// range_bounds.cpp — see range_bounds.hpp.
// SPDX-License-Identifier: Apache-2.0
#include "transom/table/range_bounds.hpp"

#include <algorithm>
#include <numeric>
#include <queue>

namespace transom::range_detail {

std::vector<std::uint32_t> cumulate(std::span<const std::uint32_t> counts) {
  std::vector<std::uint32_t> cum(counts.size() + 1);
  std::partial_sum(counts.begin(), counts.end(), cum.begin() + 1);
  return cum;
}

std::vector<std::uint32_t> candidate_bounds(std::span<const std::uint32_t> cum, unsigned value_bits,
                                            std::size_t max_bounds) {
  const std::uint32_t n_patterns = std::uint32_t{1} << value_bits;
  std::vector<std::uint32_t> bounds{0};
  if (n_patterns < max_bounds) {
    bounds.resize(n_patterns + 1);
    std::iota(bounds.begin(), bounds.end(), 0u);
    return bounds;
  }
  struct Interval {
    std::uint64_t n_offset_bits;
    std::uint32_t begin;
    unsigned log_size;
    bool operator<(const Interval& o) const {
      return n_offset_bits != o.n_offset_bits ? n_offset_bits < o.n_offset_bits : begin > o.begin;
    }
  };
  std::priority_queue<Interval> intervals;
  const auto push = [&](std::uint32_t begin, unsigned log_size) {
    const std::uint32_t n = cum[begin + (std::size_t{1} << log_size)] - cum[begin];
    intervals.push({std::uint64_t{n} * log_size, begin, log_size});
  };
  push(0, value_bits);
  while (intervals.size() + 1 < max_bounds && intervals.top().n_offset_bits != 0) {
    const Interval split = intervals.top();
    intervals.pop();
    push(split.begin, split.log_size - 1);
    push(split.begin + (std::uint32_t{1} << (split.log_size - 1)), split.log_size - 1);
  }
  for (; !intervals.empty(); intervals.pop()) bounds.push_back(intervals.top().begin);
  bounds.push_back(n_patterns);
  std::sort(bounds.begin(), bounds.end());
  bounds.erase(std::unique(bounds.begin(), bounds.end()), bounds.end());
  return bounds;
}

}  // namespace transom::range_detail
