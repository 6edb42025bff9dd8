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
  /// last one is gone. `last`: of their tensor.
  virtual void write(std::span<const value_t> values, bool last, cycle_t& cycle) = 0;
  /// The run has come so far: time may pass.
  virtual void reached(cycle_t cycle) = 0;
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
    next_ask_ = data_free_ = n_beats_ = n_bursts_ = 0;
  }

  /// One burst for up to n_words words, put(word, failed) for each of them; returns how many.
  template <class Put>
  std::uint32_t read(std::uint64_t word_address, std::uint64_t n_words, cycle_t earliest,
                     Burst& burst, Put&& put) {
    const AxiBurst what = next_burst(parameters_, word_address, n_words);
    const auto bytes = std::span(bytes_).first(what.n_beats * parameters_.beat_bytes());
    burst.asked = std::max({earliest, next_ask_, ends_[n_bursts_ % ends_.size()]});
    next_ask_ = burst.asked + kCyclesPerBurst;
    cycle_t there = burst.asked + kFetchCycles;
    std::fill(bytes.begin(), bytes.end(), std::uint8_t{0});
    const bool ok = platform_.read(what.address, bytes, there);
    burst.first = std::max(there, data_free_);
    data_free_ = burst.first + what.n_beats;
    burst.last = data_free_ - 1;
    ends_[n_bursts_++ % ends_.size()] = data_free_;
    n_beats_ += what.n_beats;

    bool failed = false;
    for (unsigned i = 0; i < what.n_words; ++i) {
      const unsigned word = what.first_word + i;
      if (!ok && (i == 0 || word % parameters_.beat_words() == 0)) {
        failed = beat_fails(what.address, word / parameters_.beat_words());
      }
      put(word_at(std::size_t{4} * word), failed);
    }
    return what.n_words;
  }

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
  bool beat_fails(std::uint64_t address, std::size_t beat) {
    cycle_t now = data_free_;
    const std::size_t at = beat * parameters_.beat_bytes();
    const auto bytes = std::span(bytes_).subspan(at, parameters_.beat_bytes());
    return !platform_.read(address + at, bytes, now);
  }

  AxiParameters parameters_;
  LtPlatform& platform_;
  std::vector<cycle_t> ends_;  ///< of the bursts before, as many as may be on their way
  std::vector<std::uint8_t> bytes_;
  cycle_t next_ask_ = 0;
  cycle_t data_free_ = 0;  ///< the first cycle without a beat
  std::uint64_t n_beats_ = 0;
  std::uint64_t n_bursts_ = 0;
};

}  // namespace transom
