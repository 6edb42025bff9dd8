// decode.hpp — what one thread of the CUDA decoder does, in plain C++: it decodes a stream.
//
// The steps are the model's decoders over a reader of words. CUDA runs many threads at once, the
// host one after the other (host.hpp), and neither adds anything. Where chunks are a multiple of a
// group of values, 16 bytes, a thread stores a group at once; elsewhere value by value, which for
// chunks of one lie side by side in a warp.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <type_traits>
#include <utility>

#include "transom/base/spec.hpp"
#include "transom/base/stream.hpp"
#include "transom/coder/arith.hpp"
#include "transom/coder/nrans.hpp"
#include "transom/coder/rans.hpp"
#include "transom/coder/tans.hpp"
#include "transom/coder/tans_pair.hpp"
#include "transom/gpu/kernel/words.hpp"

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
  /// Look-up words: of make_decode_table(), make_rans_table(), make_rans_slots(),
  /// make_arith_table() or make_nrans_table(). They are trusted.
  const std::uint32_t* table = nullptr;
  std::uint32_t n_table = 0;
  std::uint32_t table_log = 0;           ///< R
  const std::uint32_t* rows = nullptr;   ///< kMaxAlphabet row words, unless kSymbols
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

/// Steps for which 32 bits are enough, of any table.
template <class Decoder>
inline constexpr unsigned kStepsOfFill = 2;
static_assert(2 * kMaxTableLog <= kWordBits && 2 * kArithBits <= kWordBits &&
              2 * Rans32x16::word_bits <= kWordBits);
template <>
inline constexpr unsigned kStepsOfFill<TansPairDecoder> = 4;  // every other step reads

/// Values that a thread stores at once: 16 bytes.
template <class T>
inline constexpr unsigned kGroupValues = 16 / sizeof(T);

/// One value: its symbol is known.
template <ValuesOf kOf>
struct ValueReader {
  const std::uint32_t* rows;
  const std::uint32_t* sizes;
  WordReader offsets;
  bool outside = false;

  /// @param fill whether offset bits for the value may be lacking
  constexpr std::uint32_t operator()(symbol_t s, bool fill) {
    if constexpr (kOf == ValuesOf::kSymbols) return s;
    if (fill) offsets.fill();
    const Row row = to_row(rows[s]);
    const std::uint32_t offset = offsets.read(row.offset_bits);
    if constexpr (kOf == ValuesOf::kSizedRows) outside |= offset >= sizes[s];
    return row.vmin + offset;
  }
};

/// The next values of a stream.
template <class Decoder, ValuesOf kOf, class T, unsigned... i>
constexpr void decode_group(Decoder& decoder, WordReader& symbols, ValueReader<kOf>& value_of,
                            T* values, std::integer_sequence<unsigned, i...> /*of values*/) {
  constexpr unsigned kOffsetSteps = kWordBits / (8 * sizeof(T));  // an offset has at most T's bits
  ((i % kStepsOfFill<Decoder> == 0 ? symbols.fill() : void(),
    values[i] = static_cast<T>(value_of(decoder.step(symbols), i % kOffsetSteps == 0))),
   ...);
}

/// The kernel's body.
/// @tparam T     std::uint8_t or value_t
/// @param  table,rows,sizes those of the job, where they are fastest to reach
template <class Decoder, ValuesOf kOf, class T>
constexpr void decode_thread(const DecodeJob& job, const std::uint32_t* table,
                             const std::uint32_t* rows, const std::uint32_t* sizes,
                             std::uint32_t stream) {
  constexpr unsigned kGroup = kGroupValues<T>;
  constexpr std::make_integer_sequence<unsigned, kGroup> kEach;
  constexpr std::integer_sequence<unsigned, 0> kOne;
  const StreamLayout layout = job.layout;
  const std::uint32_t n_streams = layout.n_streams, chunk = layout.chunk;
  const StreamPlace place = job.places[stream];
  WordReader symbols(job.words + place.symbols, place.n_symbols, job.stride);
  ValueReader<kOf> value_of{rows, sizes,
                            WordReader(job.words + place.offsets, place.n_offsets, job.stride)};
  const std::uint64_t round = std::uint64_t{n_streams} * chunk;
  std::uint64_t first = std::uint64_t{stream} * chunk;
  if (first >= layout.n_values) {
    job.ends[stream] = {stream_status(true, symbols, value_of.offsets), false};
    return;
  }
  Decoder decoder{table, job.table_log};
  symbols.fill();
  decoder.start(symbols);
  T* const values = static_cast<T*>(job.values);
  const bool whole_groups =
      chunk % kGroup == 0 && reinterpret_cast<std::uintptr_t>(values) % 16 == 0;
  for (; first < layout.n_values; first += round) {
    const std::uint64_t left = layout.n_values - first;
    const std::uint64_t end = first + (left < chunk ? left : chunk);
    std::uint64_t i = first;
    if (whole_groups) {
      for (; i + kGroup <= end; i += kGroup) {
        alignas(16) T group[kGroup];
        if constexpr (requires { decoder.has_second; })
          decoder.has_second = false;  // groups are even
        decode_group(decoder, symbols, value_of, group, kEach);
        void* const to = values + i;
        std::memcpy(__builtin_assume_aligned(to, 16), group, sizeof group);
      }
    }
    for (; i < end; ++i) decode_group(decoder, symbols, value_of, values + i, kOne);
  }
  job.ends[stream] = {stream_status(decoder.at_end(), symbols, value_of.offsets), value_of.outside};
}

/// Calls visit.template operator()<Decoder, ValuesOf, T>() of a job's kernel; returns whether there
/// is one.
template <class Visit>
constexpr bool visit_decoder(const DecodeJob& job, Visit&& visit) {
  const auto of_values = [&]<class Decoder>() {
    switch (job.values_of) {
      case ValuesOf::kSymbols:
        if (!job.bytes) return false;
        visit.template operator()<Decoder, ValuesOf::kSymbols, std::uint8_t>();
        return true;
      case ValuesOf::kRows:
        job.bytes ? visit.template operator()<Decoder, ValuesOf::kRows, std::uint8_t>()
                  : visit.template operator()<Decoder, ValuesOf::kRows, value_t>();
        return true;
      case ValuesOf::kSizedRows:
        job.bytes ? visit.template operator()<Decoder, ValuesOf::kSizedRows, std::uint8_t>()
                  : visit.template operator()<Decoder, ValuesOf::kSizedRows, value_t>();
        return true;
    }
    return false;
  };
  switch (job.coder) {
    case DecodeCoder::kTans:
      return of_values.template operator()<TansDecoder>();
    case DecodeCoder::kRans:
      return of_values.template operator()<RansDecoder<Rans32x16>>();
    case DecodeCoder::kRansSlots:
      return of_values.template operator()<RansSlotDecoder>();
    case DecodeCoder::kArith:
      return of_values.template operator()<ArithDecoder>();
    case DecodeCoder::kTansPair:
      return of_values.template operator()<TansPairDecoder>();
    case DecodeCoder::kNrans:
      return of_values.template operator()<NransDecoder<>>();
  }
  return false;
}

}  // namespace transom::gpu
