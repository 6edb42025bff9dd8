// jobs.hpp — what the row coder works on: rows, tables, symbols, verdicts.
//
// Rows are those of torch_ans' stream tensor (foreign/torch/torch_ans.hpp): states, then words as
// an encoder writes them. They lie in words of the geometry, so that no load is misaligned where a
// state is of 8 bytes, as torch_ans' own are; both sides are little-endian. All pointers are of
// the side that runs.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>

#include "transom/base/spec.hpp"
#include "transom/foreign/torch/torch_ans.hpp"

namespace transom::gpu {

using foreign::TorchLookup;

/// How a push ended: Status and its numbers, and one that no decoder has.
enum class PushStatus : std::uint8_t {
  kOk = static_cast<std::uint8_t>(Status::kOk),
  kTruncated = static_cast<std::uint8_t>(Status::kTruncated),  ///< no room for the states, or half
                                                               ///< a word
  kBadState = static_cast<std::uint8_t>(Status::kBadState),    ///< a state outside of [L, bL)
  /// A symbol that cannot be coded: its table has no such value, or there is no such table.
  kBadValue = static_cast<std::uint8_t>(Status::kBadValue),
  kBadHeader = static_cast<std::uint8_t>(Status::kBadHeader),  ///< length over the row's capacity
  kNoRoom = 8,
};
/// How a pop ended, as foreign::TorchPoppedRow tells; kBadHeader as in PushStatus.
struct PoppedRow {
  Status status;
  Status end;
  std::uint32_t n_symbols;  ///< those written; the others are as they were
};

/// A row's table in FlatTables' words: the first kRowTableWords from its number on.
struct RowTable {
  std::uint32_t bounds;  ///< index of RansBounds::bounds()
  std::uint32_t n_symbols;
  std::int32_t offset;
  std::uint32_t entries;  ///< index of the look-up: symbols of slots by twos, or 4 words a bucket
  std::uint32_t n;        ///< kSearch: number of ranges; kAlias: log of a bucket's width
  std::uint32_t remap;    ///< kAlias: index of AliasLookup::remap()
};
inline constexpr std::size_t kRowTableWords = 6;

/// Tables in the memory of the side that runs: FlatTables::on().
struct RowTables {
  const std::uint32_t* words = nullptr;
  std::uint32_t n_tables = 0;
  std::uint32_t freq_precision = 0;
  std::uint32_t bypass_precision = 0;
  TorchLookup lookup = TorchLookup::kSearch;
};

/// Rows in memory of the side that runs: row r has its words from r row_stride on, its length from
/// r length_stride on.
template <class Geometry>
struct RowMemory {
  using Word = typename Geometry::Word;
  Word* words = nullptr;
  std::size_t row_stride = 0;
  std::size_t capacity = 0;  ///< words that a row has room for, states included
  std::uint32_t* n_bytes = nullptr;
  std::size_t length_stride = 1;
  std::size_t n_rows = 0;
};
/// torch_ans' stream tensor as it is: n_rows of `width` int32, the first the length of the row.
template <class Geometry>
RowMemory<Geometry> tensor_rows(void* tensor, std::size_t n_rows, std::size_t width) {
  constexpr std::size_t kWords = sizeof(std::uint32_t) / sizeof(typename Geometry::Word);
  auto* lengths = static_cast<std::uint32_t*>(tensor);
  auto* words = static_cast<typename Geometry::Word*>(tensor) + kWords;
  return {words, width * kWords, width == 0 ? 0 : (width - 1) * kWords, lengths, width, n_rows};
}

/// Indexes and symbols are n_rows x n_symbols, row by row; a status for each row.
template <class Geometry>
struct PushJob {
  RowMemory<Geometry> rows;
  RowTables tables;
  const std::uint32_t* indexes = nullptr;
  const std::int32_t* symbols = nullptr;
  std::size_t n_symbols = 0;
  PushStatus* statuses = nullptr;
};
template <class Geometry>
struct PopJob {
  RowMemory<Geometry> rows;
  RowTables tables;
  const std::uint32_t* indexes = nullptr;
  std::int32_t* symbols = nullptr;
  std::size_t n_symbols = 0;
  PoppedRow* ends = nullptr;
};

}  // namespace transom::gpu
