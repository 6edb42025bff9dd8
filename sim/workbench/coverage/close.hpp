// close.hpp — random runs that look which cover points are open, and go there.
//
// Each run draws all of its knobs by chance. A steered one then takes one of the open points, each
// as likely, and its group sets the knobs that lead there (lane_aims.cpp); what is hit on the way
// counts, too. Run n of a seed is the same wherever the runs before it are.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>

#include "transom/coverage/system_points.hpp"
#include "transom/workbench/decoders.hpp"

namespace transom::workbench {
using coverage::CoverGroups;

struct CloseOptions {
  std::uint32_t seed = 1;
  unsigned max_runs = 2000;
  bool steered = true;
};

struct Closed {
  CoverGroups groups;
  unsigned runs = 0;  ///< until the last point, or the last allowed
  std::uint64_t cycles = 0;
  std::uint64_t values = 0;
  std::string finding;  ///< the first thing that is not as it should be; empty if all is

  bool all() const { return coverage::n_hit(groups) == coverage::n_points(groups); }
};

/// Runs until every point of a kind of lane is hit, the runs are used up, or there is a finding:
/// a difference from the golden model, or of two decoders in time or in a count of a point.
/// @param decoders those that count cycles; one or more
/// @param told     after each run
Closed close_lanes(LaneKind kind, std::span<const Decoder* const> decoders,
                   const CloseOptions& options,
                   const std::function<void(const Closed&)>& told = {});

/// The same of a unit in its system: its cycle model, and its RTL where that is there and wanted.
/// Decoders are compared in what their registers tell after each start, in clocks and in points.
Closed close_system(const coverage::CoveredSystem& system, bool with_rtl,
                    const CloseOptions& options,
                    const std::function<void(const Closed&)>& told = {});

}  // namespace transom::workbench
