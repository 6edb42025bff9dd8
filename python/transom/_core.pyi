"""The golden model of Transom, in C++: what transom/__init__.py names."""

from collections.abc import Sequence
from typing import Annotated, Any

import numpy
import numpy.typing
from numpy.typing import NDArray


class DataError(ValueError):
    pass

class DType:
    """
    A tensor's element type: integers of 1..16 bits, two's complement if signed, or the floats bf16, fp16, fp8_e4m3, fp8_e5m2.
    """

    def __init__(self, name: str) -> None:
        """
        Of its name: "int8", "uint4", "bf16", ... Raises ValueError for no such type.
        """

    @property
    def bits(self) -> int:
        """W, 1..16."""

    @property
    def is_signed(self) -> bool:
        """Whether it is two's complement."""

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
    A tensor of a trace: integers of 1 to 16 bits, or floats by their bits, in C order.

    values: any array in the host's memory that numpy, the buffer protocol or DLPack gives, of int8..int64 or
    uint8..uint64, bool, float16, bfloat16 or float8, of any shape and strides; read where it lies. dtype: its type, by name or as a DType; by
    default the array's own, of 32 and 64 bits the least of 8 and 16 that holds every value. name: what containers call
    it. Raises ValueError naming `values` for other types, for values that the dtype lacks, and for 2^32 values or more.
    """

    def __init__(self, values: object, dtype: DType | str | None = None, name: str = '') -> None: ...

    @property
    def name(self) -> str: ...

    @property
    def dtype(self) -> DType: ...

    @property
    def shape(self) -> tuple[int, ...]: ...

    @property
    def values(self) -> NDArray[Any]:
        """A new array of numpy's, of its shape: int8, uint8, int16 or uint16."""

    @property
    def patterns(self) -> NDArray[numpy.uint16]:
        """The same as W-bit patterns, uint16, zero-extended."""

    def __array__(self, dtype: object | None = None, copy: object | None = None) -> object: ...

    def __dlpack__(self, **kwargs: object) -> object: ...

    def __dlpack_device__(self) -> tuple[int, int]: ...

    def __len__(self) -> int: ...

    def __eq__(self, other: object, /) -> bool: ...

    def __repr__(self) -> str: ...

def histogram(tensor: object | None) -> NDArray[numpy.uint32]:
    """
    How often each of the 2^W patterns of a tensor or an array occurs: uint32, by pattern.

    Negative values are in the upper half, as two's complement has them. Raises ValueError as Tensor does.
    """

def quantise(counts: object | None, table_log: int, cover: str = 'occurring') -> NDArray[numpy.uint32]:
    """
    Frequencies of least coded cost, uint32: they sum to 2^table_log, and none that is needed is 0.

    counts: 1..65536 numbers. table_log: R, 0..14. cover: "occurring", or "every" symbol has a frequency.
    Raises ValueError where more symbols need a slot than there are.
    """

def coded_cost(counts: object | None, freq: object | None, table_log: int) -> float:
    """
    Bits of the counted symbols by an ideal coder of these frequencies: the sum of n (R - log2 f).
    """

def pair_histogram(symbols: object | None, n_symbols: int, n_streams: int = 4, chunk: int = 1) -> NDArray[numpy.uint32]:
    """
    How often each pair of symbols is coded as one, uint32: s1 and then s2 at s1 * n_symbols + s2.

    symbols: uint8, in the order of the tensor, each below n_symbols, 1..256. n_streams, chunk: as encode() has them; pairs
    are formed in each stream, and an odd last symbol counts with what follows it most often.
    """

def make_spread(freq: object | None, table_log: int, spread: str = 'tuned') -> NDArray[numpy.uint8]:
    """
    The symbol of each of tANS's 2^table_log slots, uint8 (J. Duda, arXiv:1311.2540).

    freq: up to 256 numbers that sum to 2^table_log. spread: "step", "exact" or "tuned".
    """

class Row:
    """A range of values: vmin, and offsets of offset_bits bits from it."""

    @property
    def vmin(self) -> int:
        """Its smallest value, as a pattern."""

    @property
    def offset_bits(self) -> int:
        """Bits of an offset, 0..W."""

    def __eq__(self, other: object, /) -> bool: ...

    def __repr__(self) -> str: ...

