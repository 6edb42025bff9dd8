// cosim_wide_lt.cpp — the loosely timed view of the wide unit against its cycle model: cycles of
// whole runs within 2 %, everything that is not time equal, whatever shape, memory, consumer, and
// damage.
// SPDX-License-Identifier: Apache-2.0
#include <cmath>
#include <iostream>

#include "transom/lt/axi_platform.hpp"
#include "transom/lt/wide.hpp"
#include "wide_support.hpp"

using namespace transom;
using namespace transom::wide_cases;

namespace {

constexpr double kMostPercent = 2;

struct Loose {
  lt::AxiPlatform platform;
  AxiRegisters registers;
  lt::cycle_t cycles;

  Loose(const Case& c, const AxiStart& start, const AxiPressure& pressure = {})
      : platform(c.image, c.unit.axi.shape, pressure) {
    registers.descriptors = start.descriptors;
    registers.n_descriptors = start.n_descriptors;
    registers.section_words = start.section_words;
    registers.limits = start.limits;
    cycles = lt::WideDecoder(c.unit, platform).run(registers);
  }
};

/// Memory and consumer without chance, which a loosely timed view leaves out.
AxiPressure random_rates(const wide::Parameters& unit, support::Random& random) {
  AxiPressure pressure{.latency = random() % 2 == 0 ? 0 : random() % 250};
  if (random() % 2 == 0) {
    pressure.memory_rate = unit.axi.beat_bytes() * kTokensPerUnit / (1 + random() % 6);
  }
  if (random() % 3 == 0) pressure.memory_outstanding = 1 + random() % 4;
  if (random() % 3 == 0) {
    pressure.consumer_rate = unit.n_lanes() * kTokensPerUnit / (1 + random() % 4);
  }
  return pressure;
}

}  // namespace

TEST_CASE("wide lt: values and counts of the cycle model, and nearly its cycles", "[cosim]") {
  double most = 0;
  for (std::uint32_t seed = 0; seed < 150; ++seed) {
    support::Random random(seed);
    const wide::Parameters unit =
        shape(4u << seed % 6, 64u << random() % 4, 8u << random() % 6, random_kind(random));
    std::vector<CodedTensor> tensors;
    for (unsigned i = 0; i < 2 + random() % 8; ++i) tensors.push_back(random_coded(unit, random));
    // Enough values that the consumer's pace is known.
    tensors.push_back(coded(unit.coding(), 8, 200 * unit.n_lanes(), unit.n_lanes(), random));
    const Case c = make_case(unit, std::move(tensors));
    const AxiPressure pressure = random_rates(unit, random);
    const AxiRun exact = c.run(pressure);
    INFO(unit.n_lanes() << " lanes, seed " << seed);
    REQUIRE(exact.n_mismatches == 0);
    const Loose loose(c, c.start(), pressure);
    CHECK_FALSE(loose.registers.errors.any());
    REQUIRE((loose.platform.values() == values_out(c.golden)));
    CHECK(loose.platform.n_tensors() == c.tensors.size());
    const AxiCounters& counters = loose.registers.counters;
    CHECK(counters[kCountValues] == exact.counter(AxiRegister::kValues));
    CHECK(counters[kCountBeats] == exact.counter(AxiRegister::kBeats));
    CHECK(counters[kCountBeatsRead] == exact.counter(AxiRegister::kBeatsRead));
    CHECK(counters[kCountBeatsOut] == exact.counter(AxiRegister::kBeatsOut));
    const auto cycles = static_cast<double>(exact.counter(AxiRegister::kCycles));
    const double percent = 100 * (static_cast<double>(loose.cycles) / cycles - 1);
    CHECK(std::abs(percent) <= kMostPercent);
    most = std::max(most, std::abs(percent));
  }
  std::cout << "wide lt: largest error " << most << " %\n";
}

TEST_CASE("wide lt: what is damaged has the verdict of the cycle model", "[cosim]") {
  std::array<unsigned, 8> causes{}, statuses{};
  for (std::uint32_t seed = 0; seed < 500; ++seed) {
    support::Random random(seed);
    const wide::Parameters unit = shape(8, 128, 8u << seed % 3, random_kind(random));
    std::vector<CodedTensor> tensors;
    for (unsigned i = 0; i < 1 + random() % 4; ++i) tensors.push_back(random_coded(unit, random));
    Case c = make_case(unit, std::move(tensors));
    AxiStart start = c.start();
    if (seed % 4 == 0) {
      start.section_words = static_cast<std::uint32_t>(random() % (start.section_words + 8));
      c.image.bytes.resize(c.image.bytes.size() + 64);
    } else if (seed % 8 == 1) {
      start.limits.max_values = random() % (c.image.n_values + 1);
      start.limits.window_limit = c.image.descriptors + random() % 4000;
    } else {
      const std::uint64_t at = c.image.descriptors - c.image.base;
      const std::size_t bit = random() % (32 * std::size_t{c.image.section_words});
      c.image.bytes[at + bit / 8] ^= static_cast<std::uint8_t>(1u << bit % 8);
      start.limits.max_values = c.image.n_values + 100;  // a count may be any now
    }
    const AxiRun exact = c.run(start);
    INFO("seed " << seed << ": " << exact.error_text());
    REQUIRE(exact.fault.empty());
    const Loose loose(c, start);
    const AxiErrors& errors = loose.registers.errors;
    const std::uint32_t status = exact.reg(AxiRegister::kStatus);
    CHECK(errors.cause == first_cause(status));
    CHECK(errors.status == first_bad_status(status));
    CHECK(loose.registers.counters[kCountValues] == exact.counter(AxiRegister::kValues));
    CHECK(loose.registers.counters[kCountBeatsOut] == exact.counter(AxiRegister::kBeatsOut));
    ++causes[static_cast<unsigned>(errors.cause)];
    ++statuses[static_cast<unsigned>(errors.status)];
    if (!errors.any()) continue;
    CHECK(errors.first_descriptor == exact.reg(AxiRegister::kErrorDescriptor));
    CHECK(errors.first_stream == exact.reg(AxiRegister::kErrorStream));
  }
  for (const AxiCause cause : {AxiCause::kNone, AxiCause::kStream, AxiCause::kDescriptor,
                               AxiCause::kWindow, AxiCause::kLimit}) {
    CHECK(causes[static_cast<unsigned>(cause)] > 5);
  }
  for (const Status bad :
       {Status::kTruncated, Status::kBadState, Status::kTrailing, Status::kBadTable}) {
    CHECK(statuses[static_cast<unsigned>(bad)] != 0);
  }
}
