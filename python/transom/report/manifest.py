"""manifest.py — what a trace's manifest says of its tensors beside what `transom encode` checks.

Raises transom.errors.DataError naming file and field for what is not as python/README.md has it.
"""
# SPDX-License-Identifier: Apache-2.0

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from transom.errors import DataError
from transom.files import printable, read_file, read_json

MANIFEST = "manifest.json"
FIX = "record the trace again"


@dataclass(frozen=True)
class Scales:
    """real = scale * (value - zero_point): one pair, one per index of `axis`, or one per `group` values in C order."""

    scale: NDArray[np.float64]
    zero_point: NDArray[np.int64]
    axis: int | None = None
    group: int | None = None

    def reals(self, values: NDArray[Any]) -> NDArray[np.float64]:
        scale, zero_point = self._spread(self.scale, values.shape), self._spread(self.zero_point, values.shape)
        reals: NDArray[np.float64] = scale * (values.astype(np.float64) - zero_point)
        return reals

    def _spread(self, of_each: NDArray[Any], shape: Sequence[int]) -> NDArray[Any]:
        if of_each.size == 1:
            return of_each.reshape(())
        if self.group is not None:
            return np.repeat(of_each, self.group)[: math.prod(shape)].reshape(shape)
        return of_each.reshape([-1 if i == self.axis else 1 for i in range(len(shape))])


@dataclass(frozen=True)
class Entry:
    """Of a tensor: kind is "weight", "activation" or unknown; quantiser in words; scales where they are known."""

    kind: str = ""
    quantiser: str = ""
    scales: Scales | None = None


def read_entries(trace: Path, shapes: Sequence[Sequence[int]]) -> list[Entry]:
    """Of each tensor of a trace that the program has read, in its order; nothing is known without a manifest."""
    path = trace / MANIFEST
    if not trace.is_dir() or not path.exists():
        return [Entry()] * len(shapes)
    listed = read_json(path, FIX)["tensors"]
    return [_Fields(trace, i, listed[i], shape).entry() for i, shape in enumerate(shapes)]


class _Fields:
    """One element of `tensors`."""

    def __init__(self, trace: Path, index: int, fields: Mapping[str, Any], shape: Sequence[int]) -> None:
        self._trace, self._index, self._fields, self._shape = trace, index, fields, shape

    def entry(self) -> Entry:
        scales = self._scales() if self._fields.get("scale") is not None else None
        said = self._text("quantiser")
        return Entry(self._text("kind"), said or _grain(scales), scales)

    def _wrong(self, key: str, why: str) -> DataError:
        return DataError(f"{printable(self._trace / MANIFEST)}: tensors[{self._index}].{key}: {why}; {FIX}")

    def _text(self, key: str) -> str:
        text = self._fields.get(key, "")
        if not isinstance(text, str):
            raise self._wrong(key, "is no text")
        return text

    def _whole(self, key: str, least: int, most: int) -> int | None:
        number = self._fields.get(key)
        if number is not None and (type(number) is not int or not least <= number <= most):
            raise self._wrong(key, f"is no integer of {least}..{most}")
        return number

    def _scales(self) -> Scales:
        axis = self._whole("axis", 0, max(len(self._shape) - 1, 0))
        group = self._whole("group", 1, 1 << 32)
        scale, zero_point = self._arrays()
        n_groups = -(-math.prod(self._shape) // group) if group else None
        n = n_groups if n_groups is not None else self._shape[axis] if axis is not None and self._shape else 1
        for key, array in (("scale", scale), ("zero_point", zero_point)):
            if array.size not in (1, n):
                raise self._wrong(key, f"has {array.size} numbers, not {n}")
        return Scales(scale, zero_point, axis, group)

    def _arrays(self) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
        scale, zero_point = self._fields["scale"], self._fields.get("zero_point", [0])
        try:
            if isinstance(scale, dict):
                content = read_file(self._trace / Path(str(scale["file"])).name)
                with np.load(BytesIO(content), allow_pickle=False) as arrays:
                    scale, zero_point = arrays["scale"], arrays["zero_point"]
            scales, zeros = np.asarray(scale, np.float64).reshape(-1), np.asarray(zero_point, np.int64).reshape(-1)
        except (ValueError, TypeError, KeyError, AttributeError, OverflowError, EOFError, BadZipFile) as error:
            raise self._wrong("scale", f"cannot be read ({error})") from error
        if not np.isfinite(scales).all():
            raise self._wrong("scale", "is not finite")
        return scales, zeros


def _grain(scales: Scales | None) -> str:
    if scales is None:
        return ""
    if scales.scale.size == 1:
        return "one scale"
    return f"{scales.scale.size} scales, " + (
        f"one for each {scales.group} values" if scales.group is not None else f"along dimension {scales.axis}"
    )
