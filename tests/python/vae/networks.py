"""networks.py — small random networks of real numbers, and the program that codes images with the C++ library."""
# SPDX-License-Identifier: Apache-2.0

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from program import BUILD, FINE, run

from transom.bbans.model_file import Model
from transom.bbans.network import Affine, Network

Words = list[int]


def affine(random: np.random.Generator, rows: int, columns: int, spread: float = 1.0, offset: float = 0.0) -> Affine:
    weights = random.normal(0, spread / np.sqrt(columns), (rows, columns))
    return Affine(weights, random.normal(offset, spread / 4, rows))


def random_network(
    observation: str, seed: int, pixels: int = 40, latents: int = 6, hidden: int = 30, n: int = 255
) -> Network:
    random = np.random.default_rng(seed)
    bits = observation == "bernoulli"
    return Network(
        observation,
        (affine(random, hidden, pixels, 1.0 if bits else 0.01), affine(random, hidden + 1, hidden)),
        affine(random, latents, hidden + 1, 2.0),
        affine(random, latents, hidden + 1, 1.0, -1.5),
        (affine(random, hidden, latents, 2.0),),
        affine(random, pixels * (1 if bits else 2), hidden, 2.0),
        n,
    )


def random_images(network: Network, seed: int, n: int) -> NDArray[np.uint8]:
    random = np.random.default_rng(seed)
    pixels = network.recogniser[0].weights.shape[1]
    if network.observation == "bernoulli":
        return (random.random((n, pixels)) < 0.3).astype(np.uint8)
    return np.minimum(random.exponential(network.n / 6, (n, pixels)), network.n).astype(np.uint8)


def message_of(model: Model, images: NDArray[np.uint8], n_words: int, folder: Path) -> Words:
    """What the library makes of images on n_words random words; it has popped them again, and found them equal."""
    (folder / "model").write_bytes(model.to_bytes())
    (folder / "images").write_bytes(images.tobytes())
    command = [BUILD / "vae_code", folder / "model", folder / "images", n_words]
    done = run("sh", "-c", '"$0" "$@" >message', *command, cwd=folder)
    assert done.returncode == FINE, done.stderr
    words: Words = np.fromfile(folder / "message", "<u4").tolist()
    return words
