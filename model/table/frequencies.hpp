// frequencies.hpp — what every coder takes: frequencies of up to 256 symbols that sum to 2^R.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <numeric>
#include <span>
#include <stdexcept>
#include <string>

#include "transom/base/spec.hpp"

namespace transom {

/// Throws std::invalid_argument unless freq sums to 2^R.
inline void check_freq(std::span<const std::uint32_t> freq, unsigned R) {
  if (R > kMaxTableLog) {
    throw std::invalid_argument("table log " + std::to_string(R) + " is over " +
                                std::to_string(kMaxTableLog));
  }
  const auto sum = std::accumulate(freq.begin(), freq.end(), std::uint64_t{0});
  if (freq.empty() || freq.size() > kMaxAlphabet || sum != std::uint64_t{1} << R) {
    throw std::invalid_argument(std::to_string(freq.size()) + " frequencies sum to " +
                                std::to_string(sum) + ", not to 2^" + std::to_string(R));
  }
}

}  // namespace transom
