"""quantisers.py — floats to integers by a name such as int8-channel-minmax, and what the name's words mean.

The name is TYPE-GRAIN-RANGE, of which the last two may be left out (tensor, minmax):
    TYPE    int4, int8, int16     symmetric: zero point 0, integers -(2^(b-1) - 1) to 2^(b-1) - 1
            uint4, uint8, uint16  affine: a zero point, integers 0 to 2^b - 1; real zero is one of them
    GRAIN   what has a scale of its own: the tensor, each channel (index of one dimension), or each groupN (N values
            that follow each other in C order, such as group32; the last has the rest)
    RANGE   minmax, or pP: the P-th percentile of the magnitudes (symmetric) or of either end (affine), such as p99.9;
            what lies beyond is clipped
Floats that stay floats have the names keep (in their own type), bf16 and fp16 (the nearest).

real = scale * (integer - zero_point), and but for clipping no value is off by more than half a scale. Scales are
float32s, so that a manifest has them exactly.
"""
# SPDX-License-Identifier: Apache-2.0

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from .floats import Float32s, from_float32, to_float32
from .trace import Tensor, TensorError

GRAMMAR = re.compile(
    r"(?P<affine>u?)int(?P<bits>4|8|16)"
    r"(?:-(?P<grain>tensor|channel|group(?P<group>[1-9][0-9]{0,5}))(?:-(?:minmax|p(?P<percentile>[0-9]+(?:\.[0-9]+)?)))?)?"
)
FLOATS = ("keep", "bf16", "fp16")
EXAMPLES = "int8-channel-minmax, uint8-tensor-p99.9, int4-group32, bf16 or keep"
BLOCK = 1 << 20  # values that are float64s at once
LEAST_SCALE = np.finfo(np.float32).tiny  # of values that are all zero, or nearly


@dataclass(frozen=True)
class Quantiser:
    """What a name says; make it with find_quantiser().

    bits        of the integers; 0 where floats stay floats
    grain       "tensor", "channel", or the number of values of a group
    percentile  50 to 100; 100 is minmax
    """

    name: str
    bits: int = 0
    affine: bool = False
    grain: int | Literal["tensor", "channel"] = "tensor"
    percentile: float = 100.0

    @property
    def dtype(self) -> np.dtype[Any]:
        return np.dtype(f"{'u' if self.affine else ''}int{max(self.bits, 8)}")

    @property
    def limits(self) -> tuple[int, int]:
        """The least and the greatest integer."""
        largest = 2 ** (self.bits - (not self.affine)) - 1
        return (0 if self.affine else -largest), largest


def find_quantiser(name: str) -> Quantiser:
    """The quantiser of a name. Raises ValueError where there is none."""
    if name in FLOATS:
        return Quantiser(name)
    words = GRAMMAR.fullmatch(name)
    if words is None:
        raise ValueError(f"quantiser {name!r} is none; take one such as {EXAMPLES}")
    percentile = float(words["percentile"] or 100)
    if not 50 <= percentile <= 100:
        raise ValueError(f"quantiser {name!r}: percentile {percentile:g} is not in 50..100")
    grain: int | Literal["tensor", "channel"] = int(words["group"]) if words["group"] else "tensor"
    if words["grain"] == "channel":
        grain = "channel"
    return Quantiser(name, int(words["bits"]), bool(words["affine"]), grain, percentile)


@dataclass(frozen=True)
class Quantisers:
    """Which quantiser floats go through."""

    weights: Quantiser = field(default_factory=lambda: find_quantiser("int8-channel-minmax"))
    activations: Quantiser = field(default_factory=lambda: find_quantiser("uint8-tensor-minmax"))

    def manifest(self) -> dict[str, str]:
        return {"weights": self.weights.name, "activations": self.activations.name}


@dataclass(frozen=True)
class Floats:
    """A tensor before it is quantised.

    values  float16, float32 or float64; or unsigned integers, the bits of `type`
    type    one of FLOAT_TYPES
    axis    the dimension of its channels
    """

    name: str
    values: NDArray[Any]
    kind: Literal["weight", "activation"] = "activation"
    type: str | None = None
    axis: int = 0


def apply(quantiser: Quantiser, floats: Floats, details: Mapping[str, Any] | None = None) -> Tensor:
    """The tensor that is recorded; `details` are more fields of its entry in the manifest.

    A tensor of fewer than two dimensions has one channel. Raises ValueError naming the tensor: for floats that the
    quantiser cannot take, and for NaN and infinities unless floats stay floats.
    """
    values = np.ascontiguousarray(floats.values).reshape(floats.values.shape)
    fields = {"quantiser": quantiser.name, **(details or {})}
    kind = floats.type or ("fp16" if values.dtype == np.float16 else None)
    if kind is not None and quantiser.name in ("keep", kind):
        return Tensor(floats.name, values, floats.kind, floats=kind, details=fields)
    if quantiser.name == "keep":
        raise ValueError(
            f"tensor {floats.name!r}: {values.dtype.name} is no type of a trace; name a quantiser, such as {EXAMPLES}"
        )
    reals = to_float32(values, kind) if kind is not None else _float32(values)
    if quantiser.bits == 0:
        return Tensor(
            floats.name, from_float32(reals, quantiser.name), floats.kind, floats=quantiser.name, details=fields
        )
    _require_finite(floats.name, reals)
    return _integers(quantiser, floats, reals, fields)


