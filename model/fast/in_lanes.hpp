// in_lanes.hpp — which decoders have loops in vectors, and what a lane has of their state.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <vector>

#include "transom/base/isa.hpp"
#include "transom/coder/nrans.hpp"
#include "transom/coder/tans.hpp"
#include "transom/coder/tans_pair.hpp"
#include "transom/fast/arith.hpp"
#include "transom/fast/lanes.hpp"
#include "transom/fast/rans.hpp"

namespace transom::fast {

/// The best loop that this machine has; nullptr where there is none.
inline LaneLoop vector_loop([[maybe_unused]] LaneCoder coder, [[maybe_unused]] std::uint32_t n_rows,
                            [[maybe_unused]] unsigned n_lanes) {
#ifdef TRANSOM_HAS_X86
  const Isa best = isa();
  const LaneLoop wide = best < Isa::kAvx512 ? nullptr : avx512_loop(coder, n_rows, n_lanes);
  if (wide != nullptr) return wide;
  if (best >= Isa::kAvx2) return avx2_loop(coder, n_rows, n_lanes);
#endif
  return nullptr;
}

/// The words of kTansNibbles; none where a value can be 16 or more, or an offset outside of its
/// row.
template <class ValueOf>
std::vector<std::uint32_t> nibble_words(const TansPairDecoder& decoder, const ValueOf& value_of) {
  std::vector<std::uint32_t> words;
  if constexpr (requires { value_of.row(symbol_t{}); }) {
    if (decoder.table_log > kNibblesLog) return words;
    std::array<std::uint32_t, kMaxAlphabet> of_pair{};
    std::array<std::uint32_t, kMaxAlphabet> largest{};  // of both values
    for (unsigned pair = 0; pair < kMaxAlphabet; ++pair) {
      const auto symbol = static_cast<symbol_t>(pair);
      const Row a = value_of.row(first_of(symbol)), b = value_of.row(second_of(symbol));
      const auto last = [](const Row& r) {
        return r.vmin + (std::uint32_t{1} << r.offset_bits) - 1;
      };
      largest[pair] = std::max(last(a), last(b));
      of_pair[pair] = a.vmin | std::uint32_t{b.vmin} << 4 | std::uint32_t{a.offset_bits} << 8 |
                      (std::uint32_t{a.offset_bits} + b.offset_bits) << 11;
    }
    for (std::uint32_t t = 0; t < std::uint32_t{1} << decoder.table_log; ++t) {
      const Entry e = to_entry(decoder.table[t]);
      if (largest[e.symbol] >= 16) return {};
      words.push_back(of_pair[e.symbol] | std::uint32_t{e.nbits} << 16 |
                      std::uint32_t{e.base} << 20);
    }
  }
  return words;
}

/// Of a decoder without loops.
template <class Decoder>
struct InLanes {
  static LaneLoop loop(const Decoder& /*decoder*/, std::uint32_t /*n_rows*/, unsigned /*n_lanes*/) {
    return nullptr;
  }
  static std::array<std::uint32_t*, 0> state(Decoder& /*decoder*/) { return {}; }
};

/// Of the others, by coder and state.
template <class Decoder, LaneCoder kCoder>
struct InLanesAs {
  static LaneLoop loop(const Decoder& decoder, std::uint32_t n_rows, unsigned n_lanes) {
    // Of 2^0 slots a step of rANS takes no word, whatever the state.
    if (kCoder == LaneCoder::kRans && decoder.table_log == 0) return nullptr;
    return vector_loop(kCoder, n_rows, n_lanes);
  }
};
template <>
struct InLanes<TansDecoder> : InLanesAs<TansDecoder, LaneCoder::kTans> {
  static std::array<std::uint32_t*, 1> state(TansDecoder& d) { return {&d.t}; }
};
/// Between pairs: has_second is false.
template <>
struct InLanes<TansPairDecoder> : InLanesAs<TansPairDecoder, LaneCoder::kTansPair> {
  static std::array<std::uint32_t*, 1> state(TansPairDecoder& d) { return {&d.t}; }
};
template <>
struct InLanes<RansFastDecoder> : InLanesAs<RansFastDecoder, LaneCoder::kRans> {
  static std::array<std::uint32_t*, 1> state(RansFastDecoder& d) { return {&d.x}; }
};
template <>
struct InLanes<NransDecoder<>> : InLanesAs<NransDecoder<>, LaneCoder::kNrans> {
  static std::array<std::uint32_t*, 1> state(NransDecoder<>& d) { return {&d.t}; }
};
template <>
struct InLanes<ArithFastDecoder> : InLanesAs<ArithFastDecoder, LaneCoder::kArith> {
  static std::array<std::uint32_t*, 3> state(ArithFastDecoder& d) {
    return {&d.interval.lo, &d.interval.hi, &d.code};
  }
};

}  // namespace transom::fast
