// job.hpp — what the decoder unit is given: a table, rows, and for each stream its words and a
// count.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <vector>

#include "transom/base/spec.hpp"
#include "transom/codec/codec.hpp"
#include "transom/unit/lane_kind.hpp"
#include "transom/unit/ports.hpp"

namespace transom::unit {

/// A stream of a job: the words for its two ports, and the number of values that they hold.
struct JobStream {
  std::uint32_t n_values = 0;
  std::vector<std::uint32_t> symbol_words;
  std::vector<std::uint32_t> offset_words;
};

/// A tensor's work for the unit: what is loaded, and what each stream is fed.
struct Job {
  LaneKind kind = LaneKind::kTans;
  unsigned table_log = 0;              ///< R
  std::vector<std::uint32_t> entries;  ///< table words as the unit has them: n_table_words(kind, R)
  std::vector<std::uint32_t> rows;     ///< row words, one per symbol of the alphabet
  std::vector<JobStream> streams;
  /// What the words above are made from; a default one where they come from elsewhere.
  Code code = {};
};

/// The unit of the fewest lanes that has so many streams. Throws std::invalid_argument if none has.
inline UnitShape unit_shape(LaneKind kind, std::size_t n_streams) {
  if (n_streams > max_streams(kind)) {
    throw std::invalid_argument(std::to_string(n_streams) + " streams are over the unit's " +
                                std::to_string(max_streams(kind)));
  }
  const std::size_t each = streams_per_lane(kind);
  return {kind, std::max(1u, static_cast<unsigned>((n_streams + each - 1) / each))};
}

/// Throws std::invalid_argument naming the number unless the unit can be given this.
inline void check_job(const Job& job) {
  const auto check = [](bool good, std::size_t n, const std::string& what) {
    if (!good) throw std::invalid_argument("job: " + std::to_string(n) + what);
  };
  const LaneTraits& lane = lane_traits(job.kind);
  check(job.table_log >= lane.min_table_log && job.table_log <= max_lane_table_log(job.kind),
        job.table_log, " is no table log of a " + std::string(lane_kind_name(job.kind)) + " lane");
  const std::size_t n_words = n_table_words(job.kind, job.table_log);
  check(job.entries.size() == n_words, job.entries.size(),
        " table words, not " + std::to_string(n_words));
  check(!job.rows.empty() && job.rows.size() <= max_rows(job.kind), job.rows.size(),
        " rows, not 1.." + std::to_string(max_rows(job.kind)));
  check(!job.streams.empty() && job.streams.size() <= max_streams(job.kind), job.streams.size(),
        " streams, not 1.." + std::to_string(max_streams(job.kind)));
}

}  // namespace transom::unit
