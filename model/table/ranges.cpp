// ranges.cpp — rows, and the ideal ranges of a histogram by dynamic programming.
// SPDX-License-Identifier: Apache-2.0
#include "transom/table/ranges.hpp"

#include <algorithm>
#include <numeric>
#include <optional>
#include <string>

#include "transom/table/range_bounds.hpp"
#include "transom/table/range_filter.hpp"
#include "transom/table/range_joint.hpp"

namespace transom {
using namespace range_detail;
namespace {

constexpr std::size_t kWorthAFilter = 65;

/// The ranges that an optimal table may need (ranges.hpp, step 1).
class GraphBuilder {
 public:
  /// @param filter none: all
  GraphBuilder(std::span<const std::uint32_t> cum, std::span<const std::uint32_t> bounds,
               const RangeFilter* filter)
      : cum_(cum),
        bounds_(bounds),
        filter_(filter),
        last_(bounds.size() - 1),
        next_full_(last_, last_) {
    for (std::size_t a = last_; a-- > 0;) {
      if (is_full(a)) {
        next_full_[a] = a;
      } else if (a + 1 < last_) {
        next_full_[a] = next_full_[a + 1];
      }
    }
  }

  RangeGraph build() {
    for (std::size_t a = 0; a < last_; ++a) {
      graph_.first.push_back(static_cast<std::uint32_t>(graph_.arcs.size()));
      if (filter_ != nullptr && !filter_->keeps(a)) continue;
      if (!is_full(a) && (a == 0 || is_full(a - 1))) add(a, next_full_[a]);
      for (std::size_t b = next_full_[a] + 1; b <= last_; ++b) {
        add(a, b);
        if (b == last_ || is_full(b)) continue;
        add_ends_in_gap(a, b);
        b = next_full_[b];  // and on behind the first full cell
      }
    }
    graph_.first.insert(graph_.first.end(), 2, static_cast<std::uint32_t>(graph_.arcs.size()));
    return std::move(graph_);
  }

 private:
  /// A cell is what lies between two neighbouring boundaries; a full one has values.
  bool is_full(std::size_t cell) const { return cum_[bounds_[cell + 1]] != cum_[bounds_[cell]]; }

  void add(std::size_t a, std::size_t b) {
    if (filter_ != nullptr && !filter_->keeps(a, b)) return;
    const std::uint32_t size = bounds_[b] - bounds_[a];
    graph_.arcs.push_back({cum_[bounds_[b]] - cum_[bounds_[a]], static_cast<std::uint16_t>(a),
                           static_cast<std::uint16_t>(b),
                           static_cast<std::uint8_t>(offset_bits_of(size))});
  }

  /// Ends beyond `b`, where a gap begins: as far as each number of offset bits reaches.
  void add_ends_in_gap(std::size_t a, std::size_t b) {
    const std::size_t gap_end = next_full_[b];
    for (unsigned o = offset_bits_of(bounds_[b] - bounds_[a]); b != gap_end; ++o) {
      const std::uint32_t reach = bounds_[a] + (std::uint32_t{1} << o);
      const auto beyond =
          std::upper_bound(bounds_.begin() + static_cast<std::ptrdiff_t>(b) + 1,
                           bounds_.begin() + static_cast<std::ptrdiff_t>(gap_end) + 1, reach);
      const auto end = static_cast<std::size_t>(beyond - bounds_.begin()) - 1;
      if (end != b) add(a, end);
      b = end;
    }
  }

