// constriction.hpp — constriction's default ANS coder: 64-bit state, words of 32 bits.
//
// github.com/bamler-lab/constriction (R. Bamler, arXiv:2201.01741), AnsCoder<u32, u64>. The empty
// coder has state 0 rather than L = 2^32, and takes no word while the state is below L and none is
// left, so that first symbols are almost free and decoding never fails: an empty coder yields the
// symbol of slot 0 for ever. Compressed data: the words as an encoder writes them, then the words
// of the state that are not leading zeros, low word first; the last word is never 0. Its models
// count in 24 bits by default; here any table of up to 2^31 slots. Floating-point models are not
// part of this: give the integer frequencies.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "transom/coder/rans_stack.hpp"

namespace transom::foreign {

inline constexpr unsigned kConstrictionPrecision = 24;

struct ConstrictionGeometry : RansGeometry<std::uint64_t, 32, 32> {
  static constexpr State start = 0;
};
using ConstrictionStack = RansStack<ConstrictionGeometry>;

/// get_compressed(). The stack stays as it is: more can be pushed.
inline std::vector<std::uint32_t> constriction_words(const ConstrictionStack& stack) {
  std::vector<std::uint32_t> words = stack.words();
  for (std::uint64_t x = stack.states()[0]; x != 0; x >>= 32) {
    words.push_back(static_cast<std::uint32_t>(x));
  }
  return words;
}

struct ReadConstriction {
  Status status;  ///< kBadState: the last word is 0, which no coder leaves
  ConstrictionStack stack;
};
/// AnsCoder(compressed).
inline ReadConstriction read_constriction(std::span<const std::uint32_t> compressed) {
  std::vector<std::uint32_t> words(compressed.begin(), compressed.end());
  if (!words.empty() && words.back() == 0) return {Status::kBadState, ConstrictionStack(1)};
  std::uint64_t x = 0;
  while (!words.empty() && x < ConstrictionGeometry::lower) {
    x = x << 32 | words.back();
    words.pop_back();
  }
  return {Status::kOk, ConstrictionStack({x}, std::move(words))};
}

/// encode_reverse(): the last symbol first. Throws naming a symbol without a frequency; the stack
/// is then as it was.
inline void constriction_push(ConstrictionStack& stack, const RansBounds& table,
                              std::span<const std::uint32_t> symbols) {
  for (std::size_t i = 0; i < symbols.size(); ++i) {
    if (!table.can_encode(symbols[i])) {
      refuse_at("constriction_push", "symbols", i, symbols[i], "must have a frequency");
    }
  }
  for (std::size_t i = symbols.size(); i-- > 0;) {
    stack.push(0, table.range(symbols[i]), table.table_log());
  }
}

/// decode(model, n); any stack yields n symbols. Throws unless the table fills its 2^R slots.
inline std::vector<std::uint32_t> constriction_pop(ConstrictionStack& stack,
                                                   const RansBounds& table, std::size_t n) {
  if (!table.is_full()) {
    refuse("constriction_pop", "sum of frequencies", table.range(table.n_symbols()).cum,
           "must be 2^" + std::to_string(table.table_log()));
  }
  const SearchLookup lookup(table);
  std::vector<std::uint32_t> symbols(n);
  for (std::uint32_t& s : symbols) s = stack.pop(0, table.table_log(), lookup);
  return symbols;
}

}  // namespace transom::foreign
