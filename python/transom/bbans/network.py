"""network.py — variational autoencoders of real numbers: what is quantised."""
# SPDX-License-Identifier: Apache-2.0

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from transom.bbans import torch_file
from transom.errors import DataError

Reals = NDArray[np.float64]
BATCH_NORM_EPS = 1e-5


@dataclass(frozen=True)
class Affine:
    """weights x + bias"""

    weights: Reals
    bias: Reals

    def __call__(self, x: Reals) -> Reals:
        y: Reals = x @ self.weights.T + self.bias
        return y


@dataclass(frozen=True)
class Network:
    """Image -> hidden layers -> mean, log of the standard deviation; latent variables -> hidden layers -> likelihood.

    Hidden layers end in relu. The likelihood is a logit per pixel ("bernoulli", pixels 0 and 1), or all log alpha and
    then all log beta ("beta_binomial", pixels 0 .. n, as they are).
    """

    observation: str
    recogniser: tuple[Affine, ...]
    mean: Affine
    log_stdd: Affine
    generator: tuple[Affine, ...]
    likelihood: Affine
    n: int = 255


def _affine(tensors: Mapping[str, NDArray[Any]], name: str, norm: str = "", scale: float = 1.0) -> Affine:
    """Layer `name`, with the batch normalisation behind it folded in; its inputs are divided by `scale`."""
    try:
        weights = tensors[f"{name}.weight"].astype(np.float64) / scale
        bias = tensors[f"{name}.bias"].astype(np.float64)
        if norm:
            gain, shift, mean, variance = (
                tensors[f"{norm}.{field}"].astype(np.float64)
                for field in ("weight", "bias", "running_mean", "running_var")
            )
            gain = gain / np.sqrt(variance + BATCH_NORM_EPS)
            weights, bias = weights * gain[:, None], (bias - mean) * gain + shift
    except (KeyError, ValueError) as error:
        raise DataError(f"tensor {error}: a layer of bits-back's networks is missing or has another shape") from error
    if weights.ndim != 2 or bias.shape != weights.shape[:1] or not np.isfinite(weights).all():
        raise DataError(f"tensor '{name}': no layer")
    return Affine(weights, bias)


def _largest_pixel(tensors: Mapping[str, NDArray[Any]]) -> int:
    """n of the beta-binomial; bits-back has it for each pixel of a batch."""
    values = np.unique(tensors.get("n", np.array([255])))
    if len(values) != 1 or not 1 <= values[0] <= 255 or values[0] % 1:
        raise DataError("tensor 'n': must be one whole number of 1..255 throughout")
    return int(values[0])


def of_bits_back(tensors: Mapping[str, NDArray[Any]]) -> Network:
    """The two networks of bits-back: fc1, fc21, fc22, fc3, fc4, of bits; with batch normalisation, of bytes.

    What train.py made of pixels 0 .. n has that n, and no normalisation.
    """
    raw = "bn1.weight" in tensors
    norms = {name: name.replace("fc", "bn") if raw else "" for name in ("fc1", "fc21", "fc22", "fc3")}
    n = _largest_pixel(tensors)
    grey = raw or "n" in tensors
    return Network(
        "beta_binomial" if grey else "bernoulli",
        (_affine(tensors, "fc1", norms["fc1"], float(n) if grey else 1.0),),
        _affine(tensors, "fc21", norms["fc21"]),
        _affine(tensors, "fc22", norms["fc22"]),
        (_affine(tensors, "fc3", norms["fc3"]),),
        _affine(tensors, "fc4"),
        n,
    )


def read_bits_back(path: Path) -> Network:
    """Of a file that bits-back's training wrote. DataError for what is none."""
    try:
        return of_bits_back(torch_file.read(path))
    except DataError as error:
        raise DataError(str(error) if str(path) in str(error) else f"{path}: {error}") from error
