// raw.hpp — raw values: a stream of them is its values in W bits each, which are bytes or become
// some.
//
// Chunks of 1, 2, 4 or 8 bytes are units that go between a tensor and its streams one by one; bytes
// in tiles of 16 streams by 8 values, by the compiler's vectors. Larger chunks are copied.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <bit>
#include <cstdint>
#include <cstring>
#include <span>
#include <type_traits>
#include <vector>

#include "transom/base/bits.hpp"
#include "transom/base/stream.hpp"

namespace transom {
namespace fast {

/// Sixteen bytes: 8 streams' units of two values, or a line of 16 streams.
using Bytes16 = std::uint8_t __attribute__((vector_size(16)));

/// 16 lines of 8 bytes to 8 lines of 16, or back: three times, bytes of the first half and of the
/// second by turns.
template <bool kLower>
[[gnu::always_inline]] inline void by_turns(Bytes16& to, const Bytes16& a, const Bytes16& b) {
  if constexpr (kLower) {
    to = __builtin_shufflevector(a, b, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
  } else {
    to =
        __builtin_shufflevector(a, b, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
  }
}
/// Byte j of vector i, a place of 7 bits, goes where the place's bits are rotated by one.
[[gnu::always_inline]] inline void rotate_places(Bytes16 (&v)[8]) {
  Bytes16 to[8];
  for (unsigned i = 0; i < 4; ++i) {
    by_turns<true>(to[2 * i], v[i], v[i + 4]);
    by_turns<false>(to[2 * i + 1], v[i], v[i + 4]);
  }
  for (unsigned i = 0; i < 8; ++i) v[i] = to[i];
}

/// Units number first..end-1 of streams, each `from` its stream's bytes, to lines of all streams;
/// or the other way.
template <bool kToStreams, class Unit>
void move_units(std::span<std::uint8_t* const> streams, std::uint8_t* lines, std::uint64_t first,
                std::uint64_t end) {
  const std::uint64_t N = streams.size();
  for (std::size_t s = 0; s < N; ++s) {
    std::uint8_t* stream = streams[s] + first * sizeof(Unit);
    std::uint8_t* line = lines + (first * N + s) * sizeof(Unit);
    for (std::uint64_t i = first; i < end; ++i) {
      std::memcpy(kToStreams ? stream : line, kToStreams ? line : stream, sizeof(Unit));
      stream += sizeof(Unit);
      line += N * sizeof(Unit);
    }
  }
}
/// The same of 8 bytes of each of 16 streams.
template <bool kToStreams>
void move_tile(std::uint8_t* const* streams, std::uint8_t* lines, std::uint64_t N,
               std::uint64_t first) {
  Bytes16 v[8];
  if constexpr (kToStreams) {
    for (unsigned i = 0; i < 8; ++i) std::memcpy(&v[i], lines + (first + i) * N, 16);
    for (unsigned i = 0; i < 3; ++i) rotate_places(v);
  } else {
    for (unsigned i = 0; i < 16; ++i) {
      std::memcpy(reinterpret_cast<std::uint8_t*>(v) + i * 8, streams[i] + first, 8);
    }
    for (unsigned i = 0; i < 4; ++i) rotate_places(v);
  }
  if constexpr (kToStreams) {
    for (unsigned i = 0; i < 16; ++i) {
      std::memcpy(streams[i] + first, reinterpret_cast<const std::uint8_t*>(v) + i * 8, 8);
    }
  } else {
    for (unsigned i = 0; i < 8; ++i) std::memcpy(lines + (first + i) * N, &v[i], 16);
  }
}
template <bool kToStreams>
void move_bytes(std::span<std::uint8_t* const> streams, std::uint8_t* lines, std::uint64_t n) {
  constexpr std::uint64_t kBlock = 64;  // a cache line of each stream
  const std::uint64_t N = streams.size();
  const std::size_t in_tiles = N / 16 * 16;
  for (std::uint64_t first = 0; first < n; first += kBlock) {
    const std::uint64_t end = std::min(n, first + kBlock);
    const std::uint64_t tiled = first + (end - first) / 8 * 8;
    for (std::uint64_t i = first; i < tiled; i += 8) {
      for (std::size_t s = 0; s < in_tiles; s += 16) {
        move_tile<kToStreams>(&streams[s], lines + s, N, i);
      }
    }
    for (std::size_t s = 0; s < N; ++s) {
      for (std::uint64_t i = s < in_tiles ? tiled : first; i < end; ++i) {
        std::uint8_t& of_stream = streams[s][i];
        std::uint8_t& of_line = lines[i * N + s];
        if constexpr (kToStreams) {
          of_stream = of_line;
        } else {
          of_line = of_stream;
        }
      }
    }
  }
}

/// All values of a tensor of `size` bytes each, from its streams' bytes or to them.
template <bool kToStreams>
void move_values(std::span<std::uint8_t* const> streams, const StreamLayout& layout,
                 std::size_t size, std::uint8_t* values) {
  const std::uint64_t N = layout.n_streams;
  const std::uint64_t chunk = std::uint64_t{layout.chunk} * size;
  const std::uint64_t n_bytes = std::uint64_t{layout.n_values} * size;
  const auto copy = [](std::uint8_t* stream, std::uint8_t* value, std::uint64_t n) {
    std::memcpy(kToStreams ? stream : value, kToStreams ? value : stream, n);
  };
  std::uint64_t rounds = 0;
  const auto units = [&](auto unit) {
    constexpr std::uint64_t kBlock = 32;  // some lines in the nearest cache
    rounds = n_bytes / (N * chunk);
    for (std::uint64_t i = 0; i < rounds; i += kBlock) {
      move_units<kToStreams, decltype(unit)>(streams, values, i, std::min(rounds, i + kBlock));
    }
  };
  if (n_bytes == 0) return;
  if (N == 1) return copy(streams[0], values, n_bytes);
  if (chunk == 1) {
    rounds = n_bytes / N;
    move_bytes<kToStreams>(streams, values, rounds);
  } else if (chunk == 2) {
    units(std::uint16_t{});
  } else if (chunk == 4) {
    units(std::uint32_t{});
  } else if (chunk == 8) {
    units(std::uint64_t{});
  }
  std::uint64_t number = rounds * N;
  for (std::uint64_t at = number * chunk; at < n_bytes; at += chunk, ++number) {
    copy(streams[number % N] + number / N * chunk, values + at, std::min(chunk, n_bytes - at));
  }
}

/// Whether values of W bits lie in words as they lie in memory.
template <class T>
constexpr bool are_bytes(unsigned W) {
  return W == 8 * sizeof(T) && std::endian::native == std::endian::little;
}

/// n values of W bits each from words that hold them.
template <class T>
void unpack(const std::uint32_t* words, std::uint64_t n, unsigned W, T* values) {
  if (are_bytes<T>(W)) {
    if (n != 0) std::memcpy(values, words, n * sizeof(T));
    return;
  }
  if constexpr (sizeof(T) == 1 && std::endian::native == std::endian::little) {
    if (W == 4) {
      const auto* bytes = reinterpret_cast<const std::uint8_t*>(words);
      for (std::uint64_t i = 0; i < n / 2; ++i) {
        values[2 * i] = bytes[i] & 0xf;
        values[2 * i + 1] = static_cast<T>(bytes[i] >> 4);
      }
      if (n % 2 != 0) values[n - 1] = bytes[n / 2] & 0xf;
      return;
    }
  }
  std::uint64_t buffer = 0;
  unsigned n_buffer = 0;
  for (std::uint64_t i = 0; i < n; ++i) {
    if (n_buffer < W) {
      buffer |= std::uint64_t{*words++} << n_buffer;
      n_buffer += kWordBits;
    }
    values[i] = static_cast<T>(buffer & low_bits(W));
    buffer >>= W;
    n_buffer -= W;
  }
}
/// The inverse: values below 2^W, and words for all of them.
template <class T>
void pack(const T* values, std::uint64_t n, unsigned W, std::uint32_t* words) {
  if (are_bytes<T>(W)) {
    if (n != 0) std::memcpy(words, values, n * sizeof(T));
    return;
  }
  if constexpr (sizeof(T) == 1 && std::endian::native == std::endian::little) {
    if (W == 4) {
      auto* bytes = reinterpret_cast<std::uint8_t*>(words);
      for (std::uint64_t i = 0; i < n / 2; ++i) {
        bytes[i] = static_cast<T>(values[2 * i] | values[2 * i + 1] << 4);
      }
      if (n % 2 != 0) bytes[n / 2] = values[n - 1];
      return;
    }
  }
  std::uint64_t buffer = 0;
  unsigned n_buffer = 0;
  for (std::uint64_t i = 0; i < n; ++i) {
    buffer |= std::uint64_t{values[i]} << n_buffer;
    n_buffer += W;
    if (n_buffer >= kWordBits) {
      *words++ = static_cast<std::uint32_t>(buffer);
      buffer >>= kWordBits;
      n_buffer -= kWordBits;
    }
  }
  if (n_buffer != 0) *words = static_cast<std::uint32_t>(buffer);
}

/// Values of all streams, one stream after the other: their own words where these have the values
/// in bytes, or memory for them.
template <class T>
class StreamValues {
 public:
  template <class Words>
  StreamValues(std::span<Words> words, const StreamLayout& layout, unsigned W)
      : own_(are_bytes<T>(W)) {
    if (!own_) memory_.resize(layout.n_values);
    std::uint64_t first = 0;
    for (std::uint32_t s = 0; s < layout.n_streams; ++s) {
      // Streams that are only read are moved by what could write them.
      bytes_.push_back(reinterpret_cast<std::uint8_t*>(
          own_ ? const_cast<std::uint32_t*>(words[s].offsets.data())
               : reinterpret_cast<std::uint32_t*>(memory_.data() + first)));
      first += layout.stream_values(s);
    }
  }
  bool own() const { return own_; }
  T* values(std::uint32_t s) const { return reinterpret_cast<T*>(bytes_[s]); }
  std::span<std::uint8_t* const> bytes() const { return bytes_; }

 private:
  bool own_;
  std::vector<T> memory_;
  std::vector<std::uint8_t*> bytes_;
};

}  // namespace fast

/// Raw values from their streams, as decode_stream() with a row of all values gives them. @returns
/// whether it did: not where a stream lacks words, which read as zeros.
template <class T>
bool decode_raw(std::span<const StreamWords> words, const StreamLayout& layout, unsigned W,
                T* values, std::vector<Status>& statuses) {
  statuses.clear();
  for (std::uint32_t s = 0; s < layout.n_streams; ++s) {
    const BitReader offsets(words[s].offsets, std::uint64_t{layout.stream_values(s)} * W);
    if (offsets.past_end()) return false;
    statuses.push_back(stream_status(true, BitReader(words[s].symbols), offsets));
  }
  const fast::StreamValues<T> streams(words, layout, W);
  for (std::uint32_t s = 0; s < layout.n_streams && !streams.own(); ++s) {
    fast::unpack(words[s].offsets.data(), layout.stream_values(s), W, streams.values(s));
  }
  fast::move_values<false>(streams.bytes(), layout, sizeof(T),
                           reinterpret_cast<std::uint8_t*>(values));
  return true;
}

/// The inverse: the offset words of the streams.
template <class T>
void encode_raw(const T* values, const StreamLayout& layout, unsigned W,
                std::span<StreamWords> words) {
  for (std::uint32_t s = 0; s < layout.n_streams; ++s) {
    const std::uint64_t n_bits = std::uint64_t{layout.stream_values(s)} * W;
    words[s].offsets.assign((n_bits + kWordBits - 1) / kWordBits, 0);
  }
  const fast::StreamValues<T> streams(words, layout, W);
  fast::move_values<true>(streams.bytes(), layout, sizeof(T),
                          reinterpret_cast<std::uint8_t*>(const_cast<T*>(values)));
  for (std::uint32_t s = 0; s < layout.n_streams && !streams.own(); ++s) {
    fast::pack(streams.values(s), layout.stream_values(s), W, words[s].offsets.data());
  }
}

}  // namespace transom
