// flow.hpp — the bits of a window whose port is always open, as far as that can be told at once.
//
// A full window takes a word in the clocks in which it drops one, and no other. One that has the
// last word of its stream, and waits for no other, takes none. So its bits can be read where they
// come from.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>

#include "transom/base/spec.hpp"

namespace transom::cycle {

/// @tparam Slots of the window
template <unsigned Slots>
class Flow {
 public:
  /// A full window: its words, and more behind them that it may take.
  void full(const std::uint32_t* words, std::uint64_t n_more, unsigned position) {
    words_ = words;
    n_left_ = n_more;
    position_ = position;
    takes_ = true;
  }
  /// The last words of a stream.
  void rest(const std::uint32_t* words, unsigned n, unsigned position) {
    std::copy_n(words, n, rest_.begin());
    words_ = rest_.data();
    n_left_ = n - 1;
    position_ = position;
  }
  Flow() = default;
  Flow(const Flow&) = delete;
  Flow& operator=(const Flow&) = delete;

  bool goes_on() const { return n_left_ != 0 || !takes_; }
  bool takes() const { return takes_; }
  bool drops() const { return position_ >= kWordBits && n_left_ != 0; }
  /// Up to 16 bits.
  std::uint32_t read(unsigned nbits) {
    const unsigned first = std::min(position_ / kWordBits, Slots - 1);
    const std::uint64_t bits = words_[first] | std::uint64_t{words_[first + 1]} << kWordBits;
    const std::uint64_t mask = (std::uint64_t{1} << nbits) - 1;
    const auto value = static_cast<std::uint32_t>(bits >> position_ % kWordBits & mask);
    position_ += nbits;
    return value;
  }
  /// The clock's edge. @param drop as drops() was before its reads
  void edge(bool drop) {
    words_ += drop;
    n_left_ -= drop;
    position_ -= drop * kWordBits;
  }

  const std::uint32_t* words() const { return words_; }
  unsigned position() const { return position_; }
  unsigned n_dropped_rest() const { return static_cast<unsigned>(words_ - rest_.data()); }

 private:
  const std::uint32_t* words_ = nullptr;
  std::uint64_t n_left_ = 0;  ///< words that can still be dropped
  unsigned position_ = 0;     ///< as the window's
  bool takes_ = false;        ///< a word for each that is dropped
  std::array<std::uint32_t, 2 * Slots + 1> rest_{};
};

}  // namespace transom::cycle
