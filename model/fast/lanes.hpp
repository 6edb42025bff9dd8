// lanes.hpp — streams side by side in vectors: what a vector unit's loop is given and gives back.
//
// A lane of a vector has the state of one stream; a loop steps all lanes alike. It is compiled for
// its instructions in a file of its own, which shares nothing but this with the rest: see
// lane_loop.hpp.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace transom::fast {

/// Lanes of a loop at most.
inline constexpr unsigned kMaxLanes = 64;
/// Lanes that are worth a loop of their own.
inline constexpr unsigned kLeastLanes = 8;
/// Rows that are looked up in vectors.
inline constexpr unsigned kFewRows = 16;
/// A loop takes values by this many.
inline constexpr unsigned kLaneTurn = 4;

enum class LaneCoder : std::uint8_t { kTans, kTansPair, kTansNibbles, kRans, kNrans, kArith };

/// Table words of kTansNibbles, pairs of values below 16, R <= 12: [3:0], [7:4] the values without
/// their offsets, [10:8] bits of the first one's offset, [14:11] of both, [19:16] nbits, [31:20]
/// base. One look-up is all that two values take.
inline constexpr unsigned kNibblesLog = 12;

/// Where the lanes read: at byte base + at, from bit `bit` of it on.
struct LaneBits {
  const std::uint8_t* base;
  unsigned most;  ///< bits of a step at most
  alignas(64) std::int32_t at[kMaxLanes];
  alignas(64) std::uint32_t bit[kMaxLanes];  ///< 0..7
};

/// Lanes in mid-stream. Tables are of 32-bit words, as the coder's Decoder has them.
struct Lanes {
  const std::uint32_t* table;
  unsigned table_log;
  const std::uint32_t* rows;   ///< words, kFewRows at least; nullptr: a value is its symbol
  const std::uint32_t* sizes;  ///< of the rows, where offsets can be outside; or nullptr
  bool outside;                ///< whether one was
  alignas(64) std::uint32_t state[3][kMaxLanes];
  LaneBits symbols;
  LaneBits offsets;
  bool wide;  ///< values are of 16 bits, not of 8
  /// A lane's values are one by one, or 32 bits together; behind them are those of the next lane.
  bool joined;
  void* values;
  std::uint64_t stride;  ///< bytes from a lane's values to its next
};

/// Decodes n values of each lane, a multiple of kLaneTurn. The bits are there: see bits_ahead().
using LaneLoop = void (*)(Lanes& lanes, std::uint64_t n);

/// The loop for so many lanes, a power of two; nullptr where there is none.
/// @param n_rows 0: values are symbols
LaneLoop avx2_loop(LaneCoder coder, std::uint32_t n_rows, unsigned n_lanes);
LaneLoop avx512_loop(LaneCoder coder, std::uint32_t n_rows, unsigned n_lanes);

}  // namespace transom::fast
