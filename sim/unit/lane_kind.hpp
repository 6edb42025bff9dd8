// lane_kind.hpp — what is known of each kind of lane: one table.
//
// What the RTL knows too (names, widths, largest tables) is in spec.hpp. A new kind is a line here,
// a coder in cycle/stream.hpp, and a lane in rtl/.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>

#include "transom/base/spec.hpp"
#include "transom/unit/ports.hpp"

namespace transom::unit {

/// What a kind of lane is to the unit and to those who feed it.
struct LaneTraits {
  LaneKind kind;
  unsigned min_table_log;  ///< R of a job; max_lane_table_log() is the most
  std::size_t max_rows;    ///< symbols that it can tell apart
  bool counts;             ///< its table is cumulative counts in registers, not slots in a memory
};

/// One row per kind, in the order of LaneKind.
inline constexpr LaneTraits kLaneTraits[kLaneKinds] = {
    {LaneKind::kTans, 0, kMaxAlphabet, false},
    {LaneKind::kRans, 0, kMaxAlphabet, false},
    {LaneKind::kArith, kArithTableLog, kMaxApackRows, true},
    {LaneKind::kTansPair, 0, kMaxApackRows, false},
    {LaneKind::kNrans, 0, kMaxApackRows, true},
};
static_assert([] {
  for (unsigned k = 0; k < kLaneKinds; ++k) {
    if (static_cast<unsigned>(kLaneTraits[k].kind) != k) return false;
  }
  return true;
}());
/// The row of a kind. Throws for none.
constexpr const LaneTraits& lane_traits(LaneKind kind) {
  require_range("lane_traits", "kind", static_cast<unsigned>(kind), 0, kLaneKinds - 1);
  return kLaneTraits[static_cast<unsigned>(kind)];
}

/// Whether a unit whose largest table is 2^unit_table_log takes a job of this R. Counts that have
/// one size fit any unit of their kind.
constexpr bool fits_table_log(LaneKind kind, unsigned R, unsigned unit_table_log) {
  const unsigned least = lane_traits(kind).min_table_log, most = max_lane_table_log(kind);
  return R >= least && R <= most && (R <= unit_table_log || least == most);
}

/// Words of the table that the unit is loaded with.
constexpr std::size_t n_table_words(LaneKind kind, unsigned table_log) {
  return lane_traits(kind).counts ? kMaxApackRows : std::size_t{1} << table_log;
}
/// Symbols that a kind can tell apart.
constexpr std::size_t max_rows(LaneKind kind) { return lane_traits(kind).max_rows; }
/// Rows of a bank, and R of the largest table, that a unit of this shape has.
constexpr std::size_t max_rows(const UnitShape& shape) {
  return std::min<std::size_t>(shape.max_rows, max_rows(shape.kind));
}
constexpr unsigned max_table_log(const UnitShape& shape) {
  return std::min(shape.table_log, max_lane_table_log(shape.kind));
}
/// Streams of the largest unit.
constexpr std::size_t max_streams(LaneKind kind) {
  return std::size_t{kMaxDecoderLanes} * streams_per_lane(kind);
}

}  // namespace transom::unit
