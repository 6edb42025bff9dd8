// encode.hpp — what one thread of the CUDA encoder does, in plain C++.
//
// A thread codes a stream, twice: measure_thread() counts its bits, then, when every stream has its
// place, write_thread() puts each word where it stays. So no stream needs room for the worst case,
// nothing is moved, and the words are those of the model's encode(), whose steps these are.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <functional>
#include <type_traits>
#include <utility>

#include "transom/coder/arith.hpp"
#include "transom/coder/nrans.hpp"
#include "transom/coder/rans.hpp"
#include "transom/coder/tans.hpp"
#include "transom/gpu/kernel/job.hpp"
#include "transom/gpu/kernel/words.hpp"
#include "transom/table/pairs.hpp"

namespace transom::gpu {

/// The encoders that there are kernels for.
enum class EncodeCoder : std::uint8_t { kTans, kRans, kArith, kTansPair, kNrans };
inline constexpr unsigned kEncodeCoders = 5;

/// How the coding of a stream ended.
enum class EncodeEnd : std::uint8_t {
  kOk = 0,
  kNoFrequency = 1,  ///< a value, or a pair of symbols, that the table does not have
  kNoRoom = 2,       ///< the tensor's words are more than there is room for; none was written
};

/// Of a symbol that nothing can follow in a pair.
inline constexpr symbol_t kNoCompletion = 0xff;

/// Bits of a stream.
struct StreamBits {
  std::uint64_t symbols = 0;
  std::uint64_t offsets = 0;
};

/// A tensor to encode. Pointers are of the side that encodes.
struct EncodeJob {
  /// One per symbol (per pair's byte, kTansPair): TansStep, RansRange or NransStep; kArith: the
  /// words of make_arith_table().
  const void* steps = nullptr;
  const std::uint32_t* next_states = nullptr;  ///< of TansEncoder, where it is one of tANS
  std::uint32_t n_step_words = 0;              ///< of steps
  std::uint32_t n_next_states = 0;
  const symbol_t* completions = nullptr;  ///< of each symbol, kTansPair
  const symbol_t* symbols = nullptr;      ///< of each pattern of a byte or of value_t, all
  const std::uint32_t* rows = nullptr;    ///< row words; null where values are their symbols
  const void* values = nullptr;           ///< layout.n_values of them, bytes or value_t
  StreamBits* bits = nullptr;             ///< one per stream: room for the encoder
  StreamPlace* places = nullptr;          ///< one per stream: where its words came
  EncodeEnd* ends = nullptr;              ///< one per stream
  std::uint64_t* n_words = nullptr;       ///< one: words of all streams
  std::uint32_t* words = nullptr;         ///< room for `capacity` words
  std::uint32_t capacity = 0;
  std::uint32_t n_patterns = 0;  ///< 2^W: values from here on are none
  StreamLayout layout;
  std::uint32_t table_log = 0;  ///< R
  std::uint32_t stride = 1;     ///< of words: 1 or kSlabStreams
  EncodeCoder coder = EncodeCoder::kTans;
  bool bytes = false;  ///< values are bytes; else value_t
};

/// Symbols of bytes go to shared memory, those of value_t are read through the caches.
inline constexpr std::uint32_t kSharedSymbolWords = 256 / sizeof(std::uint32_t);
/// Words of shared memory for a job's tables.
constexpr std::uint32_t shared_words(const EncodeJob& job) {
  return kMaxAlphabet + kSharedSymbolWords + job.n_step_words + job.n_next_states;
}

/// tANS, from the last symbol to the first.
struct TansPusher {
  const TansStep* steps;
  const std::uint32_t* next_states;
  unsigned table_log;
  std::uint32_t x;

