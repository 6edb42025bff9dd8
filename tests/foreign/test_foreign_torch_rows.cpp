// test_foreign_torch_rows.cpp — rows by the name of a variant; tables that are usable whatever the
// counts.
// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>
#include <limits>

#include "foreign_support.hpp"
#include "transom/foreign/rans_bytes.hpp"
#include "transom/foreign/torch/torch_cdf.hpp"
#include "transom/foreign/torch/torch_rows.hpp"

namespace transom::foreign {
namespace {

using Indexes = std::vector<std::uint32_t>;
using Symbols = std::vector<std::int32_t>;

TorchTables tables_of(const TorchVariant& variant) {  // 3 values and an escape; 4 is 2^2 for alias
  const std::vector<TorchTable> tables{{{0, 100, 180, 250, 256}, -1}, {{0, 1, 2, 3, 256}, 5}};
  return TorchTables(tables, 8, 4, variant.lookup);
}
const Indexes kIndexes{0, 0, 1, 0, 1, 0, 0};
const Symbols kSymbols{-1, 1, 5, 700, -9, 0, 0};

}  // namespace

TEST_CASE("torch_rows: pushes on a row are those on its stack, for every variant", "[foreign]") {
  for (const TorchVariant& variant : torch_variants()) {
    const TorchTables tables = tables_of(variant);
    const Bytes begun = start_torch_row(variant, variant.n_states);
    RowBytes row = push_torch_row(variant, tables, begun, kIndexes, kSymbols);
    REQUIRE(row.status == Status::kOk);
    row = push_torch_row(variant, tables, row.bytes, Indexes{1}, Symbols{6});
    with_torch_geometry(variant, [&]<class Geometry>(Geometry) {
      RansStack<Geometry> stack(variant.n_states);
      torch_push(stack, tables, kIndexes, kSymbols);
      torch_push(stack, tables, Indexes{1}, Symbols{6});
      CHECK(row.bytes == to_bytes(stack, WordOrder::kAsWritten));
    });
    const TorchPoppedRow last = pop_torch_row(variant, tables, row.bytes, Indexes{1});
    CHECK(last.status == Status::kOk);
    CHECK(last.end != Status::kOk);
    CHECK(last.symbols == Symbols{6});
    const TorchPoppedRow rest = pop_torch_row(variant, tables, last.row, kIndexes);
    CHECK(rest.symbols == kSymbols);
    CHECK(rest.end == Status::kOk);
    CHECK(rest.row == begun);
  }
}

TEST_CASE("torch_rows: what is no row stays as it is, with a verdict", "[foreign]") {
  for (const TorchVariant& variant : torch_variants()) {
    const TorchTables tables = tables_of(variant);
    Bytes row = start_torch_row(variant, variant.n_states);
    row.pop_back();
    const RowBytes pushed = push_torch_row(variant, tables, row, kIndexes, kSymbols);
    CHECK(pushed.status == Status::kTruncated);
    CHECK(pushed.bytes == row);
    const TorchPoppedRow popped = pop_torch_row(variant, tables, row, kIndexes);
    CHECK(popped.status == Status::kTruncated);
    CHECK(popped.symbols.empty());
    CHECK(popped.row == row);
    const Bytes zeros(row.size() + 1);
    CHECK(pop_torch_row(variant, tables, zeros, kIndexes).status == Status::kBadState);
  }
  CHECK_THROWS_WITH(start_torch_row(torch_variants()[0], 0), Catch::Contains("n_states"));
  CHECK_THROWS_WITH(start_torch_row(torch_variants()[0], 1 << 17), Catch::Contains("n_states"));
}

TEST_CASE("torch_rows: a symbol that cannot be pushed is named", "[foreign]") {
  const TorchVariant& variant = *find_torch_variant("rans64");
  const TorchTables plain(std::vector<TorchTable>{{{0, 100, 256}, 0}}, 8, 0, variant.lookup);
  const Bytes begun = start_torch_row(variant, 1);
  CHECK_THROWS_WITH(push_torch_row(variant, plain, begun, Indexes{0, 0}, Symbols{1, 2}),
                    Catch::Contains("symbol 1 is 2"));
}

TEST_CASE("torch_cdf: a usable table is torch_ans' where it has one", "[foreign]") {
  support::Random random(44);
  std::size_t n_fixed = 0;
  for (int round = 0; round < 300; ++round) {
    const unsigned precision = 8 + random() % 9;
    std::vector<float> pmf(2 + random() % 12);
    float sum = 0;
    for (float& p : pmf) sum += p = static_cast<float>(1 + random() % (1u << random() % 20));
    for (float& p : pmf) p /= sum;
    const auto usable = pmf_to_cdf(pmf, precision, CdfMode::kUsable);
    REQUIRE(is_cdf(usable, precision));
    const bool is_fixed = usable != pmf_to_cdf(pmf, precision, CdfMode::kCompat);
    n_fixed += is_fixed;
    if (!is_fixed) continue;
    CHECK_FALSE(is_cdf(pmf_to_cdf(pmf, precision, CdfMode::kCompat), precision));
    CHECK(usable == pmf_to_cdf(pmf, precision, CdfMode::kFixed));
  }
  CHECK(n_fixed > 0);
  CHECK(n_fixed < 150);
}

TEST_CASE("torch_cdf: weights are frequencies; integers are added as integers", "[foreign]") {
  const std::vector<std::vector<std::uint32_t>> freqs{{10, 20, 30}, {5, 5, 0}};
  const std::vector<std::vector<float>> weights{{10, 20, 30}, {5, 5, 0}};
  const std::vector<std::uint32_t> n{3, 2};
  for (const bool bypass : {false, true}) {
    const CdfRows want = cdf_of_freqs(freqs, n, 12, bypass, CdfMode::kUsable);
    const CdfRows got = cdf_of_weights(weights, n, 12, bypass, CdfMode::kUsable);
    CHECK(got.cdf == want.cdf);
    CHECK(got.sizes == want.sizes);
  }
  // The sum is 16784581; in binary32 it is 16784584, one after the other.
  const std::vector<std::vector<std::uint32_t>> big{{16778179, 2603, 2208, 1591}};
  const auto rows = cdf_of_freqs(big, std::vector<std::uint32_t>{4}, 15, false, CdfMode::kFixed);
  CHECK(rows.cdf[0] == std::vector<std::int32_t>{0, 32756, 32761, 32765, 32768});
  CHECK_THROWS_WITH(cdf_of_weights(std::vector<std::vector<float>>{{1}, {0, 0}},
                                   std::vector<std::uint32_t>{1, 2}, 8, false, CdfMode::kUsable),
                    Catch::Contains("row 1"));
}

TEST_CASE("torch_cdf: the tail of the batched alternative is its caller's, and a probability",
          "[foreign]") {
  const std::vector<std::vector<float>> pmf{{1, 1}};
  const auto cdf = pmf_to_cdf_batched(pmf, 8, {.add_tail = true, .normalise = true, .tail = 1});
  CHECK(cdf[0] == std::vector<std::int32_t>{0, 85, 170, 256});
  for (const float tail : {-1.0F, std::numeric_limits<float>::quiet_NaN()}) {
    CHECK_THROWS_WITH(pmf_to_cdf_batched(pmf, 8, {.add_tail = true, .tail = tail}),
                      Catch::Contains("probability 2"));
  }
}

TEST_CASE("torch_bytes: more segments than there are to be are refused", "[foreign]") {
  CHECK_THROWS_WITH(merge_bytes(std::vector<Bytes>(3), 4, 2),
                    Catch::Contains("number of segments is 3"));
}

}  // namespace transom::foreign
