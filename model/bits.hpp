// bits.hpp — the bit order: streams are read forward, bit 0 of word 0 first.
//
// A field keeps its numeric value: its least significant bit comes first. Queue coders (APack's
// arithmetic coder, offsets) append. Stack coders (tANS, rANS) walk the symbols last to first and
// prepend, so that the decoder, in software or in silicon, never runs backward.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <bit>
#include <cassert>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "spec.hpp"

namespace transom {

constexpr std::uint32_t low_bits(unsigned nbits) {
  return nbits >= 32 ? ~std::uint32_t{0} : (std::uint32_t{1} << nbits) - 1;
}

/// Appends fields: the first one written is the first one read.
class BitWriter {
 public:
  /// @param nbits 0..32; `value` < 2^nbits
  void append(std::uint32_t value, unsigned nbits) {
    assert(nbits <= 32 && (value & ~low_bits(nbits)) == 0);
    pending_ |= std::uint64_t{value} << n_pending_;
    n_pending_ += nbits;
    if (n_pending_ >= kWordBits) {
      words_.push_back(static_cast<std::uint32_t>(pending_));
      pending_ >>= kWordBits;
      n_pending_ -= kWordBits;
    }
  }

  std::uint64_t n_bits() const { return std::uint64_t{words_.size()} * kWordBits + n_pending_; }

  /// The stream, its last word filled up with zero bits. Leaves the writer empty.
  std::vector<std::uint32_t> take() {
    if (n_pending_ != 0) words_.push_back(static_cast<std::uint32_t>(pending_));
    pending_ = 0;
    n_pending_ = 0;
    return std::exchange(words_, {});
  }

 private:
  std::vector<std::uint32_t> words_;
  std::uint64_t pending_ = 0;  ///< invariant: < 2^n_pending_
  unsigned n_pending_ = 0;     ///< invariant: < kWordBits between calls
};

/// Prepends fields: the last one written is the first one read.
class StackWriter {
 public:
  /// @param nbits 0..32; `value` < 2^nbits
  void prepend(std::uint32_t value, unsigned nbits) {
    assert(nbits <= 32 && (value & ~low_bits(nbits)) == 0);
    pending_ = pending_ << nbits | value;
    n_pending_ += nbits;
    if (n_pending_ >= kWordBits) {
      n_pending_ -= kWordBits;
      words_.push_back(static_cast<std::uint32_t>(pending_ >> n_pending_));
      pending_ &= low_bits(n_pending_);
    }
  }

  std::uint64_t n_bits() const { return std::uint64_t{words_.size()} * kWordBits + n_pending_; }

  /// The stream, its last word filled up with zero bits. Leaves the writer empty.
  std::vector<std::uint32_t> take() {
    std::reverse(words_.begin(), words_.end());
    if (n_pending_ != 0) {  // every word moves up to make room for the pending bits in front
      std::uint32_t carry = static_cast<std::uint32_t>(pending_);
      for (std::uint32_t& word : words_) {
        const std::uint32_t moved = word << n_pending_ | carry;
        carry = word >> (kWordBits - n_pending_);
        word = moved;
      }
      words_.push_back(carry);
    }
    pending_ = 0;
    n_pending_ = 0;
    return std::exchange(words_, {});
  }

 private:
  std::vector<std::uint32_t> words_;  ///< last word of the stream first
  std::uint64_t pending_ = 0;         ///< invariant: < 2^n_pending_
  unsigned n_pending_ = 0;            ///< invariant: < kWordBits between calls
};

/// Reads a stream forward. Total: past the end it yields zero bits and counts them.
class BitReader {
 public:
  constexpr BitReader() = default;
  constexpr BitReader(const std::uint32_t* words, std::size_t n_words)
      : words_(words), n_words_(n_words) {}
  constexpr explicit BitReader(std::span<const std::uint32_t> words)
      : BitReader(words.data(), words.size()) {}

  /// @param nbits 0..32
  constexpr std::uint32_t read(unsigned nbits) {
    if (n_buffer_ < nbits) {  // one word is enough: n_buffer_ + kWordBits >= 32 >= nbits
      if (next_ < n_words_) buffer_ |= std::uint64_t{words_[next_]} << n_buffer_;
      ++next_;
      n_buffer_ += kWordBits;
    }
    const std::uint64_t mask = (std::uint64_t{1} << nbits) - 1;
    const std::uint64_t value = buffer_ & mask;
    buffer_ >>= nbits;
    n_buffer_ -= nbits;
    return static_cast<std::uint32_t>(value);
  }

