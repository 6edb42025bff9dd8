"""trace.py — a trace folder: one .npy per tensor and a manifest.json that describes them.

Files are little-endian, C order, 4-bit values one per byte. `record` knows no network: give it the
arrays of any. The manifest's fields are listed in README.md.
"""
# SPDX-License-Identifier: Apache-2.0

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from transom.entropy import entropy
from transom.files import printable, whole_folder

from .floats import FLOAT_TYPES, pattern
from .provenance import file_of

DTYPES = ("int8", "uint8", "int16", "uint16")
NARROW_BITS = 4
META_KEYS = ("source", "licence", "input", "note", "layout")
MANIFEST = "manifest.json"
FILE_STEM_CHARACTERS = 40
INLINE_SCALES = 256  # more of them lie in a file of their own
BLOCK = 1 << 20  # values that are counted at once


class TensorError(ValueError):
    """A tensor's values are none that can be recorded so: one line that names it."""


@dataclass(frozen=True)
class Tensor:
    """One tensor of a trace.

    values      int8, uint8, int16 or uint16, any shape; or floats, see there
    kind        "weight" or "activation"
    bits        width of a value: 4 (in an 8-bit dtype) or the dtype's own, which is the default
    scale, zero_point   real = scale * (value - zero_point); one pair, one per index of `axis`, or one
                per `group`; leave them out where unknown
    axis        the dimension that scale and zero_point run along
    group       so many values in C order have a scale and zero_point; the last group has the rest
    floats      "bf16", "fp8_e4m3" or "fp8_e5m2", whose bits the uint16s or uint8s are; "fp16" of float16s
    details     more fields for the tensor's entry in the manifest
    """

    name: str
    values: NDArray[Any]
    kind: Literal["weight", "activation"] = "activation"
    bits: int | None = None
    scale: tuple[float, ...] | NDArray[np.float32] = ()
    zero_point: tuple[int, ...] | NDArray[np.int64] = ()
    axis: int | None = None
    group: int | None = None
    floats: str | None = None
    details: Mapping[str, Any] = field(default_factory=dict)


def entropy_bits(values: NDArray[Any], floats: str | None = None) -> float:
    """Returns the order-0 entropy in bits per value; 0 for no values. Of floats that of their exponents, to which sign
    and mantissa add their bits."""
    kind = FLOAT_TYPES[floats] if floats is not None else None
    flat = pattern(np.ascontiguousarray(values).reshape(-1))
    counts = np.zeros(1 << 8 * flat.itemsize, np.int64)
    for i in range(0, flat.size, BLOCK):
        block = flat[i : i + BLOCK]
        if kind is not None:
            block = block >> kind.mantissa_bits & (1 << kind.exponent_bits) - 1
        counts += np.bincount(block, minlength=len(counts))
    return entropy(counts) + (1 + kind.mantissa_bits if kind is not None and flat.size else 0)


