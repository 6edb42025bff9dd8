// cosim_axi_forged.cpp — lists that somebody has forged: lengths that overflow, addresses that
// wrap, counts of nothing and of everything, tables of noise. Each ends with an error that has a
// name.
// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <iostream>

#include "axi_lists.hpp"

using namespace transom;
using namespace transom::axi;

namespace {

constexpr std::size_t kMemoryBytes = 1 << 20;
/// One of them with a bus that has fewer bits than addresses.
std::vector<AxiParameters> units() {
  std::vector<AxiParameters> units{{.shape = kTans4, .addr_bits = 40}};
  for (const AxiShape& shape : kTestShapes) units.push_back({.shape = shape});
  return units;
}

/// A number that is not what it should be: nothing, everything, near, or by chance.
std::uint32_t forged(std::uint32_t is, Random& random) {
  switch (random() % 8) {
    case 0:
      return 0;
    case 1:
      return 0xffff'ffff;
    case 2:
      return 0x8000'0000 >> random() % 16;
    case 3:
      return is ^ 1u << random() % 32;
    case 4:
      return random();
    case 5:
      return is + random() % 64;
    default:
      return random() % 600;
  }
}

/// A good list in 1 MiB of noise, and behind it a forged one.
struct Forged {
  Case good;
  AxiStart start;
  std::uint64_t most_cycles = 0;  ///< that its limits imply
};

/// Copies of a good descriptor, each with its own records, some of it forged.
Forged forge(const AxiShape& shape, bool tables, Random& random) {
  Forged f{make_case(shape, random_tensors(shape, random)), {}, 0};
  AxiImage& image = f.good.image;
  const std::size_t used = image.bytes.size();
  image.bytes.resize(kMemoryBytes);
  for (std::size_t i = used; i < kMemoryBytes; ++i) {
    image.bytes[i] = static_cast<std::uint8_t>(random());
  }
  const std::uint32_t n = 1 + random() % 40;
  const std::uint64_t list = kBase + kMemoryBytes / 2;
  std::uint64_t records = list + n * kDescriptorBytes;
  const unsigned n_streams = shape.unit.n_streams();
  const auto words = [&](std::uint64_t to, std::uint64_t from, unsigned n_words) {
    for (unsigned w = 0; w < n_words; ++w)
      write_word(image, to + 4 * w, read_word(image, from + 4 * w));
  };
  for (std::uint32_t i = 0; i < n; ++i) {
    const std::size_t of = random() % f.good.tensors.size();
    const std::uint64_t at = list + i * kDescriptorBytes;
    words(at, descriptor_word(image, of, 0), kDescriptorWords);
    words(records, address_in(image, of, 8), 4 * (read_word(image, at) >> 16));
    write_word(image, at + 32, static_cast<std::uint32_t>(records));
    for (unsigned s = 0; s < n_streams; ++s) {
      const std::uint64_t word = records + kRecordBytes * s + 4 * (random() % 4);
      if (random() % 4 == 0) write_word(image, word, forged(read_word(image, word), random));
      if (tables && random() % 4 == 0)
        write_word(image, at + 16, static_cast<std::uint32_t>(kBase + random() % kMemoryBytes));
    }
    if (random() % 2 == 0) {
      const unsigned word =
          tables ? random() % 16
                 : std::array{0u, 1u, 2u, 3u, 5u, 7u, 8u, 9u, 10u, 11u}[random() % 10];
      write_word(image, at + 4 * word, forged(read_word(image, at + 4 * word), random));
    }
    records += kRecordBytes * n_streams;
  }
  f.start = {.descriptors = list,
             .n_descriptors = random() % 8 == 0 ? forged(n, random) : n,
             .limits = {kBase, kBase + kMemoryBytes - 1, 5'000, 64}};
  // A descriptor reads its table, rows and records and the words of its streams, each of which may
  // be all of the window; values take a clock each. With a beat in each clock, and some to ask:
  const std::uint64_t window_words = kMemoryBytes / 4;
  f.most_cycles = 64 * (20'000 + 2 * n_streams * window_words) + 2 * f.start.limits.max_values;
  return f;
}

void run_forged(bool tables, std::uint32_t n_lists) {
  std::array<unsigned, kAxiCauses> seen{};
  std::uint64_t most = 0;
  unsigned n = 0;
  for (const AxiParameters& unit : units()) {
    const AxiShape& shape = unit.shape;
    for (std::uint32_t seed = 0; seed < n_lists; ++seed) {
      Random random(11'000 + seed);
      const Forged f = forge(shape, tables, random);
      AxiStart good{.descriptors = f.good.image.descriptors,
                    .n_descriptors = f.good.image.n_descriptors,
                    .limits = f.start.limits,
                    .tensors = f.good.golden};
      good.limits.max_values = f.good.image.n_values;
      AxiPressure pressure;
      pressure.latency = random() % 3 * 20;
      if (seed % 4 == 3) {  // pauses by chance, but a beat in each clock
        pressure = random_pressure(seed);
        pressure.memory_rate = pressure.consumer_rate = 0;
      }
      INFO("kind " << int(shape.unit.kind) << ", list " << seed);
      std::uint64_t outside = 0;
      const auto make = [&] {
        return Watcher(f.good.image, {f.start, good}, shape, pressure, f.most_cycles, outside);
      };
      const Compared compared = compare_runs(unit, make);
      const AxiRun& run = compared.run;
      REQUIRE(run.fault == "");  // it ended, and so did every tensor that had begun
      REQUIRE(outside == 0);
      REQUIRE(compared.first == "");
      REQUIRE((run.first ? run.first->text() : "") == "");
      check_ok(run, 1);
      const std::uint32_t status = run.reg(AxiRegister::kStatus);
      ++seen[static_cast<unsigned>(first_cause(status))];
      REQUIRE(((status & kAxiError) != 0) == (first_cause(status) != AxiCause::kNone));
      REQUIRE(run.counter(AxiRegister::kValues) <= f.start.limits.max_values);
      REQUIRE(run.counter(AxiRegister::kCycles) <= f.most_cycles);
      most = std::max(most, run.counter(AxiRegister::kCycles));
      ++n;
    }
  }
  std::cout << "axi: " << n << " forged lists" << (tables ? " with tables of noise" : "")
            << " end;";
  for (unsigned c = 0; c < kAxiCauses; ++c) {
    std::cout << " " << cause_name(static_cast<AxiCause>(c)) << " " << seen[c];
  }
  std::cout << "; the longest in " << most << " cycles\n";
  for (const AxiCause c : {AxiCause::kStream, AxiCause::kDescriptor, AxiCause::kAddress,
                           AxiCause::kWindow, AxiCause::kLimit}) {
    CHECK(seen[static_cast<unsigned>(c)] > 0);
  }
}

}  // namespace

TEST_CASE("rtl 3, rtl 4, rtl 5: forged lists end with a named error, and read nothing outside",
          "[cosim]") {
  run_forged(false, 60);
}

TEST_CASE("rtl 3, rtl 4, rtl 5: forged tables do not hang the unit, nor tell its models apart",
          "[cosim]") {
  run_forged(true, 60);
}
