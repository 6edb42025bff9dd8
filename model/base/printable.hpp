// printable.hpp — names and messages of foreign origin as one line that can be printed.
//
// A name may hold any bytes: a path does, a manifest's string does. What goes out, as text, as JSON
// or as a message, is UTF-8 without control characters; any other byte is written `\xNN`. What can
// be printed is left alone, so that escaping twice changes nothing.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace transom {

/// Bytes of the character that `text` begins with: UTF-8 (no overlong forms, no surrogates), no
/// control character. 0 if it begins with none.
inline std::size_t printable_bytes(std::string_view text) {
  if (text.empty()) return 0;
  const auto lead = static_cast<std::uint8_t>(text[0]);
  if (lead < 0x80) return lead >= 0x20 && lead != 0x7f ? 1 : 0;
  const auto n = static_cast<std::size_t>(std::countl_one(lead));
  if (n < 2 || n > 4 || n > text.size()) return 0;
  std::uint32_t code = lead & (0x7fu >> n);
  for (std::size_t i = 1; i < n; ++i) {
    const auto more = static_cast<std::uint8_t>(text[i]);
    if ((more & 0xc0) != 0x80) return 0;
    code = code << 6 | (more & 0x3fu);
  }
  constexpr std::uint32_t kLeast[] = {0, 0, 0xa0, 0x800, 0x10000};  // 0x80..0x9f are controls
  const bool is_surrogate = code >= 0xd800 && code < 0xe000;
  return code < kLeast[n] || code > 0x10'ffff || is_surrogate ? 0 : n;
}

inline bool is_printable(std::string_view text) {
  while (const std::size_t n = printable_bytes(text)) text.remove_prefix(n);
  return text.empty();
}

/// The text, `\xNN` for each byte that cannot be printed.
inline std::string printable(std::string_view text) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string out;
  while (!text.empty()) {
    const std::size_t n = printable_bytes(text);
    if (n == 0) {
      const auto byte = static_cast<std::uint8_t>(text[0]);
      out += {'\\', 'x', kDigits[byte >> 4], kDigits[byte & 0xf]};
    } else {
      out += text.substr(0, n);
    }
    text.remove_prefix(n == 0 ? 1 : n);
  }
  return out;
}

}  // namespace transom
