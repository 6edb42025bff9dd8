// real_networks.cpp — networks of real numbers of one image (README.md, "In floating point").
// SPDX-License-Identifier: Apache-2.0
#include "transom/vae/real/real_networks.hpp"

#include <algorithm>
#include <cmath>

#include "transom/stack/special.hpp"

namespace transom::vae {
namespace {

/// The limits that models of integers have, without their units.
constexpr double kMostMean = 8;
constexpr double kLeastStddLog = -10, kMostStddLog = 4;
constexpr double kMostRealLogit = kMostLogit / 64.0;
constexpr double kLeastShapeLog = kLeastShape / 4.0, kMostShapeLog = kMostShape / 4.0;

std::size_t widest(const RealModel::Network& network) {
  std::size_t most = std::max(network.mean.columns(), 2 * network.mean.rows());
  most = std::max({most, network.likelihood.columns(), network.likelihood.rows()});
  for (const auto* layers : {&network.recogniser, &network.generator}) {
    for (const RealDense& layer : *layers) most = std::max(most, layer.columns());
  }
  return most;
}

}  // namespace

RealNetworks::RealNetworks(RealModel model)
    : model_(std::move(model)),
      bins_(stack::std_gaussian_bins<double>(model_.parameters().prior_bits)),
      of_byte_(model_.parameters().n, model_.parameters().observation_bits),
      x_(widest(model_.network())),
      y_(x_.size()) {
  const std::size_t n = model_.particles() * model_.pixels();
  if (model_.observation() == Observation::kBernoulli) {
    bits_.assign(n, stack::Bernoulli(1, 1));
  } else {
    bytes_.assign(n, stack::Table({0, 1}, 0));
  }
}

std::size_t RealNetworks::through(const std::vector<RealDense>& layers, std::size_t n) {
  for (const RealDense& layer : layers) {
    layer_into_y(layer, n, 0, kMostReal);
    x_.swap(y_);
    n = layer.rows();
  }
  return n;
}

void RealNetworks::layer_into_y(const RealDense& layer, std::size_t n, double least, double most,
                                std::size_t to) {
  const auto y = std::span(y_).subspan(to, layer.rows());
  layer.apply(std::span<const double>(x_).first(n), y);
  for (double& v : y) v = std::clamp(v, least, most);
}

void RealNetworks::recognise(std::span<const std::uint8_t> image) {
  const auto& network = model_.network();
  std::copy(image.begin(), image.end(), x_.begin());
  const std::size_t n = through(network.recogniser, image.size()), n_latents = model_.latents();
  layer_into_y(network.mean, n, -kMostMean, kMostMean);
  layer_into_y(network.log2_stdd, n, kLeastStddLog, kMostStddLog, n_latents);
  x_.swap(y_);
  n_numbers_ = 2 * n_latents;
  posterior_.clear();
  for (std::size_t i = 0; i < n_latents; ++i) {
    double& stdd = x_[n_latents + i];
    stdd = std::exp2(stdd);
    posterior_.push_back(stack::gaussian(bins_, x_[i], stdd, model_.parameters().latent_bits));
  }
}

void RealNetworks::generate(std::size_t k, std::span<const std::uint16_t> z) {
  const auto& network = model_.network();
  for (std::size_t i = 0; i < z.size(); ++i) x_[i] = bins_->centres[z[i]];
  const std::size_t n = through(network.generator, z.size()), n_pixels = model_.pixels();
  const unsigned R = model_.parameters().observation_bits;
  n_numbers_ = network.likelihood.rows();
  const bool bits = model_.observation() == Observation::kBernoulli;
  layer_into_y(network.likelihood, n, bits ? -kMostRealLogit : kLeastShapeLog,
               bits ? kMostRealLogit : kMostShapeLog);
  x_.swap(y_);
  for (std::size_t i = 0; i < n_numbers_; ++i) {
    x_[i] = bits ? stack::logistic_cdf(x_[i]) : std::exp2(x_[i]);
  }
  for (std::size_t i = 0; i < n_pixels; ++i) {
    if (bits) {
      bits_[at(k, i)] = stack::bernoulli(x_[i], R);
    } else {
      bytes_[at(k, i)] = of_byte_(x_[i], x_[i + n_pixels]);
    }
  }
}

}  // namespace transom::vae
