"""coder.py — the class Coder: symbols of any kind to numbers, numbers through the golden model's tables, and back."""
# SPDX-License-Identifier: Apache-2.0

from collections.abc import Hashable, Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from transom import _core
from transom.tans_py.bits import Bits

MAX_SYMBOLS = 1 << 28  # of one decoded message, where the caller gives no other limit
Data = Sequence[Any] | NDArray[Any]


def rescale_list_to_power_of_2(input_list: Iterable[int], max_sum: int, max_sum_var: str = "max_sum") -> list[int]:
    """Counts of at least 1 each, in the proportions of the given ones.

    Args:
        input_list: how often each symbol occurs, integers of 0 and more with a sum of 1..2^32.
        max_sum: what the counts are to sum to; where that is no power of two, the next one above, as in the original.
        max_sum_var: what an error calls `max_sum`.

    Raises:
        ValueError: the counts cannot be brought to that sum: they are too many for it, sum to 0, or are no counts.
    """
    try:
        return _core.tans_py_rescale([int(n) for n in input_list], int(max_sum))
    except TypeError as error:
        raise ValueError(f"input_list and {max_sum_var} must be integers of 0 and more") from error
    except ValueError as error:
        raise ValueError(f"input_list cannot be rescaled to {max_sum_var} = {max_sum}: {error}") from error


def _is_bytes(data: object) -> bool:
    return isinstance(data, np.ndarray) and data.dtype in (np.uint8, np.int8)


class Coder:
    """Tables of a set of symbols and their counts; each encodes and decodes any number of messages.

    Attributes:
        L: number of table slots.
        s_list: the symbols.
        L_s: slots of each symbol.
        spread: the number of the symbol of each slot.
    """

    def __init__(self, L: int, s_list: Sequence[Hashable], L_s: Sequence[int], fast: bool = False) -> None:  # noqa: N803
        """Builds the tables.

        Args:
            L: number of slots, a power of two up to 16384.
            s_list: 2..256 different symbols.
            L_s: slots of each symbol, at least 1, that sum to L.
            fast: FSE's spread instead of the precise one; not for L of 2 and 8, where the original loses symbols.

        Raises:
            ValueError: names what is none of these.
        """
        if not isinstance(L, (int, np.integer)) or L <= 0 or L & (L - 1):
            raise ValueError(f"L is {L}; must be a power of two")
        if len(s_list) != len(L_s):
            raise ValueError(f"L_s has {len(L_s)} counts; must be one for each of the {len(s_list)} symbols of s_list")
        try:
            self._number = {symbol: number for number, symbol in enumerate(s_list)}
            counts = [int(n) for n in L_s]
        except TypeError as error:
            raise ValueError("s_list must be hashable symbols, L_s integers") from error
        if len(self._number) != len(s_list):
            raise ValueError("s_list has a symbol twice")
        if sum(counts) != L or min(counts, default=0) < 1:
            raise ValueError(f"L_s must be counts of at least 1 that sum to L = {L}; they sum to {sum(counts)}")
        self.L = int(L)
        self.s_list = s_list
        self.L_s = L_s
        self._table = _core.TansPyTable(counts, bool(fast))
        self._tables_of_bytes: dict[np.dtype[Any], bytes] = {}
        self.spread = list(self._table.spread)

    @property
    def decode_table(self) -> list[list[int]]:
        """[number of the symbol, nbBits, newX] of each state from 0 to L - 1."""
        return [list(entry) for entry in self._table.decode_table]

    def encode(self, data: Data) -> Bits:
        """The bits of a message, a sequence of at least one of the coder's symbols. ValueError names another one."""
        return Bits(*self._table.encode(self._numbers(data)))

    def decode(self, bitstream: Iterable[int], max_symbols: int = MAX_SYMBOLS) -> list[Any]:
        """The symbols of these bits.

        Raises:
            ValueError: `bitstream` is no list of 0 and 1.
            DataError: they are no message of this coder, or one of more than `max_symbols`.
        """
        return [self.s_list[number] for number in self._decoded(bitstream, max_symbols)]

    def decode_array(self, bitstream: Iterable[int], max_symbols: int = MAX_SYMBOLS) -> NDArray[Any]:
        """numpy.asarray(self.decode(bitstream)), without the list."""
        symbols = np.asarray(self.s_list)
        if symbols.ndim != 1:  # tuples: an array is not one entry to a symbol
            return np.asarray(self.decode(bitstream, max_symbols))
        numbers = np.frombuffer(self._decoded(bitstream, max_symbols), np.uint8)
        return symbols[numbers]

    def encode_decode(self, data: Data, verbose: bool = False) -> tuple[list[Any], int]:
        """(the message decoded again, its number of bits); `verbose` prints them."""
        bits = self.encode(data)
        original = Coder.calculate_bits(str(data))
        if verbose:
            saved = original - len(bits)
            print(f"Original bits: {original}, Compressed bits: {len(bits)}, Saved: {saved}")
        return self.decode(bits), len(bits)

    def encode_decode_string(self, data: str) -> tuple[str, int]:
        """encode_decode() of a string's characters, joined again."""
        symbols, n_bits = self.encode_decode(data)
        return "".join(symbols), n_bits

    def encode_string(self, data: str) -> Bits:
        """The bits of a string's characters."""
        return self.encode(data)

    def decode_string(self, data: Iterable[int]) -> str:
        """The string of these bits. Raises as decode()."""
        return "".join(self.decode(data))

    @staticmethod
    def calculate_bits(my_string: str | Iterable[object]) -> int:
        """Bytes, as in the original, of the text of a message in UTF-8."""
        return len("".join(str(symbol) for symbol in my_string).encode())

    def _numbers(self, data: Data) -> bytes:
        """The number of each symbol of a message."""
        if isinstance(data, np.ndarray) and data.ndim != 1:
            raise ValueError(f"data has {data.ndim} dimensions; must have one: take data.ravel()")
        if len(data) == 0:
            raise ValueError("data is empty; the format cannot say so")
        try:
            if _is_bytes(data):
                return self._numbers_of_bytes(np.asarray(data))
            return bytes(map(self._number.__getitem__, data.tolist() if isinstance(data, np.ndarray) else data))
        except KeyError as error:
            raise ValueError(f"data has the symbol {error.args[0]!r}, which is not in s_list") from error
        except TypeError as error:
            raise ValueError(f"data must be a sequence of symbols: {error}") from error

    def _numbers_of_bytes(self, data: NDArray[Any]) -> bytes:
        """The same of 8-bit integers: by a table of all of them."""
        unknown = len(self._number)  # no symbol's number
        if data.dtype not in self._tables_of_bytes:
            values = np.arange(256, dtype=np.uint8).view(data.dtype).tolist()
            table = bytes(self._number.get(value, unknown & 255) for value in values)
            self._tables_of_bytes[data.dtype] = table
        numbers = data.tobytes().translate(self._tables_of_bytes[data.dtype])
        if unknown < 256 and unknown in numbers:
            raise KeyError(int(data[numbers.index(unknown)]))
        return numbers

    def _decoded(self, bitstream: Iterable[int], max_symbols: int) -> bytes:
        bits = Bits.of(bitstream)
        return self._table.decode(bits.packed, len(bits), max_symbols)
