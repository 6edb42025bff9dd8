// axi_fetch.hpp — rtl/axi/axi_fetch.sv and the FIFOs behind it, in C++: channels, bursts, words.
//
// A clock is: outputs, which are registers alone; then edge() with the inputs of the clock.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <cassert>
#include <cstdint>
#include <vector>

#include "transom/system/axi_burst.hpp"
#include "transom/system/axi_parameters.hpp"

namespace transom::cycle {

/// rtl/axi/fifo.sv: what is pushed in a clock is in front in the next one at the earliest.
template <class T>
class Fifo {
 public:
  explicit Fifo(std::size_t depth) : places_(depth) {}
  void clear() { head_ = count_ = 0; }
  bool valid() const { return count_ != 0; }
  bool room() const { return count_ != places_.size(); }
  const T& front() const { return places_[head_]; }
  void pop() {
    assert(valid());
    head_ = head_ + 1 == places_.size() ? 0 : head_ + 1;
    --count_;
  }
  /// After the clock's pop(); whoever pushes has looked at room() before it.
  T& push() {
    assert(room());
    std::size_t at = head_ + count_++;
    if (at >= places_.size()) at -= places_.size();
    return places_[at];
  }

 private:
  std::vector<T> places_;
  std::size_t head_ = 0;
  std::size_t count_ = 0;
};

inline constexpr unsigned kMaxBeatWords = 512 / kWordBits;

/// A beat of the read bus, and which of its words count.
struct Beat {
  std::array<std::uint32_t, kMaxBeatWords> words{};
  std::uint8_t first = 0;
  std::uint8_t last = 0;
  bool end = false;  ///< the last of them ends its stream
  bool error = false;
};

/// rtl/axi/beat_fifo.sv: a memory that is read a clock before.
class BeatFifo {
 public:
  explicit BeatFifo(std::size_t beats) : beats_(beats) {}
  bool valid() const { return valid_; }
  const Beat& beat() const { return out_; }
  void reset() {
    beats_.clear();
    out_ = {};
    valid_ = false;
  }
  /// @return whether room for a beat became free
  bool edge(bool taken, const Beat* in) {
    const bool read = beats_.valid() && (!valid_ || taken);
    if (read) {
      out_ = beats_.front();
      beats_.pop();
    }
    valid_ = read || (valid_ && !taken);
    if (in != nullptr) beats_.push() = *in;
    return read;
  }

 private:
  Fifo<Beat> beats_;
  Beat out_;
  bool valid_ = false;
};

/// rtl/axi/word_fifo.sv with words of Words * 32 bits.
template <unsigned Words>
class WordBuffer {
 public:
  explicit WordBuffer(std::size_t beats) : beats_(beats) {}

  bool valid() const { return beats_.valid(); }
  const std::uint32_t* word() const { return &beats_.beat().words[at_ * Words]; }
  bool last() const { return beats_.beat().end && at_ == beats_.beat().last; }
  bool error() const { return beats_.beat().error; }

  void reset() {
    beats_.reset();
    at_ = 0;
  }
  /// @param beat that comes in, or nullptr; counted in words of Words * 32 bits
  /// @return whether room for a beat became free
  bool edge(bool ready, const Beat* beat) {
    const bool take = valid() && ready;
    const bool read = beats_.edge(take && at_ == beats_.beat().last, beat);
    if (read) {
      at_ = beats_.beat().first;
    } else if (take) {
      ++at_;
    }
    return read;
  }

 private:
  BeatFifo beats_;
  std::size_t at_ = 0;  ///< of the word in front, in its beat
};

/// rtl/axi/word_group_fifo.sv: groups of four words for the sequencer.
class Groups {
 public:
  explicit Groups(const system::AxiParameters& p)
      : halves_(p.fifo_beats), groups_(p.fifo_beats), is_narrow_(p.beat_words() == 2) {}

