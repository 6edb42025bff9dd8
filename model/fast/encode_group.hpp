// encode_group.hpp — some streams of a tensor that is being encoded, in the lanes of a loop.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "transom/base/isa.hpp"
#include "transom/base/stream.hpp"
#include "transom/fast/encode_lanes.hpp"

namespace transom::fast {

/// What a value does: to the state, by its symbol, and to the offsets.
template <class Step>
struct EncodeEntry {
  Step step;
  std::uint16_t vmin;
  std::uint8_t offset_bits;
  std::uint8_t missing;  ///< 1 if the symbol has no frequency; its step is then that of another
};

/// Parameters: see StreamEncoder. Coder has kLanes, kWords and words_of() of a step, next().
template <class Coder, bool Offsets, class T>
class EncodeGroup {
 public:
  using Entry = EncodeEntry<typename Coder::Step>;

  /// @param symbols of each value
  /// @param n_rows  how many symbols there are
  EncodeGroup(const Coder& coder, std::span<const Entry> entries, std::span<const symbol_t> symbols,
              std::size_t n_rows, unsigned most_offset_bits, const StreamLayout& layout)
      : n_rows_(Offsets ? n_rows : 0),
        used_(isa() >= Isa::kAvx2 && layout.n_streams >= kLeastLanes &&
              coder.table_log() <= kMostLaneLog && most_offset_bits <= kMostLaneOffset) {
    if (!used_) return;
    for (std::size_t i = 0; i < entries.size(); ++i) {
      const Entry& e = entries[i];
      const auto words = Coder::words_of(e.step, e.missing != 0, coder.table_log());
      steps_.insert(steps_.end(), words.begin(), words.end());
      const std::uint32_t row = to_word(Row{e.vmin, e.offset_bits});
      if (Offsets) (Coder::kWords == 1 ? steps_ : rows_).push_back(row);
      const std::size_t symbol = sizeof(T) == 1 ? symbols[i] : i;
      if (symbol >= kFewRows) continue;
      for (std::size_t w = 0; w < words.size(); ++w) few_[w * kFewRows + symbol] = words[w];
      few_[2 * kFewRows + symbol] = row;
    }
    symbols_.assign(symbols.begin(), symbols.end());
    symbols_.resize(symbols.size() + 3);  // a gather reads 32 bits
    lanes_.steps = steps_.data();
    lanes_.rows = rows_.data();
    lanes_.few = few_.data();
    lanes_.next = coder.next();
    lanes_.symbols = symbols_.data();
    lanes_.table_log = coder.table_log();
  }

  /// The loop for so many streams; nullptr where there is none.
  EncodeLoop find([[maybe_unused]] unsigned n) const {
#ifdef TRANSOM_HAS_X86
    constexpr bool kWide = sizeof(T) != 1;
    if (!used_) return nullptr;
    const EncodeLoop wide =
        isa() < Isa::kAvx512 ? nullptr : avx512_encode_loop(Coder::kLanes, n_rows_, kWide, n);
    return wide != nullptr ? wide : avx2_encode_loop(Coder::kLanes, n_rows_, kWide, n);
#else
    return nullptr;
#endif
  }
  /// Where values lie, those of a step beside each other.
  struct From {
    const T* last;         ///< of the first stream's values
    std::uint64_t stride;  ///< values from a step's to those before
  };
  /// n_values of each of the n streams at `cursors`.
  template <class Cursor>
  void run(EncodeLoop loop, Cursor* cursors, unsigned n, const From& from, std::uint64_t n_values) {
    lanes_.values = from.last;
    lanes_.stride = from.stride;
    for (unsigned g = 0; g < n; ++g) {
      lanes_.state[g] = cursors[g].lane.x;
      cursors[g].lane.out.put(lanes_.symbols_out, g);
      cursors[g].offsets.put(lanes_.offsets_out, g);
    }
    loop(lanes_, n_values);
    for (unsigned g = 0; g < n; ++g) {
      cursors[g].lane.x = lanes_.state[g];
      cursors[g].lane.out.take(lanes_.symbols_out, g);
      cursors[g].offsets.take(lanes_.offsets_out, g);
    }
  }
  /// Whether a value had no frequency.
  bool missing() const { return lanes_.missing != 0; }

 private:
  std::size_t n_rows_;
  bool used_;
  std::vector<std::uint32_t> steps_, rows_;
  std::array<std::uint32_t, 3 * kFewRows> few_{};
  std::vector<symbol_t> symbols_;
  EncodeLanes lanes_{};
};

}  // namespace transom::fast
