// test_vae_coder.cpp — images by networks, of integers and of reals: what is popped is what was
// pushed.
// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include "transom/stack/bits_back.hpp"
#include "transom/stack/flatten.hpp"
#include "transom/stack/multiset.hpp"
#include "transom/vae/real/real_networks.hpp"
#include "vae_models.hpp"

using namespace transom;
using namespace transom::stack;
using support::Random;
using vae::Observation;

namespace {

template <class Geometry, class Model>
void there_and_back(const Model& model, std::uint32_t seed, std::size_t n_images) {
  vae::CoderOf coder(model), other(model);
  Random random(seed);
  auto m = random_message<Geometry>(1, 500, random);
  const auto before = m;
  std::vector<std::vector<std::uint8_t>> images(n_images);
  for (auto& image : images) {
    image = support::random_image(model, random);
    coder.push(m, image);
  }
  CHECK(m != before);
  for (std::size_t i = images.size(); i-- > 0;) CHECK(m.pop(vae::Image(other)) == images[i]);
  CHECK(m == before);
}

std::vector<support::ModelShape> shapes() {
  std::vector<support::ModelShape> all;
  for (const Observation observation : {Observation::kBernoulli, Observation::kBetaBinomial}) {
    for (const unsigned particles_log : {0u, 1u, 3u}) {
      all.push_back({observation, 30, 5, particles_log});
      all.push_back({observation, 1, 1, particles_log, 1, 2, 9, 1});
      all.push_back({observation, 50, 17, particles_log, 10, 24, 16, 33});
    }
  }
  return all;
}

}  // namespace

TEST_CASE("vae: images come back in both geometries, and the message is as before") {
  std::uint32_t seed = 1;
  for (const auto& shape : shapes()) {
    CAPTURE(seed, shape.particles_log, shape.pixels);
    const vae::Model model(support::random_model(shape, seed));
    there_and_back<Rans64x32>(model, seed, 20);
    there_and_back<Rans64x32Full>(model, seed++, 20);
  }
}

TEST_CASE("reals: images come back in both geometries, and the message is as before") {
  std::uint32_t seed = 1;
  for (const auto& shape : shapes()) {
    CAPTURE(seed, shape.particles_log, shape.pixels);
    const vae::RealModel model(support::random_real_model(shape, seed));
    there_and_back<Rans64x32>(model, seed, 3);
    there_and_back<Rans64x32Full>(model, seed++, 3);
  }
}

TEST_CASE("vae: a set of images is cheaper than a list of them by its order") {
  const vae::Model model(support::random_model({}, 5));
  vae::Coder coder(model);
  Random random(6);
  std::vector<std::vector<std::uint8_t>> images(60);
  for (auto& image : images) image = support::random_image(model, random);
  const auto full = random_message(1, 500, random);
  auto list = full, set = full;
  list.push(repeat(vae::Image(coder), images.size()), images);
  const auto codec = multiset(vae::Image(coder), images.size());
  set.push(codec, images);
  const double saved = std::lgamma(61.0) / std::log(2.0);  // 272 bits
  const auto n_words = [&](const Message<>& m) { return static_cast<double>(m.tail().size()); };
  CHECK(32 * (n_words(list) - n_words(set)) > saved - 100);
  std::sort(images.begin(), images.end());
  CHECK(set.pop(codec) == images);
  CHECK(set == full);
}

TEST_CASE("vae: an image of other pixels is refused, and a message that is too short") {
  const vae::Model model(support::random_model({}, 7));
  vae::Coder coder(model);
  Message<> m;
  std::vector<std::uint8_t> image(model.pixels());
  CHECK_THROWS_AS(coder.push(m, image), UnderflowError);
  image[3] = 2;
  CHECK_THROWS_WITH(coder.push(m, image),
                    "vae::Coder::push: image[3] is 2; must be 0..1 for this model");
  image.pop_back();
  CHECK_THROWS_AS(coder.push(m, image), PreconditionError);
  CHECK_THROWS_AS(coder.pop(m, image), PreconditionError);
}
