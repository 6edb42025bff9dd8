// test_vae_recording.cpp — the steps of a run undo it, without the codecs that made them.
// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include "random.hpp"
#include "transom/stack/bits_back.hpp"
#include "transom/stack/multiset.hpp"
#include "transom/vae/coder.hpp"
#include "transom/vae/recording.hpp"
#include "vae_models.hpp"

using namespace transom;
using namespace transom::stack;
using support::Random;

TEST_CASE("vae: what is recorded of images takes them back without the network") {
  const vae::Model model(support::random_model({vae::Observation::kBernoulli, 30, 5, 1}, 3));
  vae::Coder coder(model);
  Random random(4);
  const auto before = random_message(1, 300, random);
  auto plain = before, recorded = before;
  vae::Recording recording(recorded);
  for (int i = 0; i < 10; ++i) {
    const auto image = support::random_image(model, random);
    coder.push(plain, image);
    coder.push(recording, image);
  }
  CHECK(recorded == plain);
  // Per image: both latent vectors popped, one of them pushed back; which one; pixels, bins, it.
  REQUIRE(recording.steps().size() == 10 * (3 * 5 + 1 + 30 + 5 + 1));
  CHECK(recording.steps()[0].is_pop);
  CHECK(recording.steps()[0].precision == 16);
  CHECK(!recording.steps().back().is_pop);

  std::vector<vae::Step> forged(recording.steps().begin(), recording.steps().end());
  forged.back().range.cum ^= 1;
  auto bad = recorded;
  CHECK_THROWS_AS(vae::undo(bad, forged), SlotError);
  vae::undo(recorded, recording.steps());
  CHECK(recorded == before);
}

TEST_CASE("vae: a recording of several heads, or of what left no steps, is refused") {
  Message<> many(2);
  CHECK_THROWS_WITH(vae::Recording(many), Catch::Contains("number of heads is 2"));
  Random random(5);
  auto m = random_message(1, 50, random);
  vae::Recording recording(m);
  Uniform(8).push(recording, 3u);
  CHECK(recording.steps()[0] == vae::Step{{3, 1}, 8, false});
  multiset(Uniform(8), 2).push(m, {1u, 2u});
  CHECK_THROWS_WITH(Uniform(8).push(recording, 3u), Catch::Contains("message is changed"));
}
