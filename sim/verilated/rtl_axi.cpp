// rtl_axi.cpp — rtl/decoder_axi.sv, Verilated, as a run of its bench.
// SPDX-License-Identifier: Apache-2.0
#include "transom/verilated/rtl_axi.hpp"

#include "transom/verilated/shapes.hpp"

namespace transom::verilated {

system::AxiRun run_rtl_axi(system::AxiBench& bench, const system::AxiParameters& unit,
                           const RtlAxiOptions& options) {
  const auto shape = make_shape<AxiShapeModel>(
      shape_name(unit, options.fault), {.assertions = options.assertions, .wave = options.wave});
  system::AxiOutputs out;
  out.words.resize(2 * unit.n_streams());
  out.values.resize(unit.shape.beat_values());
  out.keep.resize(unit.shape.beat_values());
  return run_bench(bench, *shape, std::move(out), [] {});
}

}  // namespace transom::verilated
