// cosim_axi_model.cpp — the cycle model of decoder_axi against the Verilated one: the same outputs
// in every clock, whatever memory, consumer and software do, and whatever is in memory.
// SPDX-License-Identifier: Apache-2.0
#include <iostream>

#include "axi_support.hpp"
#include "transom/cycle/axi_run.hpp"

using namespace transom;
using namespace transom::cycle;
using namespace transom::axi;

namespace {

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
std::string difference(const AxiOutputs& rtl, const AxiOutputs& model) {
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
Compared compare(const Case& c, const AxiPressure& pressure, std::vector<AxiFaultRange> faults = {},
                 unsigned n_starts = 1, const char* fault = "") {
  Recorder rtl(c.image, c.golden, c.shape, pressure, faults, n_starts);
  Recorder model(c.image, c.golden, c.shape, pressure, faults, n_starts);
  Compared compared;
  const AxiParameters parameters{.shape = c.shape};
  compared.run = run_rtl_axi(rtl, parameters, {.fault = fault});
  run_axi_model(model, parameters);
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

std::vector<CodedTensor> random_tensors(const AxiShape& shape, Random& random) {
  std::vector<CodedTensor> tensors;
  for (std::uint32_t n = 1 + random() % 5; n > 0; --n) {
    const std::uint32_t n_values = random() % 8 == 0 ? 0 : 1 + random() % 700;
    const std::uint32_t n_lanes = 1 + random() % shape.unit.n_streams();
    tensors.push_back(random_tensor(shape, n_values, n_lanes, 1 + random() % 3, random));
  }
  return tensors;
}

}  // namespace

TEST_CASE("axi model: equal to the RTL in every clock, at rest and under pressure", "[cosim]") {
  for (const AxiShape& shape : kTestShapes) {
    std::uint64_t clocks = 0;
    for (std::uint32_t seed = 0; seed < 24; ++seed) {
      Random random(seed);
      const Case c = make_case(shape, random_tensors(shape, random), kBase + 4 * (random() % 64));
      INFO("kind " << int(shape.unit.kind) << ", seed " << seed);
      const Compared compared =
          compare(c, seed < 4 ? AxiPressure{} : random_pressure(seed), {}, 1 + seed % 2);
      REQUIRE(compared.run.fault == "");
      REQUIRE(compared.first == "");
      clocks += compared.clocks;
    }
    std::cout << "axi model: kind " << int(shape.unit.kind) << ", " << shape.unit.n_lanes
              << " lanes: " << clocks << " clocks equal\n";
  }
}

TEST_CASE("axi model: equal to the RTL on the embedded trace, whatever memory and consumer give",
          "[cosim]") {
  const std::vector<Tensor> trace = embedded_trace();
  for (const AxiShape& shape : kTestShapes) {
    std::vector<CodedTensor> tensors;
    for (const Tensor& tensor : trace) {
      PlanOptions options;
      options.coding = codings_of(shape.unit.kind).back();
      options.table_log = options.coding == Coding::kApackAc ? kArithTableLog : 8;
      options.n_streams = shape.unit.n_streams();
      CodedTensor coded = encode_best(tensor, options);
      if (why_not_in_image(coded, shape).empty()) tensors.push_back(std::move(coded));
    }
    const Case c = make_case(shape, std::move(tensors));
    std::uint64_t clocks = 0, least = ~std::uint64_t{0}, most = 0;
    for (std::uint32_t seed = 0; seed < 6; ++seed) {
      Random random(seed);
      AxiPressure pressure;
      pressure.seed = seed;
      if (seed > 0) {
        pressure.memory_rate = (6 - seed) * 1'500 - random() % 1'000;
        pressure.latency = random() % 100;
        pressure.more_latency = random() % 3 * 10;
        pressure.memory_outstanding = 1 + random() % 16;
      }
      if (seed % 2 != 0) {
        pressure.consumer_rate = 700 + random() % 6'000;
        pressure.consumer_burst = 1 + random() % 300;
      }
      INFO("kind " << int(shape.unit.kind) << ", " << shape.unit.n_lanes << " lanes, seed "
                   << seed);
      const Compared compared = compare(c, pressure);
      check_run(c, compared.run);
      check_ok(compared.run);
      REQUIRE(compared.first == "");
      clocks += compared.clocks;
      least = std::min(least, compared.run.cycles);
      most = std::max(most, compared.run.cycles);
    }
    REQUIRE(most > 2 * least);  // the settings matter
    std::cout << "axi model: embedded trace, kind " << int(shape.unit.kind) << ", "
              << shape.unit.n_lanes << " lanes: " << clocks << " clocks equal, runs of " << least
              << " to " << most << " clocks\n";
  }
}

TEST_CASE("axi model: equal to the RTL on memory that is not right", "[cosim]") {
  for (const AxiShape& shape : kTestShapes) {
    std::uint64_t clocks = 0;
    std::array<unsigned, 4> seen{};  // bus, descriptor, stream, none
    for (std::uint32_t seed = 0; seed < 40; ++seed) {
      Random random(1000 + seed);
      Case c = make_case(shape, random_tensors(shape, random));
      const std::size_t tensor = random() % c.tensors.size();
      const std::uint64_t records = address_in(c.image, tensor, 8);
      std::vector<AxiFaultRange> faults;
      switch (seed % 4) {
        case 0:  // a word of the file
          for (unsigned i = 0; i < 6; ++i) {
            write_word(c.image, kBase + 4 * (random() % (c.image.file_bytes / 4)), random());
          }
          break;
        case 1:  // a descriptor, but where its tables are
          write_word(c.image, descriptor_word(c.image, tensor, random() % 4),
                     random() & random() & random());
          break;
        case 2:  // lengths of a record
          write_word(c.image, records, random() % 500);
          write_word(c.image, records + 4, random() % 300);
          write_word(c.image, records + 8, random() % 300);
          break;
        default:
          const std::uint64_t at = kBase + random() % c.image.bytes.size();
          faults.push_back({at, at + 1 + random() % 64});
      }
      INFO("kind " << int(shape.unit.kind) << ", seed " << seed);
      const Compared compared =
          compare(c, seed % 8 < 4 ? AxiPressure{} : random_pressure(seed), faults);
      // The bench misses tensors that the unit skips; assertions are another matter.
      REQUIRE(compared.run.fault.find("assertion") == std::string::npos);
      REQUIRE(compared.first == "");
      clocks += compared.clocks;
      const std::uint32_t status = compared.run.reg(AxiRegister::kStatus);
      ++seen[(status & kAxiBusError) != 0        ? 0
             : (status & kAxiBadDescriptor) != 0 ? 1
             : (status & kAxiError) != 0         ? 2
                                                 : 3];
    }
    std::cout << "axi model: kind " << int(shape.unit.kind) << ": " << clocks
              << " clocks equal; failed reads " << seen[0] << ", bad descriptors " << seen[1]
              << ", bad streams " << seen[2] << ", none " << seen[3] << "\n";
  }
}

TEST_CASE("axi model: the seeded fault in the fetch is found at its first clock", "[cosim]") {
  Random random(4);
  const AxiShape shape = kTans4;
  std::vector<CodedTensor> tensors{random_tensor(shape, 3000, 4, 1, random)};
  const Compared compared =
      compare(make_case(shape, std::move(tensors), kBase + 4), {}, {}, 1, "fetch");
  std::cout << "axi model: seeded fault: " << compared.first << "\n";
  CHECK(compared.first.find("channel ") != std::string::npos);
}
