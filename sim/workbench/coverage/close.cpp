// close.cpp — random runs that look which cover points are open, and go there.
// SPDX-License-Identifier: Apache-2.0
#include "transom/workbench/coverage/close.hpp"

#include <optional>
#include <utility>
#include <vector>

#include "transom/coverage/lane_jobs.hpp"
#include "transom/coverage/system_cases.hpp"
#include "transom/cycle/axi_run.hpp"
#include "transom/wide/run.hpp"
#include "transom/workbench/lockstep_run.hpp"
#ifdef TRANSOM_HAVE_RTL
#include "transom/verilated/rtl_axi.hpp"
#include "transom/verilated/rtl_wide.hpp"
#endif

namespace transom::workbench {

using namespace coverage;

namespace {

/// One of the open points, each as likely, by its group and place.
std::pair<unsigned, CoverGroup::Place> open_point(const CoverGroups& groups, Draws& draws) {
  std::size_t skip = draws() % (n_points(groups) - n_hit(groups));
  unsigned g = 0;
  std::vector<CoverGroup::Place> holes = groups[g].holes();
  while (skip >= holes.size()) {
    skip -= holes.size();
    holes = groups[++g].holes();
  }
  return {g, holes[skip]};
}

Draws draws_of(const CloseOptions& options, unsigned run) {
  return Draws(unit::mix(std::uint64_t{options.seed} << 32 | run));
}

bool goes_on(const Closed& closed, const CloseOptions& options) {
  return closed.runs < options.max_runs && closed.finding.empty() && !closed.all();
}

std::string place_of(const char* decoder, const Closed& closed, const CloseOptions& options) {
  return std::string(decoder) + ", run " + std::to_string(closed.runs) + " of seed " +
         std::to_string(options.seed) + ": ";
}

/// A run of a system, and what it counted.
struct SystemRun {
  system::AxiRun run;
  CoverGroups groups;
};
SystemRun run_system(const CoveredSystem& covered, const SystemCase& of,
                     [[maybe_unused]] bool rtl) {
  constexpr std::uint64_t kMostCycles = 100'000;
  CoveredBench bench(covered, of.image, of.starts, of.pressure, of.faults, kMostCycles);
  SystemRun made;
#ifdef TRANSOM_HAVE_RTL
  if (rtl) {
    made.run = covered.is_wide ? verilated::run_rtl_wide(bench, covered.unit)
                               : verilated::run_rtl_axi(bench, covered.unit.axi);
    made.groups = bench.groups(made.run);
    return made;
  }
#endif
  made.run = covered.is_wide ? wide::run_model(bench, covered.unit)
                             : cycle::run_axi_model(bench, covered.unit.axi);
  made.groups = bench.groups(made.run);
  return made;
}

std::string difference(const SystemRun& got, const SystemRun& want) {
  if (got.run.fault != want.run.fault) return got.run.fault;
  if (got.run.cycles != want.run.cycles || got.run.registers != want.run.registers ||
      got.run.beats_read != want.run.beats_read || got.run.beats_out != want.run.beats_out) {
    return "differs from the cycle model in clocks or registers";
  }
  return got.groups == want.groups ? "" : "counts other cover points";
}

}  // namespace

Closed close_lanes(LaneKind kind, std::span<const Decoder* const> decoders,
                   const CloseOptions& options, const std::function<void(const Closed&)>& told) {
  const unit::UnitShape shape{kind, kCoveredLanes};
  Closed closed{lane_groups(kind), 0, 0, 0, {}};
  while (goes_on(closed, options)) {
    Draws draws = draws_of(options, closed.runs++);
    LaneKnobs knobs = draw_knobs(draws);
    if (options.steered) {
      const auto [group, place] = open_point(closed.groups, draws);
      aim(knobs, kind, LaneGroup{group}, place, draws);
    }
    const std::vector<unit::Job> jobs = draw_jobs(knobs, shape, draws);
    std::optional<LockstepRun> first;
    for (const Decoder* decoder : decoders) {
      LockstepRun got = run_in_lockstep(*decoder, shape, jobs, jobs, knobs.pressure, true);
      std::string why = got.finding;
      if (why.empty() && first) why = difference(got, *first);
      if (!why.empty()) {
        closed.finding = place_of(decoder->name.data(), closed, options) + why;
        return closed;
      }
      if (!first) first = std::move(got);
    }
    add(closed.groups, first->groups);
    closed.cycles += first->run.cycles;
    closed.values += first->run.n_values();
    if (told) told(closed);
  }
  return closed;
}

Closed close_system(const CoveredSystem& covered, bool with_rtl, const CloseOptions& options,
                    const std::function<void(const Closed&)>& told) {
  Closed closed{system_groups(covered), 0, 0, 0, {}};
  while (goes_on(closed, options)) {
    Draws draws = draws_of(options, closed.runs++);
    SystemKnobs knobs = draw_system_knobs(covered, draws);
    if (options.steered) {
      const auto [group, place] = open_point(closed.groups, draws);
      aim(knobs, covered, SystemGroup{group}, place, draws);
    }
    const SystemCase made = draw_case(knobs, covered, draws);
    const SystemRun model = run_system(covered, made, false);
    std::string why = impossible(model.groups);
    if (why.empty() && model.run.first) why = model.run.first->text();
    if (why.empty()) why = model.run.fault;
    if (!why.empty()) {
      closed.finding = place_of("cycle", closed, options) + why;
      return closed;
    }
    if (with_rtl) {
      why = difference(run_system(covered, made, true), model);
      if (!why.empty()) {
        closed.finding = place_of("rtl", closed, options) + why;
        return closed;
      }
    }
    add(closed.groups, model.groups);
    closed.cycles += model.run.cycles;
    closed.values += model.run.values;
    if (told) told(closed);
  }
  return closed;
}

}  // namespace transom::workbench
