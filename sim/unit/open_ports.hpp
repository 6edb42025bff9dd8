// open_ports.hpp — a stream's ports while each word of it is offered and each value taken.
//
// All that is to be known of them then is how far they are: a model may go on by itself.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "transom/base/spec.hpp"

namespace transom::unit {

/// What a clock of a stream adds to its hash: what happened, and when, in order. A polynomial.
constexpr std::uint64_t hash_clock(std::uint64_t hash, std::uint64_t cycle, unsigned stall,
                                   unsigned events) {
  return (hash ^ (cycle << 16 | stall << 8 | events)) * 0x9e37'79b9'7f4a'7c15;
}

/// The words of a job's stream: `next` is the one at the port.
struct OpenWords {
  const std::uint32_t* begin = nullptr;
  const std::uint32_t* next = nullptr;
  const std::uint32_t* end = nullptr;
};

/// In the middle of a job's values, from a clock on.
struct OpenPorts {
  OpenWords symbols;
  OpenWords offsets;
  value_t* next_value = nullptr;
  std::uint64_t hash = 0;
  std::uint64_t cycle = 0;
  std::uint64_t n_beats = 0;  ///< clocks in which values left, and those in which none did
  std::uint64_t n_turns = 0;
};

}  // namespace transom::unit
