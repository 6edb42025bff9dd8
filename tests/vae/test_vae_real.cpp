// test_vae_real.cpp — networks in floating point: the order of their sums, the codecs behind them,
// and what tells that they are computed otherwise.
// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>
#include <cfenv>

#include "transom/stack/bits_back.hpp"
#include "transom/stack/special.hpp"
#include "transom/vae/images/code_images.hpp"
#include "transom/vae/real/platform.hpp"
#include "transom/vae/real/real_networks.hpp"
#include "vae_models.hpp"

using namespace transom;
using namespace transom::stack;
using support::Random;
using vae::Observation;

namespace {

using Reals = std::vector<double>;

/// Row by row, as the page has it; clipped.
Reals plain(const vae::RealLayer& layer, const Reals& x, double least, double most) {
  Reals y;
  for (std::size_t i = 0; i < layer.rows(); ++i) {
    double sum = layer.bias[i];
    for (std::size_t j = 0; j < x.size(); ++j) sum += layer.weights[i * x.size() + j] * x[j];
    y.push_back(std::clamp(sum, least, most));
  }
  return y;
}
Reals through(const std::vector<vae::RealLayer>& layers, Reals x) {
  for (const auto& layer : layers) x = plain(layer, x, 0, vae::kMostReal);
  return x;
}

/// An image by the coder, and by a codec of model/stack whose networks are the ones above.
template <Observation observation>
void check_against_stack() {
  const vae::RealModel model(support::random_real_model({observation, 30, 5, 0}, 11));
  const auto& p = model.parameters();
  const unsigned R = p.observation_bits;
  using Symbols = std::vector<std::uint32_t>;
  const auto recognise = [&](const Symbols& image) {
    const Reals h = through(p.recogniser, {image.begin(), image.end()});
    const Reals mean = plain(p.mean, h, -8, 8), log2_stdd = plain(p.log2_stdd, h, -10, 4);
    std::vector<MeanAndStdd<double>> q;
    for (std::size_t i = 0; i < mean.size(); ++i) q.push_back({mean[i], std::exp2(log2_stdd[i])});
    return q;
  };
  const auto generate = [&](const Reals& z) {
    const Reals h = through(p.generator, z);
    if constexpr (observation == Observation::kBernoulli) {
      std::vector<Bernoulli> pixels;
      for (const double logit : plain(p.likelihood, h, -1023 / 64.0, 1023 / 64.0)) {
        pixels.push_back(bernoulli(logistic_cdf(logit), R));
      }
      return serial(std::move(pixels));
    } else {
      const Reals y = plain(p.likelihood, h, -16, 15.75);
      std::vector<Table> pixels;
      for (std::size_t i = 0; i < 30; ++i) {
        pixels.push_back(beta_binomial(255, std::exp2(y[i]), std::exp2(y[i + 30]), R));
      }
      return serial(std::move(pixels));
    }
  };
  const auto codec = stack::vae<double>(5, recognise, generate, {p.prior_bits, p.latent_bits});
  vae::RealCoder coder(model);
  Random random(12);
  auto one = random_message(1, 300, random), other = one;
  for (int i = 0; i < 5; ++i) {
    const auto image = support::random_image(model, random);
    coder.push(one, image);
    other.push(codec, {image.begin(), image.end()});
    REQUIRE(one == other);
  }
}

/// Rounds upwards as long as it lives: another machine.
class OtherMachine {
 public:
  OtherMachine() { std::fesetround(FE_UPWARD); }
  ~OtherMachine() { std::fesetround(FE_TONEAREST); }
  OtherMachine(const OtherMachine&) = delete;
  OtherMachine& operator=(const OtherMachine&) = delete;
};

}  // namespace

TEST_CASE("reals: a layer of reals adds from the bias and the first column on, in double") {
  // 1 is lost in 2^53, and 2^53 - 2^53 + 1 is not.
  const double huge = 9007199254740992;
  const vae::RealLayer layer{{0, 1}, {huge, -huge, 1, huge, -huge, 1}};
  Reals y(2);
  vae::RealDense(layer).apply(Reals{1, 1, 1}, y);
  CHECK(y == Reals{1, 1});
  vae::RealDense({{1, 1}, {huge, -huge, huge, -huge + 2}}).apply(Reals{1, 1}, y);
  CHECK(y == Reals{0, 2});
  // A product is rounded before it is added: 1 - (1 + 2^-30)(1 - 2^-30) is 2^-60.
  const double tiny = std::exp2(-30);
  vae::RealDense({{-1}, {1 + tiny}}).apply(Reals{1 - tiny}, std::span(y).first(1));
  CHECK(y[0] == 0);
  Random random(1);
  for (const std::size_t columns : {1u, 2u, 100u}) {
    const auto any = support::random_real_layer(9, columns, 1, 0, random);
    Reals x(columns), found(9);
    for (double& v : x) v = random() / 65536.0;
    vae::RealDense(any).apply(x, found);
    CHECK(found == plain(any, x, -1e300, 1e300));
    CHECK_THROWS_AS(vae::RealDense(any).apply(x, std::span(found).first(8)), PreconditionError);
  }
}

TEST_CASE("reals: in floating point an image is coded as stack::vae() codes it") {
  check_against_stack<Observation::kBernoulli>();
  check_against_stack<Observation::kBetaBinomial>();
}

