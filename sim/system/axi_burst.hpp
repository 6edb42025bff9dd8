// axi_burst.hpp — the next burst of a channel: whole beats up to the longest, the words' end or 4
// KiB.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>

#include "transom/system/axi_parameters.hpp"

namespace transom::system {

/// A burst of the AXI4 read channel.
struct AxiBurst {
  std::uint64_t address = 0;  ///< address of the first beat
  unsigned n_beats = 0;
  unsigned first_word = 0;  ///< first word that counts, in the first beat
  unsigned last_word = 0;   ///< last word that counts, in the last beat
  std::uint32_t n_words = 0;
};

/// The burst that fetches a channel's next words: it does not cross a page of 4 KiB.
/// @param n_words words of the channel that are left, at least 1
inline AxiBurst next_burst(const AxiParameters& p, std::uint64_t word_address,
                           std::uint64_t n_words) {
  constexpr unsigned kPageBytes = 4096;
  const std::uint64_t address = word_address / p.beat_words() * p.beat_bytes();
  const std::uint64_t page_left = (kPageBytes - address % kPageBytes) / p.beat_bytes();
  const std::uint64_t most_beats = std::min<std::uint64_t>(page_left, p.max_burst);
  const auto first = static_cast<unsigned>(word_address % p.beat_words());
  const auto n = static_cast<std::uint32_t>(std::min(n_words, most_beats * p.beat_words() - first));
  const unsigned last = first + n - 1;
  return {address, last / p.beat_words() + 1, first, last % p.beat_words(), n};
}

}  // namespace transom::system
