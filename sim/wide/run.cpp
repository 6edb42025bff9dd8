// run.cpp — the cycle model of decoder_wide as a run of the bench of decoder_axi.
// SPDX-License-Identifier: Apache-2.0
#include "transom/wide/run.hpp"

#include "transom/wide/model.hpp"

namespace transom::wide {

system::AxiRun run_model(system::AxiBench& bench, const Parameters& parameters) {
  Model model(parameters);
  system::AxiInputs in;
  system::AxiOutputs out;
  out.values.resize(parameters.n_lanes());
  out.keep.resize(parameters.n_lanes());
  while (!bench.done()) {
    bench.drive(in);
    if (in.reset) model.reset();
    model.outputs(out);
    model.edge(in);
    bench.observe(in, out);
  }
  return bench.take_run();
}

}  // namespace transom::wide
