// coder.hpp — images by bits-back coding with a model's networks, on the first head of a message.
//
//   push x:  z_1 .. z_n <- pop q(z | x);  i <- pop by weight p(x, z_i) / q(z_i | x);
//            push all z_j but z_i by q(z | x);  push x by p(x | z_i);  push z_i by p(z);  push i
//   pop x:   the same backwards
//
// With n = 1 that is stack::bb_ans(). With more latent vectors what x costs is on average
// -log2 of the mean weight, less than the -ELBO (Y. Ruan et al., arXiv:2102.11086).
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "transom/stack/message.hpp"
#include "transom/vae/networks.hpp"

namespace transom::vae {

namespace detail {
/// Throws unless an image has so many pixels, none of them above most.
void check_image(std::span<const std::uint8_t> image, std::size_t n_pixels, std::uint8_t most);
}  // namespace detail

/// What one image needs. One per thread; the model is shared.
/// @tparam Networks a model's networks with the distributions that they make: IntegerNetworks, or
///                  RealNetworks (real/real_networks.hpp)
template <class Networks>
class CoderOf {
 public:
  using Model = typename Networks::Model;
  explicit CoderOf(Model model)
      : networks_(std::move(model)),
        bins_of_(this->model().particles() * this->model().latents()),
        choices_(this->model().particles()),
        log_weights_(choices_.size()) {}
  const Model& model() const { return networks_.model(); }

  /// Throws unless the image has model().pixels() of at most model().largest_pixel();
  /// UnderflowError if the message has too few bits to pop, which leaves it between two steps.
  template <stack::Stack M>
  void push(M& m, std::span<const std::uint8_t> image) {
    detail::check_image(image, model().pixels(), model().largest_pixel());
    networks_.recognise(image);
    for (std::size_t k = 0; k < n_particles(); ++k) pop_latents(m, k);
    std::size_t chosen = 0;
    if (n_particles() == 1) {
      networks_.generate(0, latents(0));
    } else {
      weigh(image);
      pop_slot(m, 0, kChoiceBits, [&](std::uint32_t slot) {
        std::uint32_t cum = 0;
        while (slot - cum >= choices_[chosen]) cum += choices_[chosen++];
        return RansSlot{0, choices_[chosen], slot - cum};
      });
    }
    for (std::size_t k = n_particles(); k-- > 0;) {
      if (k != chosen) push_latents(m, k);
    }
    for (std::size_t i = image.size(); i-- > 0;) push_pixel(m, chosen, i, image[i]);
    const std::span<const std::uint16_t> z = latents(chosen);
    for (std::size_t i = z.size(); i-- > 0;) {
      push_range(m, 0, {z[i], 1}, model().parameters().prior_bits);
    }
    push_range(m, 0, {static_cast<std::uint32_t>(chosen), 1}, model().parameters().particles_log);
  }
  /// The image that was pushed last, into model().pixels() bytes (throws for other numbers).
  template <stack::Stack M>
  void pop(M& m, std::span<std::uint8_t> image) {
    require_range("vae::Coder::pop", "pixels of image", image.size(), model().pixels(),
                  model().pixels());
    const std::size_t chosen = pop_uniform(m, model().parameters().particles_log);
    for (std::uint16_t& bin : latents(chosen)) {
      bin = static_cast<std::uint16_t>(pop_uniform(m, model().parameters().prior_bits));
    }
    networks_.generate(chosen, latents(chosen));
    for (std::size_t i = 0; i < image.size(); ++i) image[i] = pop_pixel(m, chosen, i);
    networks_.recognise(image);
    for (std::size_t k = 0; k < n_particles(); ++k) {
      if (k != chosen) pop_latents(m, k);
    }
    if (n_particles() > 1) {
      weigh(image);
      std::uint32_t cum = 0;
      for (std::size_t k = 0; k < chosen; ++k) cum += choices_[k];
      push_range(m, 0, {cum, choices_[chosen]}, kChoiceBits);
    }
    for (std::size_t k = n_particles(); k-- > 0;) push_latents(m, k);
  }

