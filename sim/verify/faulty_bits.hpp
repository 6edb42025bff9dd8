// faulty_bits.hpp — a bit reader with a fault in it, for what-if runs of the model.
//
// Two kinds of fault. Bits that never arrive as they should, whatever is read (Remap: the refill);
// and fields that are taken wrongly, whatever the bits are (FieldRule: the shifter).
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>
#include <span>

#include "transom/base/bits.hpp"
#include "transom/coder/arith.hpp"

namespace transom::verify {

inline constexpr std::uint64_t kNever = std::numeric_limits<std::uint64_t>::max();

/// Bits from..until of a stream are not what they should be.
struct Remap {
  enum class Kind : std::uint8_t {
    kMoved,  ///< bit b is what bit b + by should be
    kZero,
    kSwapped  ///< the `by` / 8 bytes of each word of `by` bits come in opposite order
  };
  Kind kind = Kind::kMoved;
  std::uint64_t from = kNever;
  std::uint64_t until = kNever;
  std::int64_t by = 0;

  bool touches(std::uint64_t first, std::uint64_t end) const { return end > from && first < until; }
};

/// How a field of n bits is taken wrongly.
enum class FieldFault : std::uint8_t {
  kNone,
  kConsume,   ///< n + by bits leave the buffer
  kMask,      ///< the field has n + by bits
  kWidth,     ///< both
  kAside,     ///< the field is the n bits that are `by` bits further on
  kReversed,  ///< its first bit comes highest
  kZero,      ///< the field is 0
  kShifted    ///< the field is moved up by `by` bits (down, if negative)
};

/// Which fields are taken wrongly. Field 0 of a symbol stream is the initial state.
struct FieldRule {
  enum class When : std::uint8_t { kOnce, kWidth, kAlways };
  FieldFault fault = FieldFault::kNone;
  When when = When::kOnce;
  int by = 0;
  std::uint64_t field = 0;  ///< kOnce: number of the field
  unsigned width = 0;       ///< kWidth: every field of so many bits
};

class FaultyBits {
 public:
  FaultyBits() = default;
  FaultyBits(std::span<const std::uint32_t> words, std::uint64_t position)
      : words_(words), position_(position) {}

  Remap remap;
  FieldRule rule;
  std::uint64_t field = 0;  ///< number of the one that is read next, to be kept by the caller

  /// @param nbits 0..32
  std::uint32_t read(unsigned nbits) {
    if (rule.fault == FieldFault::kNone || !applies(nbits)) return take(nbits, nbits);
    const auto other = static_cast<unsigned>(std::clamp(static_cast<int>(nbits) + rule.by, 0, 32));
    switch (rule.fault) {
      case FieldFault::kConsume:
        return take(nbits, other);
      case FieldFault::kMask:
        return take(other, nbits);
      case FieldFault::kWidth:
        return take(other, other);
      case FieldFault::kAside:
        return take_aside(nbits);
      case FieldFault::kReversed: {
        const std::uint32_t bits = take(nbits, nbits);
        return nbits <= kArithBits ? reverse_bits(bits, nbits) : bits;
      }
      case FieldFault::kZero:
        return take(nbits, nbits) & 0;
      case FieldFault::kShifted: {
        const std::uint64_t bits = take(nbits, nbits);
        return static_cast<std::uint32_t>(rule.by >= 0 ? bits << rule.by : bits >> -rule.by);
      }
      case FieldFault::kNone:
        break;
    }
    return take(nbits, nbits);
  }

  /// Bits that the reader believes it has read.
  std::uint64_t position() const { return position_; }
  /// Where in the stream the next bit really comes from.
  std::uint64_t source() const {
    if (remap.kind != Remap::Kind::kMoved || !remap.touches(position_, position_ + 1)) {
      return position_;
    }
    return position_ + static_cast<std::uint64_t>(remap.by);
  }
  /// Bits of the stream itself, without any fault.
  std::uint32_t look(std::uint64_t at, unsigned nbits) const {
    std::uint64_t bits = 0;
    const std::uint64_t word = at / kWordBits;
    if (word < words_.size()) bits = words_[word];
    if (word + 1 < words_.size()) bits |= std::uint64_t{words_[word + 1]} << kWordBits;
    return static_cast<std::uint32_t>(bits >> at % kWordBits) & low_bits(nbits);
  }
  void move_to(std::uint64_t position) { position_ = position; }

 private:
  bool applies(unsigned nbits) const {
    switch (rule.when) {
      case FieldRule::When::kOnce:
        return field == rule.field;
      case FieldRule::When::kWidth:
        return field != 0 && nbits == rule.width;
      case FieldRule::When::kAlways:
        return true;
    }
    return false;
  }

  std::uint32_t take(unsigned nbits, unsigned consumed) {
    const std::uint32_t bits = fetch(position_, nbits);
    position_ += consumed;
    return bits;
  }

  std::uint32_t take_aside(unsigned nbits) {
    const std::uint64_t at = position_ + static_cast<std::uint64_t>(std::int64_t{rule.by});
    const std::uint32_t bits = static_cast<std::int64_t>(at) < 0 ? 0 : fetch(at, nbits);
    position_ += nbits;
    return bits;
  }

  std::uint32_t fetch(std::uint64_t at, unsigned nbits) const {
    if (!remap.touches(at, at + nbits)) return look(at, nbits);
    std::uint32_t bits = 0;
    for (unsigned i = 0; i < nbits; ++i) bits |= bit(at + i) << i;
    return bits;
  }
  std::uint32_t bit(std::uint64_t at) const {
    if (at < remap.from || at >= remap.until) return look(at, 1);
    if (remap.kind == Remap::Kind::kZero) return 0;
    if (remap.kind == Remap::Kind::kMoved) {
      return look(at + static_cast<std::uint64_t>(remap.by), 1);
    }
    const auto width = static_cast<std::uint64_t>(remap.by);
    const std::uint64_t byte = at % width / 8;
    return look(at - at % width + (width / 8 - 1 - byte) * 8 + at % 8, 1);
  }

  std::span<const std::uint32_t> words_;
  std::uint64_t position_ = 0;
};

}  // namespace transom::verify
