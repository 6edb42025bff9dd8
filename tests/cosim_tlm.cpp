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
  Units() {
    tlm::tlm_global_quantum::instance().set(sc_core::sc_time(10, sc_core::SC_US));
    for (unsigned kind = 0; kind < kLaneKinds; ++kind) {
      for (const unsigned lanes : {1u, 4u, 16u}) {
        TlmParameters p;
        p.axi.shape.unit = {static_cast<LaneKind>(kind), lanes};
        if (static_cast<LaneKind>(kind) == LaneKind::kRans) p.axi.shape.table_log = 12;
        const std::string name = "lt_" + std::to_string(kind) + "_" + std::to_string(lanes);
        lt[{static_cast<LaneKind>(kind), lanes}] =
            std::make_unique<TestPlatform<TlmDecoderLt>>(name.c_str(), p);
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
Coded make(Coding coding, unsigned lanes, const AxiShape& shape) {
  Coded coded;
  for (const Tensor& t : digits()) {
    PlanOptions o;
    o.coding = coding;
    o.n_lanes = lanes;
    CodedTensor c = encode_best(t, o);
    if (c.code.coding == Coding::kRaw && codec(coding).lane != LaneKind::kTans) continue;
    for (value_t v : t.values) coded.values.push_back(v);
    coded.tensors.push_back(std::move(c));
  }
  const auto file = write_container(coded.tensors);
  coded.image = make_axi_image(file, coded.tensors, shape, kBase);
  return coded;
}

TEST_CASE("lt decodes containers", "[cosim]") {
  for (const auto coding :
       {Coding::kTans, Coding::kApackTans, Coding::kApackRans, Coding::kRans, Coding::kApackAc}) {
    for (const unsigned lanes : {1u, 4u, 16u}) {
      auto& unit = *units().lt[{codec(coding).lane, lanes}];
      Coded c = make(coding, lanes * streams_per_lane(codec(coding).lane),
                     unit.decoder.parameters().axi.shape);
      unit.lay(c.image);
      const TlmRun run = unit.run(c.image.descriptors, c.image.n_descriptors);
      std::printf("%s %u lanes: status %x cycles %lu values %lu of %zu: %f reads %lu\n",
                  codec(coding).name.data(), lanes, run.status, run.counter(AxiRegister::kCycles),
                  run.counter(AxiRegister::kValues), c.values.size(),
                  (double)run.counter(AxiRegister::kValues) /
                      (double)run.counter(AxiRegister::kCycles) / lanes,
                  unit.memory.n_reads);
      CHECK(run.status == kAxiDone);
      CHECK(run.values == c.values);
    }
  }
}

}  // namespace
}  // namespace transom
