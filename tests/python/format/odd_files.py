"""odd_files.py — containers at the edges of the format, which encode has no reason to write."""
# SPDX-License-Identifier: Apache-2.0

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np


@dataclass
class Odd:
    """A tensor with its code. The values of floats are their bits."""

    coding: str
    table_log: int
    dtype: str
    starts: list[int]  # of the rows
    freq: list[int]
    values: list[int]
    shape: list[int]
    streams: int = 1
    chunk: int = 1
    version: int = 1


FIVE = [0, 1, 2, 3, 250]
ODD = [
    Odd("rans", 0, "uint4", list(range(16)), [1] + [0] * 15, [0] * 5, [5], streams=2),  # no step takes a bit
    Odd("tans", 0, "uint1", [0, 1], [1, 0], [0] * 3, [3]),
    Odd("apack-rans", 3, "uint16", [0, 9], [7, 1], [0, 8, 65535], [1, 3], streams=2, chunk=2),
    Odd("tans", 3, "fp8_e4m3", [0, 16, 48], [4, 3, 1], [1, 17, 200], [3]),  # ranges of 8 bits
    Odd("apack-tans", 4, "uint8", FIVE, [9, 3, 2, 1, 1], [9], []),  # a scalar
    Odd("apack-tans-pair", 1, "uint3", [0, 2], [1, 0, 1, 0], [0, 1, 2, 0, 1], [5]),
    Odd("apack-ac", 10, "uint3", [0, 1, 5], [1000, 0, 24], [0, 0, 7, 0], [2, 2]),
    Odd("apack-nrans", 0, "uint5", [0], [1], [], [0, 7]),  # no values
    Odd(
        "apack-nrans", 3, "uint2", [0, 1, 2, 3], [4, 2, 1, 1], [0, 1, 2, 3, 0, 0, 1], [7], streams=3, version=2
    ),  # plain
    Odd("apack-tans", 3, "uint1", [0, 1], [7, 1], [0, 0, 0, 1, 0, 0, 0, 0, 0], [9], streams=2, version=2),  # plain
    Odd("apack-tans", 4, "uint8", FIVE, [9, 3, 2, 1, 1], [0, 1, 2, 9, 255] * 8, [40], version=2),  # 15 halfwords
    Odd("apack-nrans", 0, "uint7", [0], [1], [5, 100, 127], [3], streams=3, version=2),  # offsets alone
    Odd("raw", 0, "uint6", [0], [1], [1, 63, 0, 2, 5], [5], version=2),  # 3 halfwords
]


def odd_files(package: Any) -> Iterator[bytes]:
    for odd in ODD:
        dtype = package.DType(odd.dtype)
        rows = package.make_rows(np.array(odd.starts), dtype.bits)
        code = package.Code(odd.coding, odd.table_log, odd.freq, rows, "step")
        values = np.array(odd.values, np.uint16 if dtype.bits > 8 else np.uint8).reshape(odd.shape)
        coded = package.encode(package.Tensor(values, dtype, "odd"), code, odd.streams, odd.chunk)
        yield package.write_container([coded], odd.version)