  static constexpr unsigned kChoiceBits = 16;  ///< R of which latent vector is taken

 private:
  std::size_t n_particles() const { return choices_.size(); }
  std::span<std::uint16_t> latents(std::size_t k) {
    return std::span(bins_of_).subspan(k * model().latents(), model().latents());
  }

  template <stack::Stack M>
  static std::uint32_t pop_uniform(M& m, unsigned bits) {
    std::uint32_t value = 0;
    pop_slot(m, 0, bits, [&](std::uint32_t slot) {
      value = slot;
      return RansSlot{0, 1, 0};
    });
    return value;
  }
  template <stack::Stack M>
  void pop_latents(M& m, std::size_t k) {
    const auto z = latents(k);
    for (std::size_t i = 0; i < z.size(); ++i) {
      pop_slot(m, 0, model().parameters().latent_bits, [&](std::uint32_t slot) {
        const auto owner = networks_.latent_owner(i, slot);
        z[i] = static_cast<std::uint16_t>(owner.symbol);
        return RansSlot{0, owner.range.freq, slot - owner.range.cum};
      });
    }
  }
  template <stack::Stack M>
  void push_latents(M& m, std::size_t k) {
    const auto z = latents(k);
    for (std::size_t i = z.size(); i-- > 0;) {
      push_range(m, 0, networks_.latent_range(i, z[i]), model().parameters().latent_bits);
    }
  }
  template <stack::Stack M>
  void push_pixel(M& m, std::size_t k, std::size_t i, std::uint8_t value) {
    push_range(m, 0, networks_.pixel_range(k, i, value), model().parameters().observation_bits);
  }
  template <stack::Stack M>
  std::uint8_t pop_pixel(M& m, std::size_t k, std::size_t i) {
    std::uint8_t value = 0;
    pop_slot(m, 0, model().parameters().observation_bits, [&](std::uint32_t slot) {
      value = networks_.pixel_owner(k, i, slot);
      const RansRange range = networks_.pixel_range(k, i, value);
      return RansSlot{0, range.freq, slot - range.cum};
    });
    return value;
  }

  /// 2^16 log2 of p(x, z) / q(z | x) of latents(k), up to a constant.
  std::int64_t log_weight(std::span<const std::uint8_t> image, std::size_t k) {
    std::int64_t log = 0;
    for (std::size_t i = 0; i < image.size(); ++i)
      log += log2_coarse(networks_.pixel_range(k, i, image[i]).freq);
    const auto z = latents(k);
    for (std::size_t i = 0; i < z.size(); ++i)
      log -= log2_coarse(networks_.latent_range(i, z[i]).freq);
    return log;
  }
  /// The likelihoods of all latent vectors, and choices_.
  void weigh(std::span<const std::uint8_t> image) {
    for (std::size_t k = 0; k < n_particles(); ++k) {
      networks_.generate(k, latents(k));
      log_weights_[k] = log_weight(image, k);
    }
    slots_of_weights(log_weights_, kChoiceBits, choices_);
  }

  Networks networks_;
  std::vector<std::uint16_t> bins_of_;  ///< latents() of all
  std::vector<std::uint32_t> choices_;  ///< slots of 2^kChoiceBits of each latent vector
  std::vector<std::int64_t> log_weights_;
};
CoderOf(Model)->CoderOf<IntegerNetworks>;
using Coder = CoderOf<IntegerNetworks>;

/// The codec of one image, for the combinators of transom/stack.
template <class C>
class Image {
 public:
  using Symbol = std::vector<std::uint8_t>;
  explicit Image(C& coder) : coder_(&coder) {}
  template <stack::Stack M>
  void push(M& m, const Symbol& image) const {
    coder_->push(m, image);
  }
  template <stack::Stack M>
  Symbol pop(M& m) const {
    Symbol image(coder_->model().pixels());
    coder_->pop(m, image);
    return image;
  }

 private:
  C* coder_;
};

}  // namespace transom::vae
