// lt_bus.hpp — the read port of decoder_axi, loosely timed: bursts, when they are asked for and
// come.
//
// rtl/axi_fetch.sv by its rates: a burst every three cycles, one beat per cycle, so many bursts on
// their way, and of a channel so many beats asked for ahead of what was taken out of its FIFO.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>
#include <deque>
#include <span>
#include <vector>

#include "axi_burst.hpp"
#include "axi_parameters.hpp"
#include "spec.hpp"

namespace transom {

using cycle_t = std::uint64_t;  ///< from the start of the run

/// What a loosely timed run wants of its surroundings.
class LtPlatform {
 public:
  virtual ~LtPlatform() = default;
  /// Reads bytes. `cycle` is when they are asked for, then when the first beat of them is there.
  /// False if that failed; what was not read is not touched.
  virtual bool read(std::uint64_t address, std::span<std::uint8_t> bytes, cycle_t& cycle) = 0;
  /// Values in the order of the run; `cycle` is when the first of them can leave, then when the
  /// last one is gone. `last`: of their tensor, which may have none at all.
  virtual void write(std::span<const value_t> values, bool last, cycle_t& cycle) = 0;
  /// The run has come so far: time may pass.
  virtual void reached(cycle_t cycle) = 0;
};

/// Who has a port when. Whoever comes later in the program may be earlier in time, where there is a
/// gap.
class LtPort {
 public:
  void restart() {
    taken_.clear();
    floor_ = 0;
  }
  /// The first of n cycles that are free, at `earliest` or later.
  cycle_t reserve(cycle_t earliest, cycle_t n) {
    cycle_t begin = std::max(earliest, floor_);
    std::size_t at = taken_.size();
    while (at > 0 && taken_[at - 1].end > begin) --at;
    for (; at < taken_.size() && taken_[at].begin < begin + n; ++at) begin = taken_[at].end;
    const bool before = at > 0 && taken_[at - 1].end == begin;
    const bool behind = at < taken_.size() && taken_[at].begin == begin + n;
    const auto place = taken_.begin() + static_cast<std::ptrdiff_t>(at);
    if (before && behind) {
      taken_[at - 1].end = taken_[at].end;
      taken_.erase(place);
    } else if (before) {
      taken_[at - 1].end += n;
    } else if (behind) {
      taken_[at].begin = begin;
    } else {
      taken_.insert(place, {begin, begin + n});
    }
    if (taken_.size() > kMostGaps) {
      floor_ = taken_.front().end;
      taken_.pop_front();
    }
    return begin;
  }

 private:
  static constexpr std::size_t kMostGaps = 64;  ///< that are remembered, the latest ones
  struct Interval {
    cycle_t begin;
    cycle_t end;
  };
  std::deque<Interval> taken_;  ///< in order, apart from each other
  cycle_t floor_ = 0;
};

class LtBus {
 public:
  struct Burst {
    cycle_t asked = 0;
    cycle_t first = 0;  ///< beat arrives
    cycle_t last = 0;
  };

  LtBus(const AxiParameters& parameters, LtPlatform& platform)
      : parameters_(parameters),
        platform_(platform),
        ends_(parameters.outstanding),
        bytes_(parameters.max_burst * parameters.beat_bytes()) {}

  void restart() {
    std::fill(ends_.begin(), ends_.end(), 0);
    asks_.restart();
    data_.restart();
    n_beats_ = n_bursts_ = 0;
  }

  /// One burst for up to n_words words, put(word, failed) for each of them; returns how many.
  template <class Put>
  std::uint32_t read(std::uint64_t word_address, std::uint64_t n_words, cycle_t earliest,
                     Burst& burst, Put&& put) {
    const AxiBurst what = next_burst(parameters_, word_address, n_words);
    const auto bytes = std::span(bytes_).first(what.n_beats * parameters_.beat_bytes());
    const cycle_t may_ask = std::max(earliest, ends_[n_bursts_ % ends_.size()]);
    burst.asked = asks_.reserve(may_ask, kCyclesPerBurst);
    cycle_t there = burst.asked + kFetchCycles;
    std::fill(bytes.begin(), bytes.end(), std::uint8_t{0});
    const bool ok = platform_.read(what.address, bytes, there);
    burst.first = data_.reserve(there, what.n_beats);
    burst.last = burst.first + what.n_beats - 1;
    ends_[n_bursts_++ % ends_.size()] = burst.last + 1;
    n_beats_ += what.n_beats;

    bool failed = false;
    for (unsigned i = 0; i < what.n_words; ++i) {
      const unsigned word = what.first_word + i;
      if (!ok && (i == 0 || word % parameters_.beat_words() == 0)) {
        failed = beat_fails(what.address, word / parameters_.beat_words(), burst.last);
      }
      put(word_at(std::size_t{4} * word), failed);
    }
    return what.n_words;
  }

  /// A further burst may be on its way then.
  bool has_room(cycle_t cycle) const { return ends_[n_bursts_ % ends_.size()] <= cycle; }
  /// The fetch is asked for something else than a burst.
  void hold(cycle_t cycle, cycle_t n) { asks_.reserve(cycle, n); }
  std::uint64_t n_beats() const { return n_beats_; }

 private:
  static constexpr unsigned kCyclesPerBurst = 3;
  static constexpr unsigned kFetchCycles = 3;  ///< from room for a burst to its address on the bus

  std::uint32_t word_at(std::size_t byte) const {
    std::uint32_t word = 0;
    for (std::size_t i = 4; i-- > 0;) word = word << 8 | bytes_[byte + i];
    return word;
  }
  /// A burst failed: which of its beats it was, as each answers for itself.
  bool beat_fails(std::uint64_t address, std::size_t beat, cycle_t now) {
    const std::size_t at = beat * parameters_.beat_bytes();
    const auto bytes = std::span(bytes_).subspan(at, parameters_.beat_bytes());
    return !platform_.read(address + at, bytes, now);
  }

  AxiParameters parameters_;
  LtPlatform& platform_;
  std::vector<cycle_t> ends_;  ///< of the bursts before, as many as may be on their way
  std::vector<std::uint8_t> bytes_;
  LtPort asks_;
  LtPort data_;
  std::uint64_t n_beats_ = 0;
  std::uint64_t n_bursts_ = 0;
};

}  // namespace transom
