// walk.hpp — the values of several streams, last to first, in one loop: how stack coders encode.
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

/// Calls step(g, value) for values last - 1 .. first of the streams s + g, in turn.
template <class T, class Step, unsigned... g>
[[gnu::always_inline]] inline void walk_back(const StreamLayout& layout, const T* values,
                                             std::uint32_t s, std::uint64_t first,
                                             std::uint64_t last, Step&& step,
                                             std::integer_sequence<unsigned, g...>) {
  const std::uint64_t k = layout.chunk;
  const std::uint64_t stride = k == 1 ? layout.n_streams : 1;
  while (first < last) {
    const std::uint64_t n = k == 1 ? last - first : std::min(last - first, (last - 1) % k + 1);
    std::uint64_t at = layout.index(s, last - 1);
    for (std::uint64_t i = 0; i < n; ++i, at -= stride) (step(g, values[at + g * k]), ...);
    last -= n;
  }
}

}  // namespace transom::fast
