// lockstep_run.cpp — a cycle-accurate decoder on a sequence of jobs, every step compared.
// SPDX-License-Identifier: Apache-2.0
#include "transom/workbench/lockstep_run.hpp"

#include "transom/coverage/lane_points.hpp"

namespace transom::workbench {

LockstepRun run_in_lockstep(const Decoder& decoder, const unit::UnitShape& shape,
                            std::span<const unit::Job> jobs, std::span<const unit::Job> golden,
                            const unit::Pressure& pressure, bool covers) {
  verify::Lockstep lockstep(golden);
  unit::Bench bench(shape, jobs, pressure, &lockstep);
  std::optional<coverage::LaneCoverage> ports;
  if (covers) bench.watch(ports.emplace(shape, jobs));
  LockstepRun result{decoder.run(bench), lockstep.n_mismatches(), lockstep.first(), {}};
  if (result.first) result.finding = to_text(*result.first);
  if (!result.run.fault.empty()) {
    ++result.n_mismatches;
    result.finding += (result.finding.empty() ? "" : "; ") + result.run.fault;
  }
  if (ports) {
    result.groups = ports->groups();
    if (const std::string what = coverage::impossible(result.groups); !what.empty()) {
      ++result.n_mismatches;
      result.finding += (result.finding.empty() ? "" : "; ") + what;
    }
  }
  return result;
}

std::string difference_in_time(const unit::Run& got, const unit::Run& want) {
  if (got == want) return {};
  return "differs in time: " + std::to_string(got.cycles) + " and " + std::to_string(want.cycles) +
         " cycles, or events in other cycles";
}

std::string difference(const LockstepRun& got, const LockstepRun& want) {
  std::string in_time = difference_in_time(got.run, want.run);
  if (!in_time.empty()) return in_time;
  return got.groups == want.groups ? "" : "counts other cover points";
}

}  // namespace transom::workbench
