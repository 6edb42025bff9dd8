// test_foreign_torch_tables.cpp — torch_ans' quantisers and its containers of bytes.
// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include "foreign_support.hpp"
#include "transom/foreign/torch/torch_bytes.hpp"
#include "transom/foreign/torch/torch_cdf.hpp"

namespace transom::foreign {
namespace {

using support::Random;
using Row = std::vector<std::int32_t>;

}  // namespace

TEST_CASE("torch_cdf: a half at 16 bits wraps in the compat mode, and is a table in the fixed one",
          "[foreign]") {
  const std::vector<float> pmf{0.55F, 0.225F, 0.225F};
  CHECK(pmf_to_cdf(pmf, 16, CdfMode::kCompat) == Row{0, -29490, -14745, 65536});
  const Row fixed = pmf_to_cdf(pmf, 16, CdfMode::kFixed);
  CHECK(fixed == Row{0, 36044, 50789, 65536});
  CHECK(is_cdf(fixed, 16));
  CHECK_FALSE(is_cdf(pmf_to_cdf(pmf, 16, CdfMode::kCompat), 16));
}

TEST_CASE("torch_cdf: both modes agree to a slot where nothing wraps, and fixed is always a table",
          "[foreign]") {
  Random random(41);
  for (int round = 0; round < 2000; ++round) {
    const unsigned precision = 1 + random() % 18;
    const std::size_t most = std::min<std::size_t>(200, std::size_t{1} << precision);
    std::vector<float> pmf(1 + random() % most);
    for (float& p : pmf) {
      p = static_cast<float>(random() >> random() % 24) / static_cast<float>(pmf.size()) /
          4294967296.0F;
      if (random() % 5 == 0) p = 0;
    }
    const Row fixed = pmf_to_cdf(pmf, precision, CdfMode::kFixed);
    REQUIRE(is_cdf(fixed, precision));
    REQUIRE(fixed.size() == pmf.size() + 1);
    const Row compat = pmf_to_cdf(pmf, precision, CdfMode::kCompat);
    REQUIRE(compat.size() == fixed.size());
    if (precision > 15) continue;  // f 2^p < 2^31 for every probability up to 1
    for (std::size_t s = 0; s < pmf.size(); ++s) {
      const std::int32_t width = compat[s + 1] - compat[s];
      // a quotient just below an integer rounds up to it in binary32
      if (s + 1 < pmf.size()) CHECK(std::abs(width - (fixed[s + 1] - fixed[s])) <= 1);
    }
  }
}

TEST_CASE("torch_cdf: what cannot be quantised is refused", "[foreign]") {
  const auto refused = [](std::vector<float> pmf, unsigned precision) {
    for (const CdfMode mode : {CdfMode::kCompat, CdfMode::kFixed}) {
      CHECK_THROWS_AS(pmf_to_cdf(pmf, precision, mode), std::invalid_argument);
    }
  };
  refused({0.2F, 0.2F, 0.2F, 0.2F, 0.2F}, 2);
  refused({}, 8);
  refused({1.0F}, 0);
  refused({1.0F}, 24);
  refused({-0.5F, 1.0F}, 8);
  refused({std::numeric_limits<float>::quiet_NaN()}, 8);
  refused({1e9F}, 16);
  CHECK(pmf_to_cdf(std::vector<float>{0, 0, 0}, 8, CdfMode::kFixed) == Row{0, 1, 2, 256});
}

TEST_CASE("torch_cdf: the escape of a shorter row is a column of the padding", "[foreign]") {
  const std::vector<std::vector<std::uint32_t>> freqs{{10, 20, 30}, {5, 5, 0}};
  const auto rows =
      cdf_of_freqs(freqs, std::vector<std::uint32_t>{3, 2}, 8, true, CdfMode::kCompat);
  CHECK(rows.sizes == std::vector<std::uint32_t>{5, 4});
  CHECK(rows.cdf[0].size() == 5);
  CHECK(rows.cdf[0].back() == 256);
  CHECK(rows.cdf[1][3] != 256);  // the last boundary that the row calls its own
  CHECK_THROWS_AS(cdf_of_freqs(freqs, std::vector<std::uint32_t>{4, 2}, 8, true, CdfMode::kCompat),
                  std::invalid_argument);
}

TEST_CASE("torch_bytes: merged segments split again, with and without their number", "[foreign]") {
  Random random(42);
  for (const unsigned length_bytes : {1u, 2u, 4u}) {
    for (int round = 0; round < 100; ++round) {
      std::vector<Bytes> segments(1 + random() % 6);
      for (Bytes& s : segments) s.resize(random() % 200, static_cast<std::uint8_t>(random()));
      segments.back().push_back(1);  // an empty last one cannot be told from none
      for (const bool known : {false, true}) {
        const auto n = known ? std::optional(segments.size()) : std::nullopt;
        const Bytes merged = merge_bytes(segments, length_bytes, n);
        const SplitBytes split = split_bytes(merged, length_bytes, n);
        REQUIRE(split.status == Status::kOk);
        REQUIRE(split.segments == segments);
      }
    }
  }
}

TEST_CASE("torch_bytes: damaged mergers split into what is there, and say so", "[foreign]") {
  Random random(43);
  std::size_t n_flagged = 0;
  for (std::size_t round = 0; round < support::n_mutations(); ++round) {
    std::vector<Bytes> segments(1 + random() % 4);
    for (Bytes& s : segments) s.resize(random() % 50, static_cast<std::uint8_t>(random()));
    const unsigned length_bytes = 1u << random() % 3;
    const auto n = random() % 2 != 0 ? std::optional(segments.size()) : std::nullopt;
    Bytes merged = merge_bytes(segments, length_bytes, n);
    support::damage(random, merged);
    const SplitBytes split = split_bytes(merged, length_bytes, n);
    std::size_t held = 0;
    for (const Bytes& s : split.segments) held += s.size();
    CHECK(held <= merged.size());
    n_flagged += split.status != Status::kOk;
  }
  CHECK(n_flagged > 0);
}

TEST_CASE("torch_bytes: an 8-byte length, a segment too long and 2^21 segments are refused",
          "[foreign]") {
  CHECK_THROWS_WITH(merge_bytes({}, 8, {}), Catch::Contains("cannot read them back"));
  CHECK_THROWS_AS(split_bytes({}, 8, {}), std::invalid_argument);
  CHECK_THROWS_AS(merge_bytes(std::vector<Bytes>(1, Bytes(256)), 1, {}), std::invalid_argument);
  CHECK(merge_bytes(std::vector<Bytes>(1, Bytes(256)), 1, 1).size() == 256);
  CHECK_THROWS_AS(split_bytes({}, 4, std::size_t{1} << 21), std::invalid_argument);
}

TEST_CASE("torch_bytes: a stream row is its length and its bytes", "[foreign]") {
  const Bytes bytes{1, 2, 3, 4, 0xff};
  const auto row = to_torch_row(bytes);
  CHECK(row == std::vector<std::int32_t>{5, 0x0403'0201, 0xff});
  CHECK(from_torch_row(row).bytes == bytes);
  CHECK(from_torch_row(std::vector<std::int32_t>{5, 0, 0, 99}).bytes.size() == 5);  // room to grow
  CHECK(from_torch_row(std::vector<std::int32_t>{9, 0, 0}).status == Status::kBadHeader);
  CHECK(from_torch_row(std::vector<std::int32_t>{-1, 0}).status == Status::kBadHeader);
  CHECK(from_torch_row({}).status == Status::kBadHeader);
}

}  // namespace transom::foreign
