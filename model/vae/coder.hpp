// coder.hpp — images by bits-back coding with a model of integers, on the first head of a message.
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
#include "transom/vae/model.hpp"
#include "transom/vae/posterior.hpp"
#include "transom/vae/shapes.hpp"

namespace transom::vae {

/// What one image needs; nothing is allocated per image. One per thread; the model is shared.
class Coder {
 public:
  explicit Coder(Model model);
  const Model& model() const { return model_; }

  /// Throws unless the image has model().pixels() of at most model().largest_pixel();
  /// UnderflowError if the message has too few bits to pop, which leaves it between two steps.
  template <stack::Stack M>
  void push(M& m, std::span<const std::uint8_t> image) {
    check_image(image);
    recognise(image);
    for (std::size_t k = 0; k < n_particles(); ++k) pop_latents(m, k);
    std::size_t chosen = 0;
    if (n_particles() == 1) {
      generate(0);
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
      push_range(m, 0, {z[i], 1}, model_.parameters().prior_bits);
    }
    push_range(m, 0, {static_cast<std::uint32_t>(chosen), 1}, model_.parameters().particles_log);
  }
  /// The image that was pushed last, into model().pixels() bytes (throws for other numbers).
  template <stack::Stack M>
  void pop(M& m, std::span<std::uint8_t> image) {
    require_range("vae::Coder::pop", "pixels of image", image.size(), model_.pixels(),
                  model_.pixels());
    const std::size_t chosen = pop_uniform(m, model_.parameters().particles_log);
    for (std::uint16_t& bin : latents(chosen)) {
      bin = static_cast<std::uint16_t>(pop_uniform(m, model_.parameters().prior_bits));
    }
    generate(chosen);
    for (std::size_t i = 0; i < image.size(); ++i) image[i] = pop_pixel(m, chosen, i);
    recognise(image);
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
    return std::span(bins_of_).subspan(k * model_.latents(), model_.latents());
  }
  std::int16_t* outputs(std::size_t k) { return outputs_.data() + k * n_outputs_; }

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
      pop_slot(m, 0, bins_.precision(), [&](std::uint32_t slot) {
        const auto found = bins_.owner_of(posterior_[i], slot);
        z[i] = static_cast<std::uint16_t>(found.bin);
        return RansSlot{0, found.range.freq, slot - found.range.cum};
      });
    }
  }
  template <stack::Stack M>
  void push_latents(M& m, std::size_t k) {
    const auto z = latents(k);
    for (std::size_t i = z.size(); i-- > 0;) {
      push_range(m, 0, bins_.range_of(posterior_[i], z[i]), bins_.precision());
    }
  }

  /// The slots of a pixel's value, of outputs y of a latent vector.
  RansRange pixel_range(const std::int16_t* y, std::size_t i, std::uint8_t value) {
    if (model_.observation() == Observation::kBernoulli) {
      const std::uint32_t n_zero = zero_slots_[static_cast<std::size_t>(y[i] + kMostLogit)];
      return value == 0 ? RansRange{0, n_zero}
                        : RansRange{n_zero, (1u << model_.parameters().observation_bits) - n_zero};
    }
    return shapes_.range_of(shapes_.starts(y[i], y[i + model_.pixels()]), value);
  }
  template <stack::Stack M>
  void push_pixel(M& m, std::size_t k, std::size_t i, std::uint8_t value) {
    push_range(m, 0, pixel_range(outputs(k), i, value), model_.parameters().observation_bits);
  }
  template <stack::Stack M>
  std::uint8_t pop_pixel(M& m, std::size_t k, std::size_t i) {
    const std::int16_t* y = outputs(k);
    std::uint8_t value = 0;
    pop_slot(m, 0, model_.parameters().observation_bits, [&](std::uint32_t slot) {
      if (model_.observation() == Observation::kBernoulli) {
        value = slot >= zero_slots_[static_cast<std::size_t>(y[i] + kMostLogit)];
      } else {
        value = ShapeTables::owner_of(shapes_.starts(y[i], y[i + model_.pixels()]), slot);
      }
      const RansRange range = pixel_range(y, i, value);
      return RansSlot{0, range.freq, slot - range.cum};
    });
    return value;
  }

  void check_image(std::span<const std::uint8_t> image) const;
  /// posterior_ of an image.
  void recognise(std::span<const std::uint8_t> image);
  /// outputs() of latents(k).
  void generate(std::size_t k);
  /// generate() of all, and choices_.
  void weigh(std::span<const std::uint8_t> image);
  /// 2^16 log2 of p(x, z) / q(z | x) of latents(k), up to a constant.
  std::int64_t log_weight(std::span<const std::uint8_t> image, std::size_t k);

  Model model_;
  Bins bins_;
  ShapeTables shapes_;
  std::vector<std::uint32_t> zero_slots_;  ///< of a pixel of 0, by its logit + kMostLogit
  std::size_t n_outputs_;                  ///< numbers of a latent vector's outputs
  std::vector<Bins::Normal> posterior_;
  std::vector<std::uint16_t> bins_of_;  ///< latents() of all
  std::vector<std::int16_t> outputs_;   ///< of all
  std::vector<std::uint32_t> choices_;  ///< slots of 2^kChoiceBits of each latent vector
  std::vector<std::int64_t> log_weights_;
  std::vector<std::int16_t> x_, y_;  ///< of layers
};

/// The codec of one image, for the combinators of transom/stack.
class Image {
 public:
  using Symbol = std::vector<std::uint8_t>;
  explicit Image(Coder& coder) : coder_(&coder) {}
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
  Coder* coder_;
};

}  // namespace transom::vae
