// cosim_support.hpp — jobs, pressures and expectations that the tests of the decoder unit share.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <catch2/catch.hpp>
#include <cstdint>
#include <numeric>
#include <string>
#include <vector>

#include "bench.hpp"
#include "bits.hpp"
#include "job.hpp"
#include "lane.hpp"
#include "lockstep.hpp"
#include "tans.hpp"

#ifdef TRANSOM_HAVE_RTL
#include "rtl_decoder.hpp"
#endif
#ifdef TRANSOM_HAVE_SYSTEMC
#include "random.hpp"
#include "sc_decoder.hpp"
#endif

namespace transom::cosim {

using support::Random;

struct Shape {
  unsigned n_lanes = 1;
  unsigned R = 8;
  unsigned alphabet = 16;  ///< at most 2^R
  unsigned max_offset_bits = 16;
  std::uint32_t max_values =
      200;  ///< of a lane; the first lanes have 0 and 1 where there are several
};

inline Shape random_shape(unsigned n_lanes, Random& random) {
  Shape shape;
  shape.n_lanes = n_lanes;
  shape.R = random() % (kMaxTableLog + 1);
  shape.alphabet = 1 + random() % std::min(kMaxAlphabet, 1u << shape.R);
  shape.max_offset_bits = random() % (kMaxValueBits + 1);
  return shape;
}

/// A random table with random rows, every symbol of it in use.
inline void add_tables(Job& job, const Shape& shape, Random& random) {
  std::vector<std::uint32_t> freq(shape.alphabet, 1);
  for (unsigned left = (1u << shape.R) - shape.alphabet; left > 0; --left) {
    const std::uint32_t bound = 1 + random() % shape.alphabet;  // small symbols are likelier
    ++freq[random() % bound];
  }
  job.table_log = shape.R;
  job.entries = make_decode_table(freq, shape.R, static_cast<Spread>(random() % kSpreads));
  for (unsigned s = 0; s < shape.alphabet; ++s) {
    const auto vmin = static_cast<value_t>(random());
    const auto bits = static_cast<std::uint8_t>(random() % (shape.max_offset_bits + 1));
    job.rows.push_back(to_word(Row{vmin, bits}));
  }
}

inline std::uint32_t random_n_values(unsigned lane, const Shape& shape, Random& random) {
  if (shape.n_lanes > 2 && lane < 2) return lane;
  return 1 + random() % shape.max_values;
}

/// Streams as an encoder writes them: the lane ends well.
inline JobLane encode_lane(const Job& job, std::uint32_t n_values, Random& random) {
  const std::uint32_t L = 1u << job.table_log;
  JobLane lane{.n_values = n_values, .symbol_words = {}, .offset_words = {}};
  if (n_values == 0) return lane;
  StackWriter symbols;
  std::vector<symbol_t> coded;
  std::uint32_t t = 0;  // backward from the end state: any entry that leads to t may come before it
  for (std::uint32_t i = 0; i < n_values; ++i) {
    std::uint32_t from = random() % L;
    const auto leads_to_t = [&](std::uint32_t slot) {
      const Entry e = to_entry(job.entries[slot]);
      return t >= e.base && t - e.base <= low_bits(e.nbits);
    };
    while (!leads_to_t(from)) from = (from + 1) % L;
    const Entry e = to_entry(job.entries[from]);
    symbols.prepend(t - e.base, e.nbits);
    coded.push_back(e.symbol);
    t = from;
  }
  symbols.prepend(t, job.table_log);
  lane.symbol_words = symbols.take();
  BitWriter offsets;
  for (std::size_t i = coded.size(); i-- > 0;) {
    const unsigned bits = to_row(job.rows[coded[i]]).offset_bits;
    offsets.append(random() & low_bits(bits), bits);
  }
  lane.offset_words = offsets.take();
  return lane;
}

inline Job encoded_job(const Shape& shape, Random& random) {
  Job job;
  add_tables(job, shape, random);
  for (unsigned l = 0; l < shape.n_lanes; ++l) {
    job.lanes.push_back(encode_lane(job, random_n_values(l, shape, random), random));
  }
  return job;
}

/// Streams that nobody encoded, of any length.
inline Job noise_job(const Shape& shape, Random& random) {
  Job job;
  add_tables(job, shape, random);
  for (unsigned l = 0; l < shape.n_lanes; ++l) {
    JobLane lane{
        .n_values = random_n_values(l, shape, random), .symbol_words = {}, .offset_words = {}};
    lane.symbol_words.resize(random() % (2 + lane.n_values * shape.R / 32));
    lane.offset_words.resize(random() % (2 + lane.n_values * shape.max_offset_bits / 48));
    for (std::uint32_t& word : lane.symbol_words) word = random();
    for (std::uint32_t& word : lane.offset_words) word = random();
    job.lanes.push_back(std::move(lane));
  }
  return job;
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

/// One run of one model of the unit, compared in lockstep with `golden`.
struct Verdict {
  Run run;
  std::uint64_t n_mismatches;
  std::optional<Mismatch> first;
  std::string text;
};
template <class RunUnit>
Verdict run_lockstep(const Job& job, const Pressure& pressure, const Job& golden,
                     RunUnit run_unit) {
  Lockstep lockstep(golden);
  Bench bench(job, pressure, &lockstep);
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
  std::vector<Unit> all;
#ifdef TRANSOM_HAVE_SYSTEMC
  all.push_back({"systemc", [](Bench& bench) { return run_systemc(bench); }});
#endif
#ifdef TRANSOM_HAVE_RTL
  all.push_back({"rtl", [](Bench& bench) { return run_rtl(bench); }});
#endif
  return all;
}

/// The status of a lane by the golden model alone.
inline Status golden_status(const Job& job, unsigned l) {
  const JobLane& lane = job.lanes[l];
  std::vector<std::uint32_t> rows = job.rows;
  rows.resize(kMaxAlphabet);
  std::vector<value_t> values(lane.n_values);
  return decode_lane(TansDecoder{job.entries.data(), job.table_log}, rows.data(),
                     BitReader(lane.symbol_words), BitReader(lane.offset_words),
                     Lanes{lane.n_values, 1, 1}, 0, values.data());
}

/// Runs every unit; each must agree with the golden model and with the other in every cycle.
inline Run check_job_on_units(const Job& job, const Pressure& pressure) {
  Run first;
  bool have_first = false;
  for (const Unit& unit : units()) {
    INFO(unit.name);
    Verdict verdict = run_lockstep(job, pressure, job, unit.run);
    REQUIRE(verdict.run.fault == "");
    REQUIRE(verdict.text == "0 mismatches");
    const Run& run = verdict.run;
    REQUIRE(run.lanes.size() * run.cycles() == run.n_values() + run.stalls.total());
    for (unsigned l = 0; l < run.lanes.size(); ++l) {
      REQUIRE(run.lanes[l].values.size() == job.lanes[l].n_values);
      REQUIRE(run.lanes[l].status == golden_status(job, l));
    }
    if (!have_first) {
      first = std::move(verdict.run);
      have_first = true;
    } else {
      REQUIRE(run.events == first.events);
      REQUIRE(run == first);
    }
  }
  return first;
}

}  // namespace transom::cosim
