// rtl_wide.hpp — rtl/decoder_wide.sv, Verilated, as a run of its bench; of any parameters.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "transom/verilated/rtl_axi.hpp"
#include "transom/wide/parameters.hpp"

namespace transom::verilated {

/// Runs the bench to its end, as run_rtl_axi().
system::AxiRun run_rtl_wide(system::AxiBench& bench, const wide::Parameters& unit,
                            const RtlAxiOptions& options = {});

}  // namespace transom::verilated
