// container_layout.hpp — what writing and reading a container share of FORMAT.md. Not a public
// header.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "transom/container/container.hpp"

namespace transom::layout {

constexpr std::size_t round_up_to_word(std::size_t n_bytes) { return (n_bytes + 3) / 4 * 4; }

inline bool uses_spread(Coding coding) {
  const LaneKind lane = codec(coding).lane;
  return coding != Coding::kRaw && (lane == LaneKind::kTans || lane == LaneKind::kTansPair);
}

/// Whole values as prefix symbols: the rows need not be told.
inline bool is_identity(Coding coding, const DType& dtype) {
  return codec(coding).max_rows == 0 && dtype.bits <= 8;
}

/// Whether a name can be printed: UTF-8 (no overlong forms, no surrogates) without control
/// characters.
inline bool is_printable(std::string_view name) {
  for (std::size_t i = 0; i < name.size();) {
    const auto lead = static_cast<std::uint8_t>(name[i++]);
    const int n_more = lead < 0x80 ? 0 : std::countl_one(lead) - 1;
    if (lead < 0x20 || lead == 0x7f || n_more > 3 || (lead >= 0x80 && n_more < 1)) return false;
    std::uint32_t code = n_more == 0 ? lead : lead & (0x3fu >> n_more);
    for (int j = 0; j < n_more; ++j) {
      if (i == name.size() || (name[i] & 0xc0) != 0x80) return false;
      code = code << 6 | (static_cast<std::uint8_t>(name[i++]) & 0x3f);
    }
    constexpr std::uint32_t kLeast[] = {0, 0x80, 0x800, 0x10000};
    if (code < kLeast[n_more] || code > 0x10'ffff || (code >= 0xd800 && code < 0xe000) ||
        (code >= 0x80 && code < 0xa0)) {
      return false;
    }
  }
  return true;
}

inline std::size_t raw_words(std::uint64_t n_values, const DType& dtype) {
  return static_cast<std::size_t>((n_values * dtype.bits + kWordBits - 1) / kWordBits);
}

inline std::size_t least_bytes(std::uint64_t n_values) {
  return round_up_to_word(
      static_cast<std::size_t>((n_values + kMaxValuesPerByte - 1) / kMaxValuesPerByte));
}

}  // namespace transom::layout
