// histogram.cpp — many bytes to counts.
// SPDX-License-Identifier: Apache-2.0
#include "transom/table/histogram.hpp"

#include <algorithm>
#include <array>
#include <cstring>

namespace transom::detail {

bool count_bytes(std::span<std::uint32_t> counts, std::span<const std::uint8_t> bytes) {
  std::array<std::array<std::uint32_t, 256>, 4> tables{};
  std::size_t i = 0;
  for (; i + 8 <= bytes.size(); i += 8) {
    std::uint64_t eight = 0;
    std::memcpy(&eight, &bytes[i], sizeof eight);
    for (unsigned j = 0; j < 8; ++j) ++tables[j % 4][eight >> 8 * j & 0xff];
  }
  for (; i < bytes.size(); ++i) ++tables[0][bytes[i]];
  const auto sum = [&](std::size_t v) {
    return tables[0][v] + tables[1][v] + tables[2][v] + tables[3][v];
  };
  for (std::size_t v = counts.size(); v < 256; ++v) {
    if (sum(v) != 0) return false;
  }
  for (std::size_t v = 0; v < std::min<std::size_t>(counts.size(), 256); ++v) counts[v] += sum(v);
  return true;
}

}  // namespace transom::detail