  /// Bits read so far, those past the end included.
  constexpr std::uint64_t position() const { return std::uint64_t{next_} * kWordBits - n_buffer_; }
  /// True once bits past the last word were read.
  constexpr bool past_end() const { return next_ > n_words_; }
  /// True if all words were read and what is left of the last one is zero.
  constexpr bool clean_end() const { return next_ >= n_words_ && buffer_ == 0; }

 private:
  const std::uint32_t* words_ = nullptr;
  std::size_t n_words_ = 0;
  std::size_t next_ = 0;
  std::uint64_t buffer_ = 0;  ///< invariant: < 2^n_buffer_
  unsigned n_buffer_ = 0;     ///< invariant: < kWordBits between calls
};

/// Reads what BitWriter appended from its end, the last field first: the order of coders that write
/// while they encode. Total: before the first bit it yields zero and says so.
class BackReader {
 public:
  /// @param n_bits of the stream; at most kWordBits * words.size()
  BackReader(std::span<const std::uint32_t> words, std::uint64_t n_bits)
      : words_(words), left_(n_bits) {
    assert(n_bits <= std::uint64_t{kWordBits} * words.size());
  }

  /// @param nbits 0..32
  std::uint32_t read(unsigned nbits) {
    if (nbits > left_) {
      left_ = 0;
      past_end_ = true;
      return 0;
    }
    left_ -= nbits;
    if (nbits == 0) return 0;
    const auto word = static_cast<std::size_t>(left_ / kWordBits);
    std::uint64_t pair = words_[word];
    if (word + 1 < words_.size()) pair |= std::uint64_t{words_[word + 1]} << kWordBits;
    return static_cast<std::uint32_t>(pair >> left_ % kWordBits) & low_bits(nbits);
  }

  /// Bits not read yet.
  std::uint64_t left() const { return left_; }
  /// True once a field was asked for that is not all there.
  bool past_end() const { return past_end_; }

 private:
  std::span<const std::uint32_t> words_;
  std::uint64_t left_;
  bool past_end_ = false;
};

constexpr std::uint32_t reversed(std::uint32_t word) {
  for (unsigned half = 16; half != 0; half /= 2) {
    const std::uint32_t low = ~std::uint32_t{0} / ((std::uint32_t{1} << half) + 1);  // 0x0000ffff..
    word = (word >> half & low) | (word & low) << half;
  }
  return word;
}
static_assert(reversed(0x8000'0001u << 3) == 0x1000'0000 && reversed(0x0000'1234) == 0x2c48'0000);

/// The stream of `n_bits` with its bits in the opposite order; at most kWordBits * words.size().
inline std::vector<std::uint32_t> reversed(std::span<const std::uint32_t> words,
                                           std::uint64_t n_bits) {
  assert(n_bits <= std::uint64_t{kWordBits} * words.size());
  const auto n_words = static_cast<std::size_t>((n_bits + kWordBits - 1) / kWordBits);
  const auto n_unused = static_cast<unsigned>(std::uint64_t{kWordBits} * n_words - n_bits);
  std::vector<std::uint32_t> out(n_words);
  std::uint64_t above = 0;  // the word of `out` after this one, before it is moved down
  for (std::size_t i = n_words; i-- > 0;) {
    const std::uint32_t word = reversed(words[n_words - 1 - i]);
    out[i] = static_cast<std::uint32_t>((above << kWordBits | word) >> n_unused);
    above = word;
  }
  return out;
}

/// Little-endian words, the last one filled up with zero bytes.
inline std::vector<std::uint32_t> words_of_bytes(std::span<const std::uint8_t> bytes) {
  std::vector<std::uint32_t> words((bytes.size() + 3) / 4);
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    words[i / 4] |= std::uint32_t{bytes[i]} << 8 * (i % 4);
  }
  return words;
}

/// The first `n_bytes` of little-endian words; at most 4 * words.size().
inline std::vector<std::uint8_t> bytes_of_words(std::span<const std::uint32_t> words,
                                                std::size_t n_bytes) {
  assert(n_bytes <= 4 * words.size());
  std::vector<std::uint8_t> bytes(n_bytes);
  for (std::size_t i = 0; i < n_bytes; ++i) {
    bytes[i] = static_cast<std::uint8_t>(words[i / 4] >> 8 * (i % 4));
  }
  return bytes;
}

}  // namespace transom
