// test_foreign_torch.cpp — torch_ans' 12 coders, each against its definition in slow form; damage.
// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include "foreign_support.hpp"
#include "naive_torch.hpp"
#include "transom/foreign/rans_bytes.hpp"
#include "transom/foreign/torch/torch_ans.hpp"

namespace transom::foreign {
namespace {

using support::Random;

/// A random set of tables and a message for them.
struct Load {
  unsigned fp, bp;
  std::vector<TorchTable> tables;
  std::vector<std::uint32_t> indexes;
  std::vector<std::int32_t> symbols;
};

/// Values of a table by their frequencies; with escapes, now and then one far outside.
std::int32_t draw_value(Random& random, const Load& load, const TorchTable& table,
                        std::span<const std::uint32_t> freq) {
  const auto s = support::draw<std::int32_t>(random, freq, 1)[0];
  if (load.bp == 0) return s + table.offset;
  const auto max = static_cast<std::int32_t>(freq.size() - 1);
  if (s != max && random() % 8 != 0) return s + table.offset;
  const std::uint32_t least_bits = load.bp == 8 ? 23 : 25;  // raw has one bit more
  const auto far = static_cast<std::int32_t>(random() >> (32 - 1 - random() % least_bits));
  return table.offset + (random() % 2 != 0 ? max + far : -1 - far);
}

Load random_load(Random& random, const TorchVariant& variant, std::size_t n) {
  const unsigned most = variant.word_bits == 16 ? 15 : 16;
  Load load{8 + random() % (most - 7), random() % 3 == 0 ? 0 : 1 + random() % 8, {}, {}, {}};
  std::vector<std::vector<std::uint32_t>> freqs;
  for (std::uint32_t t = 1 + random() % 3; t > 0; --t) {
    auto freq = support::full_freq(random, 200, load.fp);
    if (variant.lookup == TorchLookup::kAlias) {
      freq.resize(std::bit_floor(freq.size()));
      freq.back() += (1u << load.fp) - std::reduce(freq.begin(), freq.end());
    }
    std::vector<std::uint32_t> cdf(1);
    for (const std::uint32_t f : freq) cdf.push_back(cdf.back() + f);
    load.tables.push_back({std::move(cdf), static_cast<std::int32_t>(random() % 300) - 150});
    freqs.push_back(std::move(freq));
  }
  for (std::size_t i = 0; i < n; ++i) {
    const std::uint32_t t = random() % static_cast<std::uint32_t>(load.tables.size());
    load.indexes.push_back(t);
    load.symbols.push_back(draw_value(random, load, load.tables[t], freqs[t]));
  }
  return load;
}

template <class Geometry>
support::NaiveTorch naive_of(const TorchVariant& variant, const Load& load) {
  support::NaiveTorch naive{sizeof(typename Geometry::State),
                            Geometry::word_bits,
                            Geometry::lower_log,
                            load.fp,
                            load.bp,
                            load.tables,
                            {},
                            {},
                            {}};
  naive.states.assign(variant.n_states, support::Wide{1} << Geometry::lower_log);
  if (variant.lookup == TorchLookup::kAlias) {
    for (const TorchTable& table : load.tables) {
      naive.remaps.push_back(support::naive_remap(table.cdf, load.fp));
    }
  }
  return naive;
}

/// Two pushes on one stream, the second popped, more pushed: what torch_ans does when it appends.
template <class Geometry>
void check_message(const TorchVariant& variant, const Load& load) {
  const TorchTables tables(load.tables, load.fp, load.bp, variant.lookup);
  support::NaiveTorch naive = naive_of<Geometry>(variant, load);
  RansStack<Geometry> stack(variant.n_states);
  naive.push(load.indexes, load.symbols);
  torch_push(stack, tables, load.indexes, load.symbols);
  REQUIRE(to_bytes(stack, WordOrder::kAsWritten) == naive.bytes());

  auto [status, read] =
      read_stack<Geometry>(naive.bytes(), variant.n_states, WordOrder::kAsWritten);
  REQUIRE(status == Status::kOk);
  const std::size_t part = load.indexes.size() / 3;
  const auto few = std::span(load.indexes).first(part);
  torch_push(read, tables, few, std::span(load.symbols).first(part));
  naive.push({few.begin(), few.end()},
             {load.symbols.begin(), load.symbols.begin() + static_cast<std::ptrdiff_t>(part)});
  REQUIRE(to_bytes(read, WordOrder::kAsWritten) == naive.bytes());

  const TorchPopped last = torch_pop(read, tables, few);
  REQUIRE(last.status == Status::kOk);
  CHECK(std::equal(last.symbols.begin(), last.symbols.end(), load.symbols.begin()));
  CHECK(to_bytes(read, WordOrder::kAsWritten) == to_bytes(stack, WordOrder::kAsWritten));
  const TorchPopped all = torch_pop(read, tables, load.indexes);
  CHECK(all.symbols == load.symbols);
  CHECK(read.status() == Status::kOk);
}

void check_variant(std::string_view name) {
  const TorchVariant* variant = find_torch_variant(name);
  REQUIRE(variant != nullptr);
  Random random(31);
  for (std::size_t n = 0; n < 60; ++n) {
    const Load load = random_load(random, *variant, n < 20 ? n : random() % 400);
    with_torch_geometry(*variant,
                        [&]<class Geometry>(Geometry) { check_message<Geometry>(*variant, load); });
  }
}

}  // namespace

TEST_CASE("torch_ans rans64 is its definition, bit for bit", "[foreign]") {
  check_variant("rans64");
}
TEST_CASE("torch_ans rans64_i4 is its definition, bit for bit", "[foreign]") {
  check_variant("rans64_i4");
}
TEST_CASE("torch_ans rans64_alias is its definition, bit for bit", "[foreign]") {
  check_variant("rans64_alias");
}
TEST_CASE("torch_ans rans64_invcdf is its definition, bit for bit", "[foreign]") {
  check_variant("rans64_invcdf");
}
TEST_CASE("torch_ans rans32 is its definition, bit for bit", "[foreign]") {
  check_variant("rans32");
}
TEST_CASE("torch_ans rans32_i4 is its definition, bit for bit", "[foreign]") {
  check_variant("rans32_i4");
}
TEST_CASE("torch_ans rans32_alias is its definition, bit for bit", "[foreign]") {
  check_variant("rans32_alias");
}
TEST_CASE("torch_ans rans32_invcdf is its definition, bit for bit", "[foreign]") {
  check_variant("rans32_invcdf");
}
TEST_CASE("torch_ans rans32_16 is its definition, bit for bit", "[foreign]") {
  check_variant("rans32_16");
}
TEST_CASE("torch_ans rans32_16_i4 is its definition, bit for bit", "[foreign]") {
  check_variant("rans32_16_i4");
}
TEST_CASE("torch_ans rans32_16_alias is its definition, bit for bit", "[foreign]") {
  check_variant("rans32_16_alias");
}
TEST_CASE("torch_ans rans32_16_invcdf is its definition, bit for bit", "[foreign]") {
  check_variant("rans32_16_invcdf");
}

TEST_CASE("torch_ans: the table of variants is that of its README", "[foreign]") {
  REQUIRE(torch_variants().size() == 12);
  for (const TorchVariant& v : torch_variants()) {
    CHECK(v.state_bits == (v.name.starts_with("rans64") ? 64 : 32));
    CHECK((v.n_states == 4) == v.name.ends_with("_i4"));
    CHECK((v.lookup == TorchLookup::kAlias) == v.name.ends_with("_alias"));
    CHECK((v.lookup == TorchLookup::kInverseCdf) == v.name.ends_with("_invcdf"));
  }
  CHECK(find_torch_variant("rans64_i4_alias") == nullptr);
}

TEST_CASE("torch_ans: damaged rows end with a verdict, in bounds, however they were damaged",
          "[foreign]") {
  for (const TorchVariant& variant : torch_variants()) {
    Random random(32);
    std::size_t n_flagged = 0;
    const std::size_t n = support::n_mutations();
    for (std::size_t round = 0; round < n;) {
      const Load load = random_load(random, variant, 1 + random() % 30);
      const TorchTables tables(load.tables, load.fp, load.bp, variant.lookup);
      with_torch_geometry(variant, [&]<class Geometry>(Geometry) {
        RansStack<Geometry> stack(variant.n_states);
        torch_push(stack, tables, load.indexes, load.symbols);
        const auto whole = to_bytes(stack, WordOrder::kAsWritten);
        for (int again = 0; again < 8; ++again, ++round) {
          auto bytes = whole;
          support::damage(random, bytes);
          auto [status, read] =
              read_stack<Geometry>(bytes, variant.n_states, WordOrder::kAsWritten);
          const TorchPopped popped = torch_pop(read, tables, load.indexes);
          CHECK(popped.symbols.size() <= load.indexes.size());
          n_flagged +=
              status != Status::kOk || popped.status != Status::kOk || read.status() != Status::kOk;
        }
      });
    }
    CHECK(n_flagged > n / 2);
  }
}

TEST_CASE("torch_ans: a forged escape cannot have more digits than an encoder writes",
          "[foreign]") {
  const std::vector<TorchTable> tables{{{0, 1, 1 << 12}, 0}};  // almost everything escapes
  const TorchTables ready(tables, 12, 4, TorchLookup::kSearch);
  const std::vector<std::uint32_t> indexes(1);
  std::vector<std::uint8_t> bytes(8 + 400, 0xff);
  bytes[7] = 0x7f;  // a state in [L, bL)
  auto [status, stack] = read_stack<TorchRans64>(bytes, 1, WordOrder::kAsWritten);
  REQUIRE(status == Status::kOk);
  CHECK(torch_pop(stack, ready, indexes).status == Status::kBadValue);
  CHECK(stack.words().size() >= 98);
}

TEST_CASE("torch_ans: escapes reach to the last value that it returns from, and no further",
          "[foreign]") {
  const std::vector<TorchTable> tables{{{0, 100, 200, 256}, 0}};
  const std::vector<std::uint32_t> index(1);
  for (unsigned bp = 1; bp <= 8; ++bp) {
    const TorchTables ready(tables, 8, bp, TorchLookup::kSearch);
    const std::int64_t limit = std::int64_t{1} << (31 / bp * bp);  // of raw
    for (const std::int64_t value : {2 + limit / 2 - 1, -limit / 2}) {
      const std::vector<std::int32_t> symbol{static_cast<std::int32_t>(value)};
      RansStack<TorchRans32> stack(1);
      torch_push(stack, ready, index, symbol);
      CHECK(torch_pop(stack, ready, index).symbols == symbol);
      CHECK(stack.status() == Status::kOk);
      const std::vector<std::int32_t> beyond{
          static_cast<std::int32_t>(value > 0 ? value + 1 : value - 1)};
      CHECK_THROWS_WITH(torch_push(stack, ready, index, beyond),
                        Catch::Contains("does not return"));
    }
  }
}

TEST_CASE("torch_ans: what it would corrupt is refused by name", "[foreign]") {
  const std::vector<TorchTable> flat{{{0, 1 << 15, 1 << 16}, 0}};
  const TorchTables at_16(flat, 16, 0, TorchLookup::kSearch);
  const std::vector<std::uint32_t> index(1);
  const std::vector<std::int32_t> symbol(1);
  RansStack<TorchRans32x16> stack(1);
  CHECK_THROWS_WITH(torch_push(stack, at_16, index, symbol),
                    Catch::Contains("over the coder's 15"));
  CHECK_THROWS_WITH(torch_pop(stack, at_16, index), Catch::Contains("over the coder's 15"));
  const std::vector<TorchTable> three{{{0, 10, 20, 256}, 0}};
  CHECK_THROWS_WITH(TorchTables(three, 8, 0, TorchLookup::kAlias),
                    Catch::Contains("must be a power of two"));
  const TorchTables plain(three, 8, 0, TorchLookup::kSearch);
  RansStack<TorchRans32> other(1);
  for (const std::int32_t outside : {-1, 3}) {
    CHECK_THROWS_WITH(torch_push(other, plain, index, std::vector{outside}),
                      Catch::Contains("outside of its table"));
  }
  CHECK_THROWS_WITH(torch_push(other, plain, std::vector{1u}, symbol),
                    Catch::Contains("index 1 is that of no table"));
  CHECK_THROWS_AS(TorchTables(three, 8, 9, TorchLookup::kSearch), std::invalid_argument);
  CHECK(other.words().empty());
}

TEST_CASE("torch_ans: a slot beyond a short row's last boundary is a bad value", "[foreign]") {
  const std::vector<TorchTable> tables{{{0, 100, 200}, 0}};
  for (const TorchLookup lookup : {TorchLookup::kSearch, TorchLookup::kInverseCdf}) {
    const TorchTables ready(tables, 8, 0, lookup);
    RansStack<TorchRans32> stack({(1u << 23) | 0xff}, {});
    CHECK(torch_pop(stack, ready, std::vector{0u}).status == Status::kBadValue);
  }
}

}  // namespace transom::foreign
