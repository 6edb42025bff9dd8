// axi_run.cpp — the cycle model of decoder_axi as a run of its bench.
// SPDX-License-Identifier: Apache-2.0
#include "transom/cycle/axi_run.hpp"

#include "transom/cycle/axi.hpp"

namespace transom::cycle {

system::AxiRun run_axi_model(system::AxiBench& bench, const system::AxiParameters& parameters) {
  AxiModel model(parameters);
  system::AxiInputs in;
  system::AxiOutputs out;
  out.values.resize(bench.shape().beat_values());
  out.keep.resize(bench.shape().beat_values());
  while (!bench.done()) {
    bench.drive(in);
    if (in.reset) model.reset();
    model.outputs(out);
    model.edge(in, &out.words);
    bench.observe(in, out);
  }
  return bench.take_run();
}

}  // namespace transom::cycle
