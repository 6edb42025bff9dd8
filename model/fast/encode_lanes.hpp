// encode_lanes.hpp — streams that are encoded side by side in vectors: what a loop is given and
// gives back. As lanes.hpp for decoding.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>

#include "transom/base/spec.hpp"
#include "transom/fast/lanes.hpp"

namespace transom::fast {

/// Bits of a row's offset at most: a BackWriter holds those of four values.
inline constexpr unsigned kMostLaneOffset = 14;
/// R at most, for which a step's words have room.
inline constexpr unsigned kMostLaneLog = 12;

enum class EncodeCoder : std::uint8_t { kTans, kRans };

/// Words of what a symbol does to a state, R <= kMostLaneLog. `missing` marks a symbol without a
/// frequency, whose step is that of another.
inline constexpr std::uint32_t kMissing = std::uint32_t{1} << 16;
/// tANS: nbits = (x + [15:0] >> R) - 1, and the next state is at (x >> nbits) + [31:17], signed.
constexpr std::uint32_t tans_step_word(std::uint32_t add, std::int32_t delta_index, bool missing) {
  return static_cast<std::uint32_t>(delta_index) << 17 | (missing ? kMissing : 0) | add;
}
/// rANS, behind the m of its Reciprocal: [11:0] freq - 1, [15:12] shift, [17] add, [31:20] cum.
constexpr std::uint32_t rans_step_word(std::uint32_t freq, std::uint32_t cum, unsigned shift,
                                       unsigned add, bool missing) {
  return cum << 20 | add << 17 | (missing ? kMissing : 0) | shift << 12 | (freq - 1);
}

/// The lanes' BackWriters.
struct LaneOut {
  alignas(64) std::uint8_t* at[kMaxLanes];
  alignas(64) std::uint64_t pending[kMaxLanes];
  alignas(64) std::uint64_t n_pending[kMaxLanes];
};

/// Lanes in mid-stream.
struct EncodeLanes {
  /// Of each byte, or of each symbol: a step's words, two of them where there are offsets.
  const std::uint32_t* steps;
  const std::uint32_t* rows;  ///< words, where a step has two; behind the step's word otherwise
  /// The same by symbol, where there are few rows: first words, second words and rows, kFewRows of
  /// each.
  const std::uint32_t* few;
  const std::uint32_t* next;  ///< states of tANS
  const symbol_t* symbols;    ///< of each value; three bytes behind them can be read
  unsigned table_log;
  const void* values;     ///< the last one of lane 0, behind it those of the next lanes
  std::uint64_t stride;   ///< values from a lane's value to the one before
  std::uint32_t missing;  ///< kMissing is set if a value has no frequency
  alignas(64) std::uint32_t state[kMaxLanes];
  LaneOut symbols_out;
  LaneOut offsets_out;
};

/// Encodes n values of each lane, last to first.
using EncodeLoop = void (*)(EncodeLanes& lanes, std::uint64_t n);

/// The loop for so many lanes, a power of two; nullptr where there is none.
/// @param n_rows 0: none has an offset
/// @param wide   values are of 16 bits, not of 8
EncodeLoop avx2_encode_loop(EncodeCoder coder, std::size_t n_rows, bool wide, unsigned n_lanes);
EncodeLoop avx512_encode_loop(EncodeCoder coder, std::size_t n_rows, bool wide, unsigned n_lanes);

}  // namespace transom::fast
