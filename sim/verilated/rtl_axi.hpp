// rtl_axi.hpp — rtl/decoder_axi.sv, Verilated, as a run of its bench; of any parameters.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "transom/system/axi_bench.hpp"
#include "transom/system/axi_parameters.hpp"

namespace transom::verilated {

struct RtlAxiOptions {
  std::string wave = {};   ///< an FST file to write, or empty; 10 time units are a cycle
  std::string fault = {};  ///< empty, or the RTL spoilt as tests/rtl/faults has it
  bool assertions = true;  ///< a failed SVA ends the run
};

/// Runs the bench to its end; its shape is that of the parameters. A failed SVA ends it with its
/// text as the fault. The first use of a shape builds it, which takes a while; throws
/// std::runtime_error if that fails.
system::AxiRun run_rtl_axi(system::AxiBench& bench, const system::AxiParameters& unit,
                           const RtlAxiOptions& options = {});

}  // namespace transom::verilated
