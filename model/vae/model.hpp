// model.hpp — a variational autoencoder of integers, and the bytes that it is stored as.
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

struct Parameters {
  Observation observation = Observation::kBernoulli;
  unsigned n = 255;                ///< of kBetaBinomial: 1..255; of kBernoulli 255
  unsigned prior_bits = 8;         ///< log2 of the bins of a latent variable: 1..10
  unsigned latent_bits = 24;       ///< R of the posterior: prior_bits + 1..24
  unsigned observation_bits = 16;  ///< R of a pixel: 1..20; of n + 1 values: 9..20
  unsigned particles_log = 0;      ///< log2 of the latent vectors tried per image: 0..4
  std::vector<Layer> recogniser;   ///< hidden layers, relu, at least one
  Layer mean, log2_stdd;
  std::vector<Layer> generator;  ///< hidden layers, relu, at least one
  Layer likelihood;              ///< logits; or all log2 alpha, then all log2 beta

  friend bool operator==(const Parameters&, const Parameters&) = default;
};

constexpr std::uint8_t largest_pixel(const Parameters& p) {
  return p.observation == Observation::kBernoulli ? 1 : static_cast<std::uint8_t>(p.n);
}

/// A model that holds what Parameters say. Copies share it.
class Model {
 public:
  /// Throws unless layers fit each other and every limit is kept.
  explicit Model(Parameters parameters);

  const Parameters& parameters() const { return shared_->parameters; }
  Observation observation() const { return parameters().observation; }
  std::size_t pixels() const { return parameters().recogniser.front().columns(); }
  std::size_t latents() const { return parameters().mean.rows(); }
  std::size_t particles() const { return std::size_t{1} << parameters().particles_log; }
  /// The largest pixel: 1 or n.
  std::uint8_t largest_pixel() const { return vae::largest_pixel(parameters()); }
  /// The checksum at the end of the file: which model it is.
  std::uint32_t digest() const { return shared_->digest; }

  struct Network {
    std::vector<Dense> recogniser;
    Dense mean, log2_stdd;
    std::vector<Dense> generator;
    Dense likelihood;
  };
  const Network& network() const { return shared_->network; }

 private:
  struct Shared {
    Parameters parameters;
    Network network;
    std::uint32_t digest;
  };
  std::shared_ptr<const Shared> shared_;
};

/// The file.
std::vector<std::uint8_t> write_model(const Parameters& parameters);

struct ReadModel {
  Status status = Status::kOk;  ///< kTruncated, kBadHeader, kBadChecksum, kTrailing
  std::string what;             ///< where and why, unless kOk: "byte 8: prior bits: ..."
  std::optional<Model> model;   ///< if kOk
};
/// Any bytes; nothing is believed unchecked, and no more is allocated than was read.
ReadModel read_model(std::span<const std::uint8_t> bytes);

}  // namespace transom::vae