  bool valid() const {
    return is_narrow_ ? halves_.valid() && (low_ || halves_.last()) : groups_.valid();
  }
  /// The group in front. Of a last one of one or two words, on a narrow bus, the others do not
  /// count.
  std::array<std::uint32_t, 4> group() const {
    if (!is_narrow_) {
      const std::uint32_t* w = groups_.word();
      return {w[0], w[1], w[2], w[3]};
    }
    const std::uint32_t* w = halves_.word();
    if (!low_) return {w[0], w[1], w[0], w[1]};
    return {low_words_[0], low_words_[1], w[0], w[1]};
  }
  bool error() const {
    return is_narrow_ ? halves_.error() || (low_ && low_error_) : groups_.error();
  }

  void reset() {
    halves_.reset();
    groups_.reset();
    low_ = false;
  }
  bool edge(bool ready, const Beat* beat) {
    Beat whole;
    if (beat != nullptr) {
      whole = *beat;
      whole.first = 0;
      whole.last = is_narrow_ ? 0 : static_cast<std::uint8_t>(beat->last / 4);
      beat = &whole;
    }
    if (!is_narrow_) return groups_.edge(ready, beat);
    const bool half_ready = ready || !(low_ || halves_.last());
    const bool take = halves_.valid() && half_ready;
    const bool last = halves_.last();
    if (take) {
      low_error_ = halves_.error();
      low_words_ = {halves_.word()[0], halves_.word()[1]};
    }
    const bool freed = halves_.edge(half_ready, beat);
    if (take) low_ = !low_ && !last;
    return freed;
  }

 private:
  WordBuffer<2> halves_;
  WordBuffer<4> groups_;
  bool is_narrow_;
  bool low_ = false;  ///< the first half is here
  bool low_error_ = false;
  std::array<std::uint32_t, 2> low_words_{};
};

/// What the sequencer starts a channel with.
struct FetchStart {
  bool valid = false;
  bool bank = false;
  std::uint32_t channel = 0;
  std::uint32_t n_words = 0;
  std::uint64_t word_address = 0;
};

/// rtl/axi/axi_fetch.sv: turns what channels want into bursts, in turn.
class Fetch {
 public:
  Fetch(const system::AxiParameters& p, std::size_t n_channels)
      : parameters_(p),
        wants_(n_channels),
        rooms_(n_channels, p.fifo_beats),
        flights_(p.outstanding) {}

  bool start_ready() const { return state_ == State::kPick; }
  bool idle(std::size_t channel) const { return !wants_[channel].active; }
  bool quiet() const {
    return !flights_.valid() && !arvalid_ && !beat_valid_ && state_ == State::kPick && on_way_ == 0;
  }
  bool arvalid() const { return arvalid_; }
  std::uint64_t araddr() const { return araddr_; }
  std::uint8_t arlen() const { return arlen_; }

  bool beat_valid() const { return beat_valid_; }
  std::uint32_t beat_channel() const { return flights_.front().channel; }
  bool beat_bank() const { return flights_.front().bank; }
  bool beat_error() const { return beat_.error; }
  /// While beat_valid().
  Beat beat() const {
    const Flight& flight = flights_.front();
    Beat beat = beat_;
    beat.first = beat_begins_ ? flight.first : 0;
    beat.last = static_cast<std::uint8_t>(beat_ends_ ? flight.last : parameters_.beat_words() - 1);
    beat.end = beat_ends_ && flight.end;
    return beat;
  }

  /// Room for a beat of a channel became free in this clock: after edge(), which looks at the rooms
  /// before.
  void freed(std::size_t channel) { ++rooms_[channel]; }

  /// Drops all but what the bus was promised.
  void reset() {
    for (Want& want : wants_) want.active = false;
    std::fill(rooms_.begin(), rooms_.end(), parameters_.fifo_beats);
    flights_.clear();
    state_ = State::kPick;
    pick_ = 0;
    beat_valid_ = beat_ends_ = false;
    beat_begins_ = true;
  }
  /// That too.
  void reset_bus() {
    arvalid_ = false;
    on_way_ = 0;
  }

