// test_crc32.cpp — crc32.hpp against published check values and the bit-serial definition.
// SPDX-License-Identifier: Apache-2.0
#include "transom/base/crc32.hpp"

#include <catch2/catch.hpp>
#include <utility>
#include <vector>

namespace transom {

TEST_CASE("crc32: the values of RFC 3720 B.4 and the check values of '123456789'", "[unit]") {
  const std::uint8_t digits[] = {'1', '2', '3', '4', '5', '6', '7', '8', '9'};
  CHECK(crc32c(digits) == 0xe306'9283);
  CHECK(crc32c(std::vector<std::uint8_t>(32, 0x00)) == 0x8a91'36aa);
  CHECK(crc32c(std::vector<std::uint8_t>(32, 0xff)) == 0x62a8'ab43);
  CHECK(crc32c({}) == 0);
  CHECK(crc32(digits) == 0xcbf4'3926);
  CHECK(crc32({}) == 0);
}

TEST_CASE("crc32: eight bytes at a time, in pieces or not, give what one bit at a time gives",
          "[unit]") {
  std::vector<std::uint8_t> bytes;
  for (unsigned n = 0; n < 70; ++n) {
    std::uint32_t crc = 0xffff'ffff;
    for (const std::uint8_t byte : bytes) {
      crc ^= byte;
      for (int bit = 0; bit < 8; ++bit) crc = crc & 1 ? crc >> 1 ^ 0x82f6'3b78 : crc >> 1;
    }
    REQUIRE(crc32c(bytes) == ~crc);
    const auto [head, tail] =
        std::pair(std::span(bytes).first(n / 3), std::span(bytes).subspan(n / 3));
    REQUIRE(crc32c(tail, crc32c(head)) == ~crc);
    bytes.push_back(static_cast<std::uint8_t>(n * 37 + 11));
  }
}

TEST_CASE("crc32: pieces at once give what one after the other gives", "[unit]") {
  std::vector<std::uint8_t> bytes(20'000);
  std::uint32_t state = 1;
  for (std::uint8_t& byte : bytes) {
    state = state * 1'664'525 + 1'013'904'223;
    byte = static_cast<std::uint8_t>(state >> 24);
  }
  for (std::size_t n : {3'071u, 3'072u, 3'073u, 6'144u, 9'300u, 20'000u}) {
    const auto some = std::span<const std::uint8_t>(bytes).first(n);
    REQUIRE(crc32c(some, 5) == detail::crc(detail::kCrc32cTables, some, 5));
  }
}

}  // namespace transom
