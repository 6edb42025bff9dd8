"""test_properties.py — what holds of any message, any bytes and any table, of transom.torch and transom.tans_py."""
# SPDX-License-Identifier: Apache-2.0

from typing import Any

import numpy as np
import pytest

pytest.importorskip("hypothesis", reason="python3-hypothesis is not installed")

from hypothesis import given, settings
from hypothesis import strategies as st

import transom.torch as verbs
from transom.tans_py import Coder, tANS
from transom.torch import VARIANTS, ANSInterface

GIVEN = settings(derandomize=True, max_examples=50, deadline=None, database=None)


@st.composite
def messages(draw: st.DrawFn) -> tuple[list[list[int]], list[int], list[list[int]], list[list[int]]]:
    """Tables of counts, their offsets, and rows of symbols and indexes."""
    freqs = draw(st.lists(st.lists(st.integers(0, 1000), min_size=15, max_size=15).filter(any), min_size=1, max_size=3))
    offsets = draw(st.lists(st.integers(-(2**20), 2**20), min_size=len(freqs), max_size=len(freqs)))
    n_rows, n = draw(st.integers(1, 4)), draw(st.integers(0, 12))
    rows = st.lists(st.lists(st.integers(-(2**24), 2**24), min_size=n, max_size=n), min_size=n_rows, max_size=n_rows)
    tables_of = st.lists(
        st.lists(st.integers(0, len(freqs) - 1), min_size=n, max_size=n), min_size=n_rows, max_size=n_rows
    )
    return freqs, offsets, draw(rows), draw(tables_of)


@GIVEN
@given(messages(), st.sampled_from(VARIANTS), st.sampled_from([1, 2, 4, 5]), st.sampled_from([None, 1, "batch"]))
def test_any_message_with_escapes_comes_back(
    message: tuple[list[list[int]], list[int], list[list[int]], list[list[int]]],
    impl: str,
    bypass_precision: int,
    n_streams: Any,
) -> None:
    freqs, offsets, symbols, indexes = message
    coder = ANSInterface(impl, True, bypass_precision, n_streams, freq_precision=12)
    coder.init_params(freqs, [15] * len(freqs), offsets)
    rows = np.array(symbols, np.int64).reshape(len(symbols), -1)
    tables_of = np.array(indexes, np.int64).reshape(len(symbols), -1)
    encoded = coder.encode_with_indexes(rows, tables_of)
    assert encoded is not None
    np.testing.assert_array_equal(coder.decode_with_indexes(encoded, tables_of), rows)


@GIVEN
@given(st.binary(max_size=80), st.sampled_from(VARIANTS), st.integers(0, 40), st.sampled_from([None, 1, 2, "batch"]))
def test_any_bytes_decode_to_symbols_or_an_error(encoded: bytes, impl: str, n: int, n_streams: Any) -> None:
    coder = ANSInterface(impl, freq_precision=8, num_parallel_states=n_streams, num_bytes_code_length=1)
    coder.set_cdfs([[0, 100, 180, 250, 256]], [5], [0])
    try:
        got = coder.decode_with_indexes(encoded, np.zeros((2, n), np.int32), whole=False)
    except ValueError:
        return
    assert got.shape == (2, n)


@GIVEN
@given(st.lists(st.floats(0, 1, width=32), min_size=1, max_size=60), st.integers(6, 20))
def test_any_probabilities_become_a_table(pmf: list[float], precision: int) -> None:
    got = verbs.rans_pmf_to_quantized_cdf([pmf], precision)
    assert got.shape == (1, len(pmf) + 1) and got[0][0] == 0 and got[0][-1] == 1 << precision
    assert (np.diff(got) > 0).all()


@GIVEN
@given(st.lists(st.binary(max_size=20), max_size=6), st.sampled_from([1, 2, 4]))
def test_any_segments_come_back(segments: list[bytes], n_length: int) -> None:
    assert verbs.split_merged_bytes(verbs.merge_bytes(segments, n_length), n_length) == segments


@GIVEN
@given(st.lists(st.integers(-5, 5) | st.text(max_size=2), min_size=2, max_size=200), st.booleans())
def test_any_message_of_two_symbols_or_more_comes_back(message: list[int | str], fast: bool) -> None:
    if len(set(message)) < 2:
        return
    bits, coder = tANS.encode(message, L=256, fast=fast, dtype="list")
    assert tANS.decode(bits, coder, dtype="list") == message


@GIVEN
@given(st.lists(st.integers(0, 1), max_size=100))
def test_any_bits_are_a_message_or_an_error(bits: list[int]) -> None:
    try:
        message = Coder(16, [1, 2, 3], [13, 2, 1]).decode(bits)
    except ValueError:
        return
    assert set(message) <= {1, 2, 3}
