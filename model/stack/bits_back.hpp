// bits_back.hpp — codecs of data with latent variables, for the price of their marginal
// probability.
//
// J. Townsend, T. Bird, D. Barber, arXiv:1901.04866 (BB-ANS). Of a model p(x, z) = p(z) p(x | z)
// the encoder may choose any z: it pops one from the message with q(z | x), and so takes back
// log2(1 / q) bits of what is there. The decoder, who knows x by then, pushes z again. What is paid
// is log2(q / (p(x | z) p(z))), -ELBO on average. The first datum wants a message that has bits to
// take back.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <type_traits>

#include "transom/stack/combinators.hpp"
#include "transom/stack/real.hpp"
#include "transom/stack/uniform.hpp"

namespace transom::stack {

template <Codec Prior, class Likelihood, class Posterior>
class BitsBack {
 public:
  using Latent = typename Prior::Symbol;
  using Symbol =
      typename std::remove_cvref_t<std::invoke_result_t<const Likelihood&, const Latent&>>::Symbol;

  BitsBack(Prior prior, Likelihood likelihood, Posterior posterior)
      : prior_(std::move(prior)),
        likelihood_(std::move(likelihood)),
        posterior_(std::move(posterior)) {}

  template <Stack M>
  void push(M& m, const Symbol& x) const {
    const Latent z = posterior_(x).pop(m);
    likelihood_(z).push(m, x);
    prior_.push(m, z);
  }
  template <Stack M>
  Symbol pop(M& m) const {
    const Latent z = prior_.pop(m);
    const Symbol x = likelihood_(z).pop(m);
    posterior_(x).push(m, z);
    return x;
  }

 private:
  Prior prior_;
  Likelihood likelihood_;
  Posterior posterior_;
};
/// prior codes z, likelihood(z) is a codec of x, posterior(x) a codec of z.
template <Codec Prior, class Likelihood, class Posterior>
BitsBack<Prior, Likelihood, Posterior> bb_ans(Prior prior, Likelihood likelihood,
                                              Posterior posterior) {
  return {std::move(prior), std::move(likelihood), std::move(posterior)};
}

/// What a recognition network says of one latent variable.
template <class Real>
struct MeanAndStdd {
  Real mean, stdd;
};

struct VaePrecisions {
  unsigned prior;   ///< log2 of the bins of a latent variable
  unsigned latent;  ///< R of the posterior
  Halves halves = Halves::kDown;
};

/// All variables on the first head, one after the other (bits-back).
struct OneHead {
  template <class D>
  auto latents(std::vector<D> each) const {
    return serial(std::move(each));
  }
  template <class C>
  C observed(C codec) const {
    return codec;
  }
};
/// A head for each variable: latent ones on z, the datum on x (craystack).
struct HeadEach {
  Heads z, x;
  template <class D>
  auto latents(std::vector<D> each) const {
    return substack(lanes(std::move(each)), z);
  }
  template <class C>
  auto observed(C codec) const {
    return substack(std::move(codec), x);
  }
};

/// bb_ans() of a variational autoencoder: n_latents variables z of prior N(0, 1), in bins of equal
/// mass. recognise(x) is a list of MeanAndStdd<Real>; generate(list of Real) tells of z, the
/// centres of its bins, the codec of x. Networks that are not exact make codecs that are not: to
/// decode, they must say again what they said.
template <class Real, class Recognise, class Generate, class Arrangement = OneHead>
auto vae(std::size_t n_latents, Recognise recognise, Generate generate, VaePrecisions precisions,
         Arrangement arrangement = {}) {
  const auto bins = std_gaussian_bins<Real>(precisions.prior);
  auto prior = arrangement.latents(std::vector<Uniform>(n_latents, Uniform(precisions.prior)));
  auto likelihood = [=](const std::vector<std::uint32_t>& z) {
    std::vector<Real> centres;
    for (const std::uint32_t bin : z) centres.push_back(bins->centres[bin]);
    return arrangement.observed(generate(centres));
  };
  auto posterior = [=](const auto& x) {
    std::vector<Gaussian<Real>> each;
    for (const MeanAndStdd<Real>& q : recognise(x)) {
      each.push_back(gaussian(bins, q.mean, q.stdd, precisions.latent, precisions.halves));
    }
    return arrangement.latents(std::move(each));
  };
  return bb_ans(std::move(prior), std::move(likelihood), std::move(posterior));
}

}  // namespace transom::stack
