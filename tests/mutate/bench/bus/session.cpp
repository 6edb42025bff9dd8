// session.cpp — the bench of a unit in its system as surroundings of mutants.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>

#include "surroundings.hpp"

namespace transom::mutate {
namespace {

using namespace system;

/// Registers that tell no times.
constexpr std::array kTold{AxiRegister::kStatus,          AxiRegister::kIrqStatus,
                           AxiRegister::kErrorDescriptor, AxiRegister::kErrorStream,
                           AxiRegister::kValues,          AxiRegister::kBeatsRead,
                           AxiRegister::kBeatsOut,        AxiRegister::kBeats};

class Session final : public Surroundings {
 public:
  Session(const AxiParameters& unit, SharedCase of)
      : of_(std::move(of)),
        bench_(of_->image, of_->starts, unit.shape, of_->pressure, of_->faults) {}

  void drive(AxiInputs& in) override {
    bench_.drive(in);
    in.lite_wstrb = 15;
  }
  void observe(const AxiInputs& in, const AxiOutputs& out) override { bench_.observe(in, out); }
  bool done() const override { return bench_.done(); }
  Kill wrong() const override {
    const AxiRun& run = bench_.run();
    if (run.first) {
      const std::string text = run.first->text();
      return {text.substr(0, text.find(':')), text};
    }
    if (run.fault.empty()) return {};
    return {run.fault.find("nothing moved") == std::string::npos ? "rule" : "time-out", run.fault};
  }
  /// Of the start that runs, and of the one that may be about to.
  AxiLimits limits() const override {
    const std::size_t next = std::min(bench_.run().start_cycles.size(), of_->starts.size() - 1);
    AxiLimits both = of_->starts[next].limits;
    if (next == 0) return both;
    const AxiLimits& now = of_->starts[next - 1].limits;
    both.window_base = std::min(both.window_base, now.window_base);
    both.window_limit = std::max(both.window_limit, now.window_limit);
    return both;
  }
  std::vector<std::uint32_t> told() const override {
    std::vector<std::uint32_t> told;
    for (std::size_t start = 0; start < bench_.run().registers.size(); ++start) {
      for (const AxiRegister reg : kTold) told.push_back(bench_.run().reg(reg, start));
    }
    return told;
  }

 private:
  SharedCase of_;
  AxiBench bench_;
};

}  // namespace

MakeSurroundings session(const AxiParameters& unit, const SharedCase& of) {
  return [unit, of] { return std::make_unique<Session>(unit, of); };
}

}  // namespace transom::mutate
