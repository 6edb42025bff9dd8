// in_lanes.hpp — which decoders have loops in vectors, and what a lane has of their state.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>

#include "transom/base/isa.hpp"
#include "transom/coder/nrans.hpp"
#include "transom/coder/tans.hpp"
#include "transom/coder/tans_pair.hpp"
#include "transom/fast/arith.hpp"
#include "transom/fast/lanes.hpp"
#include "transom/fast/rans.hpp"

namespace transom::fast {

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
  static LaneLoop loop(const Decoder& decoder, [[maybe_unused]] std::uint32_t n_rows,
                       [[maybe_unused]] unsigned n_lanes) {
    // Of 2^0 slots a step of rANS takes no word, whatever the state.
    if (kCoder == LaneCoder::kRans && decoder.table_log == 0) return nullptr;
#ifdef TRANSOM_HAS_X86
    const Isa best = isa();
    const LaneLoop wide = best < Isa::kAvx512 ? nullptr : avx512_loop(kCoder, n_rows, n_lanes);
    if (wide != nullptr) return wide;
    if (best >= Isa::kAvx2) return avx2_loop(kCoder, n_rows, n_lanes);
#endif
    return nullptr;
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
