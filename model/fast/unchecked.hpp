// unchecked.hpp — bits of a stream, read where it is known that they are there.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "transom/base/bits.hpp"

namespace transom {

/// Reads as BitReader does, from any position on, and does not ask whether the words hold it: for
/// as many bits as bits_ahead() tells. A read looks at two words.
class UncheckedBits {
 public:
  /// @param position of the next bit
  UncheckedBits(const std::uint32_t* words, std::uint64_t position)
      : words_(words), position_(position) {}

  /// @param nbits 0..32
  std::uint32_t read(unsigned nbits) {
    const std::uint32_t* at = words_ + position_ / kWordBits;
    const std::uint64_t two = std::uint64_t{at[1]} << kWordBits | at[0];
    const std::uint64_t mask = (std::uint64_t{1} << nbits) - 1;
    const std::uint64_t value = two >> position_ % kWordBits & mask;
    position_ += nbits;
    return static_cast<std::uint32_t>(value);
  }
  std::uint64_t position() const { return position_; }

 private:
  const std::uint32_t* words_;
  std::uint64_t position_;
};

/// Bits that the words hold from `position` on, the words to which a read of them looks included.
inline std::uint64_t bits_ahead(std::span<const std::uint32_t> words, std::uint64_t position) {
  const std::uint64_t end = words.empty() ? 0 : (words.size() - 1) * std::uint64_t{kWordBits};
  return position < end ? end - 1 - position : 0;
}

/// What an UncheckedBits looks at: the words; two others where steps take no bits, as there may be
/// no words at all.
inline const std::uint32_t* readable(std::span<const std::uint32_t> words, unsigned most) {
  static constexpr std::array<std::uint32_t, 2> kNothing{};
  return most == 0 ? kNothing.data() : words.data();
}

}  // namespace transom
