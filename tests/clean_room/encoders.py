"""encoders.py — the encoders of model/FORMAT.md: from a stream's symbols to the words of its symbol bits."""
# SPDX-License-Identifier: Apache-2.0

from itertools import accumulate

from coders import APACK_AC, NRANS, OF_TANS, PAIRS, Code, above, pair_frequencies, spread_of

Field = tuple[int, int]  # a number, and its bits


def to_words(fields: list[Field]) -> list[int]:
    number, n_bits = 0, 0
    for value, n in fields:
        number |= value << n_bits
        n_bits += n
    return [number >> 32 * i & 0xFFFFFFFF for i in range(above(n_bits, 32))]


def only(x: int, least: int, most_bits: int) -> int:
    """The one number of bits after which x is in [least, 2 least)."""
    [n] = [n for n in range(most_bits + 1) if least <= x >> n < 2 * least]
    return n


def tans(f: list[int], code: Code, symbols: list[int]) -> list[Field]:
    L = x = 1 << code.R
    slots: dict[int, list[int]] = {}
    for t, s in enumerate(spread_of(f, code.R, code.spread)):
        slots.setdefault(s, []).append(t)
    fields = []
    for s in reversed(symbols):
        n = only(x, f[s], code.R)
        fields.append((x & (1 << n) - 1, n))
        x = L + slots[s][(x >> n) - f[s]]
    return [(x - L, code.R), *reversed(fields)]


def pairs(code: Code, symbols: list[int]) -> list[Field]:
    if len(symbols) % 2:
        after = code.f[symbols[-1] * code.A : (symbols[-1] + 1) * code.A]
        symbols = [*symbols, after.index(max(after))]
    both = [s1 + 16 * s2 for s1, s2 in zip(symbols[::2], symbols[1::2], strict=True)]
    return tans(pair_frequencies(code), code, both)


def rans(code: Code, symbols: list[int]) -> list[Field]:
    cum = [0, *accumulate(code.f)]
    x, fields = 1 << 16, []
    for s in reversed(symbols):
        f = code.f[s]
        if x >> 32 - code.R >= f:
            fields.append((x & 0xFFFF, 16))
            x >>= 16
        x = (x // f << code.R) + cum[s] + x % f
    return [(x & 0xFFFF, 16), (x >> 16, 16), *reversed(fields)]


def nrans(code: Code, symbols: list[int]) -> list[Field]:
    cum = [0, *accumulate(code.f)]
    start = x = 4 << code.R
    fields = []
    for s in reversed(symbols):
        f = code.f[s]
        k = only(x, 4 * f, code.R)
        fields.append((x & (1 << k) - 1, k))
        y = x >> k
        x = (y // f << code.R) + cum[s] + y % f
    return [(x - start, code.R + 2), *reversed(fields)]


def arithmetic(code: Code, symbols: list[int]) -> list[Field]:
    cum = [0, *accumulate(code.f)]
    lo, hi, owed = 0, 0xFFFF, 0
    bits: list[int] = []

    def write(bit: int) -> None:
        nonlocal owed
        bits.extend([bit] + [1 - bit] * owed)
        owed = 0

    for s in symbols:
        width = hi - lo + 1
        hi = lo + (width * cum[s + 1] >> 10) - 1
        lo = lo + (width * cum[s] >> 10)
        while True:
            if hi < 1 << 15 or lo >= 1 << 15:
                write(lo >> 15)
                less = lo & 1 << 15
            elif lo >= 1 << 14 and hi < (1 << 15) + (1 << 14):
                owed += 1
                less = 1 << 14
            else:
                break
            lo, hi = 2 * (lo - less), 2 * (hi - less) + 1
    for place in reversed(range(16)):
        write(lo >> place & 1)
    return [(bit, 1) for bit in bits]


def encode(code: Code, symbols: list[int]) -> list[int]:
    """The symbol words of a stream; none of no symbols."""
    if not symbols:
        return []
    if code.coding == PAIRS:
        return to_words(pairs(code, symbols))
    if code.coding in OF_TANS:
        return to_words(tans(code.f, code, symbols))
    coder = {APACK_AC: arithmetic, NRANS: nrans}.get(code.coding, rans)
    return to_words(coder(code, symbols))
