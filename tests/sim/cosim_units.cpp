// cosim_units.cpp — SystemC and RTL against the golden model and each other, in every cycle.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
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
    for (const StreamRun& stream : run.streams) {
      for (const JobRun& job : stream.jobs) ++status[static_cast<unsigned>(job.status)];
    }
    stalls.fill += run.stalls.fill;
    stalls.symbol_words += run.stalls.symbol_words;
    stalls.offset_words += run.stalls.offset_words;
    stalls.consumer += run.stalls.consumer;
    stalls.turn += run.stalls.turn;
    stalls.drained += run.stalls.drained;
  }
  void print(const char* name, LaneKind kind) const {
    std::cout << name << ", " << lane_kind_name(kind) << ": " << runs << " runs, " << values
              << " values; jobs ok " << status[0] << ", truncated " << status[1] << ", bad state "
              << status[2] << ", trailing " << status[3] << "; stalls fill " << stalls.fill
              << ", symbol words " << stalls.symbol_words << ", offset words "
              << stalls.offset_words << ", consumer " << stalls.consumer << ", turn " << stalls.turn
              << ", drained " << stalls.drained << "\n";
  }
};

/// A job whose values come of so many symbols of freq 1, with the widest offsets: the most bits
/// that a cycle can ask for.
Job widest_job(LaneKind kind, unsigned n_streams, std::uint32_t n_values) {
  const unsigned R = max_lane_table_log(kind);
  const auto n_coded = std::min<std::size_t>(
      lane_traits(kind).counts ? kMaxApackRows : kMaxAlphabet, std::size_t{1} << R);
  std::vector<std::uint32_t> freq(n_coded, 1);
  freq[0] = (1u << R) - static_cast<std::uint32_t>(n_coded - 1);
  Job job{kind, R, unit_table(kind, freq, R, Spread::kTuned), {}, {}};
  for (unsigned s = 0; s < max_rows(kind); ++s) {
    job.rows.push_back(to_word(Row{static_cast<value_t>(s), kMaxValueBits}));
  }
  job.code = code_of(job, freq, Spread::kTuned);
  Random random(6);
  for (unsigned s = 0; s < n_streams; ++s) {
    std::vector<symbol_t> steps(n_values / values_per_beat(kind));
    for (symbol_t& step : steps) step = static_cast<symbol_t>(1 + random() % (n_coded - 1));
    BitWriter offsets;
    for (std::uint32_t i = 0; i < n_values; ++i) offsets.append(random() & 0xffff, kMaxValueBits);
    std::vector<std::uint32_t> symbols;
    if (kind == LaneKind::kRans) {
      symbols = encode_symbols(RansEncoder<Rans32x16>(freq, R), steps);
    } else if (kind == LaneKind::kArith) {
      symbols = encode_symbols(ArithEncoder(freq), steps);
    } else if (kind == LaneKind::kNrans) {
      symbols = encode_symbols(NransEncoder<>(freq, R), steps);
    } else {
      symbols = encode_symbols(TansEncoder(freq, R, Spread::kTuned), R, steps);
    }
    job.streams.push_back({n_values, std::move(symbols), offsets.take()});
  }
  return job;
}

/// Cycles from one beat of a stream to the next, where nothing stalls.
unsigned beat_period(LaneKind kind) { return streams_per_lane(kind); }
/// Cycles that a switch of tables costs: where lanes share registers, the bank changes behind the
/// last value of all lanes.
unsigned switch_cycles(LaneKind kind) { return kind == LaneKind::kNrans ? 3 : 0; }

std::uint64_t n_beats(LaneKind kind, std::uint64_t n_values) {
  return (n_values + values_per_beat(kind) - 1) / values_per_beat(kind);
}

}  // namespace

