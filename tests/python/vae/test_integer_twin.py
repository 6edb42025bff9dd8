"""test_integer_twin.py — model/vae and its twin, which was written from the page, make the same bits of images."""
# SPDX-License-Identifier: Apache-2.0

from pathlib import Path

import numpy as np
import pytest
from networks import message_of, random_images, random_network
from program import BAD_DATA, BUILD, run

from transom.bbans.integers import Coder, Message
from transom.bbans.model_file import Layer
from transom.bbans.quantise import quantise

N_WORDS = 60


def message(words: list[int]) -> Message:
    return Message(words[0] << 32 | words[1], words[:1:-1])


@pytest.mark.parametrize("observation", ["bernoulli", "beta_binomial"])
@pytest.mark.parametrize(
    "options", [{}, {"prior_bits": 1, "latent_bits": 2, "observation_bits": 9}, {"prior_bits": 10}]
)
@pytest.mark.parametrize("particles_log", [0, 1, 4])
def test_both_make_the_same_words(
    observation: str, options: dict[str, int], particles_log: int, tmp_path: Path
) -> None:
    network = random_network(observation, particles_log)
    images = random_images(network, 1, 5)
    model = quantise(network, images, particles_log=particles_log, **options)
    before = message_of(model, images[:0], N_WORDS, tmp_path)
    after = message_of(model, images, N_WORDS, tmp_path)
    twin, coder = message(before), Coder(model)
    for image in images:
        coder.push(twin, image)
    assert twin.words() == after != before
    for image in images[::-1]:
        assert (coder.pop(twin) == image).all()
    assert twin.words() == before


@pytest.mark.parametrize("n", [1, 2, 16, 254])
def test_both_make_the_same_words_of_few_levels(n: int, tmp_path: Path) -> None:
    network = random_network("beta_binomial", 3, n=n)
    images = random_images(network, 1, 5)
    assert images.max() == n
    model = quantise(network, images)
    twin, coder = message(message_of(model, images[:0], N_WORDS, tmp_path)), Coder(model)
    for image in images:
        coder.push(twin, image)
    assert twin.words() == message_of(model, images, N_WORDS, tmp_path)


@pytest.mark.parametrize("observation", ["bernoulli", "beta_binomial"])
def test_integers_say_what_the_real_numbers_say(observation: str) -> None:
    """Means within a hundredth, standard deviations within 2 %, likelihoods within half a step and a little."""
    network = random_network(observation, 9)
    images = random_images(network, 2, 200)
    model = quantise(network, images)
    x, y = images.astype(np.float64), images.astype(np.int64)
    for real, whole in zip(network.recogniser, model.recogniser, strict=True):
        x, y = np.maximum(real(x), 0), whole(y)
    mean, log_stdd = network.mean(x), network.log_stdd(x)
    assert np.abs(mean - model.mean(y) / 2**12).max() < 0.01
    assert np.abs(log_stdd - model.log2_stdd(y) / 2**8 * np.log(2)).max() < 0.02
    z = np.rint(np.clip(mean, -3, 3) * 2**12)
    x, y = np.maximum(network.generator[0](z / 2**12), 0), model.generator[0](z.astype(np.int64))
    unit = 2**6 if observation == "bernoulli" else 2**2 / np.log(2)
    low, high = (-1023, 1023) if observation == "bernoulli" else (-64, 63)
    assert np.abs(np.clip(network.likelihood(x) * unit, low, high) - model.likelihood(y)).max() < 1.0


def test_no_sum_can_leave_32_bits_and_the_library_checks_it(tmp_path: Path) -> None:
    network = random_network("beta_binomial", 3)
    model = quantise(network, random_images(network, 3, 20))
    path = tmp_path / "model"
    for field, largest in (("recogniser", 255), ("generator", 4 * 2**12)):
        layer: Layer = getattr(model, field)[0]
        reach = np.abs(layer.weights.astype(np.int64)).sum(axis=1) * largest + np.abs(layer.bias.astype(np.int64))
        assert (reach < 2**31).all()
        layer.bias[5] = 2**31 - 1
        path.write_bytes(model.to_bytes())
        layer.bias[5] = 0
        done = run(BUILD / "vae_code", path, "/dev/null", 1)
        assert done.returncode == BAD_DATA
        assert f"{field}[0]: weights[5]: a sum may reach " in done.stderr
