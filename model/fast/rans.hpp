// rans.hpp — the rANS steps without their branch, and without their division.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bit>
#include <cassert>
#include <cstdint>

#include "transom/base/bits.hpp"
#include "transom/base/spec.hpp"
#include "transom/coder/rans.hpp"

namespace transom {
namespace fast {

/// The division of a step in lanes of 32 bits:
/// floor(x / f) = floor((x + add) m / 2^(32 + shift)) for x < f 2^(32 - R), as rANS has it once a
/// word is given; 1 <= f <= 2^R, R >= 1. x + add is below 2^32, unless f = 2^R, where add = 0.
///
/// With N = 32 + shift, f m exceeds 2^N by e < f. Then x m / 2^N exceeds x / f by x e / (f 2^N),
/// which does not reach the next integer if f e <= 2^(R + shift). Otherwise m - 1 does it, of which
/// f (m - 1) is too small by f - e: (x + 1) (m - 1) / 2^N is below (x + 1) / f by 1 / f at most, as
/// f (f - e) <= 2^(R + shift). (A. D. Robison, "N-bit unsigned division via N-bit multiply-add",
/// 2005.)
struct Reciprocal {
  std::uint32_t m = 0;
  std::uint32_t add = 0;
  std::uint32_t shift = 0;  ///< < R
};

inline Reciprocal reciprocal(std::uint32_t f, unsigned R) {
  if (f == 1) return {UINT32_MAX, 1, 0};  // m = 2^32
  const auto shift = static_cast<std::uint32_t>(std::bit_width(f - 1)) - 1;
  const std::uint64_t power = std::uint64_t{1} << (32 + shift);
  const std::uint64_t m = (power + f - 1) / f, e = m * f - power;
  const std::uint64_t most = std::uint64_t{1} << (R + shift);
  const bool add = f * e > most;
  assert(!add || f * (f - e) <= most);
  return {static_cast<std::uint32_t>(add ? m - 1 : m), add, shift};
}

}  // namespace fast

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
