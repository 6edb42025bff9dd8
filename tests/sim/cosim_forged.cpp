// cosim_forged.cpp — tables and rows that nobody made: every level makes the same of them, and no
// job sees a row, a table's word or a stream's word of another.
//
// What a unit must make of them is told apart, in the slow form of the rule (kept_of).
// SPDX-License-Identifier: Apache-2.0
#include <iostream>

#include "cosim_steps.hpp"
#include "transom/lt/stream.hpp"

using namespace transom;
using namespace transom::cosim;

namespace {

/// Of a job, which should see none of them. Every bit of a secret value is one of its own.
constexpr value_t kSecret = 0x5e00;
constexpr value_t kOwn = 0x0101;

bool is_secret(value_t value) { return (value & 0xff00) == kSecret; }

/// As many rows and slots as the kind has, each row a secret.
Job secret_job(LaneKind kind, unsigned n_streams) {
  Random random(1);
  Recipe recipe{.kind = kind, .R = 10, .alphabet = static_cast<unsigned>(max_rows(kind))};
  Job job;
  add_tables(job, recipe, random);
  for (std::size_t s = 0; s < job.rows.size(); ++s) {
    job.rows[s] = to_word(Row{static_cast<value_t>(kSecret | s), 0});
  }
  job.code = {};
  for (unsigned s = 0; s < n_streams; ++s) job.streams.push_back(encode_stream(job, 20, random));
  return job;
}

/// A job of one row with these table words.
Job forged_job(LaneKind kind, unsigned R, const std::vector<std::uint32_t>& entries,
               unsigned n_streams) {
  Job job{kind, R, entries, {to_word(Row{kOwn, 0})}, {}};
  Random random(2);
  for (unsigned s = 0; s < n_streams; ++s) {
    job.streams.push_back(noise_stream(50, {.kind = kind, .R = 8}, random));
  }
  return job;
}

struct Forgery {
  const char* what;
  LaneKind kind;
  unsigned R;
  std::vector<std::uint32_t> entries;
};
std::vector<Forgery> forgeries() {
  const auto all = [](std::size_t n, std::uint32_t word) {
    return std::vector<std::uint32_t>(n, word);
  };
  const auto tans = [](symbol_t symbol, std::uint8_t nbits, std::uint16_t base) {
    return to_word(Entry{symbol, nbits, base});
  };
  const auto rans = [](symbol_t symbol, std::uint16_t freq, std::uint16_t bias) {
    return to_word(RansEntry{symbol, freq, bias});
  };
  std::vector<std::uint32_t> counts(16, 1024), falls(16, 1024);
  counts[0] = falls[0] = 0;
  counts[1] = 100;
  falls[1] = 2000;
  return {{"a symbol without a row", LaneKind::kTans, 4, all(16, tans(5, 4, 0))},
          {"a symbol without a row, of the largest", LaneKind::kTans, 4, all(16, tans(255, 4, 0))},
          {"a state beyond the table", LaneKind::kTans, 4, all(16, tans(0, 0, 200))},
          {"bits that lead beyond it", LaneKind::kTans, 4, all(16, tans(0, 9, 0))},
          {"a base that is not in line", LaneKind::kTans, 4, all(16, tans(0, 2, 3))},
          {"a table of one slot", LaneKind::kTans, 0, all(1, tans(0, 1, 0))},
          {"a symbol without a row", LaneKind::kRans, 4, all(16, rans(5, 16, 3))},
          {"a frequency over 2^R", LaneKind::kRans, 4, all(16, rans(0, 4000, 3))},
          {"a bias over its frequency", LaneKind::kRans, 4, all(16, rans(0, 3, 3))},
          {"counts of a symbol without a row", LaneKind::kArith, kArithTableLog, counts},
          {"counts that fall", LaneKind::kArith, kArithTableLog, falls},
          {"counts of a symbol without a row", LaneKind::kNrans, 10, counts},
          {"counts that fall", LaneKind::kNrans, 10, falls},
          {"counts over 2^R", LaneKind::kNrans, 9, counts},
          {"counts of one slot that begin above 0", LaneKind::kNrans, 0, all(16, 1)},
          {"pairs without a row", LaneKind::kTansPair, 4, all(16, tans(0x55, 4, 0))},
          {"a second one without a row", LaneKind::kTansPair, 4, all(16, tans(0x50, 4, 0))},
          {"a state beyond the table", LaneKind::kTansPair, 4, all(16, tans(0, 0, 200))}};
}

/// Values and statuses of a run are those of the slow form.
void check_slow(const std::vector<Job>& jobs, const Run& run) {
  for (unsigned s = 0; s < run.streams.size(); ++s) {
    std::vector<value_t> values;
    for (std::size_t j = 0; j < jobs.size(); ++j) {
      if (s >= jobs[j].streams.size()) continue;
      const Kept kept = kept_of(jobs[j]);
      for (const Step& step : steps_of(kept.job, s)) {
        values.insert(values.end(), step.values.begin(), step.values.end());
      }
      CHECK((run.streams[s].jobs[j].status == Status::kBadTable) == kept.bad);
    }
    CHECK((run.streams[s].values == values));
  }
}

/// The jobs on every unit, in lockstep, and against the slow form; all alike in every cycle.
Run check_forged(const std::vector<Job>& jobs, const Pressure& pressure) {
  std::optional<Run> first;
  for (const Unit& unit : units()) {
    INFO(unit.name << ", " << lane_kind_name(jobs[0].kind) << ", " << jobs.size() << " jobs");
    Verdict verdict = run_lockstep(jobs, pressure, jobs, unit.run);
    REQUIRE(verdict.run.fault == "");
    REQUIRE(verdict.text == "0 mismatches");
    check_slow(jobs, verdict.run);
    if (first) REQUIRE(verdict.run == *first);
    first = std::move(verdict.run);
  }
  return *first;
}

/// The jobs by the loosely timed view's streams: the same values and statuses.
void check_lt(const std::vector<Job>& jobs, const Run& run) {
  for (unsigned s = 0; s < run.streams.size(); ++s) {
    const auto streams = lt::make_lt_streams({jobs[0].kind, 1}, 4096);
    auto value = run.streams[s].values.begin();
    for (std::size_t j = 0; j < jobs.size(); ++j) {
      if (s >= jobs[j].streams.size()) continue;
      const JobStream& of_job = jobs[j].streams[s];
      streams->load(jobs[j].table_log, jobs[j].entries, jobs[j].rows);
      const auto feed = [](lt::RingReader& reader, const std::vector<std::uint32_t>& words) {
        reader.begin(static_cast<std::uint32_t>(words.size()));
        for (const std::uint32_t word : words) reader.put(word);
      };
      feed(streams->symbols(0), of_job.symbol_words);
      feed(streams->offsets(0), of_job.offset_words);
      std::vector<value_t> values(of_job.n_values);
      if (!values.empty()) {
        streams->start(0);
        streams->decode(0, of_job.n_values, values.data(), 1);
      }
      REQUIRE(std::equal(values.begin(), values.end(), value));
      value += of_job.n_values;
      REQUIRE(streams->end(0, of_job.n_values) == run.streams[s].jobs[j].status);
    }
  }
}

/// Spoils words, rows and the number of rows by chance, a lot or a little, or not at all.
void forge(Job& job, Random& random) {
  job.code = {};
  const auto spoil = [&](std::uint32_t& word) {
    word = random() % 2 == 0 ? random() : word ^ 1u << random() % 32;
  };
  const unsigned n_words[] = {0, 1, 1, 3, static_cast<unsigned>(job.entries.size())};
  for (unsigned n = n_words[random() % 5]; n > 0; --n) {
    spoil(job.entries[random() % job.entries.size()]);
  }
  if (random() % 3 == 0) job.rows.resize(1 + random() % job.rows.size());
  if (random() % 4 == 0) spoil(job.rows[random() % job.rows.size()]);
}

}  // namespace

