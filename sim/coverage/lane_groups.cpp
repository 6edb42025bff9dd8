// lane_groups.cpp — what the cover points of a kind of lane are, and which can be.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <string>
#include <utility>

#include "transom/coder/arith.hpp"
#include "transom/coder/rans.hpp"
#include "transom/coverage/lane_points.hpp"

namespace transom::coverage {

namespace {

using Place = CoverGroup::Place;

const Axis kLoads{"load", {"none", "runs"}};
const std::vector<std::string> kClasses{"nothing", "short", "whole", "padded", "noise", "left"};

Axis lanes(std::string name) { return numbers(std::move(name), 0, kCoveredLanes - 1); }

unsigned most_table_log(LaneKind kind) { return max_lane_table_log(kind); }

/// States of R = 4 after a step, and its bits: each follows on some symbol's frequency.
CoverGroup tiny_states(LaneKind kind) {
  const std::string what = "state after a step with R = 4 and the bits that it took";
  const std::string steers = "R, a frequency, streams that nobody encoded";
  if (kind == LaneKind::kRans) {
    return {"tiny states",
            "slot of the next step after a step with R = 4, refilled or not",
            steers,
            {numbers("slot", 0, (1u << kTinyLog) - 1), {"refill", {"no", "yes"}}}};
  }
  const unsigned log = start_bits(kind, kTinyLog);
  return {"tiny states",
          what,
          steers,
          {numbers("state", 0, (1u << log) - 1), numbers("bits", 0, kTinyLog)}};
}

/// The same of a usual table. Of rANS, log2 of x: it is over 2^21 behind a refill, as x / 2^R was
/// 64 or more. Of the arithmetic coder, HI - LO in quarters: 11 bits leave half of it or more, 12
/// leave all.
CoverGroup usual_states(LaneKind kind) {
  const std::string what = "state after a step with R = 10 and the bits that it took";
  const std::string steers = "R, a frequency, streams that nobody encoded";
  if (kind == LaneKind::kRans) {
    return {"usual states",
            "log2 of the state after a step with R = 10, refilled or not",
            steers,
            {numbers("log2", 16, 31), {"refill", {"no", "yes"}}},
            [](const Place& p) { return p[1] == 0 || p[0] + 16 >= 22; }};
  }
  if (kind == LaneKind::kArith) {
    return {"usual states",
            "(HI - LO) / 2^14 after a step and the bits that it took",
            steers,
            {numbers("interval", 1, 3), numbers("bits", 0, 12)},
            [](const Place& p) { return p[1] < 12 || p[0] == 2; }};
  }
  return {"usual states", what, steers, {numbers("sixteenth", 0, 15), numbers("bits", 0, 10)}};
}

Axis bits_of_a_step(LaneKind kind) {
  switch (kind) {
    case LaneKind::kRans:
      return {"bits", {"0", "16"}};
    case LaneKind::kArith:
      return numbers("bits", 0, 12);
    default:
      return numbers("bits", 0, most_table_log(kind));
  }
}

bool is_table(LaneKind kind, unsigned R, TableClass table) {
  const std::size_t most =
      kind == LaneKind::kTansPair ? kMaxAlphabet : unit::lane_traits(kind).max_rows;
  switch (table) {
    case TableClass::kOneSymbol:
      return true;
    case TableClass::kAllOnce:
      return R > 0 && std::size_t{1} << R <= most;
    case TableClass::kOther:
      return R > 1;
  }
  return false;
}

CoverGroup tables(LaneKind kind) {
  const unsigned least = unit::lane_traits(kind).min_table_log;
  return {"tables",
          "a job with a table of this R: of one symbol, of all symbols once, any other",
          "R, frequencies",
          {numbers("R", least, most_table_log(kind)), {"symbols", {"one", "each once", "other"}}},
          [=](const Place& p) { return is_table(kind, least + p[0], TableClass{p[1]}); }};
}

CoverGroup widths(LaneKind kind) {
  const std::string steers = "widths of the rows' offsets, values of a job";
  if (values_per_beat(kind) == 1) {
    return {"widths",
            "offset bits of a value that leaves",
            steers,
            {numbers("bits", 0, kMaxValueBits)}};
  }
  Axis second = numbers("second", 0, kMaxValueBits);
  second.labels.emplace_back("none");
  return {"widths",
          "offset bits of both values of a beat, of its only one",
          steers,
          {numbers("first", 0, kMaxValueBits), std::move(second)}};
}

/// Where something is read whenever there are values, no word and no bit is a job without any.
bool can_end(LaneKind kind, const Place& p) {
  const bool no_symbols = p[0] == static_cast<unsigned>(EndClass::kNothing);
  const bool no_values = no_symbols && start_bits(kind, 0) != 0;
  const auto offsets = EndClass{p[1]};
  return !no_values || offsets == EndClass::kNothing || offsets == EndClass::kLeft;
}

}  // namespace

unsigned start_bits(LaneKind kind, unsigned table_log) {
  switch (kind) {
    case LaneKind::kRans:
      return Rans32x16::state_bits;
    case LaneKind::kArith:
      return kArithBits;
    case LaneKind::kNrans:
      return table_log + kNransBlockLog;
    case LaneKind::kTans:
    case LaneKind::kTansPair:
      break;
  }
  return table_log;
}

CoverGroups lane_groups(LaneKind kind) {
  CoverGroups groups;
  const auto add = [&](auto&&... of) { groups.emplace_back(std::forward<decltype(of)>(of)...); };
  const bool turns = streams_per_lane(kind) > 1;

  if (kind == LaneKind::kArith) {  // its R is 10
    add("tiny states", "none: R is 10", "", std::vector<Axis>{{"none", {}}});
  } else {
    groups.push_back(tiny_states(kind));
  }
  groups.push_back(usual_states(kind));
  add("bits", "bits of the symbol stream that a step takes", "R, frequencies",
      std::vector<Axis>{bits_of_a_step(kind)});
  const std::string refill = " bit of a word is the next one when a word is taken";
  add("symbol refills", "which" + refill, "values of a job, pressure",
      std::vector<Axis>{kind == LaneKind::kRans ? Axis{"bit", {"0", "16"}}
                                                : numbers("bit", 0, 31)});
  add("offset refills", "which" + refill, "values of a job, widths of offsets, pressure",
      std::vector<Axis>{numbers("bit", 0, 31)});
  add("ports", "what a stream's ports do at once", "pressure, values of a job, number of jobs, R",
      std::vector<Axis>{{"symbol word", {"fine", "late"}},
                        {"offset word", {"fine", "late"}},
                        {"value", {"none", "leaves", "waits", "last leaves", "last waits"}},
                        kLoads});
  add("stalls", "why no value left, while a table is loaded or not",
      "pressure, values of a job, number of jobs, R",
      std::vector<Axis>{
          {"cause", {"none", "fill", "symbol words", "offset words", "consumer", "turn"}}, kLoads},
      [=](const Place& p) { return turns || p[0] != static_cast<unsigned>(Stall::kTurn); });
  add("banks", "banks at work, and the bank that is loaded", "number of jobs, values of a job, R",
      std::vector<Axis>{{"busy", {"none", "0", "1", "both"}}, {"loaded", {"none", "0", "1"}}},
      [](const Place& p) { return p[1] == 0 || (p[0] & p[1]) == 0; });
  add("waits", "a lane has no job, as one other lane is still at work",
      "values of a job by stream, number of jobs", std::vector<Axis>{lanes("waits"), lanes("for")},
      [](const Place& p) { return p[0] != p[1]; });
  add("skew", "a stream ends a job: most values that another one has to come",
      "values of a job by stream, pressure",
      std::vector<Axis>{{"values", {"0", "1", "2..3", "4..7", "8..15", "16..63", "64 or more"}}});
  add("jobs apart", "a stream ends a job", "values of a job by stream, number of jobs",
      std::vector<Axis>{{"as", {"the first", "not the first", "one that is a job behind"}}},
      // Lanes that share a table are all at work in it, or in none.
      [=](const Place& p) { return kind != LaneKind::kNrans || p[0] != 2; });
  add("statuses", "how a job of so many values ends", "ends, damage, values of a job",
      std::vector<Axis>{{"values", {"0", "1", "2..15", "16 or more"}},
                        {"status", {"ok", "truncated", "bad state", "trailing", "bad table"}}},
      [](const Place& p) { return p[0] != 0 || (p[1] != 1 && p[1] != 2); });
  add("ends", "how a job's words end against the bits that were read of them", "ends, widths, R",
      std::vector<Axis>{{"symbols", kClasses}, {"offsets", kClasses}},
      [=](const Place& p) { return can_end(kind, p); });
  add("sizes", "a job of so many values is taken", "values of a job, number of jobs",
      std::vector<Axis>{{"values", {"0", "1", "2..3", "4..15", "16..255", "256 or more"}},
                        {"stream", {"idle", "at work"}}});
  add("switches", "clocks from a job's last step to the next one's first",
      "number of jobs, values of a job, R",
      std::vector<Axis>{{"clocks", {"1..16", "17..63", "64 or more"}},
                        {"over", {"nothing", "jobs without values"}}});
  groups.push_back(tables(kind));
  groups.push_back(widths(kind));
  return groups;
}

}  // namespace transom::coverage
