// job.hpp — what the decoder unit is given: tables, and for each lane two streams and a count.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>
#include <vector>

#include "spec.hpp"

namespace transom {

struct JobLane {
  std::uint32_t n_values = 0;
  std::vector<std::uint32_t> symbol_words;
  std::vector<std::uint32_t> offset_words;
};

struct Job {
  unsigned table_log = 0;              ///< R
  std::vector<std::uint32_t> entries;  ///< 2^R table words
  std::vector<std::uint32_t> rows;     ///< row words, one per symbol of the alphabet
  std::vector<JobLane> lanes;          ///< 1..kMaxDecoderLanes
};

/// Throws std::invalid_argument naming the number unless the unit can be given this.
inline void check_job(const Job& job) {
  const auto refuse = [](const std::string& what) { throw std::invalid_argument("job: " + what); };
  if (job.table_log > kMaxTableLog) refuse("table log " + std::to_string(job.table_log));
  if (job.entries.size() != std::size_t{1} << job.table_log) {
    refuse(std::to_string(job.entries.size()) + " entries, not 2^" + std::to_string(job.table_log));
  }
  if (job.rows.empty() || job.rows.size() > kMaxAlphabet) {
    refuse(std::to_string(job.rows.size()) + " rows, not 1.." + std::to_string(kMaxAlphabet));
  }
  if (job.lanes.empty() || job.lanes.size() > kMaxDecoderLanes) {
    refuse(std::to_string(job.lanes.size()) + " lanes, not 1.." + std::to_string(kMaxDecoderLanes));
  }
}

}  // namespace transom
