// cosim_axi_abort.cpp — decoder_axi stopped in the midst of a run, by an abort or by a reset of its
// own: the buses are left as they must be, and the next run decodes as the first one after
// power-on.
// SPDX-License-Identifier: Apache-2.0
#include <iostream>

#include "axi_compare.hpp"

using namespace transom;
using namespace transom::axi;

namespace {

AxiStart plain_start(const Case& c) {
  return {.descriptors = c.image.descriptors,
          .n_descriptors = c.image.n_descriptors,
          .tensors = c.golden};
}

AxiRun run_model(const Case& c, const AxiPressure& pressure) {
  AxiBench bench(c.image, {plain_start(c)}, c.shape, pressure);
  return cycle::run_axi_model(bench, {.shape = c.shape});
}

Case random_case(const AxiShape& shape, Random& random) {
  return make_case(shape, random_tensors(shape, random), kBase + 4 * (random() % 64));
}

/// Counters of a start, in the order of their registers.
AxiCounters counters_of(const AxiRun& run, std::size_t start) {
  AxiCounters counters{};
  for (unsigned c = 0; c < kAxiCounters; ++c) {
    counters[c] =
        run.counter(static_cast<AxiRegister>(unsigned(AxiRegister::kCycles) + 8 * c), start);
  }
  return counters;
}

}  // namespace

TEST_CASE("rtl 2: an abort at any moment drains the buses, and the next run is as after power-on",
          "[cosim]") {
  for (const AxiShape& shape : kTestShapes) {
    unsigned n_aborted = 0, n_late = 0, n_values = 0;
    for (std::uint32_t seed = 0; seed < 80; ++seed) {
      Random random(7000 + seed);
      const Case c = random_case(shape, random);
      AxiPressure pressure = seed % 2 == 0 ? AxiPressure{} : random_pressure(seed);
      if (seed % 4 == 0) pressure.latency = 30 + random() % 100;
      const AxiRun whole = run_model(c, pressure);
      AxiStart aborted = plain_start(c);
      aborted.abort_after = random() % (whole.counter(AxiRegister::kCycles) + 10);
      INFO("kind " << int(shape.unit.kind) << ", seed " << seed << ", abort after "
                   << aborted.abort_after << " cycles");
      const Compared compared = compare_runs({.shape = shape}, [&] {
        return Recorder(c.image, {aborted, plain_start(c)}, shape, pressure);
      });
      const AxiRun& run = compared.run;
      REQUIRE(run.fault == "");
      REQUIRE((run.first ? run.first->text() : "") == "");
      REQUIRE(compared.first == "");
      check_ok(run, 1);
      if (run.reg(AxiRegister::kStatus) == kAxiDone) continue;  // the run was over
      // Where no chance is in play, the second run is the first one's to the cycle. (Streams that
      // share a lane have turns that run on between runs.)
      if (seed % 2 == 0 && streams_per_lane(shape.unit.kind) == 1) {
        REQUIRE(counters_of(run, 1) == counters_of(whole, 0));
      }
      ++n_aborted;
      REQUIRE(run.reg(AxiRegister::kStatus) == status_of(AxiCause::kAborted));
      REQUIRE(run.reg(AxiRegister::kErrorDescriptor) <= c.image.n_descriptors);
      REQUIRE(run.reg(AxiRegister::kErrorStream) == kNoStream);
      REQUIRE(run.reg(AxiRegister::kIrqStatus) == 3);
      n_late += run.counter(AxiRegister::kBeatsRead) != 0;
      n_values += run.counter(AxiRegister::kBeatsOut) != 0;
    }
    std::cout << "axi: kind " << int(shape.unit.kind) << ", " << shape.unit.n_lanes
              << " lanes: " << n_aborted << " runs aborted, " << n_late << " with reads, "
              << n_values << " with values out\n";
    CHECK(n_aborted > 50);
    CHECK(n_values > 15);
  }
}

TEST_CASE(
    "rtl 2: a reset in mid-run, its memory not reset: late beats go nowhere, the next run is right",
    "[cosim]") {
  for (const AxiShape& shape : kTestShapes) {
    std::uint64_t n_late = 0;
    for (std::uint32_t seed = 0; seed < 24; ++seed) {
      Random random(8000 + seed);
      const Case c = random_case(shape, random);
      AxiPressure pressure;
      pressure.latency = 20 + random() % 60;
      const AxiRun whole = run_model(c, pressure);
      AxiStart reset = plain_start(c);
      reset.reset_after = random() % whole.counter(AxiRegister::kCycles);
      AxiStart next = plain_start(c);
      next.rest =
          80 + 16 * 16 + 20;  // the memory's latency, and all beats that may be on their way
      INFO("kind " << int(shape.unit.kind) << ", seed " << seed << ", reset after "
                   << reset.reset_after << " cycles");
      const Compared compared = compare_runs({.shape = shape}, [&] {
        return Recorder(c.image, {reset, next}, shape, pressure);
      });
      const AxiRun& run = compared.run;
      REQUIRE(run.fault == "");
      REQUIRE((run.first ? run.first->text() : "") == "");
      REQUIRE(compared.first == "");
      check_ok(run, 1);
      n_late += run.beats_read - run.counter(AxiRegister::kBeatsRead, 1);
    }
    CHECK(n_late > 0);
  }
}

TEST_CASE("rtl 2: an abort and then a reset at any moment: no beat is late", "[cosim]") {
  for (std::uint32_t seed = 0; seed < 40; ++seed) {
    Random random(9000 + seed);
    const Case c = random_case(kTans4, random);
    AxiPressure pressure = random_pressure(seed);
    pressure.latency = 20 + random() % 100;
    AxiStart aborted = plain_start(c);
    aborted.abort_after = random() % 600;
    AxiStart reset = plain_start(c);  // begun at once after the abort, and cut
    reset.n_descriptors = 0;
    reset.tensors = std::span<const AxiTensor>{};
    reset.reset_after = 0;
    const Compared compared = compare_runs({.shape = kTans4}, [&] {
      return Recorder(c.image, {aborted, reset, plain_start(c)}, kTans4, pressure);
    });
    INFO("seed " << seed);
    REQUIRE(compared.run.fault == "");
    REQUIRE((compared.run.first ? compared.run.first->text() : "") == "");
    REQUIRE(compared.first == "");
    check_ok(compared.run, 2);
  }
}

TEST_CASE("rtl 3: an abort ends a run that would last for ever", "[cosim]") {
  Random random(5);
  Case c = make_case(kTans4, {random_tensor(kTans4, 300, 4, 1, random)});
  AxiStart endless = plain_start(c);  // one stream of 2^32 - 1 values, and as many descriptors
  Case forged = c;
  for (unsigned word = 0; word < 4; ++word) {
    write_word(forged.image, address_in(forged.image, 0, 8) + 4 * word,
               word == 0 ? 0xffff'ffff : 0);
  }
  endless.n_descriptors = 0xffff'ffff;
  endless.tensors.reset();
  endless.abort_after = 30'000;
  const Compared compared = compare_runs({.shape = kTans4}, [&] {
    return Recorder(forged.image, {endless}, kTans4, AxiPressure{.latency = 40});
  });
  CHECK(compared.run.fault == "");
  CHECK(compared.first == "");
  // No memory is where most of the descriptors should be: these reads failed first.
  CHECK(compared.run.reg(AxiRegister::kStatus) ==
        (status_of(AxiCause::kRead) | axi_error_bit(AxiCause::kAborted)));
  CHECK(compared.run.counter(AxiRegister::kValues) > 25'000);
  CHECK(compared.run.cycles < 31'000);
}