class RangeTable:
    """Rows with their frequencies, and the proof of how good they are."""

    @property
    def rows(self) -> list[Row]: ...

    @property
    def freq(self) -> NDArray[numpy.uint32]:
        """uint32, sum 2^R."""

    @property
    def cost(self) -> float:
        """Bits of the histogram's values: offsets and symbols."""

    @property
    def bound(self) -> float:
        """No table that was searched takes fewer bits."""

    @property
    def proven(self) -> bool:
        """Whether cost is bound: no table takes fewer."""

class RangeSearch:
    """
    APack's best ranges (arXiv:2201.08830) of one histogram.

    counts: 2^W of them, W = 1..16, by pattern, sum below 2^32. max_rows: 1..256. Raises ValueError for others.
    """

    def __init__(self, counts: object | None, max_rows: int = 16) -> None: ...

    @property
    def max_rows(self) -> int: ...

    def cost(self, n_rows: int) -> float:
        """Bits that an ideal coder takes with the best n_rows rows or fewer."""

    def rows(self, n_rows: int) -> list[Row]:
        """The rows of that table."""

    def best(self, n_rows: int, table_log: int, cover: str = 'occurring') -> RangeTable:
        """
        The best table of at most n_rows rows whose frequencies sum to 2^table_log.
        """

def make_rows(starts: object | None, value_bits: int) -> list[Row]:
    """
    The rows that begin at these patterns, which ascend from 0 below 2^value_bits.
    """

class Codec:
    """A coding: what it is called, and what its coder takes."""

    @property
    def name(self) -> str:
        """"raw", "tans", ..."""

    @property
    def max_rows(self) -> int:
        """0: whole values up to 8 bits, else up to 256 ranges."""

    @property
    def min_table_log(self) -> int:
        """R that the coder takes."""

    @property
    def max_table_log(self) -> int: ...

    @property
    def pairs(self) -> bool:
        """Whether a table entry yields two symbols."""

    @property
    def lane(self) -> str:
        """The kind of hardware lane that decodes it."""

    def __repr__(self) -> str: ...

def codecs() -> list[Codec]:
    """All codings, in the order of the container's numbers."""

class Code:
    """
    All that a decoder knows of a tensor beside its streams.

    coding: one of codecs(). table_log: R. freq: A frequencies that sum to 2^R; of a coding of pairs A * A, that of s1
    and then s2 at s1 * A + s2. rows: A of them, from make_rows() or RangeSearch; by default whole values of as many
    bits as freq has symbols for. spread: of tANS alone. Whether it codes a dtype, encode() looks.
    """

    def __init__(self, coding: str, table_log: int, freq: object, rows: list[Row] | None = None, spread: str = 'tuned') -> None: ...

    @property
    def coding(self) -> str: ...

    @property
    def table_log(self) -> int:
        """R."""

    @property
    def spread(self) -> str: ...

    @property
    def freq(self) -> NDArray[numpy.uint32]:
        """uint32, sum 2^R."""

    @property
    def rows(self) -> list[Row]: ...

    @property
    def table(self) -> NDArray[numpy.uint32]:
        """
        The words that the golden decoder looks symbols up in, uint32.

        tANS and pairs: an entry a slot, symbol in bits 7..0, nbits in 15..8, base in 31..16. Others: as the coder has it.
        Raises ValueError for a code that is none.
        """

    @property
    def unit_table(self) -> NDArray[numpy.uint32]:
        """The words that the hardware unit is loaded with, uint32."""

    def why_not(self, dtype: DType | str) -> str:
        """Why it is no code for values of this dtype; empty if it is."""

    def __eq__(self, other: object, /) -> bool: ...

    def _repr_html_(self) -> str: ...

    def __repr__(self) -> str: ...

def raw_code(dtype: DType | str) -> Code:
    """
    The code of raw values: what a tensor that does not shrink is stored as.
    """

class StreamWords:
    """The bits of a stream in words of 32, bit 0 first."""

    @property
    def symbols(self) -> NDArray[numpy.uint32]:
        """uint32."""

    @property
    def offsets(self) -> NDArray[numpy.uint32]:
        """uint32."""

class CodedTensor:
    """A tensor as its streams: what encode() gives and containers hold."""

    @property
    def name(self) -> str: ...

    @property
    def dtype(self) -> DType: ...

    @property
    def shape(self) -> tuple[int, ...]: ...

    @property
    def n_values(self) -> int: ...

    @property
    def code(self) -> Code: ...

    @property
    def chunk(self) -> int:
        """Values go to streams in chunks of this many."""

    @property
    def streams(self) -> list[StreamWords]:
        """Their words, copied."""

    @property
    def n_streams(self) -> int: ...

    @property
    def checksum(self) -> int:
        """CRC-32C of the values' patterns."""

    def __eq__(self, other: object, /) -> bool: ...

    def _repr_html_(self) -> str: ...

    def __repr__(self) -> str: ...

