// decode.hpp — what one thread of the CUDA decoder does, in plain C++: it decodes a stream.
//
// The steps of tANS are tans.hpp's, those of the others the model's, over a reader of words. CUDA
// runs many threads at once, the host one after the other (host.hpp), and neither adds anything but
// the few instructions that words.hpp names. Where chunks are a multiple of a
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
#include "transom/gpu/kernel/job.hpp"
#include "transom/gpu/kernel/tans.hpp"
#include "transom/gpu/kernel/words.hpp"

namespace transom::gpu {

/// A stream of a coder whose steps are the model's.
template <class Decoder, ValuesOf kOf>
class CoderThread {
 public:
  static constexpr ValuesOf kValuesOf = kOf;

  constexpr CoderThread(const DecodeJob& job, const DecodeTables& tables, const StreamPlace& place)
      : tables_(tables),
        symbols_(job.words + place.symbols, place.n_symbols, job.stride),
        offsets_(job.words + place.offsets, place.n_offsets, job.stride),
        decoder_{tables.table, job.table_log} {}

  constexpr void start(unsigned /*table_log*/) {
    symbols_.fill();
    decoder_.start(symbols_);
  }
  /// The next value.
  template <class T>
  constexpr std::uint32_t read() {
    symbols_.fill();
    return value(decoder_.step(symbols_), true);
  }
  /// The next values.
  template <class T, unsigned... i>
  constexpr void read(Group<T>& group, std::integer_sequence<unsigned, i...> /*of values*/) {
    std::uint32_t values[sizeof...(i)];
    ((i % kSteps == 0 ? symbols_.fill() : void(),
      values[i] = value(decoder_.step(symbols_), i % kOffsetSteps<T> == 0)),
     ...);
    group.pack(values);
  }
  /// @param started whether there were values
  constexpr StreamEnd end(bool started) const {
    return {stream_status(!started || decoder_.at_end(), symbols_.end(), offsets_.end()), outside_};
  }

 private:
  /// Steps for which the bits of a fill() are enough, of any table.
  static constexpr unsigned kSteps = 2;
  static_assert(kSteps * kMaxTableLog <= kWordBits && kSteps * kArithBits <= kWordBits &&
                kSteps * Rans32x16::word_bits <= kWordBits);

  constexpr std::uint32_t value(symbol_t s, bool fill) {
    if constexpr (kOf == ValuesOf::kSymbols) return s;
    if (fill) offsets_.fill();
    const Row row = to_row(tables_.rows[s]);
    const std::uint32_t offset = offsets_.read(row.offset_bits);
    if constexpr (kOf == ValuesOf::kSizedRows) outside_ |= offset >= tables_.sizes[s];
    return row.vmin + offset;
  }

  DecodeTables tables_;
  WordReader<> symbols_;
  WordReader<> offsets_;
  Decoder decoder_;
  bool outside_ = false;
};

/// The kernel's body.
/// @tparam Thread TansThread or CoderThread
/// @tparam T      std::uint8_t or value_t
template <class Thread, class T>
constexpr void decode_thread(const DecodeJob& job, const DecodeTables& tables,
                             std::uint32_t stream) {
  constexpr unsigned kGroup = kGroupValues<T>;
  const StreamLayout layout = job.layout;
  const std::uint32_t n_streams = layout.n_streams, chunk = layout.chunk;
  Thread thread(job, tables, job.places[stream]);
  const std::uint64_t round = std::uint64_t{n_streams} * chunk;
  std::uint64_t first = std::uint64_t{stream} * chunk;
  const bool started = first < layout.n_values;
  if (started) thread.start(job.table_log);
  T* const values = static_cast<T*>(job.values);
  const bool whole_groups =
      chunk % kGroup == 0 && reinterpret_cast<std::uintptr_t>(values) % 16 == 0;
  for (; first < layout.n_values; first += round) {
    const std::uint64_t left = layout.n_values - first;
    const std::uint64_t end = first + (left < chunk ? left : chunk);
    std::uint64_t i = first;
    if (whole_groups) {
      for (; i + kGroup <= end; i += kGroup) {
        Group<T> group;
        thread.read(group, std::make_integer_sequence<unsigned, kGroup>());
        void* const to = values + i;
        std::memcpy(__builtin_assume_aligned(to, 16), &group, sizeof group);
      }
    }
    for (; i < end; ++i) values[i] = static_cast<T>(thread.template read<T>());
  }
  job.ends[stream] = thread.end(started);
}

/// Threads of a coder, by what symbols mean.
template <class Decoder>
struct CoderThreads {
  template <ValuesOf kOf>
  using Of = CoderThread<Decoder, kOf>;
};
template <bool kPairs, unsigned kSteps>
struct TansThreads {
  template <ValuesOf kOf>
  using Of = TansThread<kOf, kPairs, kSteps>;
};

/// Calls visit.template operator()<Thread, T>() of a job's kernel; returns whether there is one.
template <class Visit>
constexpr bool visit_decoder(const DecodeJob& job, Visit&& visit) {
  const auto of_values = [&]<class Threads>() {
    switch (job.values_of) {
      case ValuesOf::kSymbols:
        if (!job.bytes) return false;
        visit
            .template operator()<typename Threads::template Of<ValuesOf::kSymbols>, std::uint8_t>();
        return true;
      case ValuesOf::kRows:
        using Rows = typename Threads::template Of<ValuesOf::kRows>;
        job.bytes ? visit.template operator()<Rows, std::uint8_t>()
                  : visit.template operator()<Rows, value_t>();
        return true;
      case ValuesOf::kSizedRows:
        using SizedRows = typename Threads::template Of<ValuesOf::kSizedRows>;
        job.bytes ? visit.template operator()<SizedRows, std::uint8_t>()
                  : visit.template operator()<SizedRows, value_t>();
        return true;
    }
    return false;
  };
  const auto of_tans = [&]<bool kPairs>() {
    return job.table_log <= kTansTableLog<3>
               ? of_values.template operator()<TansThreads<kPairs, 3>>()
               : of_values.template operator()<TansThreads<kPairs, 2>>();
  };
  switch (job.coder) {
    case DecodeCoder::kTans:
      return of_tans.template operator()<false>();
    case DecodeCoder::kRans:
      return of_values.template operator()<CoderThreads<RansDecoder<Rans32x16>>>();
    case DecodeCoder::kRansSlots:
      return of_values.template operator()<CoderThreads<RansSlotDecoder>>();
    case DecodeCoder::kArith:
      return of_values.template operator()<CoderThreads<ArithDecoder>>();
    case DecodeCoder::kTansPair:
      return of_tans.template operator()<true>();
    case DecodeCoder::kNrans:
      return of_values.template operator()<CoderThreads<NransDecoder<>>>();
  }
  return false;
}

}  // namespace transom::gpu