TEST_CASE("units: encoded streams decode with the same cycles under every pressure", "[cosim]") {
  for (const LaneKind kind : kKinds) {
    Covered covered;
    for (std::uint32_t seed = 0; seed < 18; ++seed) {
      Random random(seed);
      const unsigned stream_counts[] = {1, 2, 4, 7, 16, most_test_lanes(kind)};
      const unsigned n = stream_counts[seed % 6] * (seed >= 6 ? streams_per_lane(kind) : 1);
      const Job job = encoded_job(random_recipe(kind, n, random), random);
      for (const Pressure& pressure : pressures(seed)) {
        INFO("seed " << seed);
        const Run run = check_job_on_units(job, pressure);
        for (const StreamRun& stream : run.streams) CHECK(stream.jobs[0].status == Status::kOk);
        covered.add(run);
      }
    }
    covered.print("encoded", kind);
    CHECK(covered.stalls.symbol_words > 0);
    CHECK(covered.stalls.offset_words > 0);
    CHECK(covered.stalls.consumer > 0);
    CHECK((covered.stalls.turn > 0) == (streams_per_lane(kind) > 1));
  }
}

TEST_CASE("units: streams that nobody encoded end with the golden status, in the same cycle",
          "[cosim]") {
  for (const LaneKind kind : kKinds) {
    Covered covered;
    for (std::uint32_t seed = 100; seed < 120; ++seed) {
      Random random(seed);
      const unsigned stream_counts[] = {1, 3, 4, 16, std::min(33u, most_test_lanes(kind))};
      const Job job = noise_job(random_recipe(kind, stream_counts[seed % 5], random), random);
      for (const Pressure& pressure : pressures(seed)) {
        INFO("seed " << seed);
        covered.add(check_job_on_units(job, pressure));
      }
    }
    covered.print("noise", kind);
    for (const std::uint64_t n : covered.status) CHECK(n > 0);
  }
}

TEST_CASE("units: queues of jobs of all sizes, each with its table, decode under every pressure",
          "[cosim]") {
  for (const LaneKind kind : kKinds) {
    Covered covered;
    for (std::uint32_t seed = 200; seed < 212; ++seed) {
      Random random(seed);
      const unsigned stream_counts[] = {1, 2, 4, 11};
      const auto jobs = random_jobs(kind, stream_counts[seed % 4], 3 + seed % 6, random);
      for (const Pressure& pressure : pressures(seed)) {
        INFO("seed " << seed);
        covered.add(check_jobs_on_units(jobs, pressure));
      }
    }
    covered.print("queues", kind);
    for (const std::uint64_t n : covered.status) CHECK(n > 0);
  }
}

TEST_CASE("units: a table of one symbol of freq 2^R, no values, one value", "[cosim]") {
  for (const LaneKind kind : kKinds) {
    Random random(5);
    for (const unsigned R : {0u, 1u, 2u, 7u, kArithTableLog, max_lane_table_log(kind)}) {
      if (kind == LaneKind::kArith && R != kArithTableLog) continue;
      for (const std::uint32_t n_values : {0u, 1u, 2u, 50u}) {
        for (const unsigned offset_bits : {0u, 16u}) {
          const std::vector<std::uint32_t> freq{1u << R};
          Job job{kind, R, unit_table(kind, freq, R, Spread::kTuned), {}, {}};
          job.rows = {to_word(Row{0xfff0, static_cast<std::uint8_t>(offset_bits)})};
          job.code = code_of(job, freq, Spread::kTuned);
          for (int s = 0; s < 2; ++s) job.streams.push_back(encode_stream(job, n_values, random));
          const Run run = check_job_on_units(job, {});
          for (const StreamRun& stream : run.streams) CHECK(stream.jobs[0].status == Status::kOk);
        }
      }
    }
  }
}

TEST_CASE("units: full rate after the first value, at the widest fields", "[cosim]") {
  for (const LaneKind kind : kKinds) {
    INFO(lane_kind_name(kind));
    const unsigned n_lanes = 4;
    const Job job = widest_job(kind, n_lanes * streams_per_lane(kind), 1000);
    const Run run = check_job_on_units(job, {});
    std::uint64_t first = run.cycles, last = 0;
    for (const StreamRun& stream : run.streams) {
      const JobRun& told = stream.jobs[0];
      CHECK(told.status == Status::kOk);
      CHECK(told.last_value_cycle - told.first_value_cycle ==
            (n_beats(kind, 1000) - 1) * beat_period(kind));
      CHECK(told.first_value_cycle - told.first_word_cycle <= 6);
      first = std::min(first, told.first_value_cycle);
      last = std::max(last, told.last_value_cycle);
    }
    CHECK(run.n_values() == n_lanes * values_per_beat(kind) * (last - first + 1));
    CHECK(run.stalls.offset_words + run.stalls.consumer == 0);
    CHECK(run.loads[0].last_cycle + 1 ==
          std::max(job.entries.size() / kLoadEntries, job.rows.size()));
  }
}