  void edge(const FetchStart& start, const system::AxiInputs& in) {
    const bool asked = arvalid_ && in.arready;
    const bool answered = in.rvalid && on_way_ != 0;
    step(start, in);
    const bool pop = beat_valid_ && beat_ends_;
    if (beat_valid_) beat_begins_ = beat_ends_;
    if (pop) flights_.pop();
    if (issued_) flights_.push() = issue_;
    on_way_ += unsigned{asked} - unsigned{answered && in.rlast};
    beat_valid_ = answered;
    if (answered) {
      std::copy_n(in.rdata.begin(), parameters_.beat_words(), beat_.words.begin());
      beat_ends_ = in.rlast;
      beat_.error = in.rresp != 0;
    }
  }

 private:
  enum class State { kPick, kRead, kIssue };
  struct Want {
    std::uint64_t word_address = 0;
    std::uint32_t n_words = 0;
    bool bank = false;
    bool active = false;
  };
  struct Flight {
    std::uint32_t channel = 0;
    std::uint8_t first = 0;  ///< word of the first beat
    std::uint8_t last = 0;   ///< word of the last beat
    bool end = false;
    bool bank = false;
  };

  void step(const FetchStart& start, const system::AxiInputs& in);
  bool find();
  void issue();

  const system::AxiParameters& parameters_;
  std::vector<Want> wants_;
  std::vector<std::uint32_t> rooms_;  ///< beats
  Fifo<Flight> flights_;
  State state_ = State::kPick;
  std::size_t pick_ = 0;
  unsigned on_way_ = 0;  ///< bursts whose address was taken
  bool arvalid_ = false;
  std::uint64_t araddr_ = 0;
  std::uint8_t arlen_ = 0;
  bool issued_ = false;  ///< whether a burst was issued in this clock
  Flight issue_;
  Beat beat_;
  bool beat_valid_ = false;
  bool beat_begins_ = true;
  bool beat_ends_ = false;
};

inline bool Fetch::find() {
  const std::size_t n = wants_.size();
  std::size_t c = pick_;
  for (std::size_t i = 0; i < n; ++i) {
    c = c + 1 == n ? 0 : c + 1;
    if (wants_[c].active && rooms_[c] >= parameters_.max_burst) {
      pick_ = c;
      return true;
    }
  }
  return false;
}

inline void Fetch::issue() {
  Want& want = wants_[pick_];
  const system::AxiBurst burst = system::next_burst(parameters_, want.word_address, want.n_words);
  issue_ = {static_cast<std::uint32_t>(pick_), static_cast<std::uint8_t>(burst.first_word),
            static_cast<std::uint8_t>(burst.last_word), burst.n_words == want.n_words, want.bank};
  arlen_ = static_cast<std::uint8_t>(burst.n_beats - 1);
  araddr_ = burst.address;
  rooms_[pick_] -= burst.n_beats;
  want.word_address += burst.n_words;
  want.n_words -= burst.n_words;
  want.active = want.n_words != 0;
}

inline void Fetch::step(const FetchStart& start, const system::AxiInputs& in) {
  const bool may_issue = state_ == State::kIssue && !arvalid_;
  issued_ = may_issue;
  if (in.arready) arvalid_ = false;
  switch (state_) {
    case State::kPick:
      if (start.valid) {
        wants_[start.channel] = {start.word_address, start.n_words, start.bank, true};
      } else if (flights_.room() && find()) {
        state_ = State::kRead;
      }
      break;
    case State::kRead:
      state_ = State::kIssue;
      break;
    case State::kIssue:
      if (!may_issue) break;
      issue();
      arvalid_ = true;
      state_ = State::kPick;
      break;
  }
}

}  // namespace transom::cycle
