"""aiger.py — and-inverter graphs: read as Yosys writes them, written as abc reads them, simulated."""
# SPDX-License-Identifier: Apache-2.0

from dataclasses import dataclass, replace
from pathlib import Path


@dataclass(frozen=True)
class Aig:
    """Literals are even for a variable, odd for its complement; 0 is false. Latches begin at 0."""

    inputs: list[int]
    latches: list[tuple[int, int]]  # literal, next
    constraints: list[int]
    ands: list[tuple[int, int, int]]
    bad: list[int]

    def top(self) -> int:
        """The largest literal's variable."""
        return max([*self.inputs, *(q for q, _ in self.latches), *(y for y, _, _ in self.ands), 0]) // 2


def read(path: Path) -> Aig:
    """An ASCII file of Yosys, without its bad states: those are named elsewhere."""
    lines = path.read_text().splitlines()
    n_inputs, n_latches, n_outputs, n_ands, n_bad, n_constraints = map(int, (lines[0].split() + ["0"] * 4)[2:8])
    at = 1

    def rows(n: int) -> list[list[int]]:
        nonlocal at
        at += n
        return [[int(field) for field in line.split()] for line in lines[at - n : at]]

    inputs = [row[0] for row in rows(n_inputs)]
    latches = [(row[0], row[1]) for row in rows(n_latches)]
    rows(n_outputs + n_bad)
    constraints = [row[0] for row in rows(n_constraints)]
    ands = [(row[0], row[1], row[2]) for row in rows(n_ands)]
    return Aig(inputs, latches, constraints, ands, [])


def all_of(aig: Aig, literals: list[int]) -> tuple[Aig, int]:
    """The graph with one more literal: their conjunction."""
    ands, top = list(aig.ands), aig.top()
    result = 1
    for literal in literals:
        top += 1
        ands.append((2 * top, result, literal))
        result = 2 * top
    return replace(aig, ands=ands), result


def with_bad(aig: Aig, bad: list[int]) -> Aig:
    """The graph with one bad state: any of these."""
    aig, good = all_of(aig, [literal ^ 1 for literal in bad])
    return replace(aig, bad=[good ^ 1])


def step_of_induction(aig: Aig, depth: int, last: int | None = None) -> Aig:
    """Latches begin with any value, and a bad state (there `last`, if told) counts only behind `depth` good ones."""
    ands, inputs = list(aig.ands), list(aig.inputs)
    top = aig.top()
    chain = [2 * (top + 1 + i) for i in range(depth)]
    latches = [(q, 1 if i == 0 else chain[i - 1]) for i, q in enumerate(chain)]
    top += depth
    for q, d in aig.latches:  # it holds the complement: q = ~held & ~(first & free)
        free, other, held = 2 * top + 2, 2 * top + 4, 2 * top + 6
        top += 3
        inputs.append(free)
        ands += [(other, chain[0] ^ 1, free), (q, held ^ 1, other ^ 1)]
        latches.append((held, d ^ 1))
    aig = replace(aig, inputs=inputs, latches=latches, ands=ands)
    aig, bad = all_of(aig, [aig.bad[0] if last is None else last, chain[-1]])
    aig, early = all_of(aig, [aig.bad[0], chain[-1] ^ 1])
    return replace(aig, bad=[bad], constraints=[*aig.constraints, early ^ 1])


def write(aig: Aig, path: Path) -> None:
    """As a binary file, whose variables are in order."""
    new = {0: 0}
    for literal in [*aig.inputs, *(q for q, _ in aig.latches)]:
        new[literal // 2] = len(new)
    gates = {y // 2: (a, b) for y, a, b in aig.ands}
    order = _in_order(gates, new)

    def lit(literal: int) -> int:
        return 2 * new[literal // 2] + literal % 2

    sizes = (len(new) - 1, len(aig.inputs), len(aig.latches), 0, len(order), len(aig.bad), len(aig.constraints))
    out = bytearray(f"aig {' '.join(map(str, sizes))}\n".encode())
    for _, d in aig.latches:
        out += f"{lit(d)}\n".encode()
    for literal in [*aig.bad, *aig.constraints]:
        out += f"{lit(literal)}\n".encode()
    for variable in order:
        low, high = sorted(map(lit, gates[variable]))
        out += delta_bytes(2 * new[variable] - high) + delta_bytes(high - low)
    path.write_bytes(out)


def _in_order(gates: dict[int, tuple[int, int]], new: dict[int, int]) -> list[int]:
    """Gates behind what they read; gives them numbers in `new`."""
    order = []
    for root in gates:
        waiting = [root]
        while waiting:
            variable = waiting[-1]
            missing = [] if variable in new else [x // 2 for x in gates[variable] if x // 2 not in new]
            if missing:
                waiting += missing
                continue
            waiting.pop()
            if variable not in new:
                new[variable] = len(new)
                order.append(variable)
    return order


def delta_bytes(delta: int) -> bytes:
    """As gates have it: 7 bits a byte, the last ones last."""
    out = bytearray()
    while delta >= 128:
        out.append(delta & 127 | 128)
        delta >>= 7
    return bytes([*out, delta])


class Simulation:
    """Values of all literals in each clock, of inputs as a counterexample has them."""

    def __init__(self, aig: Aig, stimuli: list[str]) -> None:
        gates = {y // 2: (a, b) for y, a, b in aig.ands}
        new = {0: 0}
        for literal in [*aig.inputs, *(q for q, _ in aig.latches)]:
            new[literal // 2] = len(new)
        order = _in_order(gates, new)
        state = [0] * len(aig.latches)
        self.clocks: list[dict[int, int]] = []
        for bits in stimuli:
            value = {0: 0}
            value.update((literal // 2, int(bit == "1")) for literal, bit in zip(aig.inputs, bits, strict=True))
            value.update((q // 2, bit) for (q, _), bit in zip(aig.latches, state, strict=True))
            for variable in order:
                a, b = gates[variable]
                value[variable] = (value[a // 2] ^ a & 1) & (value[b // 2] ^ b & 1)
            state = [value[d // 2] ^ d & 1 for _, d in aig.latches]
            self.clocks.append(value)

    def value(self, clock: int, literal: int) -> int:
        return self.clocks[clock].get(literal // 2, 0) ^ literal & 1
