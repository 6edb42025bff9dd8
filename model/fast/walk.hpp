// walk.hpp — where the values of several streams lie that one loop takes.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <type_traits>
#include <utility>
#include <vector>

#include "transom/base/stream.hpp"
#include "transom/fast/lanes.hpp"

namespace transom::fast {

/// Values that all streams of a layout have: those beyond are of the last round.
inline std::uint64_t values_of_each(const StreamLayout& layout) {
  return layout.n_values / (std::uint64_t{layout.n_streams} * layout.chunk) * layout.chunk;
}

/// Values last - 1 .. first of stream s, as stack coders encode: calls take(at, n, stride) for n of
/// them at the places at, at - stride, .. of the tensor. The next stream's are a chunk further.
template <class Take>
[[gnu::always_inline]] inline void stretches_back(const StreamLayout& layout, std::uint32_t s,
                                                  std::uint64_t first, std::uint64_t last,
                                                  Take&& take) {
  const std::uint64_t k = layout.chunk;
  const std::uint64_t stride = k == 1 ? layout.n_streams : 1;
  while (first < last) {
    const std::uint64_t n = k == 1 ? last - first : std::min(last - first, (last - 1) % k + 1);
    take(layout.index(s, last - 1), n, stride);
    last -= n;
  }
}

/// Values of streams whose chunks are longer than one, copied so that those of a step lie beside
/// each other, as a loop in vectors reads them.
template <class T>
class SideBySide {
 public:
  /// Values last - 1 .. first, first < last, of the n streams from s on.
  /// @returns where value last - 1 of stream s is; before it is, n values further, the one before
  const T* take(const StreamLayout& layout, const T* values, std::uint32_t s, unsigned n,
                std::uint64_t first, std::uint64_t last) {
    const std::uint64_t n_values = last - first;
    if (rows_.size() < n_values * n) rows_.resize(n_values * n);
    T* end = rows_.data() + n_values * n;
    stretches_back(layout, s, first, last,
                   [&](std::uint64_t i, std::uint64_t length, std::uint64_t) {
                     end -= length * n;
                     copy(values + (i + 1 - length), layout.chunk, length, end, n);
                   });
    return rows_.data() + (n_values - 1) * n;
  }

 private:
  static constexpr unsigned kSideLog = 3, kSide = 1 << kSideLog;
  using Bytes = std::uint8_t __attribute__((vector_size(kSide)));
  using Halfwords = std::uint16_t __attribute__((vector_size(2 * kSide)));
  using Side = std::conditional_t<sizeof(T) == 1, Bytes, Halfwords>;

  /// Value (r, c) of the tile goes to the place whose number is r c, of six bits, rotated by one:
  /// in three turns to (c, r).
  static void turn(Side (&tile)[kSide]) {
    Side to[kSide];
    for (unsigned i = 0; i < kSide / 2; ++i) {
      const Side a = tile[i], b = tile[i + kSide / 2];
      to[2 * i] = __builtin_shufflevector(a, b, 0, 8, 1, 9, 2, 10, 3, 11);
      to[2 * i + 1] = __builtin_shufflevector(a, b, 4, 12, 5, 13, 6, 14, 7, 15);
    }
    std::copy(to, to + kSide, tile);
  }

  /// `length` values of each stream, `from` of the first one, `chunk` values further of the next.
  static void copy(const T* from, std::uint64_t chunk, std::uint64_t length, T* to, unsigned n) {
    static_assert(kLeastLanes % kSide == 0);
    for (unsigned g = 0; g < n; g += kSide) {
      const T* const streams = from + g * chunk;
      T* const column = to + g;
      std::uint64_t j = 0;
      for (; j + kSide <= length; j += kSide) {
        Side tile[kSide];
        for (unsigned i = 0; i < kSide; ++i)
          std::memcpy(&tile[i], streams + (i * chunk + j), sizeof tile[i]);
        for (unsigned bit = 0; bit < kSideLog; ++bit) turn(tile);
        for (unsigned i = 0; i < kSide; ++i)
          std::memcpy(column + (j + i) * n, &tile[i], sizeof tile[i]);
      }
      for (; j < length; ++j) {
        for (unsigned i = 0; i < kSide; ++i) column[j * n + i] = streams[i * chunk + j];
      }
    }
  }

  std::vector<T> rows_;  ///< of n values each
};

}  // namespace transom::fast
