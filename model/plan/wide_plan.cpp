// wide_plan.cpp — candidates for the wide unit, decided by their records.
// SPDX-License-Identifier: Apache-2.0
#include "transom/plan/wide_plan.hpp"

#include <algorithm>
#include <utility>

#include "transom/container/interleave.hpp"
#include "transom/plan/plan.hpp"

namespace transom {
namespace {

// Clocks of the front for a record up to its counts, then to its first round beside those of its
// rows and of the router; or those in which a table is built beside those of its entries
// (rtl/WIDE.md).
constexpr std::uint64_t kRawClocks = 2;
constexpr std::uint64_t kCountClocks = 5, kFillClocks = 4, kBuildClocks = 2;

std::uint64_t build_clocks(unsigned table_log) {
  return std::max(1u, (1u << table_log) / kWideBuildEntries);
}

/// What is least first, and what decides between equals.
std::pair<std::uint64_t, std::uint64_t> in_order(const WideCost& cost, WideGoal goal) {
  if (goal == WideGoal::kBytes) return {cost.words, cost.clocks};
  return {cost.clocks + (goal == WideGoal::kBoth ? cost.bus : 0), cost.words};
}

}  // namespace

WideCost wide_cost(const CodedTensor& tensor, const WidePlanOptions& options) {
  const std::vector<std::uint32_t> record = wide_record(tensor);
  const WideHeader h = to_wide_header(std::span(record).first<kWideHeaderWords>());
  std::uint64_t clocks = 0;
  if (h.raw()) {
    const std::uint64_t a_beat = std::min(options.n_lanes, 16 * options.halves / h.raw_bits());
    clocks = kRawClocks + (h.n_values + a_beat - 1) / a_beat;
  } else {
    const unsigned blocks = (h.n_streams + options.halves - 1) / options.halves;
    const std::uint64_t rounds = (std::uint64_t{h.n_values} + h.n_streams - 1) / h.n_streams;
    const unsigned rows_a_clock = h.value_bits <= 8 ? 8 : 4;
    const std::uint64_t fill =
        kFillClocks + (h.plain ? 1 : (h.room() + rows_a_clock - 1) / rows_a_clock) + 4 * blocks;
    const std::uint64_t build = h.tans() ? kBuildClocks + build_clocks(h.table_log) : 0;
    clocks = kCountClocks + std::max(fill, build) + rounds;
  }
  const std::uint64_t bus = record.size() * 4'000'000 / options.bytes_per_1000;
  return {std::max(1000 * clocks, bus), bus, record.size()};
}

CodedTensor encode_wide(const TensorView& tensor, const WidePlanOptions& options) {
  require_range("encode_wide", "n_lanes", options.n_lanes, 1, kMaxWideLanes);
  require_range("encode_wide", "halves", options.halves, 1, UINT32_MAX);
  require_range("encode_wide", "bytes_per_1000", options.bytes_per_1000, 1, UINT32_MAX);
  CodedTensor best = encode(tensor, raw_code(tensor.dtype), 1, 1);
  const auto cost_of_one = [&](const CodedTensor& coded) {
    return in_order(wide_cost(coded, options), options.goal);
  };
  auto least = cost_of_one(best);
  const auto consider = [&](CodedTensor coded) {
    const auto cost = cost_of_one(coded);
    if (least <= cost) return;
    best = std::move(coded);
    least = cost;
  };
  if (tensor.n_values() == 0) return best;
  PlanOptions plan{.coding = options.coding,
                   .table_log = options.table_log,
                   .max_table_log = max_wide_table_log(options.coding),
                   .rows = options.rows,
                   .spread = Spread::kStep,
                   .search = Search::kExact,  // a record's words are of steps, not of streams
                   .n_streams = options.n_lanes};
  // The more values, the less fewer streams save, or clocks in which a table is built: from some
  // number on it is nothing that shows.
  constexpr std::uint64_t kValuesPerStream = 1024;
  for (;;) {
    const CodedTensor planned = encode_best(tensor, plan);
    if (planned.code.coding == Coding::kRaw) return best;
    for (std::uint32_t n = options.n_lanes;; n /= 2) {
      consider(encode(tensor, planned.code, n, 1));
      if (n == 1 || tensor.n_values() / n > kValuesPerStream) break;
    }
    const unsigned R = planned.code.table_log;
    const bool is_built = options.coding == Coding::kApackTans && build_clocks(R) > 1;
    if (!is_built || options.table_log || R > plan.max_table_log ||
        tensor.n_values() / options.n_lanes > kValuesPerStream) {
      return best;
    }
    plan.max_table_log = R - 1;
  }
}

}  // namespace transom
