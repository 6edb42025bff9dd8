// bench.hpp — the environment of the decoder unit: loads tables, offers jobs, feeds words, takes
// values, counts.
//
// One bench drives one sequence of jobs through any model of the unit: drive() before the clock
// edge, then observe(). A word once offered stays until taken. Tables go to the two banks in turn,
// as soon as one is free; a job may keep that of the job before.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "transom/unit/job.hpp"
#include "transom/unit/observer.hpp"
#include "transom/unit/open_ports.hpp"
#include "transom/unit/ports.hpp"
#include "transom/unit/pressure.hpp"
#include "transom/unit/run.hpp"

namespace transom::unit {

/// Memory, host and consumer of the unit. drive() and observe() once a cycle until done(); then
/// take_run().
class Bench {
 public:
  /// The jobs (and the observer) are referred to: one or more, all of the shape's kind. Throws
  /// std::invalid_argument on a job or a pressure that cannot be.
  Bench(const UnitShape& shape, std::span<const Job> jobs, const Pressure& pressure = {},
        Observer* observer = nullptr);
  /// Keeps every event, for tests; the hashes are always there.
  void keep_events() { keep_events_ = true; }
  /// Tells all ports in every clock; referred to.
  void watch(PortObserver& ports) { ports_ = &ports; }

  const UnitShape& shape() const { return shape_; }
  /// Sets the inputs of this clock. `in` is to be the same object in all clocks, left as it is.
  void drive(UnitInputs& in);
  /// Takes note of the outputs in the same clock, and moves on to the next one.
  void observe(const UnitInputs& in, const UnitOutputs& out);
  /// Or, instead of both: as many clocks as there are in which no job begins or ends, stream by
  /// stream. Their number, 0 if a job may in the next; see stretch.hpp.
  template <class Unit>
  std::uint64_t stretch(Unit& unit);
  static constexpr std::uint64_t kForever = UINT64_MAX;
  std::uint64_t cycle() const { return cycle_; }
  bool done() const { return done_; }
  /// Ends the run early, with a reason.
  void give_up(const std::string& why);
  /// The run's account, once done. Leaves the bench empty.
  Run take_run();

 private:
  /// One word port of one stream.
  struct Source : OpenWords {
    std::uint32_t job = 0;  ///< the words come from those before it
    bool offered = false;
  };
  struct Stream {
    value_t* next_value = nullptr;
    value_t* job_end = nullptr;  ///< end of the values of the job at work
    std::uint64_t hash = 0;
    std::array<std::uint64_t, kStalls> stalls{};
    Source symbols;
    Source offsets;
    std::uint64_t symbol_words_taken = 0;
    std::uint64_t offset_words_taken = 0;
    std::uint32_t taken = 0;      ///< jobs taken; those that do not use the stream count too
    std::uint32_t value_job = 0;  ///< values come of the one before it
    std::uint32_t done = 0;       ///< jobs done
  };
  using WordsOf = std::vector<std::uint32_t> JobStream::*;

  void drive_load(LoadInputs& in);
  void offer_job(UnitInputs& in);
  void drive_stream(unsigned s, StreamInputs& in);
  void drive_source(unsigned s, Source& source, WordsOf words_of, bool open);
  unsigned observe_stream(unsigned s, const StreamInputs& in, const StreamOutputs& out);
  void take_values(unsigned s, const StreamOutputs& out);
  void take_words(unsigned s, unsigned events);
  void take_job(unsigned s);
  void end_job(unsigned s, Status status);
  void note_banks(const std::array<bool, kBanks>& busy);
  void pass(std::uint64_t n_clocks);
  std::uint64_t calm(const std::array<bool, kBanks>& bank_busy) const;
  template <class Unit>
  void go_alone(Unit& unit, unsigned s, std::uint64_t n_clocks);
  template <class Unit>
  void go_open(Unit& unit, unsigned s, std::uint64_t begin, std::uint64_t end);
  /// A job taken in this cycle makes its bank busy in the next one.
  bool is_free_next(unsigned bank, bool busy) const {
    return !busy && !(n_waiting_ != 0 && job_bank_ == bank);
  }
  void skip_unused(unsigned s, std::uint32_t& job) const;
  bool uses(std::uint32_t job, unsigned s) const { return s < jobs_[job].streams.size(); }

  UnitShape shape_;
  std::span<const Job> jobs_;
  Pressure pressure_;
  Observer* observer_;
  PortObserver* ports_ = nullptr;
  bool keep_events_ = false;
  bool has_rhythm_ = false;  ///< some port is not always open, or not only when a job was taken
  bool done_ = false;
  std::uint64_t patience_;         ///< cycles without a word, value or job that mean a hang
  std::uint64_t cycle_ = 0;        ///< 0 is the first write
  std::uint64_t last_event_ = 0;   ///< cycle in which one of them moved
  std::uint32_t n_loaded_ = 0;     ///< jobs whose last write has been
  std::uint32_t loaded_from_ = 0;  ///< the first of them with the table that was loaded last
  unsigned load_bank_ = 0;         ///< of the next load
  unsigned job_bank_ = 1;          ///< of the job that was offered last
  std::size_t n_writes_ = 0;       ///< writes done of the table that is being loaded
  std::uint32_t n_offered_ = 0;    ///< jobs offered
  std::size_t n_waiting_ = 0;      ///< streams that have not taken the last of these
  std::size_t n_to_end_ = 0;       ///< ends to come, over all jobs and streams
  std::array<bool, kBanks> bank_free_{};
  std::vector<Stream> streams_;
  std::vector<std::uint16_t> changed_;  ///< streams whose word or job ports change; n_changed_
  std::size_t n_changed_ = 0;
  Run run_;
};

}  // namespace transom::unit
