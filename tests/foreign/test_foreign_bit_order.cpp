// test_foreign_bit_order.cpp — bits read from the end, reversed, as bytes, against a list of bits.
// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>
#include <random>

#include "bit_pieces.hpp"
#include "transom/foreign/bit_order.hpp"

namespace transom::foreign {
using namespace support;

TEST_CASE("bits: what was appended is read back from the end", "[unit]") {
  for (std::uint32_t seed = 0; seed < 200; ++seed) {
    const auto pieces = random_pieces(seed, seed);
    BitWriter out;
    for (const Piece& p : pieces) out.append(p.value, p.nbits);
    const std::uint64_t n_bits = out.n_bits();
    const auto words = out.take();
    BackReader in(words, n_bits);
    for (std::size_t i = pieces.size(); i-- > 0;) {
      REQUIRE(in.read(pieces[i].nbits) == pieces[i].value);
    }
    CHECK(in.left() == 0);
    CHECK(in.read(0) == 0);
    CHECK_FALSE(in.past_end());
    CHECK(in.read(1) == 0);
    CHECK(in.past_end());
  }
}

TEST_CASE("bits: a reversed stream has its bits in the opposite order", "[unit]") {
  std::mt19937 random(1);
  for (std::uint64_t n_bits = 0; n_bits < 200; ++n_bits) {
    std::vector<std::uint32_t> words(n_bits / 32 + 2);
    for (std::uint32_t& word : words) word = static_cast<std::uint32_t>(random());
    std::deque<bool> bits;
    for (std::uint64_t i = 0; i < n_bits; ++i) {
      bits.push_front((words[i / 32] >> i % 32 & 1) != 0);
    }
    CHECK(reversed(words, n_bits) == words_of(bits));
  }
}

TEST_CASE("bits: bytes are little-endian in words, and come back", "[unit]") {
  const std::vector<std::uint8_t> bytes{1, 2, 3, 4, 5};
  const auto words = words_of_bytes(bytes);
  CHECK(words == std::vector<std::uint32_t>{0x0403'0201, 5});
  CHECK(bytes_of_words(words, 5) == bytes);
  CHECK(words_of_bytes({}).empty());
}

}  // namespace transom::foreign
