// lane_group.hpp — some streams of a tensor, side by side in the lanes of a loop.
//
// A loop reads where the streams' words are, as long as they have more bits than its steps can take
// and lie near each other. Elsewhere it reads copies, with as many zeros behind them as steps can
// take: as BitReader reads beyond the end, and counts.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <type_traits>
#include <vector>

#include "transom/fast/cursor.hpp"
#include "transom/fast/in_lanes.hpp"
#include "transom/fast/lanes.hpp"

namespace transom::fast {

template <class Decoder, class ValueOf, class T>
class LaneGroup {
 public:
  explicit LaneGroup(Decoding<Decoder, ValueOf, T>& of) : of_(of) {
    const Decoder& decoder = of.cursors.front().decoder;
    lanes_.table = decoder.table;
    lanes_.table_log = decoder.table_log;
    lanes_.symbols.most = of.most_symbol_bits();
    lanes_.offsets.most = of.most_offset_bits();
    lanes_.wide = sizeof(T) == 2;
    lanes_.joined = of.layout.chunk % kJoined == 0;
    if constexpr (std::is_same_v<Decoder, TansPairDecoder>) {
      if (isa() >= Isa::kAvx2 && of.layout.n_streams >= kLeastLanes) {
        nibbles_ = nibble_words(decoder, of.value_of);
      }
      if (!nibbles_.empty()) lanes_.table = nibbles_.data();
    }
    const auto copied = [](unsigned most) {
      return (kCopyWords - 2) * kWordBits / std::max(1u, most);
    };
    copied_steps_ =
        std::min(copied(lanes_.symbols.most) * kStepsOfRead<Decoder>, copied(lanes_.offsets.most)) /
        kLaneTurn * kLaneTurn;
  }

  /// The loop for n streams; nullptr where there is none.
  LaneLoop find(unsigned n) const {
    const std::uint32_t n_rows = of_.value_of.n_rows();
    if (!nibbles_.empty()) return vector_loop(LaneCoder::kTansNibbles, n_rows, n);
    return OfLanes::loop(of_.cursors.front().decoder, n_rows, n);
  }

  /// Values first..end-1, a multiple of kLaneTurn, of the streams s..s+n-1.
  void advance(LaneLoop loop, std::uint32_t s, unsigned n, std::uint64_t first, std::uint64_t end) {
    while (first < end) {
      const std::uint64_t left = end - first;
      std::uint64_t steps = of_.safe(s, n, left) / kLaneTurn * kLaneTurn;
      if (steps < std::min(left, copied_steps_) || !point(s, n)) {
        steps = std::min(left, copied_steps_);
        copy(s, n);
      }
      run(loop, s, n, first, steps);
      first += steps;
    }
  }

 private:
  static constexpr std::uint64_t kCopyWords = 34;
  using Words = std::array<std::uint32_t, kCopyWords>;
  using OfLanes = InLanes<Decoder>;

  /// Lanes read where the words are. @returns whether they lie near enough
  bool point(std::uint32_t s, unsigned n) {
    const auto near = [n](LaneBits& bits, const auto& words_of, const auto& position_of) {
      constexpr std::uint64_t kReach = std::uint64_t{1} << 30;  // and a block's bits
      bits.base = reinterpret_cast<const std::uint8_t*>(words_of(0));
      std::uint64_t furthest = 0;
      for (unsigned g = 0; g < n; ++g) {
        const std::uint64_t from_base = reinterpret_cast<std::uintptr_t>(words_of(g)) -
                                        reinterpret_cast<std::uintptr_t>(bits.base) +
                                        position_of(g) / 8;
        furthest |= from_base + kReach;
        bits.at[g] = static_cast<std::int32_t>(from_base);
        bits.bit[g] = position_of(g) % 8;
      }
      return furthest < 2 * kReach;
    };
    const Cursor<Decoder>* at = &of_.cursors[s];
    return near(
               lanes_.symbols, [&](unsigned g) { return of_.symbol_words(s + g); },
               [&](unsigned g) { return at[g].symbols; }) &&
           near(
               lanes_.offsets, [&](unsigned g) { return of_.offset_words(s + g); },
               [&](unsigned g) { return at[g].offsets; });
  }

