// token_bucket.hpp — what a memory or a consumer has to give: so much a cycle, so much saved up.
//
// In thousandths of a byte or of a value, so that 6.4 a cycle is exact over any time. Tokens may be
// owed: who takes more than is there waits longer afterwards.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace transom::system {

inline constexpr std::uint32_t kTokensPerUnit = 1000;

/// Tokens that come at a rate and are kept up to a limit: bandwidth, in integers.
class TokenBucket {
 public:
  /// @param rate tokens per cycle, at least 1
  /// @param worth of what is taken once it is there: the bucket holds it and what the cycle that
  ///     completes it brought too much, so that nothing is lost while there is always a taker
  TokenBucket(std::uint32_t rate, std::uint64_t worth)
      : rate_(rate), most_(static_cast<std::int64_t>(worth) + rate - 1), tokens_(most_) {}

  void pass(std::uint64_t n_cycles) {
    const auto to_full = static_cast<std::uint64_t>((most_ - tokens_ + rate_ - 1) / rate_);
    tokens_ = n_cycles >= to_full ? most_ : tokens_ + static_cast<std::int64_t>(n_cycles) * rate_;
  }
  bool has(std::uint64_t tokens) const { return tokens_ >= static_cast<std::int64_t>(tokens); }
  /// Cycles to pass until it has so many, at most its worth.
  std::uint64_t until(std::uint64_t tokens) const {
    const std::int64_t missing = static_cast<std::int64_t>(tokens) - tokens_;
    return missing <= 0 ? 0 : static_cast<std::uint64_t>((missing + rate_ - 1) / rate_);
  }
  void take(std::uint64_t tokens) { tokens_ -= static_cast<std::int64_t>(tokens); }

 private:
  std::int64_t rate_;
  std::int64_t most_;
  std::int64_t tokens_;
};

}  // namespace transom::system
