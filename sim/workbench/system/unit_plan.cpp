// unit_plan.cpp — a unit in its memory as a user says it, and a trace coded for it.
// SPDX-License-Identifier: Apache-2.0
#include "transom/workbench/system/unit_plan.hpp"

#include <algorithm>
#include <bit>
#include <utility>

#include "transom/plan/wide_plan.hpp"
#include "transom/system/axi_rates.hpp"
#include "transom/workbench/progress.hpp"

namespace transom::workbench {
namespace {

constexpr const char* kFile = "file";
constexpr const char* kBytes = "bytes";
constexpr const char* kCycles = "cycles";

/// The bus of a unit that rtl/AXI.md measures; of any other, eight bits for each value of a beat.
unsigned default_bus_bits(const unit::UnitShape& unit) {
  constexpr system::AxiShape kMeasured[] = {{{LaneKind::kTans, 4}, 128},
                                            {{LaneKind::kTans, 16}, 128},
                                            {{LaneKind::kRans, 4}, 64},
                                            {{LaneKind::kArith, 4}, 512},
                                            {{LaneKind::kTansPair, 4}, 256}};
  for (const auto& [measured, bits] : kMeasured) {
    if (measured.kind == unit.kind && measured.n_lanes == unit.n_lanes) return bits;
  }
  return std::clamp(std::bit_ceil(unit.n_lanes * values_per_beat(unit.kind) * 8), 64u, 512u);
}

/// What a tensor costs a unit: cycles in one plan, bytes read in the other, the rest to decide
/// between equals.
class UnitCost {
 public:
  UnitCost(const system::AxiParameters& unit, const system::AxiPressure& memory, bool cycles_first)
      : unit_(unit), memory_(memory), cycles_first_(cycles_first) {}

  std::uint64_t operator()(const PlanSizes& sizes) const {
    constexpr std::uint64_t kMost = 0xffff'ffff;
    // Loads and streams share the bus, so they wait for each other.
    const std::uint64_t fed = loads(sizes) + reads(sizes);
    const std::uint64_t decoded = decode_cycles(unit_, sizes.n_values, sizes.n_streams);
    const std::uint64_t cycles = std::min(kMost, std::max(fed, decoded));
    const std::uint64_t bytes = std::min(kMost, system::mean_bytes_read(unit_, sizes));
    return cycles_first_ ? cycles << 32 | bytes : bytes << 32 | cycles;
  }
  /// Whether so many streams of the tensor are decoded before it is loaded, or read.
  bool suffice(std::uint32_t n_streams, const PlanSizes& sizes) const {
    return decode_cycles(unit_, sizes.n_values, n_streams) <= std::max(loads(sizes), reads(sizes));
  }

 private:
  std::uint64_t loads(const PlanSizes& sizes) const {
    return system::load_cycles(unit_, memory_, sizes);
  }
  std::uint64_t reads(const PlanSizes& sizes) const {
    return system::read_cycles(unit_, memory_, sizes);
  }

