// crc32.cpp — CRC-32C by the processor's instruction.
// SPDX-License-Identifier: Apache-2.0
#include "transom/base/crc32.hpp"

#include "transom/base/isa.hpp"

#ifdef TRANSOM_HAS_X86
#include <nmmintrin.h>

#include <array>
#include <cstring>
#endif

namespace transom::detail {
namespace {

#ifdef TRANSOM_HAS_X86
constexpr std::size_t kPiece = 1024;  ///< bytes

using AheadTables = std::array<std::array<std::uint32_t, 256>, 4>;
/// What a register becomes over kPiece zero bytes, as the sum of what its bytes become.
constexpr AheadTables make_ahead_tables() {
  AheadTables tables{};
  for (std::size_t i = 0; i < 4; ++i) {
    for (std::size_t bit = 0; bit < 8; ++bit) {
      std::uint32_t crc = std::uint32_t{1} << (8 * i + bit);
      for (std::size_t n = 0; n < kPiece; n += 4) {
        std::uint32_t next = 0;
        for (std::size_t j = 0; j < 4; ++j) next ^= kCrc32cTables[3 - j][crc >> 8 * j & 0xff];
        crc = next;
      }
      for (std::size_t byte = 0; byte < 256; ++byte) {
        if ((byte >> bit & 1) != 0) tables[i][byte] ^= crc;
      }
    }
  }
  return tables;
}
constexpr AheadTables kAhead = make_ahead_tables();

std::uint64_t ahead(std::uint64_t crc) {
  std::uint32_t sum = 0;
  for (std::size_t i = 0; i < 4; ++i) sum ^= kAhead[i][crc >> 8 * i & 0xff];
  return sum;
}

std::uint64_t eight_at(std::span<const std::uint8_t> bytes, std::size_t i) {
  std::uint64_t eight;
  std::memcpy(&eight, &bytes[i], sizeof eight);
  return eight;
}

/// Three pieces at a time: the instruction can begin in each clock and ends after three.
[[gnu::target("sse4.2")]] std::uint32_t crc32c_sse42(std::span<const std::uint8_t> bytes,
                                                     std::uint32_t before) {
  std::uint64_t crc = static_cast<std::uint32_t>(~before);
  std::size_t i = 0;
  for (; i + 3 * kPiece <= bytes.size(); i += 3 * kPiece) {
    std::uint64_t second = 0, third = 0;
    for (std::size_t j = i; j < i + kPiece; j += 8) {
      crc = _mm_crc32_u64(crc, eight_at(bytes, j));
      second = _mm_crc32_u64(second, eight_at(bytes, j + kPiece));
      third = _mm_crc32_u64(third, eight_at(bytes, j + 2 * kPiece));
    }
    crc = ahead(ahead(crc) ^ second) ^ third;
  }
  for (; i + 8 <= bytes.size(); i += 8) crc = _mm_crc32_u64(crc, eight_at(bytes, i));
  auto last = static_cast<std::uint32_t>(crc);
  for (; i < bytes.size(); ++i) last = _mm_crc32_u8(last, bytes[i]);
  return ~last;
}
#endif

}  // namespace

std::uint32_t crc32c_here(std::span<const std::uint8_t> bytes, std::uint32_t before) {
#ifdef TRANSOM_HAS_X86
  if (isa() >= Isa::kBmi2) return crc32c_sse42(bytes, before);
#endif
  return crc(kCrc32cTables, bytes, before);
}

}  // namespace transom::detail
