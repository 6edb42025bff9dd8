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
#include "transom/unit/ports.hpp"

namespace transom::unit {

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
  /// What the words above are made from; a default one where they come from elsewhere.
  Code code = {};
};

/// The word for a kind of lane.
constexpr std::string_view lane_kind_name(LaneKind kind) {
  constexpr std::string_view kNames[kLaneKinds] = {"tans", "rans", "arith", "pair"};
  return kNames[static_cast<unsigned>(kind)];
}

/// The largest table of a kind.
constexpr unsigned max_lane_table_log(LaneKind kind) {
  if (kind == LaneKind::kArith) return kArithTableLog;
  return kind == LaneKind::kRans ? kRansLaneTableLog : kMaxTableLog;
}
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

}  // namespace transom::unit
