// networks.cpp — networks of integers of one image; which image a coder takes.
// SPDX-License-Identifier: Apache-2.0
#include "transom/vae/networks.hpp"

#include <algorithm>

#include "transom/vae/coder.hpp"

namespace transom::vae {
namespace {

/// Slots of 2^R of a pixel of 0, by logit: the other's are those of the opposite logit.
std::vector<std::uint32_t> make_zero_slots(unsigned R) {
  std::vector<std::uint32_t> slots(2 * std::size_t{kMostLogit} + 1);
  const std::uint32_t n = 1u << R;
  for (std::size_t i = 0; i <= kMostLogit; ++i) {
    const std::uint64_t likely = (kSigmoid[i] + (std::uint64_t{1} << (31 - R))) >> (32 - R);
    const auto f = static_cast<std::uint32_t>(std::clamp<std::uint64_t>(likely, 1, n - 1));
    slots[kMostLogit - i] = f;
    slots[kMostLogit + i] = n - f;
  }
  return slots;
}

std::size_t widest(const Model::Network& network) {
  std::size_t most = std::max(network.mean.padded_columns(), network.likelihood.padded_columns());
  for (const auto* layers : {&network.recogniser, &network.generator}) {
    for (const Dense& layer : *layers) most = std::max(most, layer.padded_columns());
  }
  return most;
}

/// x through a layer, back into x; y is room for it.
void step(const Dense& layer, std::vector<std::int16_t>& x, std::vector<std::int16_t>& y) {
  layer.apply(std::span(x).first(layer.padded_columns()), y);
  std::fill_n(y.begin() + static_cast<std::ptrdiff_t>(layer.rows()),
              padded(layer.rows()) - layer.rows(), std::int16_t{0});
  x.swap(y);
}

}  // namespace

IntegerNetworks::IntegerNetworks(Model model)
    : model_(std::move(model)),
      bins_(model_.parameters().prior_bits, model_.parameters().latent_bits),
      shapes_(std::max(9u, model_.parameters().observation_bits), model_.parameters().n),
      zero_slots_(make_zero_slots(model_.parameters().observation_bits)),
      n_outputs_(model_.network().likelihood.rows()),
      posterior_(model_.latents()),
      outputs_(model_.particles() * n_outputs_),
      x_(std::max(widest(model_.network()), 2 * padded(model_.latents()))),
      y_(x_.size()) {}

void detail::check_image(std::span<const std::uint8_t> image, std::size_t n_pixels,
                         std::uint8_t most) {
  require_range("vae::Coder::push", "pixels of image", image.size(), n_pixels, n_pixels);
  const auto bad =
      std::find_if(image.begin(), image.end(), [=](std::uint8_t v) { return v > most; });
  if (bad != image.end()) {
    refuse_at("vae::Coder::push", "image", static_cast<std::uint64_t>(bad - image.begin()), *bad,
              "must be 0.." + std::to_string(most) + " for this model");
  }
}

void IntegerNetworks::recognise(std::span<const std::uint8_t> image) {
  const auto& network = model_.network();
  std::copy(image.begin(), image.end(), x_.begin());
  std::fill_n(x_.begin() + static_cast<std::ptrdiff_t>(image.size()),
              padded(image.size()) - image.size(), std::int16_t{0});
  for (const Dense& layer : network.recogniser) step(layer, x_, y_);
  const auto x = std::span<const std::int16_t>(x_).first(network.mean.padded_columns());
  const std::span<std::int16_t> mean(y_), log2_stdd = mean.subspan(model_.latents());
  network.mean.apply(x, mean);
  network.log2_stdd.apply(x, log2_stdd);
  for (std::size_t i = 0; i < posterior_.size(); ++i) {
    posterior_[i] = Bins::normal(mean[i], log2_stdd[i]);
  }
}

void IntegerNetworks::generate(std::size_t k, std::span<const std::uint16_t> z) {
  for (std::size_t i = 0; i < z.size(); ++i) {
    x_[i] = normal_centre(z[i], model_.parameters().prior_bits);
  }
  std::fill_n(x_.begin() + static_cast<std::ptrdiff_t>(z.size()), padded(z.size()) - z.size(),
              std::int16_t{0});
  const auto& network = model_.network();
  for (const Dense& layer : network.generator) step(layer, x_, y_);
  network.likelihood.apply(
      std::span<const std::int16_t>(x_).first(network.likelihood.padded_columns()),
      std::span(outputs_).subspan(k * n_outputs_, n_outputs_));
}

}  // namespace transom::vae
