// fields.hpp — fields of the words at the RTL's ports; as codec_pkg.sv.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "transom/base/spec.hpp"
#include "transom/unit/ports.hpp"

namespace transom::verilated {

/// Fields of retire_t, lowest first. The state has a port of its own.
inline unit::Retire to_retire(std::uint64_t bits, std::uint64_t state) {
  unit::Retire retire;
  retire.symbol = static_cast<symbol_t>(bits & 0xff);
  retire.take = static_cast<std::uint8_t>(bits >> 8 & 0x1f);
  retire.fill = static_cast<std::uint8_t>(bits >> 13 & 0x7f);
  retire.state = state;
  return retire;
}
inline constexpr unsigned kRetireBits = 20;
inline constexpr unsigned kValueBits = 16;
inline constexpr unsigned kStatusBits = 3;
inline constexpr unsigned kStallBits = 3;
constexpr unsigned state_bits(LaneKind kind) {
  if (kind == LaneKind::kRans) return 32;
  return kind == LaneKind::kArith ? 48 : kMaxTableLog;
}

}  // namespace transom::verilated
