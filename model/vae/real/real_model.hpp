// real_model.hpp — a variational autoencoder of real numbers, for research: what codes with it is
// decoded where the arithmetic is the same, and refused elsewhere (platform.hpp).
//
// Its arithmetic is that of double, each sum in one order, every product and every sum rounded by
// itself: README.md, "In floating point".
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "transom/vae/model.hpp"

namespace transom::vae {

/// What a hidden unit is clipped to, and the largest magnitude of a weight or a bias: a layer's
/// sums stay finite.
inline constexpr double kMostReal = 1 << 30;
/// Tables that a coder of bytes holds: pixels times latent vectors.
inline constexpr std::size_t kMostRealTables = 1 << 16;

struct RealLayer {
  using Evaluated = class RealDense;
  std::vector<double> bias;     ///< one per row
  std::vector<double> weights;  ///< row by row

  std::size_t rows() const { return bias.size(); }
  std::size_t columns() const { return rows() == 0 ? 0 : weights.size() / rows(); }

  friend bool operator==(const RealLayer&, const RealLayer&) = default;
};

/// A layer as it is evaluated: column by column, so that the sums of several rows go on at the same
/// time and each of them in its order.
class RealDense {
 public:
  /// The layer has been checked.
  explicit RealDense(const RealLayer& layer);

  std::size_t rows() const { return bias_.size(); }
  std::size_t columns() const { return weights_.size() / rows(); }
  /// y_i = b_i + w_i1 x_1 + w_i2 x_2 and so on, each sum in this order.
  /// @param x columns() inputs
  /// @param y rows() outputs; more are left as they are
  void apply(std::span<const double> x, std::span<double> y) const;

 private:
  std::vector<double> bias_, weights_;
};

using RealParameters = ParametersOf<RealLayer>;
using RealModel = ModelOf<RealLayer>;

/// The file.
std::vector<std::uint8_t> write_model(const RealParameters& parameters);

using ReadRealModel = ReadModelOf<RealModel>;
/// As read_model().
ReadRealModel read_real_model(std::span<const std::uint8_t> bytes);
/// Whether bytes begin as those of a model of real numbers do.
bool is_real_model(std::span<const std::uint8_t> bytes);

}  // namespace transom::vae
