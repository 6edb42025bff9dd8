// words.hpp — the words of a stream as one thread reads and writes them.
//
// Words of a stream lie one behind the other, as in a container, or those of 32 streams in turn, so
// that the loads of a warp, whose threads walk their streams at nearly the same pace, meet in few
// lines of memory: a stride of 1 or of 32, and nothing else differs.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>

#include "transom/base/bits.hpp"
#include "transom/base/spec.hpp"

namespace transom::gpu {

/// Streams whose words can lie in turn: those of a warp.
inline constexpr std::uint32_t kSlabStreams = 32;

/// BitReader for a thread: words come into registers ahead of their use, and only fill() looks
/// whether there are any. It yields zeros past the end, and counts them, as that one does.
class WordReader {
 public:
  /// @param stride words from one of the stream's words to the next; n_words * stride < 2^32
  constexpr WordReader(const std::uint32_t* words, std::uint32_t n_words, std::uint32_t stride)
      : words_(words), n_words_(n_words), stride_(stride) {
    low_ = word(0);
    high_ = word(1);
    ahead_ = word(2);
  }

  /// Makes the next 32 bits ready. Without a branch: some thread of a warp always needs a word.
  constexpr void fill() {
    const std::uint32_t position = position_ % 256;
    const bool used = position >= kWordBits;
    low_ = used ? high_ : low_;
    high_ = used ? ahead_ : high_;
    ahead_ = used ? 0 : ahead_;
    if (used & (next_ < n_words_)) ahead_ = words_[next_ * stride_];
    next_ += used;
    position_ = position % kWordBits;
    ready_ = static_cast<std::uint32_t>((std::uint64_t{high_} << kWordBits | low_) >> position_);
  }
  /// The next bits of those that fill() made ready, 32 between two of them.
  /// @param nbits 0..31
  constexpr std::uint32_t read(std::uint32_t nbits) {
    const std::uint32_t value = ready_ & ~(~std::uint32_t{0} << nbits % kWordBits);
    ready_ >>= nbits % kWordBits;
    position_ += nbits;
    return value;
  }

  /// Bits read so far, those past the end included.
  constexpr std::uint64_t position() const {
    return (std::uint64_t{next_} - kAhead) * kWordBits + position_ % 256;
  }
  constexpr bool past_end() const { return position() > std::uint64_t{n_words_} * kWordBits; }
  /// True if all words were read and what is left of the last one is zero.
  constexpr bool clean_end() const {
    if ((position() + kWordBits - 1) / kWordBits < n_words_) return false;
    const unsigned read_of_word = position_ % kWordBits;
    const bool of_high = position_ % 256 >= kWordBits;
    return read_of_word == 0 || (of_high ? high_ : low_) >> read_of_word == 0;
  }

 private:
  static constexpr std::uint32_t kAhead = 3;  ///< words in registers

  constexpr std::uint32_t word(std::uint32_t i) const {
    return i < n_words_ ? words_[i * stride_] : 0;
  }

  const std::uint32_t* words_;
  std::uint32_t n_words_;
  std::uint32_t stride_;
  std::uint32_t next_ = kAhead;  ///< the word behind ahead_
  std::uint32_t low_ = 0;        ///< the first word of which bits may be left
  std::uint32_t high_ = 0;       ///< the one behind it
  std::uint32_t ahead_ = 0;      ///< the next one
  std::uint32_t ready_ = 0;
  /// Bits read of low_; after fill() less than kWordBits. Nothing but its low byte counts, so that
  /// what lies above the number of bits in a table's word need not be cut off.
  std::uint32_t position_ = 0;
};

/// Fields of a stream that are counted and not kept.
class BitCounter {
 public:
  constexpr void prepend(std::uint32_t /*value*/, unsigned nbits) { n_bits_ += nbits; }
  constexpr void append(std::uint32_t /*value*/, unsigned nbits) { n_bits_ += nbits; }
  constexpr std::uint64_t n_bits() const { return n_bits_; }

 private:
  std::uint64_t n_bits_ = 0;
};

/// StackWriter for a thread that knows how many bits there will be: each word goes where it stays.
class BackWordWriter {
 public:
  /// @param n_bits that prepend() will be given, in all
  constexpr BackWordWriter(std::uint32_t* words, std::uint64_t n_bits, std::uint32_t stride)
      : next_(words + (n_bits + kWordBits - 1) / kWordBits * stride),
        stride_(stride),
        n_pending_(static_cast<unsigned>(-n_bits % kWordBits)) {}

  /// @param value a field of nbits <= 32 bits
  constexpr void prepend(std::uint32_t value, unsigned nbits) {
    pending_ = pending_ << nbits | value;
    n_pending_ += nbits;
    if (n_pending_ < kWordBits) return;
    n_pending_ -= kWordBits;
    next_ -= stride_;
    *next_ = static_cast<std::uint32_t>(pending_ >> n_pending_);
  }

 private:
  std::uint32_t* next_;  ///< behind the word that is written next
  std::uint32_t stride_;
  unsigned n_pending_;  ///< invariant: < kWordBits between calls; zeros behind the stream first
  std::uint64_t pending_ = 0;  ///< above n_pending_ bits is what has gone
};

/// BitWriter for a thread.
class WordWriter {
 public:
  constexpr WordWriter(std::uint32_t* words, std::uint32_t stride)
      : next_(words), stride_(stride) {}

  /// @param value a field of nbits <= 32 bits
  constexpr void append(std::uint32_t value, unsigned nbits) {
    pending_ |= std::uint64_t{value} << n_pending_;
    n_pending_ += nbits;
    if (n_pending_ < kWordBits) return;
    put();
    pending_ >>= kWordBits;
    n_pending_ -= kWordBits;
  }
  /// The last word, filled up with zero bits.
  constexpr void finish() {
    if (n_pending_ != 0) put();
  }

 private:
  constexpr void put() {
    *next_ = static_cast<std::uint32_t>(pending_);
    next_ += stride_;
  }

  std::uint32_t* next_;
  std::uint32_t stride_;
  unsigned n_pending_ = 0;     ///< invariant: < kWordBits between calls
  std::uint64_t pending_ = 0;  ///< invariant: < 2^n_pending_
};

}  // namespace transom::gpu
