// raw_read.hpp — what raw values would take through the memory and the consumer of decoder_axi.
//
// The one yardstick of what coding gains: the values, packed, out of the same memory at its full
// bandwidth, without its latency and whatever the unit's bus and bursts, into the same consumer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>

#include "transom/system/axi_memory.hpp"

namespace transom::system {

/// What the memory gives per cycle, be the unit's bus as narrow as it may; one whose bandwidth
/// nobody said gives a beat of the bus.
constexpr std::uint32_t full_memory_tokens(const AxiPressure& pressure, unsigned beat_bytes) {
  return pressure.memory_rate == 0 ? beat_tokens(beat_bytes) : pressure.memory_rate;
}

/// Cycles in which the memory gives all bytes, or the consumer can take all values: the longer of
/// both.
constexpr std::uint64_t raw_read_cycles(const AxiPressure& pressure, unsigned beat_bytes,
                                        std::uint64_t n_bytes, std::uint64_t n_values) {
  const auto cycles = [](std::uint64_t n, std::uint64_t rate) {
    return (n * kTokensPerUnit + rate - 1) / rate;
  };
  const std::uint64_t read = cycles(n_bytes, full_memory_tokens(pressure, beat_bytes));
  if (pressure.consumer_rate == 0) return read;
  return std::max(read, cycles(n_values, pressure.consumer_rate));
}

}  // namespace transom::system
