"""safetensors_file.py — the weights of a .safetensors file, part by part: no more than one part is in memory.

The format: 8 bytes of length, a JSON header of so many bytes, the tensors' bytes in little-endian C order
(huggingface/safetensors, README.md, "Format"). The header is foreign data: nothing of it is believed before it agrees
with the file.
"""
# SPDX-License-Identifier: Apache-2.0

import json
import math
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from io import BufferedReader
from pathlib import Path
from typing import Any, NoReturn

import numpy as np
from numpy.typing import NDArray

from transom.files import FileError, naming, printable

from .provenance import file_of, versions
from .quantisers import Floats, Quantisers, apply
from .trace import Tensor, TraceWriter, new_trace

MAX_HEADER_BYTES = 100_000_000  # the format's own limit
DEFAULT_PART = 1 << 24  # values: 32 MiB of bf16
# Type of the file: numpy's, and the float type that it holds the bits of.
TYPES: dict[str, tuple[str, str | None]] = {
    "BF16": ("<u2", "bf16"),
    "F16": ("<f2", "fp16"),
    "F8_E4M3": ("u1", "fp8_e4m3"),
    "F8_E5M2": ("u1", "fp8_e5m2"),
    "F32": ("<f4", None),
    "F64": ("<f8", None),
    "I8": ("i1", None),
    "U8": ("u1", None),
    "I16": ("<i2", None),
    "U16": ("<u2", None),
}


@dataclass(frozen=True)
class Stored:
    """A tensor of the file. begin: of its bytes, from the start of the file."""

    name: str
    type: str
    shape: tuple[int, ...]
    begin: int

    @property
    def dtype(self) -> np.dtype[Any]:
        return np.dtype(TYPES[self.type][0])


def record_safetensors(
    path: Path,
    folder: Path | str,
    meta: Mapping[str, str],
    quantisers: Quantisers,
    part: int = DEFAULT_PART,
    recorder: Mapping[str, Any] | None = None,
) -> TraceWriter:
    """Records every tensor of the file but those whose type no trace has. Returns the writer, for its counts.

    part    values: a larger tensor is recorded as parts of so many values (of groups' multiples), each a tensor of its
            own with the name NAME[0], NAME[1], ..; each is quantised by itself
    Raises FileError for the file, ValueError naming a tensor that the quantiser cannot take, and what new_trace()
    raises.
    """
    if part < 1:
        raise ValueError(f"part: {part} values; take at least 1")
    grain = quantisers.weights.grain
    if isinstance(grain, int):
        part = max(part // grain, 1) * grain
    model = file_of(path)
    about = {
        "model": model,
        "packages": versions(),
        "quantisers": quantisers.manifest(),
        "part": part,
        **(recorder or {}),
    }
    with new_trace(folder, meta, about) as trace, naming(path), path.open("rb") as file:
        for stored in _header(path, file):
            if stored.type not in TYPES:
                trace.skip(stored.name, f"{stored.type} is no type of a trace")
                continue
            for name, values, details in _parts(path, file, stored, part):
                floats = TYPES[stored.type][1]
                if floats is not None or values.dtype.kind == "f":
                    trace.add(apply(quantisers.weights, Floats(name, values, "weight", floats), details))
                else:
                    trace.add(Tensor(name, values, "weight", details=details))
    return trace


Part = tuple[str, NDArray[Any], dict[str, Any]]


def _parts(path: Path, file: BufferedReader, stored: Stored, part: int) -> Iterator[Part]:
    """The tensor, or parts of it: whole indices of the first dimension where they fit, else a flat run of values."""
    n = math.prod(stored.shape)
    file.seek(stored.begin)
    if n <= part:
        yield stored.name, _read(path, file, stored.dtype, n).reshape(stored.shape), {}
        return
    row = n // stored.shape[0]
    size = part // row * row or part
    for number, first in enumerate(range(0, n, size)):
        values = _read(path, file, stored.dtype, min(size, n - first))
        if size >= row:
            values = values.reshape(-1, *stored.shape[1:])
        details = {"part": {"of": stored.name, "shape": list(stored.shape), "first_value": first}}
        yield f"{stored.name}[{number}]", values, details


def _read(path: Path, file: BufferedReader, dtype: np.dtype[Any], n: int) -> NDArray[Any]:
    values = np.empty(n, dtype)
    if file.readinto(values.view(np.uint8).data) != values.nbytes:
        _refuse(path, "data", "the file is cut; copy it again")
    return values.astype(dtype.newbyteorder("="), copy=False)


def _header(path: Path, file: BufferedReader) -> list[Stored]:
    """The file's tensors in the order of their bytes. Raises FileError unless they are all of it."""
    n_file = os.fstat(file.fileno()).st_size
    n_header = int.from_bytes(file.read(8), "little")
    if n_file < 8 or n_header > min(n_file - 8, MAX_HEADER_BYTES):
        _refuse(
            path,
            "header",
            f"its length of {n_header} bytes is not that of a file of {n_file}; give a .safetensors file",
        )
    try:
        entries = json.loads(file.read(n_header))
    except (ValueError, RecursionError) as error:
        _refuse(path, "header", f"is no JSON: {printable(error)}; copy the file again")
    if not isinstance(entries, dict):
        _refuse(path, "header", "is no object; copy the file again")
    entries.pop("__metadata__", None)
    ends: list[tuple[int, int, Stored]] = []
    for name, entry in entries.items():
        ends.append(_stored(path, name, entry, 8 + n_header))
    ends.sort(key=lambda end: end[:2])
    expected = 8 + n_header
    for begin, end, stored in ends:
        if begin != expected:
            _refuse(path, f"tensor {stored.name!r}", f"begins at byte {begin}, not {expected}; copy the file again")
        expected = end
    if expected != n_file:
        _refuse(path, "data", f"ends at byte {expected} of {n_file}; copy the file again")
    return [stored for _, _, stored in ends]


def _stored(path: Path, name: str, entry: Any, start: int) -> tuple[int, int, Stored]:
    """First byte, byte behind the last, tensor."""
    what = f"tensor {name!r}"
    fields = entry if isinstance(entry, dict) else {}
    kind, shape, offsets = fields.get("dtype"), _sizes(fields.get("shape")), _sizes(fields.get("data_offsets"))
    if not isinstance(kind, str) or shape is None or offsets is None or len(offsets) != 2:
        _refuse(path, what, "has no dtype, shape and data_offsets; copy the file again")
    begin, end = start + offsets[0], start + offsets[1]
    stored = Stored(name, kind, tuple(shape), begin)
    if begin > end or (kind in TYPES and end - begin != math.prod(shape) * stored.dtype.itemsize):
        _refuse(path, what, f"{end - begin} bytes do not hold {kind} of shape {shape}; copy the file again")
    return begin, end, stored


def _sizes(value: Any) -> list[int] | None:
    """The value, if it is a list of sizes."""
    return value if isinstance(value, list) and all(type(size) is int and size >= 0 for size in value) else None


def _refuse(path: Path, what: str, why: str) -> NoReturn:
    raise FileError(f"{printable(path)}: {printable(what)}: {why}")
