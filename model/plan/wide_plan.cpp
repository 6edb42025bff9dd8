// wide_plan.cpp — candidates for the wide unit, decided by their records.
// SPDX-License-Identifier: Apache-2.0
#include "transom/plan/wide_plan.hpp"

#include <algorithm>
#include <utility>

#include "transom/container/interleave.hpp"
#include "transom/plan/plan.hpp"

namespace transom {
namespace {

// Clocks of the front for a record beside those of its table, and of the core from the front's last
// to its first round beside those of the router (rtl/WIDE.md).
constexpr std::uint64_t kRawClocks = 2;
constexpr std::uint64_t kCodedClocks = 11;

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
    clocks = kCodedClocks + (h.plain ? 0 : h.room() / 4) + 4 * blocks + rounds;
  }
  const std::uint64_t bus = record.size() * 4'000'000 / options.bytes_per_1000;
  return {std::max(1000 * clocks, bus), bus, record.size()};
}

CodedTensor encode_wide(const Tensor& tensor, const WidePlanOptions& options) {
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
  if (tensor.values.empty()) return best;
  const CodedTensor planned = encode_best(tensor, {.coding = Coding::kApackNrans,
                                                   .table_log = options.table_log,
                                                   .rows = options.rows,
                                                   .n_streams = options.n_lanes});
  if (planned.code.coding == Coding::kRaw) return best;
  // The more values, the less fewer streams save: from some number on it is nothing that shows.
  constexpr std::uint64_t kValuesPerStream = 1024;
  for (std::uint32_t n = options.n_lanes;; n /= 2) {
    consider(encode(tensor, planned.code, n, 1));
    if (n == 1 || tensor.values.size() / n > kValuesPerStream) break;
  }
  return best;
}

}  // namespace transom
