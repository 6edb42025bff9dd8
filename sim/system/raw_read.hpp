// raw_read.hpp — what raw values would take through the memory and the consumer of decoder_axi.
//
// The yardstick of what coding gains: a reader that offers an address in every cycle, with bursts
// and bursts on their way as the unit's, and hands on to the same consumer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>

#include "transom/system/axi_memory.hpp"
#include "transom/system/axi_parameters.hpp"

namespace transom::system {

/// Cycles until all bytes are read, or the consumer can have taken all values: the longer of both.
inline std::uint64_t raw_read_cycles(const AxiParameters& unit, const AxiPressure& pressure,
                                     std::uint64_t n_bytes, std::uint64_t n_values) {
  const unsigned beat_bytes = unit.beat_bytes();
  AxiMemory memory(pressure, beat_bytes);
  std::uint64_t to_ask = (n_bytes + beat_bytes - 1) / beat_bytes;
  std::uint64_t to_come = to_ask;
  std::uint64_t cycle = 0;
  for (; to_come != 0; ++cycle) {
    memory.begin(cycle);
    if (to_ask != 0 && memory.takes_address(cycle) && memory.n_bursts() < unit.outstanding) {
      const auto beats = static_cast<unsigned>(std::min<std::uint64_t>(to_ask, unit.max_burst));
      memory.accept(0, beats, cycle);
      to_ask -= beats;
    }
    if (!memory.is_sending()) continue;
    memory.sent(beat_bytes);
    --to_come;
  }
  if (pressure.consumer_rate == 0) return cycle;
  const std::uint64_t credit = n_values * kTokensPerUnit;
  return std::max(cycle, (credit + pressure.consumer_rate - 1) / pressure.consumer_rate);
}

}  // namespace transom::system
