"""verbs.py — torch_ans' low-level functions: streams begun, pushed on, popped from, as byte strings and back.

Every rans*_push takes (stream, symbols, indexes, cdfs, cdfs_sizes, offsets, symbol_precision, freq_precision,
bypass_coding, bypass_precision), every rans*_pop the same without symbols; the twelve variants of torch_ans' README and
the interleaved ones by inverse cdf.
"""
# SPDX-License-Identifier: Apache-2.0

from collections.abc import Callable, Sequence

from transom import _core
from transom.torch.arrays import (
    Array,
    as_stream,
    byte_string,
    integers,
    like,
    scalar,
    stream_rows,
    write_back,
)

#: The coders, by the names that torch_ans' README gives them.
VARIANTS = tuple(
    f"{impl}{kind}" for impl in ("rans64", "rans32", "rans32_16") for kind in ("", "_i4", "_alias", "_invcdf")
)


def coder_of(
    impl: str, cdfs: Array, cdfs_sizes: Array, offsets: Array, freq_precision: int, bypass_precision: int
) -> _core.TorchCoder:
    """The tables of a variant; bypass_precision 0: no escapes. ValueError names what is no table."""
    return _core.TorchCoder(
        impl,
        integers(cdfs, "cdfs", 2),
        integers(cdfs_sizes, "cdfs_sizes", 1),
        integers(offsets, "offsets", 1),
        scalar(freq_precision, "freq_precision", 1, 31),
        bypass_precision,
    )


def bypass_bits(bypass_coding: bool, bypass_precision: int) -> int:
    """Bits of a digit; 0 without escapes. ValueError for other than 1..8 with them."""
    if not bypass_coding:
        return 0
    return scalar(bypass_precision, "bypass_precision", 1, 8)


def _init_stream(impl: str) -> Callable[..., Array]:
    def init_stream(size: int, num_interleaves: int = 1, preallocate_size: int = 0, *, device: object = None) -> Array:
        """A stream of `size` rows without symbols, int32 (size, 1 + words).

        Args:
            size: rows, 1..2^24.
            num_interleaves: states of each row: 4 for the variants _i4, 1 for the others.
            preallocate_size: room for as many bytes in each row.
            device: of PyTorch: a tensor there; without it a tensor where PyTorch is imported, else a numpy array.
        """
        size = scalar(size, "size", 1, 1 << 24)
        num_interleaves = scalar(num_interleaves, "num_interleaves", 1, 1 << 16)
        room = scalar(preallocate_size, "preallocate_size", 0, 1 << 30)
        return as_stream(_core.torch_init_stream(impl, size, num_interleaves, room), device)

    init_stream.__name__ = init_stream.__qualname__ = f"{impl}_init_stream"
    return init_stream


def _push(impl: str) -> Callable[..., Array]:
    def push(  # noqa: PLR0913, PLR0917 - torch_ans' own
        stream: Array,
        symbols: Array,
        indexes: Array,
        cdfs: Array,
        cdfs_sizes: Array,
        offsets: Array,
        symbol_precision: int = 8,  # noqa: ARG001 - as there: of alias tables, which say so themselves
        freq_precision: int = 16,
        bypass_coding: bool = True,
        bypass_precision: int = 4,
    ) -> Array:
        """Pushes a row of symbols on each row of the stream, the last symbol first.

        Args:
            stream: int32 (rows, words). A tensor is changed, and resized; a numpy array where the rows fit in it.
            symbols: integers (rows, n).
            indexes: the table of each symbol, (rows, n).
            cdfs: (tables, width): cumulative counts from 0 to 2^freq_precision; what follows them is not looked at.
            cdfs_sizes: cumulative counts of each table.
            offsets: the first symbol of each table.
            symbol_precision: not used.
            freq_precision: 1..31, 23 or 15, by the variant's state.
            bypass_coding: the last symbol of a table is an escape to any other integer.
            bypass_precision: bits of a digit of those, 1..8.

        Returns:
            The stream: the argument, or a new array where a numpy array is too narrow.

        Raises:
            ValueError: names an argument, or the symbol that cannot be coded; the stream is then as it was.
            DataError: the stream is damaged.
        """
        coder = coder_of(impl, cdfs, cdfs_sizes, offsets, freq_precision, bypass_bits(bypass_coding, bypass_precision))
        rows = coder.push(stream_rows(stream), integers(indexes, "indexes", 2), integers(symbols, "symbols", 2))
        return write_back(stream, rows)

    push.__name__ = push.__qualname__ = f"{impl}_push"
    return push


