// streams.hpp — all streams of a tensor, several in one loop, by the steps of one.
//
// A step waits for the step before it in its stream, not for those of other streams: a loop that
// takes a value of each of kGroup streams in turn keeps a processor busy. While each of them has
// more bits left than the steps can take, they are read by UncheckedBits. What remains is read by
// BitReader, from whose end every verdict comes: values and verdicts are those of decode_stream().
// Values are written in blocks of all streams, so that a block stays in the nearest cache.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "transom/base/bits.hpp"
#include "transom/base/isa.hpp"
#include "transom/base/stream.hpp"
#include "transom/fast/unchecked.hpp"

namespace transom {
namespace fast {

/// Streams in one loop, by measurement: as many as keep their states in registers, or near.
template <class ValueOf>
inline constexpr unsigned kGroup = ValueOf::kTakesBits ? 2 : 8;
/// Values of a block, about.
inline constexpr std::uint64_t kBlockValues = 1 << 14;
/// Fewer steps than this are not worth an unchecked loop.
inline constexpr std::uint64_t kFewSteps = 8;

/// A decoder in mid-stream: bits read of the stream's symbols and offsets.
template <class Decoder>
struct Cursor {
  Decoder decoder;
  std::uint64_t symbols = 0;
  std::uint64_t offsets = 0;
};

/// A tensor that is being decoded. Parameters: see decode_streams().
template <class Decoder, class ValueOf, class T>
class Streams {
 public:
  Streams(const Decoder& decoder, ValueOf& value_of, std::span<const StreamWords> words,
          const StreamLayout& layout, T* values)
      : value_of_(value_of),
        words_(words),
        layout_(layout),
        values_(values),
        cursors_(words.size(), Cursor<Decoder>{decoder}) {
    for (std::size_t s = 0; s < words.size(); ++s) {
      if (layout.stream_values(static_cast<std::uint32_t>(s)) == 0) continue;
      BitReader symbols(words[s].symbols);
      cursors_[s].decoder.start(symbols);
      cursors_[s].symbols = symbols.position();
    }
  }

  /// All values. @returns a verdict per stream
  std::vector<Status> decode() {
    const std::uint64_t round = std::uint64_t{layout_.n_streams} * layout_.chunk;
    const std::uint64_t in_all = layout_.n_values / round * layout_.chunk;  // values of each stream
    const std::uint64_t block = std::max(kFewSteps, kBlockValues / layout_.n_streams);
    for (std::uint64_t first = 0; first < in_all; first += block) {
      const std::uint64_t end = std::min(first + block, in_all);
      constexpr unsigned G = kGroup<ValueOf>;
      std::uint32_t s = 0;
      for (; s + G <= layout_.n_streams; s += G) advance<G>(s, first, end);
      for (; s < layout_.n_streams; ++s) advance<1>(s, first, end);
    }
    std::vector<Status> statuses(layout_.n_streams);
    for (std::uint32_t s = 0; s < layout_.n_streams; ++s) statuses[s] = finish(s, in_all);
    return statuses;
  }

 private:
  /// Values first..end-1 of the streams s..s+G-1.
  template <unsigned G>
  void advance(std::uint32_t s, std::uint64_t first, std::uint64_t end) {
    while (first < end && isa_ != Isa::kScalar) {
      std::uint64_t steps = end - first;
      for (std::uint32_t i = s; i < s + G; ++i) steps = std::min(steps, safe(i));
      if (steps < kFewSteps) break;
      run<G>(s, first, first + steps);
      first += steps;
    }
    if (first == end) return;
    for (std::uint32_t i = s; i < s + G; ++i) {
      BitReader symbols(words_[i].symbols, cursors_[i].symbols);
      BitReader offsets(words_[i].offsets, cursors_[i].offsets);
      take(i, first, end, symbols, offsets);
      cursors_[i].symbols = symbols.position();
      cursors_[i].offsets = offsets.position();
    }
  }

  std::uint64_t safe(std::uint32_t s) const {
    const Cursor<Decoder>& at = cursors_[s];
    return std::min(safe_steps(words_[s].symbols, at.symbols, at.decoder.most_bits()),
                    safe_steps(words_[s].offsets, at.offsets, value_of_.most_bits()));
  }

