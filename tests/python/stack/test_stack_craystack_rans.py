"""test_stack_craystack_rans.py — what craystack's tests of rANS itself look at, by their names."""
# SPDX-License-Identifier: Apache-2.0

import numpy as np
import pytest

pytest.importorskip("transom._stack", reason="the Python module was not built")
from numpy.random import Generator
from numpy.typing import NDArray

import transom.stack as cs

N = 56


def test_rans(draw: Generator) -> None:
    starts = draw.integers(0, 256, (1000, N))
    freqs = draw.integers(1, 257 - starts)
    m = cs.Message(N)
    for start, freq in zip(starts, freqs, strict=True):
        cs.push_ranges(m, start, freq, 8)
    words = cs.flatten_raw(m)
    assert words.dtype == np.uint32
    entropy = np.log2(256 / freqs).sum()
    assert entropy < 32 * len(words) < entropy * 1.001 + 64 * N
    m = cs.unflatten_raw(words, N)
    for start, freq in zip(starts[::-1], freqs[::-1], strict=True):
        slots = cs.slots(m, 8)
        assert (start <= slots).all() and (slots < start + freq).all()
        cs.pop_ranges(m, start, freq, 8)
    assert cs.is_base(m)


def test_flatten_unflatten(draw: Generator) -> None:
    m = cs.Message(21)
    for bits in draw.integers(0, 1 << 12, (100, 21)):
        cs.push_ranges(m, bits, 1, 12)
    words = cs.flatten_raw(m)
    assert words.dtype == np.uint32 and len(words) == 42 + m.n_words
    again = cs.unflatten_raw(words, 21)
    assert again == m and (cs.flatten_raw(again) == words).all()


def test_base_message() -> None:
    def n_ones(heads: NDArray[np.uint64]) -> int:
        return int(np.unpackbits(heads.view(np.uint8)).sum())

    for lower_log in (31, 32):
        assert n_ones(cs.Message(1000, lower_log).heads) == 1000
        heads = cs.random_message(100_000, 0, np.random.default_rng(0), lower_log).heads
        assert (heads >> np.uint64(lower_log) == 1).all()
        assert 0.48 < n_ones(heads) / ((lower_log + 1) * 100_000) < 0.52


def test_finer_prec() -> None:
    """The greatest head and a third (craystack's issue 14): a pop that gives a word first is undone by the push."""
    init = cs.Message.of([(1 << 63) - 1], [])
    m = init.copy()
    slot = cs.slots_any(m, 3)
    cs.pop_any(m, slot, 1, 3)
    assert m != init
    cs.push_any(m, slot, 1, 3)
    assert m == init
