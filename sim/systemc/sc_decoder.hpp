// sc_decoder.hpp — the SystemC cycle model of the decoder unit.
//
// It takes the same cycles as rtl/decoder.sv; rtl/README.md is its specification. Steps are the
// golden model's; what is added here is time. The kernel allows one elaboration per process, so one
// unit serves all jobs of the process, one after the other, with as many lanes as each has.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "transom/unit/bench.hpp"

namespace transom::systemc {

/// Runs the bench to its end, one clock of the unit per cycle. Not from several threads.
unit::Run run_systemc(unit::Bench& bench);

}  // namespace transom::systemc
