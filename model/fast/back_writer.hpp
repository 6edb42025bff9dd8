// back_writer.hpp — a stream written from its end, as stack coders make it: several bytes at a
// time.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <vector>

#include "transom/base/spec.hpp"
#include "transom/fast/encode_lanes.hpp"

namespace transom::fast {

/// Bytes that a writer may touch before and behind the room for its stream.
inline constexpr std::size_t kWriterSlack = 8;

/// Bit 0 of what is stored is bit 0 of the first byte, on every machine.
inline void store_low_first(std::uint8_t* to, std::uint64_t bits) {
  if constexpr (std::endian::native == std::endian::big) bits = __builtin_bswap64(bits);
  std::memcpy(to, &bits, sizeof bits);
}
inline std::uint64_t load_low_first(const std::uint8_t* from) {
  std::uint64_t bits = 0;
  std::memcpy(&bits, from, sizeof bits);
  return std::endian::native == std::endian::big ? __builtin_bswap64(bits) : bits;
}

/// Prepends fields as StackWriter does, and does not ask whether they are fields or have room.
class BackWriter {
 public:
  BackWriter() = default;
  /// @param end of the room; kWriterSlack bytes of zeros lie behind it
  explicit BackWriter(std::uint8_t* end) : end_(end), at_(end) {}

  /// With what is pending, no more than 64 bits between two flushes: 7 are left by one.
  void prepend(std::uint64_t field, unsigned nbits) {
    pending_ = pending_ << nbits | field;
    n_pending_ += nbits;
  }
  void flush() {
    store_low_first(at_ - 8, pending_ << ((64 - n_pending_) & 63));
    at_ -= n_pending_ / 8;
    n_pending_ &= 7;
  }
  /// A word of 16 bits, if it is `wanted`. No other fields go beside these.
  void prepend_word(std::uint32_t word, bool wanted) {
    store_low_first(at_ - 8, std::uint64_t{word} << 48);
    at_ -= 2 * static_cast<unsigned>(wanted);
  }

  /// As lane g of some.
  void put(LaneOut& lanes, unsigned g) const {
    lanes.at[g] = at_;
    lanes.pending[g] = pending_;
    lanes.n_pending[g] = n_pending_;
  }
  void take(const LaneOut& lanes, unsigned g) {
    at_ = lanes.at[g];
    pending_ = lanes.pending[g];
    n_pending_ = static_cast<unsigned>(lanes.n_pending[g]);
  }

  /// The stream, its last word filled up with zero bits.
  std::vector<std::uint32_t> take() {
    flush();
    const std::uint8_t* const first = n_pending_ == 0 ? at_ : at_ - 1;
    const unsigned shift = (8 - n_pending_) & 7;
    const std::size_t n_bits = 8 * static_cast<std::size_t>(end_ - at_) + n_pending_;
    std::vector<std::uint32_t> words((n_bits + kWordBits - 1) / kWordBits);
    for (std::size_t i = 0; i < words.size(); ++i) {
      words[i] = static_cast<std::uint32_t>(load_low_first(first + 4 * i) >> shift);
    }
    return words;
  }

 private:
  std::uint8_t* end_ = nullptr;
  std::uint8_t* at_ = nullptr;  ///< what is before is not written yet
  std::uint64_t pending_ = 0;   ///< the last field lowest; above n_pending_ bits is what has gone
  unsigned n_pending_ = 0;
};

}  // namespace transom::fast
