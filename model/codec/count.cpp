// count.cpp — the words of a tensor's streams, without the streams: what a planner asks for.
// SPDX-License-Identifier: Apache-2.0
#include "transom/codec/count.hpp"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "transom/base/isa.hpp"
#include "transom/codec/codec.hpp"
#include "transom/coder/tans.hpp"
#include "transom/fast/bmi2.hpp"
#include "transom/fast/walk.hpp"
#include "transom/table/ranges.hpp"

namespace transom {
namespace {

/// A tANS step of a value, its bits counted and not kept.
struct CountStep {
  std::int32_t delta_nbits;
  std::int32_t delta_index;
  std::uint64_t offset_bits;  ///< in the upper half
};

/// Counts in blocks whose bits fit into half a word.
class TansCounter {
 public:
  TansCounter(const Code& code, const DType& dtype, const StreamLayout& layout)
      : encoder_(code.freq, code.table_log, code.spread),
        prefix_(code.rows, dtype.bits),
        table_log_(code.table_log),
        layout_(layout) {
    for (std::size_t s = 0; s < code.rows.size(); ++s) {
      const TansEncoder::Step& step = encoder_.steps()[s];
      steps_[s] = {step.delta_nbits, step.delta_index,
                   std::uint64_t{code.rows[s].offset_bits} << 32};
    }
  }

  template <class T>
  WordCount count(std::span<const T> values) {
    WordCount words;
    constexpr unsigned G = 4;
    std::uint32_t s = 0;
    for (; s + G <= layout_.n_streams; s += G) count_group<G>(values.data(), s, words);
    for (; s < layout_.n_streams; ++s) count_group<1>(values.data(), s, words);
    return words;
  }

 private:
  static constexpr std::uint64_t kBlock = std::uint64_t{1} << 24;

  struct Lane {
    std::uint32_t x;
    std::uint64_t bits;  ///< of symbols below, of offsets above
  };
  struct Total {
    std::uint64_t symbols = 0, offsets = 0;
    void take(std::uint64_t bits) {
      symbols += bits & 0xffff'ffff;
      offsets += bits >> 32;
    }
  };

  template <unsigned G, class T>
  void count_group(const T* values, std::uint32_t s, WordCount& words) {
    std::array<Lane, G> lanes;
    std::array<Total, G> totals;
    const std::uint64_t in_all = fast::values_of_each(layout_);
    for (unsigned g = 0; g < G; ++g) {
      lanes[g] = {encoder_.start_state(), 0};
      std::array<Lane, 1> one{lanes[g]};
      run<1>(values, s + g, in_all, layout_.stream_values(s + g), one);
      lanes[g] = one[0];
    }
    for (std::uint64_t last = in_all;; last -= std::min(last, kBlock)) {
      for (unsigned g = 0; g < G; ++g) totals[g].take(std::exchange(lanes[g].bits, 0));
      if (last == 0) break;
      run<G>(values, s, last - std::min(last, kBlock), last, lanes);
    }
    for (unsigned g = 0; g < G; ++g) {
      if (layout_.stream_values(s + g) == 0) continue;
      for (const std::uint64_t bits : {totals[g].symbols + table_log_, totals[g].offsets}) {
        words.n_sequences += bits != 0;
        words.n_words += (bits + kWordBits - 1) / kWordBits;
      }
    }
  }

  template <unsigned G, class T>
  void run(const T* values, std::uint32_t s, std::uint64_t first, std::uint64_t last,
           std::array<Lane, G>& lanes) const {
    fast::run_on(isa(),
                 [&] { step_all(values, s, first, last, lanes, std::make_index_sequence<G>()); });
  }
  template <class T, std::size_t... g>
  [[gnu::always_inline]] inline void step_all(const T* values, std::uint32_t s, std::uint64_t first,
                                              std::uint64_t last,
                                              std::array<Lane, sizeof...(g)>& lanes,
                                              std::index_sequence<g...>) const {
    std::array at = lanes;
    const std::uint32_t* const next = encoder_.next_states().data();
    const CountStep* const steps = steps_.data();
    const symbol_t* const prefix = prefix_.symbols().data();
    const auto step = [&](Lane& lane, std::size_t value) {
      const CountStep& of = steps[prefix[value]];
      const auto x = static_cast<std::int32_t>(lane.x);
      const auto nbits = static_cast<unsigned>((x + of.delta_nbits) >> 16);
      lane.bits += of.offset_bits + nbits;
      lane.x = next[(x >> nbits) + of.delta_index];
    };
    const std::uint64_t k = layout_.chunk;
    fast::stretches_back(layout_, s, first, last,
                         [&](std::uint64_t i, std::uint64_t n, std::uint64_t stride) {
                           for (; n > 0; --n, i -= stride) (step(at[g], values[i + g * k]), ...);
                         });
    lanes = at;
  }

  TansEncoder encoder_;
  PrefixMap prefix_;
  unsigned table_log_;
  StreamLayout layout_;
  std::array<CountStep, kMaxAlphabet> steps_{};
};

}  // namespace

WordCount count_words(const TensorView& tensor, const Code& code, std::uint32_t n_streams,
                      std::uint32_t chunk) {
  if (!counts_words(code.coding)) {
    refuse("count_words", "coding", codec(code.coding).name, "must be of tANS lanes");
  }
  const auto n_values = static_cast<std::uint32_t>(tensor.n_values());
  TansCounter counter(code, tensor.dtype, {n_values, std::min(n_streams, n_values), chunk});
  return std::visit([&](const auto& values) { return counter.count(values); }, tensor.values);
}

}  // namespace transom
