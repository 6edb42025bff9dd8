// naive_ranges.hpp — tables of ranges enumerated and priced the obvious way, for the tests.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cmath>
#include <cstdint>
#include <vector>

#include "random.hpp"
#include "transom/base/log2.hpp"

namespace naive {

using Counts = std::vector<std::uint32_t>;
using Bounds = std::vector<std::uint32_t>;  ///< 0, ..., 2^W: one more than rows

using transom::support::Random;

inline double bits(transom::cost_t cost) {
  return std::ldexp(static_cast<double>(cost), -static_cast<int>(transom::kCostFraction));
}

inline unsigned offset_bits(std::uint32_t size) {
  unsigned bits = 0;
  while ((1u << bits) < size) ++bits;
  return bits;
}

inline std::uint32_t sum(const Counts& counts, std::uint32_t begin, std::uint32_t end) {
  std::uint32_t n = 0;
  for (std::uint32_t v = begin; v < end; ++v) n += counts[v];
  return n;
}

/// Bits that an ideal coder spends on the table.
inline double ideal_bits(const Counts& counts, const Bounds& bounds) {
  const auto N = sum(counts, 0, static_cast<std::uint32_t>(counts.size()));
  double total = 0;
  for (std::size_t i = 0; i + 1 < bounds.size(); ++i) {
    const double n = sum(counts, bounds[i], bounds[i + 1]);
    if (n != 0) total += n * (offset_bits(bounds[i + 1] - bounds[i]) + std::log2(N / n));
  }
  return total;
}

/// Calls visit(bounds) for every table of exactly `n_rows` non-empty ranges.
template <class Visit>
void each_table(std::uint32_t n_patterns, std::size_t n_rows, Bounds& bounds, const Visit& visit) {
  if (bounds.size() == n_rows) {
    bounds.push_back(n_patterns);
    visit(bounds);
    bounds.pop_back();
    return;
  }
  for (std::uint32_t b = bounds.back() + 1; b + n_rows - bounds.size() <= n_patterns; ++b) {
    bounds.push_back(b);
    each_table(n_patterns, n_rows, bounds, visit);
    bounds.pop_back();
  }
}
template <class Visit>
void each_table(std::uint32_t n_patterns, std::size_t n_rows, const Visit& visit) {
  Bounds bounds{0};
  each_table(n_patterns, n_rows, bounds, visit);
}

/// Histograms of many shapes: dense, with gaps, a few heavy values, all alike.
inline Counts random_histogram(std::size_t n_patterns, Random& random) {
  Counts counts(n_patterns);
  const std::uint32_t shape = random() % 5;
  const std::uint32_t heavy = random() % static_cast<std::uint32_t>(n_patterns);
  const std::uint32_t zeros = random() % 5;  // of 5
  for (std::size_t v = 0; v < n_patterns; ++v) {
    const auto distance = static_cast<std::uint32_t>(v > heavy ? v - heavy : heavy - v);
    switch (shape) {
      case 0:
        counts[v] = random() % 20;
        break;
      case 1:
        counts[v] = 20'000u >> std::min(distance, 20u);
        break;
      case 2:
        counts[v] = v % 3 == 0 ? 50 : 1;
        break;
      case 3:
        counts[v] = 7;
        break;
      default:
        counts[v] = random() >> 8 >> (random() % 24);
        break;
    }
    if (random() % 5 < zeros) counts[v] = 0;
  }
  counts[heavy] += 3;
  return counts;
}

}  // namespace naive
