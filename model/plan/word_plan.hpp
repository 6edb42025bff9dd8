// word_plan.hpp — a table of at most 16 ranges for the words that a tensor's tANS streams will
// have. Not a public header.
//
// What a table costs is known without coding, nearly: its bits are added up, how many values of
// each stream are in each row is known, and a stream has the bits of an ideal coder, of its last
// state, and of a loss that follows from rows per slot. What is written are whole words, of the
// table and of each stream's symbols and offsets; so tables that cost an ideal coder the same, and
// there are many, differ by some words. Ranges that are near the best (range_near.hpp) with each
// table log are the start; from the two cheapest of these, two rows become one, boundaries move,
// neighbours give each other slots, as long as that saves words, or bits for as many words.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>

#include "transom/base/tensor_view.hpp"
#include "transom/codec/codec.hpp"

namespace transom::plan_detail {

struct WordPlanOptions {
  unsigned least_log, most_log;  ///< R
  unsigned max_rows;             ///< 1..kMaxApackRows
  Spread spread;
};

/// Nothing if the rows that the values occur in are more than 2^R slots.
/// @param tensor whose values fit its type, 1 .. kMaxFiltered of them
/// @param layout its streams
std::optional<Code> plan_words(Coding coding, const TensorView& tensor, const StreamLayout& layout,
                               const WordPlanOptions& options);

}  // namespace transom::plan_detail
