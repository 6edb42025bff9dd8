// bit_pieces.hpp — random fields, and streams the slow way.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <random>
#include <vector>

#include "transom/base/bits.hpp"

namespace transom::support {

struct Piece {
  std::uint32_t value;
  unsigned nbits;
};

inline std::vector<Piece> random_pieces(std::uint32_t seed, std::size_t n) {
  std::mt19937 random(seed);
  std::vector<Piece> pieces(n);
  for (Piece& p : pieces) {
    p.nbits = static_cast<unsigned>(random() % 33);
    p.value = static_cast<std::uint32_t>(random()) & low_bits(p.nbits);
  }
  return pieces;
}

/// The stream the slow way: one bit after the other.
inline std::vector<std::uint32_t> words_of(const std::deque<bool>& bits) {
  std::vector<std::uint32_t> words((bits.size() + 31) / 32);
  for (std::size_t i = 0; i < bits.size(); ++i) words[i / 32] |= std::uint32_t{bits[i]} << i % 32;
  return words;
}

}  // namespace transom::support
