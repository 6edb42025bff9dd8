// run.hpp — the cycle model of the decoder unit as a run of the bench.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "transom/unit/bench.hpp"

namespace transom::cycle {

/// Runs the bench to its end, one clock of the unit per cycle. From any thread.
unit::Run run(unit::Bench& bench);

}  // namespace transom::cycle
