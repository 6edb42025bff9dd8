// test_quantise.cpp — frequencies against all others there are, and against the ancestors'.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <catch2/catch.hpp>
#include <cmath>
#include <iostream>
#include <numeric>
#include <vector>

#include "random.hpp"
#include "transom/table/quantise.hpp"
#include "transom/table/quantise_few.hpp"

using namespace transom;

namespace {

using Counts = std::vector<std::uint32_t>;

using transom::support::Random;

/// Coded bits in floating point: an independent statement of the objective.
double bits_of(const Counts& counts, const Counts& freq, unsigned R) {
  double bits = 0;
  for (std::size_t s = 0; s < counts.size(); ++s) {
    if (counts[s] != 0) bits += counts[s] * (R - std::log2(static_cast<double>(freq[s])));
  }
  return bits;
}

/// Least bits over all frequencies from symbol `s` on that sum to `slots`.
double least_bits(const Counts& counts, Counts& freq, std::size_t s, std::uint32_t slots,
                  unsigned R, Cover cover) {
  if (s == counts.size()) return slots == 0 ? bits_of(counts, freq, R) : HUGE_VAL;
  const bool needs = counts[s] != 0 || cover == Cover::kEvery;
  double least = HUGE_VAL;
  for (freq[s] = needs ? 1 : 0; freq[s] <= slots; ++freq[s]) {
    const std::uint32_t rest = slots - freq[s];
    least = std::min(least, least_bits(counts, freq, s + 1, rest, R, cover));
  }
  return least;
}

/// The invariants of a result, whatever its cost.
void require_valid(const Counts& counts, const Counts& freq, unsigned R, Cover cover) {
  REQUIRE(freq.size() == counts.size());
  REQUIRE(std::accumulate(freq.begin(), freq.end(), 0u) == 1u << R);
  for (std::size_t s = 0; s < counts.size(); ++s) {
    if (counts[s] != 0 || cover == Cover::kEvery) {
      REQUIRE(freq[s] >= 1);
    } else {
      REQUIRE(freq[s] == 0);
    }
  }
}

/// Compares with every allocation. @return false where there is none
bool check_by_enumeration(const Counts& counts, unsigned R, Cover cover) {
  CAPTURE(counts, R);
  const auto occurring =
      counts.size() - static_cast<std::size_t>(std::count(counts.begin(), counts.end(), 0u));
  if (occurring == 0) return false;
  if ((cover == Cover::kEvery ? counts.size() : occurring) > std::size_t{1} << R) {
    REQUIRE_THROWS_AS(quantise(counts, R, cover), std::invalid_argument);
    return false;
  }
  const Counts freq = quantise(counts, R, cover);
  require_valid(counts, freq, R, cover);
  Counts trial(counts.size());
  const double least = least_bits(counts, trial, 0, 1u << R, R, cover);
  REQUIRE(bits_of(counts, freq, R) <= least + 1e-9);
  REQUIRE(std::ldexp(static_cast<double>(coded_cost(counts, freq, R)), -24) ==
          Approx(least).margin(1e-6));
  return true;
}

/// The ancestors' rule (rescale to a sum of 2^R, every symbol at least 1): round half to even, then
/// unit by unit a surplus from the first maximum, a deficit to the first minimum.
Counts ancestors_freq(const Counts& counts, unsigned R) {
  const double sum = std::accumulate(counts.begin(), counts.end(), 0.0);
  Counts freq;
  for (const std::uint32_t n : counts) {
    freq.push_back(static_cast<std::uint32_t>(
        std::max(1.0, std::nearbyint(n * std::ldexp(1.0, static_cast<int>(R)) / sum))));
  }
  for (auto total = std::accumulate(freq.begin(), freq.end(), 0u); total != 1u << R;) {
    if (total < 1u << R) {
      ++*std::min_element(freq.begin(), freq.end());
      ++total;
    } else {
      --*std::max_element(freq.begin(), freq.end());
      --total;
    }
  }
  return freq;
}

}  // namespace