TEST_CASE("rtl 1: a job sees no row and no table word of the jobs before", "[cosim]") {
  for (const Forgery& forgery : forgeries()) {
    INFO(forgery.what << ", " << lane_kind_name(forgery.kind));
    const unsigned n = 2 * streams_per_lane(forgery.kind);
    // Both banks are full of secrets, then both are loaded anew.
    std::vector<Job> jobs(2, secret_job(forgery.kind, n));
    jobs.resize(4, forged_job(forgery.kind, forgery.R, forgery.entries, n));
    const Run run = check_forged(jobs, {});
    for (const StreamRun& stream : run.streams) {
      for (std::size_t i = 0; i < 40; ++i) CHECK(is_secret(stream.values[i]));
      for (std::size_t i = 40; i < 140; ++i) CHECK(stream.values[i] == kOwn);
      for (const std::size_t j : {0, 1}) CHECK(stream.jobs[j].status == Status::kOk);
      for (const std::size_t j : {2, 3}) CHECK(stream.jobs[j].status == Status::kBadTable);
    }
    check_lt(jobs, run);
  }
}

TEST_CASE("rtl 1: at every R, the last words of a table and the first of none are told apart",
          "[cosim]") {
  constexpr unsigned kLastRow = 6;
  for (const LaneKind kind : {LaneKind::kTans, LaneKind::kRans, LaneKind::kTansPair}) {
    for (unsigned R = 0; R <= max_lane_table_log(kind); ++R) {
      const std::uint32_t L = 1u << R;
      struct Word {
        std::uint32_t word;
        bool good;
      };
      std::vector<Word> words{{kLastRow, true}, {kLastRow + 1, false}};
      if (kind == LaneKind::kTansPair) {
        words.push_back({kLastRow << 4, true});
        words.push_back({(kLastRow + 1) << 4, false});
      }
      if (kind == LaneKind::kRans) {
        words.push_back({(L - 1) << 8 | (L - 1) << 20, true});
        words.push_back({(L - 1) << 8 | L << 20, L == 1u << 12});  // 13 bits have no room
        words.push_back({L << 8, false});
      } else {
        words.push_back({R << 8, true});
        words.push_back({(R + 1) << 8, false});
        words.push_back({(L - 1) << 16, true});
        words.push_back({L << 16, L == 1u << kMaxTableLog});  // nor have 15
        if (R > 0) words.push_back({1u << 8 | 1u << 16, false});
        if (R > 1) words.push_back({(R - 1) << 8 | L / 2 << 16, true});
        if (R > 1) words.push_back({(R - 1) << 8 | L / 4 << 16, false});
      }
      std::vector<Job> jobs;
      Random random(R);
      for (const Word& w : words) {
        Job job{kind, R, std::vector<std::uint32_t>(L), {}, {}};
        job.entries[random() % L] = w.word;
        for (unsigned s = 0; s <= kLastRow; ++s) job.rows.push_back(to_word(Row{kOwn, 0}));
        job.streams.push_back(noise_stream(9, {.kind = kind, .R = R}, random));
        jobs.push_back(std::move(job));
      }
      const Run run = check_forged(jobs, {});
      for (std::size_t i = 0; i < words.size(); ++i) {
        INFO("R " << R << ", word " << words[i].word);
        CHECK((run.streams[0].jobs[i].status != Status::kBadTable) == words[i].good);
      }
    }
  }
}

