"""container.py — the second half of model/FORMAT.md: both versions of the container, and what a reader checks."""
# SPDX-License-Identifier: Apache-2.0

from dataclasses import dataclass, field
from itertools import pairwise
from math import prod

from coders import (
    APACK_TANS,
    CODERS,
    LEAST_R,
    MOST_R,
    NRANS,
    OF_TANS,
    PAIRS,
    RANS,
    RAW,
    STEP,
    TANS,
    TYPE_BITS,
    Bits,
    Code,
    Coder,
    Fault,
    Stream,
    Tensor,
    above,
    at_end,
    ceil_log2,
    check,
    crc32c,
    indices,
    log2,
)

MAGIC = bytes([0x03, 0x54, 0x53, 0x4D])


class Fields:
    """Bytes, field by field; one that is not all there is truncated."""

    def __init__(self, data: bytes, at: int = 0) -> None:
        self.data, self.at = data, at

    def bytes(self, n: int) -> bytes:
        check(n <= len(self.data) - self.at, "truncated")
        self.at += n
        return self.data[self.at - n : self.at]

    def number(self, n: int) -> int:
        return int.from_bytes(self.bytes(n), "little")

    def words(self, n: int) -> list[int]:
        data = self.bytes(4 * n)
        return [int.from_bytes(data[i : i + 4], "little") for i in range(0, 4 * n, 4)]

    def zeros(self, n: int) -> None:
        check(not any(self.bytes(n)))

    def crc(self, since: int) -> None:
        want = crc32c(self.data[since : self.at])
        check(self.number(4) == want, "bad_checksum")

    def end(self) -> None:
        check(self.at == len(self.data), "trailing")


def padded(n: int) -> int:
    return above(n, 4) * 4


def read_type(fields: Fields, tensor: Tensor) -> None:
    byte = fields.number(1)
    tensor.W, tensor.type = byte & 31, byte >> 5
    check(1 <= tensor.W <= 16 and tensor.type <= 5)
    check(TYPE_BITS.get(tensor.type, tensor.W) == tensor.W)


def read_shape(fields: Fields, tensor: Tensor, n_dims: int) -> None:
    tensor.shape = fields.words(n_dims)
    check(prod(tensor.shape) < 1 << 32)


def read_name(fields: Fields, tensor: Tensor, n: int) -> None:
    try:
        tensor.name = fields.bytes(n).decode()
    except UnicodeDecodeError:
        raise Fault("bad_header") from None
    check(all(ord(c) >= 0x20 and not 0x7F <= ord(c) <= 0x9F for c in tensor.name))
    fields.zeros(padded(n) - n)


# Version 1: table, record


def read_code(bits: Bits, order: int) -> int:
    """A number in the code of an order."""
    zeros = 0
    while bits(1) == 0:
        zeros += 1
        check(zeros <= 16, "bad_table")
    return ((1 << zeros | bits(zeros)) - 1 << order) + bits(order)


def read_parts(bits: Bits, n: int, total: int, least: int) -> list[int]:
    parts = [0] * n
    rest, order = total, 0
    for i in range(n - 1):
        if rest == 0:
            break
        parts[i] = read_code(bits, order) + least
        check(parts[i] <= rest, "bad_table")
        rest -= parts[i]
        order = log2(parts[i]) if parts[i] else 0
    parts[-1] += rest
    check(min(parts) >= least, "bad_table")
    return parts


def read_table(fields: Fields, n_bytes: int, tensor: Tensor) -> None:
    code = tensor.code
    bits = Bits(fields.words(above(n_bytes, 4)))
    if code.coding == RAW:
        check(n_bytes == 0, "bad_table")
        code.v, code.f = [0, 1 << tensor.W], [1]
        return
    sizes = [1] * (1 << tensor.W)
    if code.coding not in (TANS, RANS) or tensor.W > 8 or tensor.type >= 2:
        n_rows = bits(8) + 1
        check(n_rows <= 16 or code.coding in (TANS, RANS), "bad_table")
        sizes = read_parts(bits, n_rows, 1 << tensor.W, 1)
    code.v = [0]
    for size in sizes:
        code.v.append(code.v[-1] + size)
    code.f = read_parts(bits, code.A**2 if code.coding == PAIRS else code.A, 1 << code.R, 0)
    check(above(bits.position, 8) == n_bytes and not bits.truncated and not bits.trailing, "bad_table")


def split_raw(fields: Fields, tensor: Tensor) -> None:
    """The payload as offset words of the tensor's streams."""
    bits = Bits(fields.words(above(tensor.n * tensor.W, 32)))
    values = [bits(tensor.W) for _ in range(tensor.n)]
    check(not bits.trailing, "trailing")
    for stream in range(tensor.N):
        number, n_bits = 0, 0
        for i in indices(tensor.n, tensor.N, tensor.k, stream):
            number |= values[i] << n_bits
            n_bits += tensor.W
        tensor.words.append(([], [number >> 32 * i & 0xFFFFFFFF for i in range(above(n_bits, 32))]))


