// test_word_plan.cpp — what a plan for words starts from: rows near the best, values of each stream
// by place. CTest runs this once for each TRANSOM_ISA.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <catch2/catch.hpp>
#include <numeric>

#include "../naive_ranges.hpp"
#include "transom/container/container.hpp"
#include "transom/plan/plan.hpp"
#include "transom/plan/stream_counts.hpp"
#include "transom/plan/word_plan.hpp"
#include "transom/table/histogram.hpp"
#include "transom/table/range_bounds.hpp"
#include "transom/table/range_near.hpp"
#include "transom/table/ranges.hpp"

namespace transom {
namespace {

using naive::Counts;
using naive::Random;

/// Bits of an ideal coder with these rows.
double ideal_bits(const Counts& counts, const std::vector<Row>& rows) {
  naive::Bounds bounds;
  for (const Row& row : rows) bounds.push_back(row.vmin);
  bounds.push_back(static_cast<std::uint32_t>(counts.size()));
  return naive::ideal_bits(counts, bounds);
}

/// Of values that are few enough to be quick.
Counts some_histogram(unsigned W, std::uint32_t most, Random& random) {
  Counts counts = naive::random_histogram(std::size_t{1} << W, random);
  for (std::uint32_t& n : counts) n = std::min(n, most);
  return counts;
}

Tensor of_counts(const Counts& counts, std::uint8_t W, Random& random) {
  Tensor tensor{"t", {W, false}, {}, {}};
  for (std::size_t v = 0; v < counts.size(); ++v) {
    tensor.values.insert(tensor.values.end(), counts[v], static_cast<value_t>(v));
  }
  for (std::size_t i = tensor.values.size(); i > 1; --i) {
    std::swap(tensor.values[i - 1], tensor.values[random() % i]);
  }
  tensor.shape = {static_cast<std::uint32_t>(tensor.values.size())};
  return tensor;
}

}  // namespace

TEST_CASE("fast: rows near the best cost what the best do, where the price says how many",
          "[unit]") {
  Random random(6);
  double worst = 0;
  for (int i = 0; i < 100; ++i) {
    const unsigned W = i % 4 == 0 ? 5 : 8;
    const Counts counts = some_histogram(W, 20'000, random);
    const auto cum = range_detail::cumulate(counts);
    const RangeSearch search(counts, W, kMaxApackRows);
    const unsigned price = 1 + random() % 200;
    const auto rows = range_detail::near_best_rows(cum, W, kMaxApackRows, cost_of_bits(price));
    CAPTURE(i, W, price);
    REQUIRE(rows == make_rows(row_starts(rows), W));
    REQUIRE((!rows.empty() && rows.size() <= kMaxApackRows));
    double best = HUGE_VAL;
    for (unsigned k = 1; k <= kMaxApackRows; ++k) {
      best = std::min(best, naive::bits(search.cost(k)) + price * k);
    }
    const double got = ideal_bits(counts, rows) + static_cast<double>(price * rows.size());
    REQUIRE(got >= best - 0.01);
    // Where so many rows are wanted that there cannot be, no price may lead to 16.
    worst = std::max(worst, got / best - 1);
    REQUIRE(got <= best * (rows.size() < 12 ? 1.002 : 1.03) + 2);
  }
  CHECK(worst > 0);
}

TEST_CASE("fast: rows of wide values near the best cost little more than the best", "[unit]") {
  Random random(7);
  for (int i = 0; i < 10; ++i) {
    const unsigned W = 9 + random() % 4;
    const Counts counts = some_histogram(W, 20'000, random);
    const auto cum = range_detail::cumulate(counts);
    const auto rows = range_detail::near_best_rows(cum, W, kMaxApackRows, cost_of_bits(7));
    REQUIRE(rows == make_rows(row_starts(rows), W));
    REQUIRE((!rows.empty() && rows.size() <= kMaxApackRows));
    const double best = naive::bits(RangeSearch(counts, W, kMaxApackRows).cost(kMaxApackRows));
    CAPTURE(i, W, best);
    REQUIRE(ideal_bits(counts, rows) <= best * 1.02 + 7 * 16);
  }
}

TEST_CASE("fast: values of each stream are counted where they lie", "[unit]") {
  Random random(8);
  for (int i = 0; i < 200; ++i) {
    const unsigned W = 1 + random() % 10;
    const std::uint32_t n_patterns = 1u << W;
    std::vector<std::uint32_t> bounds{0, n_patterns};
    for (std::uint32_t v = 1; v < n_patterns; ++v) {
      if (i % 2 == 0 || random() % 4 == 0) bounds.push_back(v);
    }
    if (bounds.size() > plan_detail::kMaxPlaces) bounds.resize(plan_detail::kMaxPlaces);
    std::sort(bounds.begin(), bounds.end());
    Counts counts(n_patterns);
    for (unsigned n = random() % 500; n > 0; --n) ++counts[random() % n_patterns];
    const Tensor tensor = of_counts(counts, static_cast<std::uint8_t>(W), random);
    const std::vector<std::uint8_t> bytes(tensor.values.begin(), tensor.values.end());
    const StreamLayout layout{tensor.shape[0], 1 + random() % 10,
                              1 + (random() % 2) * (random() % 9)};
    const bool as_bytes = W <= 8 && random() % 2 != 0;
    const TensorView view = as_bytes ? TensorView("t", tensor.dtype, tensor.shape, std::span(bytes))
                                     : TensorView(tensor);
    const plan_detail::StreamCounts got(view, layout, bounds);
    CAPTURE(W, layout.n_streams, layout.chunk, layout.n_values, as_bytes);
    REQUIRE(got.n_apart() == (layout.n_streams > plan_detail::kMostApart ? 1 : layout.n_streams));
    for (std::size_t place = 0; place < bounds.size(); ++place) {
      REQUIRE(got.place_of(bounds[place]) == place);
      std::uint32_t in_all = 0;
      for (unsigned s = 0; s < layout.n_streams; ++s) {
        std::uint32_t n = 0;
        layout.for_each(s, [&](std::uint32_t at) { n += tensor.values[at] < bounds[place]; });
        if (got.n_apart() == layout.n_streams) REQUIRE(got.below(place)[s] == n);
        in_all += n;
      }
      REQUIRE(got.total()[place] == in_all);
    }
  }
}

TEST_CASE("fast: a plan for words is not beaten by the best ranges of any table log", "[unit]") {
  Random random(9);
  std::uint64_t planned = 0, searched = 0;
  for (int i = 0; i < 24; ++i) {
    const unsigned W = 4 + random() % 5;
    const Counts counts = some_histogram(W, 60, random);
    const Tensor tensor = of_counts(counts, static_cast<std::uint8_t>(W), random);
    PlanOptions options;
    options.n_streams = i % 3 == 0 ? 12 : 1 + random() % 8;
    const std::size_t chosen = record_bytes(encode_best(tensor, options)).coded();
    std::size_t best = record_bytes(encode(tensor, raw_code(tensor.dtype), 1, 1)).coded();
    const RangeSearch search(counts, W, kMaxApackRows);
    for (unsigned R = 4; R <= kMaxPlannedTableLog; R += 2) {
      for (const unsigned rows : {6u, 11u, 16u}) {
        RangeTable table = search.best(rows, R);
        const Code code{Coding::kApackTans, R, Spread::kTuned, table.freq, table.rows};
        best = std::min(
            best, record_bytes(encode(tensor, code, options.n_streams, options.chunk)).coded());
      }
    }
    CAPTURE(i, W, options.n_streams, tensor.values.size());
    REQUIRE(chosen <= best + best / 100 + 8);
    planned += chosen;
    searched += best;
  }
  CHECK(planned <= searched + searched / 500);
}

TEST_CASE(
    "fast: a plan for words of wide values takes hardly a byte more than the slower one for bits",
    "[unit]") {
  Random random(10);
  std::uint64_t by_words = 0, by_bits = 0;
  for (int i = 0; i < 16; ++i) {
    const unsigned W = 9 + random() % 5;
    const Counts counts = some_histogram(W, 60, random);
    const Tensor tensor = of_counts(counts, static_cast<std::uint8_t>(W), random);
    PlanOptions options;
    options.n_streams = 1 + random() % 16;
    const std::size_t words = record_bytes(encode_best(tensor, options)).coded();
    options.search = Search::kExact;
    const std::size_t bits = record_bytes(encode_best(tensor, options)).coded();
    CAPTURE(i, W, options.n_streams, tensor.values.size());
    CHECK(words <= bits + bits / 200 + 16);
    by_words += words;
    by_bits += bits;
  }
  CAPTURE(by_words, by_bits);
  CHECK(by_words <= by_bits + by_bits / 1000);
}

}  // namespace transom
