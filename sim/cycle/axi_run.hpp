// axi_run.hpp — the cycle model of decoder_axi as a run of its bench.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>

#include "transom/system/axi_bench.hpp"
#include "transom/system/axi_parameters.hpp"

namespace transom::cycle {

/// A clock of a unit of its own before the bench, which outlives it.
std::function<void()> axi_clock(system::AxiBench& bench, const system::AxiParameters& parameters);

/// Runs the bench, which has the parameters' shape, to its end.
system::AxiRun run_axi_model(system::AxiBench& bench, const system::AxiParameters& parameters);

}  // namespace transom::cycle
