// posterior.hpp — a normal distribution over the bins of equal mass of N(0, 1), in integers.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "transom/stack/distribution.hpp"
#include "transom/vae/fixed.hpp"

namespace transom::vae {

/// Edges of the 2^p bins, in units of 2^-16; of the first and the last, the inner one alone counts.
class Bins {
 public:
  Bins(unsigned p, unsigned R) : R_(R), edges_(std::size_t{1} << p) {
    for (std::uint32_t i = 1; i < edges_.size(); ++i) edges_[i] = normal_edge(i, p);
  }
  unsigned precision() const { return R_; }

  /// Of N(mean / 2^12, 2^(log2_stdd / 2^8)).
  struct Normal {
    std::int64_t mean;     ///< 2^-16
    std::int64_t inverse;  ///< of the standard deviation, 2^-16
  };
  static Normal normal(std::int16_t mean, std::int16_t log2_stdd) {
    const int up = -log2_stdd;  // kLeastStdd and kMostStdd bound it: shifts by 4 .. 18
    return {std::int64_t{mean} << 4, kExp2[static_cast<unsigned>(up & 0xff)] >> (14 - (up >> 8))};
  }

  /// First slot of bin i = 0 .. 2^p: one for each bin below, the others by mass.
  std::uint32_t start(const Normal& q, std::uint32_t i) const {
    const std::uint32_t n = static_cast<std::uint32_t>(edges_.size());
    if (i == 0) return 0;
    if (i == n) return 1u << R_;
    const std::int64_t t = (edges_[i] - q.mean) * q.inverse >> 16;
    return i + static_cast<std::uint32_t>(((1u << R_) - n) * normal_cdf(t) >> 32);
  }
  RansRange range_of(const Normal& q, std::uint32_t bin) const {
    const std::uint32_t first = start(q, bin);
    return {first, start(q, bin + 1) - first};
  }
  /// Whose a slot below 2^R is.
  stack::Owner<std::uint32_t> owner_of(const Normal& q, std::uint32_t slot) const {
    std::uint32_t low = 0, at_low = 0;
    std::uint32_t high = static_cast<std::uint32_t>(edges_.size()), at_high = 1u << R_;
    while (high - low > 1) {  // invariant: at_low <= slot < at_high
      const std::uint32_t middle = low + (high - low) / 2, at = start(q, middle);
      if (at <= slot) {
        low = middle, at_low = at;
      } else {
        high = middle, at_high = at;
      }
    }
    return {low, {at_low, at_high - at_low}};
  }

 private:
  unsigned R_;
  std::vector<std::int32_t> edges_;
};

}  // namespace transom::vae
