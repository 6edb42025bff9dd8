// rans.hpp — the rANS decode step without its branch.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "transom/base/bits.hpp"
#include "transom/base/spec.hpp"
#include "transom/coder/rans.hpp"

namespace transom {

/// RansSlotDecoder with a step of its own: no processor predicts whether a word is wanted, so that
/// one of no bits is read where none is.
struct RansFastDecoder : RansSlotDecoder {
  template <class Bits>
  constexpr symbol_t step(Bits& in) {
    const RansEntry e = to_rans_entry(table[x & low_bits(table_log)]);
    x = e.freq * (x >> table_log) + e.bias;
    // Of 2^0 slots a step takes no word, whatever the state.
    const std::uint32_t least = table_log == 0 ? 0 : Rans32x16::lower;
    const unsigned nbits = x < least ? Rans32x16::word_bits : 0;
    x = x << nbits | in.read(nbits);
    return e.symbol;
  }
  constexpr unsigned most_bits() const { return Rans32x16::word_bits; }
};

}  // namespace transom
