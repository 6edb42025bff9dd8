// test_tally.cpp — SHA-256, CRC-32C and counts in one reading are those of three.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <catch2/catch.hpp>
#include <random>
#include <span>
#include <string>
#include <vector>

#include "transom/base/crc32.hpp"
#include "transom/golden/tally/sha256.hpp"
#include "transom/golden/tally/tally.hpp"
#include "transom/table/histogram.hpp"

using namespace transom;
using namespace transom::golden;

namespace {

std::vector<std::uint8_t> bytes_of(std::mt19937& random, std::size_t n) {
  const unsigned mask = random() % 2 == 0 ? 0xff : 0x0c;  // few values: tables that wait
  std::vector<std::uint8_t> bytes(n);
  for (auto& byte : bytes) byte = static_cast<std::uint8_t>(random() & mask);
  return bytes;
}

}  // namespace

TEST_CASE("tally: of the examples of FIPS 180-4 it is the digest", "[golden]") {
  const std::pair<std::string, const char*> examples[] = {
      {"", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
      {"abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
      {"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
       "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"},
      {std::string(1'000'000, 'a'),
       "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"}};
  for (const auto& [text, digest] : examples) {
    Tally tally;
    tally.hash({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
    CHECK(tally.hex() == digest);
  }
}

TEST_CASE("tally: bytes in any parts have the digest, CRC and counts of all of them", "[golden]") {
  std::mt19937 random(1);
  for (unsigned run = 0; run < 300; ++run) {
    const auto bytes = bytes_of(random, random() % (run % 10 == 0 ? 20'000 : 400));
    Tally tally;
    std::vector<std::uint32_t> counts(256), expected(256);
    std::uint32_t crc = 0, expected_crc = 0;
    for (std::size_t at = 0; at < bytes.size();) {
      const std::size_t n = std::min<std::size_t>(
          bytes.size() - at, random() % 3 == 0 ? 1 + random() % 70 : 1 + random() % 8'000);
      const auto part = std::span(bytes).subspan(at, n);
      if (random() % 4 == 0) {
        tally.hash(part);
      } else {
        tally.add(part, std::span<std::uint32_t, 256>(counts), crc);
        count_into(expected, part);
        expected_crc = crc32c(part, expected_crc);
      }
      at += n;
    }
    REQUIRE(tally.hex() == sha256(bytes));
    REQUIRE(crc == expected_crc);
    REQUIRE(counts == expected);
  }
}
