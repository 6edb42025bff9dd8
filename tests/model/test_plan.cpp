// test_plan.cpp — plan.hpp: the bars of the codings on real and made-up tensors, and its errors.
// SPDX-License-Identifier: Apache-2.0
#include "transom/plan/plan.hpp"

#include <catch2/catch.hpp>
#include <cmath>

#include "support.hpp"
#include "transom/container/container.hpp"
#include "transom/golden/trace.hpp"

namespace transom {
using namespace golden;
namespace {

double bits_per_value(const CodedTensor& tensor) {
  return 8.0 * static_cast<double>(record_bytes(tensor).coded()) / tensor.layout().n_values;
}

/// Two-sided geometric values of mean magnitude about `scale`, zero with probability `zeros`/1000.
Tensor made_up(const DType& dtype, std::uint32_t n, double scale, unsigned zeros,
               std::uint32_t seed) {
  std::mt19937 random(seed);
  Tensor tensor{"made up", dtype, {n}, std::vector<value_t>(n)};
  for (value_t& v : tensor.values) {
    if (random() % 1000 < zeros) continue;
    const double u = (static_cast<double>(random()) + 1) / 4294967297.0;
    const auto magnitude = static_cast<std::int32_t>(-scale * std::log(u));
    const std::int32_t value = random() % 2 != 0 && dtype.is_signed ? -magnitude : magnitude;
    v = to_pattern(std::clamp(value, dtype.min(), dtype.max()), dtype);
  }
  return tensor;
}

/// Bar 3 of what the codings promise, on a tensor of 100,000 values or more.
void check_bars(const Tensor& tensor) {
  const double entropy = entropy_bits(tensor.values, tensor.dtype);
  for (const Coding coding : {Coding::kApackTans, Coding::kApackAc, Coding::kApackTansPair,
                              Coding::kApackNrans, Coding::kTans}) {
    PlanOptions options;
    options.coding = coding;
    const CodedTensor coded = encode_best(tensor, options);
    const double bits = bits_per_value(coded);
    const double table =
        8.0 * static_cast<double>(record_bytes(coded).table) / coded.layout().n_values;
    INFO(tensor.name << " " << codec(coding).name << ": entropy " << entropy << ", coded " << bits
                     << ", table " << table << ", R " << coded.code.table_log);
    if (coding == Coding::kTans) {
      CHECK(bits <= 1.005 * entropy + table);
    } else {
      CHECK(bits <= 1.010 * entropy);
    }
    CHECK(decode(coded).values == tensor.values);
    if (tensor.dtype.bits > 8) continue;
    const std::vector<std::uint8_t> bytes(tensor.values.begin(), tensor.values.end());
    const TensorView view(tensor.name, tensor.dtype, tensor.shape, std::span(bytes));
    CHECK(encode_best(view, options) == coded);
  }
}

}  // namespace

TEST_CASE("plan: on made-up tensors of 100,000 values the codings meet their bars", "[unit]") {
  for (const double scale : {1.0, 4.0, 12.0, 40.0}) {
    check_bars(made_up({8, true}, 200'000, scale, 0, 1));
    check_bars(made_up({8, false}, 200'000, scale, 550, 2));
  }
  check_bars(made_up({4, false}, 200'000, 2, 300, 3));
}

TEST_CASE("plan: on recorded tensors of 100,000 values the codings meet their bars", "[golden]") {
  const auto folder = support::shared_folder("traces");
  if (!folder) return;
  std::size_t n_tensors = 0;
  for (const auto& entry : std::filesystem::directory_iterator(*folder)) {
    if (!exists(entry.path() / "manifest.json")) continue;
    for (const Tensor& tensor : read_trace(entry.path())) {
      if (tensor.values.size() < 100'000 || tensor.dtype.bits > 8) continue;
      check_bars(tensor);
      ++n_tensors;
    }
  }
  CHECK(n_tensors >= 7);
}

TEST_CASE("plan: no tensor grows by more than a 64-byte header", "[unit]") {
  std::mt19937 random(4);
  for (const Codec& c : codecs()) {
    for (const unsigned bits : {4u, 8u, 16u}) {
      for (const std::uint32_t n : {0u, 1u, 5u, 100u, 3000u}) {
        for (const std::uint32_t n_streams : {1u, 64u}) {
          Tensor tensor{"noise", {static_cast<std::uint8_t>(bits), false}, {n, 1, 1, 1}, {}};
          for (std::uint32_t i = 0; i < n; ++i) {
            tensor.values.push_back(static_cast<value_t>(random() & ((1u << bits) - 1)));
          }
          PlanOptions options;
          options.coding = c.coding;
          options.n_streams = n_streams;
          const CodedTensor coded = encode_best(tensor, options);
          REQUIRE(record_bytes(coded).coded() <= (n * bits + 7) / 8 + 64);
          REQUIRE(decode(coded).values == tensor.values);
        }
      }
    }
  }
}

TEST_CASE("plan: what was asked for is what is coded", "[unit]") {
  const Tensor tensor = made_up({8, true}, 20'000, 6, 0, 9);
  PlanOptions options;
  options.table_log = 7;
  options.rows = 5;
  const CodedTensor coded = encode_best(tensor, options);
  CHECK(coded.code.table_log == 7);
  CHECK(coded.code.rows.size() <= 5);
  options.coding = Coding::kApackTansPair;
  const CodedTensor pairs = encode_best(tensor, options);
  CHECK(pairs.code.table_log == 7);
  CHECK(pairs.code.rows.size() <= 5);
  options.coding = Coding::kApackTans;
  options.rows = 17;
  CHECK_THROWS_WITH(encode_best(tensor, options),
                    Catch::Contains("rows is 17; apack-tans takes 1..16"));
  options.rows.reset();
  options.coding = Coding::kTans;
  options.table_log = 2;
  CHECK_THROWS_WITH(encode_best(tensor, options), Catch::Contains("fewer slots"));
  options.coding = Coding::kApackAc;
  options.table_log = 8;
  CHECK_THROWS_WITH(encode_best(tensor, options), Catch::Contains("apack-ac takes 10..10"));
}

TEST_CASE("plan: no fixed choice of table log and rows costs fewer bits than the default",
          "[unit]") {
  for (const std::uint32_t seed : {1u, 2u, 3u, 4u, 5u, 6u}) {
    const bool pairs = seed % 2 == 0;  // of few values, so that the table of many rows is dear
    const unsigned size = (seed + 1) / 2;
    const Tensor tensor =
        made_up({8, size != 2}, (pairs ? 400 : 3000) * size, 5.0 * size, 200 * size, size);
    PlanOptions options;
    options.coding = pairs ? Coding::kApackTansPair : Coding::kApackTans;
    const std::size_t chosen = record_bytes(encode_best(tensor, options)).coded();
    for (unsigned R = 1; R <= kMaxPlannedTableLog; ++R) {
      options.table_log = R;
      options.rows.reset();
      const std::size_t chosen_rows = record_bytes(encode_best(tensor, options)).coded();
      for (unsigned k = 1; k <= kMaxApackRows; k += 3) {
        options.rows = k;
        const std::size_t fixed = record_bytes(encode_best(tensor, options)).coded();
        // a different table of the same ideal size may by luck fill a word less per stream
        CHECK(chosen <= fixed + 32);
        CHECK(chosen_rows <= fixed + 32);
      }
    }
  }
}

TEST_CASE("plan: a cost is least over every table log and number of rows, and nothing is raw",
          "[unit]") {
  // What a unit reads: expanded tables, rows, whole words.
  const auto cost = [](const PlanSizes& sizes) {
    return (std::uint64_t{4} << sizes.table_log) + 4 * sizes.n_rows + 4 * sizes.n_words +
           12 * std::uint64_t{sizes.n_sequences};
  };
  for (const Coding coding : {Coding::kApackTans, Coding::kTans, Coding::kApackTansPair}) {
    for (const std::uint32_t n : {1u, 70u, 900u, 9'000u}) {
      const Tensor tensor = made_up({6, true}, n, 5, 300, n);
      PlanOptions options;
      options.coding = coding;
      const CodedTensor smallest = encode_best(tensor, options);
      options.cost = cost;
      const CodedTensor best = encode_best(tensor, options);
      const std::uint64_t least = cost(plan_sizes(best));
      INFO(codec(coding).name << ", " << n << " values: R " << best.code.table_log);
      CHECK(best.code.coding != Coding::kRaw);
      CHECK(decode(best).values == tensor.values);
      for (unsigned R = 6; R <= 9; ++R) {
        for (unsigned rows = 1; rows <= 16 && coding != Coding::kTans; rows *= 2) {
          options.table_log = R;
          options.rows = rows;
          INFO("R " << R << ", rows " << rows);
          CHECK(cost(plan_sizes(encode_best(tensor, options))) >= least);
        }
      }
      if (smallest.code.coding != Coding::kRaw) CHECK(cost(plan_sizes(smallest)) >= least);
    }
  }
}

}  // namespace transom
