"""bits_back.py — codecs of data with latent variables, for the price of their marginal probability.

Of a model p(z) p(x | z) the encoder pops z with q(z | x) from what the message holds, and takes back log2(1 / q) bits;
the decoder, who has x by then, pushes z again (J. Townsend, T. Bird, D. Barber, arXiv:1901.04866).
"""
# SPDX-License-Identifier: Apache-2.0

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, DTypeLike

from transom._stack import Lanes, Message
from transom.stack.arrays import Reals
from transom.stack.codecs import gaussian, one_head, std_gaussian_bins, uniform
from transom.stack.combinators import Codec, Heads, substack


class BitsBack:
    """A codec of x by way of z."""

    def __init__(self, prior: Codec, likelihood: Callable[[Any], Codec], posterior: Callable[[Any], Codec]) -> None:
        self.prior, self.likelihood, self.posterior = prior, likelihood, posterior

    def push(self, message: Message, data: Any) -> None:
        latent = self.posterior(data).pop(message)
        self.likelihood(latent).push(message, data)
        self.prior.push(message, latent)

    def pop(self, message: Message) -> Any:
        latent = self.prior.pop(message)
        data = self.likelihood(latent).pop(message)
        self.posterior(data).push(message, latent)
        return data


def bb_ans(prior: Codec, likelihood: Callable[[Any], Codec], posterior: Callable[[Any], Codec]) -> BitsBack:
    """prior codes z, likelihood(z) is the codec of x, posterior(x) a codec of z.

    The first push pops from what the message holds: without words there it is an UnderflowError.
    """
    return BitsBack(prior, likelihood, posterior)


@dataclass(frozen=True)
class VaePrecisions:
    """log2 of the bins of a latent variable, and of the posterior's slots; halves and dtype as gaussian() has them."""

    prior: int
    latent: int
    halves: str = "down"
    dtype: DTypeLike = "float64"


def vae(
    n_latents: int,
    recognise: Callable[[Any], tuple[ArrayLike, ArrayLike]],
    generate: Callable[[Reals], Codec],
    precisions: VaePrecisions,
    heads: tuple[Heads, Heads] | None = None,
) -> BitsBack:
    """bb_ans() of a variational autoencoder: n_latents variables of prior N(0, 1), in bins of equal mass.

    recognise(x) is (means, stdds) of the posterior, generate(centres of z's bins) the codec of x. All latent variables
    are on the first head, one after the other (bits-back), or on heads[0], a head for each, with x's codec on heads[1]
    (craystack). Networks that are not exact must say again what they said: floating point may not on another machine.
    """
    _, centres = std_gaussian_bins(precisions.prior, precisions.dtype)

    def latents(law: Lanes) -> Codec:
        return one_head(law, n_latents) if heads is None else substack(law, heads[0])

    def posterior(data: Any) -> Codec:
        mean, stdd = (np.asarray(v, precisions.dtype) for v in recognise(data))
        return latents(gaussian(mean, stdd, precisions.prior, precisions.latent, precisions.halves))

    def likelihood(latent: Any) -> Codec:
        codec = generate(centres[latent])
        return codec if heads is None else substack(codec, heads[1])

    return bb_ans(latents(uniform(precisions.prior)), likelihood, posterior)
