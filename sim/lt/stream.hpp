// stream.hpp — the streams of the loosely timed view: the model's decoders, some values at a
// time.
//
// Words come into rings while they are read, so that a stream of any length takes little memory, as
// in the hardware. Who decodes has seen to it that the words are there (most_words).
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cassert>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "transom/base/bits.hpp"
#include "transom/base/spec.hpp"
#include "transom/base/stream.hpp"
#include "transom/cycle/stream.hpp"

namespace transom::lt {

/// BitReader over words that are put while it reads.
class RingReader {
 public:
  /// @param capacity words that may be there and not read yet
  explicit RingReader(std::size_t capacity = 1) : ring_(std::bit_ceil(capacity)) {}

  /// A stream of n_words begins; none of them is there.
  void begin(std::uint32_t n_words) {
    n_words_ = n_words;
    n_put_ = 0;
    at_ = {};
  }
  void put(std::uint32_t word) {
    assert(n_put_ - at_.next < ring_.size());
    ring_[n_put_++ & (ring_.size() - 1)] = word;
  }
  std::uint64_t n_put() const { return n_put_; }
  /// Words that left the ring; beyond the end there are as many as the reader wants.
  std::uint64_t n_taken() const { return at_.next; }

  /// Reads from here on, out of registers; the reader has the place again when this one ends.
  class Cursor {
   public:
    explicit Cursor(RingReader& reader)
        : reader_(reader),
          words_(reader.ring_.data()),
          mask_(reader.ring_.size() - 1),
          n_words_(reader.n_words_),
          at_(reader.at_) {}
    Cursor(const Cursor&) = delete;
    Cursor& operator=(const Cursor&) = delete;
    ~Cursor() { reader_.at_ = at_; }
    /// @param nbits 0..32
    std::uint32_t read(unsigned nbits) {
      return at_.read(nbits, n_words_, [this](std::uint64_t i) { return words_[i & mask_]; });
    }

   private:
    RingReader& reader_;
    const std::uint32_t* words_;
    std::uint64_t mask_;
    std::uint64_t n_words_;
    BitCursor at_;
  };

  bool past_end() const { return at_.past_end(n_words_); }
  bool clean_end() const { return at_.clean_end(n_words_); }

 private:
  std::vector<std::uint32_t> ring_;
  std::uint64_t n_words_ = 0;
  std::uint64_t n_put_ = 0;
  BitCursor at_;
};

/// The streams of a unit, whatever its kind.
class Streams {
 public:
  virtual ~Streams() = default;
  /// Words that begin a symbol stream.
  static constexpr unsigned kHeadWords = 2;
  /// Words that a lane's buffer takes ahead of those that its values have wanted.
  static constexpr std::uint64_t kWordsAhead = 2;

  RingReader& symbols(std::size_t s) { return readers_[2 * s]; }
  RingReader& offsets(std::size_t s) { return readers_[2 * s + 1]; }
  RingReader& reader(std::size_t channel) { return readers_[channel]; }

  virtual void load(unsigned table_log, std::span<const std::uint32_t> table,
                    std::span<const std::uint32_t> rows) = 0;
  /// Words that n values take from a channel at most, with these tables.
  std::uint64_t most_words(std::size_t channel, std::uint64_t n_values) const {
    return (n_values * most_bits_[channel % 2] + kWordBits - 1) / kWordBits;
  }
  /// Values that n_words words of a channel are enough for.
  std::uint64_t least_values(std::size_t channel, std::uint64_t n_words) const {
    return n_words * kWordBits / std::max(most_bits_[channel % 2], 1u);
  }
  /// Before the first value of a stream; its head is there.
  virtual void start(std::size_t s) = 0;
  /// The next n_values (of pairs: an even number, but at a stream's end) of a stream.
  virtual void decode(std::size_t s, std::uint32_t n_values, value_t* values,
                      std::size_t stride) = 0;
  /// After the last value; `n_values` of them in all.
  virtual Status end(std::size_t s, std::uint32_t n_values) const = 0;

 protected:
  Streams(std::size_t n_streams, std::size_t capacity)
      : readers_(2 * n_streams, RingReader(capacity)) {}

  std::vector<RingReader> readers_;
  std::array<unsigned, 2> most_bits_{};  ///< most bits of a value's symbol, and of its offset
};

/// @param capacity words of each ring
std::unique_ptr<Streams> make_lt_streams(const unit::UnitShape& shape, std::size_t capacity);

}  // namespace transom::lt
