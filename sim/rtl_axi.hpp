// rtl_axi.hpp — rtl/decoder_axi.sv, Verilated, as a run of its bench.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "axi_bench.hpp"

namespace transom {

struct RtlAxiOptions {
  std::string wave = {};  ///< an FST file to write, or empty; 10 time units are a cycle
  bool fault = false;     ///< the variant with the seeded fault in its fetch
};

/// The shapes that are built; the one with the seeded fault is built like the first.
std::vector<AxiShape> rtl_axi_shapes();

/// Runs the bench to its end. A failed SVA ends it with its text as the fault.
/// Throws std::invalid_argument if there is no unit of the bench's shape.
AxiRun run_rtl_axi(AxiBench& bench, const RtlAxiOptions& options = {});

}  // namespace transom
