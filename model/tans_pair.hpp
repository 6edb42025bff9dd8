// tans_pair.hpp — tANS over pairs of symbols: one table entry yields two of them.
//
// A tANS lane looks up one entry a cycle; where an entry stands for two symbols of at most 4 bits,
// it gives two values a cycle. Nothing else is new: a lane's symbols are taken two by two, in its
// order, and the byte of each pair is the symbol of an ordinary tANS (tans.hpp), spreads, table
// words and stream included. What neighbours know of each other is coded too: the cost is the joint
// entropy of a pair, not twice that of a symbol. An odd last symbol is completed with its most
// frequent successor, which costs the least and is dropped by the decoder.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cassert>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

#include "spec.hpp"
#include "tans.hpp"

namespace transom {

inline constexpr unsigned kPairSymbolBits = 4;
static_assert(1u << kPairSymbolBits == kMaxApackRows &&
              kMaxApackRows * kMaxApackRows == kMaxAlphabet);

/// A pair as a tANS symbol: the symbol that comes first in the low bits.
constexpr symbol_t pair_of(symbol_t first, symbol_t second) {
  return static_cast<symbol_t>(first | second << kPairSymbolBits);
}
constexpr symbol_t first_of(symbol_t pair) { return pair & (kMaxApackRows - 1); }
constexpr symbol_t second_of(symbol_t pair) { return pair >> kPairSymbolBits; }

/// Frequencies of pairs of `n_symbols` symbols, first * n_symbols + second, as a tANS takes them:
/// kMaxAlphabet entries, by pair_of(). Throws std::invalid_argument unless there are n_symbols^2.
inline std::vector<std::uint32_t> by_pair(std::span<const std::uint32_t> freq,
                                          std::size_t n_symbols) {
  if (n_symbols > kMaxApackRows || freq.size() != n_symbols * n_symbols) {
    throw std::invalid_argument(std::to_string(freq.size()) + " frequencies of pairs of " +
                                std::to_string(n_symbols) + " symbols");
  }
  std::vector<std::uint32_t> pairs(kMaxAlphabet);
  for (std::size_t i = 0; i < freq.size(); ++i) {
    pairs[pair_of(static_cast<symbol_t>(i / n_symbols), static_cast<symbol_t>(i % n_symbols))] =
        freq[i];
  }
  return pairs;
}

/// Which second symbol completes an odd last one: the greatest of `weights` at first * n_symbols,
/// the smallest symbol on ties; nothing if all are 0.
inline std::optional<symbol_t> completion(std::span<const std::uint32_t> weights,
                                          std::size_t n_symbols, symbol_t first) {
  const auto successors = weights.subspan(first * n_symbols, n_symbols);
  const auto greatest = std::max_element(successors.begin(), successors.end());
  if (*greatest == 0) return std::nullopt;
  return static_cast<symbol_t>(greatest - successors.begin());
}

class TansPairEncoder {
 public:
  /// @param freq n_symbols^2 of them, at first * n_symbols + second
  TansPairEncoder(std::span<const std::uint32_t> freq, std::size_t n_symbols, unsigned R,
                  Spread kind)
      : tans_(by_pair(freq, n_symbols), R, kind) {
    for (std::size_t s = 0; s < n_symbols; ++s) {
      completions_.push_back(completion(freq, n_symbols, static_cast<symbol_t>(s)));
    }
  }

  bool can_encode(symbol_t first, symbol_t second) const {
    return tans_.can_encode(pair_of(first, second));
  }
  /// As an odd last symbol.
  bool can_end(symbol_t last) const {
    return last < completions_.size() && completions_[last].has_value();
  }

  /// The tANS symbols of a lane. Every pair must have a frequency.
  std::vector<symbol_t> pairs(std::span<const symbol_t> symbols) const {
    std::vector<symbol_t> out((symbols.size() + 1) / 2);
    for (std::size_t i = 0; i < symbols.size() / 2; ++i) {
      assert(can_encode(symbols[2 * i], symbols[2 * i + 1]));
      out[i] = pair_of(symbols[2 * i], symbols[2 * i + 1]);
    }
    if (symbols.size() % 2 != 0) {
      assert(can_end(symbols.back()));
      out.back() = pair_of(symbols.back(), *completions_[symbols.back()]);
    }
    return out;
  }

  const TansEncoder& tans() const { return tans_; }

 private:
  TansEncoder tans_;
  std::vector<std::optional<symbol_t>> completions_;  ///< of each symbol
};

/// The symbol stream of one lane, words of 32 bits.
inline std::vector<std::uint32_t> encode_symbols(const TansPairEncoder& encoder, unsigned R,
                                                 std::span<const symbol_t> symbols) {
  return encode_symbols(encoder.tans(), R, encoder.pairs(symbols));
}

/// A lane's decoder: every other step reads an entry, the one after it gives the second symbol.
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
  constexpr bool at_end() const { return t == 0; }
  constexpr std::uint64_t state() const { return t; }
};

}  // namespace transom
