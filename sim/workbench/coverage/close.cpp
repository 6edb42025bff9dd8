// close.cpp — random runs that look which cover points are open, and go there.
// SPDX-License-Identifier: Apache-2.0
#include "transom/workbench/coverage/close.hpp"

#include <optional>
#include <utility>
#include <vector>

#include "transom/coverage/lane_jobs.hpp"
#include "transom/workbench/lockstep_run.hpp"

namespace transom::workbench {

using namespace coverage;

namespace {

void aim_at_hole(LaneKnobs& knobs, LaneKind kind, const CoverGroups& groups, Draws& draws) {
  std::size_t skip = draws() % (n_points(groups) - n_hit(groups));
  for (unsigned g = 0; g < groups.size(); ++g) {
    const std::vector<CoverGroup::Place> holes = groups[g].holes();
    if (skip < holes.size()) return aim(knobs, kind, LaneGroup{g}, holes[skip], draws);
    skip -= holes.size();
  }
}

}  // namespace

Closed close_lanes(LaneKind kind, std::span<const Decoder* const> decoders,
                   const CloseOptions& options, const std::function<void(const Closed&)>& told) {
  const unit::UnitShape shape{kind, kCoveredLanes};
  Closed closed{lane_groups(kind), 0, 0, 0, {}};
  while (closed.runs < options.max_runs && closed.finding.empty() && !closed.all()) {
    Draws draws(unit::mix(std::uint64_t{options.seed} << 32 | closed.runs));
    ++closed.runs;
    LaneKnobs knobs = draw_knobs(draws);
    if (options.steered) aim_at_hole(knobs, kind, closed.groups, draws);
    const std::vector<unit::Job> jobs = draw_jobs(knobs, shape, draws);
    std::optional<LockstepRun> first;
    for (const Decoder* decoder : decoders) {
      LockstepRun got = run_in_lockstep(*decoder, shape, jobs, jobs, knobs.pressure, true);
      std::string why = got.finding;
      if (why.empty() && first) why = difference(got, *first);
      if (!why.empty()) {
        closed.finding = std::string(decoder->name) + ", run " + std::to_string(closed.runs) +
                         " of seed " + std::to_string(options.seed) + ": " + why;
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

}  // namespace transom::workbench
