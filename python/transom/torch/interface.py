"""interface.py — ANSInterface, torch_ans' TorchANSInterface: tables once, then messages to bytes and back."""
# SPDX-License-Identifier: Apache-2.0

from typing import Any, Literal, NamedTuple

import numpy as np

from transom import _core
from transom.torch.arrays import (
    Array,
    Ints,
    check_device,
    floats,
    integers,
    like,
    scalar,
    stream_rows,
    to_numpy,
    write_back,
)
from transom.torch.verbs import (
    VARIANTS,
    bypass_bits,
    coder_of,
    merge_bytes,
    rans_stream_to_byte_strings,
    split_merged_bytes,
)

_LOWER_LOG = {"rans64": 31, "rans32": 23, "rans32_16": 15}  # most freq_precision, by the state


class UnknownVariantError(NotImplementedError, ValueError):
    """No coder has this name: NotImplementedError, as in torch_ans, and a ValueError."""


class _Message(NamedTuple):
    """Symbols with what they are coded by: indexes into the coder's tables, or tables of their own."""

    symbols: Array
    indexes: Array | None
    freqs: Array | None
    num_freqs: Array | None
    offsets: Array | None


class ANSInterface:
    """Codes integers by tables of frequencies, as torch_ans' TorchANSInterface does, with its bits.

    A message is an array of symbols of any shape, the first dimension its batch; each symbol has the table that an
    array of indexes of the same shape names. It is cut into `num_parallel_states` streams of consecutive symbols, which
    are coded side by side. Arrays are numpy's or PyTorch's: see transom.torch.

    Args:
        impl: one of VARIANTS; "rans_byte" is rans32.
        bypass_coding: each table gets an escape, so that symbols beyond it can be coded, too.
        bypass_precision: bits of a digit of those symbols, 1..8.
        num_parallel_states: number of streams; None: one, or, of a cached message, one for each row of the batch, as in
            torch_ans; "batch": always one for each row, as its documentation has it.
        num_bytes_code_length: bytes of the length of each stream in a byte string: 1, 2 or 4.
        symbol_precision: kept; the tables of an alias coder say for themselves how many symbols they have.
        freq_precision: counts of a table sum to 2^this; at most 31, 23 or 15 by the variant, more is taken as that.
            Tables of frequencies (init_params) have at most 23, those of _alias and _invcdf at most 16.
        mode: "encoder", "decoder" or "encdec": kept.
        dtype: None or int32.
        device: where results go; None: to the device of the arguments.

    Raises:
        UnknownVariantError: `impl` is no variant.
        ValueError: names another argument that is none of these.
    """

    def __init__(  # noqa: PLR0913 - torch_ans' own
        self,
        impl: str = "rans64",
        bypass_coding: bool = True,
        bypass_precision: int = 4,
        num_parallel_states: int | Literal["batch"] | None = None,
        num_bytes_code_length: int = 4,
        *,
        symbol_precision: int = 8,
        freq_precision: int = 16,
        mode: str = "encdec",
        dtype: Any = None,
        device: Any = None,
    ) -> None:
        name = "rans32" if impl == "rans_byte" else impl
        if name not in VARIANTS:
            raise UnknownVariantError(f"impl is {impl!r}; must be one of {', '.join(VARIANTS)}")
        if mode not in ("encoder", "decoder", "encdec"):
            raise ValueError(f"mode is {mode!r}; must be 'encoder', 'decoder' or 'encdec'")
        if dtype is not None and str(dtype).rpartition(".")[2] != "int32" and dtype is not np.int32:
            raise ValueError(f"dtype is {dtype}; must be int32")
        if num_bytes_code_length not in (1, 2, 4):
            raise ValueError(f"num_bytes_code_length is {num_bytes_code_length!r}; must be 1, 2 or 4")
        if num_parallel_states not in (None, "batch"):
            num_parallel_states = scalar(num_parallel_states, "num_parallel_states", 1, 1 << 20)
        check_device(device)
        self.impl = impl
        self.bypass_coding = bool(bypass_coding)
        self.bypass_precision = scalar(bypass_precision, "bypass_precision", 1, 8)
        self.num_parallel_states = num_parallel_states
        self.num_bytes_code_length = num_bytes_code_length
        self.symbol_precision = scalar(symbol_precision, "symbol_precision", 0, 31)
        self._variant = name
        self._family = max((f for f in _LOWER_LOG if name.startswith(f)), key=len)
        self.freq_precision = min(scalar(freq_precision, "freq_precision", 1, 64), _LOWER_LOG[self._family])
        self.mode = mode
        self.dtype = dtype
        self.device = device
        self.cdfs: Array = None  #: cumulative counts in use, (tables, width); None before there are any
        self.cdfs_sizes: Array = None  #: cumulative counts of each table
        self.offsets: Array = None  #: the first symbol of each table
        self._coder: _core.TorchCoder | None = None
        self._encode_queue: list[_Message] = []
        self._encoded_stream: Array = None

    # Tables

    def init_params(self, freqs: Array, num_freqs: Array, offsets: Array) -> None:
        """Sets tables of frequencies.

        Args:
            freqs: (tables, width): integers of 0 and more, or probabilities up to a factor. Each symbol, of the whole
                width, gets a count of at least 1. Of integers with a sum below 2^24 the counts are torch_ans'; of
                others one may differ by 1, because PyTorch adds them in an order of its own.
            num_freqs: symbols of each table, 0..width.
            offsets: the first symbol of each table.

        Raises:
            ValueError: names an argument that is none of these, or has more symbols than counts.
        """
        cdfs, sizes = (like(rows, freqs, device=self.device) for rows in self._cdfs(freqs, num_freqs))
        self.set_cdfs(cdfs, sizes, offsets)

    def set_cdfs(self, cdfs: Array, cdfs_sizes: Array, offsets: Array) -> None:
        """Sets tables of cumulative counts.

        Args:
            cdfs: (tables, width): from 0, ascending, to at most 2^freq_precision.
            cdfs_sizes: how many entries of its row each table has: one more than its symbols, the escape included.
            offsets: the first symbol of each table.

        Raises:
            ValueError: names an argument that is none of these, or the table.
        """
        self._coder = self._coder_of(cdfs, cdfs_sizes, offsets, self._variant)
        self.cdfs, self.cdfs_sizes, self.offsets = cdfs, cdfs_sizes, offsets

    # Messages to streams

    def encode(
        self,
        symbols: Array,
        dist_indexes: Array = None,
        dist_freqs: Array = None,
        dist_num_freqs: Array = None,
        dist_min: Array = None,
        cache: bool = False,
    ) -> Array | None:
        """The stream of a message.

        Args:
            symbols: integers of any shape, the batch first.
            dist_indexes: the table of each, of the same shape.
            dist_freqs: instead, frequencies of each: of the shape of symbols and one dimension more.
            dist_num_freqs: with them, how many are each symbol's; None: all.
            dist_min: with them, the first symbol of each table; None: 0.
            cache: keep the message for encode_flush() or flush().

        Returns:
            int32 (streams, words); None with `cache`.

        Raises:
            ValueError: names an argument, or a symbol that cannot be coded.
            NotImplementedError: neither dist_indexes nor dist_freqs.
        """
        message = self._message(symbols, dist_indexes, dist_freqs, dist_num_freqs, dist_min)
        if cache:
            self._encode_queue.append(message)
            return None
        one = 1 if self.num_parallel_states is None else self._known_streams()
        return self._push(self._start(message, one), message)

    def encode_flush(self) -> Array | None:
        """The stream of all messages kept, which decodes in the order of encode(); None of none.

        They stay kept until reset_cache(), as in torch_ans.
        """
        stream = None
        for message in reversed(self._encode_queue):
            if stream is None:
                stream = self._start(message, self._known_streams())
            stream = self._push(stream, message)
        return stream

    def reset_cache(self) -> None:
        """Forgets the messages kept."""
        self._encode_queue = []

    def encode_with_indexes(self, symbols: Array, indexes: Array, cache: bool = False) -> bytes | None:
        """The byte string of a message; None with `cache`. See encode()."""
        return self._merged(self.encode(symbols, dist_indexes=indexes, cache=cache))

    def encode_with_freqs(
        self, symbols: Array, freqs: Array, num_freqs: Array = None, offsets: Array = None, cache: bool = False
    ) -> bytes | None:
        """The same with frequencies for each symbol. The tables in use stay; torch_ans replaces them."""
        stream = self.encode(symbols, dist_freqs=freqs, dist_num_freqs=num_freqs, dist_min=offsets, cache=cache)
        return self._merged(stream)

    def flush(self) -> bytes:
        """The byte string of all messages kept, b"" of none. See encode_flush()."""
        return self._merged(self.encode_flush()) or b""

    # Streams to messages

    def decode(
        self,
        stream: Array = None,
        dist_indexes: Array = None,
        dist_freqs: Array = None,
        dist_num_freqs: Array = None,
        dist_min: Array = None,
    ) -> Array:
        """The next symbols of a stream, which is left without them.

        Args:
            stream: int32 (streams, words); None: that of set_stream().
            dist_indexes, dist_freqs, dist_num_freqs, dist_min: as encoded.

        Returns:
            int32, of the shape of dist_indexes, or of dist_freqs without its last dimension.

        Raises:
            ValueError: names an argument.
            DataError: the stream has no such symbols; it is then as it was.
            NotImplementedError: neither dist_indexes nor dist_freqs.
        """
        return self._pop(stream, self._message(None, dist_indexes, dist_freqs, dist_num_freqs, dist_min))[0]

    def decode_with_indexes(self, encoded: bytes, indexes: Array, whole: bool = True) -> Array:
        """The message of a byte string.

        Args:
            encoded: what encode_with_indexes() or flush() returned.
            indexes: the table of each symbol.
            whole: that nothing may be left, which finds almost any damage; torch_ans does not look.

        Raises:
            ValueError: names an argument.
            DataError: the bytes are no such message.
        """
        return self._decoded(encoded, self._message(None, indexes, None, None, None), whole)

    def decode_with_freqs(
        self, encoded: bytes, freqs: Array, num_freqs: Array = None, offsets: Array = None, whole: bool = True
    ) -> Array:
        """The same with frequencies for each symbol."""
        return self._decoded(encoded, self._message(None, None, freqs, num_freqs, offsets), whole)

    def set_stream(self, encoded: bytes) -> None:
        """Sets the byte string that decode_stream() and decode_stream_with_freqs() go through."""
        self._encoded_stream = self._stream(encoded)

    def decode_stream(self, indexes: Array) -> Array:
        """The next symbols of the byte string that was set. Raises as decode()."""
        return self.decode(dist_indexes=indexes)

    def decode_stream_with_freqs(self, freqs: Array, num_freqs: Array = None, offsets: Array = None) -> Array:
        """The same with frequencies for each symbol."""
        return self.decode(dist_freqs=freqs, dist_num_freqs=num_freqs, dist_min=offsets)

    # How

    def _cdfs(self, freqs: Array, num_freqs: Array) -> tuple[Ints, Ints]:
        """Cumulative counts and their number of rows of frequencies."""
        sizes = integers(num_freqs, "num_freqs", 1)
        counts = to_numpy(freqs, "freqs")
        if counts.dtype.kind == "f":
            rows, sizes = _core.torch_cdfs_of_weights(floats(freqs, "freqs"), sizes, *self._quantiser())
            return rows, sizes
        if counts.size and (counts.dtype.kind not in "iu" or counts.min() < 0 or counts.max() >= 2**32):
            raise ValueError("freqs must be probabilities, or integers of 0..2^32 - 1")
        if counts.ndim != 2:
            raise ValueError(f"freqs has the shape {counts.shape}; must be (tables, width)")
        contiguous = np.ascontiguousarray(counts, np.uint32)
        rows, sizes = _core.torch_cdfs_of_freqs(contiguous, sizes, *self._quantiser())
        return rows, sizes

    def _quantiser(self) -> tuple[int, bool]:
        return scalar(self.freq_precision, "freq_precision", 1, 23), self.bypass_coding

    def _coder_of(self, cdfs: Array, cdfs_sizes: Array, offsets: Array, variant: str) -> _core.TorchCoder:
        bypass = bypass_bits(self.bypass_coding, self.bypass_precision)
        return coder_of(variant, cdfs, cdfs_sizes, offsets, self.freq_precision, bypass)

    def _message(self, symbols: Array, indexes: Array, freqs: Array, num_freqs: Array, offsets: Array) -> _Message:
        if indexes is None and freqs is None:
            raise NotImplementedError("dist_indexes or dist_freqs must be given")
        shape = np.shape(indexes) if indexes is not None else np.shape(freqs)[:-1]
        for name, array in (("symbols", symbols), ("dist_num_freqs", num_freqs), ("dist_min", offsets)):
            if array is not None and tuple(np.shape(array)) != tuple(shape):
                raise ValueError(
                    f"{name} has the shape {tuple(np.shape(array))}; must have {tuple(shape)}, as its tables"
                )
        if len(shape) == 0:
            raise ValueError("dist_indexes or dist_freqs has no dimension; must have the batch first")
        return _Message(symbols, indexes, freqs, num_freqs, offsets)

    def _tables(self, message: _Message) -> tuple[_core.TorchCoder, Ints]:
        """The coder of a message, and the table of each symbol."""
        if message.indexes is not None:
            if self._coder is None:
                raise ValueError("there are no tables: call init_params() or set_cdfs() first")
            return self._coder, integers(message.indexes, "indexes")
        freqs = to_numpy(message.freqs, "freqs")
        shape, width = freqs.shape[:-1], freqs.shape[-1]
        given = message.num_freqs
        num_freqs = np.full(shape, width, np.int32) if given is None else integers(given, "num_freqs")
        offsets = np.zeros(shape, np.int32) if message.offsets is None else integers(message.offsets, "offsets")
        rows, sizes = self._cdfs(freqs.reshape(-1, width), num_freqs.reshape(-1))
        indexes = np.arange(num_freqs.size, dtype=np.int32).reshape(shape)
        # A table that is used once is searched: the bits of an inverse cdf are the same.
        return self._coder_of(rows, sizes, offsets.reshape(-1), self._variant.removesuffix("_invcdf")), indexes

    def _known_streams(self) -> int | None:
        """The number of streams, where it is no matter of the message."""
        return self.num_parallel_states if isinstance(self.num_parallel_states, int) else None

    def _start(self, message: _Message, n_streams: int | None) -> Array:
        """A stream without symbols; n_streams None: of as many rows as the message's batch."""
        n_rows = np.shape(message.symbols)[0] if n_streams is None else n_streams
        n_states = 4 if self._variant.endswith("_i4") else 1
        rows = _core.torch_init_stream(self._family, scalar(n_rows, "rows of symbols", 1, 1 << 24), n_states, 0)
        return like(rows, message.symbols, message.indexes, message.freqs, device=self.device)

    def _push(self, stream: Array, message: _Message) -> Array:
        coder, indexes = self._tables(message)
        rows = stream_rows(stream)
        symbols = integers(message.symbols, "symbols")
        pushed = coder.push(rows, _in_rows(indexes, len(rows)), _in_rows(symbols, len(rows)))
        return write_back(stream, pushed)

    def _pop(self, stream: Array, message: _Message) -> tuple[Array, bool]:
        """The symbols, and whether none is left."""
        if stream is None:
            stream = self._encoded_stream
        if stream is None:
            raise ValueError("there is no stream: give one, or call set_stream() first")
        coder, indexes = self._tables(message)
        rows = stream_rows(stream)
        symbols, left, at_end = coder.pop(rows, _in_rows(indexes, len(rows)))
        write_back(stream, left)
        decoded = symbols.reshape(indexes.shape)
        given = message.freqs if message.indexes is None else message.indexes
        return like(decoded, given, stream, device=self.device), at_end

    def _stream(self, encoded: bytes) -> Ints:
        segments = split_merged_bytes(encoded, self.num_bytes_code_length, self._known_streams())
        rows: Ints = _core.torch_stream(segments)
        return rows

    def _decoded(self, encoded: bytes, message: _Message, whole: bool) -> Array:
        decoded, at_end = self._pop(self._stream(encoded), message)
        if whole and not at_end:
            raise _core.DataError(
                "encoded is damaged, or has more symbols than these (then take whole=False, or set_stream)"
            )
        return decoded

    def _merged(self, stream: Array | None) -> bytes | None:
        if stream is None:
            return None
        return merge_bytes(rans_stream_to_byte_strings(stream), self.num_bytes_code_length, self._known_streams())


def _in_rows(values: Ints, n_rows: int) -> Ints:
    """A row for each stream. ValueError where they do not divide."""
    if n_rows == 0 or values.size % n_rows != 0:
        raise ValueError(f"symbols and indexes are {values.size}; must divide by the {n_rows} streams")
    return values.reshape(n_rows, -1)
