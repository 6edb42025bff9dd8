// sc_decoder.cpp — the SystemC cycle model of the decoder unit.
//
// One module and one process for all lanes, no signal per lane, no signal of the clock: its edges
// are the multiples of its period, and the process asks for the next one that it must see. So the
// kernel's price is paid once for all clocks in which no job begins or ends. The environment is
// reached through a port by method call, as its answers are wanted within the clock.
// SPDX-License-Identifier: Apache-2.0
#include "transom/systemc/sc_decoder.hpp"

#include <memory>
#include <systemc>

#include "transom/cycle/unit.hpp"

// The library brings a main() that wants this; programs here have their own.
int sc_main(int, char**) { return 0; }

namespace transom::systemc {

namespace {

class EnvironmentIf : public virtual sc_core::sc_interface {
 public:
  virtual unit::Bench& bench() = 0;
};

/// The bench of the current job.
class Environment : public sc_core::sc_module, public EnvironmentIf {
 public:
  explicit Environment(const sc_core::sc_module_name& name) : sc_module(name) {}
  void attach(unit::Bench& bench) { bench_ = &bench; }

  unit::Bench& bench() override { return *bench_; }

 private:
  unit::Bench* bench_ = nullptr;
};

class ScDecoder : public sc_core::sc_module {
 public:
  sc_core::sc_port<EnvironmentIf> environment{"environment"};

  SC_HAS_PROCESS(ScDecoder);
  explicit ScDecoder(const sc_core::sc_module_name& name) : sc_module(name) { SC_METHOD(tick); }

  void reset(const unit::UnitShape& shape) {
    unit_ = cycle::make_unit(shape);
    out_ = {};
    out_.streams.resize(shape.n_streams());
  }

 private:
  void tick() {
    unit::Bench& bench = environment->bench();
    std::uint64_t n_clocks = unit_->stretch(bench);
    if (n_clocks == 0) {
      bench.drive(in_);
      unit_->clock(in_, out_);
      bench.observe(in_, out_);
      n_clocks = 1;
    }
    next_trigger(static_cast<double>(n_clocks) * period_);
    if (bench.done()) sc_core::sc_pause();
  }

  const sc_core::sc_time period_{1, sc_core::SC_NS};
  std::unique_ptr<cycle::UnitModel> unit_;
  unit::UnitInputs in_;
  unit::UnitOutputs out_;
};

/// The one elaborated design of the process.
struct Design {
  Environment environment{"bench"};
  ScDecoder decoder{"decoder"};

  Design() { decoder.environment(environment); }
};

}  // namespace

unit::Run run_systemc(unit::Bench& bench) {
  static Design& design = *new Design;  // never destroyed: the kernel outlives static objects
  design.environment.attach(bench);
  design.decoder.reset(bench.shape());
  sc_core::sc_start();
  return bench.take_run();
}

}  // namespace transom::systemc
