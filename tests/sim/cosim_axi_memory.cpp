// cosim_axi_memory.cpp — the memory and the consumer of the bench: their rates are exact, and the
// loosely timed platform has the same ones.
// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <catch2/catch.hpp>

#include "random.hpp"
#include "transom/lt/axi_platform.hpp"
#include "transom/system/axi_consumer.hpp"
#include "transom/system/axi_memory.hpp"
#include "transom/system/raw_read.hpp"

using namespace transom;
using namespace transom::system;
using support::Random;

namespace {

AxiPressure random_memory(std::uint32_t seed) {
  Random random(seed);
  AxiPressure pressure;
  pressure.seed = seed;
  pressure.latency = random() % 3 * (random() % 50);
  pressure.more_latency = random() % 2 * (random() % 30);
  if (random() % 4 != 0) pressure.memory_rate = 500 + random() % 16'000;
  if (random() % 2 != 0) pressure.memory_outstanding = 1 + random() % 5;
  return pressure;
}

struct Offered {
  std::uint64_t cycle;  ///< the address is there
  unsigned beats;
};

/// When the first beat of each burst comes.
std::vector<std::uint64_t> first_beats(const AxiPressure& pressure,
                                       const std::vector<Offered>& bursts) {
  constexpr unsigned kBeatBytes = 16;
  AxiMemory memory(pressure, kBeatBytes);
  std::vector<std::uint64_t> first;
  std::size_t asked = 0;
  bool in_burst = false;
  for (std::uint64_t cycle = 0; first.size() < bursts.size() || in_burst; ++cycle) {
    memory.begin(cycle);
    const bool takes = memory.takes_address(cycle);
    if (memory.is_sending()) {
      if (!in_burst) first.push_back(cycle);
      in_burst = memory.burst().beats != 1;
      memory.sent(kBeatBytes);
    }
    if (takes && asked < bursts.size() && bursts[asked].cycle <= cycle) {
      memory.accept(0, bursts[asked++].beats, cycle);
    }
  }
  return first;
}

}  // namespace

TEST_CASE("token bucket: n cycles at once are n cycles one by one, and until() tells how many",
          "[sim]") {
  for (std::uint32_t seed = 0; seed < 200; ++seed) {
    Random random(seed);
    const std::uint32_t worth = 1 + random() % 64'000;
    const std::uint32_t rate = 1 + random() % worth;
    TokenBucket at_once(rate, worth), one_by_one(rate, worth);
    for (int i = 0; i < 100; ++i) {
      if (random() % 2 == 0) {
        const std::uint32_t tokens = random() % (2 * worth);
        at_once.take(tokens);
        one_by_one.take(tokens);
      }
      const std::uint64_t wait = at_once.until(worth);
      CHECK(at_once.has(worth) == (wait == 0));
      const std::uint64_t n = random() % 3 == 0 ? wait : random() % 40;
      at_once.pass(n);
      if (n >= wait) CHECK(at_once.has(worth));
      if (n < wait) CHECK(!at_once.has(worth));
      for (std::uint64_t cycle = 0; cycle < n; ++cycle) one_by_one.pass(1);
      REQUIRE(at_once.until(worth) == one_by_one.until(worth));
    }
  }
}

