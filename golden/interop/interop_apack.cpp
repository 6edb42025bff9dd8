// interop_apack.cpp — checks of apack_tables.json: the released search, and optimal tables.
//
// Costs are compared, not boundaries, where several tables are optimal: the vectors' are binary64,
// ours in units of 2^-24 bit, so they agree within kRelative and kBits.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <numeric>

#include "transom/foreign/apack_table.hpp"
#include "transom/foreign/released_search.hpp"
#include "transom/golden/interop/interop.hpp"
#include "transom/table/ranges.hpp"

namespace transom::golden {
namespace {

namespace apack = foreign::apack;

constexpr double kRelative = 1e-9;
constexpr double kBits = 1e-5;

double bits_of(cost_t cost) {
  return std::ldexp(static_cast<double>(cost), -static_cast<int>(kCostFraction));
}

double number(const json& object, std::string_view name) {
  const json& value = member(object, name);
  if (!value.is_number()) throw DataError("field '" + std::string(name) + "' is not a number");
  return value.get<double>();
}

std::string check_cost(std::string_view what, double want, cost_t got) {
  if (std::abs(want - bits_of(got)) <= kBits + kRelative * std::abs(want)) return {};
  return std::string(what) + ": want " + json(want).dump() + " bits, got " +
         json(bits_of(got)).dump();
}

/// Rows between boundaries, empty ones too.
struct Partition {
  std::vector<std::uint32_t> n;  ///< values by row
  std::vector<unsigned> offset_bits;
};
Partition partition(std::span<const std::uint32_t> bounds, std::span<const std::uint32_t> counts) {
  if (bounds.size() < 2 || bounds.front() != 0 || bounds.back() != counts.size() ||
      !std::is_sorted(bounds.begin(), bounds.end())) {
    throw DataError("field 'bounds' or 'vmin': does not tile the values");
  }
  Partition rows;
  for (std::size_t i = 0; i + 1 < bounds.size(); ++i) {
    const auto values = counts.subspan(bounds[i], bounds[i + 1] - bounds[i]);
    rows.n.push_back(std::accumulate(values.begin(), values.end(), 0u));
    rows.offset_bits.push_back(
        values.empty() ? 0 : offset_bits_of(static_cast<std::uint32_t>(values.size())));
  }
  return rows;
}

cost_t offset_cost(const Partition& rows) {
  cost_t cost = 0;
  for (std::size_t i = 0; i < rows.n.size(); ++i) {
    cost += cost_of_bits(std::uint64_t{rows.n[i]} * rows.offset_bits[i]);
  }
  return cost;
}

/// What an ideal coder spends on symbols of these counts.
cost_t entropy_cost(std::span<const std::uint32_t> n) {
  const auto sum = std::accumulate(n.begin(), n.end(), std::uint64_t{0});
  cost_t cost = 0;
  for (const std::uint32_t one : n) {
    if (one != 0) cost += cost_of(one, log2_fixed(sum) - log2_fixed(one));
  }
  return cost;
}

/// 'entropy_cost', and 'counts' and 'counts_cost' as the best frequencies of sum 1024.
std::string check_costs(const json& table, const Partition& rows) {
  const cost_t offsets = offset_cost(rows);
  std::string wrong =
      check_cost("entropy_cost", number(table, "entropy_cost"), offsets + entropy_cost(rows.n));
  if (!wrong.empty()) return wrong;
  const auto freq = quantise(rows.n, kArithTableLog);
  wrong = check_cost("counts_cost", number(table, "counts_cost"),
                     offsets + coded_cost(rows.n, freq, kArithTableLog));
  if (!wrong.empty()) return wrong;
  return difference("counts", integers<std::uint32_t>(table, "counts"), freq);
}

std::string check_column(const json& table, std::string_view name,
                         std::span<const apack::TableRow> rows,
                         std::uint32_t (*column)(const apack::TableRow&)) {
  std::vector<std::uint32_t> got(rows.size());
  std::transform(rows.begin(), rows.end(), got.begin(), column);
  return difference(name, integers<std::uint32_t>(table, name), got);
}

/// The scores as the released program prints them, with six decimals.
std::string check_scores(const json& table, std::span<const float> scores) {
  const json& want = list(table, "scores");
  for (std::size_t i = 0; i < std::min(want.size(), scores.size()); ++i) {
    char printed[64];
    std::snprintf(printed, sizeof printed, "%.6f", static_cast<double>(scores[i]));
    if (want[i].is_number() && std::stod(printed) == want[i].get<double>()) continue;
    return "scores: index " + std::to_string(i) + ", want " + want[i].dump() + ", got " + printed;
  }
  return difference_of("scores", want.size(), scores.size());
}

/// The table as a .apack file and back.
std::string check_file(std::span<const apack::TableRow> rows, unsigned value_bits) {
  const apack::Parsed parsed = apack::parse_table(apack::write_table(rows), value_bits);
  if (!parsed.error.empty()) return ".apack: " + parsed.error;
  return std::equal(rows.begin(), rows.end(), parsed.rows.begin(), parsed.rows.end())
             ? std::string()
             : ".apack: the table read is not the one written";
}

std::string check_released(const json& one, const std::vector<std::uint32_t>& counts,
                           unsigned value_bits) {
  const apack::ReleasedResult got = apack::released_search(counts, value_bits);
  const bool hangs = has(one, "released_hangs") && flag(one, "released_hangs");
  std::string wrong = difference_of("released_hangs", hangs, !got.returns);
  if (wrong.empty()) wrong = check_file(got.rows, value_bits);
  if (hangs || !wrong.empty()) return wrong;
  const json& want = member(one, "released");
  using Row = apack::TableRow;
  wrong = check_column(want, "vmin", got.rows, [](const Row& r) { return r.vmin; });
  if (wrong.empty()) {
    wrong = check_column(want, "off", got.rows, [](const Row& r) { return std::uint32_t{r.off}; });
  }
  if (wrong.empty()) {
    wrong = check_column(want, "abits", got.rows, [](const Row& r) { return r.abits; });
  }
  if (wrong.empty()) {
    wrong = check_column(want, "obits", got.rows, [](const Row& r) { return r.obits; });
  }
  if (wrong.empty()) {
    wrong = check_column(want, "vcnt", got.rows, [](const Row& r) { return r.vcnt; });
  }
  if (wrong.empty()) wrong = check_scores(want, got.scores);
  if (!wrong.empty()) return wrong;
  auto bounds = integers<std::uint32_t>(want, "vmin");
  bounds.push_back(1u << value_bits);
  return check_costs(want, partition(bounds, counts));
}

std::string check_optimum(const json& one, const std::vector<std::uint32_t>& counts,
                          const RangeSearch& search) {
  const json& want = member(one, "optimum");
  const std::string wrong =
      check_cost("optimum", number(want, "entropy_cost"), search.cost(kMaxApackRows));
  if (!wrong.empty()) return wrong;
  return check_costs(want, partition(integers<std::uint32_t>(want, "bounds"), counts));
}

/// Ours is no worse, and the same where neither can be improved.
std::string check_joint(const json& one, const std::vector<std::uint32_t>& counts,
                        const RangeSearch& search) {
  if (!has(one, "joint")) return {};
  const json& want = member(one, "joint");
  const Partition rows = partition(integers<std::uint32_t>(want, "bounds"), counts);
  const auto freq = integers<std::uint32_t>(want, "counts");
  const double cost = number(want, "counts_cost");
  const std::string wrong = check_cost(
      "joint of the vector", cost, offset_cost(rows) + coded_cost(rows.n, freq, kArithTableLog));
  if (!wrong.empty()) return wrong;
  const RangeTable best = search.best(kMaxApackRows, kArithTableLog);
  const bool theirs_is_optimal = !flag(want, "window_touched");
  if (bits_of(best.cost) < cost && !theirs_is_optimal) return {};
  return check_cost("joint", cost, best.cost);
}

std::string check_tables(const json&, const json& one) {
  const auto value_bits = integer<unsigned>(one, "value_bits");
  const auto counts = integers<std::uint32_t>(one, "hist");
  if (value_bits > 16 || counts.size() != std::size_t{1} << value_bits) {
    throw DataError("field 'hist': not 2^value_bits counts");
  }
  std::string wrong = check_released(one, counts, value_bits);
  if (!wrong.empty()) return wrong;
  wrong =
      check_cost("order0_entropy_bits", number(one, "order0_entropy_bits"), entropy_cost(counts));
  if (!wrong.empty()) return wrong;
  const RangeSearch search(counts, value_bits, kMaxApackRows);
  wrong = check_optimum(one, counts, search);
  return wrong.empty() ? check_joint(one, counts, search) : wrong;
}

constexpr InteropCheck kApackChecks[] = {
    {"apack_tables", "cases", check_tables},
};

}  // namespace

std::span<const InteropCheck> interop_apack() { return kApackChecks; }

}  // namespace transom::golden