def _pop(impl: str, verb: str = "pop") -> Callable[..., Array]:
    def pop(  # noqa: PLR0913, PLR0917 - torch_ans' own
        stream: Array,
        indexes: Array,
        cdfs: Array,
        cdfs_sizes: Array,
        offsets: Array,
        symbol_precision: int = 8,  # noqa: ARG001 - as there
        freq_precision: int = 16,
        bypass_coding: bool = True,
        bypass_precision: int = 4,
    ) -> Array:
        """Pops a symbol of each row for each column of indexes; the stream is left without them.

        Args:
            stream: int32 (rows, words), changed in place.
            indexes: the table of each symbol, (rows, n).
            cdfs, cdfs_sizes, offsets, symbol_precision, freq_precision, bypass_coding, bypass_precision: as pushed.

        Returns:
            The symbols, int32 (rows, n).

        Raises:
            ValueError: names an argument.
            DataError: the stream has no such symbols; it is then as it was.
        """
        coder = coder_of(impl, cdfs, cdfs_sizes, offsets, freq_precision, bypass_bits(bypass_coding, bypass_precision))
        symbols, rows, _ = coder.pop(stream_rows(stream), integers(indexes, "indexes", 2))
        write_back(stream, rows)
        return like(symbols, stream, indexes)

    pop.__name__ = pop.__qualname__ = f"{impl.removesuffix('_invcdf')}_{verb}"
    return pop


rans64_init_stream = _init_stream("rans64")
rans64_push, rans64_pop = _push("rans64"), _pop("rans64")
rans64_i4_push, rans64_i4_pop = _push("rans64_i4"), _pop("rans64_i4")
rans64_alias_push, rans64_alias_pop = _push("rans64_alias"), _pop("rans64_alias")
rans64_invcdf_pop = _pop("rans64_invcdf", "invcdf_pop")
rans64_i4_invcdf_pop = _pop("rans64_i4", "invcdf_pop")  # decodes the same streams: its look-up is the search
rans32_init_stream = _init_stream("rans32")
rans32_push, rans32_pop = _push("rans32"), _pop("rans32")
rans32_i4_push, rans32_i4_pop = _push("rans32_i4"), _pop("rans32_i4")
rans32_alias_push, rans32_alias_pop = _push("rans32_alias"), _pop("rans32_alias")
rans32_invcdf_pop = _pop("rans32_invcdf", "invcdf_pop")
rans32_i4_invcdf_pop = _pop("rans32_i4", "invcdf_pop")
rans32_16_init_stream = _init_stream("rans32_16")
rans32_16_push, rans32_16_pop = _push("rans32_16"), _pop("rans32_16")
rans32_16_i4_push, rans32_16_i4_pop = _push("rans32_16_i4"), _pop("rans32_16_i4")
rans32_16_alias_push, rans32_16_alias_pop = _push("rans32_16_alias"), _pop("rans32_16_alias")
rans32_16_invcdf_pop = _pop("rans32_16_invcdf", "invcdf_pop")
rans32_16_i4_invcdf_pop = _pop("rans32_16_i4", "invcdf_pop")


def rans_stream_to_byte_strings(stream: Array) -> list[bytes]:
    """The bytes of each row of a stream: states and words, without their number. DataError where a row has none."""
    strings: list[bytes] = _core.torch_byte_strings(integers(stream, "stream", 2))
    return strings


def rans_byte_strings_to_stream(byte_strings: Sequence[bytes], *, device: object = None) -> Array:
    """The stream of these rows, as rans*_init_stream returns one."""
    rows = [byte_string(row, f"byte_strings[{i}]") for i, row in enumerate(byte_strings)]
    return as_stream(_core.torch_stream(rows), device)


def merge_bytes(data: Sequence[bytes], num_bytes_length: int = 4, num_segments: int | None = None) -> bytes:
    """One byte string of several.

    Args:
        data: the segments.
        num_bytes_length: bytes of the length before each: 1, 2 or 4. (8 writes 4 in torch_ans, and cannot be split.)
        num_segments: if known to who splits: the last segment, of this many, has no length.

    Raises:
        ValueError: another length, a segment too long for it, more segments than num_segments.
    """
    segments = [byte_string(segment, f"data[{i}]") for i, segment in enumerate(data)]
    n_length = scalar(num_bytes_length, "num_bytes_length", 1, 8)
    merged: bytes = _core.torch_merge_bytes(segments, n_length, _n_segments(num_segments))
    return merged


def split_merged_bytes(data: bytes, num_bytes_length: int = 4, num_segments: int | None = None) -> list[bytes]:
    """The inverse of merge_bytes. Of num_segments, those that are not there are empty.

    Raises:
        ValueError: another length.
        DataError: a length or its segment is cut, or bytes are left over.
    """
    n_length = scalar(num_bytes_length, "num_bytes_length", 1, 8)
    segments: list[bytes] = _core.torch_split_bytes(byte_string(data, "data"), n_length, _n_segments(num_segments))
    return segments


def _n_segments(num_segments: int | None) -> int | None:
    return None if num_segments is None else scalar(num_segments, "num_segments", 1, 1 << 20)
