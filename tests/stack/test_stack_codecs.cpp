// test_stack_codecs.cpp — codecs of one symbol: what the ancestors' tests of them ask, by name;
// what is refused; tables at their edges.
// SPDX-License-Identifier: Apache-2.0
#include <cmath>
#include <limits>
#include <numeric>

#include "codec_check.hpp"
#include "random.hpp"
#include "refused.hpp"
#include "transom/stack/real.hpp"
#include "transom/stack/special.hpp"
#include "transom/stack/uniform.hpp"

namespace transom::stack {
namespace {

using support::check_codec;
using support::check_distribution;
using support::Random;
using Symbols = std::vector<std::uint32_t>;
using Reals = std::vector<double>;

double real(Random& random) { return (random() + 0.5) / 4294967296.0; }
Reals probabilities(Random& random, std::size_t n) {
  Reals p(n);
  for (double& one : p) one = std::exp(6 * real(random));
  const double sum = std::accumulate(p.begin(), p.end(), 0.0);
  for (double& one : p) one /= sum;
  return p;
}
/// n symbols that have slots, each of its own distribution.
template <class D>
Symbols draw(Random& random, const std::vector<D>& each) {
  Symbols symbols;
  for (const D& d : each) {
    RansRange range{};
    do {
      symbols.push_back(random() % static_cast<std::uint32_t>(d.n_symbols()));
      range = d.range_of(symbols.back());
      if (range.freq == 0) symbols.pop_back();
    } while (range.freq == 0);
  }
  return symbols;
}
/// lanes() of random distributions on random messages of both geometries.
template <class Make>
void check_random(std::uint32_t seed, Make make) {
  Random random(seed);
  for (int round = 0; round < 10; ++round) {
    std::vector<decltype(make(random))> each;
    const std::size_t n_heads = 1 + random() % 8;
    for (std::size_t i = 0; i < n_heads; ++i) {
      each.push_back(make(random));
      check_distribution(each.back(), static_cast<std::uint32_t>(each.back().n_symbols()));
    }
    const Symbols symbols = draw(random, each);
    check_codec(random_message(each.size(), 9, random), lanes(each), symbols);
    check_codec(random_message<Rans64x32Full>(1, 9, random), serial(each), symbols);
  }
}

}  // namespace

TEST_CASE("craystack: test_uniform, bits-back: test_uniform_append_pop", "[stack]") {
  Random random(11);
  for (unsigned R = 0; R <= 31; ++R) {
    Symbols symbols(30);
    for (std::uint32_t& s : symbols) s = R == 0 ? 0 : random() >> (32 - R);
    check_codec(Message(30), lanes(Uniform(R)), symbols);
    check_codec(Message<Rans64x32Full>(), repeat(Uniform(R), 30), symbols);
  }
  Message<Rans64x32Full> m;
  m.push(Uniform(32), 0xffff'ffff);
  CHECK(m.pop(Uniform(32)) == 0xffff'ffff);
  Message small;
  CHECK_THROWS_AS(small.push(Uniform(32), 1), std::invalid_argument);
}

TEST_CASE("bits-back: test_non_uniform_append_pop: a codec from any integer CDF", "[stack]") {
  Random random(12);
  const Table table({0, 3, 17, 19, 32}, 5);
  const Cdf cdf([](std::uint32_t s) { return Symbols{0, 3, 17, 19, 32}[s]; }, 4, 5);
  CHECK(cdf.table() == table);
  check_distribution(table, 4);
  check_distribution(cdf, 4);
  Symbols symbols(100);
  for (std::uint32_t& s : symbols) s = random() % 4;
  check_codec(Message<Rans64x32Full>(), repeat(table, 100), symbols);
  auto m = random_message(1, 60, random), same = m;
  m.push(repeat(table, 100), symbols);
  same.push(repeat(cdf, 100), symbols);
  CHECK(m == same);
}

TEST_CASE("stack: tables of every size and precision find every slot's owner", "[stack]") {
  Random random(13);
  for (int round = 0; round < 300; ++round) {
    const unsigned R = random() % 32;
    const std::uint32_t most = std::uint32_t{1} << std::min(R, 14u);
    Symbols cdf(2 + random() % 400);
    for (std::uint32_t& c : cdf)
      c = static_cast<std::uint32_t>(random() % (std::uint64_t{most} + 1))
          << (R - std::min(R, 14u));
    std::sort(cdf.begin(), cdf.end());
    const Table table(cdf, R);
    check_distribution(table, static_cast<std::uint32_t>(cdf.size() - 1));
    // what lies in the middle of many symbols without slots
    const std::uint32_t middle = cdf[cdf.size() / 2];
    if (middle < cdf.back()) CHECK(table.range_of(table.owner_of(middle).symbol).freq != 0);
    if (cdf.front() != 0) CHECK_THROWS_AS(table.owner_of(cdf.front() - 1), SlotError);
    if (cdf.back() >> R == 0) CHECK_THROWS_AS(table.owner_of(cdf.back()), SlotError);
  }
}

TEST_CASE("stack: counts of any sum are coded exactly", "[stack]") {
  Random random(14);
  for (int round = 0; round < 50; ++round) {
    Symbols counts(1 + random() % 20);
    for (std::uint32_t& c : counts) c = random() % 1000;
    counts.back() = 1;
    const Counts codec(counts);
    Symbols symbols(50);
    for (std::uint32_t& s : symbols) {
      do s = random() % static_cast<std::uint32_t>(counts.size());
      while (counts[s] == 0);
    }
    check_codec(random_message(3, 4, random), repeat(codec, 50), symbols);
    check_codec(random_message<Rans64x32Full>(1, 4, random), repeat(codec, 50), symbols);
  }
  // 1000 symbols of three, each as likely: 1585 bits, which no power of two of slots gives so
  // nearly
  Message m;
  m.push(repeat(Counts(Symbols{1, 1, 1}), 1000), Symbols(1000, 2));
  CHECK(flatten(m).size() == 51);  // 31 + 1585 bits
}

TEST_CASE("craystack: test_bernoulli", "[stack]") {
  Random random(15);
  for (const unsigned R : {1u, 4u, 12u, 16u, 31u}) {
    for (int round = 0; round < 20; ++round) {
      const double p = round == 0 ? 0 : round == 1 ? 1 : real(random);
      for (const Bernoulli& b : {bernoulli(p, R), bernoulli(static_cast<float>(p), R)}) {
        check_distribution(b, 2);
        check_codec(random_message(3, 9, random), lanes(b), {0, 1, 1});
      }
    }
  }
  CHECK(bernoulli(0.5, 1).range_of(0).freq == 1);
  CHECK(bernoulli(0.0f, 31).range_of(0).freq == 0x7fff'ffff);  // 2^31 - 1 is no float
}

TEST_CASE(
    "craystack: test_categorical, test_categorical_new, bits-back: test_categorical_append_pop",
    "[stack]") {
  for (const Rounding rounding : {Rounding::kNearest, Rounding::kOneEach}) {
    check_random(16, [&](Random& random) {
      const unsigned R = random() % 17;
      const std::size_t n = 1 + random() % std::min(300u, 1u << R);
      return categorical(probabilities(random, n), R, rounding);
    });
  }
  check_random(17, [](Random& random) {
    return categorical_of_weights(probabilities(random, 1 + random() % 300), 1 + random() % 20);
  });
}

TEST_CASE("bits-back: test_categorical_cdf: probabilities that do not sum to 1", "[stack]") {
  const Table table = categorical(Reals{0.2, 0.3, 0.5, 0.6}, 12, Rounding::kOneEach);
  CHECK(table.cdf().back() == 4096);
  check_distribution(table, 4);
}

TEST_CASE("stack: a categorical is feasible whenever its symbols are no more than its slots",
          "[stack]") {
  Random random(18);
  for (unsigned R = 0; R <= 8; ++R) {
    for (std::size_t n = 1; n <= std::size_t{1} << R; n += 1 + n / 8) {
      for (const Rounding rounding : {Rounding::kNearest, Rounding::kOneEach}) {
        for (const std::size_t n_likely : {std::size_t{1}, (n + 3) / 4, n}) {
          Reals p(n);
          for (std::size_t i = 0; i < n_likely; ++i) p[i] = 1.0 / static_cast<double>(n_likely);
          const Table table = categorical(p, R, rounding);
          CHECK(table.cdf().back() == 1u << R);
          for (std::uint32_t s = 0; s < n; ++s) {
            REQUIRE(table.range_of(s).freq >= 1);
            // what was cut to one height is never below what is rarer
            if (s >= n_likely) REQUIRE(table.range_of(0).freq >= table.range_of(s).freq);
          }
        }
      }
    }
  }
  // 64 symbols of 4 slots of 256, and 190 without: all that fits
  Reals p(254);
  std::fill_n(p.begin(), 64, 1.0 / 64);
  CHECK(categorical(p, 8).range_of(0).freq == 2);
  CHECK(categorical(p, 8).range_of(63).freq == 1);
}

TEST_CASE("craystack: test_logistic, test_logistic_mixture, test_discretized", "[stack]") {
  check_random(19, [](Random& random) {
    return logistic(real(random) - 0.5, 2 * real(random) - 3, 16, 8, -0.5, 0.5);
  });
  check_random(20, [](Random& random) {
    Reals means(10), scales(10), logits(10);
    for (std::size_t i = 0; i < 10; ++i) {
      means[i] = 2 * real(random) - 1;
      scales[i] = -4 * real(random);
      logits[i] = 4 * real(random);
    }
    return logistic_mixture(means, scales, logits, 14, 8, -1, 1);
  });
  check_random(26, [](Random& random) {
    const auto shape = random() % 2 == 0 ? CdfShape::kNormal : CdfShape::kLogistic;
    return discretised(shape, -0.5, 0.5, 8, 16);
  });
  // far outside of the bins: what there is of it is in the last one
  const Reals far(10, 100), narrow(10, -10);
  CHECK(logistic_mixture(far, narrow, Reals(10), 12, 8, -1, 1).range_of(255).freq == 4096 - 255);
  const Table table = logistic(0, -8, 12, 8, -1, 1);  // steep: the ramps give every bin a slot
  for (std::uint32_t s = 0; s < 256; ++s) CHECK(table.range_of(s).freq >= 1);
}

TEST_CASE("craystack: test_gaussian_db, test_gaussian_ub", "[stack]") {
  const auto bins = std_gaussian_bins(8);
  check_random(21, [&](Random& random) {
    return gaussian(bins, real(random) - 0.5, 0.2 + real(random), 14);
  });
  check_random(22, [&](Random& random) {
    return gaussian_in_gaussian_bins(bins, real(random) - 0.5, 0.2 + real(random),
                                     real(random) - 0.5, 0.2 + real(random), 14);
  });
  for (const bool rebalanced : {true, false}) {
    check_random(23, [&](Random& random) {
      return gaussian_in_uniform_bins(real(random) - 0.5, 0.2 + real(random), -2, 2, 16, 1000,
                                      rebalanced);
    });
  }
  // all symbols of the rebalanced one, the last, too: one fewer than edges
  const Table table = gaussian_in_uniform_bins(0, 1, -2, 2, 16, 1000);
  CHECK(table.n_symbols() == 999);
  CHECK(table.range_of(998).freq >= 1);
}

TEST_CASE("craystack: test_gaussian_cdfs: slots and bins agree at high precision", "[stack]") {
  const unsigned R = 20;  // a slot a bin, nearly
  const auto law = gaussian(std_gaussian_bins(R), 1.0, 1.0, R);
  CHECK(law.range_of(0).cum == 0);
  const RansRange last = law.range_of((1u << R) - 1);
  CHECK(last.cum + last.freq == 1u << R);
  Random random(27);
  bool agree = true;
  for (int round = 0; round < 20000; ++round) {
    const std::uint32_t slot = random() >> (32 - R);
    const auto owner = law.owner_of(slot);
    const RansRange range = law.range_of(owner.symbol);
    agree = agree && range.cum == owner.range.cum && range.freq == owner.range.freq &&
            slot >= range.cum && slot - range.cum < range.freq;
  }
  CHECK(agree);
}

TEST_CASE("bits-back: test_gaussian_latent_cdf, test_beta_latent_cdf, test_binomial_cdf",
          "[stack]") {
  const auto bins = std_gaussian_bins<float>(2);
  const Table latent = gaussian(bins, 0.1f, 0.5f, 12, Halves::kEven).table();
  CHECK(latent == Table({0, 249, 1723, 3583, 4096}, 12));
  CHECK(beta_latent({0.1, 0.5}, {5, 7}, 2, 5) == Table({0, 0, 0, 1, 32}, 5));
  for (const Table& table : {latent, beta_latent({2, 3}, {5, 7}, 6, 12), binomial(255, 0.3, 10)}) {
    CHECK(table.cdf().front() == 0);
    CHECK(table.cdf().back() == std::uint32_t{1} << table.precision());
    check_distribution(table, static_cast<std::uint32_t>(table.n_symbols()));
  }
}

TEST_CASE("stack: binomial and beta-binomial are the sums of their probabilities", "[stack]") {
  const std::uint32_t n = 20;
  const Table table = binomial(n, 0.3, 20);
  double below = 0;
  for (std::uint32_t k = 0; k <= n; ++k) {
    CHECK(std::abs(table.range_of(k).cum - std::ldexp(below, 20)) <= 0.51);
    below += std::exp(log_choose(n, k)) * std::pow(0.3, k) * std::pow(0.7, n - k);
  }
  CHECK(binomial(5, 0, 4) == Table({0, 16, 16, 16, 16, 16, 16}, 4));
  CHECK(binomial(5, 1, 4) == Table({0, 0, 0, 0, 0, 0, 16}, 4));
  const Table flat = beta_binomial(255, 1, 1, 16);  // a = b = 1: every number as likely
  for (std::uint32_t k = 0; k <= 255; ++k) CHECK(flat.range_of(k).freq == 256);
  check_random(24, [](Random& random) {
    return beta_binomial(255, std::exp(4 * real(random) - 2), std::exp(4 * real(random) - 2), 14);
  });
}

TEST_CASE("stack: distributions are inverse to their quantiles", "[stack]") {
  CHECK(normal_cdf(0) == 0.5);
  CHECK(normal_ppf(0.5) == 0);
  CHECK(std::isinf(normal_ppf(0)));
  CHECK(normal_ppf(1) > 1e300);
  Random random(25);
  for (int round = 0; round < 2000; ++round) {
    const double p = round % 2 == 0 ? real(random) : std::exp(-40 * real(random));
    CHECK(normal_cdf(normal_ppf(p)) == Approx(p).epsilon(1e-13));
    const double a = std::exp(6 * real(random) - 3), b = std::exp(6 * real(random) - 3);
    const double x = beta_ppf(p, a, b);
    if (x > 1e-280 && x < 1 - 1e-9) CHECK(beta_cdf(x, a, b) == Approx(p).epsilon(1e-9));
    CHECK(beta_cdf(0.3, a, b) + beta_cdf(0.7, b, a) == Approx(1));
  }
  CHECK(beta_cdf(0.25, 1, 1) == Approx(0.25));
  CHECK(beta_cdf(0.5, 2, 3) == Approx(0.6875));
}

TEST_CASE("stack: parameters that are no distribution's are refused by name", "[stack]") {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  CHECK_REFUSED(Table({0, 2, 1}, 4), "cdf[2]", "1", "before it");
  CHECK_REFUSED(Table({0, 17}, 4), "the last boundary", "17", "0..16");
  CHECK_REFUSED(Table({0}, 4), "number of boundaries", "1", "2..");
  CHECK_REFUSED(Table({0, 1}, 32), "precision", "32", "0..31");
  CHECK_REFUSED(Table({0, 1}, 4).range_of(1), "symbol", "1", "0");
  CHECK_REFUSED(Table::of_counts(Symbols{9, 9}, 4), "sum of counts", "18", "0..16");
  CHECK_REFUSED(Counts(Symbols{0, 0}), "sum of counts", "0", "1..");
  CHECK_REFUSED(Uniform(33), "precision", "33", "0..32");
  CHECK_REFUSED(Bernoulli(16, 4), "freq0", "16", "1..15");
  CHECK_REFUSED(bernoulli(nan, 4), "p", "nan", "0..1");
  CHECK_REFUSED(bernoulli(1.5f, 4), "p", "1.5", "0..1");
  CHECK_REFUSED(categorical(Reals(17, 0.1), 4), "number of probabilities", "17", "1..16");
  CHECK_REFUSED(categorical(Reals{nan, 1}, 4), "probability", "nan", "0..1");
  CHECK_REFUSED(categorical(Reals{-0.5, 1}, 4), "probability", "-0.5", "0..1");
  CHECK_REFUSED(categorical_of_weights(Reals{0, 0}, 4), "sum of weights", "0", "above 0");
  CHECK_REFUSED(gaussian(std_gaussian_bins(4), 0.0, 0.0, 12), "stdd", "0", "above 0");
  CHECK_REFUSED(gaussian(std_gaussian_bins(4), nan, 1.0, 12), "mean", "nan", "finite");
  CHECK_REFUSED(logistic(0, 0, 12, 8, 1, 1), "high", "1", "above low");
  CHECK_REFUSED(logistic(0, 0, 4, 8, 0, 1), "bin_prec", "8", "0..4");
  CHECK_REFUSED(logistic_mixture(Reals{0}, Reals{}, Reals{0}, 12, 8, 0, 1), "log_scales", "0", "1");
  CHECK_REFUSED(beta_binomial(10, -1, 1, 12), "a", "-1", "above 0");
  CHECK_REFUSED(binomial(10, 2, 12), "p", "2", "0..1");
  Message m;
  CHECK_REFUSED(m.push(Table({0, 0, 16}, 4), 0), "freq", "0", "1..16");
  CHECK_THROWS_AS(m.push(Counts(Symbols{0, 3}), 0), std::invalid_argument);
  CHECK(is_base(m));
}

}  // namespace transom::stack
