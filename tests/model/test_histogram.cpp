// test_histogram.cpp — counts of values.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <catch2/catch.hpp>
#include <numeric>
#include <random>
#include <vector>

#include "transom/table/histogram.hpp"
#include "transom/table/pairs.hpp"

using namespace transom;

TEST_CASE("histogram: counts are those of a search for each value and sum to n_values", "[unit]") {
  std::mt19937 random(1);
  for (unsigned W = 1; W <= kMaxValueBits; ++W) {
    std::vector<value_t> values(random() % 3000);
    for (value_t& v : values) v = static_cast<value_t>(random() & random() & ((1u << W) - 1));
    const std::vector<value_t> all = values;
    const auto counts = histogram(all, W);
    REQUIRE(counts.size() == std::size_t{1} << W);
    REQUIRE(std::accumulate(counts.begin(), counts.end(), std::size_t{0}) == all.size());
    values.resize(std::min<std::size_t>(values.size(), 200));
    for (const value_t v : values) {
      REQUIRE(counts[v] == std::count(all.begin(), all.end(), v));
    }
  }
}

TEST_CASE("histogram: bytes have the counts of the same values in two bytes each", "[unit]") {
  std::mt19937 random(2);
  for (unsigned W = 1; W <= 8; ++W) {
    for (const std::size_t n : {std::size_t{4095}, std::size_t{4096}, std::size_t{9001 + W}}) {
      std::vector<value_t> wide(n);
      for (value_t& v : wide) v = static_cast<value_t>(random() & ((1u << W) - 1));
      std::vector<std::uint8_t> bytes(wide.begin(), wide.end());
      REQUIRE(histogram(std::span(bytes), W) == histogram(std::span(wide), W));
      if (W == 8) continue;
      bytes[n - 1 - W] = static_cast<std::uint8_t>(1u << W);
      REQUIRE_THROWS_WITH(histogram(std::span(bytes), W),
                          Catch::Contains("[" + std::to_string(n - 1 - W) + "]"));
    }
  }
}

TEST_CASE("histogram: no values give no counts", "[unit]") {
  REQUIRE(histogram({}, 2) == std::vector<std::uint32_t>(4));
}

TEST_CASE("histogram: a value of too many bits is named", "[unit]") {
  const std::vector<value_t> values{3, 16};
  REQUIRE_THROWS_WITH(histogram(values, 4), Catch::Contains("16") && Catch::Contains("4 bits"));
  REQUIRE_THROWS_AS(histogram(values, 0), std::invalid_argument);
  REQUIRE_THROWS_AS(histogram(values, 17), std::invalid_argument);
}

TEST_CASE("pair_histogram: pairs lie in a stream, an odd last symbol takes its likeliest successor",
          "[unit]") {
  using Counts = std::vector<std::uint32_t>;
  const std::vector<symbol_t> symbols{0, 1, 1, 0, 2, 2, 0, 1, 1, 0, 0};
  const auto of = [&](std::uint32_t i) { return symbols[i]; };
  // 01 10 22 01 10 and 0
  CHECK(pair_histogram({11, 1, 1}, 3, of) == Counts{0, 3, 0, 2, 0, 0, 0, 0, 1});
  // 01 20 10; 10 21 and 0, which 1 follows in the other stream
  CHECK(pair_histogram({11, 2, 1}, 3, of) == Counts{0, 2, 0, 2, 0, 0, 1, 1, 0});
  // chunks of 2: 01 22 10; 10 01 and 0
  CHECK(pair_histogram({11, 2, 2}, 3, of) == Counts{0, 3, 0, 2, 0, 0, 0, 0, 1});
  // 0; 1; 1; and empty streams: nothing follows anything, so symbol 0 does
  CHECK(pair_histogram({3, 64, 1}, 2, of) == Counts{1, 0, 2, 0});
  CHECK(pair_histogram({0, 1, 1}, 1, of) == Counts{0});
}
