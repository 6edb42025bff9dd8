"""quantisers.py — how much the quantiser moves the ratio, and how much the coder: measured on a network's weights.

Weights whose scales the manifest has (or that are floats) are made real again, quantised in other ways to integers of
the same width, and coded. What was recorded as integers has been rounded once already: the figures are those of such
reals, and the signal-to-noise ratio is against them.
"""
# SPDX-License-Identifier: Apache-2.0

import math
from collections.abc import Sequence
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

import transom
from transom.record.floats import FLOAT_TYPES, to_float32
from transom.record.quantisers import Floats, apply, find_quantiser

from .manifest import Entry, Scales
from .runs import Runner

WAYS = ("channel-minmax", "group32-minmax", "tensor-minmax", "tensor-p99.9", "tensor-p99")
FLOAT_BITS = 8  # that floats are quantised to
WIDTHS = (4, 8, 16)


def reals_of(coded: transom.CodedTensor, entry: Entry) -> NDArray[np.float64] | None:
    """What a weight's values stand for; None where that is not known, or not finite."""
    name = str(coded.dtype)
    if entry.kind == "activation" or (
        name not in FLOAT_TYPES and (entry.scales is None or _width(coded) not in WIDTHS)
    ):
        return None
    values = transom.decode(coded)
    if name in FLOAT_TYPES:
        reals = to_float32(values, name).astype(np.float64)
    else:
        assert entry.scales is not None
        reals = entry.scales.reals(values)
    return reals if reals.size and np.isfinite(reals).all() and reals.any() else None


def _width(coded: transom.CodedTensor) -> int:
    return FLOAT_BITS if coded.dtype.exponent_bits else coded.dtype.bits


def _one(coded: transom.CodedTensor, entry: Entry, coding: str) -> dict[str, tuple[int, int, float, float]] | None:
    """Of each way: raw bytes, bytes coded, and the sums of squares of values and errors."""
    reals = reals_of(coded, entry)
    if reals is None:
        return None
    axis = entry.scales.axis if entry.scales is not None and entry.scales.axis is not None else 0
    found = {}
    for way in WAYS:
        quantiser = find_quantiser(f"int{_width(coded)}-{way}")
        made = apply(quantiser, Floats(coded.name, reals, "weight", axis=axis))
        scales = Scales(np.asarray(made.scale, np.float64), np.asarray(made.zero_point), made.axis, made.group)
        again = transom.encode_best(transom.Tensor(made.values, f"int{quantiser.bits}", coded.name), coding)
        noise = float(np.square(reals - scales.reals(made.values)).sum())
        raw_bytes = -(-coded.n_values * quantiser.bits // 8)
        found[way] = (raw_bytes, transom.record_bytes(again).coded, float(np.square(reals).sum()), noise)
    return found


def compare(
    runner: Runner, tensors: Sequence[transom.CodedTensor], entries: Sequence[Entry], coding: str
) -> tuple[list[int], dict[str, dict[str, Any]]]:
    """(the numbers of the tensors that were quantised anew, each way's figures of all of them)."""
    jobs = [partial(_one, coded, entry, coding) for coded, entry in zip(tensors, entries, strict=True)]
    results = runner.all("report: quantisers", jobs)
    numbers = [i for i, found in enumerate(results) if found is not None]
    ways = {}
    for way in WAYS if numbers else ():
        raw_bytes, n_bytes, signal, noise = (sum(results[i][way][k] for i in numbers) for k in range(4))
        snr = 10 * math.log10(signal / noise) if noise else None
        ways[way] = {"raw_bytes": raw_bytes, "bytes": n_bytes, "ratio": raw_bytes / n_bytes, "snr_db": snr}
    return numbers, ways
