// model.hpp — a variational autoencoder, and the bytes that it is stored as: of integers, or of
// real numbers (real/real_model.hpp), which differ in their layers alone.
//
// Recogniser: image -> relu layers -> means and log2 of standard deviations of the latent
// variables. Generator: latent variables -> relu layers -> a logit per pixel, or log2 of alpha and
// of beta. README.md is the specification, of the file and of each number.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "transom/base/spec.hpp"
#include "transom/vae/dense.hpp"

namespace transom::vae {

/// What a pixel is distributed as.
enum class Observation : std::uint8_t {
  kBernoulli = 0,     ///< pixels are 0 or 1
  kBetaBinomial = 1,  ///< pixels are 0 .. n
};

/// Units of what layers put out, and the limits of what stands in a file.
inline constexpr unsigned kLatentFraction = 12;  ///< latent variables and their means: 2^-12
inline constexpr unsigned kStddFraction = 8;     ///< log2 of a standard deviation: 2^-8
inline constexpr unsigned kLogitFraction = 6;    ///< logits: 2^-6
inline constexpr unsigned kShapeFraction = 2;    ///< log2 of alpha and of beta: 2^-2
inline constexpr std::int16_t kLeastStdd = -10 * 256, kMostStdd = 4 * 256;
inline constexpr std::int16_t kMostLogit = 1023;
inline constexpr std::int16_t kLeastShape = -64, kMostShape = 63;
inline constexpr std::uint32_t kMaxWidth = 1u << 14;  ///< of a layer, pixels and latents
inline constexpr std::size_t kMaxHidden = 15;

template <class LayerT>
struct ParametersOf {
  Observation observation = Observation::kBernoulli;
  unsigned n = 255;                ///< of kBetaBinomial: 1..255; of kBernoulli 255
  unsigned prior_bits = 8;         ///< log2 of the bins of a latent variable: 1..10
  unsigned latent_bits = 24;       ///< R of the posterior: prior_bits + 1..24
  unsigned observation_bits = 16;  ///< R of a pixel: 1..20; of n + 1 values: 9..20
  unsigned particles_log = 0;      ///< log2 of the latent vectors tried per image: 0..4
  std::vector<LayerT> recogniser;  ///< hidden layers, relu, at least one
  LayerT mean, log2_stdd;
  std::vector<LayerT> generator;  ///< hidden layers, relu, at least one
  LayerT likelihood;              ///< logits; or all log2 alpha, then all log2 beta

  friend bool operator==(const ParametersOf&, const ParametersOf&) = default;
};
using Parameters = ParametersOf<Layer>;

template <class LayerT>
constexpr std::uint8_t largest_pixel(const ParametersOf<LayerT>& p) {
  return p.observation == Observation::kBernoulli ? 1 : static_cast<std::uint8_t>(p.n);
}

/// A model that holds what its parameters say. Copies share it.
template <class LayerT>
class ModelOf {
 public:
  /// Throws unless layers fit each other and every limit is kept.
  explicit ModelOf(ParametersOf<LayerT> parameters);

  const ParametersOf<LayerT>& parameters() const { return shared_->parameters; }
  Observation observation() const { return parameters().observation; }
  std::size_t pixels() const { return parameters().recogniser.front().columns(); }
  std::size_t latents() const { return parameters().mean.rows(); }
  std::size_t particles() const { return std::size_t{1} << parameters().particles_log; }
  /// The largest pixel: 1 or n.
  std::uint8_t largest_pixel() const { return vae::largest_pixel(parameters()); }
  /// The checksum at the end of the file: which model it is.
  std::uint32_t digest() const { return shared_->digest; }

  struct Network {
    using Evaluated = typename LayerT::Evaluated;
    std::vector<Evaluated> recogniser;
    Evaluated mean, log2_stdd;
    std::vector<Evaluated> generator;
    Evaluated likelihood;
  };
  const Network& network() const { return shared_->network; }

 private:
  struct Shared {
    ParametersOf<LayerT> parameters;
    Network network;
    std::uint32_t digest;
  };
  std::shared_ptr<const Shared> shared_;
};
using Model = ModelOf<Layer>;

/// The file.
std::vector<std::uint8_t> write_model(const Parameters& parameters);

template <class ModelT>
struct ReadModelOf {
  Status status = Status::kOk;  ///< kTruncated, kBadHeader, kBadChecksum, kTrailing
  std::string what;             ///< where and why, unless kOk: "byte 8: prior bits: ..."
  std::optional<ModelT> model;  ///< if kOk
};
using ReadModel = ReadModelOf<Model>;
/// Any bytes; nothing is believed unchecked, and no more is allocated than was read.
ReadModel read_model(std::span<const std::uint8_t> bytes);

}  // namespace transom::vae
