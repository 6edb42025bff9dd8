// test_vae_arithmetic.cpp — the functions of integers, beside the machine's floating point; layers;
// the digests of what they code.
// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>
#include <cmath>
#include <numeric>

#include "transom/base/crc32.hpp"
#include "transom/stack/bits_back.hpp"
#include "transom/stack/flatten.hpp"
#include "transom/vae/coder.hpp"
#include "vae_models.hpp"

using namespace transom;
using namespace transom::stack;
using support::Random;

TEST_CASE("vae: exp2, log2 and the normal distribution are near what they are called") {
  for (std::int64_t x = 0; x > -(33 << 16); x -= 4999) {
    const double want = std::exp2(30 + static_cast<double>(x) / 65536);
    CHECK(std::abs(vae::exp2_fixed(x) - want) <= 1 + want * 2e-9);
  }
  CHECK(vae::exp2_fixed(0) == 1u << 30);
  CHECK(vae::exp2_fixed(-(std::int64_t{1} << 40)) == 0);
  for (std::uint32_t n = 1; n < 1u << 24; n += 1 + n / 50) {
    const double error = vae::log2_coarse(n) - 65536 * std::log2(n);
    CHECK(error <= 0.5);
    CHECK(error > -65536 * std::log2(1 + 1 / 256.0) - 0.5);
  }
  std::uint64_t before = 0;
  for (std::int64_t t = -600000; t < 600000; t += 61) {
    const double want = 0.5 * std::erfc(-static_cast<double>(t) / 65536 / std::sqrt(2));
    const std::uint64_t cdf = vae::normal_cdf(t);
    CHECK(std::abs(static_cast<double>(cdf) / 4294967296.0 - want) < 8e-6);
    CHECK(cdf >= before);
    before = cdf;
  }
}

TEST_CASE("vae: edges and centres of bins are those of the normal distribution") {
  for (const unsigned p : {1u, 4u, 8u, 10u}) {
    const auto bins = std_gaussian_bins(p);
    for (std::uint32_t i = 0; i < 1u << p; ++i) {
      CHECK(std::abs(vae::normal_centre(i, p) / 4096.0 - bins->centres[i]) < 0.6 / 4096);
      if (i > 0) CHECK(std::abs(vae::normal_edge(i, p) / 65536.0 - bins->edges[i]) < 0.6 / 65536);
    }
  }
}

TEST_CASE("vae: slots of a posterior are those of floating point, and every bin has one") {
  const unsigned p = 8, R = 20;
  const vae::Bins bins(p, R);
  const auto real = std_gaussian_bins(p);
  for (const int mean : {-9000, -100, 0, 3, 4096, 12345}) {
    for (const int log2_stdd : {-2560, -1000, -256, 0, 100, 1024}) {
      const auto q =
          vae::Bins::normal(static_cast<std::int16_t>(mean), static_cast<std::int16_t>(log2_stdd));
      const double stdd = std::exp2(log2_stdd / 256.0);
      std::uint32_t next = 0;
      for (std::uint32_t i = 0; i < 1u << p; ++i) {
        const RansRange range = bins.range_of(q, i);
        CHECK(range.cum == next);
        CHECK(range.freq >= 1);
        next = range.cum + range.freq;
        if (i > 0) {
          const double t = (real->edges[i] - mean / 4096.0) / stdd;
          const double want = i + ((1 << R) - 256) * 0.5 * std::erfc(-t / std::sqrt(2));
          CHECK(std::abs(range.cum - want) < 2 + (1 << R) * (8e-6 + 1.0 / 65536 / stdd));
        }
      }
      CHECK(next == 1u << R);
    }
  }
}

TEST_CASE("vae: tables of beta-binomial values are those of floating point") {
  const unsigned R = 18, n = GENERATE(255u, 16u, 1u);
  vae::ShapeTables tables(R, n);
  for (const auto& [a, b] :
       {std::pair{-64, -64}, {-64, 63}, {63, -64}, {63, 63}, {0, 0}, {5, 20}}) {
    const auto* starts = tables.starts(static_cast<std::int16_t>(a), static_cast<std::int16_t>(b));
    std::vector<double> p(n + 1);
    const double alpha = std::exp2(a / 4.0), beta = std::exp2(b / 4.0);
    const auto log_beta = [](double x, double y) {
      return std::lgamma(x) + std::lgamma(y) - std::lgamma(x + y);
    };
    for (unsigned k = 0; k <= n; ++k) {
      p[k] = std::exp(std::lgamma(n + 1) - std::lgamma(k + 1) - std::lgamma(n + 1 - k) +
                      log_beta(alpha + k, beta + n - k) - log_beta(alpha, beta));
    }
    const double sum = std::accumulate(p.begin(), p.end(), 0.0);
    std::uint32_t next = 0, most = 0;
    for (unsigned k = 0; k <= n; ++k) {
      most = std::max(most, tables.range_of(starts, static_cast<std::uint8_t>(k)).freq);
    }
    for (unsigned k = 0; k <= n; ++k) {
      const RansRange range = tables.range_of(starts, static_cast<std::uint8_t>(k));
      CHECK(range.cum == next);
      const double want = 1 + p[k] / sum * ((1 << R) - n - 1);
      CHECK(range.freq >= 1);
      const double left = range.freq == most ? n + 1 : 0;  // of rounding, to the heaviest
      CHECK(std::abs(range.freq - want) < 2 + want * 1e-4 + left);
      next = range.cum + range.freq;
      CHECK(vae::ShapeTables::owner_of(starts, range.cum) == k);
      CHECK(vae::ShapeTables::owner_of(starts, next - 1) == k);
    }
    CHECK(next == 1u << R);
  }
}