class Decoded:
    """What the golden decoder made of a tensor, whatever it holds."""

    @property
    def status(self) -> str:
        """"ok", "truncated", ..."""

    @property
    def streams(self) -> list[str]:
        """The status of each stream; `status` is the first that is not "ok"."""

    @property
    def patterns(self) -> NDArray[numpy.uint16]:
        """The values as patterns, uint16, flat."""

def encode(tensor: object | None, code: Code, n_streams: int = 4, chunk: int = 1) -> CodedTensor:
    """
    Codes a tensor or an array over at most n_streams streams, 1..65535, values in chunks of `chunk`.

    Raises ValueError for what Tensor refuses, a code that is none for its dtype, and a value without a frequency.
    """

def encode_best(tensor: object | None, coding: str = 'apack-tans', table_log: int | None = None, rows: int | None = None, spread: str = 'tuned', search: str = 'words', n_streams: int = 4, chunk: int = 1) -> CodedTensor:
    """
    Plans and codes a tensor or an array: the table that takes fewest bits, itself counted, or raw if none shrinks.

    coding: one of codecs(). table_log: R; all up to 12 are tried by default. rows: at most this many ranges; all are
    tried by default. search: "words" (integers by tANS for the fewest words of their streams, others as "exact"), "exact"
    (ranges that no others beat in an ideal coder's bits) or "released" (those of the tools published with Atalanta).
    Raises ValueError naming the option that the coding does not have.
    """

def encode_all(tensors: object | None, coding: str = 'apack-tans', table_log: int | None = None, rows: int | None = None, n_streams: int = 4, chunk: int = 1, threads: int = 0, progress: object | None = None) -> list[CodedTensor]:
    """encode_best() of each tensor, on `threads` threads (0: all cores)."""

def encode_wide(tensor: object | None, n_lanes: int = 16, halves: int = 16, bytes_per_1000: int = 16000, goal: str = 'both') -> CodedTensor:
    """
    Plans and codes for the wide unit: raw or apack-nrans, over as many streams as cost least.

    n_lanes: 1..128. halves: halfwords that the unit takes in a clock. bytes_per_1000: of the bus, in 1000 clocks.
    goal: "both", "clocks" or "bytes" is least.
    """

def try_decode(coded: CodedTensor) -> Decoded:
    """Decodes whatever the streams hold, with a status instead of an error."""

def decode(coded: CodedTensor) -> NDArray[Any]:
    """
    The values of a tensor: a new array of numpy's of its shape, int8, uint8, int16 or uint16.

    Raises DataError, with the stream and its status, where the streams are not what was encoded.
    """

def decode_all(coded: object, threads: int = 0, progress: object | None = None) -> list[NDArray[Any]]:
    """decode() of each, on `threads` threads (0: all cores)."""

class RecordBytes:
    """Where the bytes of a tensor in a container go."""

    @property
    def header(self) -> int: ...

    @property
    def name(self) -> int: ...

    @property
    def table(self) -> int: ...

    @property
    def streams(self) -> int:
        """The directory of its streams."""

    @property
    def payload(self) -> int:
        """The streams."""

    @property
    def padding(self) -> int: ...

    @property
    def total(self) -> int: ...

    @property
    def coded(self) -> int:
        """All but the name: what coding the tensor costs."""

def record_bytes(coded: CodedTensor, version: int = 1) -> RecordBytes:
    """What a tensor takes in a container."""

def write_container(tensors: Sequence[CodedTensor] | None, version: int = 1) -> bytes:
    """
    The bytes of a container (model/FORMAT.md). version: 1, or 2 as the wide unit reads it.

    Raises ValueError for what the version does not hold: its names, dimensions, streams or codings.
    """

def parse_container(bytes: object | None) -> tuple[int, list[CodedTensor]]:
    """
    (version, tensors) of the bytes of a container: bytes, or anything that holds uint8.

    Raises DataError with the byte, the tensor and the field where they are none.
    """

