// support.hpp — what several tests draw from: frequencies, symbols, the shared data's folder.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <bit>
#include <catch2/catch.hpp>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <optional>
#include <random>
#include <set>
#include <vector>

#include "transom/base/spec.hpp"
#include "transom/codec/codec.hpp"
#include "transom/table/ranges.hpp"

namespace transom::support {

struct Freq {
  std::vector<std::uint32_t> freq;
  unsigned R;
};

/// Tables of every size: R = 0..14 in turn, 1..256 symbols, some absent, some of a single slot.
inline std::vector<Freq> random_freqs(std::size_t n, std::uint32_t seed = 1) {
  std::mt19937 random(seed);
  std::vector<Freq> all;
  for (std::size_t i = 0; i < n; ++i) {
    const unsigned R = static_cast<unsigned>(i % (kMaxTableLog + 1));
    const std::uint32_t L = std::uint32_t{1} << R;
    const std::size_t alphabet = 1 + random() % kMaxAlphabet;
    std::vector<std::uint32_t> freq(alphabet);
    const unsigned skew = random() % 4;
    for (std::uint32_t slot = 0; slot < L; ++slot) {
      std::size_t s = random() % alphabet;
      for (unsigned j = 0; j < skew; ++j) s = random() % (s + 1);
      ++freq[s];
    }
    all.push_back({std::move(freq), R});
  }
  return all;
}

/// Symbols drawn with the probabilities freq / 2^R.
inline std::vector<symbol_t> random_symbols(const std::vector<std::uint32_t>& freq, std::size_t n,
                                            std::uint32_t seed) {
  std::mt19937 random(seed);
  std::vector<symbol_t> slots;
  for (std::size_t s = 0; s < freq.size(); ++s) {
    slots.insert(slots.end(), freq[s], static_cast<symbol_t>(s));
  }
  std::vector<symbol_t> symbols(n);
  for (symbol_t& s : symbols) s = slots[random() % slots.size()];
  return symbols;
}

/// A code of random rows and frequencies for values of `dtype`; every frequency is at least 1.
inline Code random_code(Coding coding, const DType& dtype, std::mt19937& random) {
  if (coding == Coding::kRaw) return raw_code(dtype);
  const Codec& c = codec(coding);
  const std::uint32_t n_patterns = std::uint32_t{1} << dtype.bits;
  std::vector<value_t> starts;
  if (codes_whole_values(coding, dtype)) {
    for (std::uint32_t v = 0; v < n_patterns; ++v) starts.push_back(static_cast<value_t>(v));
  } else {
    const std::size_t most =
        std::min<std::size_t>(c.max_rows ? c.max_rows : kMaxAlphabet, n_patterns);
    std::set<value_t> chosen{0};
    for (std::size_t i = random() % most; i > 0; --i) {
      chosen.insert(static_cast<value_t>(random() % n_patterns));
    }
    starts.assign(chosen.begin(), chosen.end());
  }
  const std::size_t n_freq = c.n_freq(starts.size());
  const auto least = static_cast<unsigned>(std::bit_width(n_freq - 1));
  const unsigned low = std::max(c.min_table_log, least);
  const unsigned R = low + static_cast<unsigned>(random() % (c.max_table_log - low + 1));
  std::vector<std::uint32_t> freq(n_freq, 1);
  for (std::size_t left = (std::size_t{1} << R) - freq.size(); left > 0; --left) {
    ++freq[random() % (1 + random() % freq.size())];
  }
  const auto spread = static_cast<Spread>(random() % kSpreads);
  return {coding, R, spread, std::move(freq), make_rows(starts, dtype.bits)};
}

/// Values that any code takes.
inline Tensor random_tensor(const DType& dtype, std::vector<std::uint32_t> shape,
                            std::mt19937& random) {
  Tensor tensor{"random", dtype, std::move(shape), {}};
  tensor.values.resize(*n_values(tensor.shape));
  for (value_t& v : tensor.values) {
    v = static_cast<value_t>(random() & random() & ((std::uint32_t{1} << dtype.bits) - 1));
  }
  return tensor;
}

/// visit(freq) for every way in which n_symbols counts, zeros included, sum to 2^R.
template <class Visit>
void for_each_freq(std::size_t n_symbols, unsigned R, Visit&& visit) {
  std::vector<std::uint32_t> freq(n_symbols);
  auto place = [&](auto& self, std::size_t s, std::uint32_t rest) -> void {
    if (s + 1 == n_symbols) {
      freq[s] = rest;
      visit(freq);
      return;
    }
    for (std::uint32_t f = 0; f <= rest; ++f) {
      freq[s] = f;
      self(self, s + 1, rest - f);
    }
  };
  place(place, 0, std::uint32_t{1} << R);
}

/// The folder with recorded traces and other coders' streams, if this machine has one.
inline std::optional<std::filesystem::path> shared_folder(const std::filesystem::path& inside) {
  const char* root = std::getenv("TRANSOM_SHARED");
  if (root != nullptr && std::filesystem::exists(root / inside)) return root / inside;
  WARN("skipped: TRANSOM_SHARED/" << inside.string() << " is not there");
  return std::nullopt;
}

}  // namespace transom::support
