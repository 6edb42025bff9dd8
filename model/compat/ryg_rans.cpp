// ryg_rans.cpp — F. Giesen's ryg_rans: its normalisation.
// SPDX-License-Identifier: Apache-2.0
#include "compat/ryg_rans.hpp"

#include <stdexcept>
#include <string>

#include "compat/normalise.hpp"

namespace transom::compat {

std::vector<std::uint32_t> ryg_normalise(std::span<const std::uint32_t> counts,
                                         unsigned scale_bits) {
  std::vector<std::int64_t> sums(1);
  for (const std::uint32_t n : counts) sums.push_back(sums.back() + n);
  const std::int64_t total = sums.back();
  if (scale_bits > 31 || total == 0 || total >> 32 != 0) {
    throw std::invalid_argument("ryg_rans: counts that sum to " + std::to_string(total) +
                                " (want 1..2^32 - 1) at scale_bits " + std::to_string(scale_bits) +
                                " (want 0..31)");
  }
  for (std::int64_t& sum : sums) sum = (sum << scale_bits) / total;
  if (!steal_slots(sums, [&](std::size_t s) { return counts[s] != 0; })) {
    throw std::invalid_argument("ryg_rans: more symbols occur than 2^scale_bits slots");
  }
  std::vector<std::uint32_t> freq(counts.size());
  for (std::size_t s = 0; s < freq.size(); ++s) {
    freq[s] = static_cast<std::uint32_t>(sums[s + 1] - sums[s]);
  }
  return freq;
}

}  // namespace transom::compat
