// rate.hpp — what the lanes of a run sustained, from the first beat of each job to its last.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>

#include "bench.hpp"
#include "unit.hpp"

namespace transom {

/// Values that left in lane cycles; both without the first beat of each job in each lane.
struct Sustained {
  std::uint64_t values = 0;
  std::uint64_t cycles = 0;
};

/// Over all jobs and lanes. Without a break, values = cycles * values_per_beat(kind), less what an
/// odd end leaves of a pair.
inline Sustained sustained(const UnitShape& shape, const Run& run) {
  Sustained sum;
  const std::size_t n_jobs = run.streams.empty() ? 0 : run.streams.front().jobs.size();
  for (std::size_t job = 0; job < n_jobs; ++job) {
    for (unsigned lane = 0; lane < shape.n_lanes; ++lane) {
      std::uint64_t n_values = 0, first = ~std::uint64_t{0}, last = 0;
      for (std::size_t s = lane; s < run.streams.size(); s += shape.n_lanes) {
        const JobRun& stream = run.streams[s].jobs[job];
        if (stream.n_values == 0) continue;
        n_values += stream.n_values;
        first = std::min(first, stream.first_value_cycle);
        last = std::max(last, stream.last_value_cycle);
      }
      if (n_values == 0) continue;
      sum.values += n_values - std::min<std::uint64_t>(n_values, values_per_beat(shape.kind));
      sum.cycles += last - first;
    }
  }
  return sum;
}

}  // namespace transom
