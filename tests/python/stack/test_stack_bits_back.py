"""test_stack_bits_back.py — what bits-back's tests look at, by their names: heads of [2^32, 2^64), one of them."""
# SPDX-License-Identifier: Apache-2.0

import numpy as np
import pytest

pytest.importorskip("transom._stack", reason="the Python module was not built")
from numpy.random import Generator
from stack_checks import check_codec

import transom.stack as cs

BASE = cs.Message(1, 32)


def check_cdf_inverse(law: cs.Lanes, n_symbols: int, precision: int) -> None:
    """From 0 to 2^precision, and each slot is popped as the symbol that owns it."""
    cdf = law.cdf()
    assert len(cdf) == n_symbols + 1 and (cdf[0], cdf[-1]) == (0, 1 << precision)
    slots = np.arange(1 << precision)
    m = cs.Message.of((1 << 60) + slots, [], 32)
    assert (m.pop(law) == np.searchsorted(cdf, slots, "right") - 1).all()


def test_rans(draw: Generator) -> None:
    starts = draw.integers(0, 256, 1000)
    freqs = draw.integers(1, 257 - starts)
    m = BASE.copy()
    for start, freq in zip(starts, freqs, strict=True):
        cs.push_ranges(m, start, freq, 8)
    words = cs.flatten_raw(m)
    assert words.dtype == np.uint32 and 32 * len(words) < np.log2(256 / freqs).sum() + 64
    m = cs.unflatten_raw(words, 1, 32)
    for start, freq in zip(starts[::-1], freqs[::-1], strict=True):
        assert start <= cs.slots(m, 8)[0] < start + freq
        cs.pop_ranges(m, start, freq, 8)
    assert m == BASE


def test_flatten_unflatten(draw: Generator) -> None:
    m = BASE.copy()
    m.push(cs.repeat(cs.uniform(8), 5), draw.integers(0, 256, 5))
    words = cs.flatten_raw(m)
    assert cs.unflatten_raw(words, 1, 32) == m
    assert (cs.flatten(m) == words).all()  # one head: nothing to fold


def test_gaussian_latent_cdf() -> None:
    check_cdf_inverse(cs.gaussian(np.float32(0.1), np.float32(0.5), 2, 12, "even"), 4, 12)


def test_beta_latent_cdf() -> None:
    check_cdf_inverse(cs.beta_latent((0.1, 0.5), (5, 7), 2, 5), 4, 5)


def test_binomial_cdf() -> None:
    check_cdf_inverse(cs.binomial(255, 0.3, 10), 256, 10)


def test_uniform_append_pop(draw: Generator) -> None:
    check_codec(BASE, cs.one_head(cs.uniform(5), 100), draw.integers(0, 32, 100))


def test_non_uniform_append_pop(draw: Generator) -> None:
    cdf, data = np.array([0, 3, 17, 19, 32]), draw.integers(0, 4, 100)
    check_codec(BASE, cs.one_head(cs.table(cdf, 5), 100), data)
    functions = cs.NonUniform(
        lambda s: (cdf[s], cdf[np.add(s, 1)] - cdf[s]), lambda slots: np.searchsorted(cdf, slots, "right") - 1, 5
    )
    check_codec(BASE, cs.repeat(functions, 100), data)


def test_categorical_cdf() -> None:
    """Probabilities that do not sum to 1."""
    check_cdf_inverse(cs.categorical([0.2, 0.3, 0.5, 0.6], 12, "one_each"), 4, 12)


def test_categorical_append_pop(draw: Generator) -> None:
    p = draw.dirichlet(np.ones(6), 1000)
    data = (p.cumsum(axis=1) < draw.random((1000, 1))).sum(axis=1)
    codec = cs.one_head(cs.categorical(p, 12, "one_each"))
    check_codec(BASE, codec, data)
    m = BASE.copy()
    m.push(codec, data)
    assert 32 * m.n_words < -np.log2(p[np.arange(1000), data]).sum() * 1.01