TEST_CASE("vae: a layer is what its formula says, at its limits, too") {
  Random random(1);
  for (const std::size_t columns : {1u, 15u, 16u, 17u, 100u}) {
    auto layer = support::random_layer(9, columns, 1000, 2000, 900, -500, 700, random);
    layer.shift = 24;
    layer.bias[0] = INT32_MAX - 1, layer.multipliers[0] = INT32_MAX;  // saturates
    std::fill_n(layer.weights.begin(), columns, std::int16_t{0});
    layer.multipliers[1] = 0;
    for (const unsigned shift : {0u, 1u, 24u, 62u}) {
      layer.shift = static_cast<std::uint8_t>(shift);
      const vae::Dense dense(layer);
      std::vector<std::int16_t> x(dense.padded_columns()), y(9);
      for (std::size_t j = 0; j < columns; ++j) x[j] = static_cast<std::int16_t>(random() % 4001);
      dense.apply(x, y);
      for (std::size_t i = 0; i < 9; ++i) {
        std::int64_t sum = layer.bias[i];
        for (std::size_t j = 0; j < columns; ++j) sum += layer.weights[i * columns + j] * x[j];
        // floor(product / 2^shift + 1/2): the halves of a product are counted, and rounded up.
        const std::int64_t product = sum * layer.multipliers[i];
        const std::int64_t halves = shift == 0 ? 0 : product >> (shift - 1);
        const std::int64_t want = shift == 0 ? product : (halves >> 1) + (halves & 1);
        CHECK(y[i] == std::clamp<std::int64_t>(want, -500, 700));
      }
    }
  }
}

TEST_CASE("vae: with one latent vector an image is coded as bb_ans() codes it") {
  const vae::Model model(support::random_model({}, 11));
  const auto& p = model.parameters();
  vae::Coder coder(model);
  Random random(12);
  const auto full = random_message(1, 300, random);
  // The same by codecs of model/stack, of tables that are made one by one.
  const auto run = [](const std::vector<vae::Layer>& layers, std::vector<std::int16_t> x) {
    for (const vae::Layer& layer : layers) {
      const vae::Dense dense(layer);
      x.resize(dense.padded_columns());
      std::vector<std::int16_t> y(dense.rows());
      dense.apply(x, y);
      x = y;
    }
    return x;
  };
  const auto posterior = [&](const std::vector<std::uint32_t>& image) {
    const std::vector<std::int16_t> x(image.begin(), image.end());
    auto with = [&](const vae::Layer& head) {
      auto layers = p.recogniser;
      layers.push_back(head);
      return run(layers, x);
    };
    const auto mean = with(p.mean), log2_stdd = with(p.log2_stdd);
    const vae::Bins bins(p.prior_bits, p.latent_bits);
    std::vector<Table> each;
    for (std::size_t i = 0; i < mean.size(); ++i) {
      std::vector<std::uint32_t> cdf;
      for (std::uint32_t b = 0; b <= 1u << p.prior_bits; ++b) {
        cdf.push_back(bins.start(vae::Bins::normal(mean[i], log2_stdd[i]), b));
      }
      each.emplace_back(cdf, p.latent_bits);
    }
    return serial(each);
  };
  const auto likelihood = [&](const std::vector<std::uint32_t>& z) {
    std::vector<std::int16_t> x;
    for (const std::uint32_t bin : z) x.push_back(vae::normal_centre(bin, p.prior_bits));
    auto layers = p.generator;
    layers.push_back(p.likelihood);
    std::vector<Table> each;
    for (const std::int16_t logit : run(layers, x)) {
      const double one = 1 / (1 + std::exp(-logit / 64.0)) * (1u << p.observation_bits);
      const auto n_one = static_cast<std::uint32_t>(
          std::clamp(std::floor(one + 0.5), 1.0, (1u << p.observation_bits) - 1.0));
      each.push_back(
          Table::of_counts(std::vector<std::uint32_t>{(1u << p.observation_bits) - n_one, n_one},
                           p.observation_bits));
    }
    return serial(each);
  };
  const auto codec = bb_ans(repeat(Uniform(p.prior_bits), model.latents()), likelihood, posterior);
  auto one = full, other = full;
  for (int i = 0; i < 5; ++i) {
    const auto image = support::random_image(model, random);
    coder.push(one, image);
    other.push(codec, {image.begin(), image.end()});
    REQUIRE(one == other);
  }
}

TEST_CASE("vae: models and messages have the digests that they have on every machine") {
  // CRC-32C of the messages that seeded models make of seeded images: whatever the compiler, the
  // processor and TRANSOM_ISA.
  const auto digest = [](const support::ModelShape& shape) {
    const vae::Model model(support::random_model(shape, 21));
    vae::Coder coder(model);
    Random random(22);
    auto m = random_message(1, 200, random);
    for (int i = 0; i < 10; ++i) coder.push(m, support::random_image(model, random));
    std::vector<std::uint8_t> bytes;
    for (const std::uint32_t word : flatten(m)) {
      for (unsigned shift = 0; shift < 32; shift += 8)
        bytes.push_back(static_cast<std::uint8_t>(word >> shift));
    }
    return std::uint64_t{model.digest()} << 32 | crc32c(bytes);
  };
  CHECK(digest({}) == 0xe0e8c1fc4e75357f);
  CHECK(digest({vae::Observation::kBetaBinomial, 50, 7, 2, 8, 24, 18, 40}) == 0x5c66995af6e15081);
}
