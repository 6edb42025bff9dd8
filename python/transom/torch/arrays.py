"""arrays.py — arguments to numpy arrays of the type that the coder takes, results to the kind of an argument."""
# SPDX-License-Identifier: Apache-2.0

import sys
from operator import index
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = Any  # a numpy array, a PyTorch tensor, or what numpy makes an array of
Ints = NDArray[np.int32]


def is_tensor(array: object) -> bool:
    """Whether it is a PyTorch tensor. Imports nothing: where there is a tensor, PyTorch is loaded."""
    torch = sys.modules.get("torch")
    return torch is not None and isinstance(array, torch.Tensor)


def to_numpy(array: Array, name: str) -> NDArray[Any]:
    """The array on the host: without a copy where it is there. ValueError naming `name`."""
    try:
        if is_tensor(array):
            host: NDArray[Any] = array.detach().cpu().numpy()
            return host
        if hasattr(array, "__dlpack__") and not isinstance(array, np.ndarray):
            return np.from_dlpack(array)
        return np.asarray(array)
    except (TypeError, ValueError, BufferError, RuntimeError, AttributeError) as error:
        raise ValueError(f"{name} is no array on the host: {error}") from error


def integers(array: Array, name: str, n_dims: int | None = None) -> Ints:
    """As int32, contiguous. ValueError naming `name`: other numbers than integers of 32 bits, other dimensions."""
    values = to_numpy(array, name)
    if values.dtype.kind not in "iu" and values.size:
        raise ValueError(f"{name} is of {values.dtype}; must be integers")
    if n_dims is not None and values.ndim != n_dims:
        raise ValueError(f"{name} has the shape {values.shape}; must have {n_dims} dimensions")
    if values.dtype.itemsize >= 4 and values.dtype != np.int32 and values.size:
        least, most = int(values.min()), int(values.max())
        if least < -(2**31) or most >= 2**31:
            raise ValueError(f"{name} has {least if least < -(2**31) else most}; must be integers of 32 bits")
    return np.ascontiguousarray(values, np.int32)


def floats(array: Array, name: str) -> NDArray[np.float32]:
    """As float32 of two dimensions, contiguous. ValueError naming `name`."""
    values = to_numpy(array, name)
    if values.dtype.kind not in "iuf" or values.ndim != 2:
        raise ValueError(f"{name} is {values.dtype} of the shape {values.shape}; must be numbers of 2 dimensions")
    with np.errstate(over="ignore"):  # an infinity is refused where it is used
        return np.ascontiguousarray(values, np.float32)


def like(result: Ints, *arguments: Array, device: Any = None) -> Array:
    """A tensor where an argument is one, on `device` or the first tensor's; else the numpy array."""
    tensor = next((a for a in arguments if is_tensor(a)), None)
    if tensor is None:
        return result
    return sys.modules["torch"].from_numpy(result).to(device=tensor.device if device is None else device)


def stream_rows(stream: Array) -> Ints:
    """The rows of a stream. ValueError unless it is int32 of two dimensions, a numpy array or a tensor."""
    if not is_tensor(stream) and not isinstance(stream, np.ndarray):
        raise ValueError(f"stream is a {type(stream).__name__}; must be a numpy array or a PyTorch tensor")
    rows = to_numpy(stream, "stream")
    if rows.dtype != np.int32 or rows.ndim != 2:
        raise ValueError(f"stream is {rows.dtype} of the shape {rows.shape}; must be int32 (rows, words)")
    if isinstance(stream, np.ndarray) and not stream.flags.writeable:
        raise ValueError("stream is read-only; it is changed in place")
    return np.ascontiguousarray(rows)


def write_back(stream: Array, rows: Ints) -> Array:
    """Makes `stream` hold the rows, at least as wide as it is: in place, but for a numpy array that is too narrow.

    Returns:
        `stream`, or the rows where it could not hold them.
    """
    if is_tensor(stream):
        held = sys.modules["torch"].from_numpy(rows)
        return stream.copy_(held) if stream.shape == held.shape else stream.set_(held.to(device=stream.device))
    if stream.shape != rows.shape:
        return rows
    stream[...] = rows
    return stream


def as_stream(rows: Ints, device: Any = None) -> Array:
    """A tensor where PyTorch is loaded or `device` is one of its, else the array. ValueError without PyTorch."""
    torch = sys.modules.get("torch")
    if torch is None:
        check_device(device)
        return rows
    return torch.from_numpy(rows).to(device=device)


def check_device(device: Any) -> None:
    """ValueError for a device that is not the host's where PyTorch is not loaded."""
    if "torch" not in sys.modules and str(device) not in ("None", "cpu"):
        raise ValueError(f"device is {device}; without PyTorch there is only the host's, 'cpu'")


def scalar(value: Any, name: str, least: int, most: int) -> int:
    """An integer of least..most. ValueError naming `name`."""
    try:
        number = index(value)
    except TypeError as error:
        raise ValueError(f"{name} is {value!r}; must be an integer") from error
    if not least <= number <= most:
        raise ValueError(f"{name} is {number}; must be {least}..{most}")
    return number


def byte_string(data: Any, name: str) -> bytes:
    """Anything of bytes. ValueError naming `name`."""
    if not isinstance(data, (bytes, bytearray, memoryview)):
        raise ValueError(f"{name} is a {type(data).__name__}; must be bytes")
    return bytes(data)
