// range_joint.cpp — Lagrangian bound, striking out, and an exact search of what is left.
// SPDX-License-Identifier: Apache-2.0
#include "transom/table/range_joint.hpp"

#include <algorithm>
#include <optional>
#include <tuple>
#include <utility>
#include <vector>

namespace transom::range_detail {
namespace {

constexpr cost_t kSlack = cost_t{1} << (kCostFraction - 17);  // 2^-17 bit: beyond any rounding here
constexpr unsigned kMaxPrices = 16;
constexpr std::size_t kFewArcs = 256;  // not worth a sweep to strike some out

class JointSearch {
 public:
  JointSearch(const JointProblem& problem, unsigned k, unsigned R, Cover cover,
              std::size_t max_states)
      : k_(k),
        R_(R),
        n_slots_(1u << R),
        cover_(cover),
        max_states_(max_states),
        logs_(quantise_detail::slot_logs().data()) {
    const auto ideal_path = [&](unsigned rows) {
      return path_of(problem.graph, best_arcs(problem.graph, problem.ideal, problem.to_end, rows));
    };
    const unsigned most = std::min(k, n_slots_);
    const RangePath longest = ideal_path(most);
    const cost_t of_longest = path_cost(longest, quantise(path_counts(longest), R, cover), R);
    for (unsigned rows = 1; rows < most; ++rows) {
      if (problem.to_end[0][rows] < of_longest + kSlack) consider(ideal_path(rows));
    }
    consider(longest);
    best_.bound = problem.to_end[0][k];
    if (problem.least_priced.empty()) {
      strike(problem.graph, problem.ideal, problem.from_start, problem.to_end, limit());
    } else {
      take_below(problem, limit() + problem.price * k);
    }
  }

  JointResult run() {
    const bool proven = prove_by_prices() || search_exactly();
    best_.bound = proven ? best_.cost : std::min(best_.bound, best_.cost);
    return best_;
  }

 private:
  /// What a path must stay below to be of interest.
  cost_t limit() const { return best_.cost - kSlack; }

  /// Takes `path` if it beats the best one.
  void consider(const RangePath& path) {
    const std::vector<std::uint32_t> counts = path_counts(path);
    const auto occurring =
        counts.size() - static_cast<std::size_t>(std::count(counts.begin(), counts.end(), 0u));
    if ((cover_ == Cover::kEvery ? counts.size() : occurring) > n_slots_) return;
    const std::vector<std::uint32_t> freq = quantise(counts, R_, cover_);
    const cost_t cost = path_cost(path, freq, R_);
    if (best_.path.empty() || cost < best_.cost) {
      best_.path = path;
      best_.cost = cost;
      best_freq_ = freq;
    }
  }

  /// graph_ has the arcs that can be part of a path below `priced`.
  void take_below(const JointProblem& problem, cost_t priced) {
    const RangeGraph& graph = problem.graph;
    for (std::size_t a = 0, i = 0; a < graph.first.size(); ++a) {
      for (; i < graph.first[a]; ++i) {
        if (problem.least_priced[i] < priced) graph_.arcs.push_back(graph.arcs[i]);
      }
      graph_.first.push_back(static_cast<std::uint32_t>(graph_.arcs.size()));
    }
  }

  /// Of `graph`'s arcs graph_ has those through which a path of at most k arcs costs less than
  /// `below`.
  void strike(const RangeGraph& graph, std::span<const cost_t> weight, const RangeCosts& from_start,
              const RangeCosts& to_end, cost_t below) {
    RangeGraph left;
    left.first.reserve(graph.first.size());
    for (std::size_t a = 0; a < graph.last_node(); ++a) {
      left.first.push_back(static_cast<std::uint32_t>(left.arcs.size()));
      const cost_t* const before = from_start[a];
      const cost_t least_before = *std::min_element(before, before + k_);
      if (least_before + to_end[a][k_] >= below) continue;
      for (std::uint32_t i = graph.first[a]; i < graph.first[a + 1]; ++i) {
        const cost_t* const after = to_end[graph.arcs[i].to];
        if (least_before + weight[i] + after[k_ - 1] >= below) continue;  // most, for a start
        cost_t least = kNoPath;
        for (unsigned j = 0; j < k_; ++j) least = std::min(least, before[j] + after[k_ - 1 - j]);
        if (least + weight[i] < below) left.arcs.push_back(graph.arcs[i]);
      }
    }
    left.first.insert(left.first.end(), 2, static_cast<std::uint32_t>(left.arcs.size()));
    graph_ = std::move(left);
  }

