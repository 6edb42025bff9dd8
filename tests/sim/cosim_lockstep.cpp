// cosim_lockstep.cpp — lockstep by itself: what it is told is compared, field by field.
// SPDX-License-Identifier: Apache-2.0
#include "cosim_steps.hpp"

using namespace transom;
using namespace transom::cosim;

namespace {

/// What a unit may tell wrongly, of step or value kWhere of the second job.
enum class Lie {
  kNone,
  kSymbol,
  kTake,
  kState,
  kPosition,
  kValue,
  kStatus,
  kNoValue,
  kValueTooMany,
  kStepTooMany
};
constexpr std::size_t kWhere = 5;

/// Tells `lockstep` of stream 0 of the jobs what a unit would, a step and then its values a cycle,
/// with one lie.
void tell(Lockstep& lockstep, const std::vector<Job>& jobs, Lie lie) {
  std::uint64_t cycle = 0, words_before = 0;
  for (std::uint32_t j = 0; j < jobs.size(); ++j) {
    const std::vector<Step> steps = steps_of(jobs[j], 0);
    const auto lies = [&](Lie about, std::size_t i) {
      return j == 1 && lie == about && i == kWhere;
    };
    const auto retire = [&](const Step& step, std::size_t i) {
      const std::uint64_t position = step.field[3] + lies(Lie::kPosition, i);
      const std::uint64_t words = (position + kWordBits - 1) / kWordBits;
      Retire told;
      told.symbol = static_cast<symbol_t>(step.field[0] ^ lies(Lie::kSymbol, i));
      told.take = static_cast<std::uint8_t>(step.field[1] + lies(Lie::kTake, i));
      told.state = step.field[2] ^ lies(Lie::kState, i);
      told.fill = static_cast<std::uint8_t>(words * kWordBits - position);
      lockstep.retire(cycle, 0, told, words_before + words);
    };
    for (std::size_t i = 0; i < steps.size(); ++i, ++cycle) {
      retire(steps[i], i);
      std::array<value_t, 2> values{};
      std::copy(steps[i].values.begin(), steps[i].values.end(), values.begin());
      values[0] ^= lies(Lie::kValue, i);
      if (lies(Lie::kNoValue, i)) continue;
      lockstep.value(cycle, 0, values, static_cast<unsigned>(steps[i].values.size()));
      if (lies(Lie::kValueTooMany, i)) lockstep.value(cycle, 0, values, 1);
    }
    if (j == 1 && lie == Lie::kStepTooMany) retire(steps.back(), 0);
    words_before += jobs[j].streams[0].symbol_words.size();
    lockstep.finish(cycle, j, 0, j == 1 && lie == Lie::kStatus ? Status::kTrailing : Status::kOk);
  }
}

}  // namespace

TEST_CASE("lockstep: all that is told is compared, and what differs is named", "[cosim]") {
  for (const LaneKind kind : kKinds) {
    Random random(7);
    Recipe recipe{.kind = kind, .R = 6, .alphabet = 12, .max_offset_bits = 9};
    if (kind == LaneKind::kArith) recipe.R = kArithTableLog;
    std::vector<Job> jobs(2);
    for (Job& job : jobs) {
      add_tables(job, recipe, random);
      job.streams.push_back(encode_stream(job, 41, random));
    }
    const std::vector<Step> steps = steps_of(jobs[1], 0);
    const auto first = [&](Lie lie) {
      Lockstep lockstep(jobs);
      tell(lockstep, jobs, lie);
      return lockstep.first();
    };
    CHECK_FALSE(first(Lie::kNone).has_value());

    const Step& step = steps[kWhere];
    const std::uint64_t cycle = steps.size() + kWhere;
    const auto* field = step.field;
    CHECK(first(Lie::kSymbol) == Mismatch{cycle, 1, 0, kWhere, "symbol", field[0], field[0] ^ 1});
    CHECK(first(Lie::kTake) == Mismatch{cycle, 1, 0, kWhere, "take", field[1], field[1] + 1});
    CHECK(first(Lie::kState) == Mismatch{cycle, 1, 0, kWhere, "state", field[2], field[2] ^ 1});
    CHECK(first(Lie::kPosition) ==
          Mismatch{cycle, 1, 0, kWhere, "position", field[3], field[3] + 1});
    const unsigned per_step = values_per_beat(kind);
    CHECK(first(Lie::kValue) ==
          Mismatch{cycle, 1, 0, kWhere * per_step, "value", step.values[0], step.values[0] ^ 1u});
    CHECK(first(Lie::kStatus) == Mismatch{2 * steps.size(), 1, 0, 41, "status", 0, 3});
    // A value before its step; one step more than there are; an end before all values left.
    CHECK(first(Lie::kValueTooMany) == Mismatch{cycle, 1, 0, (kWhere + 1) * per_step, "count",
                                                (kWhere + 1) * per_step,
                                                (kWhere + 1) * per_step + 1});
    CHECK(first(Lie::kStepTooMany) ==
          Mismatch{2 * steps.size(), 1, 0, steps.size(), "count", steps.size(), steps.size() + 1});
    REQUIRE(first(Lie::kNoValue).has_value());
    CHECK(first(Lie::kNoValue)->cycle == cycle + 1);
  }
}

