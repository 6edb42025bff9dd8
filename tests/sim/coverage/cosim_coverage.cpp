// cosim_coverage.cpp — cover points close on every decoder alike; what was not exercised is a hole.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <catch2/catch.hpp>
#include <functional>
#include <iostream>
#include <string>
#include <vector>

#include "transom/coverage/lane_jobs.hpp"
#include "transom/workbench/coverage/close.hpp"
#include "transom/workbench/coverage/report.hpp"
#include "transom/workbench/lockstep_run.hpp"

using namespace transom;
using namespace transom::coverage;
using namespace transom::workbench;
using namespace transom::unit;

namespace {

std::vector<const Decoder*> cycle_decoders() {
  std::vector<const Decoder*> some;
  for (const Decoder& d : decoders()) {
    if (d.run != nullptr && d.why_not().empty()) some.push_back(&d);
  }
  return some;
}
const std::vector<const Decoder*> kModel{find_decoder("cycle")};

std::vector<std::string> holes(const CoverGroup& group) {
  std::vector<std::string> names;
  for (const auto& hole : group.holes()) names.push_back(group.point_name(hole));
  return names;
}

/// What steered runs of the cycle model leave open, where every run is held to what `hold` allows.
CoverGroups held_runs(LaneKind kind, const std::function<void(LaneKnobs&)>& hold, unsigned n_runs) {
  const UnitShape shape{kind, kCoveredLanes};
  CoverGroups groups = lane_groups(kind);
  for (unsigned run = 0; run < n_runs; ++run) {
    Draws draws(run);
    LaneKnobs knobs = draw_knobs(draws);
    const unsigned g = run % kLaneGroups;
    const std::vector<CoverGroup::Place> open = groups[g].holes();
    if (!open.empty()) aim(knobs, kind, LaneGroup{g}, open[draws() % open.size()], draws);
    hold(knobs);
    const std::vector<Job> jobs = draw_jobs(knobs, shape, draws);
    const LockstepRun got = run_in_lockstep(*kModel[0], shape, jobs, jobs, knobs.pressure, true);
    REQUIRE(got.finding == "");
    add(groups, got.groups);
  }
  return groups;
}

/// What is not exercised, and a point that must then be open.
struct Red {
  LaneGroup group;
  const char* hole;
  std::function<void(LaneKnobs&)> hold;
};
const std::vector<Red> kReds{
    {kTinyStates, "state 5, bits 3", [](LaneKnobs& k) { k.table_log = 4, k.freq = 16; }},
    {kUsualStates, "sixteenth 3, bits 2", [](LaneKnobs& k) { k.table_log = 10, k.freq = 1024; }},
    {kTakes, "bits 12", [](LaneKnobs& k) { k.table_log = 8, k.freq = {}; }},
    {kSymbolRefills, "bit 3",  // as four bits are taken in each step
     [](LaneKnobs& k) { k.table_log = 4, k.table = TableClass::kAllOnce, k.freq = {}; }},
    {kOffsetRefills, "bit 15",
     [](LaneKnobs& k) {
       k.widths = {8, 16};
     }},
    {kPorts, "symbol word late, offset word fine, value waits, load none",
     [](LaneKnobs& k) { k.pressure.consumer = {}; }},
    {kStallCauses, "cause consumer, load none", [](LaneKnobs& k) { k.pressure.consumer = {}; }},
    {kBanksAtWork, "busy 1, loaded none", [](LaneKnobs& k) { k.n_jobs = 1; }},
    {kWaits, "waits 0, for 1",
     [](LaneKnobs& k) {
       k.sizes = {{1, 1}}, k.slow_lane = 2, k.slow_sizes = {200, 300};
     }},
    {kSkew, "values 64 or more",
     [](LaneKnobs& k) {
       k.sizes = {{0, 40}}, k.slow_lane = {};
     }},
    {kJobsApart, "as one that is a job behind", [](LaneKnobs& k) { k.n_jobs = 1; }},
    {kStatuses, "values 16 or more, status bad table", [](LaneKnobs& k) { k.bad = 0; }},
    {kEnds, "symbols left, offsets short",
     [](LaneKnobs& k) { k.symbol_ends = k.offset_ends = {EndClass::kLeft}; }},
    {kSizes, "values 256 or more, stream at work",
     [](LaneKnobs& k) {
       k.sizes = {{0, 80}}, k.slow_lane = {};
     }},
    {kSwitches, "clocks 1..16, over jobs without values",
     [](LaneKnobs& k) {
       k.sizes = {{1, 80}}, k.slow_lane = {};
     }},
    {kTables, "R 14, symbols other", [](LaneKnobs& k) { k.table_log = 8, k.freq = {}; }},
    {kWidths, "bits 11",
     [](LaneKnobs& k) {
       k.widths = {10, 12};
     }},
};

}  // namespace

