// real_checks.hpp — what real.cpp and gaussian.cpp share: refusals, rounding. Not a public header.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cmath>
#include <cstdio>

#include "transom/stack/real.hpp"

namespace transom::stack {

inline constexpr unsigned kMaxBinPrecision = 24;
inline constexpr std::uint32_t kMostTrials = std::uint32_t{1} << 20;

inline void require_real(const char* function, const char* argument, double value, bool holds,
                         const char* limit) {
  if (holds) return;
  char text[32];
  std::snprintf(text, sizeof text, "%.9g", value);
  refuse(function, argument, text, limit);
}
inline void require_positive(const char* function, const char* argument, double value) {
  require_real(function, argument, value, value > 0 && std::isfinite(value),
               "must be above 0, and finite");
}
inline void check_bins(const char* function, double low, double high, unsigned bin_prec,
                       unsigned R) {
  require_real(function, "low", low, std::isfinite(low), "must be finite");
  require_real(function, "high", high, high > low && std::isfinite(high),
               "must be above low, and finite");
  require_range(function, "bin_prec", bin_prec, 0, kMaxBinPrecision);
  require_range(function, "R", R, 0, 31);
}

/// at 2^R as an integer.
inline std::uint32_t slots_of(double at, unsigned R, Halves halves) {
  const double slots = std::ldexp(at, static_cast<int>(R));
  return static_cast<std::uint32_t>(halves == Halves::kDown ? std::ceil(slots - 0.5)
                                                            : std::nearbyint(slots));
}

}  // namespace transom::stack
