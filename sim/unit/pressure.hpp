// pressure.hpp — back-pressure on the ports of the unit: when words come and values are taken.
//
// Whether a port is open is a function of (seed, port, stream, cycle) alone, so two models that
// agree see the same environment.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "transom/base/spec.hpp"

namespace transom::unit {

/// When a port is open.
struct Rhythm {
  enum class Kind : std::uint8_t {
    kAlways,
    kPeriod,   ///< one cycle in `n`, shifted from stream to stream; n >= 1
    kRandom,   ///< closed in `n` percent of the cycles; n <= 95
    kPattern,  ///< open in the cycles whose bits of `pattern` are set, of 64 that begin anew
  };
  Kind kind = Kind::kAlways;
  unsigned n = 0;
  std::uint64_t pattern = 0;
};

/// Back-pressure on all ports.
struct Pressure {
  std::uint64_t seed = 0;
  Rhythm symbol_words = {};
  Rhythm offset_words = {};
  Rhythm consumer = {};
  bool early = false;  ///< words are offered behind those of the job before, not only when taken
  Rhythm load = {};    ///< writes of tables and rows
};

/// splitmix64's finaliser (Steele, Lea, Flood, OOPSLA 2014): every input bit moves every output
/// bit.
constexpr std::uint64_t mix(std::uint64_t x) {
  x = (x ^ x >> 30) * 0xbf58'476d'1ce4'e5b9;
  x = (x ^ x >> 27) * 0x94d0'49bb'1331'11eb;
  return x ^ x >> 31;
}

}  // namespace transom::unit
