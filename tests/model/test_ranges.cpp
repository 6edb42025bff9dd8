// test_ranges.cpp — rows, prefixes, and the ideal ranges against every table there is.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <catch2/catch.hpp>
#include <vector>

#include "naive_ranges.hpp"
#include "transom/table/ranges.hpp"

using namespace transom;
using naive::Bounds;
using naive::Counts;
using naive::Random;

namespace {

Bounds bounds_of(const std::vector<Row>& rows, std::size_t n_patterns) {
  Bounds bounds;
  for (const Row& row : rows) bounds.push_back(row.vmin);
  bounds.push_back(static_cast<std::uint32_t>(n_patterns));
  return bounds;
}

/// Rows tile [0, 2^W) with the fewest offset bits that reach each range's end.
void require_tiling(const std::vector<Row>& rows, std::size_t n_patterns) {
  const Bounds bounds = bounds_of(rows, n_patterns);
  REQUIRE(bounds.front() == 0);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    REQUIRE(bounds[i] < bounds[i + 1]);
    REQUIRE(rows[i].offset_bits == naive::offset_bits(bounds[i + 1] - bounds[i]));
  }
}

/// Compares cost(k) and rows(k) with every table of up to max_rows rows.
void check_by_enumeration(const Counts& counts, unsigned W, unsigned max_rows) {
  CAPTURE(counts);
  const RangeSearch search(counts, W, max_rows);
  double least = HUGE_VAL;
  for (unsigned k = 1; k <= max_rows; ++k) {
    naive::each_table(1u << W, k, [&](const Bounds& bounds) {
      least = std::min(least, naive::ideal_bits(counts, bounds));
    });
    CAPTURE(k);
    REQUIRE(naive::bits(search.cost(k)) == Approx(least).margin(1e-5));
    const std::vector<Row> rows = search.rows(k);
    REQUIRE(rows.size() <= k);
    require_tiling(rows, counts.size());
    REQUIRE(naive::ideal_bits(counts, bounds_of(rows, counts.size())) ==
            Approx(least).margin(1e-5));
  }
}

}  // namespace

TEST_CASE("ranges: no table costs an ideal coder less, for every k, 3-bit histograms of 0, 1, 9",
          "[exhaustive]") {
  Counts counts(8);
  for (unsigned i = 1; i < 6561; ++i) {
    unsigned digits = i;
    for (std::uint32_t& n : counts) {
      n = std::vector<std::uint32_t>{0, 1, 9}[digits % 3];
      digits /= 3;
    }
    check_by_enumeration(counts, 3, 8);
  }
}

TEST_CASE("ranges: no table costs an ideal coder less, for 4 and 5 bits", "[unit]") {
  Random random(1);
  for (int i = 0; i < 10; ++i) check_by_enumeration(naive::random_histogram(16, random), 4, 16);
  for (int i = 0; i < 150; ++i) check_by_enumeration(naive::random_histogram(16, random), 4, 5);
  for (int i = 0; i < 100; ++i) check_by_enumeration(naive::random_histogram(32, random), 5, 4);
}

TEST_CASE("ranges: more rows never cost more, and enough rows reach the entropy", "[unit]") {
  Random random(2);
  for (unsigned W = 1; W <= 16; ++W) {
    const std::size_t n_patterns = std::size_t{1} << W;
    Counts counts(n_patterns);
    for (int i = 0; i < 60; ++i) counts[random() % n_patterns] += random() % 1000;
    const RangeSearch search(counts, W, 256);
    for (unsigned k = 2; k <= 256; ++k) REQUIRE(search.cost(k) <= search.cost(k - 1));
    Bounds all{0};  // a row for each value and each gap: at most 121
    for (std::uint32_t v = 1; v <= n_patterns; ++v) {
      if (v == n_patterns || counts[v] != 0 || counts[v - 1] != 0) all.push_back(v);
    }
    REQUIRE(naive::bits(search.cost(256)) == Approx(naive::ideal_bits(counts, all)).margin(1e-5));
    REQUIRE(search.cost(1) == cost_of_bits(std::uint64_t{W} * naive::sum(counts, 0, 1u << W)));
    require_tiling(search.rows(256), n_patterns);
  }
}

