// fields.hpp — fields of the words at the RTL's ports; as codec_pkg.sv.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "transom/base/bits.hpp"
#include "transom/base/spec.hpp"
#include "transom/unit/ports.hpp"

namespace transom::verilated {

/// Fields of retire_t, lowest first. The state has a port of its own.
inline unit::Retire to_retire(std::uint64_t bits, std::uint64_t state) {
  unit::Retire retire;
  const auto field = [&bits](unsigned width) {
    const auto value = static_cast<std::uint8_t>(bits & low_bits(width));
    bits >>= width;
    return value;
  };
  retire.symbol = field(kSymbolBits);
  retire.take = field(kTakeBits);
  retire.fill = field(kFillBits);
  retire.state = state;
  return retire;
}

}  // namespace transom::verilated