  /// Symbol bits of n values in a row of f slots.
  cost_t symbol_cost(std::uint32_t n, std::uint32_t f) const {
    return cost_of(n, (log_t{R_} << kLogFraction) - logs_[f]);
  }
  /// What one slot more saves, f >= 1.
  cost_t saving(std::uint32_t n, std::uint32_t f) const {
    return cost_of(n, logs_[f + 1] - logs_[f]);
  }
  /// Cost of an arc with f slots at the current price.
  cost_t priced(const RangeArc& arc, std::uint32_t f) const {
    return cost_of_bits(std::uint64_t{arc.n} * arc.offset_bits) + symbol_cost(arc.n, f) +
           price_ * f;
  }

  /// The f that costs n values the least at the current price. Slots are worth it up to
  /// n log2((f + 1) / f) = price, so f is next to n log2(e) / price.
  std::uint32_t best_slots(std::uint32_t n) const {
    constexpr std::uint64_t kLog2E = 0x171'5476;  // log2(e) as a cost_t
    const auto price = static_cast<std::uint64_t>(price_);
    std::uint32_t f = static_cast<std::uint32_t>(
        std::clamp<std::uint64_t>((n * kLog2E + price / 2) / price, 1, n_slots_));
    while (f < n_slots_ && saving(n, f) > price_) ++f;
    while (f > 1 && saving(n, f - 1) < price_) --f;
    return f;
  }

  void set_price(cost_t price) {
    price_ = price;
    slots_.resize(graph_.arcs.size());
    weight_.resize(graph_.arcs.size());
    for (std::size_t i = 0; i < graph_.arcs.size(); ++i) {
      const RangeArc& arc = graph_.arcs[i];
      if (arc.n == 0) {
        slots_[i] = cover_ == Cover::kEvery ? 1 : 0;
        weight_[i] = price * slots_[i];
      } else {
        slots_[i] = best_slots(arc.n);
        weight_[i] = priced(arc, slots_[i]);
      }
    }
    costs_to_end(graph_, weight_, k_, to_end_);
  }
  cost_t slots_value() const { return price_ * n_slots_; }
  /// Lower bound of every path that was not struck out.
  cost_t bound() const { return to_end_[0][k_] - slots_value(); }

  /// A price at which quantise() would stop for the best path: between its savings and losses.
  cost_t price_of_best() const {
    cost_t most_saved = 1;
    cost_t least_lost = kNoPath;
    for (std::size_t i = 0; i < best_freq_.size(); ++i) {
      const std::uint32_t n = best_.path[i].n;
      const std::uint32_t f = best_freq_[i];
      if (n == 0) continue;
      most_saved = std::max(most_saved, saving(n, f));
      if (f > 1) least_lost = std::min(least_lost, saving(n, f - 1));
    }
    return least_lost == kNoPath ? most_saved : std::max<cost_t>((most_saved + least_lost) / 2, 1);
  }

  /// A path at some price: its bound is the line cost + price (slots - 2^R).
  struct Line {
    cost_t price;
    cost_t cost;
    std::int64_t slots;
  };

  /// True when prices alone prove the best path. Else what is left is not proven, and best_price_
  /// is the price of the highest bound: the bound is concave in the price, its slope is
  /// slots - 2^R, and the next price is where the lines of both sides meet.
  bool prove_by_prices() {
    const cost_t max_price = (cost_t{1} << 60) / std::max(n_slots_, kMaxApackRows);
    std::optional<Line> below;
    std::optional<Line> above;
    cost_t price = std::min(price_of_best(), max_price);
    cost_t step = std::max<cost_t>(price / 64, 1);
    for (unsigned tries = 0; tries < kMaxPrices; ++tries) {
      set_price(price);
      if (bound() >= limit()) return true;
      if (bound() > best_.bound || tries == 0) best_price_ = price;
      best_.bound = std::max(best_.bound, bound());
      const Line line = best_line();
      if (bound() >= limit()) return true;  // against the path just found
      if (graph_.arcs.size() > kFewArcs) {
        costs_from_start(graph_, weight_, k_, from_start_);
        strike(graph_, weight_, from_start_, to_end_, limit() + slots_value());
      }
      (line.slots > n_slots_ ? below : above) = line;
      if (below && above) {
        price = (above->cost - below->cost) / (below->slots - above->slots);
        if (price <= below->price || price >= above->price) return false;
      } else {
        if (below ? price == max_price : price == 1) return false;
        price = std::clamp<cost_t>(below ? price + step : price - step, 1, max_price);
        step = std::min(4 * step, max_price);
      }
    }
    return false;
  }

  /// The line of the best path at the current price; the path is considered too.
  Line best_line() {
    const std::vector<std::uint32_t> arcs = best_arcs(graph_, weight_, to_end_, k_);
    std::int64_t slots = 0;
    for (const std::uint32_t i : arcs) slots += slots_[i];
    consider(path_of(graph_, arcs));
    return {price_, to_end_[0][k_] - price_ * slots, slots};
  }

