// tans.hpp — tANS as a thread of the CUDA decoder takes it, by tables of the kernels' own.
//
// A field lies where an instruction takes it as it is: numbers of bits in the low byte, of which
// shifts and WordReader use what they need; what is added in the upper half. A state is a number of
// bytes, so that no look-up shifts, and a step is a look-up and five instructions. What a symbol
// means is looked up by the state, not by the symbol, and so beside the step, not behind it.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "transom/base/spec.hpp"
#include "transom/base/stream.hpp"
#include "transom/gpu/kernel/job.hpp"
#include "transom/gpu/kernel/words.hpp"
#include "transom/table/pairs.hpp"

namespace transom::gpu {

/// log2 of the bytes of a step word.
inline constexpr unsigned kStepWordLog = 2;
static_assert(kMaxTableLog + kStepWordLog <= 16, "a base in bytes is the upper half of a word");

/// The step words of a tANS, one per state: [7:0] nbits, [15:8] symbol, [31:16] 4 * base.
/// @param table of make_decode_table()
inline std::vector<std::uint32_t> make_step_words(std::span<const std::uint32_t> table) {
  std::vector<std::uint32_t> words(table.size());
  for (std::size_t t = 0; t < table.size(); ++t) {
    const Entry e = to_entry(table[t]);
    words[t] =
        e.nbits | std::uint32_t{e.symbol} << 8 | std::uint32_t{e.base} << (16 + kStepWordLog);
  }
  return words;
}

/// The value words of a tANS, for each state one per symbol of its entry: [7:0] offset bits, [15:8]
/// symbol, or where values are bytes the row's largest offset, [31:16] vmin.
/// @param table of make_decode_table()
/// @param rows  kMaxAlphabet row words
/// @param sizes as many sizes of rows, 1..256 where values are bytes
/// @param pairs whether entries are pairs of symbols
inline std::vector<std::uint32_t> make_value_words(std::span<const std::uint32_t> table,
                                                   std::span<const std::uint32_t> rows,
                                                   std::span<const std::uint32_t> sizes, bool pairs,
                                                   bool bytes) {
  std::vector<std::uint32_t> words;
  words.reserve(table.size() * (pairs ? 2 : 1));
  const auto append = [&](symbol_t s) {
    const Row row = to_row(rows[s]);
    const std::uint32_t middle = bytes ? (sizes[s] - 1) & 0xff : s;
    words.push_back(row.offset_bits | middle << 8 | std::uint32_t{row.vmin} << 16);
  };
  for (const std::uint32_t word : table) {
    const symbol_t s = to_entry(word).symbol;
    append(pairs ? first_of(s) : s);
    if (pairs) append(second_of(s));
  }
  return words;
}

/// The largest R for which the bits of a fill() are enough for as many look-ups.
template <unsigned kSteps>
inline constexpr unsigned kTansTableLog = WordReader<kStepWordLog>::kReady / kSteps;
static_assert(kTansTableLog<2> >= kMaxTableLog && kTansTableLog<3> == 10);

/// A stream of tANS, of symbols or of pairs.
/// @tparam kSteps look-ups of a fill(), R <= kTansTableLog<kSteps>
template <ValuesOf kOf, bool kPairs, unsigned kSteps>
class TansThread {
 public:
  static constexpr ValuesOf kValuesOf = kOf;

  constexpr TansThread(const DecodeJob& job, const DecodeTables& tables, const StreamPlace& place)
      : tables_(tables),
        symbols_(job.words + place.symbols, place.n_symbols, job.stride),
        offsets_(job.words + place.offsets, place.n_offsets, job.stride) {}

