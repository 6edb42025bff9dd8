// real_networks.hpp — a model's two networks in double, before the codecs of transom/stack.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "transom/stack/real.hpp"
#include "transom/vae/coder.hpp"
#include "transom/vae/real/real_model.hpp"

namespace transom::vae {

/// As IntegerNetworks. What a message says of a latent variable may be a bin that has no slots, if
/// it is damaged or of another machine: latent_range() is then a stack::SlotError.
class RealNetworks {
 public:
  using Model = RealModel;
  explicit RealNetworks(RealModel model);
  const RealModel& model() const { return model_; }

  void recognise(std::span<const std::uint8_t> image);
  void generate(std::size_t k, std::span<const std::uint16_t> z);
  /// What the network that ran last put out: means, then standard deviations; or probabilities of
  /// 1; or all alpha, then all beta.
  std::span<const double> numbers() const { return std::span(x_).first(n_numbers_); }

  RansRange latent_range(std::size_t i, std::uint32_t bin) const {
    const RansRange range = posterior_[i].range_of(bin);
    if (range.freq == 0) throw stack::SlotError(range.cum);
    return range;
  }
  stack::Owner<std::uint32_t> latent_owner(std::size_t i, std::uint32_t slot) const {
    return posterior_[i].owner_of(slot);
  }
  RansRange pixel_range(std::size_t k, std::size_t i, std::uint8_t value) const {
    if (model_.observation() == Observation::kBernoulli) return bits_[at(k, i)].range_of(value);
    return bytes_[at(k, i)].range_of(value);
  }
  std::uint8_t pixel_owner(std::size_t k, std::size_t i, std::uint32_t slot) const {
    const bool bits = model_.observation() == Observation::kBernoulli;
    return static_cast<std::uint8_t>(bits ? bits_[at(k, i)].owner_of(slot).symbol
                                          : bytes_[at(k, i)].owner_of(slot).symbol);
  }

 private:
  std::size_t at(std::size_t k, std::size_t i) const { return k * model_.pixels() + i; }
  /// x_ through hidden layers; how many numbers there are then.
  std::size_t through(const std::vector<RealDense>& layers, std::size_t n);
  /// A layer of x_'s n numbers, clipped, into y_ from a place on.
  void layer_into_y(const RealDense& layer, std::size_t n, double least, double most,
                    std::size_t to = 0);

  RealModel model_;
  std::shared_ptr<const stack::Bins<double>> bins_;
  std::vector<stack::Gaussian<double>> posterior_;
  std::vector<stack::Bernoulli> bits_;  ///< pixels of all latent vectors, if they are bits
  std::vector<stack::Table> bytes_;     ///< the same of bytes
  stack::BetaBinomials of_byte_;        ///< what they are distributed as
  std::vector<double> x_, y_;           ///< of layers
  std::size_t n_numbers_ = 0;
};
CoderOf(RealModel)->CoderOf<RealNetworks>;
using RealCoder = CoderOf<RealNetworks>;

}  // namespace transom::vae
