// cosim_faults.cpp — one seeded fault at a time: lockstep names its first effect, and only that.
//
// Where the effect must show is computed apart, by tracing the good and the bad streams in the
// model.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <optional>

#include "cosim_support.hpp"

using namespace transom;
using namespace transom::cosim;

namespace {

/// A step of a lane as lockstep compares it: symbol, nbits, state after, position before, value.
struct Step {
  std::uint64_t field[5];
};
constexpr const char* kFieldNames[] = {"symbol", "nbits", "state", "position", "value"};

std::vector<Step> steps_of(const Job& job, unsigned l) {
  const JobLane& lane = job.lanes[l];
  BitReader symbols(lane.symbol_words);
  BitReader offsets(lane.offset_words);
  const std::uint64_t n_bits = lane.symbol_words.size() * kWordBits;
  TansDecoder decoder{job.entries.data(), job.table_log};
  decoder.start(symbols);
  std::vector<Step> steps;
  for (std::uint32_t i = 0; i < lane.n_values; ++i) {
    const std::uint64_t before = symbols.position();
    const symbol_t s = decoder.step(symbols);
    const Row row = to_row(job.rows[s]);
    const auto value = static_cast<value_t>(row.vmin + offsets.read(row.offset_bits));
    steps.push_back({{s, symbols.position() - before, decoder.t, std::min(before, n_bits), value}});
  }
  return steps;
}

/// The first effect of the fault in lane l. A symbol retires `kRetireDelay` cycles after the start
/// plus one per symbol before it, and its value leaves one cycle later (no pressure).
std::optional<Mismatch> first_effect(const Job& good, const Job& bad, unsigned l,
                                     std::uint64_t load_cycles) {
  constexpr std::uint64_t kRetireDelay = 2;
  const std::vector<Step> want = steps_of(good, l);
  const std::vector<Step> got = steps_of(bad, l);
  std::optional<Mismatch> first;
  for (std::size_t i = 0; i < want.size() && !first; ++i) {
    for (std::size_t f = 0; f < 5; ++f) {
      if (want[i].field[f] == got[i].field[f]) continue;
      const std::uint64_t cycle = load_cycles + kRetireDelay + i + (f == 4 ? 1 : 0);
      first = Mismatch{cycle, l, i, kFieldNames[f], want[i].field[f], got[i].field[f]};
      break;
    }
  }
  return first;
}

/// Every unit finds the fault where it first acts. Returns whether it acts at all before the end.
bool check_fault(const Job& good, const Job& bad, unsigned l) {
  bool acts = false;
  for (const Unit& unit : units()) {
    INFO(unit.name);
    const Verdict verdict = run_lockstep(bad, {}, good, unit.run);
    REQUIRE(verdict.run.fault == "");
    const auto effect = first_effect(good, bad, l, verdict.run.load_cycles);
    if (!effect) {  // only the end may tell
      CHECK((!verdict.first || verdict.first->what == "status"));
      continue;
    }
    acts = true;
    REQUIRE(verdict.first.has_value());
    CHECK(*verdict.first == *effect);
    const Mismatch& m = *effect;
    CHECK(verdict.text == std::to_string(verdict.n_mismatches) +
                              " mismatches, the first in cycle " + std::to_string(m.cycle) +
                              ", lane " + std::to_string(m.lane) + ", index " +
                              std::to_string(m.index) + ": " + std::string(m.what) + ": want " +
                              std::to_string(m.want) + ", got " + std::to_string(m.got));
  }
  return acts;
}

Job good_job(std::uint32_t seed) {
  Random random(seed);
  const Shape shape{.n_lanes = 4, .R = 6, .alphabet = 12, .max_offset_bits = 9, .max_values = 80};
  return encoded_job(shape, random);
}

bool leads_in(const Job& job, std::uint32_t word) {
  const Entry e = to_entry(word);
  return e.nbits <= job.table_log && e.symbol < job.rows.size() &&
         e.base + (1u << e.nbits) <= 1u << job.table_log;
}

}  // namespace

TEST_CASE("faults: a flipped stream bit is named at its first effect", "[cosim]") {
  unsigned n_acting = 0;
  for (std::uint32_t seed = 0; seed < 8; ++seed) {
    const Job good = good_job(seed);
    Random random(seed);
    for (int trial = 0; trial < 16; ++trial) {
      Job bad = good;
      const unsigned l = 2 + trial % 2;
      auto& words = trial % 4 < 2 ? bad.lanes[l].symbol_words : bad.lanes[l].offset_words;
      if (words.empty()) continue;
      words[random() % words.size()] ^= 1u << random() % kWordBits;
      n_acting += check_fault(good, bad, l);
    }
  }
  CHECK(n_acting > 100);
}

TEST_CASE("faults: a flipped bit in a loaded table word is named at its first effect", "[cosim]") {
  unsigned n_acting = 0;
  for (std::uint32_t seed = 0; seed < 8; ++seed) {
    Job good = good_job(seed);
    good.lanes.resize(3);
    good.lanes[2].n_values = std::max(good.lanes[2].n_values, 2u);
    for (unsigned l = 0; l < 2; ++l) good.lanes[l] = {};  // the table is everyone's: one lane tells
    Random random(seed);
    for (int trial = 0; trial < 24; ++trial) {
      Job bad = good;
      std::uint32_t& word = bad.entries[random() % bad.entries.size()];
      word ^= 1u << random() % 22;
      if (!leads_in(good, word)) continue;
      n_acting += check_fault(good, bad, 2);
    }
  }
  CHECK(n_acting > 20);
}

TEST_CASE("faults: a wrong row is named at the first value that it spoils", "[cosim]") {
  Job good = good_job(3);
  const std::vector<Step> steps = steps_of(good, 2);
  Job bad = good;
  for (unsigned l : {0u, 1u, 3u}) good.lanes[l] = bad.lanes[l] = {};
  bad.rows[steps[5 % steps.size()].field[0]] ^= 1;
  CHECK(check_fault(good, bad, 2));
}

#ifdef TRANSOM_HAVE_RTL
TEST_CASE("faults: an assertion that fails ends the run and is named", "[cosim]") {
  const Job good = good_job(1);
  Job bad = good;
  for (std::uint32_t& word : bad.entries) word |= 63u << 16;  // bases that lead out of the table
  Bench bench(bad);
  const Run run = run_rtl(bench);
  CHECK(run.fault.find("an assertion failed") != std::string::npos);
  CHECK(run.fault.find("EntryInTable") != std::string::npos);
  Bench unchecked(bad);
  CHECK(run_rtl(unchecked, {.assertions = false}).fault == "");
}

TEST_CASE("faults: a wave of a window of cycles is written", "[cosim]") {
  const Job job = good_job(2);
  const auto folder = std::filesystem::temp_directory_path();
  const auto size_of_wave = [&](std::uint64_t from, std::uint64_t to) {
    const std::filesystem::path path = folder / ("transom_cosim_" + std::to_string(from) + ".fst");
    Bench bench(job);
    const Run run = run_rtl(bench, {.wave = path.string(), .wave_from = from, .wave_to = to});
    CHECK(run.fault == "");
    const auto size = std::filesystem::file_size(path);
    std::filesystem::remove(path);
    return size;
  };
  const auto whole = size_of_wave(0, 1000);
  const auto window = size_of_wave(20, 24);
  CHECK(window > 0);
  CHECK(window < whole);
}
#endif
