// released_search.hpp — the table search that was published with Atalanta, from its description.
//
// github.com/moshovos/Atalanta (commit ab56d8b); A. Delmas Lascorz et al., "Atalanta: A Bit is
// Worth a 'Thousand' Tensor Values", ASPLOS 2024. Nothing is taken from its code but what it does.
// It begins with 16 equal rows. A pass moves each inner boundary in turn down to the one before and
// up to the one behind, and remembers the cheapest table; boundaries stay where they were moved,
// not where they were. Passes go on while they gain more than 1 %. The cost is that of
// apack_table.hpp: rows of few values are free, so what it finds is not what codes best. The exact
// search is RangeSearch of ranges.hpp.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "transom/foreign/apack_table.hpp"

namespace transom::foreign::apack {

inline constexpr unsigned kMinSearchBits = 4;  ///< 16 equal rows of at least one value

struct ReleasedResult {
  std::vector<TableRow> rows;  ///< 16; some may be empty
  std::vector<float> scores;   ///< before and after each pass
  /// False where the released program runs for ever: at a cost of 0 it compares 0 / 0 with 0.99.
  /// The rows are those that it has by then.
  bool returns = true;
};

/// Throws as cumulate() does, and for values of fewer than kMinSearchBits bits.
ReleasedResult released_search(std::span<const std::uint32_t> counts, unsigned value_bits);

}  // namespace transom::foreign::apack
