"""trace.py — a trace folder: one .npy per tensor and a manifest.json that describes them.

Files are little-endian, C order, 4-bit values one per byte. `record` knows no network: give it the
arrays of any. The manifest's fields are listed in README.md.
"""
# SPDX-License-Identifier: Apache-2.0

import hashlib
import io
import json
import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from transom.files import printable, whole_folder

DTYPES = ("int8", "uint8", "int16", "uint16")
NARROW_BITS = 4
META_KEYS = ("source", "licence", "input", "note", "layout")
MANIFEST = "manifest.json"
FILE_STEM_CHARACTERS = 40


@dataclass(frozen=True)
class Tensor:
    """One tensor of a trace.

    values      int8, uint8, int16 or uint16, any shape
    kind        "weight" or "activation"
    bits        width of a value: 4 (in an 8-bit dtype) or the dtype's own, which is the default
    scale, zero_point   real = scale * (value - zero_point); one pair, or one per index of `axis`;
                leave them out where unknown
    axis        the dimension that scale and zero_point run along
    """

    name: str
    values: NDArray[Any]
    kind: Literal["weight", "activation"] = "activation"
    bits: int | None = None
    scale: tuple[float, ...] = ()
    zero_point: tuple[int, ...] = ()
    axis: int | None = None


def entropy_bits(values: NDArray[Any]) -> float:
    """Returns the order-0 entropy in bits per value; 0 for no values."""
    counts = np.unique(values, return_counts=True)[1]
    total = values.size
    return math.fsum(int(c) / total * math.log2(total / int(c)) for c in counts)


