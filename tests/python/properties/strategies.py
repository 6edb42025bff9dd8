"""strategies.py — arrays as they come: every type, shape and memory layout; and what is no array of numbers."""
# SPDX-License-Identifier: Apache-2.0

from typing import Any

import numpy as np
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

import transom

DTYPES = (np.int8, np.uint8, np.int16, np.uint16)
CODINGS = [codec.name for codec in transom.codecs()]
SPREADS = ("step", "exact", "tuned")


def arrays(dtypes: tuple[Any, ...] = DTYPES, most: int = 9) -> st.SearchStrategy[Any]:
    """Of 0 to 3 dimensions, which may be 0."""
    shapes = hnp.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=most)
    return st.sampled_from(dtypes).flatmap(lambda dtype: hnp.arrays(dtype, shapes))


def in_memory(array: Any, layout: str) -> Any:
    """The same values, otherwise laid out."""
    if array.ndim == 0 and layout != "read-only":
        return array
    if layout == "reversed":
        return np.ascontiguousarray(np.flip(array))[(slice(None, None, -1),) * array.ndim]
    if layout == "apart":
        wide = np.zeros((*array.shape[:-1], 3 * array.shape[-1]), array.dtype)
        wide[..., ::3] = array
        return wide[..., ::3]
    if layout == "fortran":
        return np.asfortranarray(array)
    if layout == "read-only":
        array = array.copy()
        array.flags.writeable = False
    return array


LAYOUTS = ("plain", "reversed", "apart", "fortran", "read-only")


@st.composite
def laid_out(draw: st.DrawFn, source: st.SearchStrategy[Any] | None = None) -> Any:
    """(array of some layout, the same values in C order)."""
    array = draw(arrays() if source is None else source)
    if draw(st.booleans()) and array.ndim == 0:  # strides of 0
        shape = draw(hnp.array_shapes(max_dims=2, max_side=9))
        return np.broadcast_to(array, shape), np.full(shape, array)
    return in_memory(array, draw(st.sampled_from(LAYOUTS))), array


def skewed(dtype: Any = np.int8, most: int = 400) -> st.SearchStrategy[Any]:
    """Values of a network's kind: most of them near 0."""

    def make(seed: int, n: int, scale: float) -> Any:
        values = np.random.default_rng(seed).normal(0, scale, n).round().clip(-127, 127)
        return (np.abs(values) if np.dtype(dtype).kind == "u" else values).astype(dtype)

    return st.builds(make, st.integers(0, 2**32), st.integers(0, most), st.sampled_from([0.3, 3.0, 30.0]))


def counts(most: int = 32, least: int = 1) -> st.SearchStrategy[list[int]]:
    """Histograms: many symbols that do not occur, and some that do."""
    return st.lists(st.sampled_from([0, 0, 1, 2, 7, 100, 5000]), min_size=least, max_size=most)


#: Arrays that no function takes as values: types, and what is no array at all. Never an empty one.
NO_VALUES: st.SearchStrategy[Any] = st.one_of(
    hnp.arrays(st.sampled_from([np.float64, np.float32, np.complex64, np.complex128]), st.integers(1, 4)),
    hnp.arrays(st.sampled_from(["U3", "S3", "M8[s]", "m8[s]"]), st.integers(1, 4)),
    st.sampled_from([">i2", ">u2", ">i4", ">u8", ">f2"]).map(lambda dtype: np.ones(3, dtype)),
    st.sampled_from([np.array([None, 1]), np.zeros(2, "V2"), np.zeros(2, [("a", "i1"), ("b", "u2")])]),
    st.sampled_from([np.array([np.nan, 1]), np.array(np.inf), np.ones(1, np.longdouble)]),
    st.sampled_from([None, 3, 1.5, "text", {1: 2}, {1}, object(), np.ndarray, iter([1])]),
)
#: What nothing takes as counts, frequencies and the like.
NO_NUMBERS: st.SearchStrategy[Any] = st.one_of(
    NO_VALUES,
    st.sampled_from([[-1, 2], [2**32, 1], [2**70], [1.5], [float("nan")], ["1"], [None], [[1, 2]], (1, -(2**70))]),
    st.sampled_from([np.array([-1, 3]), np.array([2**40]), np.ones((2, 2), int), np.array(7), np.ones(3, bool)]),
    st.sampled_from([np.ones((0, 3), int), [np.float64(2.7)], [np.float32(1)], np.ones((2, 0), np.uint8)]),
)
#: What is no bytes.
NO_BYTES: st.SearchStrategy[Any] = st.one_of(
    NO_VALUES,
    st.sampled_from([[1, 2], (1,), np.zeros(4, np.uint16), np.zeros(4, np.int8), np.zeros(9, np.uint8)[::2]]),
    st.builds(lambda: memoryview(b"abcd").cast("H")),  # which cannot be hashed
    st.builds(lambda: memoryview(b"abcd").cast("h")),
    st.sampled_from([memoryview(b"abcd")[::-1], np.zeros(3, bool)]),
)
#: What fits into no argument that is an integer.
NO_COUNTS: st.SearchStrategy[int] = st.one_of(
    st.integers(max_value=-1), st.integers(2**64, 2**200), st.sampled_from([-1, -(2**31), -(2**63), -(2**64), 2**64])
)
#: What is no integer at all.
NO_INTEGERS: st.SearchStrategy[Any] = st.sampled_from([1.0, 2.7, np.float64(3), np.float32(2.5), "4", b"4", [1], 1j])