TEST_CASE("units: without pressure no stream waits once it has begun", "[cosim]") {
  for (const LaneKind kind : kKinds) {
    for (std::uint32_t seed = 0; seed < 20; ++seed) {
      Random random(seed);
      const Job job = encoded_job(random_recipe(kind, 4, random), random);
      const Run run = check_job_on_units(job, {});
      for (const StreamRun& stream : run.streams) {
        if (stream.values.empty()) continue;
        const JobRun& told = stream.jobs[0];
        CHECK(told.last_value_cycle - told.first_value_cycle ==
              (n_beats(kind, stream.values.size()) - 1) * beat_period(kind));
        if (told.first_word_cycle != 0) {
          CHECK(told.first_value_cycle <= told.first_word_cycle + 6);
        }
      }
    }
  }
}

TEST_CASE("units: a switch of job and table costs no cycle, three where lanes share registers",
          "[cosim]") {
  for (const LaneKind kind : kKinds) {
    for (std::uint32_t seed = 0; seed < 24; ++seed) {
      Random random(seed);
      const unsigned stream_counts[] = {1, 2, 4u * streams_per_lane(kind)};
      const unsigned n_streams = stream_counts[seed % 3];
      std::vector<Job> jobs(8);
      for (Job& job : jobs) {
        Recipe recipe = random_recipe(kind, n_streams, random);
        if (kind != LaneKind::kArith) recipe.R = 4 + random() % 3;
        recipe.alphabet = 1 + random() % 16;
        add_tables(job, recipe, random);
        // The streams are equally long: one that waits for another is no matter of the switch. A
        // load takes at most 16 cycles, the hand-over of its bank a few.
        const std::uint32_t n_values = (24 + random() % 40) * values_per_beat(kind);
        for (unsigned s = 0; s < n_streams; ++s) {
          job.streams.push_back(encode_stream(job, n_values, random));
        }
      }
      INFO(lane_kind_name(kind) << ", seed " << seed);
      const Run run = check_jobs_on_units(jobs, {});
      for (const StreamRun& stream : run.streams) {
        for (std::size_t j = 1; j < jobs.size(); ++j) {
          CHECK(stream.jobs[j].first_value_cycle ==
                stream.jobs[j - 1].last_value_cycle + beat_period(kind) + switch_cycles(kind));
        }
      }
    }
  }
}

TEST_CASE(
    "units: jobs of 8 beats follow each other without a bubble more if their tables are small",
    "[cosim]") {
  // Four writes load a table: what is left of 8 cycles is enough for the hand-over of the bank.
  for (const LaneKind kind : kKinds) {
    INFO(lane_kind_name(kind));
    Random random(1);
    Recipe recipe{.kind = kind, .n_streams = streams_per_lane(kind), .R = 4, .alphabet = 4};
    if (kind == LaneKind::kArith) recipe.R = kArithTableLog;
    std::vector<Job> jobs(10);
    for (Job& job : jobs) {
      add_tables(job, recipe, random);
      for (unsigned s = 0; s < recipe.n_streams; ++s) {
        job.streams.push_back(encode_stream(job, 8 * values_per_beat(kind), random));
      }
    }
    const Run run = check_jobs_on_units(jobs, {});
    for (const StreamRun& stream : run.streams) {
      const std::uint64_t n_cycles =
          stream.jobs.back().last_value_cycle - stream.jobs.front().first_value_cycle;
      CHECK(n_cycles ==
            (8 * jobs.size() - 1) * beat_period(kind) + (jobs.size() - 1) * switch_cycles(kind));
    }
  }
}

