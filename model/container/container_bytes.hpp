// container_bytes.hpp — the bytes of a container, as they are written and read. Not a public
// header.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "transom/base/crc32.hpp"
#include "transom/base/spec.hpp"
#include "transom/container/container_layout.hpp"
#include "transom/container/container_reader.hpp"

namespace transom::layout {

/// Bytes, little-endian.
class ByteWriter {
 public:
  void u8(std::uint32_t v) { bytes_.push_back(static_cast<std::uint8_t>(v)); }
  void u16(std::uint32_t v) { u8(v), u8(v >> 8); }
  void u32(std::uint32_t v) { u16(v), u16(v >> 16); }
  void words(std::span<const std::uint32_t> ws) {
    if constexpr (std::endian::native == std::endian::little) {
      const auto* const from = reinterpret_cast<const std::uint8_t*>(ws.data());
      bytes_.insert(bytes_.end(), from, from + ws.size_bytes());
    } else {
      for (const std::uint32_t w : ws) u32(w);
    }
  }
  void bytes(std::string_view text) { bytes_.insert(bytes_.end(), text.begin(), text.end()); }
  void zeros_to(std::size_t size) { bytes_.resize(std::max(size, bytes_.size())); }
  void pad_to_word(std::size_t since) { zeros_to(since + round_up_to_word(size() - since)); }
  void reserve(std::size_t size) { bytes_.reserve(size); }
  std::size_t size() const { return bytes_.size(); }
  std::uint32_t crc(std::size_t since) const { return crc32c(std::span(bytes_).subspan(since)); }
  std::vector<std::uint8_t> take() { return std::move(bytes_); }

 private:
  std::vector<std::uint8_t> bytes_;
};

/// What stops a parse; caught in parse_container and nowhere else.
struct Damage {
  Status status;
  std::string what;
};

/// Bytes that are all there, or those of a source from the last drop() on.
class ByteReader {
 public:
  explicit ByteReader(std::span<const std::uint8_t> bytes)
      : bytes_(bytes), n_bytes_(bytes.size()) {}
  ByteReader(std::uint64_t n_bytes, FetchBytes fetch)
      : n_bytes_(n_bytes), fetch_(std::move(fetch)) {}

  std::uint32_t u8(const char* field) { return take(1, field)[0]; }
  std::uint32_t u16(const char* field) {
    const auto b = take(2, field);
    return b[0] | std::uint32_t{b[1]} << 8;
  }
  std::uint32_t u32(const char* field) {
    const auto b = take(4, field);
    return b[0] | std::uint32_t{b[1]} << 8 | std::uint32_t{b[2]} << 16 | std::uint32_t{b[3]} << 24;
  }
  std::vector<std::uint32_t> words(std::size_t n, const char* field) {
    const auto b = take(n, 4, field);
    std::vector<std::uint32_t> out(n);
    std::copy_n(b.data(), 4 * n, reinterpret_cast<std::uint8_t*>(out.data()));
    if constexpr (std::endian::native == std::endian::big) {
      for (std::uint32_t& word : out) word = __builtin_bswap32(word);
    }
    return out;
  }
  std::string text(std::size_t n, const char* field) {
    const auto b = take(n, field);
    return {b.begin(), b.end()};
  }
  /// `n` bytes that must be zero.
  void zeros(std::size_t n, const char* field) {
    const auto b = take(n, field);
    const auto bad = std::find_if(b.begin(), b.end(), [](std::uint8_t v) { return v != 0; });
    if (bad != b.end()) fail(Status::kBadHeader, field, "must be zero");
  }

  void expect_end() {
    field_at_ = at_;
    if (left() != 0) fail(Status::kTrailing, "end", "bytes follow the last tensor");
  }

  /// The next n words as a reader of their own; this one goes on behind them.
  ByteReader part(std::size_t n_words, const char* field) {
    take(n_words, 4, field);
    ByteReader part(bytes_.first(at_));
    part.at_ = at_ - 4 * n_words;
    return part;
  }

  std::size_t at() const { return at_; }
  std::size_t left() const { return n_bytes_ - at_; }
  /// What was read is not asked for again: no checksum begins before here. Little of it stays.
  void drop() {
    if (!fetch_ || at_ - first_ < kAhead) return;
    held_.erase(held_.begin(), held_.begin() + static_cast<std::ptrdiff_t>(at_ - first_));
    first_ = at_;
    bytes_ = held_;
  }
  void check_is_crc(std::uint32_t crc, const char* field, std::size_t since,
                    const char* why) const {
    if (crc32c(bytes_.subspan(since - first_, at_ - since)) != crc)
      fail(Status::kBadChecksum, field, why);
  }
  /// The next word is the checksum of all from `since` to it.
  void check_crc(const char* field, std::size_t since, const char* why) {
    const std::uint32_t crc = crc32c(bytes_.subspan(since - first_, at_ - since));
    if (u32(field) != crc) fail(Status::kBadChecksum, field, why);
  }

