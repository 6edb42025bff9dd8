// naive_torch.hpp — torch_ans' streams as its definition reads, slow and without any of our coder.
//
// Bits of the state in 128-bit arithmetic, thresholds as products, groups as nested loops: another
// expression of the format, to compare model/compat/torch_ans.cpp with.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "transom/foreign/torch/torch_ans.hpp"

namespace transom::support {

__extension__ using Wide = unsigned __int128;

struct NaiveTorch {
  unsigned state_bytes, word_bits, lower_log;
  unsigned fp, bp;  ///< bp 0: no escapes
  std::vector<foreign::TorchTable> tables;
  std::vector<std::vector<std::uint32_t>> remaps;  ///< empty: no alias tables
  std::vector<Wide> states;
  std::vector<std::uint64_t> words;

  void put(std::size_t k, Wide start, Wide freq, unsigned precision,
           const std::vector<std::uint32_t>* remap) {
    Wide& x = states[k];
    const Wide lower = Wide{1} << lower_log;
    while (x >= ((lower >> precision) << word_bits) * freq) {
      words.push_back(static_cast<std::uint64_t>(x % (Wide{1} << word_bits)));
      x >>= word_bits;
    }
    const auto place = static_cast<std::size_t>(start + x % freq);
    x = (x / freq) * (Wide{1} << precision) + (remap != nullptr ? (*remap)[place] : place);
  }

  /// The value's symbol, and its raw digits: pushed in the order in which they are listed.
  std::uint32_t split(std::uint32_t t, std::int64_t symbol, std::vector<std::uint32_t>& digits) {
    const std::int64_t value = symbol - tables[t].offset;
    const auto max = static_cast<std::int64_t>(tables[t].cdf.size()) - 2;
    if (bp == 0 || (value >= 0 && value < max)) return static_cast<std::uint32_t>(value);
    std::int64_t raw = value < 0 ? -2 * value - 1 : 2 * (value - max);
    std::vector<std::uint32_t> low_first;
    for (; raw != 0; raw >>= bp) low_first.push_back(static_cast<std::uint32_t>(raw % (1 << bp)));
    digits.assign(low_first.rbegin(), low_first.rend());
    const auto n = static_cast<std::uint32_t>(low_first.size()), most = (1u << bp) - 1;
    digits.push_back(n % most);
    digits.insert(digits.end(), n / most, most);
    return static_cast<std::uint32_t>(max);
  }

  void push(const std::vector<std::uint32_t>& indexes, const std::vector<std::int32_t>& symbols) {
    const std::size_t n = symbols.size(), K = states.size();
    std::vector<std::vector<std::uint32_t>> digits(n);
    std::vector<std::uint32_t> coded(n);
    for (std::size_t i = 0; i < n; ++i) coded[i] = split(indexes[i], symbols[i], digits[i]);
    const auto put_digits = [&](std::size_t i) {
      for (const std::uint32_t d : digits[i]) put(i % K, d, 1, bp, nullptr);
    };
    const auto put_symbol = [&](std::size_t i) {
      const auto& cdf = tables[indexes[i]].cdf;
      put(i % K, cdf[coded[i]], cdf[coded[i] + 1] - cdf[coded[i]], fp,
          remaps.empty() ? nullptr : &remaps[indexes[i]]);
    };
    std::size_t i = n;
    for (; i % K != 0; --i) {
      put_digits(i - 1);
      put_symbol(i - 1);
    }
    for (; i != 0; i -= K) {
      for (std::size_t j = 0; j < K; ++j) put_digits(i - 1 - j);
      for (std::size_t j = 0; j < K; ++j) put_symbol(i - 1 - j);
    }
  }

  std::vector<std::uint8_t> bytes() const {
    std::vector<std::uint8_t> all;
    for (const Wide x : states) {
      for (unsigned b = 0; b < state_bytes; ++b)
        all.push_back(static_cast<std::uint8_t>(x >> 8 * b));
    }
    for (const std::uint64_t w : words) {
      for (unsigned b = 0; b < word_bits; b += 8) all.push_back(static_cast<std::uint8_t>(w >> b));
    }
    return all;
  }
};

/// The slots of an alias table by its definition: symbols in the order of small ones on a stack,
/// the highest large one giving, then every slot dealt out one by one.
inline std::vector<std::uint32_t> naive_remap(const std::vector<std::uint32_t>& cdf, unsigned fp) {
  const std::size_t n = cdf.size() - 1, cut = (std::size_t{1} << fp) / n;
  std::vector<std::size_t> left(n), own(n, cut), other(n);
  std::vector<std::size_t> small, large;
  for (std::size_t s = 0; s < n; ++s) {
    left[s] = cdf[s + 1] - cdf[s];
    other[s] = s;
    (left[s] < cut ? small : large).push_back(s);
  }
  while (!small.empty()) {
    const std::size_t s = small.back(), l = large.back();
    small.pop_back();
    own[s] = left[s];
    other[s] = l;
    left[l] -= cut - left[s];
    if (left[l] < cut) {
      large.pop_back();
      small.push_back(l);
    }
  }
  std::vector<std::uint32_t> remap(std::size_t{1} << fp);
  std::vector<std::size_t> next(cdf.begin(), cdf.end());
  for (std::size_t slot = 0; slot < remap.size(); ++slot) {
    const std::size_t b = slot / cut, s = slot % cut < own[b] ? b : other[b];
    remap[next[s]++] = static_cast<std::uint32_t>(slot);
  }
  return remap;
}

}  // namespace transom::support