TEST_CASE("quantise: no frequencies cost less, for every histogram of up to 4 small counts",
          "[exhaustive]") {
  std::size_t n_checked = 0;
  for (std::size_t A = 1; A <= 4; ++A) {
    Counts counts(A);
    for (bool more = true; more;) {
      for (unsigned R = 0; R <= 4; ++R) {
        n_checked += check_by_enumeration(counts, R, Cover::kOccurring);
        n_checked += check_by_enumeration(counts, R, Cover::kEvery);
      }
      std::size_t s = 0;
      while (s < A && ++counts[s] == 8) counts[s++] = 0;
      more = s < A;
    }
  }
  REQUIRE(n_checked > 28'000);
}

TEST_CASE("quantise: no frequencies cost less, for random histograms", "[unit]") {
  Random random(2);
  for (int i = 0; i < 300; ++i) {
    Counts counts(1 + random() % 4);
    for (std::uint32_t& n : counts) n = random() % 5 == 0 ? 0 : random() >> (random() % 32) >> 2;
    for (unsigned R = 0; R <= 5; ++R) {
      check_by_enumeration(counts, R, i % 2 == 0 ? Cover::kOccurring : Cover::kEvery);
    }
  }
}

TEST_CASE("quantise: no exchange of a slot pays, for large histograms", "[unit]") {
  Random random(3);
  for (int i = 0; i < 60; ++i) {
    const unsigned R = 8 + random() % 7;
    Counts counts(256);
    for (std::uint32_t& n : counts) n = random() >> 8 >> (random() % 24);
    const Counts freq = quantise(counts, R);
    require_valid(counts, freq, R, Cover::kOccurring);
    double most_saved = 0;
    double least_lost = HUGE_VAL;
    for (std::size_t s = 0; s < counts.size(); ++s) {
      if (freq[s] == 0) continue;
      most_saved = std::max(most_saved, counts[s] * std::log2((freq[s] + 1.0) / freq[s]));
      if (freq[s] > 1) {
        least_lost = std::min(least_lost, counts[s] * std::log2(freq[s] / (freq[s] - 1.0)));
      }
    }
    REQUIRE(most_saved <= least_lost * (1 + 1e-9));
  }
}

TEST_CASE("quantise: never costs more than the ancestors' rule, and often less", "[unit]") {
  Random random(4);
  int n_better = 0;
  double worst_excess = 0;
  for (int i = 0; i < 500; ++i) {
    const std::size_t A = 2 + random() % 255;
    const unsigned R = 8 + random() % 5;
    Counts counts(A);
    for (std::uint32_t& n : counts) n = 1 + (random() >> 12 >> (random() % 20));
    const double ours = bits_of(counts, quantise(counts, R), R);
    const double theirs = bits_of(counts, ancestors_freq(counts, R), R);
    REQUIRE(ours <= theirs * (1 + 1e-12));
    n_better += ours < theirs * (1 - 1e-12);
    worst_excess = std::max(worst_excess, theirs / ours - 1);
  }
  std::cout << "quantise: better than the ancestors' rule on " << n_better
            << " of 500 histograms, by up to " << 100 * worst_excess << " %\n";
  REQUIRE(n_better > 250);
}

TEST_CASE("quantise: of few counts, without memory of its own, costs the same", "[unit]") {
  Random random(8);
  std::size_t n_refused = 0;
  for (int i = 0; i < 3000; ++i) {
    Counts counts(1 + random() % kMaxApackRows);
    const unsigned width = 1 + random() % 28;  // of the greatest
    for (std::uint32_t& n : counts)
      n = random() % 4 == 0 ? 0 : random() >> (32 - width) >> random() % 9;
    counts[random() % counts.size()] += 1;
    const unsigned R = random() % (kMaxTableLog + 1);
    CAPTURE(counts, R);
    std::array<std::uint32_t, kMaxApackRows> few{};
    if (!quantise_few(counts, R, few)) {
      ++n_refused;
      REQUIRE_THROWS_AS(quantise(counts, R), std::invalid_argument);
      continue;
    }
    const Counts freq(few.begin(), few.begin() + static_cast<std::ptrdiff_t>(counts.size()));
    require_valid(counts, freq, R, Cover::kOccurring);
    REQUIRE(coded_cost(counts, freq, R) == coded_cost(counts, quantise(counts, R), R));
  }
  CHECK(n_refused > 100);
  std::array<std::uint32_t, kMaxApackRows> none{};
  REQUIRE(!quantise_few(Counts(3), 4, none));
}

TEST_CASE("quantise: corners", "[unit]") {
  SECTION("one symbol has every slot and costs nothing, for R = 0 too") {
    for (unsigned R = 0; R <= kMaxTableLog; ++R) {
      REQUIRE(quantise(Counts{7}, R) == Counts{1u << R});
      REQUIRE(quantise(Counts{0, 1, 0}, R) == Counts{0, 1u << R, 0});
      REQUIRE(coded_cost(Counts{0, 1, 0}, Counts{0, 1u << R, 0}, R) == 0);
    }
  }
  SECTION("an empty tensor gives symbol 0 everything") {
    REQUIRE(quantise(Counts(3), 4) == Counts{16, 0, 0});
    REQUIRE(quantise(Counts(3), 4, Cover::kEvery) == Counts{14, 1, 1});
  }
  SECTION("the largest counts there are") {
    const Counts counts{0xffff'fffe, 1};
    REQUIRE(quantise(counts, kMaxTableLog) == Counts{(1u << kMaxTableLog) - 1, 1});
    REQUIRE(coded_cost(counts, Counts{1, (1u << kMaxTableLog) - 1}, kMaxTableLog) /
                cost_of_bits(1) ==
            std::int64_t{0xffff'fffe} * kMaxTableLog);
  }
  SECTION("as many symbols as slots") { REQUIRE(quantise(Counts{9, 1, 1, 1}, 2) == Counts(4, 1)); }
  SECTION("more symbols than slots are named") {
    REQUIRE_THROWS_WITH(quantise(Counts(17, 1), 4),
                        Catch::Contains("number of symbols is 17") && Catch::Contains("16 slots"));
    REQUIRE_THROWS_AS(quantise(Counts{1, 0}, 0, Cover::kEvery), std::invalid_argument);
  }
  SECTION("no counts, too large an R, a symbol without a frequency") {
    REQUIRE_THROWS_AS(quantise(Counts{}, 4), std::invalid_argument);
    REQUIRE_THROWS_WITH(quantise(Counts{1}, 15), Catch::Contains("15"));
    REQUIRE_THROWS_WITH(coded_cost(Counts{1, 2}, Counts{16, 0}, 4),
                        Catch::Contains("freq[1] is 0"));
    REQUIRE_THROWS_AS(coded_cost(Counts{1, 2}, Counts{16}, 4), std::invalid_argument);
  }
}
