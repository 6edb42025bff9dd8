// crc32.hpp — CRC-32C (Castagnoli) for our own formats, CRC-32 (IEEE 802.3) for other people's.
//
// Reflected, start and end inverted: RFC 3720 appendix B.4, and RFC 1952 section 8. Eight table
// look-ups per eight bytes, so that a checksum costs little beside the decoding.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <type_traits>

namespace transom {

namespace detail {
using CrcTables = std::array<std::array<std::uint32_t, 256>, 8>;

constexpr CrcTables make_crc_tables(std::uint32_t reflected_polynomial) {
  CrcTables tables{};
  for (std::uint32_t byte = 0; byte < 256; ++byte) {
    std::uint32_t crc = byte;
    for (int bit = 0; bit < 8; ++bit) {
      crc = (crc >> 1) ^ ((crc & 1) != 0 ? reflected_polynomial : 0u);
    }
    tables[0][byte] = crc;
  }
  for (std::size_t i = 1; i < 8; ++i) {
    for (std::size_t byte = 0; byte < 256; ++byte) {
      const std::uint32_t crc = tables[i - 1][byte];
      tables[i][byte] = (crc >> 8) ^ tables[0][crc & 0xff];
    }
  }
  return tables;
}
inline constexpr CrcTables kCrc32cTables = make_crc_tables(0x82f6'3b78);
inline constexpr CrcTables kCrc32Tables = make_crc_tables(0xedb8'8320);

constexpr std::uint32_t crc(const CrcTables& tables, std::span<const std::uint8_t> bytes,
                            std::uint32_t before) {
  std::uint32_t crc = ~before;
  std::size_t i = 0;
  for (; i + 8 <= bytes.size(); i += 8) {
    std::uint32_t next = 0;
    for (std::size_t j = 0; j < 4; ++j) {
      next ^= tables[7 - j][(crc >> 8 * j & 0xff) ^ bytes[i + j]] ^ tables[3 - j][bytes[i + 4 + j]];
    }
    crc = next;
  }
  for (; i < bytes.size(); ++i) crc = (crc >> 8) ^ tables[0][(crc ^ bytes[i]) & 0xff];
  return ~crc;
}

/// crc32c() by the processor's instruction, where it has one.
std::uint32_t crc32c_here(std::span<const std::uint8_t> bytes, std::uint32_t before);
}  // namespace detail

/// CRC-32C of bytes: the check value of "123456789" is 0xe3069283.
/// @param before the CRC of the bytes in front of these, if there are any
constexpr std::uint32_t crc32c(std::span<const std::uint8_t> bytes, std::uint32_t before = 0) {
  if (!std::is_constant_evaluated()) return detail::crc32c_here(bytes, before);
  return detail::crc(detail::kCrc32cTables, bytes, before);
}
/// CRC-32 of bytes, as zlib and gzip have it: of "123456789" it is 0xcbf43926.
constexpr std::uint32_t crc32(std::span<const std::uint8_t> bytes, std::uint32_t before = 0) {
  return detail::crc(detail::kCrc32Tables, bytes, before);
}

}  // namespace transom
