// cosim_support.hpp — jobs, pressures and expectations that the tests of the decoder unit share.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <catch2/catch.hpp>
#include <cstdint>
#include <numeric>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "random.hpp"
#include "transom/base/bits.hpp"
#include "transom/base/stream.hpp"
#include "transom/coder/arith.hpp"
#include "transom/coder/nrans.hpp"
#include "transom/coder/rans.hpp"
#include "transom/coder/tans.hpp"
#include "transom/coder/tans_pair.hpp"
#include "transom/cycle/run.hpp"
#include "transom/unit/bench.hpp"
#include "transom/unit/job.hpp"
#include "transom/verify/lockstep.hpp"

#ifdef TRANSOM_HAVE_RTL
#include "transom/verilated/rtl_decoder.hpp"
#endif
#ifdef TRANSOM_HAVE_SYSTEMC
#include "transom/systemc/sc_decoder.hpp"
#endif

namespace transom::cosim {
#ifdef TRANSOM_HAVE_SYSTEMC
using namespace systemc;
#endif
using namespace unit;
using namespace verify;
#ifdef TRANSOM_HAVE_RTL
using namespace verilated;
#endif

using support::Random;

inline constexpr LaneKind kKinds[] = {LaneKind::kTans, LaneKind::kRans, LaneKind::kArith,
                                      LaneKind::kTansPair, LaneKind::kNrans};
static_assert(std::size(kKinds) == kLaneKinds);

/// What a random job is drawn from.
struct Recipe {
  LaneKind kind = LaneKind::kTans;
  unsigned n_streams = 1;
  unsigned R = 8;
  unsigned alphabet = 16;  ///< at most 2^R
  unsigned max_offset_bits = 16;
  /// Of a stream; the first streams have 0 and 1 where there are several.
  std::uint32_t max_values = 200;
};

inline Recipe random_recipe(LaneKind kind, unsigned n_streams, Random& random) {
  Recipe recipe{.kind = kind, .n_streams = n_streams};
  recipe.R = kind == LaneKind::kArith ? kArithTableLog : random() % (max_lane_table_log(kind) + 1);
  const auto most = std::min(max_rows(kind), std::size_t{1} << recipe.R);
  recipe.alphabet = 1 + random() % static_cast<unsigned>(most);
  recipe.max_offset_bits = random() % (kMaxValueBits + 1);
  return recipe;
}

/// The table words of a unit for frequencies of what a step yields.
inline std::vector<std::uint32_t> unit_table(LaneKind kind, std::span<const std::uint32_t> freq,
                                             unsigned R, Spread spread) {
  if (kind == LaneKind::kRans) return make_rans_slots(freq, R);
  if (kind == LaneKind::kNrans) return make_nrans_counts(freq, R);
  if (kind != LaneKind::kArith) return make_decode_table(freq, R, spread);
  std::vector<std::uint32_t> cum = make_arith_table(freq);
  cum.resize(kMaxApackRows);
  return cum;
}

/// The frequencies of what a step yields, counted in the unit's table.
inline std::vector<std::uint32_t> freq_of(const Job& job) {
  const bool counts = lane_traits(job.kind).counts;
  std::vector<std::uint32_t> freq(counts ? kMaxApackRows : kMaxAlphabet);
  if (counts) {
    for (std::size_t s = 0; s < freq.size(); ++s) {
      const std::uint32_t next = s + 1 < freq.size() ? job.entries[s + 1] : 1u << job.table_log;
      freq[s] = next - job.entries[s];
    }
  } else {
    for (const std::uint32_t word : job.entries) ++freq[word & 0xff];
  }
  return freq;
}

/// A code that makes the unit's table: of frequencies of what a step yields, and the job's rows.
inline Code code_of(const Job& job, std::span<const std::uint32_t> freq, Spread spread) {
  constexpr Coding kCodings[] = {Coding::kTans, Coding::kRans, Coding::kApackAc,
                                 Coding::kApackTansPair, Coding::kApackNrans};
  Code code{kCodings[static_cast<unsigned>(job.kind)], job.table_log, spread, {}, {}};
  for (const std::uint32_t row : job.rows) code.rows.push_back(to_row(row));
  code.freq.assign(freq.begin(), freq.end());
  if (job.kind != LaneKind::kTansPair) return code;
  const std::size_t A = job.rows.size();
  code.freq.assign(A * A, 0);
  for (std::size_t pair = 0; pair < freq.size(); ++pair) {
    if (freq[pair] != 0) code.freq[pair % 16 * A + pair / 16] = freq[pair];
  }
  return code;
}

/// A random table with random rows, every symbol of it in use (of pairs, as many as have room).
inline void add_tables(Job& job, const Recipe& recipe, Random& random) {
  std::vector<symbol_t> coded;
  for (unsigned s = 0; s < recipe.alphabet; ++s) coded.push_back(static_cast<symbol_t>(s));
  if (recipe.kind == LaneKind::kTansPair) {
    coded.clear();
    for (unsigned i = 0; i < std::min(recipe.alphabet * recipe.alphabet, 1u << recipe.R); ++i) {
      coded.push_back(static_cast<symbol_t>(i % recipe.alphabet | i / recipe.alphabet << 4));
    }
  }
  std::vector<std::uint32_t> freq(coded.back() + 1u);
  for (const symbol_t s : coded) freq[s] = 1;
  for (std::size_t left = (std::size_t{1} << recipe.R) - coded.size(); left > 0; --left) {
    ++freq[coded[random() % (1 + random() % coded.size())]];  // small symbols are likelier
  }
  job.kind = recipe.kind;
  job.table_log = recipe.R;
  const auto spread = static_cast<Spread>(random() % kSpreads);
  job.entries = unit_table(recipe.kind, freq, recipe.R, spread);
  for (unsigned s = 0; s < recipe.alphabet; ++s) {
    const auto vmin = static_cast<value_t>(random());
    const auto bits = static_cast<std::uint8_t>(random() % (recipe.max_offset_bits + 1));
    job.rows.push_back(to_word(Row{vmin, bits}));
  }
  job.code = code_of(job, freq, spread);
}

inline std::uint32_t random_n_values(unsigned stream, const Recipe& recipe, Random& random) {
  if (recipe.n_streams > 2 && stream < 2) return stream;
  return 1 + random() % recipe.max_values;
}

/// Backward from the end state: any entry that leads to t may come before it.
inline std::vector<std::uint32_t> encode_tans(const Job& job, std::vector<symbol_t>& steps,
                                              Random& random) {
  const std::uint32_t L = 1u << job.table_log;
  StackWriter out;
  std::uint32_t t = 0;
  for (std::size_t i = steps.size(); i-- > 0;) {
    std::uint32_t from = random() % L;
    const auto leads_to_t = [&](std::uint32_t slot) {
      const Entry e = to_entry(job.entries[slot]);
      return t >= e.base && t - e.base <= low_bits(e.nbits);
    };
    while (!leads_to_t(from)) from = (from + 1) % L;
    const Entry e = to_entry(job.entries[from]);
    out.prepend(t - e.base, e.nbits);
    steps[i] = e.symbol;
    t = from;
  }
  out.prepend(t, job.table_log);
  return out.take();
}

/// A symbol stream of so many random steps, and what they yield.
inline std::vector<std::uint32_t> encode_steps(const Job& job, std::vector<symbol_t>& steps,
                                               Random& random) {
  if (job.kind == LaneKind::kTans || job.kind == LaneKind::kTansPair) {
    return encode_tans(job, steps, random);
  }
  const std::vector<std::uint32_t> freq = freq_of(job);
  std::vector<symbol_t> slots;
  for (std::size_t s = 0; s < freq.size(); ++s) {
    slots.insert(slots.end(), freq[s], static_cast<symbol_t>(s));
  }
  for (symbol_t& s : steps) s = slots[random() % slots.size()];
  if (job.kind == LaneKind::kArith) return encode_symbols(ArithEncoder(freq), steps);
  if (job.kind == LaneKind::kNrans) {
    return encode_symbols(NransEncoder<>(freq, job.table_log), steps);
  }
  return encode_symbols(RansEncoder<Rans32x16>(freq, job.table_log), steps);
}

/// The symbol of value i.
inline unsigned symbol_of_value(LaneKind kind, std::span<const symbol_t> steps, std::size_t i) {
  return kind == LaneKind::kTansPair ? steps[i / 2] >> 4 * (i % 2) & 15u : steps[i];
}

/// Streams as an encoder writes them: the job ends well.
inline JobStream encode_stream(const Job& job, std::uint32_t n_values, Random& random) {
  JobStream stream{.n_values = n_values, .symbol_words = {}, .offset_words = {}};
  if (n_values == 0) return stream;
  const unsigned per_step = values_per_beat(job.kind);
  std::vector<symbol_t> steps((n_values + per_step - 1) / per_step);
  stream.symbol_words = encode_steps(job, steps, random);
  BitWriter offsets;
  for (std::uint32_t i = 0; i < n_values; ++i) {
    const unsigned bits = to_row(job.rows[symbol_of_value(job.kind, steps, i)]).offset_bits;
    offsets.append(random() & low_bits(bits), bits);
  }
  stream.offset_words = offsets.take();
  return stream;
}

inline Job encoded_job(const Recipe& recipe, Random& random) {
  Job job;
  add_tables(job, recipe, random);
  for (unsigned s = 0; s < recipe.n_streams; ++s) {
    job.streams.push_back(encode_stream(job, random_n_values(s, recipe, random), random));
  }
  return job;
}

/// Streams that nobody encoded, of any length.
inline JobStream noise_stream(std::uint32_t n_values, const Recipe& recipe, Random& random) {
  JobStream stream{.n_values = n_values, .symbol_words = {}, .offset_words = {}};
  stream.symbol_words.resize(random() % (2 + n_values * recipe.R / 32));
  stream.offset_words.resize(random() % (2 + n_values * recipe.max_offset_bits / 48));
  for (std::uint32_t& word : stream.symbol_words) word = random();
  for (std::uint32_t& word : stream.offset_words) word = random();
  return stream;
}

inline Job noise_job(const Recipe& recipe, Random& random) {
  Job job;
  add_tables(job, recipe, random);
  for (unsigned s = 0; s < recipe.n_streams; ++s) {
    job.streams.push_back(noise_stream(random_n_values(s, recipe, random), recipe, random));
  }
  return job;
}

/// Jobs of one kind with tables of their own, at most n_streams streams, and few or many values;
/// every third is noise.
inline std::vector<Job> random_jobs(LaneKind kind, unsigned n_streams, unsigned n_jobs,
                                    Random& random) {
  std::vector<Job> jobs(n_jobs);
  for (unsigned j = 0; j < n_jobs; ++j) {
    const Recipe recipe = random_recipe(kind, n_streams, random);
    add_tables(jobs[j], recipe, random);
    const unsigned used = j == 0 || random() % 4 != 0 ? n_streams : 1 + random() % n_streams;
    for (unsigned s = 0; s < used; ++s) {
      const std::uint32_t sizes[] = {0, 1, 2, 3, random() % 12, random() % 80, random() % 300};
      const std::uint32_t n_values = sizes[random() % std::size(sizes)];
      jobs[j].streams.push_back(random() % 3 == 0 ? noise_stream(n_values, recipe, random)
                                                  : encode_stream(jobs[j], n_values, random));
    }
  }
  return jobs;
}

/// No pressure, each port alone at a constant and at a random rhythm, then all at once.
inline std::vector<Pressure> pressures(std::uint64_t seed) {
  const Rhythm period{Rhythm::Kind::kPeriod, 2 + static_cast<unsigned>(seed % 5)};
  const Rhythm chance{Rhythm::Kind::kRandom, 20 + static_cast<unsigned>(seed * 7 % 70)};
  std::vector<Pressure> all{{seed, {}, {}, {}}};
  for (const Rhythm& r : {period, chance}) {
    all.push_back({seed, r, {}, {}});
    all.push_back({seed, {}, r, {}});
    all.push_back({seed, {}, {}, r});
    all.push_back({seed, r, r, r});
  }
  return all;
}

/// The lanes of the units that the tests build: shapes.sh has the same. 64 lanes that multiply take
/// minutes to compile; the whole of what is particular to so many is in those of tANS.
inline constexpr unsigned kTestLanes[] = {1, 4, 16, 64};
inline unsigned most_test_lanes(LaneKind kind) { return kind == LaneKind::kTans ? 64 : 16; }

/// The smallest of these units that takes the jobs.
inline UnitShape shape_for(std::span<const Job> jobs) {
  std::size_t n_streams = 0;
  for (const Job& job : jobs) n_streams = std::max(n_streams, job.streams.size());
  UnitShape shape = unit_shape(jobs[0].kind, n_streams);
  shape.n_lanes = *std::find_if(std::begin(kTestLanes), std::end(kTestLanes),
                                [&](unsigned n) { return n >= shape.n_lanes; });
  return shape;
}

/// One run of one model of the unit, compared in lockstep with `golden`.
struct Verdict {
  Run run;
  std::uint64_t n_mismatches;
  std::optional<Mismatch> first;
  std::string text;
};
template <class RunUnit>
Verdict run_lockstep(std::span<const Job> jobs, const Pressure& pressure,
                     std::span<const Job> golden, RunUnit run_unit,
                     const std::optional<UnitShape>& shape = {}) {
  Lockstep lockstep(golden);
  Bench bench(shape.value_or(shape_for(jobs)), jobs, pressure, &lockstep);
  bench.keep_events();
  Run run = run_unit(bench);
  return {std::move(run), lockstep.n_mismatches(), lockstep.first(), lockstep.text()};
}

/// The models of the unit that are built.
struct Unit {
  std::string name;
  Run (*run)(Bench&);
};
inline std::vector<Unit> units() {
  std::vector<Unit> all{{"cycle", &cycle::run}};
#ifdef TRANSOM_HAVE_SYSTEMC
  all.push_back({"systemc", [](Bench& bench) { return run_systemc(bench); }});
#endif
#ifdef TRANSOM_HAVE_RTL
  all.push_back({"rtl", [](Bench& bench) { return run_rtl(bench); }});
#endif
  return all;
}

/// A stream of a job by the golden model alone.
struct Golden {
  std::vector<value_t> values;
  Status status = Status::kOk;
};
template <class Decoder>
Golden decode_stream(Decoder decoder, const Job& job, const JobStream& stream) {
  Golden golden{std::vector<value_t>(stream.n_values), {}};
  std::vector<std::uint32_t> rows = job.rows;
  rows.resize(kMaxAlphabet);
  golden.status = decode_stream(decoder, rows.data(), BitReader(stream.symbol_words),
                                BitReader(stream.offset_words), StreamLayout{stream.n_values, 1, 1},
                                0, golden.values.data());
  return golden;
}
inline Golden golden_stream(const Job& job, unsigned s) {
  const JobStream& stream = job.streams[s];
  switch (job.kind) {
    case LaneKind::kTans:
      return decode_stream(TansDecoder{job.entries.data(), job.table_log}, job, stream);
    case LaneKind::kRans: {
      const auto table = make_rans_table(freq_of(job), job.table_log);
      return decode_stream(RansDecoder<Rans32x16>{table.data(), job.table_log}, job, stream);
    }
    case LaneKind::kArith: {
      const auto table = make_arith_table(freq_of(job));
      return decode_stream(ArithDecoder{table.data(), job.table_log}, job, stream);
    }
    case LaneKind::kTansPair:
      return decode_stream(TansPairDecoder{job.entries.data(), job.table_log}, job, stream);
    case LaneKind::kNrans: {
      const auto table = make_nrans_table(freq_of(job), job.table_log);
      return decode_stream(NransDecoder<>{table.data(), job.table_log}, job, stream);
    }
  }
  return {};
}

/// Values and statuses of all jobs are the golden model's.
inline void check_golden(std::span<const Job> jobs, const Run& run) {
  bool all_equal = true;
  for (unsigned s = 0; s < run.streams.size(); ++s) {
    std::vector<value_t> values;
    for (std::size_t j = 0; j < jobs.size(); ++j) {
      if (s >= jobs[j].streams.size()) continue;
      const Golden golden = golden_stream(jobs[j], s);
      values.insert(values.end(), golden.values.begin(), golden.values.end());
      all_equal = all_equal && run.streams[s].jobs[j].status == golden.status;
    }
    all_equal = all_equal && run.streams[s].values == values;
  }
  REQUIRE(all_equal);
}

/// Runs every unit; each agrees with the golden model and the others in every cycle, and the cycle
/// model with itself where nobody is told of its steps, so that it goes on by itself.
inline Run check_jobs_on_units(std::span<const Job> jobs, const Pressure& pressure,
                               const std::optional<UnitShape>& shape = {}) {
  std::optional<Run> first;
  for (const Unit& unit : units()) {
    INFO(unit.name << ", " << lane_kind_name(jobs[0].kind) << ", " << jobs.size() << " jobs");
    Verdict verdict = run_lockstep(jobs, pressure, jobs, unit.run, shape);
    REQUIRE(verdict.run.fault == "");
    REQUIRE(verdict.text == "0 mismatches");
    const Run& run = verdict.run;
    REQUIRE(run.streams.size() * run.cycles == run.beats + run.stalls.total());
    check_golden(jobs, run);
    if (!first) {
      first = std::move(verdict.run);
    } else {
      REQUIRE(run.events == first->events);
      REQUIRE(run == *first);
    }
  }
  Bench alone(shape.value_or(shape_for(jobs)), jobs, pressure);
  first->events.clear();
  REQUIRE(cycle::run(alone) == *first);
  return *first;
}
inline Run check_job_on_units(const Job& job, const Pressure& pressure) {
  return check_jobs_on_units(std::span(&job, 1), pressure);
}

}  // namespace transom::cosim
