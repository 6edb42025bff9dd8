// lockstep_run.hpp — a cycle-accurate decoder on a sequence of jobs, every step compared.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "transom/coverage/points.hpp"
#include "transom/unit/bench.hpp"
#include "transom/verify/lockstep.hpp"
#include "transom/workbench/decoders.hpp"

namespace transom::workbench {

struct LockstepRun {
  unit::Run run;
  std::uint64_t n_mismatches = 0;  ///< a run that was given up counts as one
  std::optional<verify::Mismatch> first;
  std::string finding;  ///< the first difference, or why the run was given up; empty if neither
  coverage::CoverGroups groups = {};  ///< if asked for: those of its kind of lane
};

/// @param jobs   what the decoder is given
/// @param golden what it is compared with; the same where nothing was damaged on purpose
/// @param covers count cover points
LockstepRun run_in_lockstep(const Decoder& decoder, const unit::UnitShape& shape,
                            std::span<const unit::Job> jobs, std::span<const unit::Job> golden,
                            const unit::Pressure& pressure = {}, bool covers = false);

/// What two decoders that should agree in every cycle do not agree on; empty if they do.
std::string difference_in_time(const unit::Run& got, const unit::Run& want);
/// The same, and in the cover points that they counted.
std::string difference(const LockstepRun& got, const LockstepRun& want);

}  // namespace transom::workbench
