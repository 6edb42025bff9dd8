// system_points.cpp — the cover points of a unit in its system, collected at its buses.
// SPDX-License-Identifier: Apache-2.0
#include "transom/coverage/system_points.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

namespace transom::coverage {

using namespace system;

namespace {

constexpr wide::Parameters axi(LaneKind kind, unsigned table_log, unsigned data_bits) {
  return {.axi = {.shape = {{kind, 4, table_log}, data_bits}}};
}
constexpr wide::Parameters in_lockstep(LaneKind kind, unsigned n_lanes, unsigned table_log,
                                       unsigned data_bits) {
  return {.axi = {.shape = {{kind, n_lanes, table_log, kMaxApackRows}, data_bits}}, .halves = 8};
}
constexpr CoveredSystem kSystems[] = {
    {"axi tans", false, axi(LaneKind::kTans, kMaxTableLog, 128)},
    {"axi rans", false, axi(LaneKind::kRans, kRansLaneTableLog, 64)},
    {"axi arith", false, axi(LaneKind::kArith, kArithTableLog, 512)},
    {"axi tans_pair", false, axi(LaneKind::kTansPair, kMaxTableLog, 256)},
    {"axi nrans", false, axi(LaneKind::kNrans, kNransTableLog, 128)},
    {"wide nrans", true, in_lockstep(LaneKind::kNrans, 4, kNransTableLog, 64)},
    {"wide tans", true, in_lockstep(LaneKind::kTans, 8, kWideTansTableLog, 128)},
};

const std::vector<std::string> kCauseNames{"none",      "read",     "descriptor", "address",
                                           "window",    "limit",    "aborted",    "truncated",
                                           "bad state", "trailing", "bad table"};

unsigned cause_label(std::uint32_t status) {
  switch (first_cause(status)) {
    case AxiCause::kNone:
      return 0;
    case AxiCause::kStream:
      break;
    default:
      return static_cast<unsigned>(first_cause(status)) - 1;
  }
  const Status of = first_bad_status(status);
  return of == Status::kBadTable ? 10 : 6 + static_cast<unsigned>(of);
}

/// Of a channel: nothing, a transfer, one that waits.
unsigned transfer(bool valid, bool ready) { return valid ? (ready ? 1u : 2u) : 0u; }

}  // namespace

std::span<const CoveredSystem> covered_systems() { return kSystems; }

CoverGroups system_groups(const CoveredSystem& covered) {
  const AxiParameters& p = covered.unit.axi;
  CoverGroups groups;
  const auto add = [&](const char* name, const char* what, const char* steers,
                       std::vector<Axis> axes,
                       const std::function<bool(const CoverGroup::Place&)>& possible = {}) {
    groups.emplace_back(name, what, steers, std::move(axes), possible);
  };
  const unsigned turns = kCountTurn - kCountFill, routed = kCountOffsetWords - kCountFill;
  add("bursts", "beats of a burst", "values of a tensor, streams",
      {numbers("beats", 1, p.max_burst)});
  add("on their way", "bursts on their way when another is asked for", "latency",
      // The one FIFO of the wide unit has room for two bursts, or three where one is short.
      {covered.is_wide ? Axis{"bursts", {"0", "1 or more"}}
                       : Axis{"bursts", {"0", "1", "2..3", "4 or more"}}});
  add("buses", "what the buses do at once; reads are always taken", "pauses, latency",
      {{"read", {"none", "taken"}},
       {"value beat", {"none", "taken", "waits"}},
       {"address", {"none", "taken", "waits"}}});
  add("keeps", "values of a beat by TKEEP, with TLAST or not", "streams, values of a tensor",
      {numbers("values", 0, p.shape.beat_values()), {"last", {"no", "yes"}}},
      // A frame's only beat may be empty. Of pairs one value alone is the last of all.
      [=](const CoverGroup::Place& place) {
        return place[1] != 0 || place[0] > values_per_beat(p.shape.unit.kind) - 1;
      });
  add("causes", "the first error of a run", "what is damaged, limits, aborts",
      {{"cause", kCauseNames}});
  add("endings", "what the buses have under way when a run is ended early",
      "aborts, resets, pauses",
      {{"by", {"abort", "reset"}},
       {"reads", {"none", "some"}},
       {"value beat", {"none", "offered"}}});
  add("stall counts", "which stalls a run has counted", "pauses", {numbers("stall", 0, 5)},
      [=](const CoverGroup::Place& place) {
        if (!covered.is_wide) return place[0] != turns || streams_per_lane(p.shape.unit.kind) > 1;
        // A round wants no more than two halfwords for each lane, which this router gives.
        return place[0] != routed || covered.unit.halves < 2 * p.shape.unit.n_lanes;
      });
  Axis lanes = numbers("lane", 0, p.shape.unit.n_lanes - 1);
  if (!covered.is_wide) lanes.labels.clear();
  add("positions", "bits taken of a lane's halfword when it steps", "R, streams",
      {lanes, numbers("bits", 0, 15)});
  add("offset positions", "the same of its offsets", "widths, streams",
      {lanes, numbers("bits", 0, 15)});
  return groups;
}

void CoveredBench::observe(const AxiInputs& in, const AxiOutputs& out) {
  const unsigned value = transfer(out.tvalid, in.tready);
  const bool asks = out.arvalid && in.arready;
  if (!in.reset) {
    hit(kBuses, {in.rvalid, value, transfer(out.arvalid, in.arready)});
    if (asks) {
      hit(kBursts, {out.arlen});
      hit(kOnTheirWay, {system_.is_wide || bursts_ < 2 ? std::min(bursts_, 1u)
                        : bursts_ < 4                  ? 2u
                                                       : 3u});
    }
    if (value == 1) {
      const auto n = std::count(out.keep.begin(), out.keep.end(), 3);
      hit(kKeeps, {static_cast<unsigned>(n), out.tlast});
    }
    for (unsigned lane = 0; lane < out.steps.size() && system_.is_wide; ++lane) {
      if (!out.steps[lane].valid()) continue;
      hit(kPositions, {lane, out.steps[lane].position()});
      hit(kOffsetPositions, {lane, out.steps[lane].offset_position()});
    }
  }
  const bool aborts = in.lite_wvalid && out.lite_wready && in.lite_wdata == kAxiAbort &&
                      in.lite_awaddr == static_cast<std::uint8_t>(AxiRegister::kControl);
  if (aborts || (in.reset && !was_reset_)) {
    hit(kEndings, {in.reset, bursts_ != 0, in.reset ? was_offered_ : out.tvalid});
  }
  was_reset_ = in.reset;
  was_offered_ = out.tvalid;
  bursts_ += asks;
  if (in.rvalid && in.rlast) --(late_ != 0 ? late_ : bursts_);  // the memory answers in order
  if (in.reset) late_ += std::exchange(bursts_, 0);
  AxiBench::observe(in, out);
  if (cycle() > most_cycles_) give_up("the run does not end");
}

const CoverGroups& CoveredBench::groups(const AxiRun& run) {
  for (std::size_t start = 0; start < run.registers.size(); ++start) {
    hit(kCauses, {cause_label(run.reg(AxiRegister::kStatus, start))});
    unsigned stall = 0;
    for (const AxiRegister r :
         {AxiRegister::kFill, AxiRegister::kSymbolWords, AxiRegister::kOffsetWords,
          AxiRegister::kConsumer, AxiRegister::kTurn, AxiRegister::kIdle}) {
      if (run.counter(r, start) != 0) hit(kStallCounts, {stall});
      ++stall;
    }
  }
  return groups_;
}

}  // namespace transom::coverage