TEST_CASE("axi memory: over any time it sends its bytes per cycle to the thousandth", "[sim]") {
  for (const std::uint32_t rate : {1u, 999u, 6'400u, 10'667u, 15'999u, 16'000u, 70'000u}) {
    AxiPressure pressure;
    pressure.memory_rate = rate;
    AxiMemory memory(pressure, 16);
    std::uint64_t beats = 0;
    const std::uint64_t n_cycles = rate < 500 ? 2'000'000 : 50'000;
    for (std::uint64_t cycle = 0; cycle < n_cycles; ++cycle) {
      memory.begin(cycle);
      if (memory.is_sending()) {
        memory.sent(16);
        ++beats;
      }
      if (memory.n_bursts() < 3) memory.accept(0, 16, cycle);
    }
    // From a full bucket on; the first burst's beat can leave in the second cycle.
    const std::uint64_t tokens = (n_cycles - 1) * std::min(rate, 16'000u) + 16'000 - 1;
    INFO("rate " << rate);
    CHECK(beats == std::min(tokens / 16'000, n_cycles - 1));
  }
}

TEST_CASE("axi memory: it holds so many bursts and no more", "[sim]") {
  AxiPressure pressure;
  pressure.memory_outstanding = 3;
  pressure.latency = 10;
  // The fourth address waits for the last beat of the first burst, which is in cycle 14.
  CHECK(first_beats(pressure, {{0, 4}, {0, 4}, {0, 4}, {0, 4}}) ==
        std::vector<std::uint64_t>{11, 15, 19, 26});
  pressure.memory_outstanding = 0;
  CHECK(first_beats(pressure, {{0, 4}, {0, 4}, {0, 4}, {0, 4}}) ==
        std::vector<std::uint64_t>{11, 15, 19, 23});
}

TEST_CASE("axi consumer: it takes bursts, and over any time its values per cycle", "[sim]") {
  for (const std::uint32_t rate : {250u, 1'000u, 2'700u, 7'999u}) {
    for (const unsigned burst : {1u, 7u, 64u, 1000u}) {
      AxiPressure pressure;
      pressure.consumer_rate = rate;
      pressure.consumer_burst = burst;
      AxiConsumer consumer(pressure);
      std::uint64_t values = 0, in_burst = 0;
      const std::uint64_t n_cycles = 100'000;
      for (std::uint64_t cycle = 0; cycle < n_cycles; ++cycle) {
        consumer.pass(1);
        if (!consumer.is_open()) {
          if (in_burst != 0) CHECK(in_burst >= burst);
          in_burst = 0;
          continue;
        }
        consumer.take(8);
        values += 8;
        in_burst += 8;
      }
      INFO("rate " << rate << ", burst " << burst);
      const std::uint64_t credit = n_cycles * rate / kTokensPerUnit;
      CHECK(values <= credit + 2 * burst + 8);
      CHECK(values + 2 * burst + 8 >= credit);
    }
  }
}

TEST_CASE("lt platform: bursts come when the bench's memory sends them", "[sim]") {
  const AxiShape shape{{LaneKind::kTans, 4, 10}, 128};
  AxiImage image;
  image.bytes.resize(4096);
  for (std::uint32_t seed = 0; seed < 300; ++seed) {
    Random random(seed);
    const AxiPressure pressure = random_memory(seed);
    std::vector<Offered> bursts;
    std::uint64_t cycle = 0;
    for (int i = 0; i < 40; ++i) {
      cycle += random() % 4 == 0 ? random() % 200 : random() % 4;
      bursts.push_back({cycle++, 1 + random() % 16});  // an address a cycle
    }
    const std::vector<std::uint64_t> want = first_beats(pressure, bursts);
    lt::AxiPlatform platform(image, shape, pressure);
    for (std::size_t i = 0; i < bursts.size(); ++i) {
      std::vector<std::uint8_t> bytes(16 * bursts[i].beats);
      lt::cycle_t first = platform.takes_address(bursts[i].cycle);
      REQUIRE(platform.read(0, bytes, first));
      INFO("seed " << seed << ", burst " << i);
      REQUIRE(first + 1 == want[i]);  // on the bus in the cycle behind
    }
  }
}

TEST_CASE("lt platform: a slow consumer takes as long as the bench's", "[sim]") {
  const AxiShape shape{{LaneKind::kTans, 4, 10}, 128};
  const AxiImage image;
  for (const std::uint32_t rate : {300u, 1'700u, 3'999u}) {
    for (const unsigned burst : {1u, 50u, 400u}) {
      AxiPressure pressure;
      pressure.consumer_rate = rate;
      pressure.consumer_burst = burst;
      AxiConsumer consumer(pressure);
      std::uint64_t cycles = 0;
      for (std::uint64_t left = 4'000; left != 0; ++cycles) {
        if (consumer.is_open()) {
          consumer.take(4);
          left -= 4;
        }
        consumer.pass(1);
      }
      lt::AxiPlatform platform(image, shape, pressure);
      lt::cycle_t cycle = 0;
      for (int i = 0; i < 10; ++i) platform.write(std::vector<value_t>(400), i == 9, cycle);
      INFO("rate " << rate << ", burst " << burst);
      CHECK(cycle == cycles);
    }
  }
}

TEST_CASE("raw read: one yardstick, the memory's full bandwidth or the consumer", "[sim]") {
  AxiPressure pressure;
  CHECK(raw_read_cycles(pressure, 16, 16'000, 16'000) == 1'000);
  CHECK(raw_read_cycles(pressure, 16, 16'001, 16'000) == 1'001);
  pressure.latency = 30;
  pressure.memory_outstanding = 1;
  pressure.memory_rate = 6'400;
  for (const unsigned beat_bytes : {8u, 16u, 64u}) {
    CHECK(raw_read_cycles(pressure, beat_bytes, 160'000, 160'000) == 25'000);
  }
  pressure.memory_rate = 64'000;  // more than the bus takes
  CHECK(raw_read_cycles(pressure, 16, 160'000, 160'000) == 2'500);
  pressure.consumer_rate = 1'000;
  CHECK(raw_read_cycles(pressure, 16, 16'000, 90'000) == 90'000);
}
