// lockstep_run.cpp — a cycle-accurate decoder on a sequence of jobs, every step compared.
// SPDX-License-Identifier: Apache-2.0
#include "transom/workbench/lockstep_run.hpp"

namespace transom::workbench {

LockstepRun run_in_lockstep(const Decoder& decoder, const unit::UnitShape& shape,
                            std::span<const unit::Job> jobs, std::span<const unit::Job> golden,
                            const unit::Pressure& pressure) {
  verify::Lockstep lockstep(golden);
  unit::Bench bench(shape, jobs, pressure, &lockstep);
  LockstepRun result{decoder.run(bench), lockstep.n_mismatches(), lockstep.first(), {}};
  if (result.first) result.finding = to_text(*result.first);
  if (!result.run.fault.empty()) {
    ++result.n_mismatches;
    result.finding += (result.finding.empty() ? "" : "; ") + result.run.fault;
  }
  return result;
}

std::string difference_in_time(const unit::Run& got, const unit::Run& want) {
  if (got == want) return {};
  return "differs in time: " + std::to_string(got.cycles) + " and " + std::to_string(want.cycles) +
         " cycles, or events in other cycles";
}

}  // namespace transom::workbench