TEST_CASE("ranges: dense 16-bit values get a table close to their entropy", "[unit]") {
  Random random(3);
  Counts counts(1 << 16);
  for (int i = 0; i < 200'000; ++i) {  // two-sided, wrapping at 0 as two's complement does
    double sum = 0;
    for (int j = 0; j < 12; ++j) sum += random() * 0x1p-32 - 0.5;
    ++counts[static_cast<value_t>(static_cast<int>(sum * 1000))];
  }
  const RangeSearch search(counts, 16, 16);
  const double entropy = 200'000 * std::log2(1000 * std::sqrt(2 * 3.14159265 * 2.71828183));
  REQUIRE(naive::bits(search.cost(16)) < entropy * 1.005);
  const RangeTable table = search.best(16, 10);
  REQUIRE(naive::bits(table.cost) < naive::bits(search.cost(16)) * 1.001);
  REQUIRE(row_counts(table.rows, counts).size() == table.freq.size());
}

TEST_CASE("ranges: below a limit, what is found is what is found without one", "[unit]") {
  Random random(5);
  std::size_t n_below = 0, n_out = 0;
  for (int i = 0; i < 400; ++i) {
    const unsigned W = i % 8 == 0 ? 11 : 8;
    const Counts counts = naive::random_histogram(std::size_t{1} << W, random);
    const unsigned max_rows = i % 8 == 4 ? 40 : 1 + random() % 16;
    const RangeSearch all(counts, W, max_rows);
    const cost_t per_row = cost_of_bits(random() % 12);
    const auto with_rows = [&](unsigned k) { return all.cost(k) + per_row * k; };
    const cost_t limit = i % 2 == 0
                             ? with_rows(max_rows) + 1
                             : with_rows(1 + random() % max_rows) + cost_of_bits(random() % 200);
    const RangeSearch below(counts, W, max_rows, {per_row, [&](const std::vector<Row>& near) {
                                                    require_tiling(near, counts.size());
                                                    REQUIRE(near.size() <= max_rows);
                                                    return limit;
                                                  }});
    for (unsigned k = 1; k <= max_rows; ++k) {
      CAPTURE(i, k, max_rows);
      REQUIRE(below.cost(k) >= all.cost(k));
      if (below.cost(k) == RangeSearch::kNoTable) {
        ++n_out;
        REQUIRE_THROWS_WITH(below.rows(k), Catch::Contains("cost the limit or more"));
      }
      if (with_rows(k) >= limit) continue;
      ++n_below;
      REQUIRE(below.cost(k) == all.cost(k));
      REQUIRE(below.rows(k) == all.rows(k));
      const RangeTable want = all.quantised(k, 9), got = below.quantised(k, 9);
      REQUIRE((got.rows == want.rows && got.freq == want.freq && got.cost == want.cost));
      if (want.cost + per_row * k >= limit) continue;  // best() looks at what costs less
      const RangeTable best = all.best(k, 9), best_below = below.best(k, 9);
      REQUIRE(best_below.cost == best.cost);
      REQUIRE(best_below.bound <= best.cost);
    }
  }
  CHECK(n_below > 1000);
  CHECK(n_out > 100);
}

TEST_CASE("ranges: make_rows and row_starts are inverse, and refuse what does not tile", "[unit]") {
  const std::vector<value_t> starts{0, 1, 5, 200};
  const std::vector<Row> rows = make_rows(starts, 8);
  REQUIRE(rows == std::vector<Row>{{0, 0}, {1, 2}, {5, 8}, {200, 6}});
  REQUIRE(row_starts(rows) == starts);
  REQUIRE(make_rows(std::vector<value_t>{0}, 16) == std::vector<Row>{{0, 16}});
  REQUIRE(make_rows(std::vector<value_t>{}, 8).empty());
  REQUIRE(make_rows(std::vector<value_t>{1, 5}, 8).empty());
  REQUIRE(make_rows(std::vector<value_t>{0, 5, 5}, 8).empty());
  REQUIRE(make_rows(std::vector<value_t>{0, 7, 5}, 8).empty());
  REQUIRE(make_rows(std::vector<value_t>{0, 16}, 4).empty());
}

