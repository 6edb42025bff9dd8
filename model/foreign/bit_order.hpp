// bit_order.hpp — bits in the orders of foreign coders: read from the end, reversed, as bytes.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "transom/base/bits.hpp"
#include "transom/base/spec.hpp"

namespace transom::foreign {

/// Reads what BitWriter appended from its end, the last field first: the order of coders that write
/// while they encode. Before the first bit it yields zero and says so.
class BackReader {
 public:
  /// @param n_bits of the stream; at most kWordBits * words.size() (throws)
  BackReader(std::span<const std::uint32_t> words, std::uint64_t n_bits)
      : words_(words), left_(n_bits) {
    require_range("BackReader", "n_bits", n_bits, 0, std::uint64_t{kWordBits} * words.size());
  }

  /// @param nbits 0..32 (throws)
  std::uint32_t read(unsigned nbits) {
    require_range("BackReader::read", "nbits", nbits, 0, 32);
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

/// The stream of `n_bits` with its bits in the opposite order; at most kWordBits * words.size()
/// (throws).
inline std::vector<std::uint32_t> reversed(std::span<const std::uint32_t> words,
                                           std::uint64_t n_bits) {
  require_range("reversed", "n_bits", n_bits, 0, std::uint64_t{kWordBits} * words.size());
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

/// The first `n_bytes` of little-endian words; at most 4 * words.size() (throws).
inline std::vector<std::uint8_t> bytes_of_words(std::span<const std::uint32_t> words,
                                                std::size_t n_bytes) {
  require_range("bytes_of_words", "n_bytes", n_bytes, 0, 4 * words.size());
  std::vector<std::uint8_t> bytes(n_bytes);
  for (std::size_t i = 0; i < n_bytes; ++i) {
    bytes[i] = static_cast<std::uint8_t>(words[i / 4] >> 8 * (i % 4));
  }
  return bytes;
}

}  // namespace transom::foreign