def require_new_folder(folder: Path) -> None:
    """Raises FileExistsError where a trace would mix with other files: folder must be absent or empty."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise FileExistsError(f"{printable(folder)} exists and is not an empty folder; remove it or name another")


def record(tensors: Mapping[str, NDArray[Any]] | Iterable[Tensor], folder: Path | str, meta: Mapping[str, str]) -> None:
    """Writes the tensors, in order, and their manifest into `folder`, which must be absent or empty.

    tensors     Tensors, or a mapping from name to array for activations of the dtype's full width
    folder      its last part is the name of the trace
    meta        licence (required), source, input, note, layout: free text for the manifest

    Raises what new_trace() and TraceWriter.add() raise; then there is no folder, or an empty one as before.
    """
    listed = (
        (Tensor(name, values) for name, values in tensors.items()) if isinstance(tensors, Mapping) else iter(tensors)
    )
    with new_trace(folder, meta) as trace:
        for tensor in listed:
            trace.add(tensor)


class TraceWriter:
    """A trace that is being recorded, tensor by tensor: no two of them need be in memory together."""

    def __init__(self, folder: Path, recorder: Mapping[str, Any]) -> None:
        self._folder = folder
        self._entries: list[dict[str, Any]] = []
        self._names: set[str] = set()
        self.recorder: dict[str, Any] = dict(recorder)  # of the manifest, which is written at the end
        self.not_recorded: list[dict[str, str]] = []
        self.n_values = 0

    @property
    def n_tensors(self) -> int:
        return len(self._entries)

    def add(self, tensor: Tensor) -> None:
        """Writes the tensor's file. Raises ValueError naming the tensor and what is wrong with it."""
        if tensor.name in self._names:
            raise ValueError(f"tensor {tensor.name!r}: the name occurs twice")
        _check_tensor(tensor)
        self._names.add(tensor.name)
        file_name = _file_name(len(self._entries), tensor)
        entry = _manifest_entry(tensor, _write_npy(self._folder / file_name, tensor.values))
        if len(tensor.scale) > INLINE_SCALES:
            entry["scale"] = self._write_scales(tensor, file_name)
            del entry["zero_point"]
        self._entries.append(entry)
        self.n_values += tensor.values.size

    def skip(self, name: str, why: str) -> None:
        """The manifest says that there was this tensor, and why it is not in the trace."""
        self.not_recorded.append({"name": name, "why": why})

    def _write_scales(self, tensor: Tensor, file_name: str) -> dict[str, Any]:
        path = self._folder / file_name.replace(".npy", ".scales.npz")
        with path.open("wb") as file:
            np.savez(file, scale=np.asarray(tensor.scale, "<f4"), zero_point=np.asarray(tensor.zero_point, "<i4"))
        return {**file_of(path), "n": len(tensor.scale)}

    def finish(self, name: str, meta: Mapping[str, str]) -> None:
        """Writes the manifest. Raises ValueError for a trace of no tensors."""
        if not self._entries:
            raise ValueError("a trace needs at least one tensor")
        manifest = {
            "trace": name,
            **{key: meta.get(key, "") for key in META_KEYS},
            **({"recorder": self.recorder} if self.recorder else {}),
            **({"not_recorded": self.not_recorded} if self.not_recorded else {}),
            "tensors": self._entries,
        }
        (self._folder / MANIFEST).write_text(json.dumps(manifest, indent=1) + "\n", encoding="utf-8")


@contextmanager
def new_trace(
    folder: Path | str, meta: Mapping[str, str], recorder: Mapping[str, Any] | None = None
) -> Iterator[TraceWriter]:
    """A trace to add tensors to; `folder`, absent or empty before, is there once the block ends without an error.

    recorder    how it was recorded: what another needs who wants to do it again
    Raises ValueError for `meta`, FileExistsError for a folder in use, OSError where it cannot be written.
    """
    folder = Path(folder)
    _check_meta(meta)
    require_new_folder(folder)
    with whole_folder(folder) as new:
        trace = TraceWriter(new, recorder or {})
        yield trace
        trace.finish(folder.resolve().name, meta)


def _check_meta(meta: Mapping[str, str]) -> None:
    unknown = sorted(set(meta) - set(META_KEYS))
    if unknown:
        raise ValueError(f"meta: unknown keys {', '.join(unknown)}; known are {', '.join(META_KEYS)}")
    if not meta.get("licence"):
        raise ValueError("meta: the licence of the recorded data is missing")


def _bits(tensor: Tensor) -> int:
    return tensor.values.dtype.itemsize * 8 if tensor.bits is None else tensor.bits


def _check_tensor(tensor: Tensor) -> None:
    what = f"tensor {tensor.name!r}"
    values = tensor.values
    if not isinstance(values, np.ndarray):
        raise ValueError(f"{what}: values are a {type(values).__name__}, not a numpy array")
    if tensor.kind not in ("weight", "activation"):
        raise ValueError(f"{what}: kind {tensor.kind!r} is neither weight nor activation")
    (_check_integers if tensor.floats is None else _check_floats)(tensor, what)
    _check_scales(tensor, what)


