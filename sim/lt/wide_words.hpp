// wide_words.hpp — the halfwords of a section on their way to the lanes in lockstep, loosely timed.
//
// One channel of the fetch, the prefetch FIFO and the window of decoder_wide by their counts: when
// a halfword is shown, given when those before it were taken. A beat is looked at once.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <bit>
#include <cstdint>
#include <vector>

#include "transom/lt/fetch.hpp"
#include "transom/wide/parameters.hpp"

namespace transom::lt {

/// A section as the window shows it: positions are halfwords from its begin.
class WideWords {
 public:
  WideWords(const wide::Parameters& parameters, Platform& platform)
      : unit_(parameters.axi),
        beat_(parameters.beat_halves()),
        slots_(std::bit_ceil(parameters.halves + 2 * beat_) / beat_),
        fetch_(unit_, platform, 1),
        beats_(std::bit_ceil(std::size_t{unit_.fifo_beats} + unit_.max_burst + slots_ + 2)) {}

  /// Nothing is left of a run before.
  void restart() {
    fetch_.restart();
    n_halves_ = n_beats_ = asked_ = loaded_ = taken_ = 0;
    fails_at_ = kNever;
  }
  /// The fetch is started in that cycle.
  void start(std::uint64_t word_address, std::uint32_t n_words, cycle_t cycle) {
    n_halves_ = 2 * std::uint64_t{n_words};
    n_beats_ = (n_halves_ + beat_ - 1) / beat_;
    fetch_.start(0, word_address, n_words, cycle);
    taken_in_.assign(slots_, cycle);
    pump();
  }

  std::uint64_t n_halves() const { return n_halves_; }
  std::uint64_t taken() const { return taken_; }
  std::uint64_t left() const { return n_halves_ - taken_; }
  std::uint64_t n_beats_read() const { return fetch_.n_beats(); }
  /// The first beat that could not be read was on the bus then.
  cycle_t fails_at() const { return fails_at_; }

  /// When n more halfwords are shown: no more than are left, and than the window holds.
  cycle_t there(std::uint64_t n) const {
    return n == 0 ? 0 : at((taken_ + n - 1) / beat_).loaded + 1;
  }
  /// The i-th of those that are shown.
  std::uint16_t half(std::uint64_t i) const {
    const std::uint64_t place = taken_ + i;
    const std::uint32_t word = at(place / beat_).words[place % beat_ / 2];
    return static_cast<std::uint16_t>(word >> place % 2 * 16);
  }
  void take(std::uint64_t n, cycle_t cycle) {
    const std::uint64_t before = taken_ / beat_;
    taken_ += n;
    if (taken_ / beat_ == before) return;
    for (std::uint64_t b = before; b < taken_ / beat_; ++b) taken_in_[b % slots_] = cycle;
    pump();
  }

 private:
  // Cycles from a beat on the bus until the FIFO's memory can be read, and until it is shown.
  static constexpr cycle_t kReadCycles = 2;
  struct Beat {
    cycle_t first = 0;   ///< on the bus
    cycle_t read = 0;    ///< out of the FIFO's memory
    cycle_t loaded = 0;  ///< into the window
    std::vector<std::uint32_t> words;
  };
  Beat& at(std::uint64_t b) { return beats_[b & (beats_.size() - 1)]; }
  const Beat& at(std::uint64_t b) const { return beats_[b & (beats_.size() - 1)]; }

  /// All that follows from what was taken.
  void pump() {
    for (;;) {
      while (asked_ < n_beats_ && has_room()) ask();
      // Beat b takes the place of the one `slots_` before it.
      if (loaded_ == asked_ || loaded_ >= taken_ / beat_ + slots_) return;
      Beat& beat = at(loaded_);
      beat.loaded = beat.read + 1;
      if (loaded_ >= slots_) beat.loaded = std::max(beat.loaded, taken_in_[loaded_ % slots_] + 1);
      ++loaded_;
      if (loaded_ < asked_) read(loaded_);
    }
  }
  void read(std::uint64_t b) {
    at(b).read = at(b).first + kReadCycles;
    if (b != 0) at(b).read = std::max(at(b).read, at(b - 1).loaded);
  }
  /// The FIFO has room for a burst, once those that this wants were read.
  bool has_room() {
    if (asked_ + unit_.max_burst <= unit_.fifo_beats) {
      fetch_.open(0, 0);
      return true;
    }
    const std::uint64_t last = asked_ + unit_.max_burst - unit_.fifo_beats - 1;
    if (last > loaded_ || last >= asked_) return false;
    fetch_.open(0, at(last).read + 1);
    return true;
  }
  void ask() {
    const Burst& burst = fetch_.issue();
    if (!burst.fails.empty()) fails_at_ = std::min(fails_at_, burst.first);
    const std::size_t n = beat_ / 2;
    for (unsigned i = 0; i < burst.n_beats; ++i, ++asked_) {
      Beat& beat = at(asked_);
      beat.first = burst.beat(i);
      const auto from = burst.words.begin() + static_cast<std::ptrdiff_t>(i * n);
      const auto left = static_cast<std::size_t>(burst.words.end() - from);
      beat.words.assign(from, from + static_cast<std::ptrdiff_t>(std::min(n, left)));
      if (asked_ == loaded_) read(asked_);
    }
  }

  system::AxiParameters unit_;
  std::uint64_t beat_;   ///< halfwords
  std::uint64_t slots_;  ///< beats of the window
  Fetch fetch_;
  std::vector<Beat> beats_;        ///< those on their way, as a ring
  std::vector<cycle_t> taken_in_;  ///< when the last halfword of the beat in a slot was
  std::uint64_t n_halves_ = 0, n_beats_ = 0;
  std::uint64_t asked_ = 0, loaded_ = 0;  ///< beats
  std::uint64_t taken_ = 0;               ///< halfwords
  cycle_t fails_at_ = kNever;
};

}  // namespace transom::lt
