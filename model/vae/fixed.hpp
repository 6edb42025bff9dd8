// fixed.hpp — exp2, log2, the normal distribution and normalised weights in integers: the same bits
// on every machine (README.md, "Functions").
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>

#include "transom/vae/tables.hpp"

namespace transom::vae {

/// 2^30 2^(x / 2^16), x <= 0.
inline std::uint32_t exp2_fixed(std::int64_t x) {
  const std::int64_t whole = x >> 16;
  if (whole < -31) return 0;
  const auto fraction = static_cast<std::uint32_t>(x & 0xffff);
  const std::uint64_t power = std::uint64_t{kExp2[fraction >> 8]} * kExp2Low[fraction & 0xff] >> 30;
  return static_cast<std::uint32_t>(power >> -whole);
}

/// 2^16 log2(n), n >= 1, of the nine highest bits of n.
inline std::uint32_t log2_coarse(std::uint32_t n) {
  const auto e = static_cast<unsigned>(std::bit_width(n)) - 1;
  const std::uint32_t below = e >= 8 ? n >> (e - 8) : n << (8 - e);
  return (e << 16) + kLog2[below & 0xff];
}

/// 2^32 Phi(t / 2^16): 0 .. 2^32, not falling.
inline std::uint64_t normal_cdf(std::int64_t t) {
  constexpr std::int64_t kFar = std::int64_t{8} << 16;
  const auto far = static_cast<std::uint32_t>(std::min(t < 0 ? -t : t, kFar - 1));
  const std::uint64_t low = kNormalCdf[far >> 10], high = kNormalCdf[(far >> 10) + 1];
  const std::uint64_t above = low + ((high - low) * (far & 0x3ff) >> 10);
  constexpr std::uint64_t kHalf = std::uint64_t{1} << 31;
  return t < 0 ? kHalf - above : kHalf + above;
}

/// Edge i = 1 .. 2^p - 1 of the 2^p bins of equal mass of N(0, 1), in units of 2^-16; p <= 10.
inline std::int32_t normal_edge(std::uint32_t i, unsigned p) {
  const auto at = static_cast<std::int32_t>(i << (11 - p)) - 1024;  // Phi is 1/2 + at / 2^11
  const auto x = static_cast<std::int32_t>(kNormalQuantile[static_cast<unsigned>(std::abs(at))]);
  return at < 0 ? -x : x;
}
/// The centre of bin i by mass, in units of 2^-12.
inline std::int16_t normal_centre(std::uint32_t i, unsigned p) {
  const std::int32_t x = normal_edge(2 * i + 1, p + 1);
  return static_cast<std::int16_t>(x < 0 ? -((-x + 8) >> 4) : (x + 8) >> 4);
}

/// Slots of 2^R for weights 2^(logs[i] / 2^16): one each, the others by weight, what rounding
/// leaves to the first of the heaviest. At most 2^R weights.
inline void slots_of_weights(std::span<const std::int64_t> logs, unsigned R,
                             std::span<std::uint32_t> slots) {
  const auto heaviest = std::max_element(logs.begin(), logs.end());
  std::uint64_t sum = 0;
  for (std::size_t i = 0; i < logs.size(); ++i) {
    slots[i] = exp2_fixed(logs[i] - *heaviest);
    sum += slots[i];
  }
  const std::uint64_t n_free = (std::uint64_t{1} << R) - logs.size();
  std::uint64_t left = n_free;
  for (std::size_t i = 0; i < logs.size(); ++i) {
    const std::uint64_t own = slots[i] * n_free / sum;
    left -= own;
    slots[i] = static_cast<std::uint32_t>(own + 1);
  }
  slots[static_cast<std::size_t>(heaviest - logs.begin())] += static_cast<std::uint32_t>(left);
}

}  // namespace transom::vae
