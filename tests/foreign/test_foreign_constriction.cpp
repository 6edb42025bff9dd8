// test_foreign_constriction.cpp — constriction's coder against numbers of its own; CompressAI's
// strings against the relation to torch_ans' rows.
//
// The numbers were printed by constriction 0.5.0 (Python): AnsCoder().encode_reverse(symbols,
// model) with Categorical(probabilities, perfect=True) or Uniform(n), then get_compressed().
// SPDX-License-Identifier: Apache-2.0
#include "transom/foreign/constriction.hpp"

#include <catch2/catch.hpp>

#include "foreign_support.hpp"
#include "transom/foreign/torch/compressai.hpp"

namespace transom::foreign {
namespace {

using support::Random;
using Words = std::vector<std::uint32_t>;

RansBounds table_24(std::vector<std::uint32_t> freq) {
  return RansBounds::of_freq(freq, kConstrictionPrecision);
}

void check_words(const RansBounds& table, const Words& symbols, const Words& want) {
  ConstrictionStack stack(1);
  constriction_push(stack, table, symbols);
  CHECK(constriction_words(stack) == want);
  auto [status, read] = read_constriction(want);
  REQUIRE(status == Status::kOk);
  CHECK(constriction_pop(read, table, symbols.size()) == symbols);
  CHECK(read.status() == Status::kOk);
}

}  // namespace

TEST_CASE("constriction: compressed words are those of the package", "[foreign]") {
  const RansBounds quarters = table_24({1 << 23, 1 << 22, 1 << 21, 1 << 21});
  check_words(quarters, {0, 3, 0, 1, 1, 1, 0, 3, 2, 3, 0, 2, 1, 2, 3, 1, 2, 0, 1, 3,
                         1, 2, 1, 0, 1, 2, 1, 3, 1, 2, 3, 3, 1, 0, 2, 2, 3, 1, 1, 0},
              {0xbc80'0000, 0x57d5'9ff3, 0x5373'9e7e, 0x53fb});
  const RansBounds bytes = table_24(Words(256, 1 << 16));
  check_words(bytes, {0}, {});
  check_words(bytes, {1}, {0x1'0000});
  check_words(bytes, {0, 0, 1}, {0, 1});
  check_words(bytes, {1, 2, 3}, {33'619'968, 3});
}

TEST_CASE("constriction: part popped and more pushed, the words are those of the package",
          "[foreign]") {
  const RansBounds table = table_24({13 << 16, 1 << 16, 7 << 16, 200 << 16, 35 << 16});
  const Words symbols{3, 3, 4, 0, 1, 2, 3, 3, 3, 4, 4, 0, 3, 1,
                      3, 3, 4, 0, 1, 2, 3, 3, 3, 4, 4, 0, 3, 1};
  ConstrictionStack stack(1);
  constriction_push(stack, table, symbols);
  CHECK(constriction_words(stack) == Words{0x199a'0000, 0xf352'c4d6, 0x2c27'fcea});
  CHECK(constriction_pop(stack, table, 5) == Words{3, 3, 4, 0, 1});
  constriction_push(stack, table, Words{1, 1, 2});
  CHECK(constriction_words(stack) == Words{0x199a'0000, 0x130d'c4d6, 0xd70d'cd6f, 0x6});
  const Words rest = constriction_pop(stack, table, 40);
  CHECK(Words(rest.begin(), rest.begin() + 3) == Words{1, 1, 2});
  CHECK(Words(rest.begin() + 26, rest.end()) == Words(14, 0));  // past the end: slot 0, for ever
  CHECK(constriction_words(stack).empty());
}

TEST_CASE("constriction: random tables of any precision and messages come back", "[foreign]") {
  Random random(51);
  for (unsigned R = 0; R <= 31; ++R) {
    for (int round = 0; round < 20; ++round) {
      const auto freq = support::full_freq(random, 300, R);
      const RansBounds table = RansBounds::of_freq(freq, R);
      const auto symbols = support::draw<std::uint32_t>(random, freq, random() % 300);
      ConstrictionStack stack(1);
      constriction_push(stack, table, symbols);
      auto [status, read] = read_constriction(constriction_words(stack));
      REQUIRE(status == Status::kOk);
      REQUIRE(constriction_pop(read, table, symbols.size()) == symbols);
      REQUIRE(read.status() == Status::kOk);
    }
  }
  const RansBounds table = RansBounds(Words{0, 1, 1, 2}, 1);
  ConstrictionStack stack(1);
  CHECK_THROWS_AS(constriction_push(stack, table, Words{1}), std::invalid_argument);
  CHECK_THROWS_AS(constriction_pop(stack, RansBounds(Words{0, 1}, 1), 1), std::invalid_argument);
}

TEST_CASE("constriction: any words are a message, but for a last word of 0", "[foreign]") {
  Random random(52);
  CHECK(read_constriction(Words{1, 0}).status == Status::kBadState);
  for (std::size_t round = 0; round < support::n_mutations(); ++round) {
    const unsigned R = 1 + random() % 24;
    const auto freq = support::full_freq(random, 50, R);
    const RansBounds table = RansBounds::of_freq(freq, R);
    Words words(random() % 12);
    for (std::uint32_t& w : words) w = random() >> random() % 32;
    if (words.empty() || words.back() == 0) continue;
    auto [status, stack] = read_constriction(words);
    REQUIRE(status == Status::kOk);
    CHECK(constriction_words(stack) == words);
    const Words symbols = constriction_pop(stack, table, random() % 100);
    for (const std::uint32_t s : symbols) CHECK(table.can_encode(s));
    constriction_push(stack, table, symbols);  // popping lost nothing
    CHECK(constriction_words(stack) == words);
  }
}

TEST_CASE("compressai: a string is torch_ans' rans64 row with its words in reverse", "[foreign]") {
  Random random(53);
  for (std::size_t round = 0; round < 200; ++round) {
    std::vector<TorchTable> tables;
    for (int t = 0; t < 3; ++t) {
      TorchTable& table = tables.emplace_back(TorchTable{{0}, -5 * t});
      for (const std::uint32_t f : support::full_freq(random, 40, 16)) {
        table.cdf.push_back(table.cdf.back() + f);
      }
    }
    const TorchTables ready = compressai_tables(tables);
    std::vector<std::uint32_t> indexes(random() % 60);
    std::vector<std::int32_t> symbols(indexes.size());
    for (std::uint32_t& i : indexes) i = random() % 3;
    for (std::int32_t& s : symbols) s = static_cast<std::int32_t>(random() % 80) - 20;
    const auto bytes = compressai_encode(ready, indexes, symbols);
    RansStack<TorchRans64> row(1);
    torch_push(row, ready, indexes, symbols);
    const auto as_written = to_bytes(row, WordOrder::kAsWritten);
    REQUIRE(bytes.size() == as_written.size());
    CHECK(std::equal(bytes.begin(), bytes.begin() + 8, as_written.begin()));
    for (std::size_t i = 8; i < bytes.size(); i += 4) {
      const auto mirrored = as_written.end() - static_cast<std::ptrdiff_t>(i - 8 + 4);
      REQUIRE(std::equal(mirrored, mirrored + 4, bytes.begin() + static_cast<std::ptrdiff_t>(i)));
    }
    const TorchPopped decoded = compressai_decode(ready, bytes, indexes);
    REQUIRE(decoded.status == Status::kOk);
    REQUIRE(decoded.symbols == symbols);
  }
}

TEST_CASE("compressai: damaged strings end with a verdict", "[foreign]") {
  Random random(54);
  const std::vector<TorchTable> tables{{{0, 20000, 40000, 60000, 65536}, 0}};
  const TorchTables ready = compressai_tables(tables);
  std::size_t n_flagged = 0;
  const std::size_t n = support::n_mutations();
  for (std::size_t round = 0; round < n; ++round) {
    const std::vector<std::uint32_t> indexes(1 + random() % 40);
    std::vector<std::int32_t> symbols(indexes.size());
    for (std::int32_t& s : symbols) s = static_cast<std::int32_t>(random() % 12) - 4;
    auto bytes = compressai_encode(ready, indexes, symbols);
    support::damage(random, bytes);
    const TorchPopped decoded = compressai_decode(ready, bytes, indexes);
    CHECK(decoded.symbols.size() <= indexes.size());
    n_flagged += decoded.status != Status::kOk;
  }
  CHECK(n_flagged > n / 2);
}

}  // namespace transom::foreign
