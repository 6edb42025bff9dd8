// bits.hpp — the bit order: streams are read forward, bit 0 of word 0 first.
//
// A field keeps its numeric value: its least significant bit comes first. Queue coders (APack's
// arithmetic coder, offsets) append. Stack coders (tANS, rANS) walk the symbols last to first and
// prepend, so that the decoder, in software or in silicon, never runs backward.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "transom/base/spec.hpp"

namespace transom {

/// A mask of the nbits lowest bits; of all 32 where nbits is 32 or more.
constexpr std::uint32_t low_bits(unsigned nbits) {
  return nbits >= 32 ? ~std::uint32_t{0} : (std::uint32_t{1} << nbits) - 1;
}

/// Throws unless `value` is a field of nbits <= 32 bits. One comparison where it is, as all checks
/// of inner loops: which argument is wrong is found out of line.
constexpr void check_field(const char* function, std::uint32_t value, unsigned nbits) {
  if (nbits > 32 || (value & ~low_bits(nbits)) != 0) [[unlikely]] {
    detail::refuse_field(function, value, nbits);
  }
}

/// Appends fields: the first one written is the first one read. A write is inlined, as g++ would
/// not for its check: a tenth of an encoder's time.
class BitWriter {
 public:
  /// @param nbits 0..32; `value` < 2^nbits (throws)
  [[gnu::always_inline]] void append(std::uint32_t value, unsigned nbits) {
    check_field("BitWriter::append", value, nbits);
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
  /// @param nbits 0..32; `value` < 2^nbits (throws)
  [[gnu::always_inline]] void prepend(std::uint32_t value, unsigned nbits) {
    check_field("StackWriter::prepend", value, nbits);
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

/// Where a forward reader is: how many words went into its buffer, and which bits of them are left.
struct BitCursor {
  std::uint64_t next = 0;
  std::uint64_t buffer = 0;  ///< invariant: < 2^n_buffer
  unsigned n_buffer = 0;     ///< invariant: < kWordBits between reads

  /// The next bits of n_words words; zeros past their end.
  /// @param nbits 0..32; after more, what is read is of no use
  /// @param word_at word_at(i) is word i, asked for once each, in order
  template <class WordAt>
  constexpr std::uint32_t read(unsigned nbits, std::uint64_t n_words, WordAt word_at) {
    if (n_buffer < nbits) {  // one word is enough: n_buffer + kWordBits >= 32 >= nbits
      if (next < n_words) buffer |= std::uint64_t{word_at(next)} << (n_buffer & 63);
      ++next;
      n_buffer += kWordBits;
    }
    const std::uint64_t mask = (std::uint64_t{1} << (nbits & 63)) - 1;
    const std::uint64_t value = buffer & mask;
    buffer >>= nbits & 63;
    n_buffer -= nbits;
    return static_cast<std::uint32_t>(value);
  }
  /// Bits read so far, those past the end included.
  constexpr std::uint64_t position() const { return next * kWordBits - n_buffer; }
  /// True once bits past the last word were read.
  constexpr bool past_end(std::uint64_t n_words) const { return next > n_words; }
  /// True if all words were read and what is left of the last one is zero.
  constexpr bool clean_end(std::uint64_t n_words) const { return next >= n_words && buffer == 0; }
};

/// Reads a stream forward. Past the end it yields zero bits and counts them.
class BitReader {
 public:
  constexpr BitReader() = default;
  constexpr BitReader(const std::uint32_t* words, std::size_t n_words)
      : words_(words), n_words_(n_words) {}
  constexpr explicit BitReader(std::span<const std::uint32_t> words)
      : BitReader(words.data(), words.size()) {}
  /// A reader that has read `position` bits, past the end or not.
  constexpr BitReader(std::span<const std::uint32_t> words, std::uint64_t position)
      : BitReader(words) {
    at_.next = (position + kWordBits - 1) / kWordBits;
    at_.n_buffer = static_cast<unsigned>(at_.next * kWordBits - position);
    if (at_.n_buffer != 0 && at_.next <= n_words_) {
      at_.buffer = words[at_.next - 1] >> (kWordBits - at_.n_buffer);
    }
  }

  /// As BitCursor::read().
  constexpr std::uint32_t read(unsigned nbits) {
    return at_.read(nbits, n_words_, [this](std::uint64_t i) { return words_[i]; });
  }

  constexpr std::uint64_t position() const { return at_.position(); }
  constexpr bool past_end() const { return at_.past_end(n_words_); }
  constexpr bool clean_end() const { return at_.clean_end(n_words_); }

 private:
  const std::uint32_t* words_ = nullptr;
  std::uint64_t n_words_ = 0;
  BitCursor at_;
};

}  // namespace transom
