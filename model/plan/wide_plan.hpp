// wide_plan.hpp — how a tensor is coded for the wide unit: raw, or as its lanes decode, over how
// many streams.
//
// Such a unit reads everything in one sequence, so a tensor costs what lasts longest: its bytes on
// the bus, or its rounds and what comes before them. A small tensor takes fewer streams where that
// saves bytes, because each stream has a state, and bits that it asked for and did not need.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>

#include "transom/codec/codec.hpp"

namespace transom {

/// What encode_wide() makes least.
enum class WideGoal : std::uint8_t {
  kBoth,    ///< clocks and those that the bytes hold the bus: fewest of both together
  kClocks,  ///< then bytes
  kBytes    ///< then clocks: a small tensor may become one slow stream
};

/// What encode_wide() plans for.
struct WidePlanOptions {
  Coding coding = Coding::kApackNrans;  ///< of the unit's lanes; or kApackTans
  unsigned n_lanes = 16;
  unsigned halves = 16;                   ///< halfwords that the unit takes in a clock
  std::uint32_t bytes_per_1000 = 16'000;  ///< that bus and memory give in 1000 clocks
  WideGoal goal = WideGoal::kBoth;
  std::optional<unsigned> table_log = {};  ///< R; all that the unit has are tried if empty
  std::optional<unsigned> rows = {};       ///< at most this many ranges
};

/// What a tensor costs such a unit.
struct WideCost {
  std::uint64_t clocks = 0;  ///< thousandths: the longer of its bytes on the bus and its rounds
                             ///< with what precedes them
  std::uint64_t bus = 0;     ///< thousandths of clocks: its bytes on the bus
  std::uint64_t words = 0;   ///< of its record
};
/// Throws as wide_record() does.
WideCost wide_cost(const CodedTensor& tensor, const WidePlanOptions& options);

/// The tensor raw or in the coding, and over how many streams: what costs least. Of tANS the spread
/// is step, which hardware builds. Throws as encode_best() and wide_record() do, and for no lanes,
/// over kMaxWideLanes, or no bytes.
CodedTensor encode_wide(const TensorView& tensor, const WidePlanOptions& options);

}  // namespace transom