TEST_CASE("ranges: prefix and offset give back each value, for every 4-bit table", "[exhaustive]") {
  std::size_t n_tables = 0;
  for (std::size_t k = 1; k <= 16; ++k) {
    naive::each_table(16, k, [&](const Bounds& bounds) {
      ++n_tables;
      const std::vector<value_t> starts(bounds.begin(), bounds.end() - 1);
      const std::vector<Row> rows = make_rows(starts, 4);
      const PrefixMap prefix(rows, 4);
      for (value_t v = 0; v < 16; ++v) {
        const symbol_t s = prefix[v];
        if (bounds[s] > v || v >= bounds[s + 1u] ||
            (v - rows[s].vmin) >> rows[s].offset_bits != 0) {
          FAIL("value " << v << " in row " << int{s});
        }
      }
    });
  }
  REQUIRE(n_tables == 1u << 15);
}

TEST_CASE("ranges: a prefix map refuses rows that do not tile", "[unit]") {
  const auto refuse = [](const std::vector<Row>& rows) {
    REQUIRE_THROWS_AS(PrefixMap(rows, 4), std::invalid_argument);
  };
  refuse({});
  refuse({{1, 4}});
  refuse({{0, 3}});
  refuse({{0, 2}, {4, 3}});
  refuse({{0, 3}, {8, 3}, {8, 3}});
  refuse({{0, 3}, {16, 0}});
  const PrefixMap wide(make_rows(std::vector<value_t>{0, 0x8000, 0xffff}, 16), 16);
  REQUIRE(int{wide[0x7fff]} == 0);
  REQUIRE(int{wide[0xfffe]} == 1);
  REQUIRE(int{wide[0xffff]} == 2);
}

TEST_CASE("ranges: an empty tensor and a constant one take one row and no bits", "[unit]") {
  for (unsigned W = 1; W <= 16; ++W) {
    Counts counts(std::size_t{1} << W);
    const RangeSearch empty(counts, W, 16);
    REQUIRE(empty.cost(16) == 0);
    REQUIRE(empty.rows(16) == std::vector<Row>{{0, static_cast<std::uint8_t>(W)}});
    REQUIRE(empty.best(16, 10).freq == std::vector<std::uint32_t>{1024});
    counts[counts.size() / 2] = 0xffff'ffff;
    const RangeSearch constant(counts, W, 16);
    REQUIRE(constant.cost(3) == 0);
    REQUIRE(constant.best(3, 0).cost == 0);
    REQUIRE(constant.cost(1) == cost_of_bits(std::uint64_t{W} * 0xffff'ffff));
  }
}

TEST_CASE("ranges: wrong arguments are named", "[unit]") {
  const Counts counts(16, 1);
  REQUIRE_THROWS_WITH(RangeSearch(counts, 5, 4), Catch::Contains("number of counts is 16"));
  REQUIRE_THROWS_WITH(RangeSearch(counts, 4, 257), Catch::Contains("257"));
  REQUIRE_THROWS_AS(RangeSearch(counts, 4, 0), std::invalid_argument);
  REQUIRE_THROWS_AS(RangeSearch(Counts(16, 0xffff'ffff), 4, 4), std::invalid_argument);
  const RangeSearch search(counts, 4, 4);
  REQUIRE_THROWS_WITH(search.cost(5), Catch::Contains("number of rows is 5"));
  REQUIRE_THROWS_AS(search.rows(0), std::invalid_argument);
  REQUIRE_THROWS_WITH(search.best(4, 15), Catch::Contains("15"));
  REQUIRE_THROWS_AS(search.quantised(5, 10), std::invalid_argument);
}