def read_record(fields: Fields) -> Tensor:
    start = fields.at
    code = Code(fields.number(1))
    tensor = Tensor(code=code)
    check(code.coding < len(CODERS))
    read_type(fields, tensor)
    code.R = fields.number(1)
    check(LEAST_R[code.coding] <= code.R <= MOST_R[code.coding])
    dims = fields.number(1)
    check(dims & 15 <= 8)
    code.spread = dims >> 4
    check(code.spread <= (2 if code.coding in OF_TANS else 0))
    name_bytes = fields.number(2)
    check(name_bytes <= 4096)
    table_bytes = fields.number(2)
    tensor.N = fields.number(2)
    check(tensor.N >= 1)
    fields.zeros(2)
    tensor.k = fields.number(4)
    check(tensor.k >= 1)
    tensor.checksum = fields.number(4)
    payload_words = fields.number(4)
    read_shape(fields, tensor, dims & 15)
    check(max(tensor.n, 1) >= tensor.N)
    read_name(fields, tensor, name_bytes)
    read_table(fields, table_bytes, tensor)
    raw = code.coding == RAW
    directory = fields.words(0 if raw else 2 * tensor.N)
    fields.crc(start)
    check(payload_words == (above(tensor.n * tensor.W, 32) if raw else sum(directory)))
    end = max(fields.at + 4 * payload_words, start + padded(above(tensor.n, 1 << 12)))
    check(end <= len(fields.data), "truncated")
    if raw:
        split_raw(fields, tensor)
    for i in range(0, len(directory), 2):
        tensor.words.append((fields.words(directory[i]), fields.words(directory[i + 1])))
    fields.zeros(end - fields.at)
    return tensor


# Version 2: header, table, payload


@dataclass
class Header:
    """The first three words of a record."""

    words: list[int]

    def __post_init__(self) -> None:
        first, self.n, self.H = self.words
        self.R, self.coding = first & 15, first >> 4 & 15
        self.S, self.W, self.A = (first >> 8 & 255) + 1, (first >> 16 & 15) + 1, (first >> 20 & 15) + 1
        self.plain, self.zero = first >> 24 & 1, first >> 25
        self.B = max(4, 1 << ceil_log2(self.W))
        self.room = padded(self.A)
        self.raw = self.coding == RAW

    def check(self, tensor: Tensor, lanes: int) -> None:
        check(self.zero == 0 and self.coding in (RAW, APACK_TANS, NRANS))
        if self.raw:
            check(self.R == 0 and self.S == self.A == 1 and not self.plain)
            check(above(self.n * self.B, 16) == self.H)
        else:
            check(self.n > 0 and self.R <= (8 if self.coding == APACK_TANS else 12) and lanes >= self.S)
            check(self.plain == (self.W <= 4 and 1 << self.W == self.A))
        check(self.n == tensor.n and self.W == tensor.W and max(self.n, 1) >= self.S)

    @property
    def n_table_words(self) -> int:
        if self.raw:
            return 0
        rows = 0 if self.plain else self.room if self.W <= 8 else 2 * self.room
        return (2 * self.room + rows) // 4


def read_wide_table(header: Header, words: list[int]) -> Code:
    bits = Bits(words)
    cum = [bits(16) for _ in range(header.room)]
    v = [bits(8 if header.W <= 8 else 16) for _ in range(header.room)] if not header.plain else []
    A, L = header.A, 1 << header.R
    check(cum[A:] == [L] * (header.room - A) and not any(v[A:]), "bad_table")
    cum = [*cum[:A], L]
    v = [*(range(A) if header.plain else v[:A]), 1 << header.W]
    check(cum[0] == 0 and all(a <= b for a, b in pairwise(cum)), "bad_table")
    check(v[0] == 0 and all(a < b for a, b in pairwise(v)), "bad_table")
    return Code(header.coding, header.R, STEP, v, [b - a for a, b in pairwise(cum)])


@dataclass
class Lane:
    """A stream with the halfwords that it was given."""

    left: int  # values that are still to come
    t: int = 0
    symbols: Bits = field(default_factory=lambda: Bits([], 16))
    offsets: Bits = field(default_factory=lambda: Bits([], 16))
    stream: Stream = field(default_factory=Stream)


class Halfwords:
    def __init__(self, words: list[int], H: int) -> None:
        halves = [word >> shift & 0xFFFF for word in words for shift in (0, 16)]
        self.halves, self.behind, self.given = halves[:H], halves[H:], 0

    def give(self, bits: Bits) -> None:
        bits.words.append(self.one())

    def one(self) -> int:
        self.given += 1
        return self.halves[self.given - 1] if self.given <= len(self.halves) else 0


def asked(bits: Bits) -> int:
    return 16 * len(bits.words) - bits.position


