// range_joint.hpp — boundaries and frequencies of a table of ranges, chosen together.
//
// How, and what it proves: ranges.hpp, step 2.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>

#include "transom/base/log2.hpp"
#include "transom/table/quantise.hpp"
#include "transom/table/range_graph.hpp"

namespace transom::range_detail {

/// A graph with ideal costs (those of an ideal coder) of its arcs and of parts of paths.
struct JointProblem {
  const RangeGraph& graph;
  std::span<const cost_t> ideal;
  const RangeCosts& to_end;
  const RangeCosts& from_start;  ///< not looked at where there is what follows
  /// No path of r arcs through each costs less without r times the price; none if not known.
  std::span<const cost_t> least_priced;
  cost_t price;
};

/// The path found, and the proof of how good it is.
struct JointResult {
  RangePath path;
  cost_t cost;   ///< cost with quantise()'s frequencies
  cost_t bound;  ///< no path costs less; cost itself when none is cheaper by 2^-15 bit or more
};

/// The cheapest path of at most k arcs with frequencies that sum to 2^R.
/// @param k 1 .. the number of rows that `problem` was computed for
/// @param max_states the last, exact step gives up when a row number has more; 0 leaves it out
JointResult search_joint(const JointProblem& problem, unsigned k, unsigned R, Cover cover,
                         std::size_t max_states);

}  // namespace transom::range_detail
