// run.hpp — the cycle model of decoder_wide as a run of the bench of decoder_axi.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>

#include "transom/system/axi_bench.hpp"
#include "transom/wide/parameters.hpp"

namespace transom::wide {

/// A clock of a unit of its own before the bench, which outlives it.
std::function<void()> unit_clock(system::AxiBench& bench, const Parameters& parameters);

/// Runs the bench, which has the parameters' shape, to its end.
system::AxiRun run_model(system::AxiBench& bench, const Parameters& parameters);

}  // namespace transom::wide
