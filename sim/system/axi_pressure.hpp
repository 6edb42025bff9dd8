// axi_pressure.hpp — how the surroundings of decoder_axi make things difficult: a memory, a
// consumer, pauses.
//
// What pauses, and how long a burst takes beyond its latency, is a function of (seed, channel,
// cycle) alone: every model of the unit meets the same surroundings.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "transom/unit/pressure.hpp"

namespace transom::system {

/// Percentages are 0..95.
struct AxiPressure {
  std::uint64_t seed = 0;
  unsigned ar_closed = 0;      ///< percent of cycles in which ARREADY is low
  unsigned r_closed = 0;       ///< percent of cycles in which no beat begins
  unsigned values_closed = 0;  ///< percent of cycles in which TREADY is low
  unsigned lite_closed = 0;    ///< percent of cycles in which a channel of AXI4-Lite is not served
  unsigned latency = 0;        ///< cycles between a burst's address and its first beat
  unsigned more_latency = 0;   ///< greatest number of cycles added by chance
  std::uint32_t memory_rate = 0;     ///< 1/1000 byte per cycle; 0: a beat in every cycle
  unsigned memory_outstanding = 0;   ///< bursts that the memory holds at a time; 0: any number
  std::uint32_t consumer_rate = 0;   ///< 1/1000 value per cycle; 0: takes every beat
  std::uint32_t consumer_burst = 1;  ///< values that it has room for before it takes any
};

/// 64 bits by chance: a function of seed, channel and cycle alone.
constexpr std::uint64_t draw(std::uint64_t seed, std::uint64_t channel, std::uint64_t cycle) {
  return unit::mix(unit::mix(seed ^ channel << 56) + cycle * 0x9e37'79b9'7f4a'7c15);
}

/// What draws by chance.
enum AxiChannel : std::uint64_t { kAr, kR, kT, kAw, kW, kB, kLiteAr, kLiteR, kLatency };

/// Whether a channel is open in a cycle.
constexpr bool is_open(const AxiPressure& pressure, AxiChannel channel, unsigned closed,
                       std::uint64_t cycle) {
  return closed == 0 || draw(pressure.seed, channel, cycle) % 100 >= closed;
}

/// Cycles from a burst's address, taken in `cycle`, to its first beat.
constexpr unsigned latency_of(const AxiPressure& pressure, std::uint64_t cycle) {
  const std::uint64_t more = draw(pressure.seed, kLatency, cycle);
  return pressure.latency + static_cast<unsigned>(more % (pressure.more_latency + 1));
}

}  // namespace transom::system
