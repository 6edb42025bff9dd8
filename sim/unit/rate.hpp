// rate.hpp — what the lanes of a run sustained, from the first beat of each stream to its last.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>

#include "transom/unit/bench.hpp"
#include "transom/unit/ports.hpp"

namespace transom::unit {

/// Values that left in stream cycles; both without the first beat of each job in each stream.
struct Sustained {
  std::uint64_t values = 0;
  std::uint64_t cycles = 0;

  /// Per lane and cycle while all of its streams are at work.
  double rate(const UnitShape& shape) const {
    if (cycles == 0) return 0;
    return static_cast<double>(values * streams_per_lane(shape.kind)) / static_cast<double>(cycles);
  }
};

/// Over all jobs and streams. Without a break the rate is values_per_beat(kind), less what an odd
/// end leaves of a pair.
inline Sustained sustained(const UnitShape& shape, const Run& run) {
  Sustained sum;
  for (const StreamRun& stream : run.streams) {
    for (const JobRun& job : stream.jobs) {
      if (job.n_values == 0) continue;
      sum.values += job.n_values - std::min(job.n_values, values_per_beat(shape.kind));
      sum.cycles += job.last_value_cycle - job.first_value_cycle;
    }
  }
  return sum;
}

}  // namespace transom::unit