TEST_CASE("rtl 1: a row of more offset bits than a value has is none", "[cosim]") {
  for (const LaneKind kind : kKinds) {
    for (unsigned bits = 15; bits < 32; ++bits) {
      Random random(bits);
      Job job = encoded_job({.kind = kind, .n_streams = 2, .R = 10, .alphabet = 4}, random);
      job.code = {};
      const std::uint32_t rows[] = {0, bits << 16 | 0x1234, 16u << 16, 3};
      job.rows.assign(std::begin(rows), std::end(rows));
      const std::vector<Job> jobs(3, job);
      const Run run = check_forged(jobs, {});
      for (const StreamRun& stream : run.streams) {
        CHECK((stream.jobs[2].status == Status::kBadTable) == (bits > 16));
      }
      check_lt(jobs, run);
    }
  }
}

TEST_CASE("rtl 1: forged tables and rows are the same at every level", "[cosim]") {
  constexpr unsigned kRuns = 64, kJobs = 8;
  for (const LaneKind kind : kKinds) {
    std::array<std::uint64_t, 8> statuses{};
    for (std::uint32_t seed = 0; seed < kRuns; ++seed) {
      Random random(seed);
      const unsigned n_streams = 1 + seed % 4;
      std::vector<Job> jobs(kJobs);
      for (Job& job : jobs) {
        Recipe recipe = random_recipe(kind, n_streams, random);
        if (kind != LaneKind::kArith) {
          recipe.R %= 9;
          recipe.alphabet = 1 + random() % std::min(1u << recipe.R, recipe.alphabet);
        }
        add_tables(job, recipe, random);
        const bool noise = random() % 2 == 0;
        for (unsigned s = 0; s < n_streams; ++s) {
          const std::uint32_t n_values = random() % 60;
          job.streams.push_back(noise ? noise_stream(n_values, recipe, random)
                                      : encode_stream(job, n_values, random));
        }
        forge(job, random);
      }
      INFO("seed " << seed);
      const std::vector<Pressure> all = pressures(seed);
      const Run run = check_forged(jobs, all[seed % all.size()]);
      check_lt(jobs, run);
      for (const StreamRun& stream : run.streams) {
        for (const JobRun& job : stream.jobs) ++statuses[static_cast<unsigned>(job.status)];
      }
    }
    std::cout << "forged, " << lane_kind_name(kind) << ":";
    for (const Status status : {Status::kOk, Status::kTruncated, Status::kBadState,
                                Status::kTrailing, Status::kBadTable}) {
      std::cout << " " << status_name(status) << " " << statuses[static_cast<unsigned>(status)];
      CHECK(statuses[static_cast<unsigned>(status)] > 0);
    }
    std::cout << "\n";
  }
}

