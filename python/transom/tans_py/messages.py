"""messages.py — encode, decode and encode_decode_test, the original's module tANS: no tables of one's own."""
# SPDX-License-Identifier: Apache-2.0

from collections import Counter
from collections.abc import Hashable, Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from transom import _core
from transom.tans_py.bits import Bits
from transom.tans_py.coder import Coder, Data, rescale_list_to_power_of_2


def encode(data: Data, L: int = 1024, fast: bool = False, dtype: str = "np") -> tuple[Bits, Coder]:  # noqa: N803
    """The bits of a message and the coder that decodes them.

    Args:
        data: a numpy array of one dimension, a list, or a string: 2..256 different symbols.
        L: number of table slots: a power of two (else the next one is taken) up to 16384; more code better.
        fast: FSE's spread: a table sooner, and bits that may be a few more.
        dtype: "np", "list" or "str", what the data is. No matter here: it is looked at.

    Raises:
        ValueError: names an argument that is none of these.
    """
    _check_dtype(dtype)
    coder = _coder_of(data, L, fast)
    return coder.encode(data), coder


def decode(bitstream: Iterable[int], coder: Coder, dtype: str = "np") -> NDArray[Any] | list[Any]:
    """The message of these bits: an array where `dtype` is "np", else a list.

    Raises:
        ValueError: `coder` is no Coder, `bitstream` no list of 0 and 1.
        DataError: the bits are no message of the coder.
    """
    _check_dtype(dtype)
    if not isinstance(coder, Coder):
        raise ValueError("coder must be an instance of Coder, the one that encode() returned")
    return coder.decode_array(bitstream) if dtype == "np" else coder.decode(bitstream)


def encode_decode_test(
    data: Data,
    L: int = 1024,  # noqa: N803
    fast: bool = False,
    dtype: str = "np",
) -> tuple[Bits, NDArray[Any] | list[Any] | str, float]:
    """(bits, the message decoded again, bytes of the message per byte of them).

    The message's size is data.nbytes of an array, where `dtype` is "np", and Coder.calculate_bits() of anything else.
    Raises as encode() and decode().
    """
    bits, coder = encode(data, L, fast, dtype)
    out: NDArray[Any] | list[Any] | str
    if dtype == "np":
        out = coder.decode_array(bits)
    elif dtype == "list":
        out = coder.decode(bits)
    else:
        out = "".join(str(symbol) for symbol in coder.decode(bits))
    size = np.asarray(data).nbytes if dtype == "np" else Coder.calculate_bits(data)
    return bits, out, size / (len(bits) / 8)


def _check_dtype(dtype: str) -> None:
    if dtype not in ("np", "list", "str"):
        raise ValueError(f"dtype is {dtype!r}; must be 'np', 'list' or 'str'")


def _coder_of(data: Data, L: int, fast: bool) -> Coder:  # noqa: N803
    """The coder that the original makes of a message: symbols in the order of its set, its counts rescaled."""
    counts = _counts(data)
    # A set's order depends on the order of insertion: by the first occurrences, one by one, it is the original's.
    symbols = list(set(iter(counts)))
    if len(symbols) < 2:
        raise ValueError(f"data has {len(symbols)} different symbols; must have 2..256, as the format cannot code one")
    scaled = rescale_list_to_power_of_2([counts[s] for s in symbols], L, "L")
    return Coder(sum(scaled), symbols, scaled, fast)


def _counts(data: Data) -> dict[Hashable, int]:
    """How often each symbol occurs, in the order of first occurrence."""
    if isinstance(data, np.ndarray):
        if data.ndim != 1:
            raise ValueError(f"data has {data.ndim} dimensions; must have one: take data.ravel()")
        if data.dtype in (np.uint8, np.int8):
            values, found = _core.tans_py_count(data.tobytes())
            return dict(zip(np.frombuffer(values, data.dtype), found, strict=True))
        symbols, first, numbers = np.unique(data, return_index=True, return_counts=True)
        order = np.argsort(first)
        return dict(zip(symbols[order], numbers[order].tolist(), strict=True))
    try:
        return Counter(data)
    except TypeError as error:
        raise ValueError(f"data must be a sequence of hashable symbols: {error}") from error
