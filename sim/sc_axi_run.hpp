// sc_axi_run.hpp — the cycle model of decoder_axi as a run of its bench.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "axi_bench.hpp"
#include "axi_parameters.hpp"

namespace transom {

/// Runs the bench, which has the parameters' shape, to its end.
AxiRun run_axi_model(AxiBench& bench, const AxiParameters& parameters);

}  // namespace transom
