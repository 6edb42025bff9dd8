// histogram.hpp — values to counts.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

#include "transom/base/spec.hpp"

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

}  // namespace transom
