// test_rans.cpp — rans.hpp in three geometries: the interval, the inverse, the odd tables.
// SPDX-License-Identifier: Apache-2.0
#include "transom/coder/rans.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <random>
#include <tuple>

#include "support.hpp"

namespace transom {

TEMPLATE_TEST_CASE("rans: a stream round-trips, ends at x = L and costs its entropy", "[unit]",
                   Rans32x16, Rans64x32, Rans32x8) {
  for (const auto& [freq, R] : support::random_freqs(45)) {
    const auto symbols = support::random_symbols(freq, 2000, R);
    const RansEncoder<TestType> encoder(freq, R);
    const auto words = encode_symbols(encoder, symbols);
    const auto table = make_rans_table(freq, R);
    RansDecoder<TestType> decoder{table.data(), R};
    BitReader in(words);
    decoder.start(in);
    double ideal = 0;
    for (const symbol_t s : symbols) {
      REQUIRE(decoder.step(in) == s);
      REQUIRE(decoder.x >= TestType::lower);
      ideal += R - std::log2(freq[s]);
    }
    CHECK(decoder.at_end());
    CHECK(in.clean_end());
    CHECK(!in.past_end());
    CHECK(static_cast<double>(in.position()) <= ideal * 1.001 + 2 * TestType::state_bits);
  }
}

TEST_CASE("rans: the decode step inverts the encode step over the whole interval of a small one",
          "[exhaustive]") {
  using Tiny = RansGeometry<std::uint32_t, kMaxTableLog, 2>;
  support::for_each_freq(3, 3, [](const std::vector<std::uint32_t>& freq) {
    const RansEncoder<Tiny> encoder(freq, 3);
    const auto table = make_rans_table(freq, 3);
    for (symbol_t s = 0; s < 3; ++s) {
      if (!encoder.can_encode(s)) continue;
      for (std::uint32_t start = Tiny::lower; start < 4 * Tiny::lower; start += 7) {
        StackWriter out;
        std::uint32_t x = start;
        encoder.encode_step(x, s, out);
        REQUIRE(x < 4 * Tiny::lower);
        const std::uint64_t n_bits = out.n_bits();
        const auto words = out.take();
        BitReader in(words);
        RansDecoder<Tiny> decoder{table.data(), 3, x};
        REQUIRE(decoder.step(in) == s);
        REQUIRE(decoder.x == start);
        REQUIRE(in.position() == n_bits);
      }
    }
  });
}

TEST_CASE("rans: a symbol of all slots costs nothing and keeps the state in its interval",
          "[unit]") {
  for (unsigned R = 0; R <= kMaxTableLog; ++R) {
    const std::vector<std::uint32_t> freq{std::uint32_t{1} << R};
    const RansEncoder<Rans32x16> encoder(freq, R);
    CHECK(encode_symbols(encoder, std::vector<symbol_t>(1000)).size() == 1);  // the state alone
    // where freq << (32 - R) wraps, x at the top of the interval would give up a word
    StackWriter out;
    std::uint32_t x = 0xffff'ffff;
    encoder.encode_step(x, 0, out);
    CHECK(x == 0xffff'ffff);
    CHECK(out.n_bits() == 0);
  }
}

TEST_CASE("rans: a forged state ends its steps and stays in the table", "[unit]") {
  const std::vector<std::uint32_t> freq{3, 0, 5, 8};
  const auto table = make_rans_table(freq, 4);
  for (const std::uint32_t forged : {0u, 1u, 15u, 0xffffu, 0xffff'ffffu}) {
    const std::uint32_t words[] = {forged};
    BitReader in(words);
    RansDecoder<Rans32x16> decoder{table.data(), 4};
    decoder.start(in);
    for (int i = 0; i < 100; ++i) REQUIRE(freq[decoder.step(in)] != 0);
  }
}

TEST_CASE("rans: the slot words of a hardware stream decode like freq and cum, on any bits",
          "[unit]") {
  std::mt19937 random(6);
  for (const auto& [freq, R] : support::random_freqs(46)) {
    if (R > kRansLaneTableLog) {
      CHECK_THROWS_AS(make_rans_slots(freq, R), std::invalid_argument);
      continue;
    }
    const auto table = make_rans_table(freq, R);
    const auto slots = make_rans_slots(freq, R);
    REQUIRE(slots.size() == std::size_t{1} << R);
    for (const bool encoded : {true, false}) {
      const auto symbols = support::random_symbols(freq, 500, R);
      auto words = encode_symbols(RansEncoder<Rans32x16>(freq, R), symbols);
      if (!encoded) {
        for (std::uint32_t& word : words) word = static_cast<std::uint32_t>(random());
      }
      BitReader in(words), slot_in(words);
      RansDecoder<Rans32x16> decoder{table.data(), R};
      RansSlotDecoder slot_decoder{slots.data(), R};
      decoder.start(in);
      slot_decoder.start(slot_in);
      for (std::size_t i = 0; i < symbols.size() + 3; ++i) {  // past the end too
        REQUIRE(slot_decoder.state() == decoder.state());
        REQUIRE(slot_in.position() == in.position());
        REQUIRE(slot_decoder.step(slot_in) == decoder.step(in));
      }
    }
  }
}

}  // namespace transom
