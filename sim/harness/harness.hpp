// harness.hpp — an environment for any decoder: words in, values out, stalls, resets, a verdict.
//
// The user writes one class, a Dut: how her decoder is reset, how it gets its table, and what a
// clock is. The harness gives it the streams of a container's tensors, as many at a time as it has
// lanes, under each stimulus: words that come late, a consumer that is not ready, a reset in the
// middle. What the decoder shows goes to Cosim. All that is random is a function of the seed, so
// that a failure can be repeated: it leaves a folder with the container, the difference, a wave
// around it, and replay.sh. A decoder that does nothing for `patience` clocks hangs, which is a
// finding, too.
//
// A clock is: the inputs are set, the outputs settle and are looked at, then comes the edge. No
// input depends on an output of the same clock. A word once offered stays until it is taken.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <iosfwd>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "transom/harness/junit.hpp"
#include "transom/verify/cosim.hpp"

namespace transom::harness {

using verify::Cosim;
using verify::Difference;
using verify::Task;

/// What a lane is given in a clock.
struct LaneIn {
  std::uint64_t symbol_word = 0;  ///< the next bits of the symbol stream, the first one in bit 0
  std::uint64_t offset_word = 0;
  bool symbol_valid = false;
  bool symbol_last = false;  ///< of the stream
  bool offset_valid = false;
  bool offset_last = false;
  bool ready = false;  ///< the consumer takes a value
};

/// What a lane shows in a clock. All is false before each clock() and stays so where a decoder has
/// no such port.
struct LaneOut {
  bool symbol_ready = false;  ///< takes the word that is offered
  bool offset_ready = false;
  bool value_valid = false;  ///< `value` leaves, if the consumer is ready
  bool step_valid = false;   ///< a step: `symbol`, and the other two if the decoder has them
  bool done = false;         ///< the stream is at its end; once, or for as long as you like
  std::uint32_t value = 0;   ///< W-bit pattern
  std::uint32_t symbol = 0;
  std::optional<std::uint64_t> state;     ///< after the step
  std::optional<std::uint64_t> position;  ///< bits read, after the step; needs `state`
  std::optional<bool> good;               ///< the verdict at the end
  std::optional<Status> status;
};

/// What a decoder is to decode next: lane i the task's stream first + i, if there is one.
class Load {
 public:
  Load(const Task& task, unsigned first) : task_(task), first_(first) {}
  const verify::Table& table() const { return task_.table; }
  /// Entry words of a tANS table, one per state.
  const std::vector<std::uint32_t>& entries() const { return task_.table.words; }
  const std::vector<Row>& rows() const { return task_.rows; }
  std::uint32_t n_values(unsigned lane = 0) const { return stream(lane).n_values; }
  /// Words of 32 bits that come; a stream may have none.
  std::size_t n_symbol_words(unsigned lane = 0) const { return stream(lane).symbol_words.size(); }
  std::size_t n_offset_words(unsigned lane = 0) const { return stream(lane).offset_words.size(); }

 private:
  const unit::JobStream& stream(unsigned lane) const {
    static const unit::JobStream none;
    const std::size_t i = std::size_t{first_} + lane;
    return i < task_.streams.size() ? task_.streams[i] : none;
  }
  const Task& task_;
  unsigned first_;
};

/// A decoder under test.
class Dut {
 public:
  virtual ~Dut() = default;

  /// Why it cannot decode this tensor; empty if it can.
  virtual std::string why_not(const CodedTensor&) const { return {}; }
  virtual unsigned n_lanes() const { return 1; }
  virtual unsigned symbol_word_bits() const { return kWordBits; }  ///< 8, 16, 32 or 64
  virtual unsigned offset_word_bits() const { return kWordBits; }
  /// Whether it sets LaneOut::done at the end of a stream.
  virtual bool shows_end() const { return true; }

  /// To where it is after power-up. Takes as many clocks as it likes, as load() does.
  virtual void reset() = 0;
  /// The table, the rows, the number of values. Comes after each reset().
  virtual void load(const Load& load) = 0;
  virtual void clock(std::span<const LaneIn> in, std::span<LaneOut> out) = 0;
  /// Clocks since it was made, those of reset() and load() among them: the time axis of its waves.
  virtual std::uint64_t now() const = 0;

  /// Writes a wave of clocks from..to; before the first reset(). False if it writes none.
  virtual bool wave(const std::filesystem::path&, std::uint64_t, std::uint64_t) { return false; }
  /// What the decoder itself complained of: a failed assertion. Empty if all is well.
  virtual std::string complaint() { return {}; }
};
using MakeDut = std::function<std::unique_ptr<Dut>()>;

/// How the environment behaves.
struct Stimulus {
  std::string_view name;
  unsigned words_closed = 0;     ///< percent of clocks in which no new word is offered, 0..95
  unsigned consumer_closed = 0;  ///< percent of clocks in which the consumer is not ready, 0..95
  unsigned burst = 1;            ///< clocks that a port stays open or closed, at least 1
  unsigned resets = 0;           ///< resets in the middle
};
/// plain, slow-words, slow-consumer, both, bursts, reset
std::span<const Stimulus> stimuli();
/// Throws if there is none of that name.
const Stimulus& find_stimulus(std::string_view name);

/// What came of a tensor's streams first..first + n_lanes - 1 under a stimulus.
struct CaseResult {
  std::uint64_t n_clocks = 0;  ///< of the harness, those of reset() and load() not counted
  std::uint64_t n_compared = 0;
  std::optional<Difference> difference;
  std::string problem;  ///< empty: all is well. Else the difference, a hang or a complaint in words
  std::uint64_t at = 0;  ///< Dut::now() where it was seen
};

struct HarnessOptions {
  std::uint64_t seed = 1;
  std::uint64_t patience = 20'000;  ///< clocks in which nothing happens that are a hang
  std::uint64_t wave_clocks = 400;  ///< around the first difference; 0: no waves
};

/// One case. Throws if `first` is no stream, the Dut's widths or lanes are none, the task is none
/// (see check_task()), the stimulus has ports that are never open, or `patience` is 0.
CaseResult run_case(Dut& dut, const Task& task, unsigned first, const Stimulus& stimulus,
                    const HarnessOptions& options = {});

/// The program around a Dut: `PROGRAM CONTAINER.tsm [options]`, see harness_usage(). Prints what it
/// finds. Returns 0 if nothing differs, 1 if something does, 2 if it was asked for what cannot be,
/// 3 if the container is damaged: the exit codes of `transom`.
/// @param arguments   what follows the program's name
/// @param program     the program's path and those arguments that choose the Dut, for replay.sh
int harness_main(const std::vector<std::string>& arguments, const std::vector<std::string>& program,
                 const MakeDut& make, std::ostream& out);
std::string_view harness_usage();

}  // namespace transom::harness
