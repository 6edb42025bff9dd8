// rtl_axi.hpp — rtl/decoder_axi.sv, Verilated, as a run of its bench.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "transom/system/axi_bench.hpp"

namespace transom::verilated {

struct RtlAxiOptions {
  std::string wave = {};  ///< an FST file to write, or empty; 10 time units are a cycle
  bool fault = false;     ///< the variant with the seeded fault in its fetch
};

/// Runs the bench to its end; the variant with the seeded fault has the first built shape. A failed
/// SVA ends it with its text as the fault. Throws std::invalid_argument if there is no unit of the
/// bench's shape.
system::AxiRun run_rtl_axi(system::AxiBench& bench, const RtlAxiOptions& options = {});

}  // namespace transom::verilated
