"""inputs.py — what a model is run on: arrays of a file, or random ones of a seed."""
# SPDX-License-Identifier: Apache-2.0

import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from transom.files import FileError, naming, printable

from .provenance import file_of, hash_of

Arrays = dict[str, NDArray[Any]]
RANDOM_WIDE = 2  # random values of types that hold indices: 0 and 1, which every table has


@dataclass(frozen=True)
class Wanted:
    """An input that a model has. shape: None for a dimension that may be any."""

    name: str
    dtype: np.dtype[Any]
    shape: tuple[int | None, ...]


@dataclass(frozen=True)
class Inputs:
    """Where a model's inputs come from.

    file    a .npz with an array per input, by name or in order; or a .npy for a model of one input
    shapes  of the random inputs, in order, where a model leaves them open
    seed    of the random inputs
    """

    file: Path | None = None
    shapes: Sequence[tuple[int, ...]] = ()
    seed: int = 1

    def arrays(self, wanted: Sequence[Wanted]) -> Arrays:
        """An array for each input. Raises FileError for the file, ValueError for shapes that do not fit."""
        if self.file is None:
            return self._random(wanted)
        given = load(self.file)
        if len(given) != len(wanted):
            raise ValueError(f"{printable(self.file)}: {len(given)} arrays for a model of {len(wanted)} inputs")
        if set(given) != {one.name for one in wanted}:  # in order, then
            given = {one.name: values for one, values in zip(wanted, given.values(), strict=True)}
        return {one.name: _fitting(one, given[one.name]) for one in wanted}

    def manifest(self, arrays: Arrays) -> dict[str, Any]:
        """What the manifest says of them."""
        source: dict[str, Any] = {"random": True, "seed": self.seed} if self.file is None else file_of(self.file)
        shapes = {name: list(values.shape) for name, values in arrays.items()}
        return {**source, "shapes": shapes, "values_sha256": hash_of(arrays)}

    def _random(self, wanted: Sequence[Wanted]) -> Arrays:
        if len(self.shapes) not in (0, len(wanted)):
            raise ValueError(f"{len(self.shapes)} shapes for a model of {len(wanted)} inputs")
        random = np.random.default_rng(self.seed)
        shapes = self.shapes or [tuple(1 if size is None else size for size in one.shape) for one in wanted]
        return {
            one.name: _fitting(one, _random_values(random, one.dtype, shape))
            for one, shape in zip(wanted, shapes, strict=True)
        }


def load(path: Path) -> Arrays:
    """The arrays of a .npz by name, or that of a .npy. Raises FileError."""
    try:
        with naming(path), np.load(path, allow_pickle=False) as archive:
            return {name: archive[name] for name in archive.files}
    except (TypeError, AttributeError):  # one array is no context
        return {path.stem: np.load(path, allow_pickle=False)}
    except (ValueError, EOFError, zipfile.BadZipFile) as error:
        raise FileError(f"{printable(path)}: is no .npz or .npy: {printable(error)}; save it with numpy") from error


def _fitting(wanted: Wanted, values: NDArray[Any]) -> NDArray[Any]:
    fits = len(values.shape) == len(wanted.shape) and all(
        size in (None, given) for size, given in zip(wanted.shape, values.shape, strict=True)
    )
    if not fits:
        want = "x".join("?" if size is None else str(size) for size in wanted.shape) or "scalar"
        raise ValueError(f"input {wanted.name!r}: shape {list(values.shape)}, not {want}; give another array or shape")
    if not np.can_cast(values.dtype, wanted.dtype, casting="same_kind"):
        raise ValueError(f"input {wanted.name!r}: dtype {values.dtype}, not {wanted.dtype}; give it as that")
    return values.astype(wanted.dtype)


def _random_values(random: np.random.Generator, dtype: np.dtype[Any], shape: tuple[int, ...]) -> NDArray[Any]:
    if dtype.kind == "f":
        return random.standard_normal(shape).astype(dtype)
    if dtype.kind == "b" or dtype.itemsize > 2:
        return random.integers(0, RANDOM_WIDE, shape).astype(dtype)
    limits = np.iinfo(dtype)
    return random.integers(limits.min, limits.max + 1, shape).astype(dtype)
