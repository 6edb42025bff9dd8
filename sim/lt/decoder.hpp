// decoder.hpp — decoder_axi, loosely timed: values, status and errors exact, cycles estimated.
//
// Streams are decoded some rounds at a time (a round: one value of every stream that has one left),
// and time follows: a round takes one cycle (a pair one, a lane with two streams two), unless a
// word that it needs is still on its way (lt_channel.hpp); meanwhile the fetch asks for bursts in
// turn where a FIFO has room (lt_fetch.hpp), and the next tensor is loaded (lt_loader.hpp), all in
// order of time; a consumer that is slower than the rounds holds them up. SystemC is not needed
// here: Platform is all that is asked of the surroundings.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "transom/lt/channel.hpp"
#include "transom/lt/fetch.hpp"
#include "transom/lt/loader.hpp"
#include "transom/lt/stream.hpp"
#include "transom/lt/values.hpp"
#include "transom/system/axi_parameters.hpp"
#include "transom/system/axi_registers.hpp"

namespace transom::lt {

/// decoder_axi without clocks: values exact, cycles estimated.
class Decoder {
 public:
  /// Throws std::invalid_argument if there is no such unit.
  Decoder(const system::AxiParameters& parameters, Platform& platform);

  /// Decodes `registers`' descriptors; sets its errors and counters, but neither busy nor done.
  /// Returns the cycles from start to done. Platform::reached() may end it by an Aborted.
  cycle_t run(system::AxiRegisters& registers);

 private:
  /// What happens to a channel in the rounds of a step: a word is wanted, or there is room for a
  /// burst.
  struct Event {
    cycle_t at;     ///< cycles of rounds before
    cycle_t there;  ///< the word can be taken; kRoom
    std::size_t channel;
  };
  static constexpr cycle_t kRoom = kNever;
  /// Fewest rounds of a step that waits for words.
  static constexpr std::uint32_t kLeastRounds = 16;

  // What goes on beside the rounds.
  void advance(cycle_t until);
  void next_event();
  void come(const Burst& burst);
  /// The channel is looked at again when so many words are taken; the fetch is told if there is
  /// room already, as of `cycle`.
  void watch(std::size_t channel, cycle_t cycle);

  // Tensors.
  void decode_all();
  void decode(const Tensor& tensor);
  void begin_streams(const Tensor& tensor);
  cycle_t first_value(const Tensor& tensor) const;
  void drain(const Tensor& tensor);
  void end_streams(const Tensor& tensor);

  // Rounds.
  /// Streams with values left; for how many rounds these are all of them, 0 if there is none.
  std::uint32_t find_active();
  /// Of n rounds so many as there are words for, some of them at least.
  std::uint32_t with_words(std::uint32_t n);
  void want(std::size_t channel, std::uint64_t n_words);
  cycle_t cycles_of(std::uint32_t n_rounds) const;
  /// Time included: n more values of each active stream.
  void rounds(std::uint32_t n);
  void decode_values(std::uint32_t n);
  /// Where some stream ends with half a pair.
  void decode_last_pairs();
  void find_events(std::size_t channel, cycle_t n_cycles);
  /// The time of n rounds, whose values are in the buffer from `values_before` on.
  void pass(std::uint32_t n, std::size_t values_before);
  /// A word comes late: what was decoded before it can leave in the meantime.
  void wait_for(const Event& event, std::size_t values_before);
  /// The values up to here leave, as far as they have not; the lanes wait for a slow consumer.
  void send(std::size_t end, bool last);

  system::AxiParameters parameters_;
  Platform& platform_;
  Fetch fetch_;
  std::unique_ptr<Streams> streams_;
  std::vector<Channel> channels_;  ///< 2s the symbols of stream s, 2s + 1 its offsets
  Loader loader_;
  Values out_;
  /// One per channel: look at it when so many words are taken.
  std::vector<std::uint64_t> attention_;
  std::vector<std::uint32_t> n_values_;  ///< one per stream
  std::vector<std::uint32_t> left_;      ///< values
  std::vector<std::uint32_t> active_;    ///< streams with values left
  std::vector<Event> events_;            ///< events of a step, in order
  std::size_t n_passed_ = 0;             ///< events
  cycle_t step_cycles_ = 0;
  std::uint32_t step_ = 0;    ///< rounds at a time
  cycle_t now_ = 0;           ///< the last value decoded left its lane
  bool is_draining_ = false;  ///< words are read and not kept
  system::AxiRegisters* registers_ = nullptr;
};

}  // namespace transom::lt
