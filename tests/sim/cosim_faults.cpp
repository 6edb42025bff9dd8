// cosim_faults.cpp — one seeded fault at a time: lockstep names its first effect, and only that.
//
// Where the effect must show is computed apart, by tracing the good and the bad job.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <filesystem>
#include <optional>

#include "cosim_steps.hpp"

using namespace transom;
using namespace transom::cosim;

namespace {

/// The first effect of the fault in stream s, with the cycles of the good run: a step retires a
/// cycle before its values leave (no pressure).
std::optional<Mismatch> first_effect(const Job& good, const Job& bad, unsigned s,
                                     std::uint64_t first_value_cycle) {
  const std::vector<Step> want = steps_of(good, s);
  const std::vector<Step> got = steps_of(bad, s);
  for (std::size_t i = 0; i < want.size(); ++i) {
    const std::uint64_t cycle = first_value_cycle + i * streams_per_lane(good.kind);
    for (std::size_t f = 0; f < std::size(kFieldNames); ++f) {
      if (want[i].field[f] == got[i].field[f]) continue;
      return Mismatch{cycle - 1, 0, s, i, kFieldNames[f], want[i].field[f], got[i].field[f]};
    }
    for (std::size_t v = 0; v < want[i].values.size(); ++v) {
      if (want[i].values[v] == got[i].values[v]) continue;
      const std::size_t index = i * values_per_beat(good.kind) + v;
      return Mismatch{cycle, 0, s, index, "value", want[i].values[v], got[i].values[v]};
    }
  }
  return std::nullopt;
}

/// Every unit finds the fault where it first acts. Returns whether it acts at all before the end.
bool check_fault(const Job& good, const Job& bad, unsigned s) {
  bool acts = false;
  for (const Unit& unit : units()) {
    INFO(unit.name << ", " << lane_kind_name(good.kind));
    const Verdict fine = run_lockstep({&good, 1}, {}, {&good, 1}, unit.run);
    REQUIRE(fine.text == "0 mismatches");
    const Verdict verdict = run_lockstep({&bad, 1}, {}, {&good, 1}, unit.run);
    REQUIRE(verdict.run.fault == "");
    const auto effect = first_effect(good, bad, s, fine.run.streams[s].jobs[0].first_value_cycle);
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
                              ", job 0, stream " + std::to_string(m.stream) + ", index " +
                              std::to_string(m.index) + ": " + std::string(m.what) + ": want " +
                              std::to_string(m.want) + ", got " + std::to_string(m.got));
  }
  return acts;
}

Job good_job(LaneKind kind, std::uint32_t seed) {
  Random random(seed);
  Recipe recipe{.kind = kind, .n_streams = 4, .R = 6, .alphabet = 12, .max_offset_bits = 9};
  if (kind == LaneKind::kArith) recipe.R = kArithTableLog;
  recipe.max_values = 80;
  return encoded_job(recipe, random);
}

/// A table with this word for another keeps the unit in it; what it decodes is another matter.
bool leads_in(const Job& job, std::size_t index, std::uint32_t word) {
  const auto has_row = [&](unsigned s) { return s < job.rows.size(); };
  if (lane_traits(job.kind).counts) {  // counts still ascend, with no gap below 1
    const std::uint32_t next =
        index + 1 < job.entries.size() ? job.entries[index + 1] : 1u << job.table_log;
    return index != 0 && word > job.entries[index - 1] && word < next;
  }
  if (job.kind == LaneKind::kRans) {
    const RansEntry e = to_rans_entry(word);
    return has_row(e.symbol) && e.freq <= 1u << job.table_log && e.bias < e.freq;
  }
  const Entry e = to_entry(word);
  const bool rows = job.kind == LaneKind::kTansPair
                        ? has_row(e.symbol & 15u) && has_row(e.symbol >> 4)
                        : has_row(e.symbol);
  return rows && e.nbits <= job.table_log && (e.base & low_bits(e.nbits)) == 0 &&
         e.base + (1u << e.nbits) <= 1u << job.table_log;
}

}  // namespace

