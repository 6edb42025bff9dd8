// test_tensor.cpp — tensor.hpp: integers and patterns, and how many values a shape has.
// SPDX-License-Identifier: Apache-2.0
#include "transom/base/tensor.hpp"

#include <catch2/catch.hpp>
#include <vector>

namespace transom {

TEST_CASE("tensor: a pattern is the low W bits of its integer, for every integer of every type",
          "[unit][exhaustive]") {
  for (std::uint8_t bits = 1; bits <= kMaxValueBits; ++bits) {
    const std::int32_t n_patterns = std::int32_t{1} << bits;
    for (const bool is_signed : {false, true}) {
      const DType dtype{bits, is_signed};
      REQUIRE(dtype.max() - dtype.min() + 1 == n_patterns);
      REQUIRE(dtype.min() == (is_signed ? -n_patterns / 2 : 0));
      bool same = true;
      for (std::int32_t i = dtype.min(); i <= dtype.max(); ++i) {
        const value_t pattern = to_pattern(i, dtype);
        same = same && pattern == (i < 0 ? i + n_patterns : i) && to_integer(pattern, dtype) == i;
      }
      REQUIRE(same);
    }
  }
}

TEST_CASE("tensor: a shape has the product of its dimensions, up to 2^32 - 1", "[unit]") {
  using Shape = std::vector<std::uint32_t>;
  CHECK(n_values(Shape{}) == 1);
  CHECK(n_values(Shape{3, 4}) == 12);
  CHECK(n_values(Shape{65537, 65535}) == 0xffff'ffff);
  CHECK(n_values(Shape{65536, 65536}) == std::nullopt);
  CHECK(n_values(Shape(8, 0xffff'ffff)) == std::nullopt);
  CHECK(n_values(Shape{0, 0xffff'ffff, 0xffff'ffff}) == 0);
  CHECK(n_values(Shape{0xffff'ffff, 0xffff'ffff, 0xffff'ffff, 0}) == 0);
}

}  // namespace transom
