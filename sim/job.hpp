// job.hpp — what the decoder unit is given: a table, rows, and for each stream its words and a
// count.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>
#include <vector>

#include "spec.hpp"
#include "unit.hpp"

namespace transom {

struct JobStream {
  std::uint32_t n_values = 0;
  std::vector<std::uint32_t> symbol_words;
  std::vector<std::uint32_t> offset_words;
};

struct Job {
  LaneKind kind = LaneKind::kTans;
  unsigned table_log = 0;              ///< R
  std::vector<std::uint32_t> entries;  ///< table words as the unit has them: n_table_words(kind, R)
  std::vector<std::uint32_t> rows;     ///< row words, one per symbol of the alphabet
  std::vector<JobStream> streams;
};

/// Lanes of the units that are built.
inline constexpr unsigned kBuiltLanes[] = {1, 4, 16, 64};

constexpr std::size_t n_table_words(LaneKind kind, unsigned table_log) {
  return kind == LaneKind::kArith ? kMaxApackRows : std::size_t{1} << table_log;
}
/// Symbols that a kind can tell apart.
constexpr std::size_t max_rows(LaneKind kind) {
  return kind == LaneKind::kArith || kind == LaneKind::kTansPair ? kMaxApackRows : kMaxAlphabet;
}
constexpr std::size_t max_streams(LaneKind kind) {
  return std::size_t{kMaxDecoderLanes} * streams_per_lane(kind);
}

/// The smallest unit that is built and has so many streams. Throws std::invalid_argument if none
/// has.
inline UnitShape unit_shape(LaneKind kind, std::size_t n_streams) {
  for (const unsigned n_lanes : kBuiltLanes) {
    const UnitShape shape{kind, n_lanes};
    if (n_streams <= shape.n_streams()) return shape;
  }
  throw std::invalid_argument(std::to_string(n_streams) + " streams are over the unit's " +
                              std::to_string(max_streams(kind)));
}

/// Throws std::invalid_argument naming the number unless the unit can be given this.
inline void check_job(const Job& job) {
  const auto check = [](bool good, std::size_t n, const std::string& what) {
    if (!good) throw std::invalid_argument("job: " + std::to_string(n) + what);
  };
  check(job.kind == LaneKind::kArith ? job.table_log == kArithTableLog
                                     : job.table_log <= max_lane_table_log(job.kind),
        job.table_log, " is no table log of a " + std::string(lane_kind_name(job.kind)) + " lane");
  const std::size_t n_words = n_table_words(job.kind, job.table_log);
  check(job.entries.size() == n_words, job.entries.size(),
        " table words, not " + std::to_string(n_words));
  check(!job.rows.empty() && job.rows.size() <= max_rows(job.kind), job.rows.size(),
        " rows, not 1.." + std::to_string(max_rows(job.kind)));
  check(!job.streams.empty() && job.streams.size() <= max_streams(job.kind), job.streams.size(),
        " streams, not 1.." + std::to_string(max_streams(job.kind)));
}

}  // namespace transom
