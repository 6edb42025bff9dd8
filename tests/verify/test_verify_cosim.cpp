// test_verify_cosim.cpp — the comparator: nothing on what is right, the right place on what is not.
// SPDX-License-Identifier: Apache-2.0
#include "verify_support.hpp"

using namespace transom;
using namespace transom::support;
using namespace transom::verify;

namespace {

/// Tells all lanes, a step or value of one of them at a time, whichever comes.
void tell_mixed(Cosim& cosim, const std::vector<Play>& plays, View view, std::mt19937& random) {
  struct Place {
    std::size_t step = 0;
    std::size_t value = 0;
  };
  std::vector<Place> places(plays.size());
  const bool steps = view != View::kValues, values = view == View::kValues || view == View::kAll;
  std::size_t left = 0;
  for (const Play& p : plays) left += steps * p.steps.size() + values * p.values.size();
  while (left != 0) {
    const auto lane = static_cast<unsigned>(random() % plays.size());
    Place& place = places[lane];
    cosim.at(left);
    if (steps && place.step < plays[lane].steps.size() && random() % 2 == 0) {
      tell_step(cosim, lane, plays[lane].steps[place.step++], view);
      --left;
    } else if (values && place.value < plays[lane].values.size()) {
      cosim.value(lane, plays[lane].values[place.value++]);
      --left;
    }
  }
}

std::vector<Play> play_all(const Task& task) {
  std::vector<Play> plays;
  for (unsigned lane = 0; lane < task.streams.size(); ++lane) plays.push_back(play(task, lane));
  return plays;
}

}  // namespace

