// test_vae_model.cpp — files of networks: read as they were written, refused by field.
// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include "transom/base/crc32.hpp"
#include "transom/base/precondition.hpp"
#include "vae_models.hpp"

using namespace transom;
using support::random_model;
using support::random_real_model;
using vae::read_model;
using Bytes = std::vector<std::uint8_t>;

namespace {

/// The last word is put right, so that what is behind the checksum is looked at.
Bytes mended(Bytes bytes) {
  const std::uint32_t crc = crc32c(std::span(bytes).first(bytes.size() - 4));
  for (std::size_t i = 0; i < 4; ++i)
    bytes[bytes.size() - 4 + i] = static_cast<std::uint8_t>(crc >> 8 * i);
  return bytes;
}

void check_refused(const vae::Parameters& p, const std::string& what) {
  CAPTURE(what);
  const auto read = read_model(vae::write_model(p));
  CHECK(read.status == Status::kBadHeader);
  CHECK(!read.model);
  CHECK(read.what == what);
  CHECK_THROWS_WITH(vae::Model(p), Catch::Contains(what));
}

}  // namespace

TEST_CASE("vae: a model is read as it was written, and knows its checksum") {
  for (const auto observation : {vae::Observation::kBernoulli, vae::Observation::kBetaBinomial}) {
    const auto p = random_model({observation, 31, 5, 2}, 3);
    const Bytes bytes = vae::write_model(p);
    const auto read = read_model(bytes);
    REQUIRE(read.status == Status::kOk);
    CHECK(read.model->parameters() == p);
    CHECK(read.model->pixels() == 31);
    CHECK(read.model->latents() == 5);
    CHECK(read.model->particles() == 4);
    CHECK(read.model->digest() == crc32c(std::span(bytes).first(bytes.size() - 4)));
    CHECK(vae::Model(p).digest() == read.model->digest());
  }
}

TEST_CASE("vae: a file that is cut, flipped or longer is refused") {
  const auto status_of = [](std::span<const std::uint8_t> bytes) {
    return vae::is_real_model(bytes) ? vae::read_real_model(bytes).status
                                     : read_model(bytes).status;
  };
  const support::ModelShape small{vae::Observation::kBernoulli, 9, 2, 0, 6, 16, 14, 4};
  for (const Bytes& good :
       {vae::write_model(random_model({}, 4)), vae::write_model(random_real_model(small, 4))}) {
    REQUIRE(status_of(good) == Status::kOk);
    for (std::size_t n = 0; n < good.size(); ++n) {
      REQUIRE(status_of(std::span(good).first(n)) == Status::kTruncated);
    }
    for (std::size_t i = 0; i < 8 * good.size(); i += 7) {
      Bytes bad = good;
      bad[i / 8] ^= static_cast<std::uint8_t>(1u << i % 8);
      REQUIRE(status_of(bad) != Status::kOk);
    }
    Bytes longer = good;
    longer.push_back(0);
    CHECK(status_of(longer) == Status::kTrailing);
  }
}

TEST_CASE("vae: a model of reals is read as it was written, and no number in it is none") {
  const auto p = random_real_model({vae::Observation::kBetaBinomial, 31, 5, 2}, 3);
  const Bytes bytes = vae::write_model(p);
  REQUIRE(vae::is_real_model(bytes));
  const auto read = vae::read_real_model(bytes);
  REQUIRE(read.status == Status::kOk);
  CHECK(read.model->parameters() == p);
  CHECK(read.model->digest() == crc32c(std::span(bytes).first(bytes.size() - 4)));
  CHECK(read_model(bytes).what == "byte 0: magic: this is no model of integer networks");
  const Bytes integers = vae::write_model(random_model({}, 3));
  CHECK(vae::read_real_model(integers).what == "byte 0: magic: this is no model of real numbers");
  CHECK(!vae::is_real_model(std::span(bytes).first(3)));

  for (const double bad : {std::nan(""), HUGE_VAL, -HUGE_VAL, 1.5 * (1 << 30)}) {
    auto other = p;
    other.mean.weights[4] = bad;
    CHECK(vae::read_real_model(vae::write_model(other)).what ==
          "mean: weights[4]: must be a number of at most 2^30");
    other = p;
    other.generator[0].bias[3] = bad;
    CHECK_THROWS_WITH(vae::RealModel(other), Catch::Contains("generator[0]: bias[3]: must be a n"));
  }
  // 16 latent vectors of 4,097 bytes want a table each.
  const auto large = random_real_model({vae::Observation::kBetaBinomial, 4097, 1, 4}, 3);
  CHECK(vae::read_real_model(vae::write_model(large)).what ==
        "pixels times latent vectors: 65552 must be 1..65536");
}

