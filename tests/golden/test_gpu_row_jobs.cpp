// test_gpu_row_jobs.cpp — rows that torch_ans itself wrote, its stream tensor, what callers get
// wrong.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <catch2/catch.hpp>
#include <cstring>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>

#include "support.hpp"
#include "transom/foreign/torch/torch_rows.hpp"
#include "transom/gpu/rows/kernel.hpp"
#include "transom/gpu/rows/rows.hpp"

namespace transom {
using namespace foreign;
using namespace gpu;
namespace {

using json = nlohmann::json;
using Indexes = std::vector<std::uint32_t>;
using Symbols = std::vector<std::int32_t>;

Bytes from_hex(const std::string& hex) {
  Bytes bytes;
  for (std::size_t i = 0; i < hex.size(); i += 2) {
    bytes.push_back(static_cast<std::uint8_t>(std::stoul(hex.substr(i, 2), nullptr, 16)));
  }
  return bytes;
}
template <class T>
std::vector<T> joined(const json& rows) {
  std::vector<T> all;
  for (const json& row : rows) {
    for (const json& one : row) all.push_back(one.get<T>());
  }
  return all;
}
TorchTables tables_of(const json& recorded, TorchLookup lookup) {
  std::vector<TorchTable> tables;
  for (std::size_t t = 0; t < recorded["cdfs"].size(); ++t) {
    tables.push_back(
        {recorded["cdfs"][t].get<Indexes>(), recorded["offsets"][t].get<std::int32_t>()});
  }
  const unsigned bypass =
      recorded["bypass"].get<bool>() ? recorded["bypass_precision"].get<unsigned>() : 0;
  return TorchTables(tables, recorded["freq_precision"].get<unsigned>(), bypass, lookup);
}

/// All pushes of a case, the recorded bytes, all its pops. Returns the number of rows.
template <class Geometry>
std::size_t check_recorded(const TorchVariant& variant, const json& recorded, TorchLookup lookup) {
  using Word = typename Geometry::Word;
  const FlatTables tables(tables_of(recorded, lookup));
  const json pushes = recorded.contains("pushes") ? recorded["pushes"] : json::array({recorded});
  const auto n_rows = recorded["rows"].get<std::size_t>();
  std::vector<Bytes> want;
  std::size_t capacity = 0;
  for (const json& hex : recorded["bytes_hex"]) {
    want.push_back(from_hex(hex.get<std::string>()));
    capacity = std::max(capacity, want.back().size() / sizeof(Word));
  }
  std::vector<Word> words(n_rows * capacity);
  const Bytes begun = start_torch_row(variant, variant.n_states);
  std::vector<std::uint32_t> n_bytes(n_rows, static_cast<std::uint32_t>(begun.size()));
  for (std::size_t r = 0; r < n_rows; ++r) {
    std::memcpy(words.data() + r * capacity, begun.data(), begun.size());
  }
  const RowSpans<Geometry> rows{words, n_bytes, variant.n_states};
  for (const json& push : pushes) {
    std::vector<PushStatus> statuses(n_rows);
    push_rows_on_host(rows, tables, joined<std::uint32_t>(push["indexes"]),
                      joined<std::int32_t>(push["symbols"]), statuses);
    REQUIRE(statuses == std::vector<PushStatus>(n_rows, PushStatus::kOk));
  }
  for (std::size_t r = 0; r < n_rows; ++r) {
    REQUIRE(n_bytes[r] == want[r].size());
    REQUIRE(std::memcmp(words.data() + r * capacity, want[r].data(), want[r].size()) == 0);
  }
  for (std::size_t p = pushes.size(); p-- > 0;) {
    const auto symbols = joined<std::int32_t>(pushes[p]["symbols"]);
    Symbols got(symbols.size());
    std::vector<PoppedRow> ends(n_rows);
    pop_rows_on_host(rows, tables, joined<std::uint32_t>(pushes[p]["indexes"]), got, ends);
    REQUIRE(got == symbols);
    for (const PoppedRow& end : ends) {
      REQUIRE(end.status == Status::kOk);
      REQUIRE((p != 0 || end.end == Status::kOk));
    }
  }
  return n_rows;
}

/// A table of 4 values and an escape, not a power of two of them.
TorchTables some_tables(TorchLookup lookup) {
  return TorchTables(std::vector<TorchTable>{{{0, 100, 180, 240, 250, 256}, -1}}, 8, 4, lookup);
}

}  // namespace

TEST_CASE("gpu rows: every row that torch_ans has recorded is pushed and popped", "[unit]") {
  const auto folder = support::shared_folder("interop");
  if (!folder) return;
  for (const std::string family : {"rans64", "rans32", "rans32_16"}) {
    std::ifstream in(*folder / ("torch_" + family + ".json"));
    if (!in) {
      WARN("skipped: torch_" << family << ".json is not there");
      continue;
    }
    const json file = json::parse(in);
    std::size_t n_rows = 0;
    for (const char* list : {"cases", "alias_cases"}) {
      for (const json& recorded : file[list]) {
        INFO(family << " " << recorded["name"]);
        const TorchVariant* variant = find_torch_variant(recorded["variant"].get<std::string>());
        REQUIRE(variant != nullptr);
        with_torch_geometry(*variant, [&]<class Geometry>(Geometry) {
          n_rows += check_recorded<Geometry>(*variant, recorded, variant->lookup);
          if (variant->lookup == TorchLookup::kSearch) {
            n_rows += check_recorded<Geometry>(*variant, recorded, TorchLookup::kInverseCdf);
          }
        });
      }
    }
    CHECK(n_rows > 200);
  }
}

TEST_CASE("gpu rows: torch_ans' stream tensor is worked on where it lies", "[unit]") {
  for (const TorchVariant& variant : torch_variants()) {
    if (variant.lookup == TorchLookup::kAlias) continue;
    with_torch_geometry(variant, [&]<class Geometry>(Geometry) {
      const TorchTables model = some_tables(variant.lookup);
      const FlatTables tables(model);
      constexpr std::size_t kRows = 3, kWidth = 40, kSymbols = 7;
      const Indexes indexes(kRows * kSymbols);
      const Symbols symbols{-1, 1, 2, 700, -9, 0, 0, 1, 1, 1, 0, 0, 0, 2, 2, 2, 2, -1, -1, -1, 90};
      std::vector<std::byte> tensor(kRows * kWidth * 4);
      const auto row_at = [&](std::size_t r) {
        std::vector<std::int32_t> row(kWidth);
        std::memcpy(row.data(), tensor.data() + r * kWidth * 4, kWidth * 4);
        return from_torch_row(row);
      };
      const Bytes begun = start_torch_row(variant, variant.n_states);
      const auto row = to_torch_row(begun);
      for (std::size_t r = 0; r < kRows; ++r) {
        std::memcpy(tensor.data() + r * kWidth * 4, row.data(), row.size() * 4);
      }
      const std::int32_t too_long = (kWidth - 1) * 4 + 1;
      std::memcpy(tensor.data() + kWidth * 4, &too_long, 4);
      const auto memory = tensor_rows<Geometry>(tensor.data(), kRows, kWidth);
      const RowTables flat = tables.on(tables.words().data());

      std::array<PushStatus, kRows> statuses{};
      push_rows_on_host(PushJob<Geometry>{memory, flat, indexes.data(), symbols.data(), kSymbols,
                                          statuses.data()},
                        variant.n_states);
      CHECK(statuses == std::array{PushStatus::kOk, PushStatus::kBadHeader, PushStatus::kOk});
      for (const std::size_t r : {0u, 2u}) {
        const auto part = std::span(symbols).subspan(r * kSymbols, kSymbols);
        CHECK(
            row_at(r).bytes ==
            push_torch_row(variant, model, begun, std::span(indexes).first(kSymbols), part).bytes);
      }
      CHECK(row_at(1).status == Status::kBadHeader);

      Symbols popped(symbols.size());
      std::array<PoppedRow, kRows> ends{};
      pop_rows_on_host(
          PopJob<Geometry>{memory, flat, indexes.data(), popped.data(), kSymbols, ends.data()},
          variant.n_states);
      CHECK(ends[1].status == Status::kBadHeader);
      CHECK(ends[1].n_symbols == 0);
      for (const std::size_t r : {0u, 2u}) {
        CHECK(ends[r].end == Status::kOk);
        CHECK(row_at(r).bytes == begun);
        CHECK(std::equal(&symbols[r * kSymbols], &symbols[r * kSymbols] + kSymbols,
                         &popped[r * kSymbols]));
      }
    });
  }
}

TEST_CASE("gpu rows: what a caller gets wrong is refused before anything is written", "[unit]") {
  using Geometry = TorchRans32x16;
  const FlatTables tables(some_tables(TorchLookup::kSearch));
  std::vector<std::uint16_t> words(12);
  std::vector<std::uint32_t> n_bytes(2);
  Indexes indexes(4);
  Symbols symbols(4);
  std::vector<PushStatus> statuses(2);
  std::vector<PoppedRow> ends(2);
  const auto refused = [&](const RowSpans<Geometry>& rows, const FlatTables& with,
                           const std::string& why) {
    CHECK_THROWS_WITH(push_rows_on_host(rows, with, indexes, symbols, statuses),
                      Catch::Contains(why));
    CHECK_THROWS_WITH(pop_rows_on_host(rows, with, indexes, symbols, ends), Catch::Contains(why));
  };
  const RowSpans<Geometry> good{words, n_bytes, 1};
  push_rows_on_host(good, tables, indexes, symbols, statuses);
  CHECK(statuses[0] == PushStatus::kTruncated);  // rows that were never begun
  refused({words, n_bytes, 2}, tables, "n_states is 2; must be 1 or 4");
  refused({std::span(words).first(11), n_bytes, 1}, tables, "number of words is 11");
  refused({words, {}, 1}, tables, "number of");
  const FlatTables fine(
      TorchTables(std::vector<TorchTable>{{{0, 1 << 16}, 0}}, 16, 0, TorchLookup::kSearch));
  refused(good, fine, "freq_precision is 16; must be 0..15");
  symbols.resize(3);
  refused(good, tables, "number of symbols is 3");
  symbols.resize(5);
  indexes.resize(5);
  refused(good, tables, "number of symbols is 5");
  statuses.resize(1);
  ends.resize(3);
  refused(good, tables, "must be 2");
  CHECK_THROWS_AS(most_row_words<Geometry>(tables, 3, 1), PreconditionError);
}

TEST_CASE("gpu rows: without tables or rows nothing is coded", "[unit]") {
  const FlatTables none(TorchTables({}, 8, 0, TorchLookup::kAlias));
  std::vector<std::uint16_t> words{0x8000, 0};
  std::vector<std::uint32_t> n_bytes{4};
  PushStatus status{};
  PoppedRow end{};
  Symbols symbols(1);
  const RowSpans<TorchRans32x16> rows{words, n_bytes, 1};
  push_rows_on_host(rows, none, Indexes(1), symbols, std::span(&status, 1));
  CHECK(status == PushStatus::kBadValue);
  pop_rows_on_host(rows, none, Indexes(1), symbols, std::span(&end, 1));
  CHECK(end.status == Status::kBadValue);
  push_rows_on_host(RowSpans<TorchRans32x16>{{}, {}, 4}, none, {}, {}, {});
}

TEST_CASE("gpu rows: the bodies are constant expressions, as what nvcc compiles has to be",
          "[unit]") {
  constexpr auto kRoundTrip = [] {
    // {bounds, n_symbols, offset, entries, n, remap}, then 3 of 4 slots for 0: an escape is 1
    const std::uint32_t table[] = {6, 2, 0, 9, 2, 9, 0, 3, 4};
    const RowTables tables{table, 1, 2, 1, TorchLookup::kSearch};
    std::uint16_t words[16] = {0x8000, 0};
    std::uint32_t n_bytes = 4;
    const RowMemory<TorchRans32x16> rows{words, 16, 16, &n_bytes, 1, 1};
    const std::uint32_t indexes[] = {0, 0, 0};
    const std::int32_t symbols[] = {0, -3, 77};
    PushStatus status{};
    push_row_thread<TorchRans32x16, 1, false>({rows, tables, indexes, symbols, 3, &status}, 0);
    std::int32_t popped[3] = {};
    PoppedRow end{};
    pop_row_thread<TorchRans32x16, 1, TorchLookup::kSearch>(
        {rows, tables, indexes, popped, 3, &end}, 0);
    return status == PushStatus::kOk && end.status == Status::kOk && end.end == Status::kOk &&
           std::equal(symbols, symbols + 3, popped);
  };
  STATIC_REQUIRE(kRoundTrip());
}

}  // namespace transom
