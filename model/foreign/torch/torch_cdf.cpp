// torch_cdf.cpp — torch_ans' quantisers, in binary32 as it computes.
// Compiled without contraction: a fused multiply-add would round once where torch_ans rounds twice.
// SPDX-License-Identifier: Apache-2.0
#include "transom/foreign/torch/torch_cdf.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <numeric>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include "transom/foreign/normalise.hpp"

namespace transom::foreign {
namespace {

static_assert(std::numeric_limits<float>::is_iec559);

constexpr unsigned kMaxPrecision = 23;       ///< what a float counts exactly, less one bit
constexpr std::size_t kMaxSymbols = 0xffff;  ///< the stealing takes time of its square
constexpr float kEscape = 1e-10F;
constexpr std::string_view kName = "torch_ans quantiser";

void check_shape(std::size_t n, unsigned precision) {
  require_range(kName, "precision", precision, 1, kMaxPrecision);
  require_range(kName, "number of symbols", n, 1, kMaxSymbols);
}

void check_probability(float p, std::size_t i, float most) {
  if (std::isfinite(p) && p >= 0 && p < most) return;
  refuse(kName, "probability " + std::to_string(i), std::to_string(p),
         "must be 0 to less than " + std::to_string(most));
}

/// What x86-64 and torch_ans make of a quotient: toward zero, INT32_MIN where there is no int32.
std::int32_t truncate(float x) {
  constexpr float kLimit = 2147483648.0F;
  if (!(x < kLimit && x >= -kLimit)) return std::numeric_limits<std::int32_t>::min();
  return static_cast<std::int32_t>(x);
}
std::int32_t wrap(std::uint32_t x) { return static_cast<std::int32_t>(x); }

/// f_i = round-half-even(p_i 2^p).
std::vector<std::int32_t> rounded(std::span<const float> pmf, unsigned precision) {
  const auto scale = static_cast<float>(std::uint32_t{1} << precision);
  std::vector<std::int32_t> f;
  for (std::size_t i = 0; i < pmf.size(); ++i) {
    check_probability(pmf[i], i, 2147483648.0F / scale);
    f.push_back(static_cast<std::int32_t>(std::nearbyint(pmf[i] * scale)));
  }
  return f;
}

/// Boundaries in modular arithmetic, all products and sums as torch_ans' int32 have them.
std::vector<std::int32_t> compat_bounds(std::span<const std::int32_t> f, unsigned precision) {
  std::uint32_t sum = 0;
  for (const std::int32_t one : f) sum += static_cast<std::uint32_t>(one);
  const auto total = static_cast<float>(sum == 0 ? 1 : wrap(sum));
  std::vector<std::int32_t> bounds(1);
  for (const std::int32_t one : f) {
    const std::int32_t product = wrap(static_cast<std::uint32_t>(one) << precision);
    const std::int32_t width = truncate(static_cast<float>(product) / total);
    bounds.push_back(
        wrap(static_cast<std::uint32_t>(bounds.back()) + static_cast<std::uint32_t>(width)));
  }
  return bounds;
}

std::vector<std::int32_t> fixed_bounds(std::span<const std::int32_t> f, unsigned precision) {
  std::uint64_t sum = 0;
  for (const std::int32_t one : f) sum += static_cast<std::uint64_t>(one);
  std::vector<std::int32_t> bounds(1);
  for (const std::int32_t one : f) {
    const std::uint64_t product = static_cast<std::uint64_t>(one) << precision;  // < 2^54
    bounds.push_back(bounds.back() +
                     static_cast<std::int32_t>(product / std::max<std::uint64_t>(sum, 1)));
  }
  return bounds;
}

/// With the last boundary, and a slot for every symbol; nothing where there is none to steal.
std::optional<std::vector<std::int32_t>> ended(std::vector<std::int32_t> bounds,
                                               unsigned precision) {
  bounds.back() = static_cast<std::int32_t>(std::uint32_t{1} << precision);
  if (!steal_slots(bounds, [](std::size_t) { return true; })) return std::nullopt;
  return bounds;
}

/// PyTorch adds integers as integers, but not to an escape's probability.
template <class Weight>
float sum_of(std::span<const Weight> weights, bool bypass) {
  using Sum = std::conditional_t<std::is_integral_v<Weight>, std::uint64_t, float>;
  if (!bypass) return static_cast<float>(std::accumulate(weights.begin(), weights.end(), Sum{0}));
  float sum = 0;
  for (const Weight w : weights) sum += static_cast<float>(w);
  return sum + kEscape;
}

template <class Weight>
CdfRows cdf_of_rows(std::span<const std::vector<Weight>> weights,
                    std::span<const std::uint32_t> n_weights, unsigned precision, bool bypass,
                    CdfMode mode) {
  require_range(kName, "number of lengths", n_weights.size(), weights.size(), weights.size());
  CdfRows rows;
  for (std::size_t r = 0; r < weights.size(); ++r) {
    if (n_weights[r] > weights[r].size()) {
      refuse_at(kName, "n_freqs", r, n_weights[r],
                "must be at most the row's " + std::to_string(weights[r].size()) + " frequencies");
    }
    std::vector<float> pmf(weights[r].begin(), weights[r].end());
    if (bypass) pmf.push_back(kEscape);
    const float sum = sum_of(std::span(weights[r]), bypass);
    for (float& p : pmf) p /= sum;
    try {
      rows.cdf.push_back(pmf_to_cdf(pmf, precision, mode));
    } catch (const PreconditionError& error) {
      throw error.within("row " + std::to_string(r));
    }
    rows.sizes.push_back(n_weights[r] + (bypass ? 2 : 1));
  }
  return rows;
}

/// One row of the batched alternative.
struct BatchRow {
  std::vector<float> y;
  float divisor = 0;
  float sum() const {
    float total = 0;
    for (const float one : y) total += one;
    return total;
  }
};

BatchRow start_row(std::vector<float> pmf, float scale, float step, const BatchedOptions& options) {
  for (std::size_t i = 0; i < pmf.size(); ++i) check_probability(pmf[i], i, 1e6F);
  if (options.add_tail) {
    check_probability(options.tail, pmf.size(), 1e6F);
    pmf.push_back(options.tail);
  }
  if (options.normalise) {
    const float total = BatchRow{pmf, 0}.sum();
    if (total == 0) refuse(kName, "sum of a row", 0u, "must be over 0");
    for (float& p : pmf) p /= total;
  }
  for (float& p : pmf) p = p * scale + 1;
  BatchRow row{std::move(pmf), 0};
  const float total = row.sum() + step;
  for (float& y : row.y) y = std::nearbyint(y * scale / total);
  row.divisor = row.sum();
  return row;
}

}  // namespace

bool is_cdf(std::span<const std::int32_t> cdf, unsigned precision) {
  require_range("is_cdf", "precision", precision, 0, 30);
  return cdf.size() >= 2 && cdf.front() == 0 &&
         cdf.back() == static_cast<std::int32_t>(std::uint32_t{1} << precision) &&
         std::adjacent_find(cdf.begin(), cdf.end(), std::greater_equal<>{}) == cdf.end();
}

std::vector<std::int32_t> pmf_to_cdf(std::span<const float> pmf, unsigned precision, CdfMode mode) {
  check_shape(pmf.size(), precision);
  require_range(kName, "mode", static_cast<unsigned>(mode), 0, 2);
  const std::vector<std::int32_t> f = rounded(pmf, precision);
  if (mode == CdfMode::kUsable) {
    auto bounds = ended(compat_bounds(f, precision), precision);
    if (bounds && is_cdf(*bounds, precision)) return std::move(*bounds);
  }
  auto bounds =
      ended(mode == CdfMode::kCompat ? compat_bounds(f, precision) : fixed_bounds(f, precision),
            precision);
  if (!bounds) {
    refuse(kName, "number of symbols", pmf.size(),
           "there is no slot to steal for one of them among 2^" + std::to_string(precision));
  }
  return std::move(*bounds);
}

CdfRows cdf_of_freqs(std::span<const std::vector<std::uint32_t>> freqs,
                     std::span<const std::uint32_t> n_freqs, unsigned precision, bool bypass,
                     CdfMode mode) {
  return cdf_of_rows(freqs, n_freqs, precision, bypass, mode);
}

CdfRows cdf_of_weights(std::span<const std::vector<float>> weights,
                       std::span<const std::uint32_t> n_weights, unsigned precision, bool bypass,
                       CdfMode mode) {
  return cdf_of_rows(weights, n_weights, precision, bypass, mode);
}

std::vector<std::uint32_t> inverse_cdf(std::span<const std::uint32_t> cdf, unsigned precision) {
  require_range("inverse_cdf", "precision", precision, 0, 16);
  require_range("inverse_cdf", "number of boundaries", cdf.size(), 1, SIZE_MAX);
  const auto fall = std::is_sorted_until(cdf.begin(), cdf.end());
  if (cdf.front() != 0 || fall != cdf.end()) {
    refuse("inverse_cdf", "boundary", cdf.front() != 0 ? cdf.front() : *fall, "must ascend from 0");
  }
  std::vector<std::uint32_t> symbols(std::size_t{1} << precision);
  for (std::uint32_t slot = 0, at = 0; slot < symbols.size(); ++slot) {
    while (at < cdf.size() && cdf[at] <= slot) ++at;
    symbols[slot] = at - 1;
  }
  return symbols;
}

std::vector<std::vector<std::int32_t>> pmf_to_cdf_batched(std::span<const std::vector<float>> pmf,
                                                          unsigned precision,
                                                          const BatchedOptions& options) {
  require_range(kName, "precision", precision, 1, kMaxPrecision);
  const auto scale = static_cast<float>(std::uint32_t{1} << precision);
  std::vector<BatchRow> rows;
  float step = 0;
  for (const std::vector<float>& one : pmf) {
    const std::size_t n = one.size() + (options.add_tail ? 1 : 0);
    check_shape(n, precision);
    step = static_cast<float>(n / 2);  // NOLINT(bugprone-integer-division): as the original rounds
    rows.push_back(start_row(one, scale, step, options));
  }
  const auto is_over = [&](const BatchRow& row) { return row.sum() > scale; };
  for (unsigned round = 0; std::any_of(rows.begin(), rows.end(), is_over); ++round) {
    if (round == 1000) {
      refuse(kName, "number of rounds", round, "the scaling does not come to an end");
    }
    for (BatchRow& row : rows) {
      if (is_over(row)) row.divisor += step;
    }
    for (BatchRow& row : rows) {
      for (float& y : row.y) y = std::nearbyint(y * scale / row.divisor);
    }
  }
  std::vector<std::vector<std::int32_t>> cdf;
  for (const BatchRow& row : rows) {
    std::vector<std::int32_t> bounds(1);
    for (const float y : row.y) bounds.push_back(bounds.back() + static_cast<std::int32_t>(y));
    bounds.back() = static_cast<std::int32_t>(std::uint32_t{1} << precision);
    cdf.push_back(std::move(bounds));
  }
  return cdf;
}

}  // namespace transom::foreign
