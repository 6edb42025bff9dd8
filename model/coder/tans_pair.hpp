// tans_pair.hpp — tANS over pairs of symbols: one table entry yields two of them.
//
// A tANS stream looks up one entry a cycle; where an entry stands for two symbols of at most 4
// bits, it gives two values a cycle. Nothing else is new: a stream's symbols are taken two by two,
// in its order, and the byte of each pair is the symbol of an ordinary tANS (tans.hpp), spreads,
// table words and stream included. What neighbours know of each other is coded too: the cost is the
// joint entropy of a pair, not twice that of a symbol. An odd last symbol is completed with its
// most frequent successor, which costs the least and is dropped by the decoder.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "transom/base/spec.hpp"
#include "transom/coder/tans.hpp"
#include "transom/table/pairs.hpp"

namespace transom {

/// A stream's encoder for pairs of symbols; an odd last symbol is completed by one that can follow
/// it.
class TansPairEncoder {
 public:
  /// @param freq n_symbols^2 of them, at first * n_symbols + second; sum 2^R (throws)
  TansPairEncoder(std::span<const std::uint32_t> freq, std::size_t n_symbols, unsigned R,
                  Spread kind)
      : tans_(by_pair(freq, n_symbols), R, kind) {
    for (std::size_t s = 0; s < n_symbols; ++s) {
      completions_.push_back(completion(freq, n_symbols, static_cast<symbol_t>(s)));
    }
  }

  bool can_encode(symbol_t first, symbol_t second) const {
    return (first | second) < kMaxApackRows && tans_.can_encode(pair_of(first, second));
  }
  /// As an odd last symbol.
  bool can_end(symbol_t last) const {
    return last < completions_.size() && completions_[last].has_value();
  }

  /// The tANS symbols of a stream. Throws for a pair that has no frequency.
  std::vector<symbol_t> pairs(std::span<const symbol_t> symbols) const {
    std::vector<symbol_t> out((symbols.size() + 1) / 2);
    for (std::size_t i = 0; i < symbols.size() / 2; ++i) {
      if (!can_encode(symbols[2 * i], symbols[2 * i + 1])) [[unlikely]] {
        refuse_at("TansPairEncoder::pairs", "symbols", 2 * i, symbols[2 * i],
                  "must have a frequency with the symbol behind it");
      }
      out[i] = pair_of(symbols[2 * i], symbols[2 * i + 1]);
    }
    if (symbols.size() % 2 != 0) {
      if (!can_end(symbols.back())) [[unlikely]] {
        refuse_at("TansPairEncoder::pairs", "symbols", symbols.size() - 1, symbols.back(),
                  "must have a frequency with some symbol behind it");
      }
      out.back() = pair_of(symbols.back(), *completions_[symbols.back()]);
    }
    return out;
  }

  const TansEncoder& tans() const { return tans_; }

 private:
  TansEncoder tans_;
  std::vector<std::optional<symbol_t>> completions_;  ///< one per symbol
};

/// The symbol stream of one stream, words of 32 bits. Throws as that of single symbols does.
inline std::vector<std::uint32_t> encode_symbols(const TansPairEncoder& encoder, unsigned R,
                                                 std::span<const symbol_t> symbols) {
  return encode_symbols(encoder.tans(), R, encoder.pairs(symbols));
}

/// A stream's decoder: every other step reads an entry, the one after it gives the second symbol.
struct TansPairDecoder {
  const std::uint32_t* table;  ///< 2^R words
  unsigned table_log;
  std::uint32_t t = 0;  ///< invariant: < 2^R
  symbol_t second = 0;
  bool has_second = false;

  template <class Bits>
  constexpr void start(Bits& in) {
    t = in.read(table_log);
    has_second = false;
  }
  template <class Bits>
  constexpr symbol_t step(Bits& in) {
    has_second = !has_second;
    if (!has_second) return second;
    const symbol_t pair = decode_step(table, t, in).symbol;
    second = second_of(pair);
    return first_of(pair);
  }
  /// Bits that a step reads at most, whatever the stream.
  constexpr unsigned most_bits() const { return table_log; }
  constexpr bool at_end() const { return t == 0; }
  constexpr std::uint64_t state() const { return t; }
};

}  // namespace transom
