// rtl_wide.cpp — rtl/decoder_wide.sv, Verilated, as a run of its bench.
// SPDX-License-Identifier: Apache-2.0
#include "transom/verilated/rtl_wide.hpp"

#include "transom/verilated/shapes.hpp"

namespace transom::verilated {

system::AxiRun run_rtl_wide(system::AxiBench& bench, const wide::Parameters& unit,
                            const RtlAxiOptions& options) {
  const auto shape = make_shape<AxiShapeModel>(
      shape_name(unit, options.fault), {.assertions = options.assertions, .wave = options.wave});
  system::AxiOutputs out;
  out.values.resize(unit.n_lanes());
  out.keep.resize(unit.n_lanes());
  out.steps.resize(unit.n_lanes());
  return run_bench(bench, *shape, std::move(out), [] {});
}

}  // namespace transom::verilated
