"""The golden model of Transom, in C++: what transom/__init__.py names."""

from collections.abc import Sequence
from typing import Annotated

import numpy
from numpy.typing import NDArray


class DataError(ValueError):
    pass

class DType:
    """
    A tensor's element type: integers of 1..16 bits, two's complement if signed, or the floats bf16, fp16, fp8_e4m3, fp8_e5m2.
    """

    def __init__(self, name: str) -> None:
        """
        Of a name, "int8", "uint4" or "bf16". Raises ValueError for no such type.
        """

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

class TorchCoder:
    """torch_ans' tables, and the variant that codes by them."""

    def __init__(self, impl: str, cdfs: Annotated[NDArray[numpy.int32], dict(shape=(None, None), order='C', device='cpu', writable=False)], cdfs_sizes: Annotated[NDArray[numpy.int32], dict(shape=(None,), order='C', device='cpu', writable=False)], offsets: Annotated[NDArray[numpy.int32], dict(shape=(None,), order='C', device='cpu', writable=False)], freq_precision: int, bypass_precision: int) -> None: ...

    def push(self, stream: Annotated[NDArray[numpy.int32], dict(shape=(None, None), order='C', device='cpu', writable=False)], indexes: Annotated[NDArray[numpy.int32], dict(shape=(None, None), order='C', device='cpu', writable=False)], symbols: Annotated[NDArray[numpy.int32], dict(shape=(None, None), order='C', device='cpu', writable=False)]) -> NDArray[numpy.int32]:
        """The stream with a row of symbols on each of its rows."""

    def pop(self, stream: Annotated[NDArray[numpy.int32], dict(shape=(None, None), order='C', device='cpu', writable=False)], indexes: Annotated[NDArray[numpy.int32], dict(shape=(None, None), order='C', device='cpu', writable=False)]) -> tuple[NDArray[numpy.int32], NDArray[numpy.int32], bool]:
        """(symbols, the stream without them, whether no symbol is left on it)."""

    def alias_rows(self) -> tuple[NDArray[numpy.int32], NDArray[numpy.int32]]:
        """(rows to push with, rows to pop with) of an alias."""

def torch_init_stream(impl: str, size: int, num_interleaves: int, preallocate_size: int) -> NDArray[numpy.int32]:
    """A stream of `size` rows of no symbols, int32 (size, 1 + words)."""

def torch_byte_strings(stream: Annotated[NDArray[numpy.int32], dict(shape=(None, None), order='C', device='cpu', writable=False)]) -> list[bytes]:
    """The bytes of each row, without their number."""

def torch_stream(byte_strings: Sequence[bytes]) -> NDArray[numpy.int32]:
    """The inverse of torch_byte_strings: int32 (rows, 1 + words)."""

def torch_merge_bytes(data: Sequence[bytes], num_bytes_length: int, num_segments: int | None = None) -> bytes:
    """
    [length][bytes] of each segment; of the last one no length where num_segments is given.
    """

def torch_split_bytes(data: bytes, num_bytes_length: int, num_segments: int | None = None) -> list[bytes]:
    """
    The inverse of torch_merge_bytes; segments that are not there are empty.
    """

def torch_cdfs_of_weights(freqs: Annotated[NDArray[numpy.float32], dict(shape=(None, None), order='C', device='cpu', writable=False)], num_freqs: Annotated[NDArray[numpy.int32], dict(shape=(None,), order='C', device='cpu', writable=False)], precision: int, bypass: bool) -> tuple[NDArray[numpy.int32], NDArray[numpy.int32]]:
    """cdfs and their sizes, as init_params makes them."""

def torch_cdfs_of_freqs(freqs: Annotated[NDArray[numpy.uint32], dict(shape=(None, None), order='C', device='cpu', writable=False)], num_freqs: Annotated[NDArray[numpy.int32], dict(shape=(None,), order='C', device='cpu', writable=False)], precision: int, bypass: bool) -> tuple[NDArray[numpy.int32], NDArray[numpy.int32]]:
    """The same of integers."""

def torch_pmf_to_cdf(pmf: Annotated[NDArray[numpy.float32], dict(shape=(None, None), order='C', device='cpu', writable=False)], precision: int) -> NDArray[numpy.int32]:
    """Cumulative counts of each row, int32 (rows, n + 1)."""

def torch_pmf_to_cdf_batched(pmf: Annotated[NDArray[numpy.float32], dict(shape=(None, None), order='C', device='cpu', writable=False)], precision: int, add_tail: bool, tail_mass: float, normalize: bool) -> NDArray[numpy.int32]:
    """The alternative in binary32."""

def torch_inverse_cdf(cdfs: Annotated[NDArray[numpy.int32], dict(shape=(None, None), order='C', device='cpu', writable=False)], precision: int) -> NDArray[numpy.int32]:
    """The symbol of each slot, int32 (rows, 2^precision)."""

class TansPyTable:
    """The Python tANS' tables of a set of counts."""

    def __init__(self, counts: Sequence[int], fast: bool) -> None: ...

    def encode(self, message: bytes) -> tuple[bytes, int]:
        """(bits, number of bits): bit i is i % 8 of byte i / 8."""

    def decode(self, bits: bytes, n_bits: int, max_symbols: int) -> bytes:
        """The message of these bits."""

    @property
    def spread(self) -> bytes: ...

    @property
    def decode_table(self) -> list[list[int]]: ...

def tans_py_rescale(counts: Sequence[int], max_sum: int) -> list[int]:
    """Counts of at least 1 that sum to the power of two at or above max_sum."""

def tans_py_count(message: bytes) -> tuple[bytes, list[int]]:
    """(values in the order of their first occurrence, their numbers)."""
