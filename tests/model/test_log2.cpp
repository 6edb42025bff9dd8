// test_log2.cpp — the fixed-point logarithm against the C library's and against its own needs.
// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>
#include <cmath>
#include <cstdint>
#include <random>

#include "transom/base/log2.hpp"
#include "transom/base/spec.hpp"

using namespace transom;

namespace {

constexpr log_t kOne = log_t{1} << kLogFraction;
static_assert(log2_fixed(1) == 0);
static_assert(log2_fixed(2) == kOne);
static_assert(log2_fixed(3) == 0x1'95C0'1A39'FBD7);  // 1.5849625007211561814537389439478...
static_assert(cost_of(3, kOne / 2) == 3 * cost_of_bits(1) / 2);
static_assert(whole_bits(cost_of_bits(5)) == 5 && whole_bits(cost_of_bits(5) + 1) == 6);

double error_of(std::uint64_t n) {
  const long double exact = std::log2(static_cast<long double>(n)) * static_cast<long double>(kOne);
  return static_cast<double>(std::fabs(static_cast<long double>(log2_fixed(n)) - exact));
}

}  // namespace

TEST_CASE("log2: every count is less than one unit off", "[unit]") {
  double worst = 0;
  for (std::uint64_t n = 1; n < (1u << 20); ++n) worst = std::max(worst, error_of(n));
  std::mt19937_64 random(1);
  for (int i = 0; i < 500'000; ++i) {
    worst = std::max(worst, error_of((random() >> (random() % 64)) | 1));
  }
  for (unsigned bits = 1; bits < 64;
       ++bits) {  // where the reciprocal changes and where it does not
    worst = std::max(worst, error_of((std::uint64_t{1} << bits) - 1));
    worst = std::max(worst, error_of((std::uint64_t{1} << bits) + 1));
    REQUIRE(log2_fixed(std::uint64_t{1} << bits) == bits * kOne);
  }
  INFO("worst error in units of 2^-48: " << worst);
  REQUIRE(worst < 0.51);
}

TEST_CASE("log2: the savings of a slot fall strictly with every slot", "[unit]") {
  log_t before = ~log_t{0};
  for (std::uint32_t f = 1; f <= 1u << kMaxTableLog; ++f) {
    const log_t saving = log2_fixed(f + 1) - log2_fixed(f);
    REQUIRE(saving < before);
    before = saving;
  }
}