TEST_CASE("reals: pixels of 0 .. n have n + 1 values") {
  auto p = support::random_real_model({Observation::kBetaBinomial, 30, 5, 1}, 9);
  p.n = 16;
  const vae::RealModel model(p);
  CHECK(vae::read_real_model(vae::write_model(p)).model->parameters() == p);
  vae::RealNetworks networks(model);
  networks.generate(0, std::vector<std::uint16_t>(5));
  const unsigned R = p.observation_bits;
  const Table want = beta_binomial(16, networks.numbers()[3], networks.numbers()[33], R);
  for (std::uint8_t value = 0; value <= 16; ++value) {
    CHECK(networks.pixel_range(0, 3, value).cum == want.cdf()[value]);
  }
  CHECK(networks.pixel_owner(0, 3, (1u << R) - 1) == 16);
  CHECK(vae::fingerprint(model) == vae::fingerprint(model));
  vae::RealCoder coder(model);
  Random random(10);
  auto m = random_message(1, 300, random);
  CHECK_THROWS_AS(coder.push(m, std::vector<std::uint8_t>(30, 17)), PreconditionError);
}

TEST_CASE("reals: what the networks put out is clipped to the limits of integers") {
  for (const double sign : {-1.0, 1.0}) {
    for (const auto observation : {Observation::kBernoulli, Observation::kBetaBinomial}) {
      auto p = support::random_real_model({observation}, 3);
      for (auto* layer : {&p.mean, &p.log2_stdd, &p.likelihood}) {
        std::fill(layer->bias.begin(), layer->bias.end(), sign * 1e6);
      }
      vae::RealNetworks networks{vae::RealModel(p)};
      networks.recognise(std::vector<std::uint8_t>(30));
      const double stdd = sign < 0 ? std::exp2(-10) : 16;
      CHECK(networks.numbers().size() == 10);
      for (std::size_t i = 0; i < 10; ++i) {
        CHECK(networks.numbers()[i] == (i < 5 ? sign * 8 : stdd));
      }
      networks.generate(0, std::vector<std::uint16_t>(5));
      const double shape = sign < 0 ? std::exp2(-16) : std::exp2(15.75);
      const bool bits = observation == Observation::kBernoulli;
      CHECK(networks.numbers().size() == (bits ? 30 : 60));
      for (const double v : networks.numbers()) {
        CHECK(v == (bits ? logistic_cdf(sign * 1023 / 64) : shape));
      }
    }
  }
}

TEST_CASE("reals: a bin that has no slots in floating point is an error, not a step") {
  auto p = support::random_real_model({}, 3);
  std::fill(p.mean.bias.begin(), p.mean.bias.end(), 100.0);            // 8 at most
  std::fill(p.log2_stdd.bias.begin(), p.log2_stdd.bias.end(), -99.0);  // -10 at least
  vae::RealCoder coder{vae::RealModel(p)};
  Random random(4);
  auto m = random_message(1, 300, random);
  std::vector<std::uint8_t> image(30);
  CHECK_THROWS_AS(coder.pop(m, image), SlotError);  // all slots are the last bin's
  m = random_message(1, 300, random);
  const auto before = m;
  coder.push(m, image);
  coder.pop(m, image);
  CHECK(m == before);
}

TEST_CASE("reals: a fingerprint is a model's on a machine, and another machine has another") {
  for (const auto observation : {Observation::kBernoulli, Observation::kBetaBinomial}) {
    const vae::RealModel model(support::random_real_model({observation, 30, 5, 1}, 7));
    const std::uint32_t here = vae::fingerprint(model);
    CHECK(vae::fingerprint(model) == here);
    CHECK(vae::fingerprint(vae::RealModel(model.parameters())) == here);
    auto p = model.parameters();
    p.likelihood.bias[3] += 1e-12;
    CHECK(vae::fingerprint(vae::RealModel(p)) != here);
    const OtherMachine there;
    CHECK(vae::fingerprint(model) != here);
  }
  const std::string name = vae::platform_name();
  CHECK(name.size() <= vae::kMaxPlatformBytes);
  CHECK(std::all_of(name.begin(), name.end(), [](char ch) { return ch >= ' ' && ch <= '~'; }));
}

TEST_CASE("reals: images that another machine's numbers decode are never taken for those coded") {
  const vae::RealModel model(support::random_real_model({Observation::kBernoulli, 30, 5, 1}, 7));
  vae::RealCoder coder(model);
  Random random(8);
  vae::ImageSet images{{5, 6}, {}};
  for (int i = 0; i < 300; ++i) {
    const auto image = support::random_image(model, random);
    images.pixels.insert(images.pixels.end(), image.begin(), image.end());
  }
  for (const bool multiset : {false, true}) {
    auto coded = vae::encode_images(vae::Image(coder), 2, images, multiset, {}).coded;
    coded.floating_point = {vae::fingerprint(model), vae::platform_name(), vae::check_of(images)};
    const auto decoded = vae::decode_images(vae::Image(coder), 2, coded);
    CHECK(decoded.status == Status::kOk);
    CHECK((multiset || decoded.images == images));
    // Other weights of the same message: numbers that differ in their 20th bit.
    auto p = model.parameters();
    for (double& w : p.likelihood.weights) w *= 1 + 1e-6;
    vae::RealCoder other{vae::RealModel(p)};
    CHECK(vae::decode_images(vae::Image(other), 2, coded).status != Status::kOk);
    coded.floating_point->images_check ^= 1;
    CHECK(vae::decode_images(vae::Image(coder), 2, coded).status == Status::kBadChecksum);
  }
}
