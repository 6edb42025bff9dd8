// run_group.hpp — all streams of a tensor, as far as the loop of runs.hpp takes them.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <type_traits>
#include <vector>

#include "transom/base/isa.hpp"
#include "transom/coder/tans.hpp"
#include "transom/fast/runs/runs.hpp"

namespace transom::fast {

/// @tparam Of Decoding<Decoder, ValueOf, T>, which this folder is not above
template <class Decoder, class T, class Of>
class RunGroup {
 public:
  explicit RunGroup(Of& of) : of_(of) {
    if constexpr (kTakes) {
      const Decoder& decoder = of.cursors.front().decoder;
      if (isa() < Isa::kVbmi || of.layout.n_streams < kLeastRuns || of.layout.chunk < kLeastRun ||
          decoder.table_log < 1 || decoder.table_log > kMostRunLog ||
          of.value_of.n_rows() > kRunRows || of.most_offset_bits() > kMostRunOffset) {
        return;
      }
      table_.resize(std::size_t{1} << decoder.table_log);
      for (std::size_t t = 0; t < table_.size(); ++t) {
        const Entry e = to_entry(decoder.table[t]);
        const auto base = reinterpret_cast<std::uintptr_t>(&table_[e.base]);
        table_[t] = std::uint64_t{base} << 16 | std::uint64_t{e.symbol} << 8 | e.nbits;
        runs_.most_bits = std::max<unsigned>(runs_.most_bits, e.nbits);
      }
      runs_.table = table_.data();
      of.value_of.put(runs_);
    }
  }

  /// Whether there is a loop for the tensor.
  bool used() const { return !table_.empty(); }
  /// The first values of the streams s..s+n_runs-1, n_runs <= kMostRuns, of n in all.
  /// @returns how many of each, a multiple of kRunTurn
  std::uint64_t advance([[maybe_unused]] std::uint32_t s, [[maybe_unused]] unsigned n_runs,
                        [[maybe_unused]] std::uint64_t n) {
    std::uint64_t done = 0;
#ifdef TRANSOM_HAS_X86
    if constexpr (kTakes) {
      runs_.n_runs = n_runs;
      while (done < n) {
        const std::uint64_t k = of_.layout.chunk;
        const std::uint64_t most =
            std::min({n - done, k - done % k, std::uint64_t{kMostRunValues}});
        const std::uint64_t steps = safe(s, most) / kRunTurn * kRunTurn;
        if (steps == 0) break;
        run(s, done, steps);
        done += steps;
      }
      of_.value_of.take(runs_);
    }
#endif
    return done;
  }

 private:
  static constexpr bool kTakes = std::is_same_v<Decoder, TansDecoder> && sizeof(T) == 1;

  /// Steps of which all bits are there, and those that the loop looks at beyond, up to `most`.
  std::uint64_t safe(std::uint32_t first, std::uint64_t most) const {
    const auto steps = [&most](std::span<const std::uint32_t> words, std::uint64_t position,
                               std::uint64_t beyond, unsigned of_step) {
      const std::uint64_t end = words.size() * std::uint64_t{kWordBits};
      const std::uint64_t taken = position + beyond;
      most = taken < end ? std::min(most, (end - taken) / of_step) : 0;
    };
    for (std::uint32_t s = first; s < first + runs_.n_runs; ++s) {
      const auto& at = of_.cursors[s];
      steps(of_.words[s].symbols, at.symbols, kRunSymbolsAhead, of_.most_symbol_bits());
      if (runs_.has_rows) {
        steps(of_.words[s].offsets, at.offsets, kRunOffsetsAhead, of_.most_offset_bits());
      }
    }
    return most;
  }

  /// Values done..done+n-1 of the streams from s on.
  void run(std::uint32_t s, std::uint64_t done, std::uint64_t n) {
    const auto bytes = [](const std::vector<std::uint32_t>& words) {
      return reinterpret_cast<const std::uint8_t*>(words.data());
    };
    for (unsigned g = 0; g < runs_.n_runs; ++g) {
      const auto& at = of_.cursors[s + g];
      const StreamWords& words = of_.words[s + g];
      T* const values = of_.values + of_.layout.index(s + g, done);
      runs_.run[g] = {bytes(words.symbols), at.symbols,   bytes(words.offsets),
                      at.offsets,           at.decoder.t, values};
    }
    vbmi_runs(runs_, n);
    for (unsigned g = 0; g < runs_.n_runs; ++g) {
      auto& at = of_.cursors[s + g];
      at.symbols = runs_.run[g].symbol_bit;
      at.offsets = runs_.run[g].offset_bit;
      at.decoder.t = runs_.run[g].state;
    }
  }

  Of& of_;
  std::vector<std::uint64_t> table_;  ///< none: there is no loop for it
  Runs runs_{};
};

}  // namespace transom::fast
