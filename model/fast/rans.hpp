// rans.hpp — the rANS decode step without its branch.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "transom/base/bits.hpp"
#include "transom/base/spec.hpp"
#include "transom/coder/rans.hpp"

namespace transom {

/// RansSlotDecoder, for R up to kRansLaneTableLog: no processor predicts whether a word is wanted,
/// so that a word of no bits is read where none is.
struct RansFastDecoder {
  const std::uint32_t* table;  ///< words of make_rans_slots
  unsigned table_log;
  std::uint32_t x = Rans32x16::lower;

  template <class Bits>
  constexpr void start(Bits& in) {
    x = in.read(16);
    x |= in.read(16) << 16;
  }
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
  constexpr bool at_end() const { return x == Rans32x16::lower; }
};

}  // namespace transom
