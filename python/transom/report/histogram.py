"""histogram.py — a tensor's values as at most 256 bars, in the order of the values."""
# SPDX-License-Identifier: Apache-2.0

from typing import Any

import numpy as np
from numpy.typing import NDArray

import transom
from transom.entropy import entropy

MOST_BARS = 256
MOST_RANGES = 16  # of a table that a plot shows


def in_order(counts: NDArray[Any], dtype: transom.DType) -> tuple[NDArray[Any], int]:
    """(counts of the values from the least on, the least): of floats, of exponents, which begin a pattern."""
    if dtype.exponent_bits:
        return counts.reshape(1 << dtype.exponent_bits, -1).sum(axis=1), 0
    return (np.roll(counts, len(counts) // 2) if dtype.is_signed else counts), dtype.min


def entropy_bits(counts: NDArray[Any], dtype: transom.DType) -> float:
    """Order-0, per value, as a manifest has it: of floats that of their exponents, sign and mantissa added."""
    ordered, _ = in_order(counts, dtype)
    rest = dtype.bits - dtype.exponent_bits if dtype.exponent_bits and counts.any() else 0
    return entropy(ordered) + rest


def bars(counts: NDArray[Any], dtype: transom.DType) -> dict[str, Any]:
    """start: the least value of the first bar; step: values of a bar, a power of two; counts: of the bars."""
    ordered, least = in_order(counts, dtype)
    occurring = np.flatnonzero(ordered)
    if not len(occurring):
        return {"start": least, "step": 1, "counts": []}
    first, last = int(occurring[0]), int(occurring[-1])
    step = 1
    while last // step - first // step + 1 > MOST_BARS:
        step *= 2
    first -= first % step
    shown = ordered[first : last + 1]
    starts = np.arange(0, len(shown), step)
    return {"start": least + first, "step": step, "counts": np.add.reduceat(shown, starts).tolist()}


def at_ends(counts: NDArray[Any], dtype: transom.DType) -> float | None:
    """The share of integers that are the least or the greatest of their type, where a quantiser clips; of floats none.

    A symmetric quantiser leaves the least integer out: then the one above it is its end.
    """
    if dtype.exponent_bits or not counts.any():
        return None
    ordered, _ = in_order(counts, dtype)
    least = 1 if dtype.is_signed and not ordered[0] else 0
    return float((int(ordered[least]) + int(ordered[-1])) / int(counts.sum()))


def range_starts(code: transom.Code, dtype: transom.DType) -> list[int]:
    """The least value of each range of a table, where it has some and they are few; of floats an exponent."""
    if len(code.rows) > MOST_RANGES or not any(row.offset_bits for row in code.rows) or len(code.rows) == 1:
        return []
    if dtype.exponent_bits:
        return sorted({row.vmin >> dtype.bits - dtype.exponent_bits for row in code.rows})
    return sorted(row.vmin - (1 << dtype.bits if row.vmin > dtype.max else 0) for row in code.rows)
