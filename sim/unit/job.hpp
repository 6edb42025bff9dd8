// job.hpp — what the decoder unit is given: a table, rows, and for each stream its words and a
// count.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>
#include <string_view>
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
  /// The table above is that of the job before, and is not loaded anew: a tensor of more streams
  /// than a unit has goes on so.
  bool keeps_table = false;
};

/// The unit of the fewest lanes that has so many streams. Throws if none has.
inline UnitShape unit_shape(LaneKind kind, std::size_t n_streams) {
  require_range("unit_shape", "number of streams", n_streams, 0, max_streams(kind));
  const std::size_t each = streams_per_lane(kind);
  return {kind, std::max(1u, static_cast<unsigned>((n_streams + each - 1) / each))};
}

/// Throws naming the field unless the unit can be given this.
inline void check_job(const Job& job) {
  const auto require = [](std::string_view field, std::size_t n, std::size_t least,
                          std::size_t most) { require_range("check_job", field, n, least, most); };
  const LaneTraits& lane = lane_traits(job.kind);
  require("table log", job.table_log, lane.min_table_log, max_lane_table_log(job.kind));
  const std::size_t n_words = n_table_words(job.kind, job.table_log);
  require("number of table words", job.entries.size(), n_words, n_words);
  require("number of rows", job.rows.size(), 1, max_rows(job.kind));
  require("number of streams", job.streams.size(), 1, max_streams(job.kind));
}

}  // namespace transom::unit
