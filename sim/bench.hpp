// bench.hpp — the environment of the decoder unit: loads, starts, feeds words, takes values,
// counts.
//
// One bench drives one run of any model of the unit: drive() before the clock edge, then observe().
// When a word is offered and when the consumer is ready is a function of (seed, port, lane, cycle)
// alone, so two models that agree see the same environment. A word once offered stays until taken.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "job.hpp"
#include "unit.hpp"

namespace transom {

class Lockstep;

/// When a port is open.
struct Rhythm {
  enum class Kind : std::uint8_t {
    kAlways,
    kPeriod,  ///< one cycle in `n`, shifted from lane to lane; n >= 1
    kRandom,  ///< closed in `n` percent of the cycles; n <= 95
  };
  Kind kind = Kind::kAlways;
  unsigned n = 0;
};

/// Back-pressure on all ports.
struct Pressure {
  std::uint64_t seed = 0;
  Rhythm symbol_words = {};
  Rhythm offset_words = {};
  Rhythm consumer = {};
};

/// What happened in a lane in a cycle; several at once.
enum EventBit : std::uint8_t {
  kRetired = 1,
  kValueLeft = 2,
  kSymbolWordTaken = 4,
  kOffsetWordTaken = 8,
};
struct Event {
  std::uint64_t cycle;
  std::uint16_t lane;
  std::uint8_t bits;  ///< of EventBit

  friend bool operator==(const Event&, const Event&) = default;
};

/// Lane cycles that yielded no value, by cause. Over all lanes:
/// lanes * (load_cycles + decode_cycles) = values + total().
struct Stalls {
  std::uint64_t load = 0;
  std::uint64_t fill = 0;
  std::uint64_t symbol_words = 0;
  std::uint64_t offset_words = 0;
  std::uint64_t consumer = 0;
  std::uint64_t drained = 0;  ///< the lane is done, others are not

  std::uint64_t total() const {
    return load + fill + symbol_words + offset_words + consumer + drained;
  }
  friend bool operator==(const Stalls&, const Stalls&) = default;
};

struct LaneRun {
  std::vector<value_t> values;
  Status status = Status::kOk;
  std::uint64_t symbol_words_taken = 0;
  std::uint64_t offset_words_taken = 0;
  std::uint64_t first_word_cycle = 0;   ///< when the first symbol word was taken, if one was
  std::uint64_t first_value_cycle = 0;  ///< when the first value left, if one did
  std::uint64_t last_value_cycle = 0;
  std::uint64_t event_hash = 0;  ///< of all events and their cycles

  friend bool operator==(const LaneRun&, const LaneRun&) = default;
};

/// All that a run of the unit tells. Equal runs are equal in every cycle.
struct Run {
  std::vector<LaneRun> lanes;
  std::uint64_t load_cycles = 0;    ///< up to and with the cycle of the start
  std::uint64_t decode_cycles = 0;  ///< from there until no lane is busy
  Stalls stalls;
  std::vector<Event> events;  ///< if asked for; by cycle, then lane
  std::string fault;          ///< empty, or why the run was given up: a hang, a broken promise

  std::uint64_t cycles() const { return load_cycles + decode_cycles; }
  std::uint64_t n_values() const;
  friend bool operator==(const Run&, const Run&) = default;
};

class Bench {
 public:
  /// The job (and lockstep) is referred to. Throws std::invalid_argument on a job or a pressure
  /// that cannot be.
  explicit Bench(const Job& job, const Pressure& pressure = {}, Lockstep* lockstep = nullptr);
  /// Keeps every event, for tests; the hashes are always there.
  void keep_events() { keep_events_ = true; }

  unsigned n_lanes() const { return static_cast<unsigned>(lanes_.size()); }
  /// Sets the inputs of this clock.
  void drive(UnitInputs& in);
  /// Takes note of the outputs in the same clock, and moves on to the next one.
  void observe(const UnitInputs& in, const UnitOutputs& out);
  std::uint64_t cycle() const { return cycle_; }
  bool done() const { return done_; }
  /// Ends the run early, with a reason.
  void give_up(const std::string& why);
  /// The run's account, once done. Leaves the bench empty.
  Run take_run();

 private:
  /// One word port of one lane.
  struct Source {
    const std::uint32_t* next = nullptr;
    const std::uint32_t* end = nullptr;
    bool offered = false;

    void drive(bool open, std::uint32_t& word, bool& valid, bool& last);
  };
  struct Lane {
    Source symbols;
    Source offsets;
    std::uint64_t busy_cycles = 0;
    std::uint64_t stalls[kStalls] = {};
  };
  void drive_load(UnitInputs& in) const;
  std::uint8_t observe_lane(unsigned lane, const LaneInputs& in, const LaneOutputs& out);
  void finish(const UnitOutputs& out);

  const Job& job_;
  Pressure pressure_;
  Lockstep* lockstep_;
  bool keep_events_ = false;
  bool done_ = false;
  std::uint64_t n_loads_;         ///< writes of the load port, one per cycle
  std::uint64_t patience_;        ///< cycles without a word or value that mean a hang
  std::uint64_t cycle_ = 0;       ///< 0 is the first write
  std::uint64_t last_event_ = 0;  ///< cycle in which a word or value moved
  std::vector<Lane> lanes_;
  Run run_;
};

}  // namespace transom
