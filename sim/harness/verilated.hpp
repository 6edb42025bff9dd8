// verilated.hpp — a Verilated model as the base of a Dut: clock, time, waves, failed assertions.
//
//   class MyDecoder : public VerilatedDut<Vmy_decoder> {
//     void set_clock(bool level) override { top().clk = level; }
//     ...
//   };
// A clock is settle() (the inputs are set: outputs can be read), then edge(). For waves, compile
// with VM_TRACE_FST=1 or VM_TRACE=1, as the model was. Needs Verilator's headers, 5.006 or later.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <verilated.h>
#if defined(VM_TRACE_FST) && VM_TRACE_FST
#include <verilated_fst_c.h>
#elif defined(VM_TRACE) && VM_TRACE
#include <verilated_vcd_c.h>
#endif

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "transom/harness/harness.hpp"

namespace transom::harness {

template <class Model>
class VerilatedDut : public Dut {
 public:
  /// @param plusargs "+name=value", for $value$plusargs
  explicit VerilatedDut(const std::vector<std::string>& plusargs = {}) {
    std::vector<const char*> arguments{"dut"};
    for (const std::string& argument : plusargs) arguments.push_back(argument.c_str());
    context_.commandArgs(static_cast<int>(arguments.size()), arguments.data());
    context_.fatalOnError(false);  // a failed assertion is a finding, not the end of the program
#if (defined(VM_TRACE_FST) && VM_TRACE_FST) || (defined(VM_TRACE) && VM_TRACE)
    context_.traceEverOn(true);
#endif
    model_ = std::make_unique<Model>(&context_, "dut");
  }
  ~VerilatedDut() override {
    close_wave();
    model_->final();
  }
  VerilatedDut(const VerilatedDut&) = delete;
  VerilatedDut& operator=(const VerilatedDut&) = delete;

  std::uint64_t now() const override { return now_; }
  std::string complaint() override {
    return context_.gotError() ? "an assertion failed, see what it printed" : "";
  }

  /// Ten units of the wave's time are a clock.
  bool wave(const std::filesystem::path& file, std::uint64_t from, std::uint64_t to) override {
#if defined(VM_TRACE_FST) && VM_TRACE_FST
    open_wave(file.string() + ".fst", from, to);
    return true;
#elif defined(VM_TRACE) && VM_TRACE
    open_wave(file.string() + ".vcd", from, to);
    return true;
#else
    static_cast<void>(file), static_cast<void>(from), static_cast<void>(to);
    return false;
#endif
  }

 protected:
  virtual void set_clock(bool level) = 0;
  Model& top() { return *model_; }

  /// The inputs are set: the outputs follow.
  void settle() {
    set_clock(false);
    eval(0);
  }
  /// The clock edge.
  void edge() {
    set_clock(true);
    eval(5);
    ++now_;
  }
  /// A clock in which nobody looks at the outputs.
  void tick() {
    settle();
    edge();
  }

 private:
  void eval(unsigned phase) {
    context_.time(10 * now_ + phase);
    model_->eval();
#if defined(VM_TRACE_FST) && VM_TRACE_FST || defined(VM_TRACE) && VM_TRACE
    if (wave_ && now_ >= from_ && now_ <= to_) wave_->dump(10 * now_ + phase);
#endif
  }

#if defined(VM_TRACE_FST) && VM_TRACE_FST
  using Wave = VerilatedFstC;
#elif defined(VM_TRACE) && VM_TRACE
  using Wave = VerilatedVcdC;
#endif
#if defined(VM_TRACE_FST) && VM_TRACE_FST || defined(VM_TRACE) && VM_TRACE
  void open_wave(const std::string& file, std::uint64_t from, std::uint64_t to) {
    wave_ = std::make_unique<Wave>();
    model_->trace(wave_.get(), 99);
    wave_->open(file.c_str());
    from_ = from;
    to_ = to;
  }
  void close_wave() {
    if (wave_) wave_->close();
  }
  std::unique_ptr<Wave> wave_;
  std::uint64_t from_ = 0;
  std::uint64_t to_ = 0;
#else
  void close_wave() {}
#endif

  VerilatedContext context_;
  std::unique_ptr<Model> model_;
  std::uint64_t now_ = 0;
};

}  // namespace transom::harness
