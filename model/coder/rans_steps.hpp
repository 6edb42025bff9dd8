// rans_steps.hpp — range ANS, the arithmetic: geometries, one encode step, one decode step.
//
// J. Duda, arXiv:1311.2540, section on rANS; F. Giesen's public-domain rans_*.h for the word form.
// State x in I = [L, bL), b = 2^word_bits. Ours and every other coder of the family that Transom
// reads or writes is one geometry, one table and one order of words around these two steps:
//   C(s, x) = floor(x / f) 2^R + slot(cum + x mod f)      D(x) = s, f floor(x / 2^R) + bias
// where slot() is the identity, or the permutation of an alias table.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <concepts>
#include <cstdint>
#include <functional>
#include <limits>
#include <string_view>
#include <type_traits>

#include "transom/base/bits.hpp"
#include "transom/base/spec.hpp"

namespace transom {

/// @tparam StateT       unsigned type that holds x < 2^(lower_log + word_bits)
/// @tparam LowerLog     L = 2^LowerLog
/// @tparam RansWordBits b = 2^RansWordBits
template <class StateT, unsigned LowerLog, unsigned RansWordBits>
struct RansGeometry {
  using State = StateT;
  using Word =
      std::conditional_t<(RansWordBits <= 8), std::uint8_t,
                         std::conditional_t<(RansWordBits <= 16), std::uint16_t, std::uint32_t>>;
  static constexpr unsigned lower_log = LowerLog;
  static constexpr unsigned word_bits = RansWordBits;
  static constexpr unsigned state_bits = LowerLog + RansWordBits;
  static constexpr State lower = State{1} << LowerLog;
  static constexpr State start = lower;  ///< where an encoder begins, and a decoder ends
  static_assert(state_bits <= 8 * sizeof(State) && word_bits <= 32);
  static_assert(kMaxTableLog <= LowerLog, "L must be a multiple of 2^R");

