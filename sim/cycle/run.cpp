// run.cpp — the cycle model of the decoder unit as a run of the bench.
// SPDX-License-Identifier: Apache-2.0
#include "transom/cycle/run.hpp"

#include "transom/cycle/unit.hpp"

namespace transom::cycle {

unit::Run run(unit::Bench& bench) {
  const std::unique_ptr<UnitModel> model = make_unit(bench.shape());
  unit::UnitInputs in;
  unit::UnitOutputs out;
  out.streams.resize(bench.shape().n_streams());
  while (!bench.done()) {
    if (model->stretch(bench) != 0) continue;
    bench.drive(in);
    model->clock(in, out);
    bench.observe(in, out);
  }
  return bench.take_run();
}

}  // namespace transom::cycle