def wide_step(code: Code, coder: Coder, lane: Lane) -> None:
    s, lane.t = coder.step(lane.t, lane.symbols)
    offset = lane.offsets(code.offset_bits()[s])
    lane.stream.outside |= offset >= code.v[s + 1] - code.v[s]
    lane.stream.values.append(code.v[s] + offset)
    lane.left -= 1


def read_payload(header: Header, code: Code, words: list[int]) -> list[Stream]:
    given = Halfwords(words, header.H)
    coder = CODERS[code.coding](code)
    lanes = [Lane(len(indices(header.n, header.S, 1, s))) for s in range(header.S)]
    K = header.R - log2(min(f for f in code.f if f))
    O = max(code.offset_bits())
    state_bits = header.R + (2 if code.coding == NRANS else 0)
    shift = 16 - state_bits if code.coding == NRANS else 0
    bad_state = False
    for lane in lanes:
        half = given.one()
        lane.t = half >> shift & (1 << state_bits) - 1
        bad_state |= half != lane.t << shift
    for p in range(1, 1 + above(max(3 * K, 2 * O), 16)):
        for lane in lanes:
            if 16 * (p - 1) < 3 * K:
                given.give(lane.symbols)
            if 16 * (p - 1) < 2 * O:
                given.give(lane.offsets)
    while lanes[0].left:
        stepped = [lane for lane in lanes if lane.left]
        for lane in stepped:
            wide_step(code, coder, lane)
        for lane in stepped:
            if lane.left >= 3 and asked(lane.symbols) < 3 * K:
                given.give(lane.symbols)
            if lane.left >= 2 and asked(lane.offsets) < 2 * O:
                given.give(lane.offsets)
    check(given.given <= header.H, "truncated")
    check(not bad_state and all(at_end(coder, lane.t) for lane in lanes), "bad_state")
    left = any(lane.symbols.ones_left or lane.offsets.ones_left for lane in lanes)
    check(given.given == header.H and not left and not any(given.behind), "trailing")
    return [lane.stream for lane in lanes]


def read_raw(header: Header, words: list[int]) -> list[Stream]:
    bits = Bits(words)
    values = [bits(header.B) for _ in range(header.n)]
    check(all(value < 1 << header.W for value in values), "bad_value")
    check(not bits.trailing, "trailing")
    return [Stream(values=values)]


def read_entry(section: Fields, start: int, entries: Fields, lanes: int) -> Tensor:
    tensor = Tensor()
    first = entries.at
    check(entries.number(4) == (section.at - start) // 4)
    record_crc = entries.number(4)
    tensor.checksum = entries.number(4)
    read_type(entries, tensor)
    n_dims = entries.number(1)
    check(n_dims <= 8)
    name_bytes = entries.number(2)
    check(name_bytes <= 4096)
    read_shape(entries, tensor, n_dims)
    read_name(entries, tensor, name_bytes)
    record = section.at
    header = Header(section.words(3))
    header.check(tensor, lanes)
    table = section.words(header.n_table_words)
    payload = section.words(above(header.H, 2))
    check(crc32c(section.data[record : section.at]) == record_crc, "bad_checksum")
    size = section.at - record + entries.at - first
    entries.zeros(max(padded(above(tensor.n, 1 << 12)) - size, 0))
    if header.raw:
        tensor.code, tensor.decoded = Code(RAW, v=[0, 1 << tensor.W], f=[1]), read_raw(header, payload)
    else:
        tensor.code = read_wide_table(header, table)
        tensor.N, tensor.decoded = header.S, read_payload(header, tensor.code, payload)
    return tensor


def read_wide(fields: Fields, n_tensors: int) -> list[Tensor]:
    section_words, index_bytes = fields.number(4), fields.number(4)
    check(index_bytes >= 4 and index_bytes % 4 == 0)
    lanes = fields.number(4)
    check(1 <= lanes <= 128)
    fields.zeros(36)
    fields.crc(0)
    start = fields.at
    section = Fields(fields.data[: start + len(fields.bytes(4 * section_words))], start)
    index = fields.at
    entries = Fields(fields.data[: index + len(fields.bytes(index_bytes - 4))], index)
    fields.crc(index)
    tensors = [read_entry(section, start, entries, lanes) for _ in range(n_tensors)]
    check(max([1, *(tensor.N for tensor in tensors)]) == lanes)
    entries.end()
    section.end()
    return tensors


def read_container(data: bytes) -> tuple[int, list[Tensor]]:
    """The version and the tensors. Raises Fault."""
    fields = Fields(data)
    check(fields.bytes(4) == MAGIC)
    version = fields.number(2)
    check(version in (1, 2))
    fields.zeros(2)
    n_tensors = fields.number(4)
    if version == 1:
        fields.crc(0)
        tensors = [read_record(fields) for _ in range(n_tensors)]
    else:
        tensors = read_wide(fields, n_tensors)
    fields.end()
    return version, tensors
