// crc32.cpp — CRC-32C by the processor's instruction.
// SPDX-License-Identifier: Apache-2.0
#include "transom/base/crc32.hpp"

#include "transom/base/isa.hpp"

#ifdef TRANSOM_HAS_X86
#include <nmmintrin.h>

#include <cstring>
#endif

namespace transom::detail {
namespace {

#ifdef TRANSOM_HAS_X86
[[gnu::target("sse4.2")]] std::uint32_t crc32c_sse42(std::span<const std::uint8_t> bytes,
                                                     std::uint32_t before) {
  std::uint64_t crc = static_cast<std::uint32_t>(~before);
  std::size_t i = 0;
  for (; i + 8 <= bytes.size(); i += 8) {
    std::uint64_t eight;
    std::memcpy(&eight, &bytes[i], sizeof eight);
    crc = _mm_crc32_u64(crc, eight);
  }
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
