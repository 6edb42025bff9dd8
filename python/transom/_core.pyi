"""The golden model of Transom, in C++: what transom/__init__.py names."""

import numpy
from numpy.typing import NDArray


class DType:
    """
    A tensor's element type: integers of 1..16 bits, two's complement if signed, or the floats bf16, fp16, fp8_e4m3, fp8_e5m2.
    """

    def __init__(self, name: str) -> None:
        """Of a name, "int8", "uint4" or "bf16". Raises ValueError for no such type."""

    @property
    def bits(self) -> int:
        """W, 1..16."""

    @property
    def is_signed(self) -> bool: ...

    @property
    def exponent_bits(self) -> int:
        """Of a float; 0: integers."""

    @property
    def min(self) -> int:
        """The least integer that it has; a float's bits are integers from 0."""

    @property
    def max(self) -> int:
        """The largest integer that it has."""

    def __str__(self) -> str: ...

    def __repr__(self) -> str: ...

    def __hash__(self) -> int: ...

    def __eq__(self, other: object, /) -> bool: ...

class Tensor:
    """
    A tensor of a trace: integers of 1..16 bits, or floats by their bits, in C order.
    """

    def __init__(self, values: object, dtype: DType | None = None, name: str = '') -> None: ...

    @property
    def name(self) -> str: ...

    @property
    def dtype(self) -> DType: ...

    @property
    def shape(self) -> tuple[int, ...]: ...

    @property
    def values(self) -> object: ...

    def __len__(self) -> int: ...

def histogram(tensor: Tensor) -> NDArray[numpy.uint32]: ...

def quantise(counts: object, table_log: int) -> list[int]: ...

class CodedTensor:
    @property
    def name(self) -> str: ...

def encode_best(tensor: Tensor, coding: str = 'apack-tans', n_streams: int = 4) -> CodedTensor: ...

def decode(tensor: CodedTensor) -> object: ...
