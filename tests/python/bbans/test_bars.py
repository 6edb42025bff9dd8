"""transom bbans with bits-back's trained parameters and MNIST's test set, where TRANSOM_SHARED has them.

A part of the images; all of them: docs/figures.md.
"""
# SPDX-License-Identifier: Apache-2.0

import gzip
import json
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from program import FINE, SHARED, run_package, transom

DATA = SHARED / "data"
BINARISED = SHARED / "interop/bbans/mnist_binarised_test10000.npz"
PARTS = 500
# Bits per dimension of the first 500: those of all 10,000 are 0.1911, 1.3805 and, as a set of bits, 0.1759.
MOST = {"bits": 0.194, "bits as a set": 0.188, "bytes": 1.39}


def binarised() -> NDArray[np.uint8]:
    with np.load(BINARISED) as file:
        return np.unpackbits(file["packed"]).reshape(-1, 28, 28)


def raw() -> NDArray[np.uint8]:
    data = gzip.decompress((DATA / "mnist/t10k-images-idx3-ubyte.gz").read_bytes())
    return np.frombuffer(data, np.uint8, offset=16).reshape(-1, 28, 28)


@pytest.mark.skipif(not (DATA / "mnist").exists() or not BINARISED.exists(), reason="TRANSOM_SHARED has no MNIST")
@pytest.mark.parametrize("kind", MOST)
def test_mnist_takes_no_more_than_its_bar_and_comes_back(kind: str, tmp_path: Path) -> None:
    pictures = raw()[:PARTS] if kind == "bytes" else binarised()[:PARTS]
    name = "torch_vae_beta_binomial_params" if kind == "bytes" else "torch_binary_vae_params_random"
    np.save(tmp_path / "in.npy", pictures)
    model = tmp_path / "a.tvae"
    done = run_package("transom.bbans", "quantise", DATA / "bits-back" / name, tmp_path / "in.npy", "-o", model)
    assert done.returncode == FINE, done.stderr
    more = ["--multiset"] if kind.endswith("set") else []
    done = transom("bbans", "encode", tmp_path / "in.npy", "-o", tmp_path / "a.tbb", "--model", model, *more, "--json")
    result = json.loads(done.stdout)
    assert result["bits_per_dim"]["gross"] <= MOST[kind]
    transom("bbans", "decode", tmp_path / "a.tbb", "-o", tmp_path / "out.npy", "--model", model)
    back = np.load(tmp_path / "out.npy")
    if more:
        order = sorted(range(PARTS), key=lambda i: pictures[i].tobytes())
        pictures = pictures[order]
    assert (back == pictures).all()
