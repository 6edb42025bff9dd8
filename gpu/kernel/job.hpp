// job.hpp — what a thread of the CUDA decoder is given, and what it leaves.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "transom/base/spec.hpp"
#include "transom/base/stream.hpp"

namespace transom::gpu {

/// Where the words of a stream are: numbers of words from DecodeJob::words on.
struct StreamPlace {
  std::uint32_t symbols = 0;
  std::uint32_t n_symbols = 0;
  std::uint32_t offsets = 0;
  std::uint32_t n_offsets = 0;

  friend constexpr bool operator==(const StreamPlace&, const StreamPlace&) = default;
};

/// How a stream ended.
struct StreamEnd {
  Status status = Status::kOk;
  bool outside = false;  ///< an offset was not below its row's size
};

/// The decoders that there are kernels for.
enum class DecodeCoder : std::uint8_t {
  kTans,
  kRans,
  kRansSlots,  ///< rANS with a word per slot: one look-up, R <= kRansLaneTableLog
  kArith,
  kTansPair,
  kNrans,
};
inline constexpr unsigned kDecodeCoders = 6;

/// What a symbol means.
enum class ValuesOf : std::uint8_t {
  kSymbols,    ///< itself: whole values, or rows of one value each
  kRows,       ///< its row's smallest value and an offset
  kSizedRows,  ///< the same, and offsets are compared with the row's size
};
inline constexpr unsigned kValuesOf = 3;

/// A tensor to decode. Pointers are of the side that decodes.
struct DecodeJob {
  /// Look-up words: of make_step_words(), make_rans_table(), make_rans_slots(),
  /// make_arith_table() or make_nrans_table(). They are trusted.
  const std::uint32_t* table = nullptr;
  std::uint32_t n_table = 0;
  std::uint32_t table_log = 0;  ///< R
  /// Unless kSymbols: of tANS the words of make_value_words(), at a multiple of 8 bytes; of others
  /// kMaxAlphabet row words.
  const std::uint32_t* rows = nullptr;
  std::uint32_t n_rows = 0;
  const std::uint32_t* sizes = nullptr;  ///< of the rows, as many, where kSizedRows
  const std::uint32_t* words = nullptr;  ///< of all streams; any words are decoded
  const StreamPlace* places = nullptr;   ///< one per stream; they are trusted
  void* values = nullptr;                ///< layout.n_values of them, bytes or value_t
  StreamEnd* ends = nullptr;             ///< one per stream
  StreamLayout layout;
  std::uint32_t stride = 1;  ///< of words: 1 or kSlabStreams
  DecodeCoder coder = DecodeCoder::kTans;
  ValuesOf values_of = ValuesOf::kRows;
  bool bytes = false;  ///< values are bytes, W <= 8; else value_t. With kSymbols always
};

/// Values for whose offsets the bits of a fill() are enough: one has at most T's.
template <class T>
inline constexpr unsigned kOffsetSteps = kWordBits / (8 * sizeof(T));

/// Where a job's tables lie in shared memory: the look-up words, then rows at a multiple of 8
/// bytes.
constexpr std::uint32_t rows_at(const DecodeJob& job) { return job.n_table + job.n_table % 2; }
constexpr std::uint32_t sizes_at(const DecodeJob& job) {
  return rows_at(job) + (job.values_of == ValuesOf::kSymbols ? 0 : job.n_rows);
}
/// Words of shared memory for them.
constexpr std::uint32_t shared_words(const DecodeJob& job) {
  return sizes_at(job) + (job.values_of == ValuesOf::kSizedRows ? kMaxAlphabet : 0);
}

/// The tables of a job, where they are fastest to reach.
struct DecodeTables {
  const std::uint32_t* table;
  const std::uint32_t* rows;
  const std::uint32_t* sizes;
};

}  // namespace transom::gpu
