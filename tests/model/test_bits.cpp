// test_bits.cpp — bits.hpp: order, ends, and the two writers against a list of single bits.
// SPDX-License-Identifier: Apache-2.0
#include "transom/base/bits.hpp"

#include <catch2/catch.hpp>

#include "bit_pieces.hpp"

namespace transom {
using namespace support;

TEST_CASE("bits: the first bit of a stream is bit 0 of word 0, a field's lowest bit first",
          "[unit]") {
  BitWriter out;
  out.append(0b01, 2);
  out.append(0x7fff'ffff, 31);
  CHECK(out.n_bits() == 33);
  CHECK(out.take() == std::vector<std::uint32_t>{0xffff'fffd, 0x1});
  CHECK(out.n_bits() == 0);
}

TEST_CASE("bits: both writers give the stream that single bits give, and it reads back", "[unit]") {
  for (std::uint32_t seed = 0; seed < 200; ++seed) {
    const auto pieces = random_pieces(seed, seed);
    BitWriter queue;
    StackWriter stack;
    std::deque<bool> queue_bits, stack_bits;
    for (const Piece& p : pieces) {
      queue.append(p.value, p.nbits);
      stack.prepend(p.value, p.nbits);
      for (unsigned b = 0; b < p.nbits; ++b) queue_bits.push_back((p.value >> b & 1) != 0);
      for (unsigned b = p.nbits; b-- > 0;) stack_bits.push_front((p.value >> b & 1) != 0);
    }
    CHECK(queue.n_bits() == queue_bits.size());
    CHECK(stack.n_bits() == stack_bits.size());
    const auto queue_words = queue.take();
    const auto stack_words = stack.take();
    REQUIRE(queue_words == words_of(queue_bits));
    REQUIRE(stack_words == words_of(stack_bits));

    BitReader forward(queue_words), backward(stack_words);
    std::uint64_t position = 0;
    for (std::size_t i = 0; i < pieces.size(); ++i) {
      REQUIRE(forward.read(pieces[i].nbits) == pieces[i].value);
      const Piece& last = pieces[pieces.size() - 1 - i];
      REQUIRE(backward.read(last.nbits) == last.value);
      position += pieces[i].nbits;
      REQUIRE(forward.position() == position);
    }
    CHECK(!forward.past_end());
    CHECK(forward.clean_end());
    CHECK(backward.clean_end());
  }
}

TEST_CASE("bits: reading past the end yields zeros, counts them and is remembered", "[unit]") {
  const std::vector<std::uint32_t> words{0xffff'ffff};
  BitReader in(words);
  CHECK(in.read(31) == 0x7fff'ffff);
  CHECK(!in.past_end());
  CHECK(!in.clean_end());  // one bit is left
  CHECK(in.read(4) == 1);
  CHECK(in.past_end());
  CHECK(in.read(32) == 0);
  CHECK(in.position() == 67);
}

TEST_CASE("bits: an unread word is not a clean end even if it is zero", "[unit]") {
  const std::vector<std::uint32_t> words{0x1, 0x0};
  BitReader in(words);
  CHECK(in.read(32) == 1);
  CHECK(!in.clean_end());
  CHECK(in.read(1) == 0);
  CHECK(in.clean_end());
}

}  // namespace transom
