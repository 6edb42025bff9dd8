// lt_decoder.hpp — decoder_axi, loosely timed: values, status and errors exact, cycles estimated.
//
// Streams are decoded some rounds at a time (a round: one value of every stream that has one left),
// and time follows: a round takes one cycle (a pair one, an arithmetic lane two), unless a word
// that it needs is still on its way; a burst is asked for when a FIFO has room for it (lt_bus.hpp);
// the next tensor is loaded meanwhile (lt_loader.hpp); a consumer that is slower than the rounds
// holds them up. SystemC is not needed here: LtPlatform is all that is asked of the surroundings.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <vector>

#include "axi_parameters.hpp"
#include "axi_registers.hpp"
#include "lt_bus.hpp"
#include "lt_loader.hpp"
#include "lt_stream.hpp"

namespace transom {

class LtDecoder {
 public:
  /// Throws std::invalid_argument if there is no such unit.
  LtDecoder(const AxiParameters& parameters, LtPlatform& platform);

  /// Decodes `registers`' descriptors; sets its errors and counters, but neither busy nor done.
  /// Returns the cycles from start to done.
  cycle_t run(AxiRegisters& registers);

 private:
  static constexpr cycle_t kCheckCycles = 4;  ///< the end of a load to the next descriptor
  /// What is asked for of a stream.
  struct Feed {
    struct Flight {
      std::uint64_t first_word;
      cycle_t first_beat;
    };
    std::uint64_t begin = 0;     ///< word address
    std::uint64_t asked = 0;     ///< words
    std::uint64_t left = 0;      ///< words to ask for
    std::deque<Flight> flights;  ///< bursts of which no word was taken yet
  };
  /// Words on their way to a reader; 2s the symbols of stream s, 2s + 1 its offsets.
  struct Channel {
    RingReader* reader = nullptr;
    Feed feed;
    Feed next;  ///< of the next tensor, behind the last words of this one
    bool has_next = false;
    std::vector<std::uint32_t> next_words;  ///< that are there
    std::uint64_t taken = 0;                ///< words of the feed, as of the last step
    std::uint64_t room = 0;       ///< once so many are taken there is room for a further burst
    std::uint64_t attention = 0;  ///< once so many are taken there is something to do
    cycle_t free_at = 0;          ///< the last burst was asked for
  };

  void decode(const LtTensor& tensor);
  void begin_streams(const LtTensor& tensor);
  void begin_channel(std::size_t channel);
  /// Channels of the next tensor, as far as they are free for it.
  void start_streams(const LtTensor& tensor);
  Feed feed_of(std::size_t channel, const LtTensor& tensor) const;
  /// A burst, asked for at `cycle` or later.
  template <class Put>
  void ask(std::size_t channel, Feed& feed, std::uint32_t descriptor, cycle_t cycle, Put&& put);
  void ask(std::size_t channel, cycle_t cycle);
  void ask_next(const LtTensor& tensor, cycle_t cycle);
  void find_room(Channel& c) const;
  /// Has the words of the next step; and when to look at the channel again.
  void look_ahead(std::size_t channel);
  /// How much too late the words came that the last n_cycles took.
  cycle_t wait_for_words(std::size_t channel, cycle_t n_cycles);
  /// Bursts for the room that appeared between `begin` and `end`.
  void ask_behind(std::size_t channel, cycle_t begin, cycle_t end);
  /// Streams with values left; for how many rounds these are all of them, 0 if there is none.
  std::uint32_t find_active();
  cycle_t cycles_of(std::uint32_t n_rounds) const;
  /// Time included: n more values of each active stream.
  void rounds(std::uint32_t n);
  void decode_values(std::uint32_t n);
  /// Where some stream ends with half a pair.
  void decode_last_pairs();
  void flush(bool last);
  void end_streams(const LtTensor& tensor);

  AxiParameters parameters_;
  LtPlatform& platform_;
  LtBus bus_;
  LtLoader loader_;
  std::unique_ptr<LtStreams> streams_;
  std::vector<Channel> channels_;
  std::vector<std::uint32_t> n_values_;  ///< of each stream
  std::vector<std::uint32_t> left_;      ///< values
  std::vector<std::uint32_t> active_;    ///< streams with values left
  std::vector<value_t> values_;          ///< decoded, not yet gone
  cycle_t values_since_ = 0;             ///< when the first of them could leave
  std::uint32_t step_ = 0;               ///< rounds at a time
  std::uint32_t tensor_ = 0;             ///< number of the current one
  cycle_t now_ = 0;                      ///< the last value decoded left its lane
  cycle_t consumer_free_ = 0;
  std::size_t starting_ = 0;      ///< channels of the next tensor that have been started
  cycle_t started_at_ = 0;        ///< the last of them
  std::size_t next_channel_ = 0;  ///< of these that was asked for last
  bool is_draining_ = false;      ///< words are read and not kept
  AxiRegisters* registers_ = nullptr;
};

}  // namespace transom