  std::span<const std::uint32_t> cum_;
  std::span<const std::uint32_t> bounds_;
  const RangeFilter* filter_;
  std::size_t last_;
  std::vector<std::size_t> next_full_;  ///< first full cell at or after a cell, else last_
  RangeGraph graph_;
};

/// n (offset_bits + log2(N / n)) of each arc.
std::vector<cost_t> ideal_costs(const RangeGraph& graph, std::uint32_t n_values) {
  std::vector<cost_t> costs;
  costs.reserve(graph.arcs.size());
  const std::vector<log_t>& logs = quantise_detail::slot_logs();
  const log_t log_n_values = n_values == 0 ? 0 : log2_fixed(n_values);
  for (const RangeArc& arc : graph.arcs) {
    const log_t offset = log_t{arc.offset_bits} << kLogFraction;
    const log_t log_n = arc.n < logs.size() ? logs[arc.n] : log2_fixed(arc.n);
    costs.push_back(arc.n == 0 ? 0 : cost_of(arc.n, offset + log_n_values - log_n));
  }
  return costs;
}

std::vector<Row> rows_of(const RangePath& path, std::span<const std::uint32_t> bounds,
                         unsigned value_bits) {
  std::vector<value_t> starts;
  for (const RangeArc& arc : path) starts.push_back(static_cast<value_t>(bounds[arc.from]));
  return make_rows(starts, value_bits);
}

}  // namespace

std::vector<Row> make_rows(std::span<const value_t> starts, unsigned value_bits) {
  require_range("make_rows", "value_bits", value_bits, 1, kMaxValueBits);
  std::vector<Row> rows;
  rows.reserve(starts.size());
  const std::uint32_t n_patterns = std::uint32_t{1} << value_bits;
  for (std::size_t i = 0; i < starts.size(); ++i) {
    const std::uint32_t next = i + 1 < starts.size() ? starts[i + 1] : n_patterns;
    if (next <= starts[i] || starts[0] != 0) return {};
    rows.push_back({starts[i], static_cast<std::uint8_t>(offset_bits_of(next - starts[i]))});
  }
  return rows;
}

std::vector<value_t> row_starts(std::span<const Row> rows) {
  std::vector<value_t> starts(rows.size());
  std::transform(rows.begin(), rows.end(), starts.begin(), [](const Row& r) { return r.vmin; });
  return starts;
}

std::uint32_t row_size(std::span<const Row> rows, std::size_t i, unsigned value_bits) {
  require_range("row_size", "value_bits", value_bits, 1, kMaxValueBits);
  if (i >= rows.size()) {
    refuse("row_size", "i", i, "must be below the " + std::to_string(rows.size()) + " rows");
  }
  const std::uint32_t end = i + 1 < rows.size() ? rows[i + 1].vmin : std::uint32_t{1} << value_bits;
  if (end < rows[i].vmin) {
    refuse("row_size", "vmin", rows[i].vmin, "must be at most " + std::to_string(end));
  }
  return end - rows[i].vmin;
}

std::vector<std::uint32_t> row_counts(std::span<const Row> rows,
                                      std::span<const std::uint32_t> counts) {
  std::vector<std::uint32_t> sums(rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const std::size_t end = i + 1 < rows.size() ? rows[i + 1].vmin : counts.size();
    if (rows[i].vmin > end || end > counts.size()) {
      refuse_at("row_counts", "rows", i, rows[i].vmin,
                "must begin at most at the next row, within the " + std::to_string(counts.size()) +
                    " counts");
    }
    for (std::size_t v = rows[i].vmin; v < end; ++v) sums[i] += counts[v];
  }
  return sums;
}

PrefixMap::PrefixMap(std::span<const Row> rows, unsigned value_bits) {
  require_range("PrefixMap", "number of rows", rows.size(), 1, kMaxAlphabet);
  const std::vector<Row> expected = make_rows(row_starts(rows), value_bits);
  if (!std::equal(rows.begin(), rows.end(), expected.begin(), expected.end())) {
    refuse("PrefixMap", "rows", std::to_string(rows.size()) + " rows",
           "must tile the values of " + std::to_string(value_bits) + " bits");
  }
  symbols_.resize(std::size_t{1} << value_bits);
  for (std::size_t i = 1; i < rows.size(); ++i) {
    const auto end = i + 1 < rows.size() ? symbols_.begin() + rows[i + 1].vmin : symbols_.end();
    std::fill(symbols_.begin() + rows[i].vmin, end, static_cast<symbol_t>(i));
  }
}

RangeSearch::RangeSearch(std::span<const std::uint32_t> counts, unsigned value_bits,
                         unsigned max_rows, const TableLimit& limit)
    : value_bits_(value_bits), max_rows_(max_rows) {
  require_range("RangeSearch", "value_bits", value_bits, 1, kMaxValueBits);
  require_range("RangeSearch", "number of counts", counts.size(), std::size_t{1} << value_bits,
                std::size_t{1} << value_bits);
  require_range("RangeSearch", "max_rows", max_rows, 1, kMaxAlphabet);
  const auto sum = std::accumulate(counts.begin(), counts.end(), std::uint64_t{0});
  if (sum >> 32 != 0) refuse("RangeSearch", "sum of counts", sum, "must be below 2^32");
  const std::vector<std::uint32_t> cum = cumulate(counts);
  bounds_ = candidate_bounds(cum, value_bits, kMaxBounds);
  std::optional<RangeFilter> filter;
  if (limit.of && bounds_.size() >= kWorthAFilter && sum != 0 && sum <= kMaxFiltered) {
    filter.emplace(cum, bounds_, max_rows, limit.per_row);
    std::vector<value_t> starts;
    for (const std::uint32_t node : filter->near_best()) {
      if (bounds_[node] != counts.size()) starts.push_back(static_cast<value_t>(bounds_[node]));
    }
    filter->set_limit(limit.of(make_rows(starts, value_bits)));
  }
  graph_ = GraphBuilder(cum, bounds_, filter ? &*filter : nullptr).build();
  ideal_ = ideal_costs(graph_, cum.back());
  costs_to_end(graph_, ideal_, max_rows, to_end_);
  if (max_rows > kMaxApackRows) return;
  if (!filter) {
    costs_from_start(graph_, ideal_, max_rows, from_start_);
    return;
  }
  price_ = filter->price();
  least_priced_.reserve(graph_.arcs.size());
  for (const RangeArc& arc : graph_.arcs) {
    least_priced_.push_back(filter->least_priced(arc.from, arc.to));
  }
}

void RangeSearch::check(unsigned k, unsigned R) const {
  require_range("RangeSearch", "number of rows", k, 1, max_rows_);
  require_range("RangeSearch", "table log", R, 0, kMaxTableLog);
}

unsigned RangeSearch::rows_within(unsigned k, unsigned R) const {
  check(k, R);
  const unsigned rows = R < 8 ? std::min(k, 1u << R) : k;  // kMaxAlphabet = 2^8
  if (to_end_[0][rows] == kNoTable) {
    refuse("RangeSearch", "number of rows", rows, "all its tables cost the limit or more");
  }
  return rows;
}

cost_t RangeSearch::cost(unsigned k) const {
  check(k, 0);
  return to_end_[0][k];
}

std::vector<Row> RangeSearch::rows(unsigned k) const {
  return rows_of(ideal_path(rows_within(k, kMaxTableLog)), bounds_, value_bits_);
}

RangeTable RangeSearch::quantised(unsigned k, unsigned R, Cover cover) const {
  RangeTable table = quantised_path(ideal_path(rows_within(k, R)), R, cover);
  table.bound = std::min(table.cost, to_end_[0][k]);
  return table;
}

RangePath RangeSearch::ideal_path(unsigned k) const {
  return path_of(graph_, best_arcs(graph_, ideal_, to_end_, k));
}

RangeTable RangeSearch::quantised_path(const RangePath& path, unsigned R, Cover cover) const {
  RangeTable table{rows_of(path, bounds_, value_bits_), quantise(path_counts(path), R, cover), 0,
                   0};
  table.cost = path_cost(path, table.freq, R);
  return table;
}

RangeTable RangeSearch::best(unsigned k, unsigned R, Cover cover, std::size_t max_states) const {
  static_cast<void>(rows_within(k, R));
  if (max_rows_ > kMaxApackRows) return quantised(k, R, cover);
  const JointResult joint = search_joint(
      {graph_, ideal_, to_end_, from_start_, least_priced_, price_}, k, R, cover, max_states);
  RangeTable table = quantised_path(joint.path, R, cover);
  table.bound = joint.bound;
  return table;
}

}  // namespace transom
