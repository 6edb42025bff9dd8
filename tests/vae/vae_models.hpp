// vae_models.hpp — small random models of integers and of real numbers, and images.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cmath>
#include <vector>

#include "../random.hpp"
#include "transom/vae/real/real_model.hpp"

namespace transom::support {

/// Weights in -most..most; the multiplier takes sums of inputs around `input` to outputs around
/// `output`.
inline vae::Layer random_layer(std::size_t rows, std::size_t columns, int most, double input,
                               double output, std::int16_t low, std::int16_t high, Random& random) {
  vae::Layer layer;
  layer.low = low, layer.high = high, layer.shift = 24;
  const auto draw = [&](int limit) {
    return static_cast<int>(random() % (2 * static_cast<unsigned>(limit) + 1)) - limit;
  };
  const double ratio = output / (input * most);
  for (std::size_t i = 0; i < rows; ++i) {
    layer.bias.push_back(draw(static_cast<int>(input) * most));
    layer.multipliers.push_back(static_cast<std::int32_t>(ratio * (1 << 24)));
  }
  for (std::size_t i = 0; i < rows * columns; ++i) {
    layer.weights.push_back(static_cast<std::int16_t>(draw(most)));
  }
  return layer;
}

struct ModelShape {
  vae::Observation observation = vae::Observation::kBernoulli;
  std::size_t pixels = 30, latents = 5;
  unsigned particles_log = 0, prior_bits = 6, latent_bits = 16, observation_bits = 14;
  std::size_t hidden = 21;
};

template <class Layer>
vae::ParametersOf<Layer> without_layers(const ModelShape& shape) {
  vae::ParametersOf<Layer> p;
  p.observation = shape.observation;
  p.prior_bits = shape.prior_bits, p.latent_bits = shape.latent_bits;
  p.observation_bits = shape.observation_bits, p.particles_log = shape.particles_log;
  return p;
}

inline vae::Parameters random_model(const ModelShape& shape, std::uint32_t seed) {
  Random random(seed);
  const bool bits = shape.observation == vae::Observation::kBernoulli;
  auto p = without_layers<vae::Layer>(shape);
  const std::size_t hidden = shape.hidden;
  p.recogniser = {
      random_layer(hidden, shape.pixels, 99, bits ? 2 : 500, 900, 0, 4000, random),
      random_layer(hidden + 3, hidden, 1000, 2000, 900, 0, 4000, random),
  };
  p.mean = random_layer(shape.latents, hidden + 3, 1000, 2000, 3000, INT16_MIN, INT16_MAX, random);
  p.log2_stdd = random_layer(shape.latents, hidden + 3, 1000, 2000, 300, vae::kLeastStdd,
                             vae::kMostStdd, random);
  p.generator = {random_layer(hidden, shape.latents, 1000, 5000, 900, 0, 4000, random)};
  p.likelihood = bits ? random_layer(shape.pixels, hidden, 1000, 3000, 90, -vae::kMostLogit,
                                     vae::kMostLogit, random)
                      : random_layer(2 * shape.pixels, hidden, 1000, 3000, 15, vae::kLeastShape,
                                     vae::kMostShape, random);
  return p;
}

/// Weights as large as those of a network whose outputs are around 1.
inline vae::RealLayer random_real_layer(std::size_t rows, std::size_t columns, double spread,
                                        double offset, Random& random) {
  const auto draw = [&] { return static_cast<double>(random()) / (1 << 30) / 2 - 1; };
  vae::RealLayer layer;
  for (std::size_t i = 0; i < rows; ++i) layer.bias.push_back(offset + draw());
  const double scale = spread / std::sqrt(static_cast<double>(columns));
  for (std::size_t i = 0; i < rows * columns; ++i) layer.weights.push_back(scale * draw());
  return layer;
}

inline vae::RealParameters random_real_model(const ModelShape& shape, std::uint32_t seed) {
  Random random(seed);
  const bool bits = shape.observation == vae::Observation::kBernoulli;
  auto p = without_layers<vae::RealLayer>(shape);
  const std::size_t hidden = shape.hidden;
  p.recogniser = {random_real_layer(hidden, shape.pixels, bits ? 2 : 0.01, 0, random),
                  random_real_layer(hidden + 3, hidden, 3, 0, random)};
  p.mean = random_real_layer(shape.latents, hidden + 3, 2, 0, random);
  p.log2_stdd = random_real_layer(shape.latents, hidden + 3, 2, -2, random);
  p.generator = {random_real_layer(hidden, shape.latents, 3, 0, random)};
  p.likelihood = random_real_layer(shape.pixels * (bits ? 1 : 2), hidden, 3, bits ? 0 : 1, random);
  return p;
}

template <class Model>
std::vector<std::uint8_t> random_image(const Model& model, Random& random) {
  std::vector<std::uint8_t> image(model.pixels());
  for (std::uint8_t& v : image) {
    v = static_cast<std::uint8_t>((random() & random()) % (model.largest_pixel() + 1u));
  }
  return image;
}

}  // namespace transom::support
