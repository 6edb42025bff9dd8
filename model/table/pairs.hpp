// pairs.hpp — two symbols of at most 4 bits as one: their byte, their counts, their completion.
//
// A stream's symbols are taken two by two, in its order; the coder over them is tans_pair.hpp's.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "transom/base/spec.hpp"
#include "transom/base/stream.hpp"

namespace transom {

inline constexpr unsigned kPairSymbolBits = 4;
static_assert(1u << kPairSymbolBits == kMaxApackRows &&
              kMaxApackRows * kMaxApackRows == kMaxAlphabet);

namespace detail {
/// pair_of() of what has been checked.
constexpr symbol_t pair_byte(symbol_t first, symbol_t second) {
  return static_cast<symbol_t>(first | second << kPairSymbolBits);
}
}  // namespace detail

/// A pair as a tANS symbol: the symbol that comes first in the low bits. Both are below 16
/// (throws).
constexpr symbol_t pair_of(symbol_t first, symbol_t second) {
  if ((first | second) >= kMaxApackRows) [[unlikely]] {
    detail::refuse_range("pair_of", "symbol", std::max(first, second), 0, kMaxApackRows - 1);
  }
  return detail::pair_byte(first, second);
}
/// The symbol of a pair that comes first.
constexpr symbol_t first_of(symbol_t pair) { return pair & (kMaxApackRows - 1); }
/// The symbol of a pair that comes second.
constexpr symbol_t second_of(symbol_t pair) { return pair >> kPairSymbolBits; }
/// Symbol i, 0 or 1, of a pair.
constexpr symbol_t nth_of(symbol_t pair, unsigned i) {
  return i == 0 ? first_of(pair) : second_of(pair);
}

/// Frequencies of pairs of `n_symbols` symbols, first * n_symbols + second, as a tANS takes them:
/// kMaxAlphabet entries, by pair_of(). Throws unless there are n_symbols^2, n_symbols <= 16.
inline std::vector<std::uint32_t> by_pair(std::span<const std::uint32_t> freq,
                                          std::size_t n_symbols) {
  require_range("by_pair", "n_symbols", n_symbols, 1, kMaxApackRows);
  require_range("by_pair", "number of frequencies", freq.size(), n_symbols * n_symbols,
                n_symbols * n_symbols);
  std::vector<std::uint32_t> pairs(kMaxAlphabet);
  for (std::size_t i = 0; i < freq.size(); ++i) {
    pairs[pair_of(static_cast<symbol_t>(i / n_symbols), static_cast<symbol_t>(i % n_symbols))] =
        freq[i];
  }
  return pairs;
}

/// Which second symbol completes an odd last one: the greatest of `weights` at first * n_symbols,
/// the smallest symbol on ties; nothing if all are 0. Throws unless `first` < n_symbols <= 256,
/// with n_symbols^2 weights.
inline std::optional<symbol_t> completion(std::span<const std::uint32_t> weights,
                                          std::size_t n_symbols, symbol_t first) {
  require_range("completion", "n_symbols", n_symbols, 1, kMaxAlphabet);
  require_range("completion", "number of weights", weights.size(), n_symbols * n_symbols,
                n_symbols * n_symbols);
  require_range("completion", "first", first, 0, n_symbols - 1);
  const auto successors = weights.subspan(first * n_symbols, n_symbols);
  const auto greatest = std::max_element(successors.begin(), successors.end());
  if (*greatest == 0) return std::nullopt;
  return static_cast<symbol_t>(greatest - successors.begin());
}

/// Pairs as they are formed in each stream: counts[first * n_symbols + second]. An odd last
/// symbol counts with what follows it most often (nothing does: symbol 0).
/// @param n_symbols 1..256 (throws)
/// @param symbol_of tensor index -> symbol below n_symbols (throws)
template <class SymbolOf>
std::vector<std::uint32_t> pair_histogram(const StreamLayout& layout, std::size_t n_symbols,
                                          SymbolOf symbol_of) {
  require_range("pair_histogram", "n_symbols", n_symbols, 1, kMaxAlphabet);
  std::vector<std::uint32_t> counts(n_symbols * n_symbols);
  std::vector<symbol_t> odd;
  for (std::uint32_t stream = 0; stream < layout.n_streams; ++stream) {
    std::size_t first = n_symbols;  // none
    layout.for_each(stream, [&](std::uint32_t i) {
      const symbol_t s = symbol_of(i);
      if (s >= n_symbols) [[unlikely]] {
        detail::refuse_range("pair_histogram", "symbol", s, 0, n_symbols - 1);
      }
      if (first == n_symbols) {
        first = s;
      } else {
        ++counts[first * n_symbols + s];
        first = n_symbols;
      }
    });
    if (first != n_symbols) odd.push_back(static_cast<symbol_t>(first));
  }
  for (const symbol_t first : odd) {
    ++counts[first * n_symbols + completion(counts, n_symbols, first).value_or(0)];
  }
  return counts;
}

}  // namespace transom
