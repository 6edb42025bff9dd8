// lane_jobs.hpp — random jobs for a unit, drawn as knobs say; and which knobs lead to a cover
// point.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <random>
#include <vector>

#include "transom/coverage/lane_points.hpp"
#include "transom/unit/job.hpp"
#include "transom/unit/pressure.hpp"

namespace transom::coverage {

/// std::mt19937 in the 32 bits that it has: the same on every machine.
class Draws {
 public:
  explicit Draws(std::uint64_t seed) : engine_(static_cast<std::uint32_t>(seed)) {}
  std::uint32_t operator()() { return static_cast<std::uint32_t>(engine_()); }

 private:
  std::mt19937 engine_;
};
/// A number in low..high.
inline std::uint32_t draw(Draws& draws, std::uint32_t low, std::uint32_t high) {
  return low + draws() % (high - low + 1);
}

/// What a run of a unit is drawn from. Where there are several of something, each has its chance.
struct LaneKnobs {
  struct Sizes {
    std::uint32_t least = 0, most = 0;
  };
  unsigned n_jobs = 1;
  std::optional<unsigned> table_log;  ///< R of all jobs; else any
  std::optional<TableClass> table;    ///< of all jobs; else any
  std::optional<std::uint32_t> freq;  ///< of the first symbol, 1..2^R; else any
  std::vector<Sizes> sizes;           ///< values of a stream
  std::vector<unsigned> widths;       ///< offset bits of a row
  std::optional<unsigned> slow_lane;  ///< whose streams have slow_sizes
  Sizes slow_sizes;
  std::vector<EndClass> symbol_ends, offset_ends;
  unsigned noise = 30;  ///< percent of streams that nobody encoded
  unsigned bad = 10;    ///< percent of tables, or rows, that are none
  unit::Pressure pressure;
};

/// All at random.
LaneKnobs draw_knobs(Draws& draws);
/// Sets those that lead to a point, and leaves the others.
void aim(LaneKnobs& knobs, LaneKind kind, LaneGroup group, const CoverGroup::Place& place,
         Draws& draws);
/// Jobs for all streams of the shape.
std::vector<unit::Job> draw_jobs(const LaneKnobs& knobs, const unit::UnitShape& shape,
                                 Draws& draws);

}  // namespace transom::coverage
