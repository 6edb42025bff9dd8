"""test_stack_craystack.py — what craystack's tests of its codecs look at, by their names, with transom.stack.

Its messages have shapes; here heads are counted, and data of a shape are taken in C order.
"""
# SPDX-License-Identifier: Apache-2.0

from collections.abc import Generator as Coroutine
from typing import Any

import numpy as np
import pytest

pytest.importorskip("transom._stack", reason="the Python module was not built")
from numpy.random import Generator
from numpy.typing import NDArray
from stack_checks import check_codec, message

import transom.stack as cs

SHAPE = (2, 3, 5)
N = 30
Array = NDArray[Any]
Codecs = Coroutine[cs.Codec, Any, None]


def heads(random: Generator, shape: tuple[int, ...]) -> Array:
    """Numbers of [2^31, 2^63), of every length."""
    lengths = random.integers(31, 63, shape, np.uint64)
    return (np.uint64(1) << lengths) | random.integers(0, 1 << 63, shape, np.uint64) % (np.uint64(1) << lengths)


def test_gaussian_cdfs() -> None:
    """Of 2^18 bins the boundaries neither fall nor miss an end, and each slot is within its bin."""
    law = cs.gaussian(1, 1, 18, 22)
    cdf = law.cdf()
    assert (cdf[0], cdf[-1]) == (0, 1 << 22) and (np.diff(cdf.astype(np.int64)) >= 0).all()
    slots = np.arange(0, 1 << 22, 257, dtype=np.uint64)
    m = cs.Message.of((1 << 61) + slots, np.zeros(len(slots), np.uint32))
    assert (cs.slots(m, 22) == slots).all()
    bins = m.pop(law)
    assert (cdf[bins] <= slots).all() and (slots < cdf[bins + 1]).all()


def test_uniform(draw: Generator) -> None:
    check_codec(cs.Message(N), cs.uniform(4), draw.integers(0, 16, SHAPE, np.uint64))


def test_big_uniform(draw: Generator) -> None:
    precision = draw.integers(0, 64, SHAPE, np.uint64)
    data = draw.integers(0, 1 << 63, SHAPE, np.uint64) % (np.uint64(1) << precision)
    check_codec(cs.Message(N), cs.big_uniform(precision), data)


def test_benford_higher_bits(draw: Generator) -> None:
    check_codec(cs.Message(400), cs.benford_high_bits(3, 16), draw.integers(0, 8, 400))


def test_benford(draw: Generator) -> None:
    check_codec(cs.Message(N), cs.benford(), heads(draw, SHAPE))


def test_benford_inverse() -> None:
    """What is popped first, from words that are anything, is pushed back to the same words."""
    init = message(N, 200)
    m = init.copy()
    popped = m.pop(cs.benford())
    assert ((popped >= 1 << 31) & (popped < 1 << 63)).all() and m != init
    m.push(cs.benford(), popped)
    assert m == init


def test_repeat(draw: Generator) -> None:
    check_codec(cs.Message(N), cs.repeat(cs.uniform(4), 7), draw.integers(0, 16, (7, *SHAPE)))


def test_substack(draw: Generator) -> None:
    init, data = cs.Message(16), draw.integers(0, 16, (100, 8))
    codec = cs.substack(cs.repeat(cs.uniform(4), 100), slice(0, 8))
    m = init.copy()
    m.push(codec, data)
    assert (m.heads[8:] == init.heads[8:]).all() and (m.heads[:8] != init.heads[:8]).any()
    check_codec(init, codec, list(data))


def test_parallel(draw: Generator) -> None:
    precisions, sizes = (1, 2, 4, 8, 16), (2, 3, 4, 5, 6)
    ends = np.cumsum(sizes)
    data = [draw.integers(0, 1 << p, n) for p, n in zip(precisions, sizes, strict=True)]
    where = [slice(end - n, end) for end, n in zip(ends, sizes, strict=True)]
    check_codec(cs.Message(20), cs.parallel([cs.uniform(p) for p in precisions], where), data)


def mixed(random: Generator) -> list[Array]:
    """Seven data of 16 bits, five of heads."""
    return [*random.integers(0, 1 << 16, (7, 24)), *heads(random, (5, 24))]


def test_from_iterable(draw: Generator) -> None:
    codecs = (cs.uniform(16) if i < 7 else cs.benford() for i in range(12))
    check_codec(cs.Message(24), cs.from_iterable(codecs), mixed(draw))


def test_from_generator_simple(draw: Generator) -> None:
    def one() -> Codecs:
        yield cs.uniform(8)

    check_codec(cs.Message(1), cs.from_generator(one), [draw.integers(0, 8, 1)])


def test_from_generator_serial(draw: Generator) -> None:
    def twelve() -> Codecs:
        for _ in range(7):
            yield cs.uniform(16)
        for _ in range(5):
            yield cs.benford()

    check_codec(cs.Message(24), cs.from_generator(twelve), mixed(draw))


def test_from_generator_dependent(draw: Generator) -> None:
    def two() -> Codecs:
        precisions = yield cs.uniform(16)
        yield cs.uniform(precisions)

    precisions = draw.integers(0, 16, (2, 3, 4))
    check_codec(cs.Message(24), cs.from_generator(two), [precisions, draw.integers(0, 1 << precisions)])


def test_bernoulli(draw: Generator) -> None:
    p = draw.random(SHAPE)
    check_codec(cs.Message(N), cs.bernoulli(p, 4), draw.random(SHAPE) < p)


