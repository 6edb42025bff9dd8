"""bits.py — a sequence of bits, eight to a byte."""
# SPDX-License-Identifier: Apache-2.0

from collections.abc import Iterable, Iterator, Sequence
from typing import overload

import numpy as np
from numpy.typing import NDArray


class Bits(Sequence[int]):
    """What tANS_py gives as a list of 0 and 1: with a list's len(), indices, slices, iteration and ==.

    Bit i is bit i % 8 of byte i // 8. `list(bits)` is the original's list.
    """

    __slots__ = ("_n", "packed")

    def __init__(self, packed: bytes, n_bits: int) -> None:
        """The first `n_bits` of `packed`. ValueError where there are fewer."""
        if not 0 <= n_bits <= 8 * len(packed):
            raise ValueError(f"n_bits is {n_bits}; must be 0..{8 * len(packed)}, as packed has")
        self.packed = packed
        self._n = n_bits

    @classmethod
    def of(cls, bits: Iterable[int]) -> "Bits":
        """Of any 0 and 1. ValueError naming `bitstream` for other values."""
        if isinstance(bits, Bits):
            return bits
        try:
            values = np.asarray(bits if isinstance(bits, (Sequence, np.ndarray)) else list(bits))
        except ValueError as error:
            raise ValueError("bitstream must be a list of 0 and 1") from error
        if values.ndim != 1 or (
            values.size and (values.dtype.kind not in "iub" or ((values != 0) & (values != 1)).any())
        ):
            raise ValueError("bitstream must be a list of 0 and 1")
        return cls(np.packbits(values.astype(bool), bitorder="little").tobytes(), values.size)

    def to_array(self) -> NDArray[np.uint8]:
        """The bits as 0 and 1, uint8 (len,)."""
        return np.unpackbits(np.frombuffer(self.packed, np.uint8), count=self._n, bitorder="little")

    def __len__(self) -> int:
        return self._n

    @overload
    def __getitem__(self, index: int) -> int: ...
    @overload
    def __getitem__(self, index: slice) -> list[int]: ...
    def __getitem__(self, index: int | slice) -> int | list[int]:
        if isinstance(index, slice):
            bits: list[int] = self.to_array()[index].tolist()
            return bits
        at = range(self._n)[index]
        return self.packed[at // 8] >> at % 8 & 1

    def __iter__(self) -> Iterator[int]:
        return iter(self.to_array().tolist())

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, (Bits, list, tuple)):
            return NotImplemented
        return len(self) == len(other) and list(self) == list(other)

    def __hash__(self) -> int:
        return hash((self.packed, self._n))

    def __repr__(self) -> str:
        return f"Bits({len(self)})"