  /// Whether x lies in [L, bL).
  static constexpr bool is_state(State x) {
    return x >= lower && static_cast<std::uint64_t>(x) >> (state_bits - 1) <= 1;
  }
  /// Words one decode step can need: it leaves x >= 2^(lower_log - R).
  static constexpr unsigned max_refills(unsigned R) { return (R + word_bits - 1) / word_bits; }
};
using Rans32x16 = RansGeometry<std::uint32_t, 16, 16>;      ///< the hardware's
using Rans64x32 = RansGeometry<std::uint64_t, 31, 32>;      ///< fewest refills in software
using Rans64x32Full = RansGeometry<std::uint64_t, 32, 32>;  ///< all 64 bits: R up to 32
using Rans32x8 = RansGeometry<std::uint32_t, 23, 8>;        ///< byte-wise

/// The slots of a symbol, [cum, cum + freq) of the 2^R before any permutation.
struct RansRange {
  std::uint32_t cum;
  std::uint32_t freq;
};

/// What a slot means to a decoder.
struct RansSlot {
  std::uint32_t symbol;
  std::uint32_t freq;
  std::uint32_t bias;  ///< place of the slot among those of its symbol, below freq
};

namespace detail {
/// rans_encode_step() of what has been checked.
template <class Geometry, std::unsigned_integral State, class Emit, class SlotOf>
constexpr void rans_encode(State& x, RansRange range, unsigned R, Emit&& emit,
                           const SlotOf& slot_of) {
  static_assert(std::is_same_v<State, typename Geometry::State>);
  if (R == 0) return;  // one symbol of one slot: C is the identity
  // x < f b L / 2^R, compared after the shift: for f = 2^R the bound itself needs one bit more
  // than the state has.
  const unsigned shift = Geometry::state_bits - R;
  while (static_cast<std::uint64_t>(x) >> shift >= range.freq) {
    emit(static_cast<std::uint32_t>(x) & low_bits(Geometry::word_bits));
    x >>= Geometry::word_bits;
  }
  const State f = range.freq;
  x = static_cast<State>((x / f << R) + slot_of(range.cum + static_cast<std::uint32_t>(x % f)));
}

template <class Geometry>
[[noreturn]] constexpr void refuse_rans_state(std::string_view function, std::uint64_t x) {
  refuse_range(function, "x", x, Geometry::start,
               std::numeric_limits<std::uint64_t>::max() >> (64 - Geometry::state_bits));
}
}  // namespace detail

/// x' = C(s, x) after x gave up its low words to emit(word), lowest first. R <= lower_log,
/// range.freq >= 1, the range within 2^R slots, x at least the start state (throws); keeps x in I.
/// @param slot_of a permutation of the slots below 2^R
template <class Geometry, std::unsigned_integral State, class Emit, class SlotOf = std::identity>
constexpr void rans_encode_step(State& x, RansRange range, unsigned R, Emit&& emit,
                                const SlotOf& slot_of = {}) {
  constexpr std::string_view kName = "rans_encode_step";
  require_range(kName, "table log", R, 0, Geometry::lower_log);
  const std::uint64_t n_slots = std::uint64_t{1} << R;
  require_range(kName, "range.freq", range.freq, 1, n_slots);
  require_range(kName, "range.cum", range.cum, 0, n_slots - range.freq);
  if constexpr (Geometry::start != 0) {
    if (x < Geometry::start) [[unlikely]]
      detail::refuse_rans_state<Geometry>(kName, x);
  }
  detail::rans_encode<Geometry>(x, range, R, emit, slot_of);
}

/// s, x' = D(x); then at most max_refills(R) words by refill(x). A forged state may leave I, but
/// every step ends, and lookup() is asked for slots below 2^R only. R <= lower_log is not checked:
/// a decoder's table is trusted, and RansStack looks.
template <class Geometry, std::unsigned_integral State, class Lookup, class Refill>
constexpr std::uint32_t rans_decode_step(State& x, unsigned R, const Lookup& lookup,
                                         Refill&& refill) {
  static_assert(std::is_same_v<State, typename Geometry::State>);
  const RansSlot slot = lookup(static_cast<std::uint32_t>(x) & low_bits(R));
  x = slot.freq * (x >> R) + slot.bias;
  if constexpr (Geometry::max_refills(Geometry::lower_log) == 1) {
    if (R != 0 && x < Geometry::lower) refill(x);
  } else {
    for (unsigned i = 0; i < Geometry::max_refills(R) && x < Geometry::lower; ++i) refill(x);
  }
  return slot.symbol;
}

/// Steps among any number N of slots, 1..L: floor(x / N) and x mod N for shift and mask. L need not
/// be a multiple of N, so a step is done in I_N = [kN, bkN), k = floor(L / N), which lies one word
/// below I at most. Each way is three parts, so that a coder of many states can do each part for
/// all of them: give a word, step, take a word. Where N = 2^R they are the steps above.
template <class Geometry>
struct RansAnyStep {
  using State = typename Geometry::State;
  static_assert(Geometry::state_bits <= 2 * Geometry::word_bits, "a word is enough");

  /// x < b k n: emit(word) if it is not. n = range.freq before encode(), N before a decode step.
  template <class Emit>
  static constexpr void give(State& x, std::uint32_t n, std::uint32_t N, Emit&& emit) {
    if (x >> Geometry::word_bits >= Geometry::lower / N * n) {
      emit(static_cast<std::uint32_t>(x) & low_bits(Geometry::word_bits));
      x >>= Geometry::word_bits;
    }
  }
  /// C(s, x), range.freq >= 1.
  static constexpr State encode(State x, RansRange range, std::uint32_t N) {
    return x / range.freq * N + x % range.freq + range.cum;
  }
  /// D(x) of a slot = x mod N.
  static constexpr State decode(State x, RansSlot slot, std::uint32_t N) {
    return slot.freq * (x / N) + slot.bias;
  }
  /// Back into I: refill(x) if x is below.
  template <class Refill>
  static constexpr void take(State& x, Refill&& refill) {
    if (x < Geometry::lower) refill(x);
  }
};

}  // namespace transom
