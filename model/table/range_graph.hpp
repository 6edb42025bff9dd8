// range_graph.hpp — tables of ranges as paths: nodes are boundaries, arcs are ranges.
//
// A table of k rows is a path of k arcs from node 0 to the last node. Costs of arcs add up, so the
// least cost of every part of a path, by number of rows, takes one sweep over the arcs.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "transom/base/log2.hpp"
#include "transom/table/quantise.hpp"

namespace transom::range_detail {

/// A range between two candidate boundaries, with the values in it.
struct RangeArc {
  std::uint32_t n;  ///< values
  std::uint16_t from;
  std::uint16_t to;
  std::uint8_t offset_bits;
};

/// Arcs in order of the node they leave; an arc leads to a later node.
struct RangeGraph {
  std::vector<RangeArc> arcs;
  std::vector<std::uint32_t>
      first;  ///< arcs of node a: first[a] .. first[a + 1] - 1; none of the last

  std::size_t last_node() const { return first.size() - 2; }
};

/// The ranges of a table, first to last.
using RangePath = std::vector<RangeArc>;

/// No path: above what a table costs (one row: W bits a value, < 2^60) with a price for its slots
/// (<= 2^60); twice this and a range's cost (< 2^61) still fit.
inline constexpr cost_t kNoPath = cost_t{1} << 61;

/// A cost for each node and number of rows.
class RangeCosts {
 public:
  void reset(std::size_t n_nodes, unsigned max_rows) {
    stride_ = max_rows + 1;
    costs_.assign(n_nodes * stride_, kNoPath);
  }
  cost_t* operator[](std::size_t node) { return costs_.data() + node * stride_; }
  const cost_t* operator[](std::size_t node) const { return costs_.data() + node * stride_; }

 private:
  std::vector<cost_t> costs_;
  std::size_t stride_ = 0;
};

/// out[a][r]: least cost from node a to the last in at most r rows.
void costs_to_end(const RangeGraph& graph, std::span<const cost_t> weight, unsigned max_rows,
                  RangeCosts& out);

/// out[a][j]: least cost from node 0 to node a in exactly j < max_rows rows.
void costs_from_start(const RangeGraph& graph, std::span<const cost_t> weight, unsigned max_rows,
                      RangeCosts& out);

/// A path from node 0 that costs to_end[0][max_rows], with the fewest rows that do: indices of its
/// arcs. There is one.
inline std::vector<std::uint32_t> best_arcs(const RangeGraph& graph, std::span<const cost_t> weight,
                                            const RangeCosts& to_end, unsigned max_rows) {
  std::vector<std::uint32_t> arcs;
  unsigned r = max_rows;
  for (std::size_t a = 0; a != graph.last_node(); --r) {
    while (r > 1 && to_end[a][r - 1] == to_end[a][r]) --r;
    std::uint32_t i = graph.first[a];
    while (weight[i] + to_end[graph.arcs[i].to][r - 1] != to_end[a][r]) ++i;
    arcs.push_back(i);
    a = graph.arcs[i].to;
  }
  return arcs;
}

/// The ranges of a path that is given by its arcs' numbers.
inline RangePath path_of(const RangeGraph& graph, std::span<const std::uint32_t> arcs) {
  RangePath path(arcs.size());
  std::transform(arcs.begin(), arcs.end(), path.begin(),
                 [&](std::uint32_t i) { return graph.arcs[i]; });
  return path;
}

/// Values in each range of a path.
inline std::vector<std::uint32_t> path_counts(const RangePath& path) {
  std::vector<std::uint32_t> counts(path.size());
  std::transform(path.begin(), path.end(), counts.begin(), [](const RangeArc& a) { return a.n; });
  return counts;
}

/// Offset and symbol bits of a table.
inline cost_t path_cost(const RangePath& path, std::span<const std::uint32_t> freq, unsigned R) {
  cost_t cost = coded_cost(path_counts(path), freq, R);
  for (const RangeArc& arc : path) cost += cost_of_bits(std::uint64_t{arc.n} * arc.offset_bits);
  return cost;
}

}  // namespace transom::range_detail