def _check_integers(tensor: Tensor, what: str) -> None:
    values, dtype = tensor.values, tensor.values.dtype
    if dtype.name not in DTYPES:
        raise ValueError(f"{what}: dtype {dtype.name} is none of {', '.join(DTYPES)}")
    dtype_bits = dtype.itemsize * 8
    bits = _bits(tensor)
    if bits != dtype_bits and not (bits == NARROW_BITS and dtype_bits == 8):
        raise ValueError(f"{what}: {bits} bits do not go with {dtype.name}; 4-bit values go into int8 or uint8")
    low, high = (-(2 ** (bits - 1)), 2 ** (bits - 1) - 1) if dtype.kind == "i" else (0, 2**bits - 1)
    if values.size and not (low <= values.min() and values.max() <= high):
        raise ValueError(
            f"{what}: values {values.min()}..{values.max()} leave the range {low}..{high} of {bits}-bit {dtype.name}"
        )


def _check_floats(tensor: Tensor, what: str) -> None:
    kind = FLOAT_TYPES.get(tensor.floats or "")
    if kind is None:
        raise ValueError(f"{what}: floats {tensor.floats!r} are none of {', '.join(FLOAT_TYPES)}")
    if tensor.values.dtype.name != kind.storage:
        raise ValueError(f"{what}: {tensor.floats} lie in {kind.storage} arrays, not {tensor.values.dtype.name}")
    if tensor.bits not in (None, kind.bits) or len(tensor.scale) or tensor.group is not None:
        raise ValueError(f"{what}: floats have {kind.bits} bits and no scale")


def _check_scales(tensor: Tensor, what: str) -> None:
    if len(tensor.scale) != len(tensor.zero_point):
        raise ValueError(f"{what}: {len(tensor.scale)} scales but {len(tensor.zero_point)} zero points")
    if tensor.axis is not None and not 0 <= tensor.axis < tensor.values.ndim:
        raise ValueError(f"{what}: axis {tensor.axis} is not one of its {tensor.values.ndim} dimensions")
    if tensor.group is not None and (tensor.group < 1 or tensor.axis is not None):
        raise ValueError(f"{what}: a group has at least 1 value, and no axis")
    allowed = {0, 1} if tensor.axis is None else {1, tensor.values.shape[tensor.axis]}
    if tensor.group is not None:
        allowed = {-(-tensor.values.size // tensor.group)}
    if len(tensor.scale) not in allowed:
        raise ValueError(f"{what}: {len(tensor.scale)} scales, not {' or '.join(map(str, sorted(allowed)))}")
    scales = np.asarray(tensor.scale, np.float64)
    if not np.all(np.isfinite(scales) & (scales > 0)):
        raise ValueError(f"{what}: every scale must be a positive number")


def _file_name(index: int, tensor: Tensor) -> str:
    """Index, kind and the end of the name, where layers differ most, in portable characters."""
    stem = re.sub(r"[^A-Za-z0-9]+", "_", tensor.name)[-FILE_STEM_CHARACTERS:].strip("_")
    return f"{index:03d}_{tensor.kind[0]}_{stem}.npy"


def _write_npy(path: Path, values: NDArray[Any]) -> dict[str, Any]:
    little_endian = np.asarray(values, dtype=values.dtype.newbyteorder("<"), order="C")
    with path.open("wb") as file:
        np.save(file, little_endian, allow_pickle=False)
    return file_of(path)


def _manifest_entry(tensor: Tensor, written: Mapping[str, Any]) -> dict[str, Any]:
    entry: dict[str, Any] = {
        "file": written["file"],
        "name": tensor.name,
        "kind": tensor.kind,
        "dtype": tensor.floats or tensor.values.dtype.name,
        "bits": _bits(tensor),
        "shape": list(tensor.values.shape),
        "n": tensor.values.size,
        "entropy_bits": round(entropy_bits(tensor.values, tensor.floats), 4),
        "sha256": written["sha256"],
    }
    if len(tensor.scale):
        entry["scale"] = [float(scale) for scale in tensor.scale]
        entry["zero_point"] = [int(zero_point) for zero_point in tensor.zero_point]
    if tensor.axis is not None:
        entry["axis"] = tensor.axis
    if tensor.group is not None:
        entry["group"] = tensor.group
    return {**entry, **tensor.details}
