// real.cpp — counts of probabilities, discrete distributions, logistic bins.
// SPDX-License-Identifier: Apache-2.0
#include "transom/stack/real.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <string>

#include "transom/stack/real_checks.hpp"
#include "transom/stack/special.hpp"

namespace transom::stack {
namespace {

using Counts64 = std::vector<std::uint64_t>;

std::uint64_t sum_of(const Counts64& counts, std::uint64_t most) {
  std::uint64_t sum = 0;
  for (const std::uint64_t c : counts) sum += std::min(c, most);
  return sum;
}

/// Counts of at least 1 each that sum to 2^R, as near as may be; no more counts than slots.
Table balanced(Counts64 counts, unsigned R) {
  const std::uint64_t n_slots = std::uint64_t{1} << R;
  const auto largest = std::max_element(counts.begin(), counts.end());
  const std::uint64_t others = sum_of(counts, n_slots * 2) - *largest;
  if (others < n_slots) {
    *largest = n_slots - others;
  } else {
    // The greatest height at which the sum is not too much; what is missing goes to the first that
    // were cut.
    std::uint64_t height = 1, above = *largest + 1;
    while (above - height > 1) {
      const std::uint64_t middle = height + (above - height) / 2;
      (sum_of(counts, middle) <= n_slots ? height : above) = middle;
    }
    std::uint64_t missing = n_slots - sum_of(counts, height);
    for (std::uint64_t& c : counts) {
      const bool more = c > height && missing != 0;
      missing -= more;
      c = std::min(c, height) + more;
    }
  }
  const std::vector<std::uint32_t> small(counts.begin(), counts.end());
  return Table::of_counts(small, R);
}

template <class Real>
Table categorical_in(std::span<const Real> probabilities, unsigned R, Rounding rounding) {
  require_range("categorical", "R", R, 0, 31);
  const std::size_t n = probabilities.size();
  const std::uint64_t n_slots = std::uint64_t{1} << R;
  require_range("categorical", "number of probabilities", n, 1, n_slots);
  Counts64 counts(n);
  for (std::size_t i = 0; i < n; ++i) {
    const Real p = probabilities[i];
    require_real("categorical", "probability", p, p >= 0 && p <= Real(1.0001), "must be 0..1");
    const bool one_each = rounding == Rounding::kOneEach;
    const auto scale = static_cast<Real>(one_each ? n_slots - n : n_slots);
    const auto count = static_cast<std::uint64_t>(std::nearbyint(p * scale));
    counts[i] = one_each ? count + 1 : std::max<std::uint64_t>(count, 1);
  }
  return balanced(std::move(counts), R);
}

template <class Real>
Bernoulli bernoulli_in(Real p, unsigned R) {
  require_range("bernoulli", "R", R, 1, 31);
  require_real("bernoulli", "p", p, p >= 0 && p <= 1, "must be 0..1");
  const auto n_slots = std::uint32_t{1} << R;
  const Real freq0 = std::ceil((1 - p) * static_cast<Real>(n_slots) - Real(0.5));
  const auto most = static_cast<Real>(n_slots - 1);  // may round to 2^R in float
  return {freq0 < 1 ? 1 : freq0 < most ? static_cast<std::uint32_t>(freq0) : n_slots - 1, R};
}

}  // namespace

Bernoulli bernoulli(double p, unsigned R) { return bernoulli_in(p, R); }
Bernoulli bernoulli(float p, unsigned R) { return bernoulli_in(p, R); }

Table categorical(std::span<const double> probabilities, unsigned R, Rounding rounding) {
  return categorical_in(probabilities, R, rounding);
}
Table categorical(std::span<const float> probabilities, unsigned R, Rounding rounding) {
  return categorical_in(probabilities, R, rounding);
}

Table categorical_of_weights(std::span<const double> weights, unsigned R) {
  require_range("categorical_of_weights", "R", R, 0, 31);
  std::vector<double> sums(weights.size());
  double sum = 0;
  for (std::size_t i = 0; i < weights.size(); ++i) {
    const double w = weights[i];
    require_real("categorical_of_weights", "weight", w, w >= 0 && std::isfinite(w),
                 "must be at least 0, and finite");
    sums[i] = sum += w;
  }
  require_real("categorical_of_weights", "sum of weights", sum, sum > 0 && std::isfinite(sum),
               "must be above 0, and finite");
  std::vector<std::uint32_t> cdf(1);
  for (const double s : sums) cdf.push_back(slots_of(s / sum, R, Halves::kDown));
  return {std::move(cdf), R};
}

Table binomial(std::uint32_t n, double p, unsigned R) {
  require_range("binomial", "n", n, 1, kMostTrials);
  require_range("binomial", "R", R, 0, 31);
  require_real("binomial", "p", p, p >= 0 && p <= 1, "must be 0..1");
  // P(<= k) = I_{1-p}(n - k, k + 1)
  std::vector<std::uint32_t> cdf(1);
  for (std::uint32_t k = 0; k < n; ++k) {
    cdf.push_back(slots_of(beta_cdf(1 - p, n - k, k + 1.0), R, Halves::kEven));
  }
  cdf.push_back(std::uint32_t{1} << R);
  return {std::move(cdf), R};
}

BetaBinomials::BetaBinomials(std::uint32_t n, unsigned R) : R_(R) {
  require_range("beta_binomial", "n", n, 1, kMostTrials);
  for (std::uint32_t k = 0; k <= n; ++k) log_choose_.push_back(log_choose(n, k));
}

Table BetaBinomials::operator()(double a, double b) const {
  require_positive("beta_binomial", "a", a);
  require_positive("beta_binomial", "b", b);
  const auto n = static_cast<std::uint32_t>(log_choose_.size() - 1);
  const double log_whole = log_beta(a, b);
  double last = a + b, log_last = std::lgamma(last);
  std::vector<double> p(log_choose_.size());
  double sum = 0;
  for (std::uint32_t k = 0; k <= n; ++k) {
    const double x = k + a, y = n - k + b;
    if (x + y != last) {  // n + a + b, rounded in a few ways
      last = x + y;
      log_last = std::lgamma(last);
    }
    const double log_beta_k = std::lgamma(x) + std::lgamma(y) - log_last;
    sum += p[k] = std::clamp(std::exp(log_choose_[k] + log_beta_k - log_whole), 1e-10, 1.0);
  }
  for (double& one : p) one /= sum;
  return categorical(p, R_, Rounding::kOneEach);
}

Table beta_binomial(std::uint32_t n, double a, double b, unsigned R) {
  return BetaBinomials(n, R)(a, b);
}

Table beta_latent(BetaParameters prior, BetaParameters posterior, unsigned bin_prec, unsigned R) {
  require_range("beta_latent", "bin_prec", bin_prec, 0, kMaxBinPrecision);
  require_range("beta_latent", "R", R, 0, 31);
  for (const double v : {prior.a, prior.b, posterior.a, posterior.b}) {
    require_positive("beta_latent", "a parameter", v);
  }
  const std::uint32_t n = std::uint32_t{1} << bin_prec;
  std::vector<std::uint32_t> cdf;
  for (std::uint32_t i = 0; i <= n; ++i) {
    const double edge = beta_ppf(static_cast<double>(i) / n, prior.a, prior.b);
    cdf.push_back(slots_of(beta_cdf(edge, posterior.a, posterior.b), R, Halves::kEven));
  }
  return {std::move(cdf), R};
}

Table discretised(CdfShape shape, double low, double high, unsigned bin_prec, unsigned R) {
  check_bins("discretised", low, high, bin_prec, R);
  const std::uint32_t n = std::uint32_t{1} << bin_prec;
  std::vector<std::uint32_t> cdf;
  for (std::uint32_t i = 0; i <= n; ++i) {
    const double x = low + (high - low) * i / n;
    const double at = shape == CdfShape::kNormal ? normal_cdf(x) : logistic_cdf(x);
    cdf.push_back(slots_of(at, R, Halves::kDown));
  }
  return {std::move(cdf), R};
}

Table logistic(double mean, double log_scale, unsigned R, unsigned bin_prec, double low,
               double high) {
  check_bins("logistic", low, high, bin_prec, R);
  require_range("logistic", "bin_prec", bin_prec, 0, R);
  require_real("logistic", "mean", mean, std::isfinite(mean), "must be finite");
  require_real("logistic", "log_scale", log_scale, std::isfinite(log_scale), "must be finite");
  const std::uint32_t n = std::uint32_t{1} << bin_prec;
  const std::uint32_t n_slots = std::uint32_t{1} << R;
  std::vector<std::uint32_t> cdf;
  for (std::uint32_t i = 0; i <= n; ++i) {  // between two ramps that rise by a slot a bin
    const double edge = low + (high - low) * i / n;
    const double at = logistic_cdf((edge - mean) / std::exp(log_scale));
    cdf.push_back(std::clamp(slots_of(at, R, Halves::kDown), i, n_slots - (n - i)));
  }
  return {std::move(cdf), R};
}

Table logistic_mixture(std::span<const double> means, std::span<const double> log_scales,
                       std::span<const double> logits, unsigned R, unsigned bin_prec, double low,
                       double high) {
  check_bins("logistic_mixture", low, high, bin_prec, R);
  const std::size_t n_parts = means.size();
  require_range("logistic_mixture", "number of means", n_parts, 1, SIZE_MAX);
  require_range("logistic_mixture", "number of log_scales", log_scales.size(), n_parts, n_parts);
  require_range("logistic_mixture", "number of logits", logits.size(), n_parts, n_parts);
  for (const auto& values : {means, log_scales, logits}) {
    for (const double v : values) {
      require_real("logistic_mixture", "a parameter", v, std::isfinite(v), "must be finite");
    }
  }
  const double most = *std::max_element(logits.begin(), logits.end());
  double all = 0;
  for (const double l : logits) all += std::exp(l - most);
  const std::uint32_t n = std::uint32_t{1} << bin_prec;
  std::vector<double> p(n);
  for (std::size_t part = 0; part < n_parts; ++part) {
    const double weight = std::exp(logits[part] - most) / all;
    const double inverse_scale = std::exp(-log_scales[part]);
    double below = 0;
    for (std::uint32_t i = 0; i < n; ++i) {
      const double edge = low + (high - low) * (i + 1.0) / n;
      const double to = i + 1 == n ? 1 : logistic_cdf((edge - means[part]) * inverse_scale);
      p[i] += weight * (to - below);
      below = to;
    }
  }
  return categorical(p, R);
}

}  // namespace transom::stack
