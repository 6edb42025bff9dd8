"""test_integer_rates.py — bits-back's own parameters and images: bits per dimension by integer networks."""
# SPDX-License-Identifier: Apache-2.0

import gzip
import os
from pathlib import Path

import numpy as np
import pytest
from networks import message_of
from numpy.typing import NDArray
from program import SHARED

from transom.bbans.network import read_bits_back
from transom.bbans.quantise import quantise

N_WORDS = 400
N_IMAGES = int(os.environ.get("TRANSOM_IMAGES", "400"))  # 10000: all, 20 seconds


def parameters(name: str) -> Path:
    path = SHARED / "data/bits-back" / name
    if not path.exists():
        pytest.skip(f"skipped: {path} is not there")
    return path


def binarised() -> NDArray[np.uint8]:
    packed = np.load(SHARED / "interop/bbans/mnist_binarised_test10000.npz")["packed"]
    return np.unpackbits(packed).reshape(-1, 784)


def raw() -> NDArray[np.uint8]:
    data = gzip.decompress((SHARED / "data/mnist/t10k-images-idx3-ubyte.gz").read_bytes())
    return np.frombuffer(data, np.uint8, offset=16).reshape(-1, 784)


def bits_per_dimension(network: Path, images: NDArray[np.uint8], calibration: NDArray[np.uint8], folder: Path) -> float:
    model = quantise(read_bits_back(network), calibration)
    before = message_of(model, images[:0], N_WORDS, folder)
    after = message_of(model, images, N_WORDS, folder)
    return 32 * (len(after) - len(before)) / images.size


def test_binarised_digits(tmp_path: Path) -> None:
    """Of all 10,000 it is 0.1909: the first ones are easier than most."""
    network = parameters("torch_binary_vae_params_random")
    images = binarised()
    rate = bits_per_dimension(network, images[:N_IMAGES], images[-500:], tmp_path)
    assert rate <= (0.189 if N_IMAGES == 400 else 0.194)


def test_raw_digits(tmp_path: Path) -> None:
    """Of all 10,000 it is 1.3803."""
    network = parameters("torch_vae_beta_binomial_params")
    images = raw()
    rate = bits_per_dimension(network, images[:N_IMAGES], images[-500:], tmp_path)
    assert rate <= (1.315 if N_IMAGES == 400 else 1.39)