class Stepper:
    """
    The golden decoder on one stream: transom.golden.Decoder has the words.
    """

    def __init__(self, coded: CodedTensor, stream: int) -> None: ...

    @property
    def n_steps(self) -> int:
        """Steps that are left."""

    def next(self) -> tuple[int, int, int, int, tuple[int, ...]]:
        """
        (symbol, state, bits, position, values) of the next step. Raises StopIteration after the last.
        """

    def take(self, n: int) -> tuple[numpy.typing.NDArray[numpy.uint8], numpy.typing.NDArray[numpy.uint64], numpy.typing.NDArray[numpy.uint8], numpy.typing.NDArray[numpy.uint64]]:
        """(symbols, states, bits, positions) of up to n further steps."""

class Difference:
    """The first thing in which a decoder differs from the model."""

    @property
    def what(self) -> str:
        """"symbol", "state", "position", "value", "status" or "count"."""

    @property
    def lane(self) -> int: ...

    @property
    def index(self) -> int:
        """Of the step or value in its stream; of an end, how many came."""

    @property
    def cycle(self) -> int | None:
        """If at() told one."""

    @property
    def want(self) -> int: ...

    @property
    def got(self) -> int: ...

    @property
    def symbol_position(self) -> int:
        """Bits of the symbol stream read before the step."""

    @property
    def offset_position(self) -> int:
        """Bits of the offset stream read before the value."""

    @property
    def state_before(self) -> int: ...

    @property
    def want_state(self) -> int: ...

    @property
    def got_state(self) -> int | None: ...

    @property
    def entry(self) -> str:
        """The table entry that the step uses, in words."""

    @property
    def fault(self) -> str:
        """
        The probable class: "refill", "shift", "table", "offset", "end", "order", "unknown".
        """

    @property
    def confidence(self) -> str:
        """"guess", "likely" or "certain"."""

    @property
    def because(self) -> str:
        """The evidence."""

    def _repr_html_(self) -> str: ...

    def __str__(self) -> str: ...

class Cosim:
    """
    The comparator: told what a decoder does, says where it first differs from the model.

    Lane i decodes stream i of `coded`. Steps, values and the end of a lane come in their own order, each; between these
    and between lanes there is none. A state is the coder's: of tANS t = x - L, of rANS x. Every call returns False once
    the lane differs, and raises ValueError for a lane that is not there.
    """

    def __init__(self, coded: CodedTensor) -> None: ...

    @property
    def n_lanes(self) -> int: ...

    def at(self, cycle: int) -> None:
        """The cycle of what is told from now on. Only reports have it."""

    def step(self, lane: int, symbol: int, state: int | None = None, position: int | None = None) -> bool:
        """
        A retired step: its symbol, the state after it, the bits of the symbol stream read so far.
        """

    def value(self, lane: int, value: int) -> bool:
        """A value: its W-bit pattern, zero-extended."""

    def end(self, lane: int, verdict: bool | str | None = None) -> bool:
        """
        The lane's end: without a verdict, with whether all is well, or with a status's name.
        """

    def finish(self) -> bool:
        """
        Nothing more comes: what is missing is a difference. False if there is one.
        """

    def restart(self) -> None:
        """All lanes from the start again: the decoder was reset."""

    @property
    def ok(self) -> bool: ...

    @property
    def n_compared(self) -> int:
        """Steps and values."""

    def first(self) -> Difference | None:
        """
        The first difference that was told, with the probable class of the fault; None without one.
        """

class ForeignFormat:
    """A coder of other people's: what it takes."""

    @property
    def name(self) -> str: ...

    @property
    def least_bits(self) -> int:
        """scale_bits of the tables to write."""

    @property
    def most_bits(self) -> int: ...

    @property
    def n_states(self) -> int:
        """0: 1..64, as one likes."""

    @property
    def every_symbol(self) -> bool:
        """Each symbol of the table has a slot."""

    @property
    def has_escape(self) -> bool:
        """The last frequency is that of an escape."""

    @property
    def counts_bits(self) -> bool:
        """The stream ends within a byte: n_bits."""

    @property
    def holds_table(self) -> bool:
        """The table is in the stream."""

    def __repr__(self) -> str: ...

class ForeignStream:
    """
    A stream of another coder, with what it does not say of itself.

    freq: up to 256 and the escape's, sum 2^scale_bits. n_states: interleaved, symbol i in state i mod n_states. n: symbols, up
    to 2^28. n_bits: length, of a format that counts_bits. rare: of fse*, symbols whose one slot lies at the table's end.
    """

    def __init__(self, bytes: object | None = ..., freq: object | None = (), scale_bits: int = 12, n_states: int = 1, n: int = 0, n_bits: int = 0, rare: object | None = ()) -> None: ...

    @property
    def bytes(self) -> bytes: ...

    @property
    def freq(self) -> NDArray[numpy.uint32]:
        """uint32."""

    @property
    def scale_bits(self) -> int: ...

    @property
    def n_states(self) -> int: ...

    @property
    def n(self) -> int: ...

    @property
    def n_bits(self) -> int: ...

    @property
    def rare(self) -> list[int]: ...

