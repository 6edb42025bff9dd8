"""quantise.py — a network of real numbers as a model: of integers, or, for research, of the reals as they are.

Of integers: scales from the weights' bounds and from images.
Inputs, weights and sums have 16, 16 and 32 bits. A row's weights are scaled as far as its sums can never leave 32 bits,
whatever the input; hidden units as far as images drive them, with room above.
"""
# SPDX-License-Identifier: Apache-2.0

import math

import numpy as np
from numpy.typing import NDArray

from transom.bbans.model_file import Layer, Model, RealLayer, RealModel
from transom.bbans.network import Affine, Network, Reals

HIDDEN_HIGH = 8191  # of a hidden unit: as fine as its weights where a hundred of them are summed
HEADROOM = 1.25  # above what the images reach; what is higher saturates
LATENT_UNIT, STDD_UNIT, LOGIT_UNIT, SHAPE_UNIT = 1 << 12, 1 << 8, 1 << 6, 1 << 2
LARGEST_LATENT = 4 * LATENT_UNIT  # no bin's centre lies as far out
LOG2_E = 1 / math.log(2)
MOST_SUM, MOST_WEIGHT = 2**31 - 1, 2**15 - 1
PRIOR_BITS, LATENT_BITS = 8, 24
OBSERVATION_BITS = {"bernoulli": 16, "beta_binomial": 18}  # a slot for each of 256 values
PARTICLES_LOG = {"bernoulli": 1, "beta_binomial": 2}


def _layer(real: Affine, in_unit: float, most_input: int, out_unit: float, low: int, high: int) -> Layer:
    """Inputs are real * in_unit, at most most_input; outputs real * out_unit, clipped."""
    reach = np.abs(real.weights).sum(axis=1) * most_input + np.abs(real.bias) * in_unit
    rounding = (real.weights.shape[1] / 2 + 1) * most_input + 1
    heaviest = np.abs(real.weights).max(axis=1)
    with np.errstate(divide="ignore"):
        scale = np.minimum(MOST_WEIGHT / heaviest, (MOST_SUM - rounding) / reach)
    scale = np.where(np.isfinite(scale), scale, 1.0)
    weights = np.rint(real.weights * scale[:, None]).astype(np.int16)
    bias = np.rint(real.bias * scale * in_unit).astype(np.int32)
    ratio = out_unit / (scale * in_unit)
    shift = min(62, math.floor(math.log2(MOST_SUM / ratio.max())))
    multipliers = np.rint(ratio * 2.0**shift).astype(np.int32)
    return Layer(weights, bias, multipliers, shift, low, high)


def _hidden(layers: tuple[Affine, ...], x: Reals, in_unit: float, most: int) -> tuple[list[Layer], Reals, float]:
    """The layers, what they make of x, and its unit."""
    made = []
    for real in layers:
        x = np.maximum(real(x), 0)
        unit = HIDDEN_HIGH / (HEADROOM * max(float(x.max()), 1e-6))
        made.append(_layer(real, in_unit, most, unit, 0, HIDDEN_HIGH))
        in_unit, most = unit, HIDDEN_HIGH
    return made, x, in_unit


def quantise(
    network: Network,
    images: NDArray[np.uint8],
    *,
    prior_bits: int = PRIOR_BITS,
    latent_bits: int = LATENT_BITS,
    observation_bits: int | None = None,
    particles_log: int | None = None,
) -> Model:
    """@param images some rows of pixels, by which hidden units are scaled
    @param observation_bits as OBSERVATION_BITS has it if it is not given
    @param particles_log log2 of the latent vectors per image, as PARTICLES_LOG has it
    """
    bits = network.observation == "bernoulli"
    recogniser, h, unit = _hidden(network.recogniser, images.astype(np.float64), 1.0, 1 if bits else network.n)
    mean = _layer(network.mean, unit, HIDDEN_HIGH, LATENT_UNIT, -(2**15), 2**15 - 1)
    log2_stdd = _layer(network.log_stdd, unit, HIDDEN_HIGH, STDD_UNIT * LOG2_E, -10 * STDD_UNIT, 4 * STDD_UNIT)
    draws = np.random.default_rng(0).standard_normal((len(images), len(network.mean.bias)))
    z = network.mean(h) + np.exp(network.log_stdd(h)) * draws
    generator, _, unit = _hidden(network.generator, z, LATENT_UNIT, LARGEST_LATENT)
    out = (LOGIT_UNIT, -1023, 1023) if bits else (SHAPE_UNIT * LOG2_E, -64, 63)
    likelihood = _layer(network.likelihood, unit, HIDDEN_HIGH, *out)
    return Model(
        network.observation,
        prior_bits,
        latent_bits,
        observation_bits or OBSERVATION_BITS[network.observation],
        PARTICLES_LOG[network.observation] if particles_log is None else particles_log,
        tuple(recogniser),
        mean,
        log2_stdd,
        tuple(generator),
        likelihood,
        network.n,
    )


def _real(affine: Affine, scale: float = 1.0) -> RealLayer:
    return RealLayer(affine.weights * scale, affine.bias * scale)


def unquantised(network: Network, *, particles_log: int | None = None) -> RealModel:
    """The same network in floating point; @param particles_log as quantise() has it."""
    bits = network.observation == "bernoulli"
    return RealModel(
        network.observation,
        PRIOR_BITS,
        LATENT_BITS,
        OBSERVATION_BITS[network.observation],
        PARTICLES_LOG[network.observation] if particles_log is None else particles_log,
        tuple(map(_real, network.recogniser)),
        _real(network.mean),
        _real(network.log_stdd, LOG2_E),
        tuple(map(_real, network.generator)),
        _real(network.likelihood, 1.0 if bits else LOG2_E),
        network.n,
    )