  /// Lanes read copies.
  void copy(std::uint32_t s, unsigned n) {
    copies_.resize(std::size_t{2} * kMaxLanes);
    const auto copy_to = [](LaneBits& bits, unsigned g, Words* to,
                            std::span<const std::uint32_t> words, std::uint64_t position) {
      const std::uint64_t first = std::min<std::uint64_t>(position / kWordBits, words.size());
      const std::uint64_t n_words = std::min(words.size() - first, kCopyWords);
      std::fill(
          std::copy_n(words.begin() + static_cast<std::ptrdiff_t>(first), n_words, to[g].begin()),
          to[g].end(), 0);
      bits.base = reinterpret_cast<const std::uint8_t*>(to);
      bits.at[g] = static_cast<std::int32_t>(g * sizeof(Words) + position % kWordBits / 8);
      bits.bit[g] = position % 8;
    };
    for (unsigned g = 0; g < n; ++g) {
      const Cursor<Decoder>& at = of_.cursors[s + g];
      const StreamWords& words = of_.words[s + g];
      copy_to(lanes_.symbols, g, &copies_[0], words.symbols, at.symbols);
      copy_to(lanes_.offsets, g, &copies_[kMaxLanes], words.offsets, at.offsets);
    }
  }

  /// n_steps values from `first` on, where the lanes read.
  void run(LaneLoop loop, std::uint32_t s, unsigned n, std::uint64_t first, std::uint64_t n_steps) {
    Cursor<Decoder>* const at = &of_.cursors[s];
    for (unsigned g = 0; g < n; ++g) {
      at[g].symbols -= position(lanes_.symbols, g);
      at[g].offsets -= position(lanes_.offsets, g);
      const auto state = OfLanes::state(at[g].decoder);
      for (std::size_t i = 0; i < state.size(); ++i) lanes_.state[i][g] = *state[i];
    }
    const StreamLayout& layout = of_.layout;
    const std::uint64_t line = (lanes_.joined ? kJoined : 1) * sizeof(T);
    const bool direct = layout.chunk * sizeof(T) == line;
    if (!direct) lines_.resize(n_steps * n);
    lanes_.values = direct ? of_.values + layout.index(s, first) : lines_.data();
    lanes_.stride = (direct ? layout.n_streams : n) * line;
    of_.value_of.put(lanes_);
    loop(lanes_, n_steps);
    of_.value_of.take(lanes_);
    for (unsigned g = 0; g < n; ++g) {
      at[g].symbols += position(lanes_.symbols, g);
      at[g].offsets += position(lanes_.offsets, g);
      const auto state = OfLanes::state(at[g].decoder);
      for (std::size_t i = 0; i < state.size(); ++i) *state[i] = lanes_.state[i][g];
    }
    if (!direct) place(s, n, first, n_steps);
  }
  /// Bits from the lanes' base on, modulo 2^64.
  static std::uint64_t position(const LaneBits& bits, unsigned g) {
    return static_cast<std::uint64_t>(std::int64_t{bits.at[g]} * 8) + bits.bit[g];
  }

  /// Values of a lane that are 32 bits together.
  static constexpr std::uint64_t kJoined = sizeof(std::uint32_t) / sizeof(T);

  /// Values of n streams from lines_, to where they belong.
  void place(std::uint32_t s, unsigned n, std::uint64_t first, std::uint64_t n_steps) {
    if (lanes_.joined) {
      place_by<kJoined>(s, n, first, n_steps);
    } else {
      place_by<1>(s, n, first, n_steps);
    }
  }
  template <std::uint64_t kAtOnce>
  void place_by(std::uint32_t s, unsigned n, std::uint64_t first, std::uint64_t n_steps) {
    const std::uint64_t k = of_.layout.chunk;
    for (unsigned g = 0; g < n; ++g) {
      const T* from = lines_.data() + g * kAtOnce;
      for (std::uint64_t i = 0; i < n_steps;) {
        const std::uint64_t end = std::min(n_steps, i + k - (first + i) % k);
        T* to = of_.values + of_.layout.index(s + g, first + i);
        for (; i < end; i += kAtOnce, to += kAtOnce, from += n * kAtOnce) {
          std::copy_n(from, kAtOnce, to);
        }
      }
    }
  }

  Decoding<Decoder, ValueOf, T>& of_;
  Lanes lanes_{};
  std::vector<std::uint32_t> nibbles_;  ///< the table of kTansNibbles, if lanes use it
  std::uint64_t copied_steps_;          ///< steps of which a copy has the bits
  std::vector<Words> copies_;           ///< of symbols, then of offsets
  std::vector<T> lines_;                ///< values before they are where they belong
};

}  // namespace transom::fast
