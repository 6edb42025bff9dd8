// queues.hpp — what is around the wide unit's core: beats in, the window of halfwords, beats out.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <cassert>
#include <cstdint>
#include <cstring>
#include <vector>

#include "transom/cycle/axi_fetch.hpp"
#include "transom/wide/parameters.hpp"

namespace transom::wide {

using cycle::BeatFifo;

/// rtl/wide/half_window.sv: the next halfwords of the section, in a ring that beats are written to
/// whole.
class Window {
 public:
  explicit Window(const Parameters& p)
      : beat_(p.beat_halves()), places_(std::bit_ceil(p.halves + 2 * beat_)) {}

  unsigned fill() const { return fill_; }
  const std::uint16_t* halves() const { return halves_.data(); }
  /// Halfwords of the section that nobody took yet.
  std::uint64_t untaken() const { return to_load_ + fill_; }
  /// All of the section's were loaded.
  bool loaded() const { return to_load_ == 0; }
  /// Room for a beat: the one of which some halfwords were taken has its place still.
  bool loads() const { return head_ + fill_ + beat_ <= places_; }
  void start(std::uint64_t n_halves) {
    reset();
    to_load_ = n_halves;
  }
  void reset() {
    head_ = fill_ = 0;
    to_load_ = 0;
  }
  /// @param beat that is loaded, or nullptr
  void edge(unsigned taken, const cycle::Beat* beat) {
    assert(taken <= fill_);
    fill_ -= taken;
    head_ = (head_ + taken) % beat_;
    std::memmove(halves_.data(), halves_.data() + taken, fill_ * sizeof halves_[0]);
    if (beat == nullptr) return;
    const auto n = static_cast<unsigned>(std::min<std::uint64_t>(beat_, to_load_));
    for (unsigned i = 0; i < n; ++i) {
      halves_[fill_ + i] = static_cast<std::uint16_t>(beat->words[i / 2] >> i % 2 * 16);
    }
    fill_ += n;
    to_load_ -= n;
  }

 private:
  unsigned beat_, places_;
  unsigned head_ = 0;  ///< halfwords taken of the first beat
  unsigned fill_ = 0;
  std::uint64_t to_load_ = 0;
  std::array<std::uint16_t, 4 * kMaxWideLanes> halves_{};
};

/// A beat of values: the first `n` places hold one.
struct OutBeat {
  std::array<value_t, kMaxWideLanes> values;
  unsigned n = 0;
  bool last = false;
};

/// The queue of two beats before the consumer.
class OutQueue {
 public:
  bool room() const { return beats_.room(); }
  bool valid() const { return beats_.valid(); }
  /// A beat of a tensor was pushed, and its last one was not.
  bool open() const { return open_; }
  const OutBeat& front() const { return beats_.front(); }
  void reset() {
    beats_.clear();
    open_ = false;
  }
  void edge(const OutBeat* beat, bool ready) {
    if (beats_.valid() && ready) beats_.pop();
    if (beat == nullptr) return;
    OutBeat& place = beats_.push();
    std::copy_n(beat->values.begin(), beat->n, place.values.begin());
    place.n = beat->n;
    place.last = beat->last;
    open_ = !beat->last;
  }

 private:
  cycle::Fifo<OutBeat> beats_{2};
  bool open_ = false;
};

}  // namespace transom::wide
