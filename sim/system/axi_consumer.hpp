// axi_consumer.hpp — when the consumer behind decoder_axi takes a beat of values.
//
// It works in bursts: closed, until it has credit for a burst of values; then open, until the
// credit is used up. Credit comes at a rate; a beat costs the values that it holds.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "transom/system/axi_pressure.hpp"
#include "transom/system/token_bucket.hpp"

namespace transom::system {

/// A consumer of values at a given rate, with room for a burst of them.
class AxiConsumer {
 public:
  explicit AxiConsumer(const AxiPressure& pressure)
      : is_limited_(pressure.consumer_rate != 0),
        burst_(std::uint64_t{pressure.consumer_burst} * kTokensPerUnit),
        credit_(is_limited_ ? pressure.consumer_rate : 1, burst_) {}

  bool is_open() const { return is_open_; }
  /// Cycles to pass until it is open.
  std::uint64_t until_open() const { return is_open_ ? 0 : credit_.until(burst_); }
  void pass(std::uint64_t n_cycles) {
    if (!is_limited_) return;
    credit_.pass(n_cycles);
    is_open_ = is_open_ || credit_.has(burst_);
  }
  void take(std::uint64_t n_values) {
    if (!is_limited_) return;
    credit_.take(n_values * kTokensPerUnit);
    is_open_ = credit_.has(1);
  }

 private:
  bool is_limited_;
  std::uint64_t burst_;
  TokenBucket credit_;
  bool is_open_ = true;
};

}  // namespace transom::system
