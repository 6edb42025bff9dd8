"""naive.py — torch_ans' rows and the Python tANS' bits in the slow, obvious form: Python's integers, no tables.

Written from the formats' definitions (model/foreign/torch/torch_ans.hpp, model/foreign/tans_py.hpp).
"""
# SPDX-License-Identifier: Apache-2.0

from dataclasses import dataclass, field

STATE_BYTES = {"rans64": 8, "rans32": 4, "rans32_16": 4}
WORD_BITS = {"rans64": 32, "rans32": 8, "rans32_16": 16}
LOWER_LOG = {"rans64": 31, "rans32": 23, "rans32_16": 15}


@dataclass
class NaiveRow:
    """One row of one table, without alias."""

    family: str
    cdf: list[int]
    precision: int
    digit_bits: int = 0  # of escapes; 0: none
    offset: int = 0
    n_states: int = 1
    words: list[int] = field(default_factory=list)
    states: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.states = [1 << LOWER_LOG[self.family]] * self.n_states

    def _push(self, k: int, start: int, freq: int, precision: int) -> None:
        lower, word = LOWER_LOG[self.family], WORD_BITS[self.family]
        while self.states[k] >= (1 << lower >> precision << word) * freq:
            self.words.append(self.states[k] % (1 << word))
            self.states[k] >>= word
        self.states[k] = (self.states[k] // freq << precision) + self.states[k] % freq + start

    def _push_raw(self, k: int, raw: int) -> None:
        n, most = 0, (1 << self.digit_bits) - 1
        while raw >> n * self.digit_bits:
            n += 1
        digits = [raw >> d * self.digit_bits & most for d in range(n)][::-1]
        for digit in [*digits, n % most, *[most] * (n // most)]:
            self._push(k, digit, 1, self.digit_bits)

    def _fold(self, symbol: int) -> tuple[int, int | None]:
        value, most = symbol - self.offset, len(self.cdf) - 2
        if not self.digit_bits or 0 <= value < most:
            return value, None
        return most, -2 * value - 1 if value < 0 else 2 * (value - most)

    def push(self, symbols: list[int]) -> None:
        n_full = len(symbols) // self.n_states * self.n_states
        groups = [[i] for i in range(len(symbols) - 1, n_full - 1, -1)]
        groups += [list(range(i - 1, i - 1 - self.n_states, -1)) for i in range(n_full, 0, -self.n_states)]
        for group in groups:
            folded = {i: self._fold(symbols[i]) for i in group}
            for i in group:
                raw = folded[i][1]
                if raw is not None:
                    self._push_raw(i % self.n_states, raw)
            for i in group:
                s = folded[i][0]
                self._push(i % self.n_states, self.cdf[s], self.cdf[s + 1] - self.cdf[s], self.precision)

    def to_bytes(self) -> bytes:
        n_word = WORD_BITS[self.family] // 8
        states = b"".join(x.to_bytes(STATE_BYTES[self.family], "little") for x in self.states)
        return states + b"".join(word.to_bytes(n_word, "little") for word in self.words)


def naive_tans(counts: list[int], message: list[int], fast: bool) -> list[int]:
    """The bits of a message of symbol numbers."""
    size = sum(counts)
    log = size.bit_length() - 1
    if fast:
        slots, at = [0] * size, 0
        for s, n in enumerate(counts):
            for _ in range(n):
                slots[at] = s
                at = (at + 5 * size // 8 + 3) % size
    else:
        wishes = [(1 / (2 * (n / size)) + i / (n / size), s) for s, n in enumerate(counts) for i in range(n)]
        slots = [s for _, s in sorted(wishes)]
    places = {s: [size + slot for slot, symbol in enumerate(slots) if symbol == s] for s in set(message)}
    flat = [size + slot for s in range(len(counts)) for slot, symbol in enumerate(slots) if symbol == s]
    first = message[0]
    start = flat[(sum(counts[:first]) - counts[first]) % size]
    bits: list[int] = []

    def emit(value: int, n: int) -> None:
        bits.extend(value >> i & 1 for i in range(n - 1, -1, -1))

    state = start
    for s in message:
        n_out = 0
        while state >> n_out >= 2 * counts[s]:
            n_out += 1
        emit(state % (1 << n_out), n_out)
        state = places[s][(state >> n_out) - counts[s]]
    emit(state - size, log)
    emit(start - size, log)
    return bits
