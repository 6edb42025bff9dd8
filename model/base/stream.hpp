// stream.hpp — a tensor's values over N streams, and the decoding of one stream.
//
// A stream is bits with a state of their own. Values go to streams in chunks of k: chunk c to
// stream c mod N. k = 1 is in-order hardware, a larger k gives a GPU thread consecutive bytes. The
// bits of a stream lie in two sequences of words: symbol words, which the entropy coder reads, and
// offset words, raw bits, as in APack, arXiv:2201.08830.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "transom/base/bits.hpp"
#include "transom/base/spec.hpp"

namespace transom {

/// Which value goes where. Without streams, or with chunks of 0, no value goes anywhere.
struct StreamLayout {
  std::uint32_t n_values = 0;
  std::uint32_t n_streams = 1;
  std::uint32_t chunk = 1;  ///< k

  /// Values of one stream; the sum over all streams is n_values. A stream that is not there has 0.
  constexpr std::uint32_t stream_values(std::uint32_t stream) const {
    const std::uint64_t round = std::uint64_t{n_streams} * chunk;
    if (round == 0 || stream >= n_streams) return 0;
    const std::uint64_t whole = n_values / round * chunk;
    const std::uint64_t rest = n_values % round;
    const std::uint64_t before = std::uint64_t{stream} * chunk;
    const std::uint64_t part = rest > before ? std::min<std::uint64_t>(rest - before, chunk) : 0;
    return static_cast<std::uint32_t>(whole + part);
  }

  /// Where value number i of a stream, which has it, is in the tensor.
  constexpr std::uint64_t index(std::uint32_t stream, std::uint64_t i) const {
    return (i / chunk * n_streams + stream) * chunk + i % chunk;
  }

  /// Calls visit(index) for the tensor indices of one stream, in the stream's order.
  template <class Visit>
  constexpr void for_each(std::uint32_t stream, Visit&& visit) const {
    const std::uint64_t round = std::uint64_t{n_streams} * chunk;
    if (round == 0 || stream >= n_streams) return;
    for (std::uint64_t first = std::uint64_t{stream} * chunk; first < n_values; first += round) {
      const std::uint64_t end = std::min<std::uint64_t>(first + chunk, n_values);
      for (std::uint64_t i = first; i < end; ++i) visit(static_cast<std::uint32_t>(i));
    }
  }
};

/// The bits of a stream, in words, the last word of each sequence filled up with zero bits.
struct StreamWords {
  std::vector<std::uint32_t> symbols;
  std::vector<std::uint32_t> offsets;

  friend bool operator==(const StreamWords&, const StreamWords&) = default;
};

/// The one formula of a value (APack, arXiv:2201.08830): the row's smallest value, plus the next
/// offset_bits bits; modulo 2^16.
template <class Bits>
constexpr value_t read_value(const Row& row, Bits& offsets) {
  return static_cast<value_t>(row.vmin + offsets.read(row.offset_bits));
}

/// The verdict on a stream after its last value. What a bad table gives says nothing of the stream;
/// a cut stream ends in a wrong state too, so the length is judged before the state.
/// @param table_good the table is one: always, where it was made from frequencies
template <class Bits>
constexpr Status stream_status(bool state_at_end, const Bits& symbols, const Bits& offsets,
                               bool table_good = true) {
  if (!table_good) return Status::kBadTable;
  if (symbols.past_end() || offsets.past_end()) return Status::kTruncated;
  if (!state_at_end) return Status::kBadState;
  if (!symbols.clean_end() || !offsets.clean_end()) return Status::kTrailing;
  return Status::kOk;
}

/// Decodes one stream: values[index] for the stream's indices, in order. Any words are decoded to
/// the end: what they lack reads as zero bits, and the status tells.
/// @param rows  kMaxAlphabet rows (those beyond the alphabet are never reached)
/// @param values room for the whole tensor, layout.n_values; of bytes what fits is kept
template <class Decoder, class T>
constexpr Status decode_stream(Decoder decoder, const std::uint32_t* rows, BitReader symbols,
                               BitReader offsets, const StreamLayout& layout, std::uint32_t stream,
                               T* values) {
  if (layout.stream_values(stream) == 0) return stream_status(true, symbols, offsets);
  decoder.start(symbols);
  layout.for_each(stream, [&](std::uint32_t index) {
    values[index] = static_cast<T>(read_value(to_row(rows[decoder.step(symbols)]), offsets));
  });
  return stream_status(decoder.at_end(), symbols, offsets);
}

/// One decoded value with everything a verification engineer compares.
struct TracedValue {
  symbol_t symbol;
  value_t value;
  std::uint64_t state;            ///< after the step; the coder's state()
  std::uint64_t symbol_position;  ///< symbol bits read, after the step
  std::uint64_t offset_position;  ///< offset bits read, after the step
};

/// decode_stream(), told step by step. `n_values` are the stream's.
template <class Decoder>
std::vector<TracedValue> trace_stream(Decoder decoder, const std::uint32_t* rows, BitReader symbols,
                                      BitReader offsets, std::uint32_t n_values) {
  std::vector<TracedValue> trace;
  if (n_values == 0) return trace;
  decoder.start(symbols);
  for (std::uint32_t i = 0; i < n_values; ++i) {
    const symbol_t s = decoder.step(symbols);
    const value_t value = read_value(to_row(rows[s]), offsets);
    trace.push_back({s, value, decoder.state(), symbols.position(), offsets.position()});
  }
  return trace;
}

}  // namespace transom
