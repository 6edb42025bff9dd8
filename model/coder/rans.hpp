// rans.hpp — range asymmetric numeral systems: the same verbs as tans.hpp, arithmetic for a table.
//
// The steps are those of rans_steps.hpp. The geometry is a parameter: the hardware's, L = b =
// 2^16, never needs more than one 16-bit word per symbol while R <= 16. The stream is the state
// (state_bits), then words in the order in which the decoder wants them; it ends at x = L.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>
#include <numeric>
#include <span>
#include <vector>

#include "transom/base/bits.hpp"
#include "transom/base/spec.hpp"
#include "transom/coder/rans_steps.hpp"
#include "transom/table/frequencies.hpp"

namespace transom {

/// Decode table words: freq | cum << 16 for s = 0..255, then the symbol of each slot, four to a
/// word.
inline constexpr unsigned kRansSymbolWords = kMaxAlphabet;
/// The words that RansDecoder looks symbols up in. Throws unless freq sums to 2^R.
inline std::vector<std::uint32_t> make_rans_table(std::span<const std::uint32_t> freq, unsigned R) {
  check_freq(freq, R, "make_rans_table");
  const std::uint32_t L = std::uint32_t{1} << R;
  std::vector<std::uint32_t> table(kRansSymbolWords + (L + 3) / 4);
  std::uint32_t slot = 0;
  for (std::size_t s = 0; s < freq.size(); ++s) {
    table[s] = freq[s] | slot << 16;
    for (std::uint32_t i = 0; i < freq[s]; ++i, ++slot) {
      table[kRansSymbolWords + slot / 4] |= static_cast<std::uint32_t>(s) << 8 * (slot % 4);
    }
  }
  return table;
}

/// Table words of a hardware lane, one per slot: see RansEntry. Throws unless freq sums to 2^R,
/// R <= kRansLaneTableLog.
inline std::vector<std::uint32_t> make_rans_slots(std::span<const std::uint32_t> freq, unsigned R) {
  check_freq(freq, R, "make_rans_slots");
  require_range("make_rans_slots", "table log", R, 0, kRansLaneTableLog);
  std::vector<std::uint32_t> slots;
  slots.reserve(std::size_t{1} << R);
  for (std::size_t s = 0; s < freq.size(); ++s) {
    for (std::uint32_t bias = 0; bias < freq[s]; ++bias) {
      slots.push_back(
          to_word(RansEntry{static_cast<symbol_t>(s), static_cast<std::uint16_t>(freq[s]),
                            static_cast<std::uint16_t>(bias)}));
    }
  }
  return slots;
}

/// A stream's encoder: encode_step() for each symbol, last to first. Its constructor throws unless
/// freq sums to 2^R.
template <class Geometry>
class RansEncoder {
 public:
  using State = typename Geometry::State;

  RansEncoder(std::span<const std::uint32_t> freq, unsigned R)
      : freq_(freq.begin(), freq.end()), cum_(freq.size()), table_log_(R) {
    check_freq(freq, R, "RansEncoder");
    std::exclusive_scan(freq.begin(), freq.end(), cum_.begin(), std::uint32_t{0});
  }

  bool can_encode(symbol_t s) const { return s < freq_.size() && freq_[s] != 0; }

  /// x' = C(s, x) after x gave up its low words to `out`. `x` in [L, bL), freq[s] >= 1 (throws).
  void encode_step(State& x, symbol_t s, StackWriter& out) const {
    if (!can_encode(s) || x < Geometry::lower) [[unlikely]]
      refuse_step(x, s);
    detail::rans_encode<Geometry>(
        x, {cum_[s], freq_[s]}, table_log_,
        [&](std::uint32_t word) { out.prepend(word, Geometry::word_bits); }, std::identity{});
  }

 private:
  [[noreturn, gnu::cold, gnu::noinline]] void refuse_step(State x, symbol_t s) const {
    if (!can_encode(s)) detail::refuse_symbol("RansEncoder::encode_step", s);
    detail::refuse_rans_state<Geometry>("RansEncoder::encode_step", x);
  }

  std::vector<std::uint32_t> freq_;
  std::vector<std::uint32_t> cum_;
  unsigned table_log_;
};

/// A stream's decoder. A forged state may leave I, but every step ends and stays in the table,
/// which is trusted.
template <class Geometry>
struct RansDecoder {
  using State = typename Geometry::State;
  const std::uint32_t* table;  ///< words of make_rans_table
  unsigned table_log;
  State x = Geometry::lower;

  template <class Bits>
  constexpr void start(Bits& in) {
    x = 0;
    for (unsigned bit = 0; bit < Geometry::state_bits; bit += Geometry::word_bits) {
      x |= static_cast<State>(in.read(word_width(bit))) << bit;
    }
  }
  template <class Bits>
  constexpr symbol_t step(Bits& in) {
    const auto lookup = [this](std::uint32_t slot) {
      const std::uint32_t s = table[kRansSymbolWords + slot / 4] >> 8 * (slot % 4) & 0xff;
      return RansSlot{s, table[s] & 0xffff, slot - (table[s] >> 16)};
    };
    return static_cast<symbol_t>(rans_decode_step<Geometry>(x, table_log, lookup, [&](State& y) {
      y = static_cast<State>(y << Geometry::word_bits) | in.read(Geometry::word_bits);
    }));
  }
  /// Bits that a step reads at most, whatever the stream.
  constexpr unsigned most_bits() const {
    return Geometry::max_refills(table_log) * Geometry::word_bits;
  }
  constexpr bool at_end() const { return x == Geometry::lower; }
  constexpr std::uint64_t state() const { return x; }

 private:
  /// The state travels low bits first in pieces of word_bits; the last may be shorter.
  static constexpr unsigned word_width(unsigned bit) {
    const unsigned left = Geometry::state_bits - bit;
    return left < Geometry::word_bits ? left : Geometry::word_bits;
  }
};

/// RansDecoder<Rans32x16> over the slot words of a hardware lane: one look-up, no subtraction.
struct RansSlotDecoder {
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
    const auto lookup = [this](std::uint32_t slot) {
      const RansEntry e = to_rans_entry(table[slot]);
      return RansSlot{e.symbol, e.freq, e.bias};
    };
    return static_cast<symbol_t>(rans_decode_step<Rans32x16>(
        x, table_log, lookup, [&](std::uint32_t& y) { y = y << 16 | in.read(16); }));
  }
  constexpr bool at_end() const { return x == Rans32x16::lower; }
  constexpr std::uint64_t state() const { return x; }
};

/// The symbol words of a stream, the initial state first; none for no symbols. freq[s] >= 1 for
/// each symbol (throws).
template <class Geometry>
std::vector<std::uint32_t> encode_symbols(const RansEncoder<Geometry>& encoder,
                                          std::span<const symbol_t> symbols) {
  if (symbols.empty()) return {};
  StackWriter out;
  typename Geometry::State x = Geometry::lower;
  for (std::size_t i = symbols.size(); i-- > 0;) encoder.encode_step(x, symbols[i], out);
  // Highest piece first, so that the decoder meets the lowest first.
  constexpr unsigned pieces =
      (Geometry::state_bits + Geometry::word_bits - 1) / Geometry::word_bits;
  for (unsigned i = pieces; i-- > 0;) {
    const unsigned bit = i * Geometry::word_bits;
    const unsigned width = std::min(Geometry::word_bits, Geometry::state_bits - bit);
    out.prepend(static_cast<std::uint32_t>(x >> bit) & low_bits(width), width);
  }
  return out.take();
}

}  // namespace transom
