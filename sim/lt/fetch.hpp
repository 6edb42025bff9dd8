// fetch.hpp — the read port of decoder_axi, loosely timed: which burst is asked for when, and
// when its beats come.
//
// rtl/axi/axi_fetch.sv a burst at a time: channels take turns, a pick every three cycles, so many
// bursts on their way; a start by the sequencer comes before a pick. Who owns a channel tells when
// there is room for a further burst (open); everything is told in order of time.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <vector>

#include "transom/lt/platform.hpp"
#include "transom/system/axi_burst.hpp"
#include "transom/system/axi_parameters.hpp"

namespace transom::lt {

/// A burst and its words.
struct Burst {
  std::size_t channel = 0;
  cycle_t counted = 0;  ///< cycle in which its channel counted it as room taken
  cycle_t first = 0;    ///< cycle in which the first beat is on the bus
  cycle_t last = 0;
  unsigned n_beats = 0;
  std::vector<std::uint32_t> words;  ///< words that count
  std::vector<bool> fails;  ///< one per word: its beat could not be read; empty if all could

  /// A beat is on the bus.
  cycle_t beat(unsigned i) const {
    return n_beats == 1 ? first : first + (last - first) * i / (n_beats - 1);
  }
};

/// The bursts of all channels on one bus, in order of time.
class Fetch {
 public:
  /// Cycles from pick to pick, and from pick to the address.
  static constexpr cycle_t kBurstCycles = 3;
  /// Cycles from a beat on the bus to words for the taking.
  static constexpr cycle_t kTakeCycles = 3;

  /// The last channel is the sequencer's.
  Fetch(const system::AxiParameters& parameters, Platform& platform)
      : Fetch(parameters, platform, 2 * std::size_t{parameters.n_streams()} + 1) {}
  Fetch(const system::AxiParameters& parameters, Platform& platform, std::size_t n_channels)
      : parameters_(parameters),
        platform_(platform),
        bytes_(parameters.max_burst * parameters.beat_bytes()),
        channels_(n_channels) {}

  void restart() {
    std::fill(channels_.begin(), channels_.end(), Channel{});
    ends_.assign(parameters_.outstanding, 0);
    n_open_ = 0;
    pick_ = 0;
    free_at_ = address_free_at_ = data_free_at_ = 0;
    n_beats_ = n_bursts_ = 0;
  }

  std::size_t own_channel() const { return channels_.size() - 1; }
  /// Beats so far.
  std::uint64_t n_beats() const { return n_beats_; }
  /// Bursts of it are still to be asked for.
  bool active(std::size_t channel) const { return channels_[channel].left != 0; }
  bool is_open(std::size_t channel) const { return channels_[channel].open; }

  /// The sequencer starts a channel, in `cycle` at the earliest. Returns when.
  cycle_t start(std::size_t channel, std::uint64_t word_address, std::uint32_t n_words,
                cycle_t cycle) {
    const cycle_t at = std::max(cycle, free_at_);
    free_at_ = at + 1;
    channels_[channel] = {word_address, n_words, false};
    return at;
  }
  /// A channel has room for a burst from `cycle` on.
  void open(std::size_t channel, cycle_t cycle) {
    if (!active(channel) || is_open(channel)) return;
    if (n_open_++ == 0) free_at_ = std::max(free_at_, cycle);
    channels_[channel].open = true;
  }

  /// When the next burst is picked, as far as is known.
  cycle_t next() const {
    return n_open_ == 0 ? kNever : std::max(free_at_, ends_[n_bursts_ % ends_.size()]);
  }
  /// That burst. The channel is not open afterwards.
  const Burst& issue() {
    const cycle_t address = std::max(next() + kBurstCycles, address_free_at_);
    burst_.counted = free_at_ = address;
    burst_.channel = pick_ = find();
    Channel& c = channels_[pick_];
    const system::AxiBurst what = system::next_burst(parameters_, c.word_address, c.left);
    c.word_address += what.n_words;
    c.left -= what.n_words;
    c.open = false;
    --n_open_;
    read(what, platform_.takes_address(address));
    return burst_;
  }

 private:
  /// Cycles from an address taken to the next on the bus.
  static constexpr cycle_t kAddressCycles = 2;
  /// Cycles from the last beat on the bus to room for a burst.
  static constexpr cycle_t kEndCycles = 2;
  struct Channel {
    std::uint64_t word_address = 0;
    std::uint32_t left = 0;  ///< words to ask for
    bool open = false;
  };

  /// The lowest open channel above the one picked last, or the lowest of all.
  std::size_t find() const {
    std::size_t c = pick_;
    do {
      c = c + 1 == channels_.size() ? 0 : c + 1;
    } while (!channels_[c].open);
    return c;
  }

  void read(const system::AxiBurst& what, cycle_t taken) {
    address_free_at_ = taken + kAddressCycles;
    const auto bytes = std::span(bytes_).first(what.n_beats * parameters_.beat_bytes());
    std::fill(bytes.begin(), bytes.end(), std::uint8_t{0});
    cycle_t there = taken;
    const bool ok = platform_.read(what.address, bytes, there);
    burst_.first = std::max(there + 1, data_free_at_);
    burst_.last = burst_.first + platform_.last_beat(there, what.n_beats) - there;
    burst_.n_beats = what.n_beats;
    data_free_at_ = burst_.last + 1;
    ends_[n_bursts_++ % ends_.size()] = burst_.last + kEndCycles;
    n_beats_ += what.n_beats;
    burst_.fails.clear();
    if (!ok) read_beats(what);
    burst_.words.resize(what.n_words);
    for (unsigned i = 0; i < what.n_words; ++i) burst_.words[i] = word(what.first_word + i);
  }

  std::uint32_t word(std::size_t i) const {
    const std::uint8_t* b = &bytes_[4 * i];
    return b[0] | std::uint32_t{b[1]} << 8 | std::uint32_t{b[2]} << 16 | std::uint32_t{b[3]} << 24;
  }
  /// A burst failed: each of its beats answers for itself.
  void read_beats(const system::AxiBurst& what) {
    const std::size_t n_bytes = parameters_.beat_bytes();
    std::vector<bool> failed(what.n_beats);
    for (unsigned i = 0; i < what.n_beats; ++i) {
      cycle_t cycle = burst_.last;
      const auto beat = std::span(bytes_).subspan(i * n_bytes, n_bytes);
      failed[i] = !platform_.read(what.address + i * n_bytes, beat, cycle);
    }
    for (unsigned i = 0; i < what.n_words; ++i) {
      burst_.fails.push_back(failed[(what.first_word + i) / parameters_.beat_words()]);
    }
  }

  const system::AxiParameters& parameters_;
  Platform& platform_;
  std::vector<std::uint8_t> bytes_;
  std::vector<Channel> channels_;
  std::size_t n_open_ = 0;
  std::size_t pick_ = 0;
  cycle_t free_at_ = 0;          ///< the next pick or start, at the earliest
  cycle_t address_free_at_ = 0;  ///< the next address
  cycle_t data_free_at_ = 0;     ///< the next beat
  std::vector<cycle_t> ends_;    ///< ends of the bursts before, as many as may be on their way
  std::uint64_t n_beats_ = 0;
  std::uint64_t n_bursts_ = 0;
  Burst burst_;
};

}  // namespace transom::lt
