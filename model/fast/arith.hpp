// arith.hpp — the arithmetic decode step without its search.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "transom/base/spec.hpp"
#include "transom/coder/arith.hpp"

namespace transom {

/// ArithDecoder with one look-up. b(c) = floor(width c / 2^10) <= CODE - LO holds for the c of
/// which width c < 2^10 (CODE - LO + 1): for those up to a quotient, which is the slot.
struct ArithFastDecoder : ArithDecoder {  // its table: words of make_rans_slots
  template <class Bits>
  constexpr symbol_t step(Bits& in) {
    const std::uint32_t width = interval.hi - interval.lo + 1;
    const std::uint32_t slot = (((code - interval.lo + 1) << kArithTableLog) - 1) / width;
    const RansEntry e = to_rans_entry(table[slot]);
    const std::uint32_t cum = slot - e.bias;
    take(cum, cum + e.freq, in);
    return e.symbol;
  }
};

}  // namespace transom
