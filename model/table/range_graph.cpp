// range_graph.cpp — the sweeps over the arcs: all numbers of rows of an arc side by side.
// SPDX-License-Identifier: Apache-2.0
#include "transom/table/range_graph.hpp"

#include "transom/base/isa.hpp"

namespace transom::range_detail {
namespace {

struct Sweep {
  const RangeGraph& graph;
  const cost_t* weight;
  unsigned max_rows;
  RangeCosts& out;

  [[gnu::always_inline]] inline void to_end() const {
    for (std::size_t a = graph.last_node(); a-- > 0;) {
      cost_t* const here = out[a] + 1;
      for (std::uint32_t i = graph.first[a]; i < graph.first[a + 1]; ++i) {
        take_less(here, out[graph.arcs[i].to], weight[i], max_rows);
      }
    }
  }
  [[gnu::always_inline]] inline void from_start() const {
    for (std::size_t a = 0; a < graph.last_node(); ++a) {
      const cost_t* const here = out[a];
      for (std::uint32_t i = graph.first[a]; i < graph.first[a + 1]; ++i) {
        take_less(out[graph.arcs[i].to] + 1, here, weight[i], max_rows - 1);  // one row further
      }
    }
  }

 private:
  [[gnu::always_inline]] static inline void take_less(cost_t* __restrict to,
                                                      const cost_t* __restrict from, cost_t w,
                                                      unsigned n) {
    for (unsigned i = 0; i < n; ++i) to[i] = std::min(to[i], w + from[i]);
  }
};

#ifdef TRANSOM_HAS_X86
[[gnu::target("avx2")]] void to_end_avx2(const Sweep& sweep) { sweep.to_end(); }
[[gnu::target("avx2")]] void from_start_avx2(const Sweep& sweep) { sweep.from_start(); }
#endif

}  // namespace

void costs_to_end(const RangeGraph& graph, std::span<const cost_t> weight, unsigned max_rows,
                  RangeCosts& out) {
  const std::size_t last = graph.last_node();
  out.reset(last + 1, max_rows);
  std::fill_n(out[last], max_rows + 1, cost_t{0});
  const Sweep sweep{graph, weight.data(), max_rows, out};
#ifdef TRANSOM_HAS_X86
  if (isa() >= Isa::kAvx2) return to_end_avx2(sweep);
#endif
  sweep.to_end();
}

void costs_from_start(const RangeGraph& graph, std::span<const cost_t> weight, unsigned max_rows,
                      RangeCosts& out) {
  out.reset(graph.last_node() + 1, max_rows);
  out[0][0] = 0;
  const Sweep sweep{graph, weight.data(), max_rows, out};
#ifdef TRANSOM_HAS_X86
  if (isa() >= Isa::kAvx2) return from_start_avx2(sweep);
#endif
  sweep.from_start();
}

}  // namespace transom::range_detail
