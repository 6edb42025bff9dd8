// axi_run.cpp — the cycle model of decoder_axi as a run of its bench.
// SPDX-License-Identifier: Apache-2.0
#include "transom/cycle/axi_run.hpp"

#include <memory>

#include "transom/cycle/axi.hpp"

namespace transom::cycle {

std::function<void()> axi_clock(system::AxiBench& bench, const system::AxiParameters& parameters) {
  struct Unit {
    explicit Unit(const system::AxiParameters& of) : model(of) {}
    AxiModel model;
    system::AxiInputs in = {};
    system::AxiOutputs out = {};
  };
  const auto unit = std::make_shared<Unit>(parameters);
  unit->out.values.resize(bench.shape().beat_values());
  unit->out.keep.resize(bench.shape().beat_values());
  return [unit, &bench] {
    bench.drive(unit->in);
    if (unit->in.reset) unit->model.reset();
    unit->model.outputs(unit->out);
    unit->model.edge(unit->in, &unit->out.words);
    bench.observe(unit->in, unit->out);
  };
}

system::AxiRun run_axi_model(system::AxiBench& bench, const system::AxiParameters& parameters) {
  const std::function<void()> clock = axi_clock(bench, parameters);
  while (!bench.done()) clock();
  return bench.take_run();
}

}  // namespace transom::cycle
