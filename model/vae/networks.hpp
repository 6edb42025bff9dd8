// networks.hpp — a model's two networks in integers, and the distributions that they make.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "transom/vae/model.hpp"
#include "transom/vae/posterior.hpp"
#include "transom/vae/shapes.hpp"

namespace transom::vae {

/// Of one image at a time, and of its latent vectors k = 0 .. particles() - 1; nothing is allocated
/// per image. Arguments are those that CoderOf has checked.
class IntegerNetworks {
 public:
  using Model = vae::Model;
  explicit IntegerNetworks(Model model);
  const Model& model() const { return model_; }

  /// The posterior of an image.
  void recognise(std::span<const std::uint8_t> image);
  /// The likelihood of latent vector k, of bins z.
  void generate(std::size_t k, std::span<const std::uint16_t> z);

  /// The slots of a bin of latent variable i, and whose a slot is.
  RansRange latent_range(std::size_t i, std::uint32_t bin) const {
    return bins_.range_of(posterior_[i], bin);
  }
  stack::Owner<std::uint32_t> latent_owner(std::size_t i, std::uint32_t slot) const {
    return bins_.owner_of(posterior_[i], slot);
  }
  /// The slots of a value of pixel i, given latent vector k, and whose a slot is.
  RansRange pixel_range(std::size_t k, std::size_t i, std::uint8_t value) {
    const std::int16_t* y = outputs(k);
    if (model_.observation() == Observation::kBernoulli) {
      const std::uint32_t n_zero = zero_slots(y[i]);
      return value == 0 ? RansRange{0, n_zero}
                        : RansRange{n_zero, (1u << model_.parameters().observation_bits) - n_zero};
    }
    return shapes_.range_of(shapes_.starts(y[i], y[i + model_.pixels()]), value);
  }
  std::uint8_t pixel_owner(std::size_t k, std::size_t i, std::uint32_t slot) {
    const std::int16_t* y = outputs(k);
    if (model_.observation() == Observation::kBernoulli) return slot >= zero_slots(y[i]);
    return ShapeTables::owner_of(shapes_.starts(y[i], y[i + model_.pixels()]), slot);
  }

 private:
  const std::int16_t* outputs(std::size_t k) const { return outputs_.data() + k * n_outputs_; }
  std::uint32_t zero_slots(std::int16_t logit) const {
    return zero_slots_[static_cast<std::size_t>(logit + kMostLogit)];
  }

  Model model_;
  Bins bins_;
  ShapeTables shapes_;
  std::vector<std::uint32_t> zero_slots_;  ///< of a pixel of 0, by its logit + kMostLogit
  std::size_t n_outputs_;                  ///< numbers of a latent vector's outputs
  std::vector<Bins::Normal> posterior_;
  std::vector<std::int16_t> outputs_;  ///< of all latent vectors
  std::vector<std::int16_t> x_, y_;    ///< of layers
};

}  // namespace transom::vae
