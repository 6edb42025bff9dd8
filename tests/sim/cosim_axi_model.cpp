// cosim_axi_model.cpp — the cycle model of decoder_axi against the Verilated one: the same outputs
// in every clock, whatever memory, consumer and software do, and whatever is in memory.
// SPDX-License-Identifier: Apache-2.0
#include <iostream>

#include "axi/axi_compare.hpp"

using namespace transom;
using namespace transom::axi;

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
      ++seen[(status & axi_error_bit(AxiCause::kRead)) != 0         ? 0
             : (status & axi_error_bit(AxiCause::kDescriptor)) != 0 ? 1
             : (status & kAxiError) != 0                            ? 2
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
