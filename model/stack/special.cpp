// special.cpp — normal, logistic and beta distributions in double.
// SPDX-License-Identifier: Apache-2.0
#include "transom/stack/special.hpp"

#include <bit>
#include <cmath>
#include <limits>
#include <numbers>

namespace transom::stack {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

/// The continued fraction of I_x(a, b), by Lentz's method (DLMF 8.17.22); x below the mean, or so.
double beta_fraction(double x, double a, double b) {
  constexpr double kTiny = 1e-300;
  constexpr int kMostTerms = 2000;
  const auto away_from_0 = [](double v) { return std::fabs(v) < kTiny ? kTiny : v; };
  double c = 1, d = 1 / away_from_0(1 - (a + b) * x / (a + 1)), value = d;
  for (int m = 1; m < kMostTerms; ++m) {
    const double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
    const double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
    double change = 1;
    for (const double term : {even, odd}) {
      d = 1 / away_from_0(1 + term * d);
      c = away_from_0(1 + term / c);
      change = c * d;
      value *= change;
    }
    if (std::fabs(change - 1) < 1e-16) break;
  }
  return value;
}

}  // namespace

double normal_cdf(double x) { return 0.5 * std::erfc(-x / std::numbers::sqrt2); }

double normal_ppf(double p) {
  if (p > 0.5) return -normal_ppf(1 - p);
  if (!(p > 0)) return -kInfinity;
  // Newton's method, on Phi - 1/2 = erf / 2 in the middle, where it keeps its digits, and on log
  // Phi in the tail. Either is concave where it is looked for, from the side on which no step
  // passes the root.
  const bool middle = p > 0.25;
  double x =
      middle ? (p - 0.5) * std::sqrt(2 * std::numbers::pi) : -std::sqrt(-2 * std::log(p)) - 1;
  for (int i = 0; i < 60; ++i) {
    const double pdf = std::exp(-x * x / 2) / std::sqrt(2 * std::numbers::pi);
    const double cdf = normal_cdf(x);
    const double error = middle ? std::erf(x / std::numbers::sqrt2) / 2 - (p - 0.5) : cdf - p;
    const bool near = middle || std::fabs(error) < p / 16;
    const double step = near ? error / pdf : std::log(cdf / p) * cdf / pdf;
    x -= step;
    if (std::fabs(step) <= 1e-17 * std::fabs(x)) break;
  }
  return x;
}

double logistic_cdf(double x) { return 1 / (1 + std::exp(-x)); }

double log_beta(double a, double b) { return std::lgamma(a) + std::lgamma(b) - std::lgamma(a + b); }

double log_choose(std::uint32_t n, std::uint32_t k) {
  return std::lgamma(n + 1.0) - std::lgamma(k + 1.0) - std::lgamma(double{1} + n - k);
}

double beta_cdf(double x, double a, double b) {
  if (!(x > 0)) return 0;
  if (x >= 1) return 1;
  const double front = std::exp(a * std::log(x) + b * std::log1p(-x) - log_beta(a, b));
  if (x < (a + 1) / (a + b + 2)) return front * beta_fraction(x, a, b) / a;
  return 1 - front * beta_fraction(1 - x, b, a) / b;
}

double beta_ppf(double p, double a, double b) {
  if (!(p > 0)) return 0;
  if (p >= 1) return 1;
  // Halving over the bits of a double, which are in the order of the numbers: 62 steps to the last.
  std::uint64_t low = 0, high = std::bit_cast<std::uint64_t>(1.0);
  while (high - low > 1) {
    const std::uint64_t middle = low + (high - low) / 2;
    (beta_cdf(std::bit_cast<double>(middle), a, b) < p ? low : high) = middle;
  }
  return std::bit_cast<double>(high);
}

}  // namespace transom::stack