TEST_CASE("vae: n of the beta-binomial is in the file, 255 as nothing") {
  auto p = random_model({vae::Observation::kBetaBinomial}, 4);
  Bytes bytes = vae::write_model(p);
  CHECK(bytes[13] == 0);
  bytes[13] = 255;
  CHECK(read_model(mended(bytes)).what == "byte 13: n: 255 is said by 0");
  p.n = 16;
  bytes = vae::write_model(p);
  CHECK(bytes[13] == 16);
  CHECK(read_model(bytes).model->parameters() == p);
  CHECK(read_model(bytes).model->largest_pixel() == 16);
}

TEST_CASE("vae: a header that claims more than there is allocates nothing") {
  Bytes bytes = vae::write_model(random_model({}, 4));
  for (const std::size_t field : {16u, 20u, 24u}) {  // pixels, latents, the first width
    Bytes bad = bytes;
    bad[field] = 0, bad[field + 1] = 0x40;
    const auto read = read_model(mended(bad));
    CHECK(read.status == Status::kTruncated);
    CHECK_THAT(read.what, Catch::Contains(" needs "));
    bad[field + 3] = 0xff;
    CHECK(read_model(mended(bad)).status == Status::kBadHeader);
  }
}

TEST_CASE("vae: what is no model is refused by its field") {
  const auto refused = [](auto change, const std::string& what) {
    auto p = random_model({}, 8);
    change(p);
    check_refused(p, what);
  };
  using P = vae::Parameters;
  refused([](P& p) { p.prior_bits = 11; }, "prior bits: 11 must be 1..10");
  refused([](P& p) { p.latent_bits = 6; }, "latent bits: 6 must be 7..24");
  refused([](P& p) { p.observation_bits = 21; }, "observation bits: 21 must be 1..20");
  refused([](P& p) { p.particles_log = 5; }, "log2 of particles: 5 must be 0..4");
  refused([](P& p) { p.generator.clear(); }, "layers of the generator: 0 must be 1..15");
  refused([](P& p) { p.mean.low = 9, p.mean.high = 8; }, "mean: low: is above high");
  refused([](P& p) { p.log2_stdd.low = -2561; }, "log2 stdd: low: must be at least -2560");
  refused([](P& p) { p.likelihood.high = 1024; }, "likelihood: high: must be at most 1023");
  refused([](P& p) { p.recogniser[1].shift = 63; }, "recogniser[1]: shift: must be 0..62");
  refused([](P& p) { p.mean.multipliers[4] = -1; }, "mean: multipliers[4]: must not be negative");
  refused(
      [](P& p) {
        auto& layer = p.generator[0];
        std::fill_n(layer.weights.begin(), 5, std::int16_t{0});
        layer.bias[0] = INT32_MIN;
      },
      "generator[0]: weights[0]: a sum may reach 2147483648, over 2^31 - 1");
  auto p = random_model({vae::Observation::kBetaBinomial}, 8);
  p.observation_bits = 8;
  check_refused(p, "observation bits: 8 must be 9..20");
  p.observation_bits = 9, p.n = 0;
  CHECK_THROWS_WITH(vae::Model(p), Catch::Contains("n: 0 must be 1..255"));
  refused([](P& bits) { bits.n = 16; }, "n: 16 must be 255..255");
}

TEST_CASE("vae: a sum that reaches 2^31 - 1 is a model's, and no more") {
  auto p = random_model({}, 9);
  auto& layer = p.recogniser[0];
  std::fill_n(layer.weights.begin(), 30, std::int16_t{0});
  layer.weights[7] = -3;
  layer.bias[0] = -(INT32_MAX - 3);
  CHECK(read_model(vae::write_model(p)).model);
  layer.bias[0] -= 1;
  check_refused(p, "recogniser[0]: weights[0]: a sum may reach 2147483648, over 2^31 - 1");
}

TEST_CASE("vae: parameters whose shapes differ are refused") {
  auto p = random_model({}, 8);
  p.mean.bias.push_back(0);
  CHECK_THROWS_AS(vae::Model(p), PreconditionError);
  p = random_model({}, 8);
  p.likelihood.weights.pop_back();
  CHECK_THROWS_WITH(vae::Model(p), Catch::Contains("likelihood: shape"));
}
