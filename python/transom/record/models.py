"""models.py — what the recorders of models share: a tensor that a model has, and how it gets into a trace."""
# SPDX-License-Identifier: Apache-2.0

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from .inputs import Inputs
from .quantisers import Floats, Quantisers, apply
from .trace import DTYPES, Tensor, TraceWriter

IMAGE_DIMENSIONS = 4
Kind = Literal["weight", "activation"]


@dataclass(frozen=True)
class Job:
    """A model's file, what it is run on, and the trace that is to be.

    folder      absent or empty; its last part is the name of the trace
    meta        licence (required), source, input, note, layout: free text for the manifest
    recorder    more on how it was recorded, for the manifest
    """

    model: Path
    folder: Path
    meta: Mapping[str, str]
    quantisers: Quantisers
    inputs: Inputs
    recorder: Mapping[str, Any]


@dataclass(frozen=True)
class Found:
    """A tensor of a model's.

    floats      the float type that the values are the bits of, where numpy has no such type
    bits        4 for 4-bit integers, one per byte
    scale, zero_point   of a quantised one, where the model says
    axis        of its scales; of floats: of its channels
    quantiser   who quantised it
    """

    name: str
    values: NDArray[Any]
    kind: Kind = "activation"
    floats: str | None = None
    bits: int | None = None
    scale: Sequence[float] = ()
    zero_point: Sequence[int] = ()
    axis: int | None = None
    quantiser: str = "the model's"


def add(trace: TraceWriter, found: Found, quantisers: Quantisers) -> None:
    """Adds it to the trace, or says there why not. Raises ValueError naming it."""
    if found.floats is not None or found.values.dtype.kind == "f":
        quantiser = quantisers.weights if found.kind == "weight" else quantisers.activations
        axis = found.axis if found.axis is not None else channels(found.kind, found.values.ndim)
        trace.add(apply(quantiser, Floats(found.name, found.values, found.kind, found.floats, axis)))
    elif found.values.dtype.name in DTYPES:
        trace.add(_integers(found))
    else:
        trace.skip(found.name, f"{found.values.dtype.name} is no type of a trace")


def channels(kind: Kind, n_dims: int) -> int:
    """The dimension of a tensor's channels where nobody says: a weight's outputs, an image's channels, the last one."""
    return 0 if kind == "weight" else 1 if n_dims >= IMAGE_DIMENSIONS else -1


def _integers(found: Found) -> Tensor:
    scale = tuple(map(float, found.scale))
    if not all(0 < one < math.inf for one in scale):
        scale = ()  # is said by mistake: a file may say anything
    zero_point = tuple(map(int, found.zero_point)) if scale else ()
    return Tensor(
        found.name,
        found.values,
        found.kind,
        found.bits,
        scale,
        zero_point or (0,) * len(scale),
        found.axis if len(scale) > 1 else None,
        details={"quantiser": found.quantiser} if scale else {},
    )


def unpack_nibbles(packed: NDArray[np.uint8], shape: Sequence[int], signed: bool) -> NDArray[Any]:
    """4-bit integers, two in a byte, the lower half first: one per byte."""
    n = int(np.prod(shape, dtype=np.int64))
    flat: NDArray[Any] = np.stack([packed & 0xF, packed >> 4], axis=1).reshape(-1)[:n]
    if signed:
        flat = ((flat ^ 8).astype(np.int8) - 8).astype(np.int8)
    return flat.reshape(tuple(shape))
