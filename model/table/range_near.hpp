// range_near.hpp — the rows of a table that is near the best, in a fraction of the time of
// RangeSearch.
//
// A price per row takes the place of the number of rows (range_filter.hpp), over 257 boundaries at
// most. Where there are more, each boundary then goes to the best place between its neighbours: a
// place between two rows at which neither has all the values that its offset bits can tell apart is
// no better than one at which one of them has. (Along it offset bits stay, and n log2(N / n) is
// concave in where the values go.)
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "transom/base/log2.hpp"
#include "transom/base/spec.hpp"

namespace transom::range_detail {

/// At most max_rows rows, with which an ideal coder, and `per_row` for each row, cost little.
/// @param cum cumulate() of 2^W counts, 1 .. kMaxFiltered in all; W = 1..16
std::vector<Row> near_best_rows(std::span<const std::uint32_t> cum, unsigned value_bits,
                                unsigned max_rows, cost_t per_row);

}  // namespace transom::range_detail