def test_categorical(draw: Generator) -> None:
    p = draw.dirichlet(np.ones(4), SHAPE)
    check_codec(cs.Message(N), cs.categorical(p, 4), draw.integers(0, 4, SHAPE))


def test_categorical_new(draw: Generator) -> None:
    weights = draw.random((20, 3, 5, 4)) + 1
    check_codec(cs.Message(300), cs.categorical_of_weights(weights, 4), draw.integers(0, 4, (20, 3, 5)))


def test_logistic(draw: Generator) -> None:
    codec = cs.logistic(draw.random(4), draw.normal(), (-0.5, 0.5), 8, 16)
    check_codec(cs.Message(4), codec, draw.integers(0, 256, 4))


def test_discretized(draw: Generator) -> None:
    check_codec(cs.Message(10000), cs.discretised("logistic", -0.5, 0.5, 8, 16), draw.integers(0, 256, 10000))


def test_logistic_mixture(draw: Generator) -> None:
    means, log_scales, logits = draw.normal(size=(3, 2, 10))
    codec = cs.logistic_mixture((means + 100, log_scales - 10, logits), (-1, 1), 8, 12)
    check_codec(cs.Message(2), codec, draw.integers(0, 256, 2))


def test_autoregressive(draw: Generator) -> None:
    p = draw.dirichlet(np.ones(8), (10, 3))
    check_codec(
        cs.Message(3),
        cs.autoregressive(10, lambda before: cs.categorical(p[len(before)], 8)),
        draw.integers(0, 8, (10, 3)),
    )


def test_gaussian_db(draw: Generator) -> None:
    bin_mean, bin_stdd = draw.normal(), np.exp(draw.normal() / 10)
    mean, stdd = bin_mean + draw.normal() / 10, bin_stdd * np.exp(draw.normal() / 10)
    codec = cs.gaussian_in_gaussian_bins(mean, stdd, bin_mean, bin_stdd, 8, 12)
    check_codec(cs.Message(5), codec, draw.integers(0, 256, 5))


def test_gaussian_ub(draw: Generator) -> None:
    """999 bins between 1000 edges: the original's test draws a thousandth one now and then, and fails."""
    bins = (np.array([-2.0, -3.0]), np.array([2.0, 3.0]), 1000)
    mean, stdd = draw.normal(size=(5, 2)) / 10, np.exp(draw.random((5, 2)) / 2)
    codec = cs.gaussian_in_uniform_bins(mean, stdd, bins, 16)
    check_codec(cs.Message(10), codec, draw.integers(0, 999, (5, 2)))
    with pytest.raises(ValueError, match=r"symbol is 999; must be 0\.\.998"):
        cs.Message(10).push(codec, np.full(10, 999))


def deep(random: Generator, n_heads: int) -> cs.Message:
    """A message that a thousand data of 8 bits are in."""
    m = cs.Message(n_heads)
    m.push(cs.repeat(cs.uniform(8), 1000), random.integers(0, 256, (1000, n_heads)))
    return m


def check_resized(random: Generator, old: int, new: int) -> None:
    init = deep(random, old)
    m = init.copy()
    m.resize(new)
    assert m.n_heads == new and (m == init) == (old == new)
    m.resize(old)
    assert m == init


@pytest.mark.parametrize("old", [141, 32, 17, 6, 3])
@pytest.mark.parametrize("new", [141, 32, 17, 6, 3])
def test_resize_head_1d(draw: Generator, old: int, new: int) -> None:
    check_resized(draw, old, new)


@pytest.mark.parametrize("old", [(100,), (1, 23), (2, 4, 5)])
@pytest.mark.parametrize("new", [(100,), (1, 23), (2, 4, 5)])
def test_reshape_head(draw: Generator, old: tuple[int, ...], new: tuple[int, ...]) -> None:
    check_resized(draw, int(np.prod(old)), int(np.prod(new)))


@pytest.mark.parametrize("shape", [(100,), (1, 23), (2, 4, 5)])
def test_flatten_unflatten(draw: Generator, shape: tuple[int, ...]) -> None:
    m = deep(draw, int(np.prod(shape)))
    words = cs.flatten(m)
    assert words.dtype == np.uint32 and len(words) < len(cs.flatten_raw(m))
    assert cs.unflatten(words, m.n_heads) == m


def test_flatten_rate(draw: Generator) -> None:
    """A thousand heads cost what one does."""
    init = cs.Message()
    init.push(cs.repeat(cs.uniform(16), 8000), draw.integers(0, 1 << 16, 8000))
    p = draw.random(1000)
    data = draw.random(1000) < p
    one, many = init.copy(), init.copy()
    one.push(cs.one_head(cs.bernoulli(p, 14)), data)
    many.resize(1000)
    many.push(cs.bernoulli(p, 14), data)
    grown = [len(cs.flatten(m)) - len(cs.flatten(init)) for m in (one, many)]
    assert 0 < grown[0] < 32 and grown[1] <= grown[0] + 1


def test_multiset_codec() -> None:
    """Of 0, 255, 128, 128 in any order; a base message has no bits that would tell which comes next."""
    codec = cs.multiset(cs.uniform(8), 4)
    init = message()
    m = init.copy()
    m.push(codec, [0, 255, 128, 128])
    assert [int(x[0]) for x in m.pop(codec)] == [0, 128, 128, 255] and m == init
    with pytest.raises(cs.UnderflowError):
        cs.Message().push(cs.multiset(cs.uniform(8), 300), np.arange(300) % 256)