TEST_CASE("cosim: clean streams of every coding, in any order between lanes, differ nowhere",
          "[unit][verify]") {
  std::mt19937 random(1);
  std::uint64_t n_compared = 0;
  for (const Coding coding : kAllCodings) {
    for (const std::uint32_t n_values : {0u, 1u, 2u, 3u, 7u, 500u, 1501u}) {
      const Task task = make_task(coded_tensor(coding, n_values, 4, n_values));
      const std::vector<Play> plays = play_all(task);
      for (const View view : kViews) {
        INFO(codec(coding).name << ", " << n_values << " values, view " << static_cast<int>(view));
        Cosim cosim(task);
        for (int round = 0; round < 2; ++round) {
          tell_mixed(cosim, plays, view, random);
          for (unsigned lane = 0; lane < cosim.n_lanes(); ++lane) {
            REQUIRE(cosim.end(lane, Status::kOk));
          }
          cosim.restart();
        }
        tell_mixed(cosim, plays, view, random);
        REQUIRE(cosim.finish());
        REQUIRE_FALSE(cosim.first().has_value());
        n_compared += cosim.n_compared();
      }
    }
  }
  INFO(n_compared << " steps and values");
  CHECK(n_compared > 100'000);
}

TEST_CASE("cosim: a wrong field is named, with lane, index, cycle, want and got",
          "[unit][verify]") {
  for (const Coding coding : kAllCodings) {
    const Task task = make_task(coded_tensor(coding, 600, 3, 5));
    const Play right = play(task, 1);
    const auto differs = [&](View view, auto spoil) {
      Play wrong = right;
      spoil(wrong);
      Cosim cosim(task);
      cosim.at(77);
      tell(cosim, 1, wrong, view);
      REQUIRE(cosim.first().has_value());
      REQUIRE(cosim.first(1).has_value());
      CHECK_FALSE(cosim.first(0).has_value());
      CHECK_FALSE(cosim.ok());
      const Difference d = *cosim.first();
      CHECK(d.lane == 1);
      CHECK(d.cycle == 77u);
      CHECK_FALSE(to_text(d).empty());
      return d;
    };
    constexpr std::size_t kWhere = 41;
    const Play::Step step = right.steps[kWhere];
    Difference d = differs(View::kSymbols, [&](Play& p) { p.steps[kWhere].symbol ^= 1; });
    CHECK((d.what == What::kSymbol && d.index == kWhere));
    CHECK((d.want == step.symbol && d.got == (step.symbol ^ 1)));
    d = differs(View::kStates, [&](Play& p) { p.steps[kWhere].state ^= 4; });
    CHECK((d.what == What::kState && d.index == kWhere));
    CHECK((d.want == step.state && d.got == (step.state ^ 4)));
    CHECK((d.want_state == step.state && d.got_state == (step.state ^ 4)));
    CHECK(d.state_before == right.steps[kWhere - 1].state);
    CHECK(d.symbol_position == right.steps[kWhere - 1].position);
    if (coding != Coding::kRaw) {
      d = differs(View::kPositions, [&](Play& p) { p.steps[kWhere].position += 3; });
      CHECK((d.what == What::kPosition && d.index == kWhere));
      CHECK((d.want == step.position && d.got == step.position + 3));
      CHECK(d.diagnosis.fault == FaultClass::kShift);
    }
    d = differs(View::kValues, [&](Play& p) { p.values[kWhere] ^= 2; });
    CHECK((d.what == What::kValue && d.index == kWhere));
    CHECK((d.want == right.values[kWhere] && d.got == (right.values[kWhere] ^ 2)));
    d = differs(View::kValues, [&](Play& p) { p.values[kWhere] += 0x10000; });
    CHECK((d.what == What::kValue && d.got == right.values[kWhere] + 0x10000));
  }
}

TEST_CASE("cosim: what comes too often, too early or not at all is a difference",
          "[unit][verify]") {
  for (const Coding coding : kAllCodings) {
    const Task task = make_task(coded_tensor(coding, 100, 1, 6));
    const Play right = play(task, 0);
    for (const View view : {View::kValues, View::kStates}) {
      const std::uint64_t n = view == View::kValues ? right.values.size() : right.steps.size();
      const auto told = [&](std::uint64_t n_told, auto and_then) {
        Cosim cosim(task);
        Play part = right;
        part.values.resize(n_told, 0);
        part.steps.resize(n_told, {0, 0, 0});
        tell(cosim, 0, part, view);
        and_then(cosim);
        REQUIRE(cosim.first().has_value());
        CHECK(cosim.first()->what == What::kCount);
        CHECK(cosim.first()->want == n);
        CHECK(cosim.first()->got == n_told);
        return cosim.first()->diagnosis.fault;
      };
      const auto nothing = [](Cosim&) {};
      CHECK(told(n + 1, nothing) == FaultClass::kEnd);
      CHECK(told(n - 1, [](Cosim& c) { CHECK_FALSE(c.end(0)); }) == FaultClass::kEnd);
      CHECK(told(n / 2, [](Cosim& c) { CHECK_FALSE(c.end(0, true)); }) == FaultClass::kEnd);
      CHECK(told(n - 1, [](Cosim& c) { CHECK_FALSE(c.finish()); }) == FaultClass::kEnd);
      CHECK(told(n / 2, [](Cosim& c) { CHECK_FALSE(c.finish()); }) == FaultClass::kRefill);
    }
  }
}

TEST_CASE("cosim: the verdict on a damaged stream is the model's", "[unit][verify]") {
  for (const Coding coding : kEntropyCodings) {
    CodedTensor tensor = coded_tensor(coding, 300, 1, 7);
    const auto verdict = [&](Status want, auto damage) {
      CodedTensor bad = tensor;
      damage(bad.streams[0]);
      const Task task = make_task(bad);
      const Play told = play(task, 0);
      for (unsigned s = 0; s <= 3; ++s) {
        const auto status = static_cast<Status>(s);
        Cosim cosim(task);
        tell(cosim, 0, told, View::kAll);
        CHECK(cosim.end(0, status) == (status == want));
        if (status == want) continue;
        CHECK(cosim.first()->what == What::kStatus);
        CHECK(cosim.first()->want == static_cast<std::uint64_t>(want));
        CHECK(cosim.first()->diagnosis ==
              Diagnosis{FaultClass::kEnd, Confidence::kCertain, cosim.first()->diagnosis.because});
      }
      for (const bool good : {true, false}) {
        Cosim cosim(task);
        tell(cosim, 0, told, View::kValues);
        CHECK(cosim.end(0, good) == (good == (want == Status::kOk)));
      }
    };
    verdict(Status::kOk, [](StreamWords&) {});
    verdict(Status::kTruncated, [](StreamWords& words) { words.symbols.clear(); });
    verdict(Status::kTrailing, [](StreamWords& words) { words.symbols.push_back(0); });
  }
}

TEST_CASE("cosim: a lane that does not exist, and tables that are none, are refused by name",
          "[unit][verify]") {
  Cosim cosim(coded_tensor(Coding::kTans, 10, 2, 1));
  CHECK_THROWS_WITH(cosim.value(2, 0), Catch::Contains("lane is 2; must be below the 2 streams"));
  CHECK_THROWS_WITH(cosim.step(9, 0), Catch::Contains("lane is 9"));
  CHECK_THROWS_AS(cosim.end(2), std::invalid_argument);
  CHECK_THROWS_WITH(cosim.end(0, static_cast<Status>(8)),
                    Catch::Contains("status is 8; must be 0..7"));
  CHECK_THROWS_AS(cosim.restart(2), std::invalid_argument);
  CHECK_THROWS_AS(cosim.first(2), std::invalid_argument);

  CHECK_THROWS_WITH(tans_table({1, 2, 3}), Catch::Contains("number of entries is 3"));
  CHECK_THROWS_WITH(tans_table({to_word(Entry{0, 1, 1}), 0}), Catch::Contains("table[0] is"));
  CHECK_THROWS_AS(rans_table(std::vector<std::uint32_t>{1, 2}, 4), std::invalid_argument);
  CHECK_THROWS_AS(arith_table(std::vector<std::uint32_t>{1, 2}), std::invalid_argument);
  const Table table = tans_table(std::vector<std::uint32_t>{1, 1, 2}, 2, Spread::kStep);
  CHECK_THROWS_WITH(Cosim(Task{"", table, identity_rows(3), {}}), Catch::Contains("streams"));
  CHECK_THROWS_WITH(Cosim(Task{"", table, identity_rows(2), {{}}}),
                    Catch::Contains("symbol of the table is 2; must be 0..1"));
  CHECK_THROWS_WITH(Cosim(Task{"", table, {{0, 17}, {0, 0}, {0, 0}}, {{}}}),
                    Catch::Contains("offset bits of row 0 is 17"));
  CHECK_THROWS_AS(identity_rows(257), std::invalid_argument);
}

TEST_CASE("cosim: a table and streams in memory are compared as the container's are",
          "[unit][verify]") {
  for (const Coding coding : kEntropyCodings) {
    const CodedTensor tensor = coded_tensor(coding, 400, 2, 8);
    const Code& code = tensor.code;
    Task task = make_task(tensor);
    const Codec& c = codec(coding);
    const auto words = c.make_table(code);
    std::vector<Table> tables;
    switch (c.lane) {
      case LaneKind::kTans:
        tables = {tans_table(words), tans_table(code.freq, code.table_log, code.spread)};
        break;
      case LaneKind::kTansPair:
        tables = {tans_pair_table(words),
                  tans_pair_table(code.freq, code.rows.size(), code.table_log, code.spread)};
        break;
      case LaneKind::kRans:
        tables = {rans_table(code.freq, code.table_log)};
        break;
      case LaneKind::kArith:
        tables = {arith_table(code.freq)};
        break;
      case LaneKind::kNrans:
        tables = {nrans_table(code.freq, code.table_log)};
        break;
    }
    for (const Table& table : tables) {
      CHECK(table.words == task.table.words);
      Cosim cosim(Task{"mine", table, code.rows, task.streams});
      for (unsigned lane = 0; lane < 2; ++lane) {
        tell(cosim, lane, play(task, lane), View::kAll);
        CHECK(cosim.end(lane, Status::kOk));
      }
      CHECK(cosim.finish());
    }
  }
}
