// sc_reader.hpp — rtl/bit_reader.sv in C++: word streams, one after the other, as bits.
//
// Within a clock: ask, read, take the word in, leave, enter. Reads see registered bits only, as a
// word of the same clock is taken in after them.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "bits.hpp"
#include "spec.hpp"

namespace transom {

/// @tparam Window    most bits that a clock takes
/// @tparam HeadWords words that may wait as the head of the announced stream
template <unsigned Window, unsigned HeadWords>
class BitWindow {
  __extension__ using Buffer = unsigned __int128;
  static constexpr unsigned kMostToTakeIn = 3 * Window;

 public:
  bool word_ready() const {
    if (drains_) return true;
    if (open_ && !ended_) return fill_ <= kMostToTakeIn;
    return next_ && !next_ended_ && head_fill_ < HeadWords * kWordBits;
  }
  /// Any read of up to Window bits may happen in this clock.
  bool enough() const { return open_ && (fill_ >= Window || ended_); }
  bool open() const { return open_; }
  bool drains() const { return drains_; }
  unsigned fill() const { return fill_; }
  bool can_announce() const { return !next_; }
  bool head_valid() const {
    return next_ && !drains_ && (!open_ || ended_) && (head_fill_ != 0 || next_ended_);
  }

  void announce(bool empty) {
    next_ = true;
    next_ended_ = empty;
  }
  std::uint32_t read(unsigned nbits) {
    taken_ += nbits;
    const auto value = static_cast<std::uint32_t>(buffer_) & low_bits(nbits);
    buffer_ >>= nbits;
    short_ |= nbits > fill_;
    fill_ = nbits > fill_ ? 0 : fill_ - nbits;
    return value;
  }
  std::uint32_t peek(unsigned skip, unsigned nbits) const {
    return static_cast<std::uint32_t>(buffer_ >> skip) & low_bits(nbits);
  }
  /// Bits read since the last call.
  unsigned taken() {
    const unsigned n = taken_;
    taken_ = 0;
    return n;
  }
  /// Only while word_ready() was true at the clock's begin.
  void take_in(std::uint32_t word, bool last) {
    if (drains_) {
      drains_ = !last;
    } else if (open_ && !ended_) {
      buffer_ |= Buffer{word} << fill_;
      fill_ += kWordBits;
      ended_ = last;
    } else {
      head_ |= std::uint64_t{word} << head_fill_;
      head_fill_ += kWordBits;
      next_ended_ = last;
    }
  }
  struct Verdict {
    bool is_short = false;
    bool is_clean = true;
  };
  Verdict leave() {
    const Verdict verdict{short_, ended_ && fill_ < kWordBits && buffer_ == 0};
    open_ = false;
    drains_ = !ended_;
    return verdict;
  }
  void enter() {
    open_ = true;
    ended_ = next_ended_;
    buffer_ = head_;
    fill_ = head_fill_;
    short_ = false;
    next_ = false;
    head_ = 0;
    head_fill_ = 0;
  }

 private:
  Buffer buffer_ = 0;  ///< invariant: < 2^fill_
  std::uint64_t head_ = 0;
  unsigned fill_ = 0;  ///< invariant: <= kMostToTakeIn + kWordBits
  unsigned head_fill_ = 0;
  unsigned taken_ = 0;
  bool open_ = false;
  bool ended_ = false;
  bool short_ = false;
  bool drains_ = false;
  bool next_ = false;
  bool next_ended_ = false;
};

}  // namespace transom
