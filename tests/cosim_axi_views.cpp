// cosim_axi_views.cpp — the C++ cycle model of decoder_axi against the Verilated one: same outputs
// in every clock. SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>
#include <cstdio>

#include "axi_support.hpp"
#include "sc_axi.hpp"

namespace transom {
namespace {

using namespace axi;

/// Keeps all that the unit's outputs are in each clock.
class Recorder : public AxiBench {
 public:
  using AxiBench::AxiBench;
  std::vector<AxiOutputs> clocks;
  void observe(const AxiInputs& in, const AxiOutputs& out) override {
    clocks.push_back(out);
    AxiBench::observe(in, out);
  }
};

AxiRun run_model(AxiBench& bench) {
  AxiParameters parameters;
  parameters.shape = bench.shape();
  AxiModel model(parameters);
  AxiInputs in;
  AxiOutputs out;
  out.values.resize(bench.shape().beat_values());
  out.keep.resize(bench.shape().beat_values());
  while (!bench.done()) {
    bench.drive(in);
    model.outputs(out);
    model.edge(in, &out.words);
    bench.observe(in, out);
  }
  return bench.take_run();
}

/// What differs, empty if nothing does.
std::string difference(const AxiOutputs& rtl, const AxiOutputs& sc) {
  std::string all;
  const auto compare = [&](const char* name, std::uint64_t a, std::uint64_t b) {
    if (a != b) {
      all += std::string(name) + " " + std::to_string(a) + " / " + std::to_string(b) + "; ";
    }
  };
  compare("arvalid", rtl.arvalid, sc.arvalid);
  if (rtl.arvalid) {
    compare("araddr", rtl.araddr, sc.araddr);
    compare("arlen", rtl.arlen, sc.arlen);
  }
  compare("rready", rtl.rready, sc.rready);
  compare("tvalid", rtl.tvalid, sc.tvalid);
  if (rtl.tvalid && sc.tvalid) {
    compare("tlast", rtl.tlast, sc.tlast);
    for (std::size_t i = 0; i < rtl.values.size(); ++i) {
      compare("keep", rtl.keep[i], sc.keep[i]);
      compare("value", rtl.values[i], sc.values[i]);
    }
  }
  compare("awready", rtl.lite_awready, sc.lite_awready);
  compare("wready", rtl.lite_wready, sc.lite_wready);
  compare("bvalid", rtl.lite_bvalid, sc.lite_bvalid);
  compare("lite arready", rtl.lite_arready, sc.lite_arready);
  compare("lite rvalid", rtl.lite_rvalid, sc.lite_rvalid);
  if (rtl.lite_rvalid) compare("lite rdata", rtl.lite_rdata, sc.lite_rdata);
  compare("irq", rtl.irq, sc.irq);
  for (std::size_t p = 0; p < rtl.words.size(); ++p) {
    const std::string port = "port " + std::to_string(p);
    compare((port + " taken").c_str(), rtl.words[p].valid, sc.words[p].valid);
    if (rtl.words[p].valid) {
      compare((port + " word").c_str(), rtl.words[p].word, sc.words[p].word);
      compare((port + " last").c_str(), rtl.words[p].last, sc.words[p].last);
    }
  }
  return all;
}

std::string compare(const Case& c, const AxiPressure& pressure, unsigned n_starts = 1,
                    std::vector<AxiFaultRange> faults = {}) {
  Recorder rtl(c.image, c.golden, c.shape, pressure, faults, n_starts);
  Recorder sc(c.image, c.golden, c.shape, pressure, faults, n_starts);
  run_rtl_axi(rtl);
  run_model(sc);
  for (std::size_t i = 0; i < std::min(rtl.clocks.size(), sc.clocks.size()); ++i) {
    const std::string d = difference(rtl.clocks[i], sc.clocks[i]);
    if (!d.empty()) return "clock " + std::to_string(i) + ": rtl / sc: " + d;
  }
  if (rtl.clocks.size() != sc.clocks.size()) return "clocks";
  std::printf("%zu clocks equal\n", rtl.clocks.size());
  return "";
}

TEST_CASE("axi views: equal", "[cosim]") {
  for (const AxiShape& shape : rtl_axi_shapes()) {
    for (std::uint32_t seed = 0; seed < 20; ++seed) {
      Random random(seed);
      std::vector<CodedTensor> tensors;
      for (unsigned t = 0; t < 4; ++t) {
        tensors.push_back(random_tensor(shape, 1 + random() % 400,
                                        1 + random() % shape.unit.n_streams(), 1 + random() % 2,
                                        random));
      }
      const Case c = make_case(shape, std::move(tensors));
      AxiPressure pressure;
      pressure.seed = seed;
      if (seed % 4 != 0) {
        pressure.ar_closed = random() % 60;
        pressure.r_closed = random() % 60;
        pressure.values_closed = random() % 60;
        pressure.lite_closed = random() % 60;
        pressure.latency = random() % 60;
        pressure.more_latency = random() % 30;
        pressure.beat_period = 1 + random() % 3;
      }
      INFO("kind " << static_cast<int>(shape.unit.kind) << " lanes " << shape.unit.n_lanes
                   << " seed " << seed);
      CHECK(compare(c, pressure) == "");
    }
  }
}

}  // namespace
}  // namespace transom
