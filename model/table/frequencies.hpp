// frequencies.hpp — what every coder takes: frequencies of up to 256 symbols that sum to 2^R.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <numeric>
#include <span>
#include <string>
#include <string_view>

#include "transom/base/spec.hpp"

namespace transom {

/// Throws a PreconditionError unless freq has 1..256 numbers that sum to 2^R, R <= kMaxTableLog.
/// @param function whose argument it is
inline void check_freq(std::span<const std::uint32_t> freq, unsigned R,
                       std::string_view function = "check_freq") {
  require_range(function, "table log", R, 0, kMaxTableLog);
  require_range(function, "number of frequencies", freq.size(), 1, kMaxAlphabet);
  const auto sum = std::accumulate(freq.begin(), freq.end(), std::uint64_t{0});
  if (sum != std::uint64_t{1} << R) [[unlikely]] {
    refuse(function, "sum of frequencies", sum, "must be 2^" + std::to_string(R));
  }
}

}  // namespace transom
