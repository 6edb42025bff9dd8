// range_bounds.hpp — the values at which a table's ranges may begin.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace transom::range_detail {

inline constexpr std::size_t kMaxBounds = 1025;  ///< every boundary of 10-bit values

/// cum[v]: values below v, v = 0 .. 2^W.
std::vector<std::uint32_t> cumulate(std::span<const std::uint32_t> counts);

/// Every boundary if there are at most `max_bounds`, else the borders of dyadic intervals,
/// splitting the one whose values have the most offset bits until there are as many or nothing is
/// left to split. @param cum not looked at where it is every boundary
std::vector<std::uint32_t> candidate_bounds(std::span<const std::uint32_t> cum, unsigned value_bits,
                                            std::size_t max_bounds);

}  // namespace transom::range_detail
