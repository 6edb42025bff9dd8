// run.hpp — all that a run of the unit tells: values, ends, cycles, stalls by cause, events.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "transom/base/spec.hpp"

namespace transom::unit {

/// What happened in a stream in a cycle; several at once.
enum EventBit : std::uint8_t {
  kRetired = 1,
  kValueLeft = 2,
  kTwoValuesLeft = 4,
  kSymbolWordTaken = 8,
  kOffsetWordTaken = 16,
  kJobTaken = 32,
  kJobDone = 64,
};
/// What happened in one stream in one cycle.
struct Event {
  std::uint64_t cycle;
  std::uint16_t stream;
  std::uint8_t bits;  ///< a set of EventBit

  friend bool operator==(const Event&, const Event&) = default;
};

/// Stream cycles in which no value left, by cause. Over all streams that have work:
/// streams * cycles = beats + total().
struct Stalls {
  std::uint64_t load = 0;  ///< before the first job is taken, that cycle included
  std::uint64_t fill = 0;
  std::uint64_t symbol_words = 0;
  std::uint64_t offset_words = 0;
  std::uint64_t consumer = 0;
  std::uint64_t turn = 0;
  std::uint64_t drained = 0;  ///< no work: the next job is not there yet, or there is none

  std::uint64_t total() const {
    return load + fill + symbol_words + offset_words + consumer + turn + drained;
  }
  friend bool operator==(const Stalls&, const Stalls&) = default;
};

/// A job in a stream. A cycle is 0 if nothing happened then.
struct JobRun {
  Status status = Status::kOk;
  std::uint32_t n_values = 0;
  std::uint64_t taken_cycle = 0;        ///< when the stream took the job
  std::uint64_t first_word_cycle = 0;   ///< when the first symbol word was taken
  std::uint64_t first_value_cycle = 0;  ///< when the first value left
  std::uint64_t last_value_cycle = 0;
  std::uint64_t done_cycle = 0;

  friend bool operator==(const JobRun&, const JobRun&) = default;
};

/// A stream over all jobs of a run.
struct StreamRun {
  std::vector<value_t> values;  ///< values of all jobs, one after the other
  std::vector<JobRun> jobs;
  std::uint64_t symbol_words_taken = 0;
  std::uint64_t offset_words_taken = 0;
  std::uint64_t event_hash = 0;  ///< hash of all events and stalls, and their cycles

  friend bool operator==(const StreamRun&, const StreamRun&) = default;
};

/// The cycles of a job's first and last write.
struct LoadRun {
  std::uint64_t first_cycle = 0;
  std::uint64_t last_cycle = 0;

  friend bool operator==(const LoadRun&, const LoadRun&) = default;
};

/// All that a run of the unit tells. Equal runs are equal in every cycle.
struct Run {
  std::vector<StreamRun> streams;  ///< those that some job uses
  std::vector<LoadRun> loads;      ///< a line per job
  std::uint64_t cycles = 0;        ///< cycles from the first write to the last job's end
  std::uint64_t beats = 0;         ///< stream cycles in which a value left, or two
  Stalls stalls;
  std::vector<Event> events;  ///< if asked for; by cycle, then stream
  std::string fault;          ///< empty, or why the run was given up: a hang, a broken promise

  std::uint64_t n_values() const;
  friend bool operator==(const Run&, const Run&) = default;
};

}  // namespace transom::unit
