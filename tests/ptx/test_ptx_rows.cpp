// test_ptx_rows.cpp — the row kernels as nvcc makes them, beside their bodies on the host.
// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>
#include <cstring>
#include <random>
#include <string>
#include <vector>

#include "ptx_support.hpp"
#include "transom/foreign/torch/torch_rows.hpp"
#include "transom/gpu/rows/rows.hpp"

namespace transom::gpu {
namespace {

using namespace foreign;
using ptx::reads;
using ptx::writes;

constexpr std::size_t kRows = 150, kSymbols = 40;
constexpr std::uint32_t kRowThreads = 128;

const ptx::Compiled& row_module() {
  static const ptx::Compiled module(TRANSOM_ROWS_PTX);
  return module;
}

template <class Job>
void launch(const std::string& kernel, const Job& job, const std::vector<ptx::Region>& memory) {
  ptx::run(*row_module(), row_module()->kernel(ptx::kernel_name(kernel, "")),
           {(kRows + kRowThreads - 1) / kRowThreads, kRowThreads, 0}, ptx::parameters(job), memory);
}

bool same(const PoppedRow& a, const PoppedRow& b) {
  return a.status == b.status && a.end == b.end && a.n_symbols == b.n_symbols;
}

/// Rows begun, full, cut and of no sense; symbols of two tables, some far outside, few of none.
template <class Geometry>
void check_variant(const TorchVariant& variant, std::mt19937& random) {
  using Word = typename Geometry::Word;
  const std::vector<TorchTable> tables{{{0, 100, 180, 240, 256}, -1}, {{0, 1, 200, 250, 256}, 3}};
  const FlatTables flat(TorchTables(tables, 8, variant.n_states == 1 ? 4 : 3, variant.lookup));
  const std::size_t room = most_row_words<Geometry>(flat, variant.n_states, kSymbols);
  std::vector<Word> words(kRows * room);
  std::vector<std::uint32_t> n_bytes(kRows);
  std::vector<std::uint32_t> indexes(kRows * kSymbols);
  std::vector<std::int32_t> symbols(kRows * kSymbols);
  const Bytes begun = start_torch_row(variant, variant.n_states);
  for (std::size_t r = 0; r < kRows; ++r) {
    for (std::size_t w = 0; w < room; ++w) words[r * room + w] = static_cast<Word>(random());
    n_bytes[r] = static_cast<std::uint32_t>(random() % (room * sizeof(Word) + 2));
    if (r % 4 == 0) continue;
    std::memcpy(words.data() + r * room, begun.data(), begun.size());
    n_bytes[r] = static_cast<std::uint32_t>(begun.size());
  }
  for (std::size_t i = 0; i < symbols.size(); ++i) {
    indexes[i] = random() % 1000 == 0 ? 2 : static_cast<std::uint32_t>(random() % 2);
    symbols[i] = static_cast<std::int32_t>(random() % 9) - 2;
    if (random() % 30 == 0) symbols[i] = static_cast<std::int32_t>(random());
  }
  const std::string geometry = ptx::name_of<Geometry>();
  const std::string states = std::to_string(variant.n_states) + "ul";
  const bool is_alias = variant.lookup == TorchLookup::kAlias;

  std::vector<Word> got_words = words;
  std::vector<std::uint32_t> got_bytes = n_bytes;
  std::vector<PushStatus> statuses(kRows), got_statuses(kRows);
  const RowSpans<Geometry> rows{words, n_bytes, variant.n_states};
  push_rows_on_host(rows, flat, indexes, symbols, statuses);
  const RowMemory<Geometry> memory{got_words.data(), room, room, got_bytes.data(), 1, kRows};
  const std::vector<std::uint32_t> table_words(flat.words().begin(), flat.words().end());
  const RowTables on = flat.on(table_words.data());
  launch(
      "push_kernel<" + geometry + ", " + states + ", " + (is_alias ? "true" : "false") + ">",
      PushJob<Geometry>{memory, on, indexes.data(), symbols.data(), kSymbols, got_statuses.data()},
      {writes(got_words), writes(got_bytes), writes(got_statuses), reads(table_words),
       reads(indexes), reads(symbols)});
  REQUIRE(got_statuses == statuses);
  REQUIRE(got_bytes == n_bytes);
  REQUIRE(got_words == words);
  for (const PushStatus status : {PushStatus::kOk, PushStatus::kBadValue, PushStatus::kBadState}) {
    CHECK(std::count(statuses.begin(), statuses.end(), status) > 0);
  }

  std::vector<std::int32_t> popped(symbols.size(), -77), got_popped = popped;
  std::vector<PoppedRow> ends(kRows), got_ends(kRows);
  pop_rows_on_host(rows, flat, indexes, popped, ends);
  launch("pop_kernel<" + geometry + ", " + states + ", (transom::foreign::TorchLookup)" +
             std::to_string(static_cast<unsigned>(variant.lookup)) + ">",
         PopJob<Geometry>{memory, on, indexes.data(), got_popped.data(), kSymbols, got_ends.data()},
         {writes(got_words), writes(got_bytes), writes(got_popped), writes(got_ends),
          reads(table_words), reads(indexes)});
  REQUIRE(got_popped == popped);
  REQUIRE(got_bytes == n_bytes);
  REQUIRE(std::equal(ends.begin(), ends.end(), got_ends.begin(), got_ends.end(), same));
}

}  // namespace

TEST_CASE("ptx: the row kernels for a device push and pop as their bodies on the host", "[ptx]") {
  if (row_module().is_skipped()) return;
  std::mt19937 random(63);
  for (const TorchVariant& variant : torch_variants()) {
    INFO(variant.name);
    with_torch_geometry(
        variant, [&]<class Geometry>(Geometry) { check_variant<Geometry>(variant, random); });
  }
}

}  // namespace transom::gpu