  /// The same where all bits are there.
  template <unsigned G>
  void run(std::uint32_t s, std::uint64_t first, std::uint64_t end) {
    const std::make_integer_sequence<unsigned, G> lanes;
#ifdef TRANSOM_HAS_BMI2
    if (isa_ >= Isa::kBmi2) return run_bmi2(s, first, end, lanes);
#endif
    run_here(s, first, end, lanes);
  }
#ifdef TRANSOM_HAS_BMI2
  template <unsigned... g>
  [[gnu::flatten, gnu::target("bmi,bmi2")]] void run_bmi2(
      std::uint32_t s, std::uint64_t first, std::uint64_t end,
      std::integer_sequence<unsigned, g...> lanes) {
    run_here(s, first, end, lanes);
  }
#endif
  template <unsigned... g>
  [[gnu::always_inline]] inline void run_here(std::uint32_t s, std::uint64_t first,
                                              std::uint64_t end,
                                              std::integer_sequence<unsigned, g...>) {
    struct Lane {
      Decoder decoder;
      UncheckedBits symbols, offsets;
    };
    const auto lane_of = [&](std::uint32_t i) -> Lane {
      const Cursor<Decoder>& at = cursors_[i];
      return {at.decoder,
              {readable(words_[i].symbols, at.decoder.most_bits()), at.symbols},
              {readable(words_[i].offsets, value_of_.most_bits()), at.offsets}};
    };
    std::array lanes{lane_of(s + g)...};
    ValueOf value_of = value_of_;
    const std::uint64_t k = layout_.chunk;
    const std::uint64_t round = layout_.n_streams * k;
    while (first < end) {
      const std::uint64_t n = k == 1 ? end - first : std::min(end - first, k - first % k);
      const std::uint64_t stride = k == 1 ? round : 1;
      T* at = values_ + first / k * round + s * k + first % k;
      for (std::uint64_t i = 0; i < n; ++i, at += stride) {
        ((at[g * k] =
              static_cast<T>(value_of(lanes[g].decoder.step(lanes[g].symbols), lanes[g].offsets))),
         ...);
      }
      first += n;
    }
    value_of_ = value_of;
    ((cursors_[s + g] = {lanes[g].decoder, lanes[g].symbols.position(),
                         lanes[g].offsets.position()}),
     ...);
  }

  /// Values first..end-1 of a stream.
  void take(std::uint32_t s, std::uint64_t first, std::uint64_t end, BitReader& symbols,
            BitReader& offsets) {
    for (std::uint64_t i = first; i < end; ++i) {
      values_[layout_.index(s, i)] =
          static_cast<T>(value_of_(cursors_[s].decoder.step(symbols), offsets));
    }
  }

  /// What is left of a stream, and its verdict.
  Status finish(std::uint32_t s, std::uint64_t first) {
    const std::uint32_t n = layout_.stream_values(s);
    BitReader symbols(words_[s].symbols, cursors_[s].symbols);
    BitReader offsets(words_[s].offsets, cursors_[s].offsets);
    take(s, first, n, symbols, offsets);
    return stream_status(n == 0 || cursors_[s].decoder.at_end(), symbols, offsets);
  }

  ValueOf& value_of_;
  std::span<const StreamWords> words_;
  StreamLayout layout_;
  T* values_;
  std::vector<Cursor<Decoder>> cursors_;
  Isa isa_ = isa();
};

}  // namespace fast

/// Decodes all streams of a tensor, as decode_stream() does each of them. Throws unless there are
/// as many words as streams, and chunk >= 1.
/// @param value_of value = value_of(symbol, offset bits), of which it reads at most
///                 value_of.most_bits(), none unless ValueOf::kTakesBits
/// @param values   room for layout.n_values
template <class Decoder, class ValueOf, class T>
std::vector<Status> decode_streams(const Decoder& decoder, ValueOf& value_of,
                                   std::span<const StreamWords> words, const StreamLayout& layout,
                                   T* values) {
  require_range("decode_streams", "number of streams", words.size(), layout.n_streams,
                layout.n_streams);
  require_range("decode_streams", "chunk", layout.chunk, 1, UINT32_MAX);
  if (words.empty()) return {};
  return fast::Streams<Decoder, ValueOf, T>(decoder, value_of, words, layout, values).decode();
}

}  // namespace transom