TEST_CASE("units: tables load at four words and a row per cycle, while the other bank is at work",
          "[cosim]") {
  struct Load {
    LaneKind kind;
    unsigned R;
    unsigned rows;
    std::uint64_t cycles;
  };
  for (const Load& load :
       {Load{LaneKind::kTans, 8, 16, 64}, Load{LaneKind::kRans, 8, 16, 64},
        Load{LaneKind::kTansPair, 8, 16, 64}, Load{LaneKind::kArith, kArithTableLog, 16, 16},
        Load{LaneKind::kTans, 4, 16, 16}, Load{LaneKind::kTans, 14, 256, 4096},
        Load{LaneKind::kRans, 12, 256, 1024}, Load{LaneKind::kNrans, 12, 16, 16},
        Load{LaneKind::kNrans, 8, 4, 4}}) {
    Random random(load.R);
    const Recipe recipe{.kind = load.kind, .R = load.R, .alphabet = load.rows, .max_values = 400};
    std::vector<Job> jobs;
    for (int j = 0; j < 3; ++j) jobs.push_back(encoded_job(recipe, random));
    const Run run = check_jobs_on_units(jobs, {});
    for (const LoadRun& told : run.loads) {
      CHECK(told.last_cycle - told.first_cycle + 1 == load.cycles);
    }
    CHECK(run.loads[1].first_cycle == run.loads[0].last_cycle + 1);
    CHECK(run.streams[0].jobs[0].taken_cycle == run.loads[0].last_cycle);
    CHECK(run.loads[2].first_cycle <=
          std::max(run.streams[0].jobs[0].done_cycle, run.loads[1].last_cycle + 1));
  }
}

TEST_CASE("units: a port that is never open is refused, so is a job of another unit", "[cosim]") {
  Random random(1);
  const std::vector<Job> jobs{encoded_job({}, random)};
  const UnitShape shape = shape_for(jobs);
  using Kind = Rhythm::Kind;
  CHECK_THROWS_AS(Bench(shape, jobs, {.symbol_words = {Kind::kPeriod, 0}}), std::invalid_argument);
  CHECK_THROWS_AS(Bench(shape, jobs, {.consumer = {Kind::kRandom, 96}}), std::invalid_argument);
  CHECK_THROWS_AS(Bench({LaneKind::kRans, 1}, jobs), std::invalid_argument);
  CHECK_THROWS_AS(Bench(shape, {}), std::invalid_argument);
}

namespace {

/// Gives the bench the same outputs in every cycle, until it gives up.
std::string fault_of(const StreamOutputs& told, unsigned period = 1) {
  Random random(1);
  const std::vector<Job> jobs{encoded_job({.max_values = 20}, random)};
  Bench bench(shape_for(jobs), jobs, {.seed = 0, .consumer = {Rhythm::Kind::kPeriod, period}});
  UnitInputs in;
  UnitOutputs out;
  out.streams.resize(1, told);
  while (!bench.done()) {
    bench.drive(in);
    bench.observe(in, out);
  }
  return bench.take_run().fault;
}

}  // namespace

TEST_CASE("units: one that does nothing is given up, one that breaks its promises too", "[cosim]") {
  using Catch::Contains;
  StreamOutputs told;
  told.busy = true;
  told.stall = Stall::kFill;
  CHECK_THAT(fault_of(told, 5000), Contains("no stream did anything for 10000 cycles"));
  told.stall = Stall::kNone;
  CHECK_THAT(fault_of(told), Contains("stream 0 names no stall for a cycle without a value"));
  told.value_valid = told.job_ready = true;
  CHECK_THAT(fault_of(told), Contains("stream 0 yields more values than asked for"));
  told = {};
  told.done = true;
  CHECK_THAT(fault_of(told), Contains("stream 0 ends a job that it was not given"));
}

TEST_CASE("units: a job of one slot behind or before one of many steps by its own R", "[cosim]") {
  for (const LaneKind kind :
       {LaneKind::kTans, LaneKind::kRans, LaneKind::kTansPair, LaneKind::kNrans}) {
    for (std::uint32_t seed = 0; seed < 10; ++seed) {
      Random random(seed);
      std::vector<Job> jobs;
      for (unsigned i = 0; i < 6; ++i) {
        const bool one_slot = (i + seed) % 2 == 0;
        jobs.push_back(encoded_job({.kind = kind,
                                    .n_streams = 4 * streams_per_lane(kind),
                                    .R = one_slot ? 0u : 8u,
                                    .alphabet = one_slot ? 1u : 16u,
                                    .max_offset_bits = 4,
                                    .max_values = 40},
                                   random));
      }
      check_jobs_on_units(jobs, {});
    }
  }
}
