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

// A GPU has one instruction for each of the functions up to pick_bytes(). What it does must be what
// the host does: tests/ptx compares them.

/// The word of 32 bits at bit n % 32 of two words: one instruction of a GPU, which takes n as it
/// is.
constexpr std::uint32_t word_at(std::uint32_t low, std::uint32_t high, std::uint32_t n) {
#ifdef __CUDA_ARCH__
  return __funnelshift_r(low, high, n);
#else
  return static_cast<std::uint32_t>((std::uint64_t{high} << kWordBits | low) >> n % kWordBits);
#endif
}
/// Ones but for the lowest n % 32 bits, and zeros in `below` bits beneath them.
constexpr std::uint32_t mask_above(std::uint32_t n, unsigned below) {
#ifdef __CUDA_ARCH__
  return __funnelshift_l(0, ~std::uint32_t{0} << below, n);
#else
  return ~std::uint32_t{0} << below << n % kWordBits;
#endif
}

/// Those of some bits that are not the same in a and b. By name, as nvcc tests them twice, in two
/// ways, where it sees what they are.
constexpr std::uint32_t changed_bits(std::uint32_t a, std::uint32_t b, std::uint32_t some) {
#ifdef __CUDA_ARCH__
  std::uint32_t changed;
  // the function's table is the function of these three bytes
  asm("lop3.b32 %0, %1, %2, %3, %4;"
      : "=r"(changed)
      : "r"(a), "r"(b), "r"(some), "n"((0xf0 ^ 0xcc) & 0xaa));
  return changed;
#else
  return (a ^ b) & some;
#endif
}

/// Bytes of a and b, 0..3 and 4..7, by the hexadecimal digits of a selector, the lowest first.
constexpr std::uint32_t pick_bytes(std::uint32_t a, std::uint32_t b, std::uint32_t selector) {
#ifdef __CUDA_ARCH__
  return __byte_perm(a, b, selector);
#else
  const std::uint64_t both = std::uint64_t{b} << kWordBits | a;
  std::uint32_t picked = 0;
  for (unsigned i = 0; i < 4; ++i) {
    picked |= (both >> (selector >> 4 * i & 7) * 8 & 0xff) << 8 * i;
  }
  return picked;
#endif
}

/// Values that a thread loads or stores at once: 16 bytes.
template <class T>
inline constexpr unsigned kGroupValues = 16 / sizeof(T);

/// A group of values as it is stored.
/// @tparam T std::uint8_t or value_t
template <class T>
struct Group {
  alignas(16) std::uint32_t words[4];

  /// @tparam kByte each value's first one in its word; what lies around does not count
  template <unsigned kByte = 0>
  constexpr void pack(const std::uint32_t (&values)[kGroupValues<T>]) {
    constexpr unsigned kOfWord = sizeof words[0] / sizeof(T);
    for (unsigned i = 0; i < 4; ++i) {
      const std::uint32_t* const v = values + i * kOfWord;
      if constexpr (kOfWord == 4) {
        words[i] = pick_bytes(pick_bytes(v[0], v[1], 0x40 + 0x11 * kByte),
                              pick_bytes(v[2], v[3], 0x40 + 0x11 * kByte), 0x5410);
      } else {
        words[i] = pick_bytes(v[0], v[1], 0x5410 + 0x1111 * kByte);
      }
    }
  }
};

/// What a verdict on a stream wants to know of its reader.
struct ReaderEnd {
  bool past;   ///< bits past the end were read
  bool clean;  ///< all words were read and what is left of the last one is zero

  constexpr bool past_end() const { return past; }
  constexpr bool clean_end() const { return clean; }
};

/// BitReader for a thread: words come into registers ahead of their use, and only fill() looks
/// whether there are any. It yields zeros past the end, and counts them, as that one does.
/// @tparam kBelow what take() returns is shifted to the left by as many bits: it is part of a
///                number of bytes, so that no look-up shifts
template <unsigned kBelow = 0>
class WordReader {
 public:
  /// @param stride words from one of the stream's words to the next; n_words * stride < 2^32
  constexpr WordReader(const std::uint32_t* words, std::uint32_t n_words, std::uint32_t stride)
      : words_(words), stride_(stride), n_words_(n_words) {
    if (kBelow == 0) advance();
    advance();
    advance();
  }

  /// Makes the next kReady bits ready. Without a branch: some thread of a warp always needs a word.
  constexpr void fill() {
    const std::uint32_t turned = changed_bits(position_, filled_, kWordBits);
    filled_ = position_;
    const bool kept = turned == 0;
    low_ = kept ? low_ : high_;
    high_ = kept ? high_ : ahead_;
    ahead_ = kept ? ahead_ : 0;
    if (!(kept | (next_ >= n_words_))) ahead_ = words_[next_ * stride_];
    next_ += turned / kWordBits;
    ready_ = word_at(low_, high_, position_);
  }
  /// Bits that can be read between two fills.
  static constexpr unsigned kReady = kWordBits - kBelow;

  /// The next bits of those that fill() made ready, times 2^kBelow.
  /// @param word its low byte is their number, 0..31; what lies above does not count
  constexpr std::uint32_t take(std::uint32_t word) {
    const std::uint32_t value = ready_ & ~mask_above(word, kBelow) & ~std::uint32_t{0} << kBelow;
    ready_ = word_at(ready_, 0, word);
    position_ += word;
    return value;
  }
  constexpr std::uint32_t read(std::uint32_t nbits) { return take(nbits) >> kBelow; }

  /// Bits read so far, those past the end included.
  constexpr std::uint64_t position() const {
    return std::uint64_t{next_} * kWordBits + at() + kBelow - kHeld * kWordBits;
  }
  constexpr bool past_end() const { return position() > std::uint64_t{n_words_} * kWordBits; }
  constexpr bool clean_end() const {
    if ((position() + kWordBits - 1) / kWordBits < n_words_) return false;
    const unsigned read_of_word = position() % kWordBits;
    const bool of_high = at() + kBelow >= kWordBits;
    return read_of_word == 0 || (of_high ? high_ : low_) >> read_of_word == 0;
  }
  constexpr ReaderEnd end() const { return {past_end(), clean_end()}; }

 private:
  static constexpr std::uint64_t kHeld = 3;  ///< words in registers

  constexpr void advance() {
    low_ = high_;
    high_ = ahead_;
    ahead_ = next_ < n_words_ ? words_[next_ * stride_] : 0;
    ++next_;
  }
  /// Bits from low_'s first one to kBelow bits before the next one.
  constexpr std::uint32_t at() const {
    return position_ % kWordBits + ((position_ ^ filled_) & kWordBits);
  }

  const std::uint32_t* words_;
  std::uint32_t stride_;
  std::uint32_t n_words_;
  std::uint32_t next_ = 0;   ///< the word behind ahead_
  std::uint32_t low_ = 0;    ///< with kBelow, the word before the first one at the start
  std::uint32_t high_ = 0;   ///< the one behind it
  std::uint32_t ahead_ = 0;  ///< the next one
  std::uint32_t ready_ = 0;
  /// kBelow bits before the next one. Nothing but its low byte counts, so that what lies above the
  /// number of bits in a table's word need not be cut off; nor what lies above a word, as bit 5
  /// tells whether the last word has changed since fill().
  std::uint32_t position_ = kBelow == 0 ? 0 : kWordBits - kBelow;
  std::uint32_t filled_ = position_;
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