  constexpr void start(unsigned table_log) {
    symbols_.fill();
    t_ = symbols_.take(table_log);
  }
  /// The next value.
  template <class T>
  constexpr std::uint32_t read() {
    if (!has_second_) step(true);
    const std::uint32_t n = has_second_;
    has_second_ = kPairs & !has_second_;
    if constexpr (kOf == ValuesOf::kSymbols) {
      return kPairs ? nth_of(symbol_of(first_), n) : symbol_of(first_);
    } else {
      return value<T>(n == 0 ? first_ : second_, true) >> 16;
    }
  }
  /// The next values, from an even one on.
  template <class T, unsigned... i>
  constexpr void read(Group<T>& group, std::integer_sequence<unsigned, i...> /*of values*/) {
    if constexpr (kOf == ValuesOf::kSymbols) {
      std::uint32_t words[sizeof...(i) / kSymbols];
      ((i % kSymbols == 0 ? void((step(i / kSymbols % kSteps == 0), words[i / kSymbols] = first_))
                          : void()),
       ...);
      if constexpr (kPairs) {
        for (unsigned n = 0; n < 4; ++n) {
          group.words[n] = values_of_pairs(words[2 * n], words[2 * n + 1]);
        }
      } else {
        group.template pack<1>(words);
      }
    } else {
      std::uint32_t values[sizeof...(i)];
      ((i % kSymbols == 0 ? step(i / kSymbols % kSteps == 0) : void(),
        values[i] = value<T>(i % kSymbols == 0 ? first_ : second_, i % kOffsetSteps<T> == 0)),
       ...);
      group.template pack<2>(values);
    }
  }
  /// @param started whether there were values
  constexpr StreamEnd end(bool started) const {
    return {stream_status(!started || t_ == 0, symbols_.end(), offsets_.end()),
            (excess_ >> 16 & 1) != 0};
  }

 private:
  static constexpr unsigned kSymbols = kPairs ? 2 : 1;  ///< of a look-up

  constexpr void step(bool fill) {
    if (fill) symbols_.fill();
    const std::uint32_t word = *at<1>(tables_.table);
    if constexpr (kOf == ValuesOf::kSymbols) {
      first_ = word;
    } else {
      const std::uint32_t* const words = at<kSymbols>(tables_.rows);
      first_ = words[0];
      if (kPairs) second_ = words[1];
    }
    t_ = (word >> 16) + symbols_.take(word);
  }
  /// @returns the value in the upper half; what lies around does not count
  template <class T>
  constexpr std::uint32_t value(std::uint32_t word, bool fill) {
    if (fill) offsets_.fill();
    const std::uint32_t offset = offsets_.take(word);
    if constexpr (kOf == ValuesOf::kSizedRows) {
      // In bytes: what is too large for the largest offset borrows from vmin.
      excess_ |= sizeof(T) == 1 ? (word - (offset << 8)) ^ word
                                : std::uint32_t{offset >= tables_.sizes[symbol_of(word)]} << 16;
    }
    return word + (offset << 16);
  }
  /// The four values, bytes, of the pairs in two step words.
  static constexpr std::uint32_t values_of_pairs(std::uint32_t a, std::uint32_t b) {
    const std::uint32_t pairs = pick_bytes(a, b, 0x5511);  // each at its first value's byte
    return (pairs & 0x000f000f) | (pairs << kPairSymbolBits & 0x0f000f00);
  }
  static constexpr symbol_t symbol_of(std::uint32_t word) {
    return static_cast<symbol_t>(word >> 8);
  }
  /// The words of the state in a table that has kWords of them for each.
  template <unsigned kWords>
  constexpr const std::uint32_t* at(const std::uint32_t* table) const {
    const void* const words = reinterpret_cast<const std::byte*>(table) + std::size_t{t_} * kWords;
    return static_cast<const std::uint32_t*>(
        __builtin_assume_aligned(words, kWords << kStepWordLog));
  }

  DecodeTables tables_;
  WordReader<kStepWordLog> symbols_;
  WordReader<> offsets_;
  std::uint32_t t_ = 0;       ///< invariant: a multiple of 4, < 4 * 2^R
  std::uint32_t first_ = 0;   ///< value word of the last entry's first symbol; or its step word
  std::uint32_t second_ = 0;  ///< value word of its second symbol
  bool has_second_ = false;
  std::uint32_t excess_ = 0;  ///< bit 16: an offset was too large
};

}  // namespace transom::gpu
