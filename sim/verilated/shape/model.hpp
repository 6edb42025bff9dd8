// model.hpp — Verilator's class with one clock and an active-low reset, clock by clock.
//
// shape.sh names the class Vshape, whatever the module, and defines VM_TRACE for shapes that write
// waves, VM_COVERAGE for those that count what they reach.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <Vshape.h>
#include <verilated.h>
#if VM_TRACE
#include <verilated_fst_c.h>
#endif

#include <cstdint>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>

#include "transom/verilated/shape/print.hpp"
#include "transom/verilated/shape/shape.hpp"
#if VM_COVERAGE
#include "transom/verilated/shape/counts.hpp"
#endif

namespace transom::verilated {

class Model {
 public:
  Model(const char* name, const ShapeOptions& options) : options_(options) {
    context_->fatalOnError(false);
    context_->assertOn(options.assertions);
    context_->traceEverOn(!options.wave.empty());
    rtl_printed().clear();
    model_ = std::make_unique<Vshape>(context_.get(), name);
    if (!options.wave.empty()) open_wave();
    model_->rst_ni = 0;
    for (int i = 0; i < 4; ++i) {
      model_->clk_i = i & 1;
      model_->eval();
    }
    model_->rst_ni = 1;
  }
  ~Model() {
#if VM_TRACE
    if (trace_) trace_->close();
#endif
    model_->final();
#if VM_COVERAGE
    coverage_counts().add(std::move(context_), std::move(model_));
#endif
  }
  Model(const Model&) = delete;
  Model& operator=(const Model&) = delete;

  Vshape& ports() { return *model_; }
  const Vshape& ports() const { return *model_; }

  /// The first half of a clock, in which its inputs are to be set before.
  void low() {
    model_->clk_i = 0;
    eval(0);
  }
  /// The rising edge. False if an assertion has failed.
  bool edge() {
    model_->clk_i = 1;
    eval(5);
    ++cycle_;
    return !context_->gotError();
  }

 private:
  void open_wave() {
#if VM_TRACE
    trace_ = std::make_unique<VerilatedFstC>();
    model_->trace(trace_.get(), 99);
    trace_->open(options_.wave.c_str());
    if (!trace_->isOpen()) throw std::runtime_error(options_.wave + ": cannot be written");
#else
    throw std::logic_error("a shape that writes no waves");
#endif
  }

  void eval(unsigned phase) {
    context_->time(10 * cycle_ + phase);
    model_->eval();
#if VM_TRACE
    if (trace_ && cycle_ >= options_.wave_from && cycle_ <= options_.wave_to) {
      trace_->dump(10 * cycle_ + phase);
    }
#endif
  }

  ShapeOptions options_;
  std::uint64_t cycle_ = 0;
  std::unique_ptr<VerilatedContext> context_ = std::make_unique<VerilatedContext>();
  std::unique_ptr<Vshape> model_;
#if VM_TRACE
  std::unique_ptr<VerilatedFstC> trace_;
#endif
};

}  // namespace transom::verilated