TEST_CASE("coverage: every point of every kind of lane is hit, by all decoders as often",
          "[cosim]") {
  for (unsigned k = 0; k < kLaneKinds; ++k) {
    const LaneKind kind{static_cast<std::uint8_t>(k)};
    // The cycle model closes; the others run the first of these runs with it.
    CloseOptions options{.seed = 1, .max_runs = 3000};
    const Closed closed = close_lanes(kind, kModel, options);
    INFO(coverage_text(std::string(lane_kind_name(kind)), closed.groups));
    CHECK(closed.finding == "");
    CHECK(closed.all());
    options.max_runs = 12;
    const Closed alike = close_lanes(kind, cycle_decoders(), options);
    CHECK(alike.finding == "");
    const Closed of_model = close_lanes(kind, kModel, options);
    CHECK(alike.groups == of_model.groups);
  }
}

TEST_CASE("coverage: what goes to open points needs a part of the runs of what goes nowhere",
          "[cosim]") {
  for (unsigned k = 0; k < kLaneKinds; ++k) {
    const LaneKind kind{static_cast<std::uint8_t>(k)};
    const Closed steered = close_lanes(kind, kModel, {.seed = 5, .max_runs = 3000});
    REQUIRE(steered.all());
    const Closed uniform =
        close_lanes(kind, kModel, {.seed = 5, .max_runs = 2 * steered.runs, .steered = false});
    std::cout << lane_kind_name(kind) << ": steered: all " << n_points(steered.groups)
              << " points after " << steered.runs << " runs; uniform: " << n_hit(uniform.groups)
              << " after " << uniform.runs << '\n';
    CHECK(uniform.finding == "");
    CHECK_FALSE(uniform.all());
  }
}

TEST_CASE("coverage: in each group a point that was not exercised is a hole, and named",
          "[cosim]") {
  REQUIRE(kReds.size() == kLaneGroups);
  for (const Red& red : kReds) {
    const CoverGroups groups = held_runs(LaneKind::kTans, red.hold, 3 * kLaneGroups);
    const CoverGroup& group = groups[red.group];
    INFO(group.name());
    const std::vector<std::string> open = holes(group);
    CHECK(std::find(open.begin(), open.end(), red.hole) != open.end());
    CHECK(group.n_hit() > 0);
    CHECK(group.n_hit() + open.size() == group.n_points());
    const std::string line = "hole: " + group.name() + ": ";
    CHECK(coverage_text("tans", groups).find(line) != std::string::npos);
  }
}

TEST_CASE("coverage: what is no point, and counts that differ, are told", "[cosim]") {
  CoverGroup group("a", "", "", {{"x", {"0", "1"}}, {"y", {"0", "1"}}},
                   [](const CoverGroup::Place& p) { return p[0] == 0 || p[1] == 0; });
  CHECK(group.n_points() == 3);
  group.hit({1, 0});
  CHECK(group.impossible() == "");
  CHECK(holes(group) == std::vector<std::string>{"x 0, y 0", "x 0, y 1"});
  CoverGroups groups{group};
  groups[0].hit({1, 1});
  CHECK(impossible(groups) == "cover group 'a': x 1, y 1");
  CHECK(groups[0] == group);  // it is not counted
  groups[0].hit({0, 2});
  groups[0].hit({0, 1});
  CHECK(n_hit(groups) == 2);
  add(groups, CoverGroups{group});
  CHECK(n_hit(groups) == 2);

  LockstepRun one, other;
  one.groups = {group};
  other.groups = groups;
  CHECK(difference(one, one) == "");
  CHECK(difference(one, other) == "counts other cover points");
}
