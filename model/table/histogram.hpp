// histogram.hpp — values to counts.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <vector>

#include "transom/base/spec.hpp"
#include "transom/base/tensor_view.hpp"

namespace transom {

namespace detail {
/// Counts many bytes in four tables: one would wait, where values are alike, for what it wrote.
/// @return false, with nothing counted, where a value has no count
bool count_bytes(std::span<std::uint32_t> counts, std::span<const std::uint8_t> bytes);
}  // namespace detail

/// Counts values into counts[v], v = 0 .. 2^W - 1. Throws for a value that has none.
inline void count_into(std::span<std::uint32_t> counts, const Patterns& values) {
  constexpr std::size_t kMany = 4096;
  const auto* const bytes = std::get_if<0>(&values);
  if (bytes != nullptr && bytes->size() >= kMany && detail::count_bytes(counts, *bytes)) return;
  const auto count = [&](const auto& span) {
    for (const auto& value : span) {
      if (value >= counts.size()) [[unlikely]] {
        refuse_at(
            "histogram", "values", static_cast<std::size_t>(&value - span.data()), value,
            "must have at most " + std::to_string(std::bit_width(counts.size()) - 1) + " bits");
      }
      ++counts[value];
    }
  };
  std::visit(count, values);
}

/// counts[v] for v = 0 .. 2^W - 1; they sum to the number of values.
/// Throws for W other than 1..16, a value of more than W bits, or 2^32 values.
inline std::vector<std::uint32_t> histogram(const Patterns& values, unsigned value_bits) {
  require_range("histogram", "value_bits", value_bits, 1, kMaxValueBits);
  require_range("histogram", "number of values", n_patterns(values), 0,
                std::numeric_limits<std::uint32_t>::max());
  std::vector<std::uint32_t> counts(std::size_t{1} << value_bits);
  count_into(counts, values);
  return counts;
}

}  // namespace transom