TEST_CASE("lockstep: a table that no coder makes is refused, with its first bad word", "[cosim]") {
  struct Spoilt {
    LaneKind kind;
    std::uint32_t word;
    std::uint32_t flip;
    const char* what;
  };
  for (const Spoilt& s :
       {Spoilt{LaneKind::kTans, 3, 0x80, "word is 3; it is not one that the coder makes"},
        Spoilt{LaneKind::kTansPair, 9, 1, "word is 9; it is not one that the coder makes"},
        Spoilt{LaneKind::kRans, 5, 0x100, "word is 5; it is not one that the coder makes"},
        Spoilt{LaneKind::kRans, 6, 0x80, "word is 6; it is not one that the coder makes"},
        Spoilt{LaneKind::kArith, 0, 1, "word is 0; it is not one that the coder makes"},
        Spoilt{LaneKind::kNrans, 0, 1, "word is 0; it is not one that the coder makes"},
        Spoilt{LaneKind::kNrans, 2, 0x40, "word is 2; it is not one that the coder makes"},
        Spoilt{LaneKind::kArith, 2, 0x400, "word is 2; it is not one that the coder makes"}}) {
    Random random(4);
    Recipe recipe{.kind = s.kind, .R = 6, .alphabet = 4};
    if (s.kind == LaneKind::kArith) recipe.R = kArithTableLog;
    std::vector<Job> jobs{encoded_job(recipe, random)};
    CHECK_NOTHROW(Lockstep(jobs));
    jobs[0].entries[s.word] ^= s.flip;
    CHECK_THROWS_WITH(Lockstep(jobs), Catch::Contains(s.what));
    jobs[0].code = {};  // without a code any table may be: cosim_forged
    CHECK_NOTHROW(Lockstep(jobs));
  }
  Random random(4);
  std::vector<Job> jobs{encoded_job({.kind = LaneKind::kTans, .R = 6, .alphabet = 4}, random)};
  jobs[0].code.coding = Coding::kRans;
  CHECK_THROWS_WITH(Lockstep(jobs), Catch::Contains("not of its code"));
}

TEST_CASE(
    "lockstep: streams that go on one by one run as clock by clock; who wants cycles in order has "
    "them",
    "[cosim]") {
  struct InOrder : Observer {
    std::uint64_t last = 0, n_told = 0;
    bool in_order = true;
    void told(std::uint64_t cycle) {
      in_order = in_order && cycle >= last;
      last = cycle;
      ++n_told;
    }
    void retire(std::uint64_t cycle, unsigned, const Retire&, std::uint64_t) override {
      told(cycle);
    }
    void value(std::uint64_t cycle, unsigned, const std::array<value_t, 2>&, unsigned) override {
      told(cycle);
    }
    void finish(std::uint64_t cycle, std::uint32_t, unsigned, Status) override { told(cycle); }
  };
  struct ByStream : InOrder {
    bool by_stream() const override { return true; }
  };
  for (const LaneKind kind : kKinds) {
    bool crossed = false;  // streams went on one by one
    for (std::uint32_t seed = 0; seed < 12; ++seed) {
      Random random(seed);
      std::vector<Job> jobs = random_jobs(kind, 1 + seed % 5, 1 + seed % 4, random);
      jobs.insert(jobs.begin() + 1, seed % 3, jobs.front());
      for (unsigned j = 1; j <= seed % 3; ++j) jobs[j].keeps_table = true;
      for (Pressure pressure : pressures(seed)) {
        pressure.early = seed % 4 == 0;
        const auto run_with = [&](Observer* observer) {
          Bench bench(shape_for(jobs), jobs, pressure, observer);
          return cycle::run(bench);
        };
        InOrder in_order;
        ByStream by_stream;
        const Run run = run_with(&in_order);
        CHECK(in_order.in_order);
        CHECK(run == run_with(&by_stream));
        crossed = crossed || !by_stream.in_order;
        CHECK(by_stream.n_told == in_order.n_told);
        CHECK(run == run_with(nullptr));
      }
    }
    CHECK(crossed);
  }
}
