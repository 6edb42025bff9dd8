// axi_compare.hpp — the cycle model of decoder_axi beside the Verilated one, clock by clock.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "../axi_support.hpp"
#include "transom/cycle/axi_run.hpp"

namespace transom::axi {

/// Keeps what the unit's outputs are in each clock.
class Recorder : public AxiBench {
 public:
  using AxiBench::AxiBench;
  void observe(const AxiInputs& in, const AxiOutputs& out) override {
    clocks.push_back(out);
    AxiBench::observe(in, out);
  }
  std::vector<AxiOutputs> clocks;
};

/// Which ports differ, and how; empty if none does.
inline std::string difference(const AxiOutputs& rtl, const AxiOutputs& model) {
  std::string all;
  const auto compare = [&](const std::string& name, std::uint64_t a, std::uint64_t b) {
    if (a != b) all += " " + name + " " + std::to_string(a) + " / " + std::to_string(b);
  };
  compare("arvalid", rtl.arvalid, model.arvalid);
  if (rtl.arvalid && model.arvalid) {
    compare("araddr", rtl.araddr, model.araddr);
    compare("arlen", rtl.arlen, model.arlen);
  }
  compare("rready", rtl.rready, model.rready);
  compare("tvalid", rtl.tvalid, model.tvalid);
  for (std::size_t i = 0; rtl.tvalid && model.tvalid && i < rtl.values.size(); ++i) {
    compare("tlast", rtl.tlast, model.tlast);
    compare("tkeep " + std::to_string(i), rtl.keep[i], model.keep[i]);
    compare("tdata " + std::to_string(i), rtl.values[i], model.values[i]);
  }
  compare("awready", rtl.lite_awready, model.lite_awready);
  compare("wready", rtl.lite_wready, model.lite_wready);
  compare("bvalid", rtl.lite_bvalid, model.lite_bvalid);
  compare("bresp", rtl.lite_bresp, model.lite_bresp);
  compare("lite arready", rtl.lite_arready, model.lite_arready);
  compare("lite rvalid", rtl.lite_rvalid, model.lite_rvalid);
  if (rtl.lite_rvalid) compare("lite rdata", rtl.lite_rdata, model.lite_rdata);
  compare("irq", rtl.irq, model.irq);
  for (std::size_t i = 0; i < kAxiCounters; ++i) {
    compare("counter " + std::to_string(i), rtl.counters[i], model.counters[i]);
  }
  for (std::size_t s = 0; s < rtl.steps.size(); ++s) {
    const std::string lane = "lane " + std::to_string(s);
    compare(lane + " steps", rtl.steps[s].valid(), model.steps[s].valid());
    compare(lane + " symbol", rtl.steps[s].symbol(), model.steps[s].symbol());
    compare(lane + " position", rtl.steps[s].position(), model.steps[s].position());
    compare(lane + " offsets", rtl.steps[s].offset_position(), model.steps[s].offset_position());
    compare(lane + " state", rtl.steps[s].state(), model.steps[s].state());
  }
  for (std::size_t p = 0; p < rtl.words.size(); ++p) {
    const std::string channel = "channel " + std::to_string(p);
    compare(channel + " takes", rtl.words[p].valid, model.words[p].valid);
    if (!rtl.words[p].valid) continue;
    compare(channel + " word", rtl.words[p].word, model.words[p].word);
    compare(channel + " last", rtl.words[p].last, model.words[p].last);
  }
  return all;
}

struct Compared {
  std::string first;  ///< difference
  std::uint64_t clocks = 0;
  AxiRun run;
};
/// A run of each, driven and watched by a bench of its own; `make` makes a Recorder.
template <class Make, class RunRtl, class RunModel>
Compared compare_runs(Make make, RunRtl run_rtl, RunModel run_model) {
  auto rtl = make();
  auto model = make();
  Compared compared;
  compared.run = run_rtl(rtl);
  run_model(model);
  compared.clocks = rtl.clocks.size();
  for (std::size_t i = 0; i < std::min(rtl.clocks.size(), model.clocks.size()); ++i) {
    const std::string text = difference(rtl.clocks[i], model.clocks[i]);
    if (text.empty()) continue;
    compared.first = "clock " + std::to_string(i) + ", rtl / model:" + text;
    return compared;
  }
  if (rtl.clocks.size() != model.clocks.size()) compared.first = "one ends before the other";
  return compared;
}
template <class Make>
Compared compare_runs(const AxiParameters& parameters, Make make,
                      const RtlAxiOptions& options = {}) {
  return compare_runs(
      make, [&](AxiBench& bench) { return run_rtl_axi(bench, parameters, options); },
      [&](AxiBench& bench) { cycle::run_axi_model(bench, parameters); });
}
inline Compared compare(const Case& c, const AxiPressure& pressure,
                        std::vector<AxiFaultRange> faults = {}, unsigned n_starts = 1,
                        const char* fault = "") {
  return compare_runs(
      {.shape = c.shape},
      [&] { return Recorder(c.image, c.golden, c.shape, pressure, faults, n_starts); },
      {.fault = fault});
}

inline std::vector<CodedTensor> random_tensors(const AxiShape& shape, Random& random) {
  std::vector<CodedTensor> tensors;
  for (std::uint32_t n = 1 + random() % 5; n > 0; --n) {
    const std::uint32_t n_values = random() % 8 == 0 ? 0 : 1 + random() % 700;
    const std::uint32_t n_lanes = 1 + random() % shape.unit.n_streams();
    tensors.push_back(random_tensor(shape, n_values, n_lanes, 1 + random() % 3, random));
  }
  return tensors;
}

}  // namespace transom::axi
