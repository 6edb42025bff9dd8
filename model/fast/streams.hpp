// streams.hpp — all streams of a tensor, several in one loop, by the steps of one.
//
// A step waits for the step before it in its stream, not for those of other streams: a loop that
// takes a value of each of some streams in turn keeps a processor busy. In vectors a step is one of
// all lanes (lanes.hpp); tANS streams of long chunks go in runs (runs/runs.hpp) where a processor
// has VBMI; elsewhere streams go by groups of kGroup. While each of them has more bits
// left than the steps can take, nobody asks whether they are there. What remains is read by
// BitReader, from whose end every verdict comes: values and verdicts are those of decode_stream().
// Values are written in blocks of all streams, so that a block stays in a near cache.
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
#include "transom/fast/bmi2.hpp"
#include "transom/fast/cursor.hpp"
#include "transom/fast/in_lanes.hpp"
#include "transom/fast/lane_group.hpp"
#include "transom/fast/lanes.hpp"
#include "transom/fast/runs/run_group.hpp"
#include "transom/fast/unchecked.hpp"
#include "transom/fast/walk.hpp"

namespace transom {
namespace fast {

/// Streams in one loop, by measurement: as many as keep their states in registers, or near.
template <class ValueOf>
inline constexpr unsigned kGroup = ValueOf::kTakesBits ? 2 : 8;
/// Values of a block, about.
inline constexpr std::uint64_t kBlockValues = 1 << 16;
/// Fewer steps than this are not worth an unchecked loop.
inline constexpr std::uint64_t kFewSteps = 8;
static_assert(kFewSteps % kLaneTurn == 0 && kBlockValues % kLaneTurn == 0);

/// decode_streams(), its arguments checked.
template <class Decoder, class ValueOf, class T>
class Streams {
 public:
  Streams(const Decoder& decoder, ValueOf& value_of, std::span<const StreamWords> words,
          const StreamLayout& layout, T* values)
      : of_(decoder, value_of, words, layout, values), runs_(of_), lanes_(of_) {}

  /// All values. @returns a verdict per stream
  std::vector<Status> decode() {
    const StreamLayout& layout = of_.layout;
    const std::uint64_t in_all = values_of_each(layout) / kLaneTurn * kLaneTurn;
    const std::uint64_t block =
        std::max(kFewSteps, kBlockValues / layout.n_streams / kLaneTurn * kLaneTurn);
    for (std::uint32_t s = 0; runs_.used() && s < layout.n_streams; s += kMostRuns) {
      const unsigned n = std::min(layout.n_streams - s, kMostRuns);
      const std::uint64_t first = runs_.advance(s, n, in_all);
      for (std::uint32_t i = s; first < in_all && i < s + n;)
        i += advance(i, s + n - i, first, in_all);
    }
    for (std::uint64_t first = runs_.used() ? in_all : 0; first < in_all; first += block) {
      const std::uint64_t end = std::min(first + block, in_all);
      std::uint32_t s = 0;
      while (s < layout.n_streams) s += advance(s, layout.n_streams - s, first, end);
    }
    std::vector<Status> statuses(layout.n_streams);
    for (std::uint32_t s = 0; s < layout.n_streams; ++s) statuses[s] = finish(s, in_all);
    return statuses;
  }

 private:
  /// Values first..end-1 of some of `left` streams from s on. @returns how many streams
  std::uint32_t advance(std::uint32_t s, std::uint32_t left, std::uint64_t first,
                        std::uint64_t end) {
    for (unsigned n = kMaxLanes; n >= kLeastLanes; n /= 2) {
      if (left < n) continue;
      const LaneLoop loop = lanes_.find(n);
      if (loop == nullptr) continue;
      lanes_.advance(loop, s, n, first, end);
      return n;
    }
    constexpr unsigned G = kGroup<ValueOf>;
    if (left >= G) {
      advance<G>(s, first, end);
      return G;
    }
    advance<1>(s, first, end);
    return 1;
  }

  /// Values first..end-1 of the streams s..s+G-1.
  template <unsigned G>
  void advance(std::uint32_t s, std::uint64_t first, std::uint64_t end) {
    while (first < end && isa_ != Isa::kScalar) {
      const std::uint64_t steps = of_.safe(s, G, end - first);
      if (steps < kFewSteps) break;
      run_on(isa_,
             [&] { run(s, first, first + steps, std::make_integer_sequence<unsigned, G>()); });
      first += steps;
    }
    if (first == end) return;
    for (std::uint32_t i = s; i < s + G; ++i) {
      Cursor<Decoder>& at = of_.cursors[i];
      BitReader symbols(of_.words[i].symbols, at.symbols);
      BitReader offsets(of_.words[i].offsets, at.offsets);
      take(i, first, end, symbols, offsets);
      at.symbols = symbols.position();
      at.offsets = offsets.position();
    }
  }

  /// The same where all bits are there.
  template <unsigned... g>
  [[gnu::always_inline]] inline void run(std::uint32_t s, std::uint64_t first, std::uint64_t end,
                                         std::integer_sequence<unsigned, g...>) {
    struct Lane {
      Decoder decoder;
      UncheckedBits symbols, offsets;
    };
    const auto lane_of = [&](std::uint32_t i) -> Lane {
      const Cursor<Decoder>& at = of_.cursors[i];
      return {at.decoder, {of_.symbol_words(i), at.symbols}, {of_.offset_words(i), at.offsets}};
    };
    std::array lanes{lane_of(s + g)...};
    ValueOf value_of = of_.value_of;
    const std::uint64_t k = of_.layout.chunk;
    const std::uint64_t round = of_.layout.n_streams * k;
    while (first < end) {
      const std::uint64_t n = k == 1 ? end - first : std::min(end - first, k - first % k);
      const std::uint64_t stride = k == 1 ? round : 1;
      T* at = of_.values + first / k * round + s * k + first % k;
      for (std::uint64_t i = 0; i < n; ++i, at += stride) {
        ((at[g * k] =
              static_cast<T>(value_of(lanes[g].decoder.step(lanes[g].symbols), lanes[g].offsets))),
         ...);
      }
      first += n;
    }
    of_.value_of = value_of;
    ((of_.cursors[s + g] = {lanes[g].decoder, lanes[g].symbols.position(),
                            lanes[g].offsets.position()}),
     ...);
  }

  /// Values first..end-1 of a stream.
  void take(std::uint32_t s, std::uint64_t first, std::uint64_t end, BitReader& symbols,
            BitReader& offsets) {
    for (std::uint64_t i = first; i < end; ++i) {
      of_.values[of_.layout.index(s, i)] =
          static_cast<T>(of_.value_of(of_.cursors[s].decoder.step(symbols), offsets));
    }
  }

  /// What is left of a stream, and its verdict.
  Status finish(std::uint32_t s, std::uint64_t first) {
    const std::uint32_t n = of_.layout.stream_values(s);
    BitReader symbols(of_.words[s].symbols, of_.cursors[s].symbols);
    BitReader offsets(of_.words[s].offsets, of_.cursors[s].offsets);
    take(s, first, n, symbols, offsets);
    return stream_status(n == 0 || of_.cursors[s].decoder.at_end(), symbols, offsets);
  }

  Decoding<Decoder, ValueOf, T> of_;
  RunGroup<Decoder, T, Decoding<Decoder, ValueOf, T>> runs_;
  LaneGroup<Decoder, ValueOf, T> lanes_;
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
