// dense.hpp — a layer of integers: y = clamp(round(multiplier (W x + bias) / 2^shift)).
//
// Sums are of 32 bits and none of them, not even a part of one, can leave those: that is checked of
// weights and inputs when a model is made. So they may be added in any order, by any instructions.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace transom::vae {

struct Layer {
  using Evaluated = class Dense;
  std::int16_t low = 0, high = 0;         ///< of what comes out, low <= high
  std::uint8_t shift = 0;                 ///< at most kMaxShift
  std::vector<std::int32_t> bias;         ///< one per row
  std::vector<std::int32_t> multipliers;  ///< one per row, not negative
  std::vector<std::int16_t> weights;      ///< row by row

  static constexpr unsigned kMaxShift = 62;

  std::size_t rows() const { return bias.size(); }
  std::size_t columns() const { return rows() == 0 ? 0 : weights.size() / rows(); }

  friend bool operator==(const Layer&, const Layer&) = default;
};

/// What is wrong with a layer of inputs of magnitude up to max_input, "FIELD: WHY"; empty if it is
/// one.
std::string what_is_wrong(const Layer& layer, std::int32_t max_input);

/// A layer as it is evaluated: rows are padded with zeros to whole vectors.
class Dense {
 public:
  /// The layer has been checked.
  explicit Dense(const Layer& layer);

  std::size_t rows() const { return bias_.size(); }
  /// Numbers that an input has, zeros behind its columns.
  std::size_t padded_columns() const { return stride_; }
  /// @param x padded_columns() inputs
  /// @param y rows() outputs; more are left as they are
  void apply(std::span<const std::int16_t> x, std::span<std::int16_t> y) const;

 private:
  std::int16_t low_, high_;
  unsigned shift_;
  std::size_t stride_;
  std::vector<std::int32_t> bias_, multipliers_;
  std::vector<std::int16_t> weights_;
};

/// n rounded up to whole vectors.
constexpr std::size_t padded(std::size_t n) { return (n + 15) / 16 * 16; }

}  // namespace transom::vae