def require_new_folder(folder: Path) -> None:
    """Raises FileExistsError where a trace would mix with other files: folder must be absent or empty."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise FileExistsError(f"{printable(folder)} exists and is not an empty folder; remove it or name another")


def record(tensors: Mapping[str, NDArray[Any]] | Iterable[Tensor], folder: Path | str, meta: Mapping[str, str]) -> None:
    """Writes the tensors, in order, and their manifest into `folder`, which must be absent or empty.

    tensors     Tensors, or a mapping from name to array for activations of the dtype's full width
    folder      its last part is the name of the trace
    meta        licence (required), source, input, note, layout: free text for the manifest

    Everything is checked before the first byte is written. Raises ValueError naming the tensor and
    what is wrong with it, FileExistsError for a folder in use, OSError where it cannot be written: then
    there is no folder, or an empty one as before.
    """
    folder = Path(folder)
    listed = (
        [Tensor(name, values) for name, values in tensors.items()] if isinstance(tensors, Mapping) else list(tensors)
    )
    _check_meta(meta)
    _check_names(listed)
    for tensor in listed:
        _check_tensor(tensor)
    require_new_folder(folder)

    with whole_folder(folder) as new:
        entries = []
        for index, tensor in enumerate(listed):
            file_name = _file_name(index, tensor)
            file_bytes = _npy_bytes(tensor.values)
            (new / file_name).write_bytes(file_bytes)
            entries.append(_manifest_entry(tensor, file_name, file_bytes))
        manifest = {
            "trace": folder.resolve().name,
            **{key: meta.get(key, "") for key in META_KEYS},
            "tensors": entries,
        }
        (new / MANIFEST).write_text(json.dumps(manifest, indent=1) + "\n", encoding="utf-8")


def _check_meta(meta: Mapping[str, str]) -> None:
    unknown = sorted(set(meta) - set(META_KEYS))
    if unknown:
        raise ValueError(f"meta: unknown keys {', '.join(unknown)}; known are {', '.join(META_KEYS)}")
    if not meta.get("licence"):
        raise ValueError("meta: the licence of the recorded data is missing")


def _check_names(tensors: list[Tensor]) -> None:
    if not tensors:
        raise ValueError("a trace needs at least one tensor")
    names: set[str] = set()
    for tensor in tensors:
        if tensor.name in names:
            raise ValueError(f"tensor {tensor.name!r}: the name occurs twice")
        names.add(tensor.name)


def _bits(tensor: Tensor) -> int:
    return tensor.values.dtype.itemsize * 8 if tensor.bits is None else tensor.bits


def _check_tensor(tensor: Tensor) -> None:
    what = f"tensor {tensor.name!r}"
    values = tensor.values
    if not isinstance(values, np.ndarray):
        raise ValueError(f"{what}: values are a {type(values).__name__}, not a numpy array")
    dtype = values.dtype
    if dtype.name not in DTYPES:
        raise ValueError(f"{what}: dtype {dtype.name} is none of {', '.join(DTYPES)}")
    if tensor.kind not in ("weight", "activation"):
        raise ValueError(f"{what}: kind {tensor.kind!r} is neither weight nor activation")
    dtype_bits = dtype.itemsize * 8
    bits = _bits(tensor)
    if bits != dtype_bits and not (bits == NARROW_BITS and dtype_bits == 8):
        raise ValueError(f"{what}: {bits} bits do not go with {dtype.name}; 4-bit values go into int8 or uint8")
    low, high = (-(2 ** (bits - 1)), 2 ** (bits - 1) - 1) if dtype.kind == "i" else (0, 2**bits - 1)
    if values.size and not (low <= values.min() and values.max() <= high):
        raise ValueError(
            f"{what}: values {values.min()}..{values.max()} leave the range {low}..{high} of {bits}-bit {dtype.name}"
        )
    _check_scales(tensor, what)


def _check_scales(tensor: Tensor, what: str) -> None:
    if len(tensor.scale) != len(tensor.zero_point):
        raise ValueError(f"{what}: {len(tensor.scale)} scales but {len(tensor.zero_point)} zero points")
    if tensor.axis is not None and not 0 <= tensor.axis < tensor.values.ndim:
        raise ValueError(f"{what}: axis {tensor.axis} is not one of its {tensor.values.ndim} dimensions")
    allowed = {0, 1} if tensor.axis is None else {1, tensor.values.shape[tensor.axis]}
    if len(tensor.scale) not in allowed:
        raise ValueError(f"{what}: {len(tensor.scale)} scales, not {' or '.join(map(str, sorted(allowed)))}")
    if not all(math.isfinite(scale) and scale > 0 for scale in tensor.scale):
        raise ValueError(f"{what}: every scale must be a positive number")


def _file_name(index: int, tensor: Tensor) -> str:
    """Index, kind and the end of the name, where layers differ most, in portable characters."""
    stem = re.sub(r"[^A-Za-z0-9]+", "_", tensor.name)[-FILE_STEM_CHARACTERS:].strip("_")
    return f"{index:03d}_{tensor.kind[0]}_{stem}.npy"


def _npy_bytes(values: NDArray[Any]) -> bytes:
    buffer = io.BytesIO()
    little_endian = np.asarray(values, dtype=values.dtype.newbyteorder("<"), order="C")
    np.save(buffer, little_endian, allow_pickle=False)
    return buffer.getvalue()


def _manifest_entry(tensor: Tensor, file_name: str, file_bytes: bytes) -> dict[str, Any]:
    entry: dict[str, Any] = {
        "file": file_name,
        "name": tensor.name,
        "kind": tensor.kind,
        "dtype": tensor.values.dtype.name,
        "bits": _bits(tensor),
        "shape": list(tensor.values.shape),
        "n": tensor.values.size,
        "entropy_bits": round(entropy_bits(tensor.values), 4),
        "sha256": hashlib.sha256(file_bytes).hexdigest(),
    }
    if tensor.scale:
        entry["scale"] = [float(scale) for scale in tensor.scale]
        entry["zero_point"] = [int(zero_point) for zero_point in tensor.zero_point]
    if tensor.axis is not None:
        entry["axis"] = tensor.axis
    return entry