TEST_CASE("faults: a flipped stream bit is named at its first effect", "[cosim]") {
  for (const LaneKind kind : kKinds) {
    unsigned n_acting = 0;
    for (std::uint32_t seed = 0; seed < 8; ++seed) {
      const Job good = good_job(kind, seed);
      Random random(seed);
      for (unsigned trial = 0; trial < 16; ++trial) {
        Job bad = good;
        JobStream& stream = bad.streams[2 + trial % 2];
        auto& words = trial % 4 < 2 ? stream.symbol_words : stream.offset_words;
        if (words.empty()) continue;
        words[random() % words.size()] ^= 1u << random() % kWordBits;
        n_acting += check_fault(good, bad, 2 + trial % 2);
      }
    }
    CHECK(n_acting > 90);
  }
}

TEST_CASE("faults: a flipped bit in a loaded table word is named at its first effect", "[cosim]") {
  for (const LaneKind kind : kKinds) {
    unsigned n_acting = 0;
    for (std::uint32_t seed = 0; seed < 8; ++seed) {
      Job good = good_job(kind, seed);
      good.streams.resize(3);
      for (unsigned s = 0; s < 2; ++s) good.streams[s] = {};  // the table is everyone's: one tells
      Random random(seed);
      for (int trial = 0; trial < 40; ++trial) {
        Job bad = good;
        const std::size_t index = random() % bad.entries.size();
        bad.entries[index] ^= 1u << random() % (lane_traits(kind).counts ? bad.table_log : 26);
        if (!leads_in(good, index, bad.entries[index])) continue;
        n_acting += check_fault(good, bad, 2);
      }
    }
    INFO(lane_kind_name(kind));
    CHECK(n_acting > 20);
  }
}

TEST_CASE("faults: a wrong row is named at the first value that it spoils", "[cosim]") {
  for (const LaneKind kind : kKinds) {
    Job good = good_job(kind, 3);
    const std::vector<Step> steps = steps_of(good, 2);
    Job bad = good;
    for (unsigned s : {0u, 1u, 3u}) good.streams[s] = bad.streams[s] = {};
    const std::uint64_t coded = steps[5 % steps.size()].field[0];
    bad.rows[kind == LaneKind::kTansPair ? coded >> 4 : coded] ^= 1;
    CHECK(check_fault(good, bad, 2));
  }
}

TEST_CASE("faults: in a queue, the job is named", "[cosim]") {
  for (const LaneKind kind : kKinds) {
    std::vector<Job> good{good_job(kind, 0), good_job(kind, 1), good_job(kind, 2)};
    std::vector<Job> bad = good;
    bad[1].streams[3].symbol_words[0] ^= 1;
    for (const Unit& unit : units()) {
      const Verdict verdict = run_lockstep(bad, {}, good, unit.run);
      REQUIRE(verdict.first.has_value());
      CHECK(verdict.first->job == 1);
      CHECK(verdict.first->stream == 3);
      CHECK(verdict.text.find(", job 1, stream 3, index 0: ") != std::string::npos);
    }
  }
}

#ifdef TRANSOM_HAVE_RTL
TEST_CASE("faults: an assertion that fails ends the run and is named", "[cosim]") {
  Random random(1);
  std::vector<Job> bad{good_job(LaneKind::kTans, 1)};
  bad[0].streams.resize(1);
  bad[0].streams[0] = encode_stream(bad[0], 50, random);
  for (std::uint32_t& word : bad[0].entries) word |= 63u << 16;  // bases that lead out of the table
  Bench bench(shape_for(bad), bad);
  const Run run = run_rtl(bench, {.fault = "unchecked"});
  CHECK(run.fault.find("an assertion failed") != std::string::npos);
  CHECK(run.fault.find("EntryInTable") != std::string::npos);
  Bench unchecked(shape_for(bad), bad);
  CHECK(run_rtl(unchecked, {.assertions = false, .fault = "unchecked"}).fault == "");
}

TEST_CASE("faults: a wave of a window of cycles is written", "[cosim]") {
  const std::vector<Job> jobs{good_job(LaneKind::kTans, 2)};
  const auto folder = std::filesystem::temp_directory_path();
  const auto size_of_wave = [&](std::uint64_t from, std::uint64_t to) {
    const std::filesystem::path path = folder / ("transom_cosim_" + std::to_string(from) + ".fst");
    Bench bench(shape_for(jobs), jobs);
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
