// cosim_coverage_systems.cpp — cover points of units in their systems: they close, and name what
// was left out.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <catch2/catch.hpp>
#include <functional>
#include <iostream>
#include <string>
#include <vector>

#include "transom/coverage/system_cases.hpp"
#include "transom/cycle/axi_run.hpp"
#include "transom/wide/run.hpp"
#include "transom/workbench/coverage/close.hpp"
#include "transom/workbench/coverage/report.hpp"

using namespace transom;
using namespace transom::coverage;
using namespace transom::workbench;

namespace {

/// Holes that steered runs of a cycle model leave, where every run is held to what `hold` allows.
CoverGroup held_runs(const CoveredSystem& covered, SystemGroup group,
                     const std::function<void(SystemKnobs&)>& hold) {
  CoverGroups groups = system_groups(covered);
  for (unsigned run = 0; run < 24; ++run) {
    Draws draws(run);
    SystemKnobs knobs = draw_system_knobs(covered, draws);
    const std::vector<CoverGroup::Place> open = groups[group].holes();
    if (!open.empty()) aim(knobs, covered, group, open[draws() % open.size()], draws);
    hold(knobs);
    const SystemCase made = draw_case(knobs, covered, draws);
    CoveredBench bench(covered, made.image, made.starts, made.pressure, made.faults, 100'000);
    const system::AxiRun told = covered.is_wide ? wide::run_model(bench, covered.unit)
                                                : cycle::run_axi_model(bench, covered.unit.axi);
    REQUIRE(told.fault == "");
    REQUIRE(told.n_mismatches == 0);
    add(groups, bench.groups(told));
  }
  return groups[group];
}

struct Red {
  SystemGroup group;
  const char* hole;
  std::function<void(SystemKnobs&)> hold;
};
const auto kOneStream = [](SystemKnobs& k) { k.n_streams = 1; };
const std::vector<Red> kReds{
    {kBursts, "beats 13",
     [](SystemKnobs& k) {
       k.sizes = {{0, 3}}, k.hazard = Hazard::kNone;
     }},
    {kOnTheirWay, "bursts 4 or more", [](SystemKnobs& k) { k.n_tensors = 0; }},
    {kBuses, "read taken, value beat waits, address none",
     [](SystemKnobs& k) { k.pressure.values_closed = 0; }},
    {kKeeps, "values 3, last no",
     [](SystemKnobs& k) { k.n_streams = 1, k.hazard = Hazard::kNone; }},
    {kCauses, "cause aborted", [](SystemKnobs& k) { k.hazard = Hazard::kLimit; }},
    {kEndings, "by reset, reads none, value beat none",
     [](SystemKnobs& k) { k.hazard = Hazard::kAbort; }},
    {kStallCounts, "stall 1", [](SystemKnobs& k) { k.n_tensors = 0; }},
    {kPositions, "lane 2, bits 5", kOneStream},
    {kOffsetPositions, "lane 2, bits 5", kOneStream},
};

}  // namespace

TEST_CASE("coverage: every point of every unit in its system is hit, by model and RTL as often",
          "[cosim]") {
  const bool rtl = find_decoder("rtl")->why_not().empty();
  for (const CoveredSystem& covered : covered_systems()) {
    const Closed closed = close_system(covered, false, {.seed = 1, .max_runs = 1000});
    INFO(coverage_text(covered.name, closed.groups));
    CHECK(closed.finding == "");
    CHECK(closed.all());
    const Closed alike = close_system(covered, rtl, {.seed = 1, .max_runs = 8});
    CHECK(alike.finding == "");
    const Closed uniform =
        close_system(covered, false, {.seed = 1, .max_runs = closed.runs, .steered = false});
    std::cout << covered.name << ": steered: all " << n_points(closed.groups) << " points after "
              << closed.runs << " runs; uniform: " << n_hit(uniform.groups) << '\n';
    CHECK(uniform.finding == "");
    CHECK_FALSE(uniform.all());
  }
}

TEST_CASE("coverage: in each group of a system a point that was not exercised is a hole",
          "[cosim]") {
  REQUIRE(kReds.size() == kSystemGroups);
  for (const Red& red : kReds) {
    const bool of_lanes = red.group == kPositions || red.group == kOffsetPositions;
    const CoverGroup group = held_runs(covered_systems()[of_lanes ? 5 : 0], red.group, red.hold);
    INFO(group.name());
    std::vector<std::string> holes;
    for (const auto& hole : group.holes()) holes.push_back(group.point_name(hole));
    CHECK(std::find(holes.begin(), holes.end(), red.hole) != holes.end());
    CHECK((group.n_hit() > 0 || red.group == kOnTheirWay));
  }
}
