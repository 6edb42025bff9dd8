// vae.cpp — how many images a second networks of integers code, of the sizes that bits-back has for
// MNIST.
// SPDX-License-Identifier: Apache-2.0
#include <benchmark/benchmark.h>

#include <cmath>
#include <memory>
#include <random>
#include <string>

#include "stack.hpp"
#include "transom/vae/coder.hpp"

namespace transom {
namespace {

using namespace stack;

/// Weights that let each layer's outputs spread over their range: random, as large as trained ones.
vae::Layer layer(std::size_t rows, std::size_t columns, double input, double output,
                 std::int16_t low, std::int16_t high, std::mt19937& random) {
  vae::Layer made{low, high, 30, std::vector<std::int32_t>(rows), {}, {}};
  std::normal_distribution<double> weight(0, 1000);
  const double sum = 1000 * input * std::sqrt(static_cast<double>(columns));
  made.multipliers.assign(rows, static_cast<std::int32_t>(output / sum * std::exp2(30)));
  for (std::size_t i = 0; i < rows * columns; ++i) {
    made.weights.push_back(static_cast<std::int16_t>(weight(random)));
  }
  return made;
}

vae::Model model(vae::Observation observation, std::size_t hidden, std::size_t latents,
                 unsigned particles_log) {
  constexpr std::size_t kPixels = 784;
  std::mt19937 random(1);
  const bool bits = observation == vae::Observation::kBernoulli;
  vae::Parameters p;
  p.observation = observation;
  p.particles_log = particles_log;
  p.observation_bits = bits ? 16 : 18;
  p.recogniser = {layer(hidden, kPixels, bits ? 0.4 : 80, 1500, 0, 8191, random)};
  p.mean = layer(latents, hidden, 1000, 4096, INT16_MIN, INT16_MAX, random);
  p.log2_stdd = layer(latents, hidden, 1000, 300, vae::kLeastStdd, vae::kMostStdd, random);
  p.generator = {layer(hidden, latents, 4096, 1500, 0, 8191, random)};
  p.likelihood =
      bits ? layer(kPixels, hidden, 1000, 200, -vae::kMostLogit, vae::kMostLogit, random)
           : layer(2 * kPixels, hidden, 1000, 20, vae::kLeastShape, vae::kMostShape, random);
  return vae::Model(std::move(p));
}

void add(const std::string& name, const vae::Model& of) {
  constexpr std::size_t kImages = 100;
  std::mt19937 random(2);
  const auto word = [&] { return static_cast<std::uint32_t>(random()); };
  const auto init = random_message(1, 1000, word);
  std::vector<std::vector<std::uint8_t>> images(kImages, std::vector<std::uint8_t>(of.pixels()));
  // Drawn from the model itself: as likely as it says.
  auto coder = std::make_shared<vae::Coder>(of);
  for (auto& image : images) {
    auto m = random_message(1, 1000, word);
    coder->pop(m, image);
  }
  auto full = init;
  for (const auto& image : images) coder->push(full, image);
  const auto count = [](benchmark::State& state) {
    state.SetItemsProcessed(static_cast<std::int64_t>(kImages) * state.iterations());
  };
  benchmark::RegisterBenchmark(("vae/push/" + name).c_str(), [=](benchmark::State& state) {
    for (auto _ : state) {
      auto m = init;
      for (const auto& image : images) coder->push(m, image);
      benchmark::DoNotOptimize(m.heads().data());
    }
    count(state);
  });
  benchmark::RegisterBenchmark(("vae/pop/" + name).c_str(), [=](benchmark::State& state) {
    std::vector<std::uint8_t> image(of.pixels());
    for (auto _ : state) {
      auto m = full;
      for (std::size_t i = 0; i < kImages; ++i) coder->pop(m, image);
      benchmark::DoNotOptimize(image.data());
    }
    count(state);
  });
}

}  // namespace

void register_vae() {
  using enum vae::Observation;
  for (const unsigned particles_log : {0u, 1u, 2u}) {
    const std::string particles = "/particles" + std::to_string(1u << particles_log);
    add("784-100-40-bits" + particles, model(kBernoulli, 100, 40, particles_log));
    add("784-200-50-bytes" + particles, model(kBetaBinomial, 200, 50, particles_log));
  }
}

}  // namespace transom
