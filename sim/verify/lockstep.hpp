// lockstep.hpp — the unit's jobs, one after the other, compared step by step with the golden model.
//
// A model of the unit is compared where it retires: symbol, bits taken, state after the step and
// the bit position before it; then the values when they leave, then the status of the job. Steps
// come from golden_steps.hpp, which reads the jobs' streams by itself, whatever the unit was fed.
// What is added here is the sequence of jobs: steps, values and ends each keep their own place in
// it, because a lane begins the next job before it has told how the last one ended.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "transom/base/bits.hpp"
#include "transom/unit/job.hpp"
#include "transom/unit/observer.hpp"
#include "transom/unit/ports.hpp"
#include "transom/unit/table_bank.hpp"
#include "transom/verify/golden_steps.hpp"

namespace transom::verify {

/// The first thing that differs.
struct Mismatch {
  std::uint64_t cycle;
  std::uint32_t job;
  unsigned stream;
  std::uint64_t index;    ///< of the step or value in its job; of the last one for an end
  std::string_view what;  ///< symbol, take, state, position, value, status, count
  std::uint64_t want;
  std::uint64_t got;

  friend bool operator==(const Mismatch&, const Mismatch&) = default;
};
/// "cycle 12, job 0, stream 3, index 5: state: want 5, got 13"
std::string to_text(const Mismatch& mismatch);

class Lockstep final : public unit::Observer {
 public:
  /// `jobs` are referred to: one or more, of one kind. Throws if a job's table is
  /// not that of its code, naming the first bad word. A job without a code may have any
  /// table: of one that is none the unit must make what unit::TableBank does.
  explicit Lockstep(std::span<const unit::Job> jobs);

  bool by_stream() const override { return true; }
  // These throw for a stream or a job that the jobs do not have.
  void retire(std::uint64_t cycle, unsigned stream, const unit::Retire& got,
              std::uint64_t words_taken) override;
  void value(std::uint64_t cycle, unsigned stream, const std::array<value_t, 2>& got,
             unsigned n) override;
  void finish(std::uint64_t cycle, std::uint32_t job, unsigned stream, Status got) override;

  std::uint64_t n_mismatches() const { return n_mismatches_; }
  /// By cycle, then stream, whatever the order in which it was told of streams.
  const std::optional<Mismatch>& first() const { return first_; }
  std::uint64_t n_compared() const { return n_compared_; }  ///< steps and values
  /// "0 mismatches", or their number and the first of them.
  std::string text() const;

 private:
  /// What steps leave for the verdict on a job.
  struct End {
    BitReader symbols;
    bool state_at_end = false;
    std::optional<Status> status;  ///< once the last value has left
  };
  static constexpr unsigned kHeld = 16;  ///< steps whose values may be on their way
  struct Stream {
    GoldenSteps steps;
    BitReader offsets;
    std::uint64_t words_before = 0;  ///< symbol words of earlier jobs, and those of the job at work
    std::uint64_t words_until = 0;
    std::uint32_t n_steps = 0;  ///< of the job at work, and how many of them retired
    std::uint32_t n_retired = 0;
    std::uint32_t n_values = 0;  ///< of the job whose values leave, and how many of them left
    std::uint32_t n_left = 0;
    std::uint32_t step_job = 0;  ///< jobs whose steps have begun; unused ones count
    std::uint32_t value_job = 0;
    unsigned n_held = 0;  ///< steps retired, modulo 2^32, and of them those whose values left
    unsigned n_released = 0;
    std::array<symbol_t, kHeld> held{};
    const Row* rows = nullptr;
    std::vector<End> ends;
  };

  Stream& stream_at(unsigned s);
  const unit::JobStream* stream_of(std::uint32_t job, unsigned s) const;
  bool begin_steps(Stream& stream, unsigned s);
  bool begin_values(Stream& stream, unsigned s);
  void mismatch(const Mismatch& what);

  std::span<const unit::Job> jobs_;
  LaneKind kind_;
  std::vector<unit::TableBank> banks_;              ///< one of each job
  std::vector<std::vector<std::uint32_t>> tables_;  ///< the model's, of jobs with a code
  std::vector<Stream> streams_;
  std::optional<Mismatch> first_;
  std::uint64_t n_mismatches_ = 0;
  std::uint64_t n_compared_ = 0;
};

}  // namespace transom::verify
