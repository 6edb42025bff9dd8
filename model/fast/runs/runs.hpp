// runs.hpp — tANS streams with many consecutive values each, side by side: what a loop is given and
// gives back. As lanes.hpp, for chunks that are long.
//
// Gathers are slow on many processors. So nothing is gathered: the steps of some streams in turn,
// each a look-up of one word, leave the words that they found; then the offsets of 64 values of a
// stream at a time, whose places are sums of the rows' sizes in bits, are taken out of a vector.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace transom::fast {

/// Streams that are worth it.
inline constexpr unsigned kLeastRuns = 8;
/// Streams of a loop at most, by measurement.
inline constexpr unsigned kMostRuns = 8;
/// Rows at most: what a vector looks up in itself.
inline constexpr unsigned kRunRows = 16;
/// A loop takes values by this many.
inline constexpr unsigned kRunTurn = 64;
/// Values of a stream in one call at most: what the steps leave stays in the nearest cache.
inline constexpr unsigned kMostRunValues = 512;
/// Consecutive values that are worth it: a group of streams goes to its end before the next one
/// begins, as no prefetcher follows all of them.
inline constexpr std::uint32_t kLeastRun = 512;
/// R at most: the bits of four steps, the 7 before them and one for a mark are 64.
inline constexpr unsigned kMostRunLog = 14;
/// Bits of an offset at most: a byte's.
inline constexpr unsigned kMostRunOffset = 8;
/// Bits that a loop may look at beyond those that it takes.
inline constexpr std::uint64_t kRunSymbolsAhead = 64;
inline constexpr std::uint64_t kRunOffsetsAhead = 512;

/// A stream in mid-run: bits read of its symbols and offsets.
struct Run {
  const std::uint8_t* symbols;
  std::uint64_t symbol_bit;
  const std::uint8_t* offsets;
  std::uint64_t offset_bit;
  std::uint32_t state;
  std::uint8_t* values;
};

struct Runs {
  /// 2^R words: [7:0] bits of the step, [15:8] symbol, [63:16] the address of the base's word.
  const std::uint64_t* table;
  unsigned most_bits;  ///< of a step
  bool has_rows;       ///< otherwise a value is its symbol
  /// Of rows: bits of an offset, these bits set, the last offset within it, the first value.
  std::uint8_t bits[kRunRows], mask[kRunRows], last[kRunRows], vmin[kRunRows];
  bool outside;  ///< whether an offset was beyond the last one
  unsigned n_runs;
  Run run[kMostRuns];
};

/// Decodes n values of each run, a multiple of kRunTurn. The bits are there, and as many beyond as
/// it may look at.
void vbmi_runs(Runs& runs, std::uint64_t n);

}  // namespace transom::fast
