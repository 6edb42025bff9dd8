"""torch_file.py — tensors of a file that torch.save() wrote in its old form, without torch.

Four pickles (a magic number, a version, the writer's system, the tensors), a fifth with the storages' keys, then each
storage: a count of 8 bytes and its items, little-endian. Pickles are programs: this one runs the few instructions that
such a file has on values of its own, imports nothing, and refuses all others.
"""
# SPDX-License-Identifier: Apache-2.0

import io
import math
import pickletools
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from transom.errors import DataError
from transom.files import read_file

MAGIC, VERSION = 0x1950A86A20F9469CFC6C, 1001
DTYPES = {"torch FloatStorage": "<f4", "torch DoubleStorage": "<f8", "torch LongStorage": "<i8"}
REBUILD, ORDERED_DICT = "torch._utils _rebuild_tensor_v2", "collections OrderedDict"
MOST_DIMS, MOST_TENSORS = 4, 1000

_MARK = object()
_CONSTANTS = {"NEWTRUE": True, "NEWFALSE": False, "NONE": None, "EMPTY_TUPLE": (), "MARK": _MARK}
_PLAIN = {"BININT", "BININT1", "BININT2", "LONG1", "BINUNICODE", *_CONSTANTS}  # what is pushed as it is


class _Global(str):
    """A name that a pickle imports; it stays a name."""


class _Storage:
    def __init__(self, dtype: str, key: str, count: int) -> None:
        self.dtype, self.key, self.count = dtype, key, count


class _Tensor:
    def __init__(self, storage: _Storage, offset: int, shape: tuple[int, ...], strides: tuple[int, ...]) -> None:
        self.storage, self.offset, self.shape, self.strides = storage, offset, shape, strides


def _is_ints(value: object) -> bool:
    return isinstance(value, tuple) and all(type(n) is int and n >= 0 for n in value)


def _reduce(function: object, arguments: object) -> object:
    if function == ORDERED_DICT and arguments == ():
        return {}
    if function == REBUILD and isinstance(arguments, tuple) and len(arguments) >= 4:
        storage, offset, shape, strides = arguments[:4]
        whole = _is_ints((offset,)) and _is_ints(shape) and _is_ints(strides)
        if whole and isinstance(storage, _Storage) and len(strides) == len(shape) <= MOST_DIMS:
            return _Tensor(storage, offset, shape, strides)
    raise ValueError(f"calls {function!s}")


def _storage(key: object) -> _Storage:
    if isinstance(key, tuple) and len(key) >= 5 and key[0] == "storage" and key[1] in DTYPES:
        _, dtype, name, _, count = key[:5]
        if isinstance(name, str) and _is_ints((count,)):
            return _Storage(DTYPES[dtype], name, count)
    raise ValueError("a storage is not of float, double or long")


def _global(name: object) -> _Global:
    if name not in (*DTYPES, REBUILD, ORDERED_DICT):
        raise ValueError(f"imports {name!s}")
    return _Global(name)


class _Machine:
    """Runs one pickle of a stream."""

    def __init__(self) -> None:
        self.stack: list[Any] = []
        self.memo: dict[int, Any] = {}

    def since_mark(self) -> list[Any]:
        at = len(self.stack) - 1 - self.stack[::-1].index(_MARK)
        values = self.stack[at + 1 :]
        del self.stack[at:]
        return values

    def last(self, n: int) -> list[Any]:
        return [self.stack.pop() for _ in range(n)][::-1]

    def step(self, name: str, arg: Any) -> None:
        stack = self.stack
        match name:
            case "EMPTY_DICT" | "EMPTY_LIST":
                stack.append({} if name == "EMPTY_DICT" else [])
            case "TUPLE" | "TUPLE1" | "TUPLE2" | "TUPLE3":
                stack.append(tuple(self.since_mark() if name == "TUPLE" else self.last(int(name[-1]))))
            case "SETITEM" | "SETITEMS":
                values = self.last(2) if name == "SETITEM" else self.since_mark()
                stack[-1].update(zip(values[::2], values[1::2], strict=True))
            case "APPEND" | "APPENDS":
                items = self.last(1) if name == "APPEND" else self.since_mark()
                stack[-1].extend(items)
            case "BINPUT" | "LONG_BINPUT":
                self.memo[arg] = stack[-1]
            case "BINGET" | "LONG_BINGET":
                stack.append(self.memo[arg])
            case "GLOBAL":
                stack.append(_global(arg))
            case "BINPERSID":
                stack.append(_storage(stack.pop()))
            case "REDUCE":
                stack.append(_reduce(*self.last(2)))
            case "BUILD":
                stack.pop()  # attributes of the dictionary: versions of modules
            case _:
                raise ValueError(f"has the instruction {name}")

    def run(self, stream: io.BytesIO) -> object:
        for op, arg, _ in pickletools.genops(stream):
            if op.name == "STOP":
                return self.stack.pop()
            if op.name in _PLAIN:
                self.stack.append(_CONSTANTS.get(op.name, arg))
            elif op.name != "PROTO":
                self.step(op.name, arg)
        raise ValueError("does not end")


