// test_printable.cpp — what can be printed stays, all else is escaped, once.
// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>
#include <cstdint>
#include <random>
#include <string>

#include "transom/base/printable.hpp"

namespace transom {
namespace {

/// A code point in UTF-8, also of those that have none.
std::string utf8(std::uint32_t code) {
  const auto tail = [code](int shift) { return static_cast<char>(0x80 | (code >> shift & 0x3f)); };
  if (code < 0x80) return {static_cast<char>(code)};
  if (code < 0x800) return {static_cast<char>(0xc0 | code >> 6), tail(0)};
  if (code < 0x10000) return {static_cast<char>(0xe0 | code >> 12), tail(6), tail(0)};
  return {static_cast<char>(0xf0 | code >> 18), tail(12), tail(6), tail(0)};
}

}  // namespace

TEST_CASE("reliability 6, printable: every code point but controls and surrogates", "[unit]") {
  for (std::uint32_t code = 0; code < 0x11'2000; ++code) {
    const bool is_control = code < 0x20 || (code >= 0x7f && code < 0xa0);
    const bool is_none = (code >= 0xd800 && code < 0xe000) || code > 0x10'ffff;
    const std::string text = utf8(code);
    if (is_printable(text) == (is_control || is_none)) FAIL("code point " << code);
    if (is_printable(text) && printable(text) != text) FAIL("code point " << code);
  }
}

TEST_CASE("reliability 6, printable: what is not UTF-8 is escaped byte by byte", "[unit]") {
  CHECK(printable("a\x1b[31m\n\x7f") == R"(a\x1b[31m\x0a\x7f)");
  CHECK(printable("caf\xc3\xa9") == "caf\xc3\xa9");
  CHECK(printable("\xc3") == R"(\xc3)");                  // cut
  CHECK(printable("\xc0\xaf") == R"(\xc0\xaf)");          // overlong
  CHECK(printable("\xed\xa0\x80") == R"(\xed\xa0\x80)");  // a surrogate
  CHECK(printable("\xc2\x9b") == R"(\xc2\x9b)");          // a control of one byte in two
  CHECK(printable("\xff\xf8\x80") == R"(\xff\xf8\x80)");
  CHECK(printable(std::string(1, '\0')) == R"(\x00)");
  CHECK(printable("").empty());
  CHECK(is_printable(""));
}

TEST_CASE("reliability 6, printable: any bytes become printable, and escaping twice is once",
          "[unit]") {
  std::mt19937 random(6);
  for (int i = 0; i < 20'000; ++i) {
    std::string text(random() % 12, ' ');
    for (char& c : text) c = static_cast<char>(random() % 4 == 0 ? random() % 128 : random());
    const std::string once = printable(text);
    if (!is_printable(once) || printable(once) != once) FAIL("case " << i);
    if (is_printable(text) != (once == text)) FAIL("case " << i);
  }
}

}  // namespace transom
