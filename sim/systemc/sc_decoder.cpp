// sc_decoder.cpp — the SystemC cycle model of the decoder unit.
//
// One module and one process for all lanes, no signal per lane: the kernel's price is paid per
// clock, not per lane. The environment is reached through a port by method call, as its answers are
// wanted within the clock.
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
  virtual void drive(unit::UnitInputs& in) = 0;
  virtual void observe(const unit::UnitInputs& in, const unit::UnitOutputs& out) = 0;
  virtual bool done() const = 0;
};

/// Hands the calls to the bench of the current job.
class Environment : public sc_core::sc_module, public EnvironmentIf {
 public:
  explicit Environment(const sc_core::sc_module_name& name) : sc_module(name) {}
  void attach(unit::Bench& bench) { bench_ = &bench; }

  void drive(unit::UnitInputs& in) override { bench_->drive(in); }
  void observe(const unit::UnitInputs& in, const unit::UnitOutputs& out) override {
    bench_->observe(in, out);
  }
  bool done() const override { return bench_->done(); }

 private:
  unit::Bench* bench_ = nullptr;
};

class ScDecoder : public sc_core::sc_module {
 public:
  sc_core::sc_in<bool> clk{"clk"};
  sc_core::sc_port<EnvironmentIf> environment{"environment"};

  SC_HAS_PROCESS(ScDecoder);
  explicit ScDecoder(const sc_core::sc_module_name& name) : sc_module(name) {
    SC_METHOD(tick);
    sensitive << clk.pos();
    dont_initialize();
  }

  void reset(const unit::UnitShape& shape) {
    unit_ = cycle::make_unit(shape);
    out_ = {};
    out_.streams.resize(shape.n_streams());
  }

 private:
  void tick() {
    environment->drive(in_);
    unit_->clock(in_, out_);
    environment->observe(in_, out_);
    if (environment->done()) sc_core::sc_pause();
  }

  std::unique_ptr<cycle::UnitModel> unit_;
  unit::UnitInputs in_;
  unit::UnitOutputs out_;
};

/// The one elaborated design of the process.
struct Design {
  sc_core::sc_clock clk{"clk", sc_core::sc_time(1, sc_core::SC_NS)};
  Environment environment{"bench"};
  ScDecoder decoder{"decoder"};

  Design() {
    decoder.clk(clk);
    decoder.environment(environment);
  }
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