def foreign_formats() -> list[ForeignFormat]:
    """All of them."""

def encode_foreign(format: str, symbols: object | None, table: ForeignStream) -> ForeignStream:
    """
    The stream of some symbols, uint8, in a format of foreign_formats(), by name; of `table` the table and n_states count.

    Raises ValueError for a table that the format lacks, and where its original would corrupt the data.
    """

def decode_foreign(format: str, stream: ForeignStream) -> NDArray[numpy.uint8]:
    """
    The symbols of a stream, uint8. Raises DataError unless it is one of exactly n symbols.
    """

def ryg_normalise(counts: object | None, scale_bits: int) -> NDArray[numpy.uint32]:
    """
    Frequencies of sum 2^scale_bits as ryg_rans' sample programs make them: uint32.
    """

def fse_normalise(counts: object | None, table_log: int) -> NDArray[numpy.int16]:
    """FSE's normalised counts, int16: -1 is a rare symbol."""

def fse_write_header(norm: object | None, table_log: int) -> bytes:
    """
    The header that describes a table ("NCount" of RFC 8878, 4.1.1).

    norm: int16, a cell for each symbol: -1 rare, 0 absent, else slots; with 1 for a rare one they sum to 2^table_log.
    table_log: R, 5..12. Trailing absent symbols are not in it.
    """

def fse_read_header(bytes: object | None) -> tuple[NDArray[numpy.int16], int, int]:
    """
    (norm, table_log, n_bytes) of the header that begins `bytes`; what follows begins at n_bytes.

    Raises DataError where they begin with none.
    """

def fse_encode_block(symbols: object | None, max_symbol: int = 255, table_log: int = 11) -> tuple[str, bytes]:
    """
    (outcome, bytes) of FSE_compress2(): a header and a stream of two states.

    symbols: uint8, each at most max_symbol. table_log: R, 1..12; the library takes what suits the message. outcome:
    "written"; "one_symbol", a repeated one, and "incompressible" have no bytes.
    """

def fse_decode_block(bytes: object | None, max_symbols: int) -> NDArray[numpy.uint8]:
    """
    The symbols of a block, uint8. Raises DataError for other bytes, and for more symbols than max_symbols, 0..2^28.
    """

class ApackRow:
    """A line of a table of the released APack tools."""

    def __init__(self, vmin: int, off: int, abits: int = 0, obits: int = 0, vcnt: int = 0) -> None: ...

    @property
    def vmin(self) -> int: ...

    @property
    def off(self) -> int:
        """Offset bits."""

    @property
    def abits(self) -> int:
        """What its symbols cost."""

    @property
    def obits(self) -> int:
        """Offset bits of all its values."""

    @property
    def vcnt(self) -> int:
        """Its values."""

    def __eq__(self, other: object, /) -> bool: ...

def parse_apack_table(text: str, value_bits: int) -> list[ApackRow]:
    """
    The rows of a five-column table. Raises DataError with line and column.
    """

def write_apack_table(rows: Sequence[ApackRow]) -> str:
    """The text of a five-column table."""

def released_search(counts: object | None) -> list[ApackRow]:
    """
    The 16 rows, of which some may be empty, that the search published with Atalanta finds; RangeSearch finds better.

    counts: 2^W of them, W = 4..16, by pattern, of one value or more and of fewer than the released tools' 32-bit sums hold.
    """

def apack_split(rows: Sequence[ApackRow], values: object | None) -> tuple[NDArray[numpy.uint8], bytes, int]:
    """
    (symbols, offsets, n_offset_bits) of the values of a tensor or an array: uint8, one for each, and bytes.

    rows: of a table that tiles the values. Offsets lie most significant bit first, one behind the other. Raises ValueError
    for a value of no row.
    """

def apack_join(rows: Sequence[ApackRow], value_bits: int, symbols: object | None, offsets: object | None) -> NDArray[numpy.uint16]:
    """
    The inverse: values as patterns of value_bits bits, 1..16, uint16.

    symbols: uint8. offsets: bytes. Raises DataError unless each symbol is of a row, and the offsets are theirs to the last bit.
    """

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
