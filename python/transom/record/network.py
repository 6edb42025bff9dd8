"""network.py — a small CNN for 8x8 digits: forward, gradients, training.

    input 8x8x1 -> conv1 3x3x8 ReLU -> conv2 3x3x16 ReLU -> pool 2x2 max -> dense1 64
          -> dense1_relu -> logits 10

Trained with Adam (arXiv:1412.6980, algorithm 1) on the one-against-all squared hinge loss, whose
gradient needs no exp. All arithmetic follows exact.py, so a seed gives the same weights everywhere.
Layouts: weights (out, kernel row, kernel column, in) or (out, in); activations (image, row, column,
channel) or (image, feature).
"""
# SPDX-License-Identifier: Apache-2.0

import time
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .exact import GRID, Floats, exact_product, snap

Parameters = dict[str, Floats]
Activations = dict[str, Floats]

WEIGHT_SHAPES = {
    "conv1": (8, 3, 3, 1),
    "conv2": (16, 3, 3, 8),
    "dense1": (64, 256),
    "dense2": (10, 64),
}
EPOCHS = 10
BATCH = 32
LEARNING_RATE = 2.0**-8  # of the first epoch; falls linearly to 1/EPOCHS of it
MEAN_DECAY = 0.9
SQUARE_DECAY = 0.999


def patches(images: NDArray[Any]) -> NDArray[Any]:
    """Returns the 3x3 neighbourhood of each pixel: (n, h, w, c) -> (n * h * w, 9 * c), padded with 0.

    A row lists kernel row, kernel column, channel: the order of a flattened convolution weight.
    """
    _, height, width, channels = images.shape
    padded = np.pad(images, ((0, 0), (1, 1), (1, 1), (0, 0)))
    shifted = [padded[:, row : row + height, column : column + width] for row in range(3) for column in range(3)]
    stacked: NDArray[Any] = np.stack(shifted, axis=3).reshape(-1, 9 * channels)
    return stacked