  constexpr TansPusher(const EncodeJob& job, std::uint64_t /*n_values*/)
      : steps(static_cast<const TansStep*>(job.steps)),
        next_states(job.next_states),
        table_log(job.table_log),
        x(std::uint32_t{1} << job.table_log) {}
  /// @returns whether the symbol has a frequency
  template <class Out>
  constexpr bool push(symbol_t s, Out& out) {
    const TansStep step = steps[s];
    if (step.freq == 0) return false;
    const Field field = tans_encode_step(x, step, next_states);
    out.prepend(field.value, field.nbits);
    return true;
  }
  template <class Out>
  constexpr void finish(Out& out) {
    out.prepend(x & low_bits(table_log), table_log);
  }
};

/// The same over pairs: of a stream of an odd number of symbols the last one is completed.
struct TansPairPusher {
  TansPusher tans;
  const symbol_t* completions;
  bool completes;  ///< the next symbol is the last one of an odd number
  bool has_second = false;
  symbol_t second = 0;

  constexpr TansPairPusher(const EncodeJob& job, std::uint64_t n_values)
      : tans(job, n_values), completions(job.completions), completes(n_values % 2 != 0) {}
  template <class Out>
  constexpr bool push(symbol_t s, Out& out) {
    if (completes) {
      second = completions[s];
      has_second = second != kNoCompletion;
      completes = false;
      if (!has_second) return false;
    } else if (!has_second) {
      second = s;
      has_second = true;
      return true;
    }
    has_second = false;
    return tans.push(detail::pair_byte(s, second), out);
  }
  template <class Out>
  constexpr void finish(Out& out) {
    tans.finish(out);
  }
};

/// rANS of the hardware's geometry.
struct RansPusher {
  const RansRange* steps;
  unsigned table_log;
  std::uint32_t x = Rans32x16::start;

  constexpr RansPusher(const EncodeJob& job, std::uint64_t /*n_values*/)
      : steps(static_cast<const RansRange*>(job.steps)), table_log(job.table_log) {}
  template <class Out>
  constexpr bool push(symbol_t s, Out& out) {
    const RansRange range = steps[s];
    if (range.freq == 0) return false;
    detail::rans_encode<Rans32x16>(
        x, range, table_log, [&](std::uint32_t word) { out.prepend(word, Rans32x16::word_bits); },
        std::identity{});
    return true;
  }
  template <class Out>
  constexpr void finish(Out& out) {
    out.prepend(x >> Rans32x16::word_bits, Rans32x16::word_bits);
    out.prepend(x & low_bits(Rans32x16::word_bits), Rans32x16::word_bits);
  }
};

/// Narrow rANS.
struct NransPusher {
  const NransStep* steps;
  unsigned table_log;
  std::uint32_t x;

  constexpr NransPusher(const EncodeJob& job, std::uint64_t /*n_values*/)
      : steps(static_cast<const NransStep*>(job.steps)),
        table_log(job.table_log),
        x(std::uint32_t{1} << (job.table_log + kNransBlockLog)) {}
  template <class Out>
  constexpr bool push(symbol_t s, Out& out) {
    const NransStep step = steps[s];
    if (step.freq == 0) return false;
    const Field field = nrans_encode_step(x, step, table_log);
    out.prepend(field.value, field.nbits);
    return true;
  }
  template <class Out>
  constexpr void finish(Out& out) {
    const unsigned state_bits = table_log + kNransBlockLog;
    out.prepend(x & low_bits(state_bits), state_bits);
  }
};

/// APack's arithmetic coder, from the first symbol to the last.
struct ArithAppender {
  const std::uint32_t* cum;
  ArithEncoding encoding{};

