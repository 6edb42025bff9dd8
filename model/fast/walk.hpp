// walk.hpp — where the values of several streams lie that one loop takes.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>
#include <utility>

#include "transom/base/stream.hpp"

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

}  // namespace transom::fast
