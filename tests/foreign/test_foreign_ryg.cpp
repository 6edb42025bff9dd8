// test_foreign_ryg.cpp — ryg_rans' streams: worked numbers, random messages, damage, refusals.
// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>
#include <cmath>
#include <numeric>

#include "foreign_support.hpp"
#include "transom/foreign/rans_bytes.hpp"
#include "transom/foreign/ryg_rans.hpp"

namespace transom::foreign {
namespace {

using support::Random;

constexpr RygVariant kVariants[] = {RygVariant::kByte, RygVariant::k64, RygVariant::kWord,
                                    RygVariant::kAlias};

/// A format that the variant has.
RygFormat random_format(RygVariant variant, Random& random) {
  const unsigned scale_bits = variant == RygVariant::kWord ? 12
                              : variant == RygVariant::k64 ? random() % 32
                                                           : 8 + random() % 9;
  return {variant, scale_bits, std::size_t{1} << random() % 4};
}

std::vector<std::uint32_t> random_freq(const RygFormat& format, Random& random) {
  std::vector<std::uint32_t> freq;
  do {
    freq = support::full_freq(random, 256, format.scale_bits);
  } while (format.variant == RygVariant::kWord && freq.size() == 1);
  return freq;
}

}  // namespace

TEST_CASE("ryg: one symbol of a byte stream is the number that the definition gives", "[foreign]") {
  // x = 2^23, f = 113, cum = 911: x' = floor(2^23 / 113) 2^10 + 2^23 mod 113 + 911
  const RygCoder coder({RygVariant::kByte, 10, 1}, std::vector<std::uint32_t>{911, 113});
  const std::uint32_t x = ((1u << 23) / 113 << 10) + (1u << 23) % 113 + 911;
  CHECK(coder.encode(std::vector<std::uint8_t>{1}) ==
        std::vector<std::uint8_t>{static_cast<std::uint8_t>(x), static_cast<std::uint8_t>(x >> 8),
                                  static_cast<std::uint8_t>(x >> 16),
                                  static_cast<std::uint8_t>(x >> 24)});
}

TEST_CASE("ryg: random tables, scales and messages come back, and cost their entropy",
          "[foreign]") {
  Random random(11);
  for (const RygVariant variant : kVariants) {
    for (int round = 0; round < 60; ++round) {
      const RygFormat format = random_format(variant, random);
      const auto freq = random_freq(format, random);
      const RygCoder coder(format, freq);
      const auto symbols = support::draw<std::uint8_t>(random, freq, random() % 600);
      const auto bytes = coder.encode(symbols);
      const auto decoded = coder.decode(bytes, symbols.size());
      REQUIRE(decoded.status == Status::kOk);
      REQUIRE(decoded.symbols == symbols);
      double bits = 0;
      for (const std::uint8_t s : symbols) bits += format.scale_bits - std::log2(freq[s]);
      // states of up to 8 bytes, and what a state below the top of its interval wastes
      CHECK(8.0 * static_cast<double>(bytes.size()) <=
            bits * 1.001 + 64 * static_cast<double>(format.n_states) + 32);
    }
  }
}

TEST_CASE("ryg: states are first in memory, and words follow in the order of reading",
          "[foreign]") {
  const std::vector<std::uint32_t> freq{1, 4095};
  const RygCoder coder({RygVariant::kWord, 12, 2}, freq);
  const std::vector<std::uint8_t> symbols(64, 0);
  const auto bytes = coder.encode(symbols);
  RansStack<Rans32x16> stack(2);
  for (std::size_t i = 64; i-- > 0;) stack.push(i % 2, {0, 1}, 12);
  REQUIRE(bytes.size() == 8 + 2 * stack.words().size());
  CHECK(little_endian<std::uint32_t>(bytes) == stack.states()[0]);
  CHECK(little_endian<std::uint32_t>(std::span(bytes).subspan(4)) == stack.states()[1]);
  CHECK(little_endian<std::uint16_t>(std::span(bytes).subspan(8)) == stack.words().back());
}

TEST_CASE("ryg: damaged streams end with a verdict, in bounds, however they were damaged",
          "[foreign]") {
  Random random(12);
  for (const RygVariant variant : kVariants) {
    std::size_t n_flagged = 0;
    for (std::size_t round = 0; round < support::n_mutations(); ++round) {
      RygFormat format = random_format(variant, random);
      if (format.scale_bits > 12 && round % 16 != 0 && variant != RygVariant::kWord) {
        format.scale_bits -= 4;  // large tables take their time
      }
      const auto freq = random_freq(format, random);
      const RygCoder coder(format, freq);
      const auto symbols = support::draw<std::uint8_t>(random, freq, 1 + random() % 40);
      auto bytes = coder.encode(symbols);
      support::damage(random, bytes);
      const auto decoded = coder.decode(bytes, symbols.size());
      CHECK(decoded.symbols.size() <= symbols.size());
      if (decoded.status != Status::kOk) ++n_flagged;
      if (decoded.status == Status::kOk) CHECK(coder.encode(decoded.symbols) == bytes);
    }
    CHECK(n_flagged > 0);
  }
}

TEST_CASE("ryg: a stream that lacks its last word is truncated, one with a word more has a rest",
          "[foreign]") {
  Random random(13);
  for (const RygVariant variant : kVariants) {
    const RygFormat format{variant, 12, 1};
    const std::vector<std::uint32_t> freq{96, 1000, 3000};
    const RygCoder coder(format, freq);
    const auto symbols = support::draw<std::uint8_t>(random, freq, 400);
    const auto bytes = coder.encode(symbols);
    const std::size_t word = variant == RygVariant::k64 ? 4 : variant == RygVariant::kWord ? 2 : 1;
    auto longer = bytes;
    longer.insert(longer.end(), word, 0);
    CHECK(coder.decode(longer, symbols.size()).status == Status::kTrailing);
    const auto shorter = std::span(bytes).first(bytes.size() - word);
    CHECK(coder.decode(shorter, symbols.size()).status == Status::kTruncated);
    CHECK(coder.decode({}, symbols.size()).status == Status::kTruncated);
  }
}

TEST_CASE("ryg: what a variant does not have is refused by name", "[foreign]") {
  using Freq = std::vector<std::uint32_t>;
  CHECK_THROWS_WITH(RygCoder({RygVariant::kWord, 12, 1}, Freq{4096}),
                    Catch::Contains("threshold wraps"));
  CHECK_THROWS_AS(RygCoder({RygVariant::kWord, 11, 1}, Freq{2048}), std::invalid_argument);
  CHECK_THROWS_AS(RygCoder({RygVariant::kByte, 17, 1}, Freq{1u << 17}), std::invalid_argument);
  CHECK_THROWS_AS(RygCoder({RygVariant::kAlias, 7, 1}, Freq{128}), std::invalid_argument);
  CHECK_THROWS_AS(RygCoder({RygVariant::kByte, 12, 0}, Freq{4096}), std::invalid_argument);
  CHECK_THROWS_AS(RygCoder({RygVariant::kByte, 12, 1}, Freq{4095}), std::invalid_argument);
  CHECK_THROWS_AS(RygCoder({RygVariant::kByte, 12, 1}, Freq(257, 16)), std::invalid_argument);
  const RygCoder coder({RygVariant::kByte, 12, 1}, Freq{4096, 0});
  CHECK_THROWS_WITH(coder.encode(std::vector<std::uint8_t>{0, 1}),
                    Catch::Contains("symbols[1] is 1"));
}

TEST_CASE("ryg: normalised counts sum to 2^R, and every symbol that occurs has a slot",
          "[foreign]") {
  Random random(14);
  for (int round = 0; round < 300; ++round) {
    std::vector<std::uint32_t> counts(1 + random() % 256);
    for (std::uint32_t& n : counts)
      n = random() % 3 == 0 ? 0 : 1 + (random() >> (8 + random() % 24));
    counts[0] += 1;
    const auto freq = ryg_normalise(counts, 8 + random() % 9);
    CHECK(std::has_single_bit(std::reduce(freq.begin(), freq.end())));
    for (std::size_t s = 0; s < counts.size(); ++s) REQUIRE((freq[s] != 0) == (counts[s] != 0));
  }
  CHECK_THROWS_AS(ryg_normalise(std::vector<std::uint32_t>(257, 1), 8), std::invalid_argument);
  CHECK_THROWS_AS(ryg_normalise(std::vector<std::uint32_t>(3, 0), 8), std::invalid_argument);
}

}  // namespace transom::foreign