  const system::AxiParameters& unit_;
  const system::AxiPressure& memory_;
  bool cycles_first_;
};

/// In the number of streams that costs least: fewer than the unit has where its lanes wait anyway.
CodedTensor encode_in_spread(const Tensor& tensor, PlanOptions plan, const UnitCost& cost) {
  plan.cost = cost;
  CodedTensor best = encode_best(tensor, plan);
  while (plan.n_streams > 1) {
    plan.n_streams /= 2;
    const PlanSizes sizes = plan_sizes(best);
    if (!cost.suffice(plan.n_streams, sizes)) break;
    if (plan.n_streams >= sizes.n_streams) continue;  // a tensor has no more streams than values
    CodedTensor coded = encode_best(tensor, plan);
    if (cost(plan_sizes(coded)) < cost(sizes)) best = std::move(coded);
  }
  return best;
}

/// In the spread that costs least: the unit builds tables of one. @param any or in the plan's
CodedTensor encode_tensor(const Tensor& tensor, PlanOptions plan, const UnitCost& cost, bool any) {
  CodedTensor best = encode_in_spread(tensor, plan, cost);
  if (!any || codec(plan.coding).lane != LaneKind::kTans) return best;
  plan.spread = Spread::kStep;
  CodedTensor built = encode_in_spread(tensor, plan, cost);
  return cost(plan_sizes(built)) < cost(plan_sizes(best)) ? built : best;
}

/// What is read counts most, or what lasts.
EncodeTensor wide_coder(const CodingOptions& coding, const UnitOptions& options) {
  const wide::Parameters unit =
      options.wide_parameters(coding.n_lanes.value_or(kDefaultLanes), wide_lane_kind(coding));
  if (coding.for_unit == kFile) {
    throw std::invalid_argument(
        "--for-unit file: the wide unit reads all that its file holds of a "
        "tensor; take bytes, or cycles");
  }
  if (coding.table_log.value_or(0) > max_wide_table_log(unit.coding())) {
    throw std::invalid_argument("--table-log: lanes in lockstep have up to " +
                                std::to_string(max_wide_table_log(unit.coding())) + " for " +
                                std::string(codec(unit.coding()).name) + ", not " +
                                std::to_string(*coding.table_log));
  }
  const WidePlanOptions plan{
      .coding = unit.coding(),
      .n_lanes = unit.n_lanes(),
      .halves = unit.halves,
      .bytes_per_1000 = system::memory_tokens(options.memory(), unit.axi.beat_bytes()),
      .goal = !coding.for_unit            ? WideGoal::kBoth
              : coding.for_unit == kBytes ? WideGoal::kBytes
                                          : WideGoal::kClocks,
      .table_log = coding.table_log,
      .rows = coding.rows};
  return [=](const Tensor& tensor) { return encode_wide(tensor, plan); };
}

}  // namespace

std::vector<std::string> unit_names() { return {"axi", "wide"}; }
std::vector<std::string> plan_goals() { return {kFile, kBytes, kCycles}; }

system::AxiParameters UnitOptions::parameters(const unit::UnitShape& shape) const {
  system::AxiParameters unit;
  unit.shape.unit = shape;
  unit.shape.unit.table_log = kMinLaneTableLog;
  unit.shape.data_bits = bus_bits.value_or(default_bus_bits(shape));
  unit.max_burst = burst_beats;
  unit.fifo_beats = fifo_beats.value_or(std::max(unit.fifo_beats, 2 * unit.max_burst));
  unit.value_beats = value_beats;
  unit.outstanding = std::max(unit.outstanding, std::bit_ceil(mem_outstanding));
  system::check_parameters(unit);
  return unit;
}

LaneKind wide_lane_kind(const CodingOptions& coding) {
  return coding.coding && find_codec(*coding.coding) == &codec(Coding::kApackTans)
             ? LaneKind::kTans
             : LaneKind::kNrans;
}

wide::Parameters UnitOptions::wide_parameters(unsigned n_lanes, LaneKind lane) const {
  constexpr unsigned kFifoBeats = 128;  // one FIFO: 2 KiB of 128 bits, 100 cycles of latency
  wide::Parameters unit;
  unit.axi.shape = {
      {lane, n_lanes, lane == LaneKind::kTans ? kWideTansTableLog : kNransTableLog, kMaxApackRows},
      bus_bits.value_or(std::clamp(std::bit_ceil(n_lanes * 8), 64u, 512u))};
  unit.axi.max_burst = burst_beats;
  unit.axi.fifo_beats = fifo_beats.value_or(std::max(kFifoBeats, 2 * burst_beats));
  unit.axi.outstanding = std::max(unit.axi.outstanding, std::bit_ceil(mem_outstanding));
  unit.halves = halves.value_or(wide::default_halves(n_lanes));
  wide::check_parameters(unit);
  return unit;
}

system::AxiPressure UnitOptions::memory() const {
  system::AxiPressure memory = pressure;
  memory.memory_outstanding = mem_outstanding;
  return memory;
}

EncodeTensor unit_coder(const CodingOptions& coding, const UnitOptions& options) {
  if (options.wide()) return wide_coder(coding, options);
  CodingOptions with_lanes = coding;
  with_lanes.n_lanes = coding.n_lanes.value_or(kDefaultLanes);
  const PlanOptions plan = with_lanes.plan();
  const system::AxiParameters unit =
      options.parameters({codec(plan.coding).lane, *with_lanes.n_lanes});
  if (!coding.for_unit) return lane_coder(plan);
  if (*coding.for_unit == kFile) return trace_coder(plan);
  // Which spread reads less is known; which is faster, only as well as the formulas are.
  const bool any_spread = *coding.for_unit == kBytes && !coding.spread;
  return [=, memory = options.memory(),
          cycles_first = *coding.for_unit == kCycles](const Tensor& tensor) {
    return encode_tensor(tensor, plan, UnitCost(unit, memory, cycles_first), any_spread);
  };
}

std::vector<CodedTensor> encode_for_unit(const std::vector<Tensor>& trace,
                                         const CodingOptions& coding, const UnitOptions& options) {
  return encode_each(trace, unit_coder(coding, options));
}

}  // namespace transom::workbench
