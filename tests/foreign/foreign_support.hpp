// foreign_support.hpp — what the tests of the compat coders share: tables, damage, fixed seeds.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <catch2/catch.hpp>
#include <cstdint>
#include <cstdlib>
#include <span>
#include <vector>

#include "random.hpp"

namespace transom::support {

/// 1..most frequencies, each at least 1, that sum to 2^R; some flat, some steep.
inline std::vector<std::uint32_t> full_freq(Random& random, std::size_t most, unsigned R) {
  const std::uint32_t L = std::uint32_t{1} << R;
  const std::size_t n = 1 + random() % std::min<std::size_t>(most, L);
  std::vector<std::uint32_t> freq(n, 1);
  std::uint32_t left = L - static_cast<std::uint32_t>(n);
  const std::uint32_t share = 1 + random() % 4;
  for (std::size_t s = 0; s + 1 < n && left != 0; ++s) {
    const std::uint32_t more = random() % (left / share + 1) / (random() % 8 + 1);
    freq[s] += more;
    left -= more;
  }
  freq[random() % n] += left;
  return freq;
}

/// Symbols with the probabilities of their frequencies.
template <class Symbol>
std::vector<Symbol> draw(Random& random, std::span<const std::uint32_t> freq, std::size_t n) {
  std::vector<std::uint64_t> cum;
  std::uint64_t sum = 0;
  for (const std::uint32_t f : freq) cum.push_back(sum += f);
  std::vector<Symbol> symbols(n);
  for (Symbol& s : symbols) {
    const std::uint64_t slot = random() % sum;
    s = static_cast<Symbol>(std::upper_bound(cum.begin(), cum.end(), slot) - cum.begin());
  }
  return symbols;
}

/// Cuts, flips, forges, swells: something that a decoder must survive.
inline void damage(Random& random, std::vector<std::uint8_t>& bytes) {
  const auto any = [&] { return static_cast<std::uint8_t>(random()); };
  switch (random() % 5) {
    case 0:
      bytes.resize(random() % (bytes.size() + 1));
      break;
    case 1:
      for (std::uint32_t i = 1 + random() % 4; i > 0 && !bytes.empty(); --i) {
        bytes[random() % bytes.size()] ^= static_cast<std::uint8_t>(1u << random() % 8);
      }
      break;
    case 2:
      for (std::uint8_t& byte : bytes) byte = any();
      break;
    case 3:
      std::fill(bytes.begin(), bytes.end(), random() % 2 == 0 ? std::uint8_t{0} : any());
      break;
    default:
      for (std::uint32_t i = random() % 20; i > 0; --i) bytes.push_back(any());
  }
}

/// How many damaged streams each coder gets: TRANSOM_MUTATIONS, or few enough for every day.
inline std::size_t n_mutations() {
  const char* given = std::getenv("TRANSOM_MUTATIONS");
  return given != nullptr ? std::strtoul(given, nullptr, 10) : 2000;
}

}  // namespace transom::support
