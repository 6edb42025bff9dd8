// tally.hpp — SHA-256, CRC-32C and counts of bytes, in one reading of them.
//
// The rounds of SHA-256 wait for each other and leave a processor idle: where it has instructions
// for them, the other two are taken in between and cost next to nothing.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "transom/golden/tally/sha256.hpp"

namespace transom::golden {

class Tally {
 public:
  Tally();
  /// Bytes that are hashed only, as a header is.
  void hash(std::span<const std::uint8_t> bytes);
  /// Bytes that are counted, too.
  /// @param crc of those before them, and then of all
  void add(std::span<const std::uint8_t> bytes, std::span<std::uint32_t, 256> counts,
           std::uint32_t& crc);
  /// Ends the hash, of all bytes: 64 lower-case digits.
  std::string hex();

 private:
  std::array<std::uint32_t, 8> state_{0x6a09'e667, 0xbb67'ae85, 0x3c6e'f372, 0xa54f'f53a,
                                      0x510e'527f, 0x9b05'688c, 0x1f83'd9ab, 0x5be0'cd19};
  std::array<std::uint8_t, 64> begun_{};  ///< the first bytes of a block
  std::uint64_t n_bytes_ = 0;
  /// Where the processor has no instructions. Elsewhere the library is not asked: it takes longer
  /// to begin than to hash a small trace.
  std::optional<Sha256> elsewhere_;
};

}  // namespace transom::golden
