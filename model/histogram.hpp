// histogram.hpp — values to counts, and symbols to counts of pairs.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

#include "lane.hpp"
#include "spec.hpp"
#include "tans_pair.hpp"

namespace transom {

/// counts[v] for v = 0 .. 2^W - 1; they sum to the number of values.
/// Throws std::invalid_argument for a value of more than `value_bits` bits, or 2^32 values.
inline std::vector<std::uint32_t> histogram(std::span<const value_t> values, unsigned value_bits) {
  if (value_bits == 0 || value_bits > kMaxValueBits) {
    throw std::invalid_argument("values of " + std::to_string(value_bits) + " bits");
  }
  if (values.size() > std::numeric_limits<std::uint32_t>::max()) {
    throw std::invalid_argument(std::to_string(values.size()) + " values: 2^32 or more");
  }
  std::vector<std::uint32_t> counts(std::size_t{1} << value_bits);
  for (const value_t value : values) {
    if (value >= counts.size()) {
      throw std::invalid_argument("value " + std::to_string(value) + " has more than " +
                                  std::to_string(value_bits) + " bits");
    }
    ++counts[value];
  }
  return counts;
}

/// Pairs as tans_pair.hpp forms them in each lane: counts[first * n_symbols + second]. An odd last
/// symbol counts with what follows it most often (nothing does: symbol 0).
/// @param symbol_of tensor index -> symbol below n_symbols
template <class SymbolOf>
std::vector<std::uint32_t> pair_histogram(const Lanes& lanes, std::size_t n_symbols,
                                          SymbolOf symbol_of) {
  std::vector<std::uint32_t> counts(n_symbols * n_symbols);
  std::vector<symbol_t> odd;
  for (std::uint32_t lane = 0; lane < lanes.n_lanes; ++lane) {
    std::size_t first = n_symbols;  // none
    lanes.for_each(lane, [&](std::uint32_t i) {
      const symbol_t s = symbol_of(i);
      if (first == n_symbols) {
        first = s;
      } else {
        ++counts[first * n_symbols + s];
        first = n_symbols;
      }
    });
    if (first != n_symbols) odd.push_back(static_cast<symbol_t>(first));
  }
  for (const symbol_t first : odd) {
    ++counts[first * n_symbols + completion(counts, n_symbols, first).value_or(0)];
  }
  return counts;
}

}  // namespace transom