def _items(stream: io.BytesIO, storages: dict[str, _Storage], keys: object) -> dict[str, NDArray[Any]]:
    """The storages behind the pickles, in the order of their keys."""
    if not isinstance(keys, list) or sorted(map(str, keys)) != sorted(storages):
        raise ValueError("storages: the keys are not those of the tensors")
    found = {}
    for key in keys:
        storage = storages[key]
        size = np.dtype(storage.dtype).itemsize * storage.count
        if int.from_bytes(stream.read(8), "little") != storage.count:
            raise ValueError(f"storage {key}: its count is not that of its tensor")
        data = stream.read(size)
        if len(data) != size:
            raise ValueError(f"storage {key}: is cut")
        found[key] = np.frombuffer(data, storage.dtype)
    if stream.read(1):
        raise ValueError("bytes follow the last storage")
    return found


def _array(tensor: _Tensor, items: NDArray[Any]) -> NDArray[Any]:
    last = tensor.offset + sum((n - 1) * step for n, step in zip(tensor.shape, tensor.strides, strict=True))
    if 0 in tensor.shape or last >= len(items):
        raise ValueError("a tensor lies outside of its storage")
    strides = [step * items.itemsize for step in tensor.strides]
    if math.prod(tensor.shape) > len(items):
        raise ValueError("a tensor has more items than its storage")
    return np.lib.stride_tricks.as_strided(items[tensor.offset :], tensor.shape, strides).copy()


def parse(data: bytes) -> dict[str, NDArray[Any]]:
    """Tensors by name. ValueError for what is no such file."""
    stream = io.BytesIO(data)
    try:
        magic, version, _, tensors, keys = (_Machine().run(stream) for _ in range(5))
    except (TypeError, KeyError, IndexError, AttributeError, UnicodeError) as error:
        raise ValueError("the pickle is damaged") from error
    except ValueError as error:
        raise ValueError(f"the pickle {error}") from error
    if magic != MAGIC or version != VERSION:
        raise ValueError("magic number or version: not of torch's old form")
    if not isinstance(tensors, dict) or not 0 < len(tensors) <= MOST_TENSORS:
        raise ValueError("holds no dictionary of tensors")
    for name, tensor in tensors.items():
        if not isinstance(name, str) or not isinstance(tensor, _Tensor):
            raise ValueError(f"'{name}' is not a tensor")
    storages: dict[str, _Storage] = {}
    for tensor in tensors.values():
        known = storages.setdefault(tensor.storage.key, tensor.storage)
        if (known.dtype, known.count) != (tensor.storage.dtype, tensor.storage.count):
            raise ValueError(f"storage {known.key}: is said to be two")
    items = _items(stream, storages, keys)
    return {name: _array(tensor, items[tensor.storage.key]) for name, tensor in tensors.items()}


def read(path: Path) -> dict[str, NDArray[Any]]:
    """Tensors by name. DataError for what is no such file."""
    try:
        return parse(read_file(path))
    except ValueError as error:
        raise DataError(f"{path}: {error}") from error
