// sc_axi_run.cpp — the cycle model of decoder_axi as a run of its bench.
// SPDX-License-Identifier: Apache-2.0
#include "sc_axi_run.hpp"

#include "sc_axi.hpp"

namespace transom {

AxiRun run_axi_model(AxiBench& bench, const AxiParameters& parameters) {
  AxiModel model(parameters);
  AxiInputs in;
  AxiOutputs out;
  out.values.resize(bench.shape().beat_values());
  out.keep.resize(bench.shape().beat_values());
  while (!bench.done()) {
    bench.drive(in);
    model.outputs(out);
    model.edge(in, &out.words);
    bench.observe(in, out);
  }
  return bench.take_run();
}

}  // namespace transom
