// shapes.hpp — the slots of beta-binomial values 0 .. n, by the logarithms of alpha and beta.
//
// log2 P(k) = log2 binom(n, k) + sum of log2(alpha + j), j < k, + sum of log2(beta + j), j < n - k,
// up to a constant. Alpha and beta come from one grid, so that there are at most 2^14 tables;
// each is made when it is first asked for.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "transom/coder/rans_steps.hpp"

namespace transom::vae {

class ShapeTables {
 public:
  static constexpr std::size_t kMaxValues = 256;

  /// R 9..20, n 1..255 (throws)
  explicit ShapeTables(unsigned R, unsigned n = kMaxValues - 1);

  /// First slots of all values, each of which has one at least; log2 of alpha and of beta in
  /// units of 2^-kShapeFraction, kLeastShape .. kMostShape. Behind the last value's stands 2^R.
  const std::uint32_t* starts(std::int16_t alpha, std::int16_t beta) {
    const std::size_t at = place(alpha, beta);
    if (!tables_[at]) [[unlikely]]
      make(alpha, beta);
    return tables_[at]->data();
  }
  RansRange range_of(const std::uint32_t* starts, std::uint8_t value) const {
    return {starts[value], starts[value + 1u] - starts[value]};
  }
  /// Whose a slot below 2^R is.
  static std::uint8_t owner_of(const std::uint32_t* starts, std::uint32_t slot) {
    std::size_t value = 0;
    for (std::size_t step = kMaxValues / 2; step > 0; step /= 2) {
      value += starts[value + step] <= slot ? step : 0;
    }
    return static_cast<std::uint8_t>(value);
  }

 private:
  using Table = std::array<std::uint32_t, kMaxValues + 1>;
  static std::size_t place(std::int16_t alpha, std::int16_t beta);
  [[gnu::cold, gnu::noinline]] void make(std::int16_t alpha, std::int16_t beta);

  unsigned R_, n_;
  std::vector<std::int64_t> choices_;  ///< log2 binom(n, k), 2^-16
  std::vector<std::unique_ptr<Table>> tables_;
};

}  // namespace transom::vae
