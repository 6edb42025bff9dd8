// rtl_model.hpp — a Verilated model with one clock and an active-low reset, run by a bench.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <verilated.h>
#include <verilated_fst_c.h>

#include <cstdint>
#include <limits>
#include <memory>
#include <stdexcept>
#include <string>

#include "transom/verilated/rtl_print.hpp"

namespace transom::verilated {

/// Which cycles of a run go into an FST file; 10 time units are a cycle.
struct RtlWave {
  std::string file = {};  ///< empty: none
  std::uint64_t from = 0;
  std::uint64_t to = std::numeric_limits<std::uint64_t>::max();
};

template <class Model>
class RtlModel {
 public:
  RtlModel(const char* name, bool assertions, const RtlWave& wave) : wave_(wave) {
    context_.fatalOnError(false);
    context_.assertOn(assertions);
    context_.traceEverOn(!wave.file.empty());
    model_ = std::make_unique<Model>(&context_, name);
    if (!wave.file.empty()) open_wave();
    model_->rst_ni = 0;
    for (int i = 0; i < 4; ++i) {
      model_->clk_i = i & 1;
      model_->eval();
    }
    model_->rst_ni = 1;
  }
  ~RtlModel() {
    if (trace_) trace_->close();
    model_->final();
  }
  RtlModel(const RtlModel&) = delete;
  RtlModel& operator=(const RtlModel&) = delete;

  Model& ports() { return *model_; }
  const Model& ports() const { return *model_; }

  /// Runs the bench to its end: drive(in) sets the ports, sample(out) reads them. A failed
  /// assertion ends it with its text as the fault.
  template <class Bench, class Inputs, class Outputs, class Drive, class Sample>
  auto run(Bench& bench, Inputs& in, Outputs& out, Drive drive, Sample sample) {
    rtl_printed().clear();
    while (!bench.done()) {
      const std::uint64_t cycle = bench.cycle();
      bench.drive(in);
      drive(in);
      model_->clk_i = 0;
      eval(cycle, 0);
      sample(out);
      bench.observe(in, out);
      model_->clk_i = 1;
      eval(cycle, 5);
      if (context_.gotError()) bench.give_up("an assertion failed: " + rtl_printed());
    }
    return bench.take_run();
  }

 private:
  void open_wave() {
    if constexpr (requires(Model & m, VerilatedFstC * trace) { m.trace(trace, 99); }) {
      trace_ = std::make_unique<VerilatedFstC>();
      model_->trace(trace_.get(), 99);
      trace_->open(wave_.file.c_str());
    } else {
      throw std::invalid_argument("waves are written of units of up to 16 lanes; take fewer lanes");
    }
  }

  void eval(std::uint64_t cycle, unsigned phase) {
    context_.time(10 * cycle + phase);
    model_->eval();
    if (trace_ && cycle >= wave_.from && cycle <= wave_.to) trace_->dump(10 * cycle + phase);
  }

  RtlWave wave_;
  VerilatedContext context_;
  std::unique_ptr<Model> model_;
  std::unique_ptr<VerilatedFstC> trace_;
};

}  // namespace transom::verilated
