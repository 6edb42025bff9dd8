"""quantise.py — the CNN in integers: int8 or int4 weights, uint8 and int16 activations.

A real number is scale * (integer - zero_point). Weights are symmetric with a scale per output
channel; activations have one scale, and a zero point such that real 0 is exact. A layer sums
weight * (input - zero_point) + bias in int32 and requantises: multiplied by
scale_in * scale_weight / scale_out as a 31-bit fixed-point number, rounded half up.
After B. Jacob et al., arXiv:1712.05877, section 2.
Integers do not depend on the machine; the scales come from exact.py's numbers by single
divisions and multiplications, so they do not either.
"""
# SPDX-License-Identifier: Apache-2.0

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .exact import Floats
from .network import WEIGHT_SHAPES, Activations, Parameters, patches, pool_windows

Integers = NDArray[np.integer[Any]]
Recorded = dict[str, Integers]

MULTIPLIER_BITS = 31
UINT8_MAX = 255
INT16_MAX = 32767


@dataclass(frozen=True)
class Quantiser:
    """scale and zero_point of one activation tensor, with the range [low, high] of its integers."""

    scale: float
    zero_point: int
    low: int
    high: int
    dtype: type[np.integer[Any]]

    def apply(self, reals: Floats) -> Integers:
        """Returns the nearest integers, clipped to the range, in the same shape."""
        return self.store(np.rint(reals / self.scale) + self.zero_point)

    def store(self, integers: NDArray[np.generic]) -> Integers:
        """Returns the integers clipped to the range, in the dtype."""
        stored: Integers = np.clip(integers, self.low, self.high).astype(self.dtype)
        return stored


@dataclass(frozen=True)
class QuantisedLayer:
    """Integers of one layer: weights as in network.py, bias (out,) int32, scales (out,)."""

    weights: NDArray[np.int8]
    bias: NDArray[np.int32]
    scales: Floats


@dataclass(frozen=True)
class QuantisedNetwork:
    layers: dict[str, QuantisedLayer]
    activations: dict[str, Quantiser]


def uint8_quantiser(reals: Floats) -> Quantiser:
    """Covers the range of the reals, widened to include 0, with 256 levels."""
    low, high = min(0.0, float(reals.min())), max(0.0, float(reals.max()))
    scale = (high - low) / UINT8_MAX
    return Quantiser(scale, round(-low / scale), 0, UINT8_MAX, np.uint8)


def int16_quantiser(reals: Floats) -> Quantiser:
    """Symmetric: zero point 0, the largest magnitude at 32767."""
    return Quantiser(float(np.abs(reals).max()) / INT16_MAX, 0, -INT16_MAX, INT16_MAX, np.int16)


def quantise_weights(weights: Floats, bits: int) -> tuple[NDArray[np.int8], Floats]:
    """Returns integers in [-(2^(bits-1) - 1), 2^(bits-1) - 1] and one scale per output channel (axis 0)."""
    largest = 2 ** (bits - 1) - 1
    flat = weights.reshape(len(weights), -1)
    scales = np.abs(flat).max(axis=1) / largest
    integers = np.rint(flat / scales[:, np.newaxis]).astype(np.int8)
    return integers.reshape(weights.shape), scales


def quantise_network(parameters: Parameters, calibration: Activations, weight_bits: dict[str, int]) -> QuantisedNetwork:
    """Quantises the trained parameters.

    calibration holds the activations whose ranges set the activation scales; weight_bits names the
    layers (of WEIGHT_SHAPES) that take other than 8 bits.
    """
    quantisers = {
        name: int16_quantiser(reals) if name == "dense1" else uint8_quantiser(reals)
        for name, reals in calibration.items()
    }
    # A maximum changes no value, so the pool keeps its input's integers.
    quantisers["pool"] = quantisers["conv2"]
    inputs = {"conv1": "input", "conv2": "conv1", "dense1": "pool", "dense2": "dense1_relu"}
    layers: dict[str, QuantisedLayer] = {}
    for name in WEIGHT_SHAPES:
        weights, scales = quantise_weights(parameters[name], weight_bits.get(name, 8))
        bias = np.rint(parameters[name + "_bias"] / (quantisers[inputs[name]].scale * scales)).astype(np.int32)
        layers[name] = QuantisedLayer(weights, bias, scales)
    return QuantisedNetwork(layers, quantisers)


def requantise(sums: NDArray[np.int32], ratios: Floats, target: Quantiser) -> Integers:
    """Returns sums (n, out) times ratios (out,) > 0, as integers of the target.

    Each ratio becomes m * 2^-shift with m in [2^30, 2^31]: |sum * m| <= 2^62 fits int64.
    """
    fractions, exponents = np.frexp(ratios)
    multipliers = np.rint(fractions * 2.0**MULTIPLIER_BITS).astype(np.int64)
    shifts = (MULTIPLIER_BITS - exponents).astype(np.int64)
    half = np.int64(1) << (shifts - 1)
    scaled = (sums.astype(np.int64) * multipliers + half) >> shifts
    return target.store(scaled + target.zero_point)


def _weighted_sums(inputs: Integers, zero_point: int, layer: QuantisedLayer) -> NDArray[np.int32]:
    """Returns the int32 sums (n, out) of uint8 inputs: images (n, h, w, c) of a convolution, or (n, in)."""
    centred = inputs.astype(np.int32) - zero_point
    rows = patches(centred) if centred.ndim == 4 else centred
    weights = layer.weights.reshape(len(layer.weights), -1).astype(np.int32)
    return rows @ weights.T + layer.bias


def integer_forward(network: QuantisedNetwork, images: Floats) -> Recorded:
    """Returns each layer's integers for images (n, 8, 8, 1), by the names of network.forward."""
    q = network.activations

    def run(layer_name: str, inputs: Integers, input_name: str, output_name: str) -> Integers:
        layer = network.layers[layer_name]
        source, target = q[input_name], q[output_name]
        sums = _weighted_sums(inputs, source.zero_point, layer)
        return requantise(sums, source.scale * layer.scales / target.scale, target)

    # The ReLU of a convolution is its clip at 0: its range starts there, so its zero point is 0.
    pixels = q["input"].apply(images)
    conv1 = run("conv1", pixels, "input", "conv1").reshape(*images.shape[:3], -1)
    conv2 = run("conv2", conv1, "conv1", "conv2").reshape(*images.shape[:3], -1)
    pool = pool_windows(conv2).max(axis=4)
    dense1 = run("dense1", pool.reshape(len(images), -1), "pool", "dense1")
    relu_ratio = np.array([q["dense1"].scale / q["dense1_relu"].scale])
    dense1_relu = requantise(dense1.astype(np.int32), relu_ratio, q["dense1_relu"])
    logits = run("dense2", dense1_relu, "dense1_relu", "logits")
    return {
        "input": pixels,
        "conv1": conv1,
        "conv2": conv2,
        "pool": pool,
        "dense1": dense1,
        "dense1_relu": dense1_relu,
        "logits": logits,
    }
