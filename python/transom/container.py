"""container.py — .tsm files (model/FORMAT.md) and many tensors at once, with progress.

All coding is transom._core's; this shapes arguments and results.
"""
# SPDX-License-Identifier: Apache-2.0

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from transom import _core, html
from transom.files import write_whole


@dataclass(frozen=True)
class Container:
    """Coded tensors in their order, and the version that they are written as: 1, or 2 for the wide unit."""

    tensors: tuple[_core.CodedTensor, ...]
    version: int = 1

    def __len__(self) -> int:
        return len(self.tensors)

    def __iter__(self) -> Iterator[_core.CodedTensor]:
        return iter(self.tensors)

    def __getitem__(self, which: int | str) -> _core.CodedTensor:
        """A tensor by number or name. Raises IndexError or KeyError."""
        if isinstance(which, int):
            return self.tensors[which]
        for tensor in self.tensors:
            if tensor.name == which:
                return tensor
        raise KeyError(which)

    def to_bytes(self) -> bytes:
        """The file's bytes. Raises ValueError for what the version does not hold."""
        return _core.write_container(list(self.tensors), self.version)

    def write(self, path: str | PathLike[str]) -> None:
        """Writes the file, whole or not at all. Raises OSError naming it."""
        write_whole(Path(path), self.to_bytes())

    @staticmethod
    def parse(data: object) -> "Container":
        """Of bytes. Raises DataError with the byte, the tensor and the field where they are no container."""
        version, tensors = _core.parse_container(data)
        return Container(tuple(tensors), version)

    def _repr_html_(self) -> str:
        return html.of_container(self.tensors, self.version)


def read_container(path: str | PathLike[str]) -> Container:
    """A .tsm file. Raises OSError where it cannot be read, DataError naming it where it is no container."""
    try:
        return Container.parse(Path(path).read_bytes())
    except _core.DataError as error:
        raise _core.DataError(f"{path}: {error}") from None


def encode_all(
    tensors: Iterable[object], coding: str = "apack-tans", *, progress: bool = False, threads: int = 0, **options: int
) -> list[_core.CodedTensor]:
    """encode_best() of each tensor or array, on all cores or so many threads; with a tqdm bar if asked for.

    options: table_log, rows, n_streams, chunk. Ctrl-C ends it between two tensors. Raises what encode_best() raises.
    """
    items = list(tensors)
    with _bar("encode", len(items), progress) as tell:
        return _core.encode_all(items, coding, threads=threads, progress=tell, **options)


def decode_all(
    coded: Iterable[_core.CodedTensor], *, progress: bool = False, threads: int = 0
) -> list[NDArray[np.integer[Any]]]:
    """decode() of each, on all cores or so many threads; with a tqdm bar if asked for. Ctrl-C ends it between two."""
    items = list(coded)
    with _bar("decode", len(items), progress) as tell:
        return _core.decode_all(items, threads=threads, progress=tell)


@contextmanager
def _bar(what: str, total: int, wanted: bool) -> Iterator[Callable[[int], None] | None]:
    """What is told how many items are done."""
    if not wanted:
        yield None
        return
    from tqdm.auto import tqdm  # noqa: PLC0415  not needed without a bar

    with tqdm(total=total, desc=what, unit="tensor") as bar:

        def tell(n_done: int) -> None:
            bar.update(n_done - bar.n)

        yield tell
