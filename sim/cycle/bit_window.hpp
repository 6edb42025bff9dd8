// bit_window.hpp — rtl/lane/bit_reader.sv in C++: word streams, one after the other, as bits.
//
// Within a clock: ask, read, then the edge, with the word at the port. Reads see registered words.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

#include "transom/base/bits.hpp"
#include "transom/base/spec.hpp"
#include "transom/cycle/flow.hpp"
#include "transom/unit/open_ports.hpp"

namespace transom::cycle {

/// @tparam Window most bits that a clock takes
/// @tparam Slots  words that are kept
template <unsigned Window, unsigned Slots>
class BitWindow {
  static constexpr unsigned kSlots = Slots;
  static constexpr bool kLong = Window > kWordBits / 2;

 public:
  struct Verdict {
    bool is_short = false;
    bool is_clean = true;
  };

  bool word_ready() const { return copied_ || (room() && wanted()); }
  /// Any read of up to Window bits may happen in this clock.
  bool enough() const { return open_ && (ended() || fill() >= Window); }
  bool open() const { return open_; }
  bool drains() const { return !open_ && !ends_near(); }
  /// Bits of the stream that are here.
  unsigned fill() const {
    const unsigned n_bits = n_own() * kWordBits;
    return position_ < n_bits ? n_bits - position_ : 0;
  }
  bool can_announce() const { return !next_; }
  /// The announced stream may be entered.
  bool next() const { return next_ && (ends_near() || (kLong && ended())); }
  bool head_valid() const { return next_ && ends_near() && (head_here() || next_ended_); }

  void announce(bool empty) {
    next_ = true;
    next_ended_ = empty;
  }
  std::uint32_t read(unsigned nbits) {
    const std::uint32_t value = peek(taken_, nbits);
    taken_ += nbits;
    return value;
  }
  std::uint32_t peek(unsigned skip, unsigned nbits) const {
    std::uint64_t bits = 0;
    const unsigned from = position_ + skip;
    const unsigned first = from / kWordBits;
    const unsigned n = n_own();
    if (first < n) bits = words_[first];
    if (first + 1 < n) bits |= std::uint64_t{words_[first + 1]} << kWordBits;
    return static_cast<std::uint32_t>(bits >> from % kWordBits) & low_bits(nbits);
  }
  /// Bits read in this clock.
  unsigned taken() const { return taken_; }
  /// On the stream, as if it were left in this clock.
  Verdict verdict() const {
    const unsigned end = position_ + taken_;
    const unsigned last = (n_own() - 1) * kWordBits;
    const bool whole = ended() && end > last;
    const bool rest = whole && end < last + kWordBits && words_[n_own() - 1] >> (end - last);
    return {short_ || taken_ > fill(), whole && !rest};
  }

  struct Edge {
    bool word_valid = false;
    std::uint32_t word = 0;
    bool word_last = false;
    bool leaves = false;
    bool enters = false;
  };
  void edge(const Edge& in) {
    const bool ends = ended();
    const bool accepts = in.word_valid && word_ready() && !copied_;
    copied_ =
        Slots == 2 && in.enters && ends && in.word_valid && wanted() && !accepts && n_own() == 2;
    const bool drop = drops();
    const bool empty = next_ended_ && !head_here();
    commit();
    if (in.enters) {
      move(n_own() - 1);
    } else if (drop) {
      move(1);
    }
    if (accepts || copied_) {
      lasts_ |= unsigned{in.word_last} << n_slots_;
      words_[n_slots_++] = in.word;
    }
    if (accepts && ends && in.word_last) next_ended_ = true;
    if (drop) position_ -= kWordBits;
    if (in.leaves) open_ = false;
    if (in.enters) {
      open_ = true;
      next_ = false;
      short_ = false;
      lasts_ = (lasts_ & ~1u) | unsigned{empty};
    }
    if (in.enters || !open_) position_ = kWordBits;
  }
  /// What was read of the head after the edge that entered its stream.
  void commit() {
    short_ |= taken_ > fill();
    position_ += taken_;
    taken_ = 0;
  }

  using Flow = cycle::Flow<Slots>;
  /// Whether what it does at a port that is always open can be told at once: in `flow`.
  bool flows(const unit::OpenWords& port, Flow& flow) const {
    if (!open_ || copied_) return false;
    if (ended()) {
      if (wanted()) return false;
      flow.rest(words_.data(), n_own(), position_);
      return true;
    }
    // All words are of this stream, and the last one is yet to come.
    const bool whole = n_slots_ == kSlots && port.next - port.begin >= std::ptrdiff_t{kSlots};
    if (!whole || port.end - port.next < 2 || position_ >= kWordBits + Window) return false;
    flow.full(port.next - kSlots, static_cast<std::uint64_t>(port.end - port.next) - 1, position_);
    return true;
  }
  /// After the clocks of the flow.
  void settle(const Flow& flow, unit::OpenWords& port) {
    if (flow.takes()) {
      std::copy_n(flow.words(), kSlots, words_.begin());
      port.next = flow.words() + kSlots;
    } else {
      const unsigned n_dropped = flow.n_dropped_rest();
      const unsigned end = flow.position() + n_dropped * kWordBits;
      short_ |= end > std::max(position_, n_own() * kWordBits);
      move(n_dropped);
    }
    position_ = flow.position();
  }

 private:
  /// Slots of the stream; the first may be dead.
  unsigned n_own() const {
    return lasts_ == 0 ? n_slots_ : static_cast<unsigned>(std::countr_zero(lasts_)) + 1;
  }
  bool ended() const { return lasts_ != 0; }
  /// The last word is the first or the second: the next stream's first one has a slot.
  bool ends_near() const { return ended() && n_own() <= 2; }
  bool head_here() const { return ends_near() && n_slots_ > n_own(); }
  bool wanted() const { return !ended() || (next_ && !next_ended_); }
  bool drops() const { return position_ >= kWordBits && (lasts_ & 1) == 0 && n_slots_ > 1; }
  bool room() const { return n_slots_ < kSlots || drops(); }

  void move(unsigned n) {
    for (unsigned i = n; i < n_slots_; ++i) words_[i - n] = words_[i];
    n_slots_ -= n;
    lasts_ >>= n;
  }

  std::array<std::uint32_t, Slots + 1> words_{};  ///< one more while a word comes in
  unsigned n_slots_ = 1;
  unsigned lasts_ = 1;  ///< bit i: the word in slot i is the last of its stream
  /// Place of the next bit, counted from slot 0; kWordBits or more: slot 0 is dead.
  unsigned position_ = kWordBits;
  unsigned taken_ = 0;
  bool open_ = false;
  bool short_ = false;
  bool next_ = false;
  bool next_ended_ = false;
  bool copied_ = false;
};

}  // namespace transom::cycle