  [[noreturn]] void fail(Status status, const std::string& field, const std::string& why) const {
    throw Damage{status, "byte " + std::to_string(field_at_) + ": " + context + field + ": " + why};
  }
  void check(bool ok, const char* field, const std::string& why) const {
    if (!ok) fail(Status::kBadHeader, field, why);
  }

  std::string context;  ///< "tensor 3 'conv1': "

 private:
  std::span<const std::uint8_t> take(std::size_t n, const char* field) { return take(n, 1, field); }
  std::span<const std::uint8_t> take(std::size_t n, std::size_t size, const char* field) {
    field_at_ = at_;
    if (n > left() / size) {
      fail(Status::kTruncated, field,
           "needs " + std::to_string(n) + (size == 1 ? " bytes, " : " words, ") +
               std::to_string(left()) + " bytes are left");
    }
    hold(n * size);
    const auto out = bytes_.subspan(at_ - first_, n * size);
    at_ += n * size;
    return out;
  }
  /// The next n bytes are there.
  void hold(std::size_t n) {
    const std::size_t end = at_ - first_ + n;
    if (end <= bytes_.size()) return;
    fetch_(std::min(std::max(end - bytes_.size(), kAhead), n_bytes_ - first_ - bytes_.size()),
           held_);
    bytes_ = held_;
  }

  static constexpr std::size_t kAhead = std::size_t{1} << 16;

  std::span<const std::uint8_t> bytes_;  ///< from first_ on
  std::size_t n_bytes_;                  ///< in all
  FetchBytes fetch_ = {};
  std::vector<std::uint8_t> held_ = {};
  std::size_t first_ = 0;
  std::size_t at_ = 0;
  std::size_t field_at_ = 0;  ///< where the last field that was taken begins
};

/// The fields that both versions have.
inline DType read_dtype(ByteReader& in) {
  const std::uint32_t type = in.u8("value bits");
  const DType integers{static_cast<std::uint8_t>(type & 0x1f), type >> 5 == 1};
  in.check(integers.exists(), "value bits", std::to_string(type & 0x1f) + " must be 1..16");
  if (type >> 5 < 2) return integers;
  const std::size_t number = (type >> 5) - 2;
  in.check(number < kFloatTypes.size(), "value bits",
           "float type " + std::to_string(number) + " is not known");
  const DType floats = float_dtype(number);
  in.check(floats.bits == integers.bits, "value bits",
           std::to_string(integers.bits) + " are not those of " + type_name(floats));
  return floats;
}
inline std::size_t read_name_bytes(ByteReader& in) {
  const std::size_t name_bytes = in.u16("name bytes");
  in.check(name_bytes <= kMaxNameBytes, "name bytes", "more than " + std::to_string(kMaxNameBytes));
  return name_bytes;
}
inline void check_dims(const ByteReader& in, std::uint32_t n_dims) {
  in.check(n_dims <= kMaxDims, "dimensions",
           std::to_string(n_dims) + " is over " + std::to_string(kMaxDims));
}
/// @return the number of values
inline std::uint32_t read_shape(ByteReader& in, std::uint32_t n_dims, CodedTensor& tensor) {
  tensor.shape = in.words(n_dims, "shape");
  const auto n = n_values(tensor.shape);
  in.check(n.has_value(), "shape", "has 2^32 values or more");
  return *n;
}
inline void read_name(ByteReader& in, std::size_t name_bytes, CodedTensor& tensor) {
  tensor.name = in.text(name_bytes, "name");
  in.check(is_printable(tensor.name), "name", "is not printable UTF-8");
  in.zeros(round_up_to_word(name_bytes) - name_bytes, "name padding");
}

/// A record of version 1, without what follows its header's checksum.
struct Record {
  CodedTensor tensor;  ///< without streams
  std::uint32_t n_streams = 0;
  std::vector<std::uint32_t> directory;
  std::size_t payload_words = 0;
  std::size_t n_padding = 0;

  std::uint64_t n_values() const { return tensor.layout().n_values; }
};
/// Magic, version and what is reserved.
std::uint16_t read_version(ByteReader& in);
Record read_head(ByteReader& in, std::size_t number);
/// All streams, and the padding.
void read_payload(ByteReader& in, Record& record);
StreamWords read_stream(ByteReader& in, const Record& record, std::size_t stream);
/// @param words the last of a raw payload
void check_last_raw(const ByteReader& in, const Record& record,
                    std::span<const std::uint32_t> words);

/// Behind the version and the number of tensors: all of version 2.
std::vector<CodedTensor> read_wide_tensors(ByteReader& in, std::uint32_t n_tensors);

}  // namespace transom::layout
