// wide_plan.hpp — how a tensor is coded for the wide unit: raw, or narrow rANS over how many
// streams.
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

/// What encode_wide() plans for.
struct WidePlanOptions {
  unsigned n_lanes = 16;
  unsigned halves = 16;                   ///< halfwords that the unit takes in a clock
  std::uint32_t bytes_per_1000 = 16'000;  ///< that bus and memory give in 1000 clocks
  std::optional<unsigned> table_log;      ///< R; all up to kMaxPlannedTableLog are tried if empty
  std::optional<unsigned> rows;           ///< at most this many ranges
};

/// Clocks that a tensor holds the unit up, thousandths of them: the longer of its bytes on the bus
/// and its rounds with what precedes them. Throws as wide_record() does.
std::uint64_t wide_cost(const CodedTensor& tensor, const WidePlanOptions& options);

/// The tensor raw or in apack-nrans, whichever takes fewest clocks, then bytes.
/// Throws as encode_best() does, and for no lanes, over kMaxWideLanes, or no bytes.
CodedTensor encode_wide(const Tensor& tensor, const WidePlanOptions& options);

}  // namespace transom
