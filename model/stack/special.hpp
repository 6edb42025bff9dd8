// special.hpp — the functions of probability that the tables of real.hpp are made of.
//
// In double, with the C library's erfc, lgamma, exp and log: two libraries may differ in the last
// bit of a result, and so, once in very many, by one slot in a table. What has to be decoded
// elsewhere sends its tables, or has them of integers.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

namespace transom::stack {

/// The normal distribution's Phi(x), and the x where it is p in [0, 1]: infinite at both ends.
double normal_cdf(double x);
double normal_ppf(double p);
/// 1 / (1 + exp(-x)).
double logistic_cdf(double x);
/// The beta distribution's I_x(a, b), a, b > 0, and the x where it is p in [0, 1].
double beta_cdf(double x, double a, double b);
double beta_ppf(double p, double a, double b);
/// log of n over k.
double log_choose(std::uint32_t n, std::uint32_t k);
/// log B(a, b).
double log_beta(double a, double b);

}  // namespace transom::stack
