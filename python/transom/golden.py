"""golden.py — the golden decoder for test benches: every retired step, stream by stream, when it is asked for."""
# SPDX-License-Identifier: Apache-2.0

from collections.abc import Iterator
from itertools import chain
from os import PathLike
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from transom import _core
from transom.container import Container, read_container


class Retired(NamedTuple):
    """A step of a stream."""

    symbol: int  # of a coding of pairs: the first one in bits 3..0, the second in 7..4
    state: int  # after the step: of tANS t = x - L, of rANS x, of narrow rANS t, of the arithmetic coder CODE, LO, HI
    bits: int  # of the symbol stream, that the step took
    position: int  # bits of the symbol stream read so far, the initial state's among them
    values: tuple[int, ...]  # of the tensor's dtype: one, of pairs two but for an odd last one


class Steps(NamedTuple):
    """The steps of a stream as arrays, a row each."""

    symbols: NDArray[np.uint8]
    states: NDArray[np.uint64]
    bits: NDArray[np.uint8]
    positions: NDArray[np.uint64]


class Stream:
    """One stream of a coded tensor; each iteration decodes it anew, a step at a time."""

    def __init__(self, coded: _core.CodedTensor, number: int) -> None:
        """Raises ValueError where `coded` has no stream of that number."""
        self.coded, self.number = coded, number
        self._core()

    def _core(self) -> _core.Stepper:
        return _core.Stepper(self.coded, self.number)

    def __len__(self) -> int:
        """Steps."""
        return self._core().n_steps

    def __iter__(self) -> Iterator[Retired]:
        stepper = self._core()
        for _ in range(stepper.n_steps):
            yield Retired(*stepper.next())

    def steps(self) -> Steps:
        """All steps at once."""
        return Steps(*self._core().take(len(self)))


class Decoder:
    """The golden decoder on a container: a Container, a coded tensor, bytes, or the path of a .tsm file.

    Iterating yields each Retired step of each stream of each tensor, in their order; `stream()` gives one of them.
    Foreign bytes raise DataError, a file that cannot be read OSError. Damaged streams are decoded as they stand.
    """

    def __init__(self, container: Container | _core.CodedTensor | bytes | str | PathLike[str]) -> None:
        if isinstance(container, Container):
            self.container = container
        elif isinstance(container, _core.CodedTensor):
            self.container = Container((container,))
        elif isinstance(container, bytes | bytearray | memoryview):
            self.container = Container.parse(container)
        elif isinstance(container, str | PathLike):
            self.container = read_container(container)
        else:
            kind = type(container).__name__
            raise ValueError(f"Decoder: container is {kind}; must be a Container, a CodedTensor, bytes or a path")

    def stream(self, number: int, tensor: int | str = 0) -> Stream:
        """Stream `number` of a tensor, by number or name. Raises ValueError, IndexError or KeyError."""
        return Stream(self.container[tensor], number)

    def streams(self) -> Iterator[Stream]:
        """All streams of all tensors."""
        for coded in self.container:
            for number in range(coded.n_streams):
                yield Stream(coded, number)

    def __iter__(self) -> Iterator[Retired]:
        return chain.from_iterable(self.streams())

    def values(self, tensor: int | str = 0) -> NDArray[np.integer[Any]]:
        """A whole tensor. Raises DataError where its streams are not what was encoded."""
        return _core.decode(self.container[tensor])
