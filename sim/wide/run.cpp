// run.cpp — the cycle model of decoder_wide as a run of the bench of decoder_axi.
// SPDX-License-Identifier: Apache-2.0
#include "transom/wide/run.hpp"

#include <memory>

#include "transom/wide/model.hpp"

namespace transom::wide {
namespace {

/// A unit and its ports.
struct Unit {
  explicit Unit(const Parameters& parameters) : model(parameters) {
    out.values.resize(parameters.n_lanes());
    out.keep.resize(parameters.n_lanes());
    out.steps.resize(parameters.n_lanes());
  }
  void clock(system::AxiBench& bench) {
    bench.drive(in);
    if (in.reset) model.reset();
    model.outputs(out);
    model.edge(in, out.steps);
    bench.observe(in, out);
  }

  Model model;
  system::AxiInputs in = {};
  system::AxiOutputs out = {};
};

}  // namespace

std::function<void()> unit_clock(system::AxiBench& bench, const Parameters& parameters) {
  return [unit = std::make_shared<Unit>(parameters), &bench] { unit->clock(bench); };
}

system::AxiRun run_model(system::AxiBench& bench, const Parameters& parameters) {
  Unit unit(parameters);
  while (!bench.done()) unit.clock(bench);
  return bench.take_run();
}

}  // namespace transom::wide
