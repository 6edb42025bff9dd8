"""arrays.py — parameters as the codecs take them: real numbers, or rows of them, of one length and type."""
# SPDX-License-Identifier: Apache-2.0

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

Reals = NDArray[np.floating[Any]]


def real(function: str, name: str, value: ArrayLike) -> Reals:
    """An array of real numbers as they are, integers as float64. ValueError naming it for others."""
    array = np.asarray(value)
    if array.dtype.kind not in "fiub":
        raise ValueError(f"{function}: {name} is of {array.dtype}; must be real numbers")
    return array if array.dtype in (np.float32, np.float64) else array.astype(np.float64)


def columns(function: str, dtype: Any = None, **values: ArrayLike) -> list[Any]:
    """Each a flat array of one length, numbers by themselves for all; of `dtype`, or as numpy would calculate."""
    arrays = {name: real(function, name, value) for name, value in values.items()}
    given = [arrays[name] if np.ndim(value) else value for name, value in values.items()]
    wanted = dtype or (np.float32 if np.result_type(*given) == np.float32 else np.float64)
    try:
        spread = np.broadcast_arrays(*arrays.values())
    except ValueError as error:
        shapes = ", ".join(f"{name} {array.shape}" for name, array in arrays.items())
        raise ValueError(f"{function}: shapes are {shapes}; must be those of one, or broadcast") from error
    return [np.ascontiguousarray(array, wanted).reshape(-1) for array in spread]


def rows(function: str, dtype: Any = None, **values: ArrayLike) -> list[Any]:
    """Each (n, k): all but the last dimension made one; a single row is for all heads."""
    made = []
    for name, value in values.items():
        array = real(function, name, value)
        if array.ndim == 0:
            raise ValueError(f"{function}: {name} is a number; must have a last dimension")
        array = array.reshape(-1, array.shape[-1]) if array.size else np.zeros((1, 0))
        made.append(np.ascontiguousarray(array, dtype or array.dtype))
    most = max(len(array) for array in made)
    return [np.ascontiguousarray(np.broadcast_to(a, (most, a.shape[1]))) if len(a) == 1 else a for a in made]


def word(function: str, name: str, value: str, words: tuple[str, str]) -> bool:
    """Whether it is the second of two. ValueError naming both for another."""
    if value not in words:
        raise ValueError(f"{function}: {name} is {value!r}; must be {words[0]!r} or {words[1]!r}")
    return value == words[1]