TEST_CASE("rtl 1: bits behind a stream's end are zero, whatever came before", "[cosim]") {
  for (const LaneKind kind : kKinds) {
    const unsigned R = kind == LaneKind::kArith ? kArithTableLog : 0;
    const std::vector<std::uint32_t> freq{1u << R};
    Job empty{kind, R, unit_table(kind, freq, R, Spread::kTuned), {}, {}};
    empty.rows = {to_word(Row{0, kMaxValueBits})};
    empty.code = code_of(empty, freq, Spread::kTuned);
    Job full = empty;
    const std::vector<std::uint32_t> ones(9, 0xffff'ffff);
    full.streams.assign(2 * streams_per_lane(kind), {6, ones, ones});  // most of them left over
    for (std::size_t n_words = 0; n_words < 3; ++n_words) {
      const std::vector<std::uint32_t> few(n_words, 0x1111'1111);
      empty.streams.assign(full.streams.size(), {40, few, few});
      for (const Pressure& pressure : pressures(n_words)) {
        const Run run =
            check_jobs_on_units(std::vector<Job>{full, full, empty, full, empty}, pressure);
        for (const StreamRun& stream : run.streams) {
          for (const std::size_t begin : {12, 58}) {
            for (std::size_t i = 0; i < 40; ++i) {
              CHECK(stream.values[begin + i] == (i < 2 * n_words ? 0x1111 : 0));
            }
          }
          CHECK(stream.jobs[2].status == Status::kTruncated);
        }
      }
    }
  }
}

#ifdef TRANSOM_HAVE_RTL
TEST_CASE("rtl 1: without the check on what is loaded, secrets leave, and assertions say so",
          "[cosim]") {
  const auto run_unchecked = [](std::size_t forgery, bool assertions) {
    const Forgery f = forgeries()[forgery];
    std::vector<Job> jobs(2, secret_job(f.kind, 1));
    jobs.resize(4, forged_job(f.kind, f.R, f.entries, 1));
    Bench bench(UnitShape{f.kind, 1}, jobs);
    return run_rtl(bench, {.assertions = assertions, .fault = "unchecked"});
  };
  for (const std::size_t forgery : {0, 2}) {  // a row, a state
    const Run run = run_unchecked(forgery, false);
    CHECK(run.fault == "");
    const std::vector<value_t>& values = run.streams[0].values;
    CHECK(std::any_of(values.begin() + 40, values.end(), is_secret));
  }
  CHECK_THAT(run_unchecked(0, true).fault, Catch::Contains("RowIsLoaded"));
  CHECK_THAT(run_unchecked(2, true).fault, Catch::Contains("EntryInTable"));
}
#endif
