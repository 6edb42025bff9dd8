// cosim_units.cpp — SystemC and RTL against the golden model and each other, in every cycle.
// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <iostream>

#include "cosim_support.hpp"

using namespace transom;
using namespace transom::cosim;

namespace {

/// What the random tests reached.
struct Covered {
  std::array<std::uint64_t, 4> status{};
  Stalls stalls;
  std::uint64_t runs = 0;
  std::uint64_t values = 0;

  void add(const Run& run) {
    ++runs;
    values += run.n_values();
    for (const LaneRun& lane : run.lanes) ++status[static_cast<unsigned>(lane.status)];
    stalls.fill += run.stalls.fill;
    stalls.symbol_words += run.stalls.symbol_words;
    stalls.offset_words += run.stalls.offset_words;
    stalls.consumer += run.stalls.consumer;
    stalls.drained += run.stalls.drained;
  }
  void print(const char* name) const {
    std::cout << name << ": " << runs << " runs, " << values << " values; lanes ok " << status[0]
              << ", truncated " << status[1] << ", bad state " << status[2] << ", trailing "
              << status[3] << "; stalls fill " << stalls.fill << ", symbol words "
              << stalls.symbol_words << ", offset words " << stalls.offset_words << ", consumer "
              << stalls.consumer << ", drained " << stalls.drained << "\n";
  }
};

}  // namespace

TEST_CASE("units: encoded streams decode with the same cycles under every pressure", "[cosim]") {
  Covered covered;
  for (std::uint32_t seed = 0; seed < 24; ++seed) {
    Random random(seed);
    const unsigned lane_counts[] = {1, 2, 4, 7, 16, 64};
    const Job job = encoded_job(random_shape(lane_counts[seed % 6], random), random);
    for (const Pressure& pressure : pressures(seed)) {
      INFO("seed " << seed);
      const Run run = check_job_on_units(job, pressure);
      for (const LaneRun& lane : run.lanes) CHECK(lane.status == Status::kOk);
      covered.add(run);
    }
  }
  covered.print("encoded");
  CHECK(covered.stalls.symbol_words > 0);
  CHECK(covered.stalls.offset_words > 0);
  CHECK(covered.stalls.consumer > 0);
}

TEST_CASE("units: streams that nobody encoded end with the golden status, in the same cycle",
          "[cosim]") {
  Covered covered;
  for (std::uint32_t seed = 100; seed < 124; ++seed) {
    Random random(seed);
    const unsigned lane_counts[] = {1, 3, 4, 16, 33};
    const Job job = noise_job(random_shape(lane_counts[seed % 5], random), random);
    for (const Pressure& pressure : pressures(seed)) {
      INFO("seed " << seed);
      covered.add(check_job_on_units(job, pressure));
    }
  }
  covered.print("noise");
  for (const std::uint64_t n : covered.status) CHECK(n > 0);
}

TEST_CASE("units: a table of one entry, one symbol of freq 2^R, no values, one value", "[cosim]") {
  Random random(5);
  for (const unsigned R : {0u, 1u, 2u, 7u, kMaxTableLog}) {
    for (const std::uint32_t n_values : {0u, 1u, 2u, 50u}) {
      for (const unsigned offset_bits : {0u, 16u}) {
        Job job;
        job.table_log = R;
        job.entries = make_decode_table(std::vector<std::uint32_t>{1u << R}, R, Spread::kTuned);
        job.rows = {to_word(Row{0xfff0, static_cast<std::uint8_t>(offset_bits)})};
        for (int l = 0; l < 2; ++l) job.lanes.push_back(encode_lane(job, n_values, random));
        const Run run = check_job_on_units(job, {});
        for (const LaneRun& lane : run.lanes) CHECK(lane.status == Status::kOk);
      }
    }
  }
}

TEST_CASE("units: a value per cycle and lane after the first, at the widest fields", "[cosim]") {
  // Symbols of freq 1 take 14 bits each, their offsets 16: the most that a cycle can ask for.
  Job job;
  job.table_log = kMaxTableLog;
  std::vector<std::uint32_t> freq(kMaxAlphabet, 1);
  freq[0] = (1u << kMaxTableLog) - (kMaxAlphabet - 1);
  job.entries = make_decode_table(freq, kMaxTableLog, Spread::kTuned);
  for (unsigned s = 0; s < kMaxAlphabet; ++s) {
    job.rows.push_back(to_word(Row{static_cast<value_t>(s), kMaxValueBits}));
  }
  const TansEncoder encoder(freq, kMaxTableLog, Spread::kTuned);
  Random random(6);
  for (int l = 0; l < 4; ++l) {
    std::vector<symbol_t> symbols(1000);
    for (symbol_t& s : symbols) s = static_cast<symbol_t>(1 + random() % (kMaxAlphabet - 1));
    BitWriter offsets;
    for (std::size_t i = 0; i < symbols.size(); ++i) {
      offsets.append(random() & 0xffff, kMaxValueBits);
    }
    job.lanes.push_back({1000, encode_symbols(encoder, kMaxTableLog, symbols), offsets.take()});
  }
  const Run run = check_job_on_units(job, {});
  for (const LaneRun& lane : run.lanes) {
    CHECK(lane.status == Status::kOk);
    CHECK(lane.last_value_cycle - lane.first_value_cycle == 999);
    CHECK(lane.first_value_cycle - lane.first_word_cycle <= 6);
  }
  CHECK(run.stalls.offset_words + run.stalls.consumer + run.stalls.drained == 0);
  CHECK(run.load_cycles == (1u << kMaxTableLog) / kLoadEntries);
}

TEST_CASE("units: without pressure no lane waits once it has begun", "[cosim]") {
  for (std::uint32_t seed = 0; seed < 20; ++seed) {
    Random random(seed);
    const Job job = encoded_job(random_shape(4, random), random);
    const Run run = check_job_on_units(job, {});
    for (const LaneRun& lane : run.lanes) {
      if (lane.values.empty()) continue;
      CHECK(lane.last_value_cycle - lane.first_value_cycle + 1 == lane.values.size());
      CHECK(lane.first_value_cycle <= run.load_cycles + 6);
    }
  }
}

TEST_CASE("units: a port that is never open is refused", "[cosim]") {
  Random random(1);
  const Job job = encoded_job({}, random);
  CHECK_THROWS_AS(Bench(job, {.symbol_words = {Rhythm::Kind::kPeriod, 0}}), std::invalid_argument);
  CHECK_THROWS_AS(Bench(job, {.consumer = {Rhythm::Kind::kRandom, 96}}), std::invalid_argument);
}

TEST_CASE("units: one that does nothing is given up, one that lies about its stalls too",
          "[cosim]") {
  Random random(1);
  const Job job = encoded_job({}, random);
  for (const Stall stall : {Stall::kFill, Stall::kNone}) {
    Bench bench(job, {.seed = 0, .consumer = {Rhythm::Kind::kPeriod, 5000}});
    UnitInputs in;
    UnitOutputs out;
    out.lanes.resize(1);
    out.lanes[0].busy = true;
    out.lanes[0].stall = stall;
    while (!bench.done()) {
      bench.drive(in);
      bench.observe(in, out);
    }
    const Run run = bench.take_run();
    const bool hung = run.fault.find("no lane did anything for 10000 cycles") != std::string::npos;
    const bool lied = run.fault.find("names no stall") != std::string::npos;
    CHECK(hung == (stall == Stall::kFill));
    CHECK(lied == (stall == Stall::kNone));
  }
}
