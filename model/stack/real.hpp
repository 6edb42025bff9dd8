// real.hpp — distributions of real parameters, as integers: where floating point ends.
//
// Each function rounds as one of the ancestors does, in the arithmetic that it has: float where its
// networks' outputs are float. Behind the table that it returns there are integers alone.
// Parameters that are no distribution's are refused (throws).
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "transom/stack/table.hpp"

namespace transom::stack {

/// 0 or 1: 0 owns the first freq0 slots.
class Bernoulli : public OnFirstHead<Bernoulli> {
 public:
  using Symbol = std::uint32_t;
  /// freq0 1 .. 2^precision - 1, precision 1..31 (throws)
  Bernoulli(std::uint32_t freq0, unsigned precision) : freq0_(freq0), precision_(precision) {
    require_range("Bernoulli", "precision", precision, 1, 31);
    require_range("Bernoulli", "freq0", freq0, 1, (std::uint32_t{1} << precision) - 1);
  }
  unsigned precision() const { return precision_; }
  RansRange range_of(Symbol symbol) const {
    require_range("Bernoulli::range_of", "symbol", symbol, 0, 1);
    return symbol == 0 ? RansRange{0, freq0_}
                       : RansRange{freq0_, (std::uint32_t{1} << precision_) - freq0_};
  }
  Owner<Symbol> owner_of(std::uint32_t slot) const {
    const Symbol symbol = slot >= freq0_;
    return {symbol, range_of(symbol)};
  }

 private:
  std::uint32_t freq0_;
  unsigned precision_;
};
/// P(1) = p: (1 - p) 2^R slots for 0, halves rounded down, at least one for each (craystack).
Bernoulli bernoulli(double p, unsigned R);
Bernoulli bernoulli(float p, unsigned R);

/// How probabilities become counts that sum to 2^R, each at least 1.
enum class Rounding : std::uint8_t {
  kNearest,  ///< p 2^R, to the nearest, at least 1 (craystack)
  kOneEach   ///< 1 + p (2^R - K), to the nearest (bits-back)
};
/// K = 1 .. 2^R symbols of probabilities that sum to 1, nearly. What is over or missing is the
/// first largest count's; if that would leave it nothing, the large counts are cut to one height.
Table categorical(std::span<const double> probabilities, unsigned R,
                  Rounding rounding = Rounding::kNearest);
Table categorical(std::span<const float> probabilities, unsigned R,
                  Rounding rounding = Rounding::kNearest);
/// Of weights of any sum > 0: cumulative, halves rounded down. A symbol may have no slots
/// (craystack's CategoricalNew).
Table categorical_of_weights(std::span<const double> weights, unsigned R);

/// 0..n: how often of n times, with probability p; C(k) = P(< k), to the nearest. A symbol may have
/// no slots (bits-back).
Table binomial(std::uint32_t n, double p, unsigned R);
/// The same of a p that is beta(a, b) distributed; each count at least 1 (bits-back).
Table beta_binomial(std::uint32_t n, double a, double b, unsigned R);
/// The same for many a and b: what n alone decides is computed once.
class BetaBinomials {
 public:
  BetaBinomials(std::uint32_t n, unsigned R);
  Table operator()(double a, double b) const;

 private:
  std::vector<double> log_choose_;  ///< of n over 0 .. n
  unsigned R_;
};
/// Bins of mass 2^-bin_prec under beta(a, b) of the prior, coded by that of the posterior. A bin
/// may have no slots (bits-back).
struct BetaParameters {
  double a, b;
};
Table beta_latent(BetaParameters prior, BetaParameters posterior, unsigned bin_prec, unsigned R);

/// C(i) = F(low + (high - low) i / 2^bin_prec) 2^R, halves rounded down. Slots beyond both ends are
/// nobody's.
enum class CdfShape : std::uint8_t { kNormal, kLogistic };
Table discretised(CdfShape shape, double low, double high, unsigned bin_prec, unsigned R);
/// The logistic distribution in 2^bin_prec equal bins of [low, high], each of at least a slot.
/// Slots beyond both ends are nobody's.
Table logistic(double mean, double log_scale, unsigned R, unsigned bin_prec, double low,
               double high);
/// A mixture of logistic distributions, weights exp(logits) / sum: as categorical(), the outer bins
/// with both tails. As many of each (throws).
Table logistic_mixture(std::span<const double> means, std::span<const double> log_scales,
                       std::span<const double> logits, unsigned R, unsigned bin_prec, double low,
                       double high);

/// How a number that lies between two integers is rounded if it is in the middle.
enum class Halves : std::uint8_t { kDown, kEven };

/// Edges of 2^bin_prec bins of equal mass under N(0, 1), the first and the last infinite; and the
/// points that halve each bin's mass. bin_prec 0..24.
template <class Real>
struct Bins {
  std::vector<Real> edges, centres;
};
template <class Real = double>
std::shared_ptr<const Bins<Real>> std_gaussian_bins(unsigned bin_prec);
extern template std::shared_ptr<const Bins<double>> std_gaussian_bins(unsigned);
extern template std::shared_ptr<const Bins<float>> std_gaussian_bins(unsigned);

/// C(i) = Phi((edge_i - mean) / stdd) 2^R: the edges' arithmetic is in Real, Phi in double.
template <class Real>
class GaussianCdf {
 public:
  /// mean finite, stdd > 0 (throws). edge_i is bin_mean + bin_stdd edges[i].
  GaussianCdf(std::shared_ptr<const Bins<Real>> bins, Real mean, Real stdd, unsigned R,
              Halves halves, Real bin_mean = 0, Real bin_stdd = 1);
  std::uint32_t operator()(std::uint32_t i) const;

 private:
  std::shared_ptr<const Bins<Real>> bins_;
  Real mean_, stdd_, bin_mean_, bin_stdd_;
  unsigned R_;
  Halves halves_;
};
extern template class GaussianCdf<double>;
extern template class GaussianCdf<float>;
template <class Real = double>
using Gaussian = Cdf<GaussianCdf<Real>>;

/// N(mean, stdd) in bins of equal mass under N(0, 1): a posterior beside a uniform prior. A bin may
/// have no slots. (craystack; bits-back's is that of float and Halves::kEven.)
template <class Real>
Gaussian<Real> gaussian(std::shared_ptr<const Bins<Real>> bins, Real mean, Real stdd, unsigned R,
                        Halves halves = Halves::kDown) {
  const auto n = static_cast<std::uint32_t>(bins->centres.size());
  return {GaussianCdf<Real>(std::move(bins), mean, stdd, R, halves), n, R};
}
/// The same in bins of equal mass under N(bin_mean, bin_stdd).
inline Gaussian<double> gaussian_in_gaussian_bins(std::shared_ptr<const Bins<double>> bins,
                                                  double mean, double stdd, double bin_mean,
                                                  double bin_stdd, unsigned R) {
  const auto n = static_cast<std::uint32_t>(bins->centres.size());
  return {GaussianCdf<double>(std::move(bins), mean, stdd, R, Halves::kDown, bin_mean, bin_stdd), n,
          R};
}
/// The same in n_bins equal bins of [bin_min, bin_max], the outer ones with the tails.
/// @param rebalanced as categorical(), so that each bin has a slot; bins are then those between
///                   n_bins edges, one fewer (craystack). Otherwise a bin may have none.
Table gaussian_in_uniform_bins(double mean, double stdd, double bin_min, double bin_max, unsigned R,
                               std::uint32_t n_bins, bool rebalanced = true);

}  // namespace transom::stack
