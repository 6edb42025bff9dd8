// lane_aims.cpp — which knobs lead to a cover point: for each group what its points want.
//
// What a group sets here it tells in its `steers`, too; all else stays as it was drawn.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "transom/coverage/lane_jobs.hpp"

namespace transom::coverage {

using namespace unit;

namespace {

using Place = CoverGroup::Place;
using Sizes = LaneKnobs::Sizes;

constexpr Sizes kNone{0, 0}, kShortJobs{1, 15}, kUsualJobs{16, 80}, kLongJobs{200, 300};

Rhythm rhythm(bool late, Draws& draws) {
  return late ? Rhythm{Rhythm::Kind::kRandom, draw(draws, 40, 90)} : Rhythm{};
}

/// A frequency with which a step of so many bits leads to a state: such a step of tANS comes from
/// x >> bits in [freq, 2 freq), one of narrow rANS from [4 freq, 8 freq). Of rANS one of any size.
/// Of the arithmetic coder one of 2^-bits, which takes so many bits or nearly so.
std::uint32_t freq_to(LaneKind kind, unsigned R, std::uint32_t state, unsigned bits, Draws& draws) {
  const std::uint32_t L = std::uint32_t{1} << R;
  switch (kind) {
    case LaneKind::kRans:
      return draw(draws, 1, 1u << draw(draws, 0, R));
    case LaneKind::kArith:
      return std::max(L >> bits, 1u);
    case LaneKind::kNrans:
      return std::clamp(((L << kNransBlockLog) + state) >> bits >> kNransBlockLog, 1u, L);
    case LaneKind::kTans:
    case LaneKind::kTansPair:
      break;
  }
  const std::uint32_t x = (L + state) >> bits;
  return draw(draws, x / 2 + 1, std::min(x, L));
}

void aim_at_state(LaneKnobs& knobs, LaneKind kind, unsigned R, std::uint32_t state, unsigned bits,
                  Draws& draws) {
  knobs.table_log = R;
  knobs.freq = freq_to(kind, R, state, bits, draws);
  knobs.sizes = {kLongJobs};
  knobs.noise = 70;
  knobs.bad = 0;
}

void aim_at_bits(LaneKnobs& knobs, LaneKind kind, unsigned label, Draws& draws) {
  const unsigned most = max_lane_table_log(kind);
  const unsigned bits = kind == LaneKind::kRans ? 0 : std::min(label, most);
  const unsigned R = kind == LaneKind::kArith ? kArithTableLog : draw(draws, bits, most);
  knobs.table_log = R;
  knobs.freq = std::max(1u << R >> bits, 1u);
  knobs.bad = 0;
}

/// Jobs whose values leave while the next table is loaded, or is not.
void aim_at_load(LaneKnobs& knobs, LaneKind kind, bool loads, Draws& draws) {
  if (!loads) return;
  knobs.n_jobs = draw(draws, 3, 6);
  if (kind != LaneKind::kArith) knobs.table_log = draw(draws, 7, 10);
}

void aim_at_ports(LaneKnobs& knobs, LaneKind kind, const Place& place, Draws& draws) {
  const bool last = place[2] >= 3, waits = place[2] == 2 || place[2] == 4;
  knobs.pressure.symbol_words = rhythm(place[0] != 0, draws);
  knobs.pressure.offset_words = rhythm(place[1] != 0, draws);
  knobs.pressure.consumer = rhythm(waits, draws);
  knobs.sizes = {last ? kShortJobs : kUsualJobs};
  if (last) knobs.symbol_ends = knobs.offset_ends = {EndClass::kLeft};  // words behind its own
  knobs.n_jobs = draw(draws, 3, 6);
  aim_at_load(knobs, kind, place[3] != 0, draws);
}

void aim_at_stall(LaneKnobs& knobs, LaneKind kind, const Place& place, Draws& draws) {
  const Stall cause{static_cast<std::uint8_t>(place[0])};
  knobs.pressure.symbol_words = rhythm(cause == Stall::kSymbolWords, draws);
  knobs.pressure.offset_words = rhythm(cause == Stall::kOffsetWords, draws);
  knobs.pressure.consumer = rhythm(cause == Stall::kConsumer, draws);
  knobs.sizes = {kShortJobs, kUsualJobs};
  aim_at_load(knobs, kind, place[1] != 0, draws);
}

void aim_at_status(LaneKnobs& knobs, const Place& place) {
  constexpr Sizes kOf[] = {kNone, {1, 1}, {2, kManyValues - 1}, kUsualJobs};
  knobs.sizes = {kOf[place[0]]};
  const unsigned status = place[1];
  const EndClass end = status == 1   ? EndClass::kShort
                       : status == 3 ? EndClass::kLeft
                                     : EndClass::kPadded;
  knobs.symbol_ends = knobs.offset_ends = {end, EndClass::kPadded};
  knobs.noise = status == 2 ? 100 : 0;
  knobs.bad = status == 4 ? 100 : 0;
}

void aim_at_end(LaneKnobs& knobs, LaneKind kind, const Place& place) {
  const EndClass symbols{place[0]}, offsets{place[1]};
  knobs.symbol_ends = {symbols};
  knobs.offset_ends = {offsets};
  knobs.bad = 0;
  if (symbols == EndClass::kNothing) {  // no values, or steps that take nothing
    knobs.sizes = {kNone};
    if (start_bits(kind, 0) == 0) {
      knobs.table_log = 0;
      knobs.sizes = {kNone, kUsualJobs};
    }
  } else {
    knobs.sizes = {kUsualJobs};
    if (unit::lane_traits(kind).min_table_log == 0) knobs.table_log = 6;
  }
  if (offsets == EndClass::kNothing) {
    knobs.widths = {0};
  } else if (offsets == EndClass::kWhole) {
    knobs.widths = {8, 16};
  } else {
    knobs.widths = {3, 7, 12};
  }
}

void aim_at_skew(LaneKnobs& knobs, unsigned label, Draws& draws) {
  constexpr std::uint32_t kLeast[] = {0, 1, 2, 4, 8, 16, 64};
  const std::uint32_t n = draw(draws, 1, 40), more = n + kLeast[label];
  knobs.sizes = {{n, n}};
  knobs.slow_lane = draw(draws, 0, kCoveredLanes - 1);
  knobs.slow_sizes = {more, more + kLeast[label] / 2};
  knobs.symbol_ends = knobs.offset_ends = {EndClass::kPadded, EndClass::kWhole};
  if (label < 3) knobs.pressure = {};
}

void aim_at_size(LaneKnobs& knobs, const Place& place, Draws& draws) {
  constexpr Sizes kOf[] = {kNone, {1, 1}, {2, 3}, {4, 15}, {16, 255}, {256, 300}};
  knobs.sizes = {kOf[place[0]], kUsualJobs};
  knobs.n_jobs = draw(draws, 2, 4);
  knobs.symbol_ends = knobs.offset_ends = {EndClass::kLeft};  // any number of values
}

void aim_at_switch(LaneKnobs& knobs, LaneKind kind, const Place& place, Draws& draws) {
  knobs.n_jobs = draw(draws, 4, 8);
  knobs.sizes = {kUsualJobs};
  if (place[1] != 0) knobs.sizes.push_back(kNone);
  if (kind != LaneKind::kArith) knobs.table_log = place[0] == 0 ? 2 : 4 + 3 * place[0];
  if (place[0] == 0) knobs.pressure = {};
}

void aim_at_width(LaneKnobs& knobs, LaneKind kind, const Place& place) {
  knobs.bad = 0;
  knobs.widths = {place[0]};
  knobs.sizes = {kUsualJobs};
  if (kind != LaneKind::kTansPair) return;
  if (place[1] <= kMaxValueBits) {
    knobs.widths.push_back(place[1]);
  } else {
    knobs.sizes = {{1, 1}, {3, 3}, {5, 5}};
    knobs.symbol_ends = knobs.offset_ends = {EndClass::kLeft};
  }
}

}  // namespace

void aim(LaneKnobs& knobs, LaneKind kind, LaneGroup group, const Place& place, Draws& draws) {
  switch (group) {
    case kTinyStates:
      return aim_at_state(knobs, kind, kTinyLog, place[0], place[1], draws);
    case kUsualStates: {
      const unsigned log = start_bits(kind, kUsualLog) - 4;
      const std::uint32_t in_sixteenth = draws() & low_bits(log % 32);
      return aim_at_state(knobs, kind, kUsualLog, (place[0] << log % 32) + in_sixteenth, place[1],
                          draws);
    }
    case kTakes:
      return aim_at_bits(knobs, kind, place[0], draws);
    case kSymbolRefills:
    case kOffsetRefills:
      knobs.sizes = {kLongJobs};
      return;
    case kPorts:
      return aim_at_ports(knobs, kind, place, draws);
    case kStallCauses:
      return aim_at_stall(knobs, kind, place, draws);
    case kBanksAtWork:
      knobs.sizes = {kShortJobs, kUsualJobs};
      return aim_at_load(knobs, kind, true, draws);
    case kWaits:
      knobs.n_jobs = draw(draws, 3, 5);
      knobs.sizes = {kShortJobs};
      knobs.slow_lane = place[1];
      knobs.slow_sizes = kLongJobs;
      return;
    case kSkew:
      return aim_at_skew(knobs, place[0], draws);
    case kJobsApart:
      knobs.n_jobs = draw(draws, 3, 6);
      knobs.sizes = {kShortJobs, kUsualJobs};
      return;
    case kStatuses:
      return aim_at_status(knobs, place);
    case kEnds:
      return aim_at_end(knobs, kind, place);
    case kSizes:
      return aim_at_size(knobs, place, draws);
    case kSwitches:
      return aim_at_switch(knobs, kind, place, draws);
    case kTables:
      knobs.table_log = lane_traits(kind).min_table_log + place[0];
      knobs.table = TableClass{place[1]};
      knobs.sizes = {kShortJobs};
      knobs.bad = 0;
      return;
    case kWidths:
      return aim_at_width(knobs, kind, place);
    case kLaneGroups:
      break;
  }
}

}  // namespace transom::coverage
