// gaussian.cpp — normal distributions in bins.
// SPDX-License-Identifier: Apache-2.0
#include <cmath>

#include "transom/stack/real_checks.hpp"
#include "transom/stack/special.hpp"

namespace transom::stack {

template <class Real>
std::shared_ptr<const Bins<Real>> std_gaussian_bins(unsigned bin_prec) {
  require_range("std_gaussian_bins", "bin_prec", bin_prec, 0, kMaxBinPrecision);
  const std::uint32_t n = std::uint32_t{1} << bin_prec;
  Bins<Real> bins{std::vector<Real>(n + std::size_t{1}), std::vector<Real>(n)};
  for (std::uint32_t i = 0; i <= n / 2; ++i) {  // the other half is the mirror image
    bins.edges[i] = static_cast<Real>(normal_ppf(static_cast<double>(i) / n));
    bins.edges[n - i] = -bins.edges[i];
  }
  for (std::uint32_t i = 0; i < (n + 1) / 2; ++i) {
    bins.centres[n - 1 - i] = -static_cast<Real>(normal_ppf((i + 0.5) / n));
    bins.centres[i] = -bins.centres[n - 1 - i];
  }
  return std::make_shared<const Bins<Real>>(std::move(bins));
}
template std::shared_ptr<const Bins<double>> std_gaussian_bins(unsigned);
template std::shared_ptr<const Bins<float>> std_gaussian_bins(unsigned);

template <class Real>
GaussianCdf<Real>::GaussianCdf(std::shared_ptr<const Bins<Real>> bins, Real mean, Real stdd,
                               unsigned R, Halves halves, Real bin_mean, Real bin_stdd)
    : bins_(std::move(bins)),
      mean_(mean),
      stdd_(stdd),
      bin_mean_(bin_mean),
      bin_stdd_(bin_stdd),
      R_(R),
      halves_(halves) {
  require_range("gaussian", "R", R, 0, 31);
  require_real("gaussian", "mean", mean, std::isfinite(mean), "must be finite");
  require_positive("gaussian", "stdd", stdd);
  require_real("gaussian", "bin_mean", bin_mean, std::isfinite(bin_mean), "must be finite");
  require_positive("gaussian", "bin_stdd", bin_stdd);
}

template <class Real>
std::uint32_t GaussianCdf<Real>::operator()(std::uint32_t i) const {
  const Real edge = bins_->edges[i] * bin_stdd_ + bin_mean_;
  const Real x = (edge - mean_) / stdd_;
  return slots_of(normal_cdf(x), R_, halves_);
}
template class GaussianCdf<double>;
template class GaussianCdf<float>;

Table gaussian_in_uniform_bins(double mean, double stdd, double bin_min, double bin_max, unsigned R,
                               std::uint32_t n_bins, bool rebalanced) {
  constexpr const char* kName = "gaussian_in_uniform_bins";
  check_bins(kName, bin_min, bin_max, 0, R);
  require_range(kName, "n_bins", n_bins, rebalanced ? 2 : 1, std::uint32_t{1} << kMaxBinPrecision);
  require_real(kName, "mean", mean, std::isfinite(mean), "must be finite");
  require_positive(kName, "stdd", stdd);
  const std::uint32_t n = rebalanced ? n_bins - 1 : n_bins;
  const double width = (bin_max - bin_min) / n;
  std::vector<double> at(n + std::size_t{1});
  for (std::uint32_t i = 1; i < n; ++i) {
    at[i] = normal_cdf((bin_min + width * i - mean) / stdd);
  }
  at[n] = 1;
  if (rebalanced) {
    std::vector<double> p(n);
    for (std::uint32_t i = 0; i < n; ++i) p[i] = at[i + 1] - at[i];
    return categorical(p, R);
  }
  std::vector<std::uint32_t> cdf;
  cdf.reserve(at.size());
  for (const double one : at) cdf.push_back(slots_of(one, R, Halves::kDown));
  return {std::move(cdf), R};
}

}  // namespace transom::stack
