// test_foreign_apack.cpp — five-column tables, values through them, and the released search against
// its description spelled out.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <numeric>

#include "foreign_support.hpp"
#include "naive_ranges.hpp"
#include "support.hpp"
#include "transom/container/container.hpp"
#include "transom/foreign/apack_table.hpp"
#include "transom/foreign/released_search.hpp"
#include "transom/plan/plan.hpp"
#include "transom/table/histogram.hpp"
#include "transom/table/ranges.hpp"

namespace transom::foreign::apack {
namespace {

using naive::Counts;
using support::Random;

/// Rows that begin anywhere, often at the same value.
std::vector<std::uint32_t> random_vmins(Random& random, unsigned W) {
  std::vector<std::uint32_t> vmins(1 + random() % 16);
  for (std::size_t i = 1; i < vmins.size(); ++i) vmins[i] = random() % ((1u << W) + 1);
  std::sort(vmins.begin(), vmins.end());
  return vmins;
}

/// The published search in the words of its description: every trial counts every value.
struct Slow {
  const Counts& counts;
  unsigned W;
  std::vector<std::uint32_t> best;
  std::vector<float> scores;

  Slow(const Counts& c, unsigned bits) : counts(c), W(bits) {
    for (std::uint32_t i = 0; i <= 16; ++i) best.push_back(i * ((1u << W) / 16));
  }

  float score(const std::vector<std::uint32_t>& vmin) const {
    std::uint32_t all = 0;
    for (const std::uint32_t n : counts) all += n;
    std::int32_t offset_bits = 0;
    float b = 0;
    for (std::size_t i = 0; i < 16; ++i) {
      const std::uint32_t n = naive::sum(counts, vmin[i], vmin[i + 1]);
      const std::uint32_t size = vmin[i + 1] - vmin[i];
      offset_bits += static_cast<std::int32_t>(n * (size == 0 ? 0 : naive::offset_bits(size)));
      const float p = static_cast<float>(n) / static_cast<float>(all);
      const auto rounded = static_cast<float>(std::round(static_cast<double>(p) * 1024) / 1024);
      const float e =
          rounded == 0 ? 0 : static_cast<float>(std::log2(static_cast<double>(rounded)));
      volatile const float term = static_cast<float>(n) * e;  // rounded before it is added
      b += term;
    }
    return static_cast<float>(offset_bits) - b;
  }

