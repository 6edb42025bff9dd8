// plan.hpp — which table codes a tensor in the fewest bits, the table itself counted.
//
// tANS on at most 16 ranges of integers is planned for the words of its streams (word_plan.hpp):
// what they will have follows from the counts of each stream by itself, so the tensor is coded
// once. Elsewhere, for each table log R (and each number of rows) the ideal cost of the best table
// is known without coding: ranges.hpp and quantise.hpp give it exactly, table_bits() adds the
// table. What the coder loses on top depends on the order of the values, so the words of the
// candidates are counted (of coders without a table of steps: made), cheapest ideal first, while an
// ideal and what a record has beside it is below the best size seen. Ranges are searched below a
// limit that a first table gives (range_filter.hpp). A tensor that does not shrink is stored raw. A
// decoder unit reads other bytes than those of the file: what a tensor costs it, PlanOptions::cost
// says.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>

#include "transom/codec/codec.hpp"

namespace transom {

/// Largest table log that is tried unless asked for: 4096 slots are what hardware likes to hold.
inline constexpr unsigned kMaxPlannedTableLog = 12;

/// Where an APack coding's ranges come from.
enum class Search : std::uint8_t {
  kWords = 0,  ///< of tANS on integers by the words of its streams (word_plan.hpp), else as kExact
  kExact = 1,  ///< ranges.hpp's, by an ideal coder's bits: for words that are not the streams'
  kReleased = 2  ///< released_search.hpp, to compare with: 16 rows, some empty
};
inline constexpr unsigned kSearches = 3;

/// What a coded tensor's cost to a decoder unit follows from.
struct PlanSizes {
  unsigned table_log = 0;
  Spread spread = Spread::kTuned;
  std::size_t n_rows = 0;
  std::uint32_t n_values = 0;
  std::uint32_t n_streams = 0;
  std::uint32_t n_sequences = 0;  ///< symbol words of a stream, or its offset words; if it has any
  std::uint64_t n_words = 0;      ///< of all of these
};
/// The sizes of a coded tensor.
PlanSizes plan_sizes(const CodedTensor& tensor);

/// What encode_best() may choose, and over how many streams it codes.
struct PlanOptions {
  Coding coding = Coding::kApackTans;
  std::optional<unsigned> table_log;             ///< R; all up to max_table_log are tried if empty
  unsigned max_table_log = kMaxPlannedTableLog;  ///< but what the tensor's symbols need
  std::optional<unsigned> rows;  ///< at most this many ranges; all are tried if empty
  Spread spread = Spread::kTuned;
  Search search = Search::kWords;
  std::uint32_t n_streams = 4;
  std::uint32_t chunk = 1;
  /// What is to be least, instead of the bytes of a record; it does not fall as any size grows.
  /// With it, nothing is stored raw: one row takes its place.
  std::function<std::uint64_t(const PlanSizes&)> cost = {};
};

/// One row and one symbol, in a coding of the same lane whose table says its rows: whole values
/// have no form for one row. Throws for no coding or dtype.
Code one_row_for_lane(Coding coding, const DType& dtype);

/// The tensor in `options.coding`, or raw where that is smaller (always for no values); given a
/// cost, in the coding or as one row, never raw.
/// Throws as encode() does for the tensor, the streams and the chunk; and, naming the option, if
/// there is no such coding, spread or search, if the coding has no such table log or rows, if
/// `table_log` has fewer slots than the tensor has symbols, or if the released search is asked for
/// where it is none: other than an APack coding of single symbols, with a number of rows, for
/// values of under 4 bits, for more values than its sums hold.
CodedTensor encode_best(const TensorView& tensor, const PlanOptions& options);

/// The code for values that need not be there: of 2^W counts, by ideal costs and an allowance for
/// what streams lose. Throws as encode_best(), for other counts, and for what is planned from the
/// values alone: pairs, a cost.
Code best_code(const DType& dtype, std::size_t n_dims, std::span<const std::uint32_t> counts,
               const PlanOptions& options);

}  // namespace transom
