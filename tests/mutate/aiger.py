"""aiger.py — circuits in binary AIGER."""
# SPDX-License-Identifier: Apache-2.0

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from formal.aiger import delta_bytes


def _number(data: bytes, at: int) -> tuple[int, int]:
    """One of AIGER's numbers of 7 bits a byte, and where the next begins."""
    value = shift = 0
    while True:
        byte = data[at]
        value |= (byte & 127) << shift
        at, shift = at + 1, shift + 7
        if byte < 128:
            return value, at


def _read_gates(data: bytes, number: int, first: int) -> tuple[list[tuple[int, int]], int]:
    """Gates from variable `first` on, and where names begin."""
    at, gates = 0, []
    for gate in range(first, first + number):
        one, at = _number(data, at)
        other, at = _number(data, at)
        gates.append((2 * gate - one, 2 * gate - one - other))
    return gates, at


def _gate_bytes(gates: Sequence[tuple[int, int]], first: int) -> bytes:
    parts = []
    for gate, pair in enumerate(gates, first):
        large, small = max(pair), min(pair)
        parts.append(delta_bytes(2 * gate - large) + delta_bytes(large - small))
    return b"".join(parts)


@dataclass(frozen=True)
class Aiger:
    """Literals are even for a variable, odd for its complement; 1 is true. Variables: inputs, latches, gates."""

    n_inputs: int
    latches: list[int]  # what each is next
    outputs: list[int]
    constraints: list[int]
    gates: list[tuple[int, int]]
    names: dict[str, str]  # of i0, l0, ..: with blanks between where there are some

    @property
    def variables(self) -> int:
        return self.n_inputs + len(self.latches) + len(self.gates)

    def latch(self, number: int) -> int:
        return 2 * (1 + self.n_inputs + number)


def read_aiger(aiger: bytes) -> Aiger:
    header, rest = aiger.split(b"\n", 1)
    _, inputs, latches, outputs, gates, *more = (int(number) for number in header.split()[1:])
    constraints = more[1] if len(more) > 1 else 0
    *lines, ands = rest.split(b"\n", latches + outputs + constraints)
    firsts = [int(line.split()[0]) for line in lines]
    read, at = _read_gates(ands, gates, 1 + inputs + latches)
    names = dict(re.findall(r"^([il]\d+) (.+)$", ands[at:].decode(), re.MULTILINE))
    ends = latches + outputs
    return Aiger(inputs, firsts[:latches], firsts[latches:ends], firsts[ends:], read, names)


def write_step(aiger: Aiger, same: Mapping[int, int], more: Sequence[tuple[int, int]], output: int) -> bytes:
    """Its gates and `more` of them, with one output; latches are inputs, and variables are others where they are the
    `same`.
    """

    def literal(old: int) -> int:
        return same[old & ~1] ^ old & 1 if old & ~1 in same else old

    first = 1 + aiger.n_inputs + len(aiger.latches)
    gates = [(literal(a), literal(b)) for a, b in (*aiger.gates, *more)]
    header = f"aig {first - 1 + len(gates)} {first - 1} 0 1 {len(gates)}\n{literal(output)}\n"
    return header.encode() + _gate_bytes(gates, first)


def set_inputs(aiger: bytes, values: dict[str, int]) -> bytes:
    """A circuit in binary AIGER, of whose inputs some are constants."""
    lines = aiger.split(b"\n", 1)
    _, inputs, latches, outputs, gates, *more = (int(number) for number in lines[0].split()[1:])
    constraints = more[1] if len(more) > 1 else 0
    before = lines[1].split(b"\n", latches + outputs + constraints)
    ands = before.pop()
    start = 1 + inputs + latches
    read, at = _read_gates(ands, gates, start)
    names = re.findall(rb"^i(\d+) (\S+)$", ands[at:], re.MULTILINE)
    constant = {2 * (1 + int(number)): values[name.decode()] for number, name in names if name.decode() in values}
    assert len(constant) == len(values), "inputs that are not there"

    def literal(old: int) -> int:
        return constant[old & ~1] ^ old & 1 if old & ~1 in constant else old

    body = b""
    for line in before:  # a latch's next value, with its first one behind; an output; a constraint
        first_word, *others = line.split()
        body += b" ".join([str(literal(int(first_word))).encode(), *others]) + b"\n"
    return lines[0] + b"\n" + body + _gate_bytes([(literal(a), literal(b)) for a, b in read], start)