  void run() {
    while (true) {
      const float before = score(best);
      float least = before;
      auto trial = best;
      const auto keep = [&] {
        const float cost = score(trial);
        if (cost < least) {
          least = cost;
          best = trial;
        }
      };
      for (std::size_t c = 1; c < 16; ++c) {
        for (; trial[c] > trial[c - 1]; keep()) --trial[c];
        for (; trial[c] < trial[c + 1]; keep()) ++trial[c];
      }
      scores.insert(scores.end(), {before, least});
      if (least == 0 || static_cast<double>(least / before) > 0.99) return;
    }
  }
};

}  // namespace

TEST_CASE("apack: the released search goes through the tables of its description", "[unit]") {
  Random random(1);
  int n_hangs = 0;
  for (int i = 0; i < 120; ++i) {
    const unsigned W = 4 + random() % 4;
    const Counts counts = naive::random_histogram(std::size_t{1} << W, random);
    if (std::accumulate(counts.begin(), counts.end(), std::uint64_t{0}) >> 27 != 0) continue;
    Slow slow(counts, W);
    slow.run();
    const ReleasedResult got = released_search(counts, W);
    CAPTURE(counts);
    REQUIRE(got.scores == slow.scores);
    REQUIRE(got.rows.size() == 16);
    for (std::size_t row = 0; row < 16; ++row) REQUIRE(got.rows[row].vmin == slow.best[row]);
    REQUIRE(got.returns == (slow.scores.back() != 0));
    n_hangs += !got.returns;
  }
  CAPTURE(n_hangs);
}

TEST_CASE("apack: where the released search never returns it is said, with what it has", "[unit]") {
  Counts counts(256);
  counts[0] = 1000;
  const ReleasedResult got = released_search(counts, 8);
  CHECK_FALSE(got.returns);
  CHECK(got.scores.back() == 0);
  CHECK(starts(got.rows, 8).size() > 1);
  counts[9] = 1000;
  CHECK(released_search(counts, 8).returns);
}

TEST_CASE("apack: the exact search is never worse than the released one", "[unit]") {
  Random random(2);
  for (int i = 0; i < 60; ++i) {
    const Counts counts = naive::random_histogram(256, random);
    if (std::accumulate(counts.begin(), counts.end(), std::uint64_t{0}) >> 27 != 0) continue;
    const auto begins = starts(released_search(counts, 8).rows, 8);
    naive::Bounds bounds(begins.begin(), begins.end());
    bounds.push_back(256);
    const RangeSearch exact(counts, 8, kMaxApackRows);
    CHECK(naive::bits(exact.cost(16)) <= naive::ideal_bits(counts, bounds) + 1e-5);
  }
}

TEST_CASE("apack: wrong histograms are refused, and named", "[unit]") {
  const Counts eight(8, 1), none(256);
  CHECK_THROWS_WITH(released_search(eight, 3), Catch::Contains("value_bits is 3"));
  CHECK_THROWS_WITH(released_search(eight, 8), Catch::Contains("number of counts is 8"));
  CHECK_THROWS_WITH(released_search(none, 8), Catch::Contains("sum of counts is 0"));
  Counts many(256, 1);
  many[0] = 1u << 28;
  CHECK_THROWS_WITH(released_search(many, 8), Catch::Contains("2^31-1"));
}

TEST_CASE("apack: a table of five columns is written and read back", "[unit]") {
  Random random(3);
  for (int i = 0; i < 500; ++i) {
    const unsigned W = 1 + random() % 16;
    Counts counts(std::size_t{1} << W);
    for (int j = 0; j < 50; ++j) counts[random() % counts.size()] += 1 + random() % 100;
    const auto rows = price(random_vmins(random, W), cumulate(counts, W)).rows;
    const Parsed parsed = parse_table(write_table(rows), W);
    CAPTURE(write_table(rows), parsed.error);
    REQUIRE(parsed.rows == rows);
  }
  // 3 of 4 values in [0, 4): 2 offset bits each; log2(0.75) = -0.415, times 3, cut to 1
  const Counts four{1, 1, 0, 1, 1, 0, 0, 0};
  CHECK(write_table(price(std::vector<std::uint32_t>{0, 4, 8}, cumulate(four, 3)).rows) ==
        "0 2 1 6 3\n4 2 2 2 1\n8 0 0 0 0\n");
}

TEST_CASE("apack: a table that is none is refused by line and column", "[unit]") {
  const auto refuse = [](std::string_view text, const char* what) {
    const Parsed parsed = parse_table(text, 4);
    CHECK_THAT(parsed.error, Catch::Contains(what));
    CHECK(parsed.rows.empty());
  };
  CHECK(parse_table("0 4 0 0 0\n", 4).error.empty());
  CHECK(parse_table("0 4 0 0 0", 4).error.empty());
  CHECK(parse_table("0 3 9 6 2\r\n8 3 0 3 1\r\n", 4).rows.size() == 2);
  refuse("", "line 1: there is none");
  refuse("0 4 0 0", "line 1: has not five columns");
  refuse("0 4 0 0 0 0", "has not five columns");
  refuse("0 4 0 0 0 ", "has not five columns");
  refuse("0  4 0 0 0", "off is not a number");
  refuse("-1 4 0 0 0", "vmin is not a number");
  refuse("0 4 0 0 2147483648", "vcnt is not a number");
  refuse("0 4 0 0 99999999999999999999", "vcnt is not a number");
  refuse("0 4 0 0 1e3", "vcnt is not a number");
  refuse("0 3 0 0 0\n\n", "line 2: vmin is not a number");
  refuse("1 4 0 0 0", "line 1: vmin is 1, not 0");
  refuse("0 3 0 0 0\n9 3 0 0 0\n8 3 0 0 0", "line 1: off is 3");
  refuse("0 4 0 0 0\n9 3 0 0 0\n8 3 0 0 0", "line 2: vmin is 9");
  refuse("0 5 0 0 0\n17 0 0 0 0", "line 2: vmin is 17");
  refuse("0 3 0 0 0", "line 1: off is 3; a row of 16 values has 4");
  refuse("0 4 0 5 1", "line 1: obits is 5");
  refuse("0 4 0 0 0\n16 0 0 0 1", "line 2: vcnt is not 0 in an empty row");
  std::string long_table;
  for (int i = 0; i < 17; ++i) long_table += "0 0 0 0 0\n";
  refuse(long_table, "line 17: over 16 rows");
}

TEST_CASE("apack: symbols and offsets give back each value, equal rows go to the last", "[unit]") {
  Random random(4);
  for (int i = 0; i < 300; ++i) {
    const unsigned W = 1 + random() % 16;
    std::vector<value_t> values(random() % 200);
    for (value_t& v : values) v = static_cast<value_t>(random() % (1u << W));
    Counts counts(std::size_t{1} << W, 1);
    const auto rows = price(random_vmins(random, W), cumulate(counts, W)).rows;
    const Split coded = split(rows, values);
    std::uint64_t n_bits = 0;
    for (std::size_t j = 0; j < values.size(); ++j) {
      const std::size_t s = coded.symbols[j];
      REQUIRE(rows[s].vmin <= values[j]);
      REQUIRE((s + 1 == rows.size() || values[j] < rows[s + 1].vmin));
      n_bits += rows[s].off;
    }
    REQUIRE(coded.n_offset_bits == n_bits);
    const Joined back = join(rows, W, coded.symbols, coded.offsets);
    REQUIRE(back.status == Status::kOk);
    REQUIRE(back.values == values);
    auto longer = coded.offsets;
    longer.push_back(0);
    REQUIRE(join(rows, W, coded.symbols, longer).status == Status::kTrailing);
    if (coded.offsets.empty()) continue;
    longer.resize(coded.offsets.size() - 1);
    REQUIRE(join(rows, W, coded.symbols, longer).status != Status::kOk);
  }
  // 6 = 4 + 2: two bits, most significant first: 1 0, then 5 = 4 + 1: 0 1
  const auto rows = price(std::vector<std::uint32_t>{0, 4}, cumulate(Counts(8, 1), 3)).rows;
  CHECK(split(rows, std::vector<value_t>{6, 5}).offsets == std::vector<std::uint8_t>{0b1001});
  CHECK(join(rows, 3, std::vector<symbol_t>{2}, {}).status == Status::kBadValue);
}

TEST_CASE("apack: damaged tables and offsets never give a value outside", "[unit]") {
  Random random(5);
  std::size_t n_good = 0;
  for (std::size_t i = 0; i < support::n_mutations(); ++i) {
    const unsigned W = 1 + random() % 16;
    Counts counts(std::size_t{1} << W);
    counts[random() % counts.size()] = 1;
    const auto rows = price(random_vmins(random, W), cumulate(counts, W)).rows;
    const std::string text = write_table(rows);
    std::vector<std::uint8_t> bytes(text.begin(), text.end());
    if (random() % 4 != 0) {
      bytes[random() % bytes.size()] = static_cast<std::uint8_t>("0123456789 \n-"[random() % 13]);
    } else {
      support::damage(random, bytes);
    }
    const Parsed parsed = parse_table(std::string(bytes.begin(), bytes.end()), W);
    if (parsed.error.empty()) {
      ++n_good;
      REQUIRE(parse_table(write_table(parsed.rows), W).rows == parsed.rows);
      REQUIRE_FALSE(make_rows(starts(parsed.rows, W), W).empty());
    }
    std::vector<symbol_t> symbols(random() % 20);
    for (symbol_t& s : symbols) s = static_cast<symbol_t>(random() % (rows.size() + 1));
    std::vector<std::uint8_t> offsets(random() % 40, static_cast<std::uint8_t>(random()));
    for (const value_t v : join(rows, W, symbols, offsets).values) REQUIRE(v >> W == 0);
  }
  CHECK(n_good > 0);
}

TEST_CASE("plan: the released search's ranges code and decode, other codings refuse it", "[unit]") {
  std::mt19937 engine(6);
  Tensor tensor = support::random_tensor({8, true}, {20'000}, engine);
  for (std::size_t i = 0; i < tensor.values.size(); i += 2) tensor.values[i] = 0;
  for (const Coding coding : {Coding::kApackTans, Coding::kApackRans, Coding::kApackAc}) {
    PlanOptions options;
    options.coding = coding;
    const std::size_t exact = record_bytes(encode_best(tensor, options)).coded();
    options.search = Search::kReleased;
    const CodedTensor coded = encode_best(tensor, options);
    CHECK(coded.code.coding == coding);
    CHECK(coded.code.rows.size() <= 16);
    CHECK(record_bytes(coded).coded() >= exact);
    CHECK(decode(coded).values == tensor.values);
    const auto released = released_search(histogram(tensor.values, 8), 8);
    CHECK(row_starts(coded.code.rows) == starts(released.rows, 8));
    options.rows = 8;
    CHECK_THROWS_WITH(encode_best(tensor, options), Catch::Contains("search is released"));
  }
  for (const Coding coding : {Coding::kTans, Coding::kRans, Coding::kApackTansPair}) {
    PlanOptions options;
    options.coding = coding;
    options.search = Search::kReleased;
    CHECK_THROWS_WITH(encode_best(tensor, options), Catch::Contains("apack-tans"));
  }
  const Tensor zeros{"zeros", {8, true}, {1000}, std::vector<value_t>(1000)};
  PlanOptions options;
  options.search = Search::kReleased;
  CHECK(decode(encode_best(zeros, options)).values == zeros.values);
}

}  // namespace transom::foreign::apack
