// rows.hpp — batches of torch_ans' rows through the kernel's bodies on the host; tables as words.
//
// All 12 variants: a geometry, 1 or 4 states, a look-up. Where a row is damaged or a symbol cannot
// be coded its verdict says so, and the other rows are coded: nothing throws but what is the
// caller's, sizes and precisions, before anything is written.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "transom/gpu/rows/jobs.hpp"

namespace transom::gpu {

/// foreign::TorchTables in one array that can be copied anywhere.
class FlatTables {
 public:
  /// Throws for tables of 2^32 words and more.
  explicit FlatTables(const foreign::TorchTables& tables);

  std::span<const std::uint32_t> words() const { return words_; }
  /// The tables where `words` is a copy of words() for the side that runs.
  RowTables on(const std::uint32_t* words) const;

 private:
  std::vector<std::uint32_t> words_;
  RowTables tables_;
};

/// Words that a row has at the most after n_symbols were pushed on a new one, whatever they are; on
/// any row they are no more than that. Throws as push_rows_on_host().
template <class Geometry>
std::size_t most_row_words(const FlatTables& tables, std::size_t n_states, std::size_t n_symbols);

/// Rows of one capacity, side by side.
template <class Geometry>
struct RowSpans {
  std::span<typename Geometry::Word> words;  ///< n_bytes.size() rows
  std::span<std::uint32_t> n_bytes;          ///< length of each: states and words
  std::size_t n_states;                      ///< 1 or 4
};

/// Pushes as many symbols on each row. Throws unless all sizes are those of the rows, n_states is
/// 1 or 4, freq_precision at most the geometry's lower_log, and a row below 2^31 bytes.
template <class Geometry>
void push_rows_on_host(const RowSpans<Geometry>& rows, const FlatTables& tables,
                       std::span<const std::uint32_t> indexes,
                       std::span<const std::int32_t> symbols, std::span<PushStatus> statuses);
/// Pops as many symbols from each row. Throws likewise.
template <class Geometry>
void pop_rows_on_host(const RowSpans<Geometry>& rows, const FlatTables& tables,
                      std::span<const std::uint32_t> indexes, std::span<std::int32_t> symbols,
                      std::span<PoppedRow> ends);

/// The same of a job whose pointers are trusted.
template <class Geometry>
void push_rows_on_host(const PushJob<Geometry>& job, std::size_t n_states);
template <class Geometry>
void pop_rows_on_host(const PopJob<Geometry>& job, std::size_t n_states);

/// What every job is asked: throws as push_rows_on_host().
template <class Geometry>
void check_rows(const RowMemory<Geometry>& rows, const RowTables& tables, std::size_t n_states) {
  constexpr std::size_t kMostWords = 0x7fff'ffff / sizeof(typename Geometry::Word);
  if (n_states != 1 && n_states != 4) refuse("rows", "n_states", n_states, "must be 1 or 4");
  require_range("rows", "freq_precision", tables.freq_precision, 0, Geometry::lower_log);
  require_range("rows", "bypass_precision", tables.bypass_precision, 0, 8);
  require_range("rows", "lookup", static_cast<unsigned>(tables.lookup), 0, 2);
  require_range("rows", "words of a row", rows.capacity, 0, kMostWords);
}

/// run.template operator()<K, kLookup>() of a job that was checked.
template <class Run>
void with_row_coder(std::size_t n_states, TorchLookup lookup, Run run) {
  const auto with_states = [&]<TorchLookup kLookup>() {
    n_states == 1 ? run.template operator()<1, kLookup>() : run.template operator()<4, kLookup>();
  };
  if (lookup == TorchLookup::kSearch) with_states.template operator()<TorchLookup::kSearch>();
  if (lookup == TorchLookup::kInverseCdf) {
    with_states.template operator()<TorchLookup::kInverseCdf>();
  }
  if (lookup == TorchLookup::kAlias) with_states.template operator()<TorchLookup::kAlias>();
}

}  // namespace transom::gpu
