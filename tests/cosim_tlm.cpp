// cosim_tlm.cpp — the TLM-2.0 views of decoder_axi on a platform of their own.
// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <map>

#include "container.hpp"
#include "plan.hpp"
#include "random.hpp"
#include "tlm_ca.hpp"
#include "tlm_lt.hpp"
#include "tlm_platform.hpp"
#include "trace.hpp"

namespace transom {
namespace {

using support::TestPlatform;
using support::TlmRun;

constexpr std::uint64_t kBase = 0x8000'0000;

struct Units {
  std::map<std::pair<LaneKind, unsigned>, std::unique_ptr<TestPlatform<TlmDecoderLt>>> lt;
  std::map<std::pair<LaneKind, unsigned>, std::unique_ptr<TestPlatform<TlmDecoderCa>>> ca;
  Units() {
    tlm::tlm_global_quantum::instance().set(sc_core::sc_time(10, sc_core::SC_US));
    for (unsigned kind = 0; kind < kLaneKinds; ++kind) {
      for (const unsigned lanes : {1u, 4u, 16u}) {
        TlmParameters p;
        p.axi.shape.unit = {static_cast<LaneKind>(kind), lanes};
        if (static_cast<LaneKind>(kind) == LaneKind::kRans) p.axi.shape.table_log = 12;
        const std::string name = std::to_string(kind) + "_" + std::to_string(lanes);
        lt[{static_cast<LaneKind>(kind), lanes}] =
            std::make_unique<TestPlatform<TlmDecoderLt>>(("lt" + name).c_str(), p);
        ca[{static_cast<LaneKind>(kind), lanes}] =
            std::make_unique<TestPlatform<TlmDecoderCa>>(("ca" + name).c_str(), p);
      }
    }
    sc_core::sc_start(sc_core::SC_ZERO_TIME);
  }
};
Units& units() {
  static Units& all = *new Units;
  return all;
}

std::vector<Tensor> digits() {
  const char* source = std::getenv("TRANSOM_SOURCE");
  return read_trace(std::filesystem::path(source ? source : ".") / "golden/traces/digits_cnn_int8");
}

struct Coded {
  std::vector<CodedTensor> tensors;
  AxiImage image;
  std::vector<value_t> values;
};
Coded make(Coding coding, unsigned lanes, const AxiShape& shape, unsigned copies) {
  Coded coded;
  for (const Tensor& t : digits()) {
    PlanOptions o;
    o.coding = coding;
    o.n_lanes = lanes;
    if (copies > 1 && t.values.size() < 10000) continue;
    Tensor big = t;
    if (copies > 1) {
      for (unsigned i = 1; i < copies; ++i) big.values.insert(big.values.end(), t.values.begin(), t.values.end());
      big.shape = {static_cast<std::uint32_t>(big.values.size())};
    }
    CodedTensor c = encode_best(big, o);
    if (c.code.coding == Coding::kRaw && codec(coding).lane != LaneKind::kTans) continue;
    for (value_t v : big.values) coded.values.push_back(v);
    coded.tensors.push_back(std::move(c));
  }
  const auto file = write_container(coded.tensors);
  coded.image = make_axi_image(file, coded.tensors, shape, kBase);
  return coded;
}

TEST_CASE("views decode containers", "[cosim]") {
  for (const unsigned copies : {1u, 20u}) {
  for (const auto coding : {Coding::kTans, Coding::kApackTans, Coding::kApackRans, Coding::kRans, Coding::kApackAc}) {
    for (const unsigned lanes : {1u, 4u, 16u}) {
      auto& lt = *units().lt[{codec(coding).lane, lanes}];
      auto& ca = *units().ca[{codec(coding).lane, lanes}];
      Coded c = make(coding, lanes * streams_per_lane(codec(coding).lane), lt.decoder.parameters().axi.shape, copies);
      if (c.tensors.empty()) continue;
      const auto g0 = std::chrono::steady_clock::now();
      for (const CodedTensor& t : c.tensors) decode(t);
      const double golden = std::chrono::duration<double>(std::chrono::steady_clock::now() - g0).count();
      for (unsigned mem = 0; mem < 4; ++mem) {
      for (auto* m : {&lt.memory, &ca.memory}) {
        m->latency = sc_core::sc_time(mem % 2 ? 100 : 0, sc_core::SC_NS);
        m->byte_time = sc_core::sc_time(mem / 2 ? 1000 : 10, sc_core::SC_PS);
        m->offers_dmi = false;
      }
      lt.lay(c.image);
      ca.lay(c.image);
      const auto t0 = std::chrono::steady_clock::now();
      const TlmRun run = lt.run(c.image.descriptors, c.image.n_descriptors);
      const auto t1 = std::chrono::steady_clock::now();
      const TlmRun exact = ca.run(c.image.descriptors, c.image.n_descriptors);
      const auto t2 = std::chrono::steady_clock::now();
      const double s0 = std::chrono::duration<double>(t1 - t0).count(), s1 = std::chrono::duration<double>(t2 - t1).count();
      const auto cycles = [](const TlmRun& r) { return (double)r.counter(AxiRegister::kCycles); };
      std::printf("%s %u lanes mem %u: cycles lt %.0f ca %.0f err %.2f %%, %.3f vpc; Mvalues/s golden %.1f lt %.1f ca %.2f (Mcycles/s %.2f)\n",
          codec(coding).name.data(), lanes, mem, cycles(run), cycles(exact), 100*(cycles(run)/cycles(exact)-1), (double)c.values.size()/cycles(exact)/lanes,
          (double)c.values.size()/golden/1e6, (double)c.values.size()/s0/1e6,(double)c.values.size()/s1/1e6, cycles(exact)/s1/1e6);
      CHECK(run.status == kAxiDone);
      CHECK(run.values == c.values);
      CHECK(exact.status == kAxiDone);
      CHECK(exact.values == c.values);
      CHECK(exact.ends == run.ends);
      CHECK(exact.counter(AxiRegister::kBeatsRead) == run.counter(AxiRegister::kBeatsRead));
      CHECK(exact.counter(AxiRegister::kBeatsOut) == run.counter(AxiRegister::kBeatsOut));
      CHECK(exact.counter(AxiRegister::kBeats) == run.counter(AxiRegister::kBeats));
      CHECK(exact.counter(AxiRegister::kValues) == run.counter(AxiRegister::kValues));
      }
    }
  }
  }
}

}  // namespace
}  // namespace transom