  constexpr ArithAppender(const EncodeJob& job, std::uint64_t /*n_values*/)
      : cum(static_cast<const std::uint32_t*>(job.steps)) {}
  template <class Out>
  constexpr bool append(symbol_t s, Out& out) {
    if (cum[s] == cum[s + 1u]) return false;
    encoding.step(cum[s], cum[s + 1u], out);
    return true;
  }
  template <class Out>
  constexpr void finish(Out& out) {
    encoding.finish(out);
  }
};

/// The streams' values, last to first or first to last: visit(value).
template <class T, class Visit>
constexpr void for_each_back(const StreamLayout& layout, const T* values, std::uint32_t stream,
                             Visit&& visit) {
  constexpr unsigned kGroup = kGroupValues<T>;
  const std::uint64_t chunk = layout.chunk, round = chunk * layout.n_streams;
  const std::uint64_t start = stream * chunk;
  if (start >= layout.n_values) return;
  const bool whole_groups =
      chunk % kGroup == 0 && reinterpret_cast<std::uintptr_t>(values) % 16 == 0;
  for (std::uint64_t n = (layout.n_values - 1 - start) / round + 1; n-- > 0;) {
    const std::uint64_t first = start + n * round;
    const std::uint64_t left = layout.n_values - first;
    std::uint64_t i = first + (left < chunk ? left : chunk);
    if (whole_groups) {
      for (; (i - first) % kGroup != 0; --i) visit(values[i - 1]);
      for (; i > first; i -= kGroup) {
        alignas(16) T group[kGroup];
        std::memcpy(group, __builtin_assume_aligned(values + (i - kGroup), 16), sizeof group);
        [&]<unsigned... j>(std::integer_sequence<unsigned, j...>) {
          (visit(group[kGroup - 1 - j]), ...);
        }
        (std::make_integer_sequence<unsigned, kGroup>());
      }
    }
    for (; i > first; --i) visit(values[i - 1]);
  }
}

/// Codes a stream into outputs that take fields; returns whether every value could be.
template <class Coder, class T, class Out>
constexpr bool encode_stream(const EncodeJob& job, std::uint32_t stream, Out& symbols_out,
                             Out& offsets_out) {
  const std::uint64_t n_values = job.layout.stream_values(stream);
  if (n_values == 0) return true;
  Coder coder(job, n_values);
  const T* const values = static_cast<const T*>(job.values);
  bool good = true;
  const auto one = [&](T value, auto&& code, auto&& offset) {
    const symbol_t s = job.symbols[value];
    good &= value < job.n_patterns && code(s);
    if (job.rows == nullptr) return;
    const Row row = to_row(job.rows[s]);
    offset(static_cast<std::uint32_t>(value - row.vmin) & low_bits(row.offset_bits),
           row.offset_bits);
  };
  if constexpr (requires { coder.append(symbol_t{}, symbols_out); }) {
    job.layout.for_each(stream, [&](std::uint32_t i) {
      one(
          values[i], [&](symbol_t s) { return coder.append(s, symbols_out); },
          [&](std::uint32_t v, unsigned nbits) { offsets_out.append(v, nbits); });
    });
  } else {
    for_each_back(job.layout, values, stream, [&](T value) {
      one(
          value, [&](symbol_t s) { return coder.push(s, symbols_out); },
          [&](std::uint32_t v, unsigned nbits) { offsets_out.prepend(v, nbits); });
    });
  }
  coder.finish(symbols_out);
  return good;
}

/// The first pass: bits of the stream, its numbers of words, and whether it can be coded.
template <class Coder, class T>
constexpr void measure_thread(const EncodeJob& job, std::uint32_t stream) {
  BitCounter symbols, offsets;
  const bool good = encode_stream<Coder, T>(job, stream, symbols, offsets);
  const StreamBits bits = good ? StreamBits{symbols.n_bits(), offsets.n_bits()} : StreamBits{};
  const auto n_words = [](std::uint64_t n) {
    return static_cast<std::uint32_t>((n + kWordBits - 1) / kWordBits);
  };
  job.bits[stream] = bits;
  job.places[stream] = {0, n_words(bits.symbols), 0, n_words(bits.offsets)};
  job.ends[stream] = good ? EncodeEnd::kOk : EncodeEnd::kNoFrequency;
}

/// Streams whose words are placed together.
constexpr std::uint32_t n_slabs(const StreamLayout& layout) {
  return (layout.n_streams + kSlabStreams - 1) / kSlabStreams;
}

/// Gives the streams of a slab their places from word `first` on; returns how many words they take.
/// With a stride of 1 one behind the other, symbols before offsets, as in a container.
constexpr std::uint64_t place_slab(const EncodeJob& job, std::uint32_t slab, std::uint64_t first) {
  const std::uint32_t begin = slab * kSlabStreams;
  const std::uint32_t behind = begin + kSlabStreams;
  const std::uint32_t end = behind < job.layout.n_streams ? behind : job.layout.n_streams;
  std::uint64_t n = 0;
  if (job.stride == 1) {
    for (std::uint32_t s = begin; s < end; ++s) {
      StreamPlace& place = job.places[s];
      place.symbols = static_cast<std::uint32_t>(first + n);
      n += place.n_symbols;
      place.offsets = static_cast<std::uint32_t>(first + n);
      n += place.n_offsets;
    }
    return n;
  }
  std::uint32_t most_symbols = 0, most_offsets = 0;
  for (std::uint32_t s = begin; s < end; ++s) {
    const StreamPlace& place = job.places[s];
    most_symbols = place.n_symbols > most_symbols ? place.n_symbols : most_symbols;
    most_offsets = place.n_offsets > most_offsets ? place.n_offsets : most_offsets;
  }
  const std::uint64_t offsets = first + std::uint64_t{most_symbols} * kSlabStreams;
  for (std::uint32_t s = begin; s < end; ++s) {
    job.places[s].symbols = static_cast<std::uint32_t>(first + (s - begin));
    job.places[s].offsets = static_cast<std::uint32_t>(offsets + (s - begin));
  }
  return offsets - first + std::uint64_t{most_offsets} * kSlabStreams;
}

/// The second pass: the stream's words, where its place is.
template <class Coder, class T>
constexpr void write_thread(const EncodeJob& job, std::uint32_t stream) {
  if (job.ends[stream] != EncodeEnd::kOk) return;
  if (*job.n_words > job.capacity) {
    job.ends[stream] = EncodeEnd::kNoRoom;
    return;
  }
  const StreamPlace place = job.places[stream];
  std::uint32_t* const symbols = job.words + place.symbols;
  std::uint32_t* const offsets = job.words + place.offsets;
  if constexpr (std::is_same_v<Coder, ArithAppender>) {
    WordWriter symbols_out(symbols, job.stride), offsets_out(offsets, job.stride);
    encode_stream<Coder, T>(job, stream, symbols_out, offsets_out);
    symbols_out.finish();
    offsets_out.finish();
  } else {
    const StreamBits bits = job.bits[stream];
    BackWordWriter symbols_out(symbols, bits.symbols, job.stride);
    BackWordWriter offsets_out(offsets, bits.offsets, job.stride);
    encode_stream<Coder, T>(job, stream, symbols_out, offsets_out);
  }
}

/// Calls visit.template operator()<Coder, T>() of a job's kernel; returns whether there is one.
template <class Visit>
constexpr bool visit_encoder(const EncodeJob& job, Visit&& visit) {
  const auto of_values = [&]<class Coder>() {
    job.bytes ? visit.template operator()<Coder, std::uint8_t>()
              : visit.template operator()<Coder, value_t>();
    return true;
  };
  switch (job.coder) {
    case EncodeCoder::kTans:
      return of_values.template operator()<TansPusher>();
    case EncodeCoder::kRans:
      return of_values.template operator()<RansPusher>();
    case EncodeCoder::kArith:
      return of_values.template operator()<ArithAppender>();
    case EncodeCoder::kTansPair:
      return of_values.template operator()<TansPairPusher>();
    case EncodeCoder::kNrans:
      return of_values.template operator()<NransPusher>();
  }
  return false;
}

}  // namespace transom::gpu