def _float32(values: NDArray[Any]) -> Float32s:
    with np.errstate(over="ignore"):  # is infinity then, which is refused
        return values.astype(np.float32)


def _require_finite(name: str, reals: Float32s) -> None:
    finite = np.isfinite(reals)
    if not finite.all():
        index = tuple(int(i) for i in np.argwhere(~finite)[0])
        raise TensorError(
            f"tensor {name!r}: the value at {index} is {reals[index]}, which no integer stands for; "
            "mend the model or its inputs, or keep floats (keep, bf16, fp16)"
        )


def _integers(quantiser: Quantiser, floats: Floats, reals: Float32s, details: Mapping[str, Any]) -> Tensor:
    axis = floats.axis % reals.ndim if quantiser.grain == "channel" and reals.ndim > 1 else None
    if axis is not None:
        moved = np.moveaxis(reals, axis, 0)
        integers, scale, zero_point = _by_row(quantiser, moved.reshape(len(moved), moved.size // max(len(moved), 1)))
        integers = np.moveaxis(integers.reshape(moved.shape), 0, axis)
    elif isinstance(quantiser.grain, int):
        integers, scale, zero_point = _by_group(quantiser, reals.reshape(-1), quantiser.grain)
    else:
        integers, scale, zero_point = _by_row(quantiser, reals.reshape(1, -1))
    return Tensor(
        floats.name,
        integers.reshape(reals.shape),
        floats.kind,
        bits=quantiser.bits,
        scale=scale,
        zero_point=zero_point,
        axis=axis,
        group=quantiser.grain if isinstance(quantiser.grain, int) else None,
        details=details,
    )


Quantised = tuple[NDArray[Any], Float32s, NDArray[np.int64]]


def _by_group(quantiser: Quantiser, flat: Float32s, size: int) -> Quantised:
    whole = flat.size // size * size
    parts = [_by_row(quantiser, flat[:whole].reshape(-1, size))]
    if whole < flat.size:
        parts.append(_by_row(quantiser, flat[whole:].reshape(1, -1)))
    integers, scale, zero_point = zip(*parts, strict=True)
    return np.concatenate([part.reshape(-1) for part in integers]), np.concatenate(scale), np.concatenate(zero_point)


def _by_row(quantiser: Quantiser, rows: Float32s) -> Quantised:
    """Integers of the same shape, and a scale and a zero point for each row."""
    scale, zero_point = _scales(quantiser, rows)
    integers = np.empty(rows.shape, quantiser.dtype)
    n_rows = max(BLOCK // max(rows.shape[1], 1), 1)
    for i in range(0, rows.shape[0], n_rows):
        for j in range(0, rows.shape[1], BLOCK):
            block = (slice(i, i + n_rows), slice(j, j + BLOCK))
            steps = rows[block] / scale[block[0], np.newaxis].astype(np.float64)
            integers[block] = np.clip(np.rint(steps + zero_point[block[0], np.newaxis]), *quantiser.limits)
    return integers, scale, zero_point


def _scales(quantiser: Quantiser, rows: Float32s) -> tuple[Float32s, NDArray[np.int64]]:
    low, high = _range(quantiser, rows)
    exact = np.maximum((high - low) / (quantiser.limits[1] - quantiser.limits[0]), LEAST_SCALE)
    nearest = exact.astype(np.float32)
    scale = np.where(nearest < exact, np.nextafter(nearest, np.float32(np.inf)), nearest)  # no end is cut off
    if not quantiser.affine:
        return scale, np.zeros(len(rows), np.int64)
    return scale, np.clip(np.rint(-low / scale.astype(np.float64)), *quantiser.limits).astype(np.int64)


def _range(quantiser: Quantiser, rows: Float32s) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The ends of what the integers cover, of each row: they include 0."""
    if rows.size == 0:
        return np.zeros(len(rows)), np.zeros(len(rows))
    if quantiser.percentile == 100:
        low, high = rows.min(axis=1), rows.max(axis=1)
    elif quantiser.affine:
        low, high = np.percentile(rows, [100 - quantiser.percentile, quantiser.percentile], axis=1)
    else:
        high = np.percentile(np.abs(rows), quantiser.percentile, axis=1)
        low = -high
    if not quantiser.affine:
        high = np.maximum(-low, high)
        low = -high
    return np.minimum(low, 0).astype(np.float64), np.maximum(high, 0).astype(np.float64)