  /// The start of a path: cheapest of those with the same node, rows and slots.
  struct State {
    cost_t cost;           ///< priced
    std::uint32_t slots;   ///< used
    std::uint32_t parent;  ///< index in the layer before
    std::uint32_t arc;     ///< the arc that led here
    std::uint16_t node;
  };
  using Layer = std::vector<State>;

  /// Extends `from` by arc i with every number of slots that can still lead below the limit.
  void extend(const State& from, std::uint32_t parent, std::uint32_t i, unsigned rows_left,
              Layer& out) const {
    const RangeArc& arc = graph_.arcs[i];
    const cost_t rest = to_end_[arc.to][rows_left] + from.cost;
    const cost_t below = limit() + slots_value();
    const std::uint32_t free = n_slots_ - from.slots;
    const auto add = [&](std::uint32_t f, cost_t cost) {
      if (cost + rest >= below) return false;
      const bool ends = arc.to == graph_.last_node();
      if (f <= free && (!ends || f == free)) {
        out.push_back({from.cost + cost, from.slots + f, parent, i, arc.to});
      }
      return true;
    };
    if (arc.n == 0) {
      add(slots_[i], weight_[i]);
      return;
    }
    for (std::uint32_t f = slots_[i]; f <= free && add(f, priced(arc, f)); ++f) {
    }
    for (std::uint32_t f = slots_[i] - 1; f >= 1 && add(f, priced(arc, f)); --f) {
    }
  }

  /// @return how many states that leaves
  static std::size_t keep_cheapest(Layer& layer) {
    std::sort(layer.begin(), layer.end(), [](const State& a, const State& b) {
      return std::tie(a.node, a.slots, a.cost) < std::tie(b.node, b.slots, b.cost);
    });
    const auto end = std::unique(layer.begin(), layer.end(), [](const State& a, const State& b) {
      return a.node == b.node && a.slots == b.slots;
    });
    layer.erase(end, layer.end());
    return layer.size();
  }

  /// Dynamic programme over (node, rows, slots). False if it gave up.
  bool search_exactly() {
    set_price(best_price_);
    if (bound() >= limit()) return true;
    costs_from_start(graph_, weight_, k_, from_start_);
    strike(graph_, weight_, from_start_, to_end_, limit() + slots_value());
    set_price(best_price_);
    std::vector<Layer> layers{{State{0, 0, 0, 0, 0}}};
    while (layers.size() <= k_ && !layers.back().empty()) {
      const Layer& layer = layers.back();
      const auto rows_left = static_cast<unsigned>(k_ - layers.size());
      Layer next;
      for (std::uint32_t parent = 0; parent < layer.size(); ++parent) {
        const std::size_t a = layer[parent].node;
        for (std::uint32_t i = graph_.first[a]; i < graph_.first[a + 1]; ++i) {
          extend(layer[parent], parent, i, rows_left, next);
        }
        if (next.size() > 4 * max_states_ && keep_cheapest(next) > max_states_) return false;
      }
      if (keep_cheapest(next) > max_states_) return false;
      layers.push_back(std::move(next));
      consider_ends(layers);
    }
    return true;
  }

  /// Considers the paths of the last layer that reached the last node.
  void consider_ends(const std::vector<Layer>& layers) {
    for (const State& end : layers.back()) {
      if (end.node != graph_.last_node()) continue;
      RangePath path(layers.size() - 1);
      const State* state = &end;
      for (std::size_t rows = path.size(); rows-- > 0;) {
        path[rows] = graph_.arcs[state->arc];
        state = &layers[rows][state->parent];
      }
      consider(path);
    }
  }

  unsigned k_;
  unsigned R_;
  std::uint32_t n_slots_;
  Cover cover_;
  std::size_t max_states_;
  const log_t* logs_;  ///< logs_[f] = log2(f)
  JointResult best_{};
  std::vector<std::uint32_t> best_freq_;
  RangeGraph graph_;  ///< without the arcs struck out

  cost_t price_ = 1;
  cost_t best_price_ = 1;
  std::vector<std::uint32_t> slots_;  ///< one per arc, best at price_
  std::vector<cost_t> weight_;        ///< one per arc, the price of its slots included
  RangeCosts to_end_;                 ///< costs by weight_
  RangeCosts from_start_;
};

}  // namespace

JointResult search_joint(const JointProblem& problem, unsigned k, unsigned R, Cover cover,
                         std::size_t max_states) {
  return JointSearch(problem, k, R, cover, max_states).run();
}

}  // namespace transom::range_detail
