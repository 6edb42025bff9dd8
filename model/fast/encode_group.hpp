// encode_group.hpp — some streams of a tensor that is being encoded, in the lanes of a loop.
// SPDX-License-Identifier: Apache-2.0
#pragma once

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

  EncodeGroup(const Coder& coder, std::span<const Entry> entries, std::span<const symbol_t> symbols,
              unsigned most_offset_bits, const StreamLayout& layout)
      : used_(isa() >= Isa::kAvx2 && layout.chunk == 1 && layout.n_streams >= kLeastLanes &&
              coder.table_log() <= kMostLaneLog && most_offset_bits <= kMostLaneOffset) {
    if (!used_) return;
    for (const Entry& e : entries) {
      for (const std::uint32_t word : Coder::words_of(e.step, e.missing != 0, coder.table_log())) {
        steps_.push_back(word);
      }
      const std::uint32_t row = to_word(Row{e.vmin, e.offset_bits});
      if (Offsets) (Coder::kWords == 1 ? steps_ : rows_).push_back(row);
    }
    if (sizeof(T) != 1) {
      symbols_.assign(symbols.begin(), symbols.end());
      symbols_.resize(symbols.size() + 3);  // a gather reads 32 bits
    }
    lanes_.steps = steps_.data();
    lanes_.rows = rows_.data();
    lanes_.next = coder.next();
    lanes_.symbols = symbols_.data();
    lanes_.table_log = coder.table_log();
    lanes_.stride = layout.n_streams;
  }

  /// The loop for so many streams; nullptr where there is none.
  EncodeLoop find([[maybe_unused]] unsigned n) const {
#ifdef TRANSOM_HAS_X86
    constexpr bool kWide = sizeof(T) != 1;
    if (!used_) return nullptr;
    const EncodeLoop wide =
        isa() < Isa::kAvx512 ? nullptr : avx512_encode_loop(Coder::kLanes, Offsets, kWide, n);
    return wide != nullptr ? wide : avx2_encode_loop(Coder::kLanes, Offsets, kWide, n);
#else
    return nullptr;
#endif
  }
  /// n_values of each of the n streams at `cursors`.
  /// @param last of the first stream's values
  template <class Cursor>
  void run(EncodeLoop loop, Cursor* cursors, unsigned n, const T* last, std::uint64_t n_values) {
    lanes_.values = last;
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
  bool used_;
  std::vector<std::uint32_t> steps_, rows_;
  std::vector<symbol_t> symbols_;
  EncodeLanes lanes_{};
};

}  // namespace transom::fast
