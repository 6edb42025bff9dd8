// test_tans.cpp — tans.hpp against the definition, and every table, state and symbol of a small
// one.
// SPDX-License-Identifier: Apache-2.0
#include "transom/coder/tans.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <random>

#include "support.hpp"

namespace transom {
namespace {

constexpr Spread kAllSpreads[] = {Spread::kStep, Spread::kExact, Spread::kTuned};

struct Stream {
  std::vector<std::uint32_t> words;
  std::uint64_t n_bits;
};

/// encode_symbols with the exact number of bits, spelled out over std::vector<Field>.
Stream encode_slowly(const TansEncoder& encoder, unsigned R, std::span<const symbol_t> symbols) {
  std::vector<Field> fields;
  std::uint32_t x = encoder.start_state();
  for (std::size_t i = symbols.size(); i-- > 0;) {
    fields.push_back(encoder.encode_step(x, symbols[i]));
    REQUIRE(x >= encoder.start_state());
    REQUIRE(x < 2 * encoder.start_state());
  }
  BitWriter out;
  out.append(x - encoder.start_state(), R);
  for (std::size_t i = fields.size(); i-- > 0;) out.append(fields[i].value, fields[i].nbits);
  const std::uint64_t n_bits = out.n_bits();
  return {out.take(), n_bits};
}

}  // namespace

TEST_CASE("tans: the vector of the README, entry by entry and bit by bit", "[unit][golden]") {
  const std::vector<std::uint32_t> freq{9, 4, 2, 1};
  const auto table = make_decode_table(freq, 4, Spread::kStep);
  const Entry first[] = {{0, 1, 2}, {0, 1, 4}, {1, 2, 0}, {3, 4, 0},
                         {0, 1, 6}, {1, 2, 4}, {2, 3, 0}};
  for (std::size_t t = 0; t < std::size(first); ++t) CHECK(to_entry(table[t]) == first[t]);
  const std::vector<symbol_t> symbols{0, 1, 0, 2, 3, 0, 0, 1, 0, 0};
  const TansEncoder encoder(freq, 4, Spread::kStep);
  // 4 bits of t = 1, then the 16 bits 31 c4
  const auto [words, n_bits] = encode_slowly(encoder, 4, symbols);
  CHECK(n_bits == 4 + 16);
  CHECK(words == std::vector<std::uint32_t>{0xc4'31'1});
  CHECK(encode_symbols(encoder, 4, symbols) == words);
}

TEST_CASE("tans: a spread gives every symbol freq slots, and the slots it wants", "[unit]") {
  for (const auto& [freq, R] : support::random_freqs(60)) {
    for (const Spread kind : kAllSpreads) {
      const auto spread = make_spread(freq, R, kind);
      std::vector<std::uint32_t> count(freq.size());
      for (const symbol_t s : spread) ++count[s];
      REQUIRE(count == freq);
    }
    // Duda's spread by its definition, in floating point: only near-ties may differ in order.
    const auto exact = make_spread(freq, R, Spread::kExact);
    std::vector<double> seen(freq.size(), 0.5);
    double previous = -1;
    for (const symbol_t s : exact) {
      const double wish = seen[s]++ / freq[s];
      REQUIRE(wish >= previous - 1e-12);
      previous = wish;
    }
    const auto tuned = make_spread(freq, R, Spread::kTuned);
    std::vector<std::uint32_t> next(freq);
    previous = -1;
    for (const symbol_t s : tuned) {
      const double wish = 1 / (freq[s] * std::log1p(1.0 / next[s]++));
      REQUIRE(wish >= previous * 0.998);  // the series is off by 0.0012 of the wish at x = 1
      previous = wish;
    }
  }
}

TEST_CASE("tans: decode_step inverts encode_step for every table, state and symbol",
          "[exhaustive]") {
  std::uint64_t n_tables = 0, n_steps = 0;
  support::for_each_freq(4, 4, [&](const std::vector<std::uint32_t>& freq) {
    ++n_tables;
    for (const Spread kind : kAllSpreads) {
      const auto table = make_decode_table(freq, 4, kind);
      const TansEncoder encoder(freq, 4, kind);
      for (symbol_t s = 0; s < 4; ++s) {
        if (!encoder.can_encode(s)) continue;
        for (std::uint32_t start = 16; start < 32; ++start, ++n_steps) {
          std::uint32_t x = start;
          const Field field = encoder.encode_step(x, s);
          // the definition: shift until x_s is in [f, 2f)
          REQUIRE(((start >> field.nbits) >= freq[s] && (start >> field.nbits) < 2 * freq[s]));
          const std::uint32_t words[] = {field.value};
          BitReader in(words);
          std::uint32_t t = x - 16;
          const Entry e = decode_step(table.data(), t, in);
          REQUIRE(e.symbol == s);
          REQUIRE(e.nbits == field.nbits);
          REQUIRE(t == start - 16);
        }
      }
    }
  });
  CHECK(n_tables == 969);
  CHECK(n_steps == 3 * 52'224);
}

TEST_CASE("tans: a stream round-trips, ends at t = 0, consumes every bit and costs its entropy",
          "[unit]") {
  for (const auto& [freq, R] : support::random_freqs(40)) {
    const auto symbols = support::random_symbols(freq, 3000, R);
    double ideal = 0;
    for (const symbol_t s : symbols) ideal += R - std::log2(freq[s]);
    for (const Spread kind : kAllSpreads) {
      const TansEncoder encoder(freq, R, kind);
      const auto [words, n_bits] = encode_slowly(encoder, R, symbols);
      REQUIRE(encode_symbols(encoder, R, symbols) == words);
      const auto table = make_decode_table(freq, R, kind);
      TansDecoder decoder{table.data(), R};
      BitReader in(words);
      decoder.start(in);
      for (const symbol_t s : symbols) REQUIRE(decoder.step(in) == s);
      CHECK(decoder.at_end());
      CHECK(in.position() == n_bits);
      CHECK(in.clean_end());
      CHECK(!in.past_end());
      // x grows by 1/p a symbol, up to the state's rounding; a spread of few slots loses a little
      CHECK(static_cast<double>(n_bits) <= ideal * 1.06 + R + 64);
      CHECK(static_cast<double>(n_bits) >= ideal * 0.98 - 64);
    }
  }
}

TEST_CASE("tans: a symbol of all slots costs nothing, an empty message has no words", "[unit]") {
  for (unsigned R = 0; R <= kMaxTableLog; ++R) {
    for (const Spread kind : kAllSpreads) {
      const std::vector<std::uint32_t> freq{0, std::uint32_t{1} << R, 0};
      const TansEncoder encoder(freq, R, kind);
      CHECK(encode_slowly(encoder, R, std::vector<symbol_t>(1000, 1)).n_bits == R);
      CHECK(encode_symbols(encoder, R, std::vector<symbol_t>{}).empty());
    }
  }
}

TEST_CASE("tans: frequencies that are no table are refused with their sum", "[unit]") {
  const std::vector<std::uint32_t> short_of{3, 4};
  CHECK_THROWS_WITH(make_decode_table(short_of, 3, Spread::kExact),
                    Catch::Contains("sum of frequencies is 7"));
  CHECK_THROWS_AS(make_decode_table(std::vector<std::uint32_t>{}, 0, Spread::kExact),
                  std::invalid_argument);
  CHECK_THROWS_WITH(make_decode_table(std::vector<std::uint32_t>{1u << 15}, 15, Spread::kExact),
                    Catch::Contains("15"));
}

TEST_CASE("tans: each better spread codes closer to the entropy", "[unit]") {
  double excess[3] = {};
  for (const auto& [freq, R] : support::random_freqs(60)) {
    if (R < 5) continue;
    const auto symbols = support::random_symbols(freq, 20'000, R);
    for (std::size_t k = 0; k < 3; ++k) {
      excess[k] += static_cast<double>(
          encode_slowly(TansEncoder(freq, R, kAllSpreads[k]), R, symbols).n_bits);
    }
  }
  CHECK(excess[1] < excess[0]);
  CHECK(excess[2] < excess[1]);
}

}  // namespace transom
