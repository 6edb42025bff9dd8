"""coders.py — the first half of model/FORMAT.md: bits, rows, spreads, coders, streams, verdicts.

With container.py a second decoder of .tsm files, written from that page alone: plain Python, nothing of ours. Its
sections and letters are the page's. Where the page lacks something that is wanted here, the page is mended.
"""
# SPDX-License-Identifier: Apache-2.0

from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import accumulate, pairwise
from math import prod

# Words of the page

STATUSES = ["ok", "truncated", "bad_state", "trailing", "bad_value", "bad_table", "bad_header", "bad_checksum"]


class Fault(Exception):
    """The status of a container that is none."""


def check(ok: bool, status: str = "bad_header") -> None:
    if not ok:
        raise Fault(status)


def log2(x: int) -> int:
    return x.bit_length() - 1


def ceil_log2(x: int) -> int:
    return (x - 1).bit_length()


def above(a: int, b: int) -> int:
    """a / b, rounded up."""
    return -(-a // b)


def crc_entry(value: int) -> int:
    for _ in range(8):
        value = value >> 1 ^ (0x82F63B78 if value & 1 else 0)
    return value


CRC = [crc_entry(byte) for byte in range(256)]


def crc32c(data: bytes) -> int:
    register = 0xFFFFFFFF
    for byte in data:
        register = register >> 8 ^ CRC[(register ^ byte) & 0xFF]
    return register ^ 0xFFFFFFFF


class Bits:
    """A bit string in words, or in halfwords that may come while it is read."""

    def __init__(self, words: list[int], width: int = 32) -> None:
        self.words, self.width = words, width
        self.begun, self.buffer, self.left = 0, 0, 0

    def __call__(self, n: int) -> int:
        while self.left < n:
            if self.begun < len(self.words):
                self.buffer |= self.words[self.begun] << self.left
            self.begun += 1
            self.left += self.width
        value = self.buffer & (1 << n) - 1
        self.buffer >>= n
        self.left -= n
        return value

    @property
    def position(self) -> int:
        return self.width * self.begun - self.left

    @property
    def truncated(self) -> bool:
        return self.begun > len(self.words)

    @property
    def trailing(self) -> bool:
        return self.begun < len(self.words) or self.buffer != 0

    @property
    def ones_left(self) -> bool:
        return self.buffer != 0 or any(self.words[self.begun :])


# Codings, values, rows

CODINGS = ["raw", "tans", "rans", "apack-tans", "apack-rans", "apack-ac", "apack-tans-pair", "apack-nrans"]
RAW, TANS, RANS, APACK_TANS, APACK_RANS, APACK_AC, PAIRS, NRANS = range(8)
LEAST_R = [0, 0, 0, 0, 0, 10, 0, 0]
MOST_R = [0, 14, 14, 14, 14, 10, 14, 12]
OF_TANS = (TANS, APACK_TANS, PAIRS)
STEP, EXACT, TUNED = range(3)
TYPE_BITS = {2: 16, 3: 16, 4: 8, 5: 8}  # of floats


@dataclass
class Code:
    """What a decoder knows of a tensor beside its streams."""

    coding: int
    R: int = 0
    spread: int = STEP
    v: list[int] = field(default_factory=list)  # v(0) .. v(A)
    f: list[int] = field(default_factory=list)

    @property
    def A(self) -> int:
        return len(self.v) - 1

    def offset_bits(self) -> list[int]:
        return [ceil_log2(b - a) for a, b in pairwise(self.v)]


# tANS, pairs


def spread_of(f: list[int], R: int, spread: int) -> list[int]:
    """The symbol of each slot."""
    L = 1 << R
    symbols = [s for s, n in enumerate(f) for _ in range(n)]
    if spread == STEP:
        q = L // 2 + L // 8 + 3 | 1
        slots = [0] * L
        for j, s in enumerate(symbols):
            slots[j * q % L] = s
        return slots

    def wish(s: int, i: int) -> Fraction:
        if spread == EXACT:
            return Fraction(2 * i + 1, f[s])
        y = 2 * (f[s] + i) + 1
        return Fraction(3 * y * y - 1, y * f[s])

    return [s for _, s in sorted((wish(s, i), s) for s, n in enumerate(f) for i in range(n))]


def tans_table(f: list[int], R: int, spread: int) -> list[tuple[int, int, int]]:
    """Symbol, nbits and base of each slot."""
    x = list(f)
    table = []
    for s in spread_of(f, R, spread):
        nbits = R - log2(x[s])
        table.append((s, nbits, (x[s] << nbits) - (1 << R)))
        x[s] += 1
    return table


def pair_frequencies(code: Code) -> list[int]:
    f = [0] * 256
    for i, n in enumerate(code.f):
        f[i // code.A + 16 * (i % code.A)] = n
    return f


class Tans:
    end = 0

    def __init__(self, code: Code) -> None:
        self.R = code.R
        f = pair_frequencies(code) if code.coding == PAIRS else code.f
        self.table = tans_table(f, code.R, code.spread)

    def start(self, bits: Bits) -> int:
        return bits(self.R)

    def step(self, t: int, bits: Bits) -> tuple[int, int]:
        symbol, nbits, base = self.table[t]
        return symbol, base + bits(nbits)

    def words(self) -> list[int]:
        return [symbol | nbits << 8 | base << 16 for symbol, nbits, base in self.table]


# rANS, narrow rANS


class Counts:
    """Symbols by their slots, one behind the other."""

    def __init__(self, code: Code) -> None:
        self.R, self.L, self.f = code.R, 1 << code.R, code.f
        self.cum = [0, *accumulate(code.f)]

    def symbol(self, slot: int) -> int:
        """The last symbol that begins at or below the slot: those without a slot begin where the next one does."""
        return bisect_right(self.cum, slot) - 1

    def words(self) -> list[int]:
        return (self.cum[:-1] + [self.L] * 16)[:16]


class Rans(Counts):
    end = 1 << 16

    def start(self, bits: Bits) -> int:
        low = bits(16)
        return low | bits(16) << 16

    def step(self, x: int, bits: Bits) -> tuple[int, int]:
        slot = x % self.L
        s = self.symbol(slot)
        x = self.f[s] * (x >> self.R) + slot - self.cum[s]
        if x < 1 << 16 and self.R > 0:
            x = x << 16 | bits(16)
        return s, x

    def words(self) -> list[int]:
        return [s | n - 1 << 8 | bias << 20 for s, n in enumerate(self.f) for bias in range(n)]


class Nrans(Counts):
    end = 0

    def start(self, bits: Bits) -> int:
        return bits(self.R + 2)

    def step(self, t: int, bits: Bits) -> tuple[int, int]:
        slot = t % self.L
        s = self.symbol(slot)
        y = self.f[s] * ((t >> self.R) + 4) + slot - self.cum[s]
        k = self.R + 2 - log2(y)
        return s, (y << k) + bits(k) - 4 * self.L


# Arithmetic coder


class Arithmetic(Counts):
    """The state is HI, LO and CODE in one number, as traces have it; the end state is that CODE is LO."""

    def start(self, bits: Bits) -> int:
        code = 0
        for _ in range(16):
            code = 2 * code + bits(1)
        return 0xFFFF << 32 | code

    def step(self, state: int, bits: Bits) -> tuple[int, int]:
        hi, lo, code = state >> 32, state >> 16 & 0xFFFF, state & 0xFFFF
        bounds = [(hi - lo + 1) * c >> 10 for c in self.cum]
        s = bisect_right(bounds, code - lo) - 1
        hi, lo = lo + bounds[s + 1] - 1, lo + bounds[s]
        while True:
            if hi < 1 << 15 or lo >= 1 << 15:
                less = 0
            elif lo >= 1 << 14 and hi < (1 << 15) + (1 << 14):
                less = 1 << 14
            else:
                return s, hi << 32 | lo << 16 | code
            lo = 2 * (lo - less) & 0xFFFF
            hi = 2 * (hi - less) + 1 & 0xFFFF
            code = 2 * (code - less) + bits(1) & 0xFFFF


Coder = Tans | Rans | Nrans | Arithmetic
CODERS: list[Callable[[Code], Coder]] = [Tans, Tans, Rans, Tans, Rans, Arithmetic, Tans, Nrans]


def at_end(coder: Coder, state: int) -> bool:
    if isinstance(coder, Arithmetic):
        return state & 0xFFFF == state >> 16 & 0xFFFF
    return state == coder.end


# Streams and verdicts


@dataclass
class Step:
    symbol: int
    state: int
    symbol_position: int
    offset_position: int
    value: int


@dataclass
class Stream:
    status: str = "ok"
    values: list[int] = field(default_factory=list)
    outside: bool = False  # an offset is not below the size of its row
    steps: list[Step] = field(default_factory=list)


def decode_stream(code: Code, coder: Coder, n: int, words: tuple[list[int], list[int]], traced: bool) -> Stream:
    stream = Stream()
    symbols, offsets = Bits(words[0]), Bits(words[1])
    good = True
    if n > 0:
        offset_bits = code.offset_bits()
        state, pair = coder.start(symbols), -1
        for _ in range(n):
            if code.coding != PAIRS:
                s, state = coder.step(state, symbols)
            elif pair < 0:
                pair, state = coder.step(state, symbols)
                s = pair % 16
            else:
                s, pair = pair // 16, -1
            offset = offsets(offset_bits[s])
            stream.outside |= offset >= code.v[s + 1] - code.v[s]
            stream.values.append(code.v[s] + offset & 0xFFFF)
            if traced:
                stream.steps.append(Step(s, state, symbols.position, offsets.position, stream.values[-1]))
        good = at_end(coder, state)
    if symbols.truncated or offsets.truncated:
        stream.status = "truncated"
    elif not good:
        stream.status = "bad_state"
    elif symbols.trailing or offsets.trailing:
        stream.status = "trailing"
    return stream


def indices(n: int, N: int, k: int, stream: int) -> list[int]:
    return [i for first in range(stream * k, n, N * k) for i in range(first, min(first + k, n))]


@dataclass
class Tensor:
    """A tensor of a container; of version 2 its streams are decoded already."""

    name: str = ""
    W: int = 0
    type: int = 0
    shape: list[int] = field(default_factory=list)
    code: Code = field(default_factory=lambda: Code(RAW))
    N: int = 1
    k: int = 1
    checksum: int = 0
    words: list[tuple[list[int], list[int]]] = field(default_factory=list)
    decoded: list[Stream] = field(default_factory=list)

    @property
    def n(self) -> int:
        return prod(self.shape)

    def streams(self, traced: bool = False) -> list[Stream]:
        if self.decoded:
            return self.decoded
        coder = CODERS[self.code.coding](self.code)
        counts = [len(indices(self.n, self.N, self.k, s)) for s in range(self.N)]
        return [decode_stream(self.code, coder, m, words, traced) for m, words in zip(counts, self.words, strict=True)]

    def judge(self, streams: list[Stream]) -> tuple[str, list[int]]:
        """Its status and its values."""
        values = [0] * self.n
        for s, stream in enumerate(streams):
            for i, value in zip(indices(self.n, self.N, self.k, s), stream.values, strict=True):
                values[i] = value
        for stream in streams:
            if stream.status != "ok":
                return stream.status, values
        if any(stream.outside for stream in streams):
            return "bad_value", values
        width = 1 if self.W <= 8 else 2
        good = crc32c(b"".join(value.to_bytes(width, "little") for value in values)) == self.checksum
        return "ok" if good else "bad_checksum", values