def pool_windows(images: NDArray[Any]) -> NDArray[Any]:
    """Returns the disjoint 2x2 windows: (n, h, w, c) -> (n, h / 2, w / 2, c, 4)."""
    n, height, width, channels = images.shape
    split = images.reshape(n, height // 2, 2, width // 2, 2, channels)
    return split.transpose(0, 1, 3, 5, 2, 4).reshape(n, height // 2, width // 2, channels, 4)


def unpool_windows(windows: Floats) -> Floats:
    """Inverse of pool_windows: (n, h, w, c, 4) -> (n, 2 h, 2 w, c)."""
    n, height, width, channels, _ = windows.shape
    split = windows.reshape(n, height, width, channels, 2, 2)
    return split.transpose(0, 1, 4, 2, 5, 3).reshape(n, 2 * height, 2 * width, channels)


def convolve(images: Floats, weights: Floats) -> Floats:
    """3x3 convolution, stride 1, zero padding: (n, h, w, in) -> (n, h, w, out)."""
    out = weights.shape[0]
    product = exact_product(patches(images), weights.reshape(out, -1).T)
    return product.reshape(*images.shape[:3], out)


def initial_parameters(random: np.random.RandomState) -> Parameters:
    """He-uniform weights and zero biases, drawn as integers: that stream is frozen across numpy versions."""
    parameters: Parameters = {}
    for layer, shape in WEIGHT_SHAPES.items():
        fan_in = int(np.prod(shape[1:]))
        limit = int(np.sqrt(6.0 / fan_in) / GRID)
        parameters[layer] = random.randint(-limit, limit + 1, size=shape).astype(np.float64) * GRID
        parameters[layer + "_bias"] = np.zeros(shape[0])
    return parameters


def forward(parameters: Parameters, images: Floats) -> Activations:
    """Returns each layer's output for images (n, 8, 8, 1); all multiples of GRID."""
    p = parameters
    conv1 = np.maximum(snap(convolve(images, p["conv1"]) + p["conv1_bias"]), 0.0)
    conv2 = np.maximum(snap(convolve(conv1, p["conv2"]) + p["conv2_bias"]), 0.0)
    pool = pool_windows(conv2).max(axis=4)
    features = pool.reshape(len(images), -1)
    dense1 = snap(exact_product(features, p["dense1"].T) + p["dense1_bias"])
    dense1_relu = np.maximum(dense1, 0.0)
    logits = snap(exact_product(dense1_relu, p["dense2"].T) + p["dense2_bias"])
    return {
        "input": images,
        "conv1": conv1,
        "conv2": conv2,
        "pool": pool,
        "dense1": dense1,
        "dense1_relu": dense1_relu,
        "logits": logits,
    }


def gradients(parameters: Parameters, images: Floats, labels: NDArray[np.int64]) -> Parameters:
    """Returns the gradient of the summed loss by parameter name, for images (n, 8, 8, 1), labels (n,)."""
    p = parameters
    a = forward(p, images)
    sign = np.where(labels[:, np.newaxis] == np.arange(10), 1.0, -1.0)
    by_logits = -sign * np.maximum(1.0 - sign * a["logits"], 0.0)
    by_dense1 = snap(exact_product(by_logits, p["dense2"])) * (a["dense1"] > 0.0)
    by_pool = snap(exact_product(by_dense1, p["dense1"])).reshape(a["pool"].shape)

    windows = pool_windows(a["conv2"])
    by_windows = np.zeros_like(windows)
    winner = windows.argmax(axis=4)[..., np.newaxis]
    np.put_along_axis(by_windows, winner, by_pool[..., np.newaxis], axis=4)
    by_conv2 = unpool_windows(by_windows) * (a["conv2"] > 0.0)
    # A convolution's input gradient is the convolution with the kernel turned by 180 degrees.
    turned = p["conv2"][:, ::-1, ::-1, :].transpose(3, 1, 2, 0)
    by_conv1 = snap(convolve(by_conv2, turned)) * (a["conv1"] > 0.0)

    layers = {
        "conv1": (patches(images), by_conv1.reshape(-1, 8)),
        "conv2": (patches(a["conv1"]), by_conv2.reshape(-1, 16)),
        "dense1": (a["pool"].reshape(len(images), -1), by_dense1),
        "dense2": (a["dense1_relu"], by_logits),
    }
    result: Parameters = {}
    for layer, (inputs, by_outputs) in layers.items():
        result[layer] = exact_product(by_outputs.T, inputs).reshape(WEIGHT_SHAPES[layer])
        result[layer + "_bias"] = exact_product(np.ones((1, len(by_outputs))), by_outputs)[0]
    return result


class Adam:
    """Running mean and mean square of the gradient, and the step they give; epsilon is GRID."""

    def __init__(self, parameters: Parameters) -> None:
        self._mean = {name: np.zeros_like(value) for name, value in parameters.items()}
        self._square = {name: np.zeros_like(value) for name, value in parameters.items()}
        self._mean_weight = 1.0
        self._square_weight = 1.0

    def step(self, parameters: Parameters, gradient: Parameters, learning_rate: float) -> None:
        """Replaces each parameter by the next one, snapped."""
        self._mean_weight *= MEAN_DECAY
        self._square_weight *= SQUARE_DECAY
        for name, g in gradient.items():
            self._mean[name] = MEAN_DECAY * self._mean[name] + (1.0 - MEAN_DECAY) * g
            self._square[name] = SQUARE_DECAY * self._square[name] + (1.0 - SQUARE_DECAY) * g * g
            mean = self._mean[name] / (1.0 - self._mean_weight)
            deviation = np.sqrt(self._square[name] / (1.0 - self._square_weight))
            parameters[name] = snap(parameters[name] - learning_rate * mean / (deviation + GRID))


def accuracy(logits: NDArray[Any], labels: NDArray[np.int64]) -> float:
    """Returns the share of rows whose largest logit is the label's; the first one wins a tie."""
    return int(np.count_nonzero(logits.argmax(axis=1) == labels)) / len(labels)


def train(
    images: Floats,
    labels: NDArray[np.int64],
    random: np.random.RandomState,
    progress: Callable[[str], None],
) -> Parameters:
    """Returns parameters trained on images (n, 8, 8, 1) of multiples of GRID and labels (n,) 0..9."""
    parameters = initial_parameters(random)
    adam = Adam(parameters)
    start = time.monotonic()
    for epoch in range(EPOCHS):
        order = random.permutation(len(images))
        learning_rate = LEARNING_RATE * (EPOCHS - epoch) / EPOCHS
        for first in range(0, len(order), BATCH):
            batch = order[first : first + BATCH]
            adam.step(parameters, gradients(parameters, images[batch], labels[batch]), learning_rate)
        progress(f"epoch {epoch + 1} of {EPOCHS}: {time.monotonic() - start:.1f} s")
    return parameters
