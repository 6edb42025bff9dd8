// real.cpp — distributions of real parameters: columns of them, as transom.stack.codecs shapes
// them, all of one length.
// SPDX-License-Identifier: Apache-2.0
#include <map>

#include "lanes.hpp"

namespace transom::bind {
namespace {

template <class Real>
using Column = nb::ndarray<const Real, nb::ndim<1>, nb::c_contig, nb::device::cpu>;
template <class Real>
using Rows = nb::ndarray<const Real, nb::ndim<2>, nb::c_contig, nb::device::cpu>;

/// Throws unless all columns have as many numbers as the first.
template <class Real, class... More>
std::size_t length(const char* function, const Column<Real>& first, const More&... more) {
  (require_range(function, "number of parameters", more.shape(0), first.shape(0), first.shape(0)),
   ...);
  return first.shape(0);
}
template <class Real>
std::span<const Real> row(const Rows<Real>& rows, std::size_t i) {
  return {rows.data() + i * rows.shape(1), rows.shape(1)};
}

/// Bins are kept: making them takes longer than coding with them.
template <class Real>
std::shared_ptr<const stack::Bins<Real>> bins_of(const char* function, const Integer& bin_prec) {
  static std::map<unsigned, std::shared_ptr<const stack::Bins<Real>>> kept;
  constexpr unsigned kMostKept = 16;
  const auto precision = bin_prec.to<unsigned>(function, "bin_prec");
  if (precision > kMostKept) return stack::std_gaussian_bins<Real>(precision);
  auto& bins = kept[precision];
  if (bins == nullptr) bins = stack::std_gaussian_bins<Real>(precision);
  return bins;
}

template <class Real>
void bind_real_of(nb::module_& m) {
  m.def(
      "bernoulli",
      [](const Column<Real>& p, const Integer& precision) {
        const auto R = precision.to<unsigned>("bernoulli", "precision");
        return lanes_of(p.shape(0), [&](std::size_t i) { return stack::bernoulli(p(i), R); });
      },
      nb::arg("p").noconvert(), nb::arg("precision"));
  m.def(
      "categorical",
      [](const Rows<Real>& probabilities, const Integer& precision, bool one_each) {
        const auto R = precision.to<unsigned>("categorical", "precision");
        const auto rounding = one_each ? stack::Rounding::kOneEach : stack::Rounding::kNearest;
        return lanes_of(probabilities.shape(0), [&](std::size_t i) {
          return stack::categorical(row(probabilities, i), R, rounding);
        });
      },
      nb::arg("probabilities").noconvert(), nb::arg("precision"), nb::arg("one_each"));
  m.def(
      "gaussian",
      [](const Column<Real>& mean, const Column<Real>& stdd, const Integer& bin_prec,
         const Integer& precision, bool even) {
        const auto R = precision.to<unsigned>("gaussian", "precision");
        const auto bins = bins_of<Real>("gaussian", bin_prec);
        const auto halves = even ? stack::Halves::kEven : stack::Halves::kDown;
        return lanes_of(length("gaussian", mean, stdd), [&](std::size_t i) {
          return stack::gaussian<Real>(bins, mean(i), stdd(i), R, halves);
        });
      },
      nb::arg("mean").noconvert(), nb::arg("stdd").noconvert(), nb::arg("bin_prec"),
      nb::arg("precision"), nb::arg("even"));
}

template <class Real>
auto bin_arrays(const Integer& bin_prec) {
  const auto bins = bins_of<Real>("std_gaussian_bins", bin_prec);
  return nb::typed<nb::tuple, nb::ndarray<nb::numpy, Real>, nb::ndarray<nb::numpy, Real>>(
      nb::make_tuple(to_numpy(bins->edges), to_numpy(bins->centres)));
}

void bind_counts(nb::module_& m) {
  m.def(
      "categorical_of_weights",
      [](const Rows<double>& weights, const Integer& precision) {
        const auto R = precision.to<unsigned>("categorical_of_weights", "precision");
        return lanes_of(weights.shape(0), [&](std::size_t i) {
          return stack::categorical_of_weights(row(weights, i), R);
        });
      },
      nb::arg("weights"), nb::arg("precision"));
  m.def(
      "binomial",
      [](const Integer& n, const Column<double>& p, const Integer& precision) {
        const auto R = precision.to<unsigned>("binomial", "precision");
        const auto most = n.to<std::uint32_t>("binomial", "n");
        return lanes_of(p.shape(0), [&](std::size_t i) { return stack::binomial(most, p(i), R); });
      },
      nb::arg("n"), nb::arg("p"), nb::arg("precision"));
  m.def(
      "beta_binomial",
      [](const Integer& n, const Column<double>& a, const Column<double>& b,
         const Integer& precision) {
        const auto R = precision.to<unsigned>("beta_binomial", "precision");
        const auto most = n.to<std::uint32_t>("beta_binomial", "n");
        return lanes_of(length("beta_binomial", a, b),
                        [&](std::size_t i) { return stack::beta_binomial(most, a(i), b(i), R); });
      },
      nb::arg("n"), nb::arg("a"), nb::arg("b"), nb::arg("precision"));
  m.def(
      "beta_latent",
      [](const Column<double>& prior_a, const Column<double>& prior_b, const Column<double>& a,
         const Column<double>& b, const Integer& bin_prec, const Integer& precision) {
        const auto bits = bin_prec.to<unsigned>("beta_latent", "bin_prec");
        const auto R = precision.to<unsigned>("beta_latent", "precision");
        return lanes_of(length("beta_latent", prior_a, prior_b, a, b), [&](std::size_t i) {
          return stack::beta_latent({prior_a(i), prior_b(i)}, {a(i), b(i)}, bits, R);
        });
      },
      nb::arg("prior_a"), nb::arg("prior_b"), nb::arg("a"), nb::arg("b"), nb::arg("bin_prec"),
      nb::arg("precision"));
}

void bind_bins(nb::module_& m) {
  m.def("std_gaussian_bins", &bin_arrays<double>, nb::arg("bin_prec"));
  m.def("std_gaussian_bins_f32", &bin_arrays<float>, nb::arg("bin_prec"));
  m.def(
      "gaussian_in_gaussian_bins",
      [](const Column<double>& mean, const Column<double>& stdd, const Column<double>& bin_mean,
         const Column<double>& bin_stdd, const Integer& bin_prec, const Integer& precision) {
        constexpr const char* kName = "gaussian_in_gaussian_bins";
        const auto R = precision.to<unsigned>(kName, "precision");
        const auto bins = bins_of<double>(kName, bin_prec);
        return lanes_of(length(kName, mean, stdd, bin_mean, bin_stdd), [&](std::size_t i) {
          return stack::gaussian_in_gaussian_bins(bins, mean(i), stdd(i), bin_mean(i), bin_stdd(i),
                                                  R);
        });
      },
      nb::arg("mean"), nb::arg("stdd"), nb::arg("bin_mean"), nb::arg("bin_stdd"),
      nb::arg("bin_prec"), nb::arg("precision"));
  m.def(
      "gaussian_in_uniform_bins",
      [](const Column<double>& mean, const Column<double>& stdd, const Column<double>& low,
         const Column<double>& high, const Integer& n_bins, const Integer& precision,
         bool rebalanced) {
        constexpr const char* kName = "gaussian_in_uniform_bins";
        const auto n = n_bins.to<std::uint32_t>(kName, "n_bins");
        const auto R = precision.to<unsigned>(kName, "precision");
        return lanes_of(length(kName, mean, stdd, low, high), [&](std::size_t i) {
          return stack::gaussian_in_uniform_bins(mean(i), stdd(i), low(i), high(i), R, n,
                                                 rebalanced);
        });
      },
      nb::arg("mean"), nb::arg("stdd"), nb::arg("low"), nb::arg("high"), nb::arg("n_bins"),
      nb::arg("precision"), nb::arg("rebalanced"));
  m.def(
      "discretised",
      [](bool is_logistic, double low, double high, const Integer& bin_prec,
         const Integer& precision) {
        const auto shape = is_logistic ? stack::CdfShape::kLogistic : stack::CdfShape::kNormal;
        const auto bits = bin_prec.to<unsigned>("discretised", "bin_prec");
        const auto R = precision.to<unsigned>("discretised", "precision");
        return lanes_of(1,
                        [&](std::size_t) { return stack::discretised(shape, low, high, bits, R); });
      },
      nb::arg("logistic"), nb::arg("low"), nb::arg("high"), nb::arg("bin_prec"),
      nb::arg("precision"));
  m.def(
      "logistic",
      [](const Column<double>& mean, const Column<double>& log_scale, double low, double high,
         const Integer& bin_prec, const Integer& precision) {
        const auto bits = bin_prec.to<unsigned>("logistic", "bin_prec");
        const auto R = precision.to<unsigned>("logistic", "precision");
        return lanes_of(length("logistic", mean, log_scale), [&](std::size_t i) {
          return stack::logistic(mean(i), log_scale(i), R, bits, low, high);
        });
      },
      nb::arg("mean"), nb::arg("log_scale"), nb::arg("low"), nb::arg("high"), nb::arg("bin_prec"),
      nb::arg("precision"));
  m.def(
      "logistic_mixture",
      [](const Rows<double>& means, const Rows<double>& log_scales, const Rows<double>& logits,
         double low, double high, const Integer& bin_prec, const Integer& precision) {
        constexpr const char* kName = "logistic_mixture";
        const std::size_t n = means.shape(0);
        require_range(kName, "rows of log_scales", log_scales.shape(0), n, n);
        require_range(kName, "rows of logits", logits.shape(0), n, n);
        const auto bits = bin_prec.to<unsigned>(kName, "bin_prec");
        const auto R = precision.to<unsigned>(kName, "precision");
        return lanes_of(n, [&](std::size_t i) {
          return stack::logistic_mixture(row(means, i), row(log_scales, i), row(logits, i), R, bits,
                                         low, high);
        });
      },
      nb::arg("means"), nb::arg("log_scales"), nb::arg("logits"), nb::arg("low"), nb::arg("high"),
      nb::arg("bin_prec"), nb::arg("precision"));
}

}  // namespace

void bind_real(nb::module_& m) {
  bind_real_of<float>(m);
  bind_real_of<double>(m);
  bind_counts(m);
  bind_bins(m);
}

}  // namespace transom::bind
