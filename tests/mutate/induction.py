"""induction.py — a mutant by one step of induction: registers of both copies are equal and stay so.

In a lane whose streams take turns a register is looked at in every second clock. One that is inverted in each clock,
while it holds, is right in those. So the changed register may have another relation to the original's, while its
stream runs: inverted in its turn as stored, or in the other's. Other registers need be equal only while somebody looks
at them (LOOKED_AT). What holds at reset, where no stream runs and nobody looks, and stays from any clock to the next,
holds for ever; a copy's register that nothing resets may begin with anything.
"""
# SPDX-License-Identifier: Apache-2.0

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from .aiger import Aiger, read_aiger, write_step
from .environment import LOOKED_AT, LookedAt
from .prove import Prover

CHANGE = re.compile(r"-mode (inv|cnot[01]) .*-port Q -portbit (\d+)(?: -ctrlbit (\d+))?.* -wire (\S+) -wirebit (\d+)")
TRUE = 1


def _bit(name: str) -> tuple[str, int]:
    """The register of a copy's bit, and the number of the bit."""
    register, _, bit = name.removesuffix("]").rpartition("[")
    return (register, int(bit)) if name.endswith("]") else (name, 0)


def _counts(name: str, looked_at: LookedAt) -> tuple[str, Sequence[int]] | None:
    """While which values of which register."""
    return next((where for register, where in looked_at.items() if _bit(name)[0].endswith(register)), None)


@dataclass
class _Circuit:
    """A circuit of gates, to which some are added."""

    aiger: Aiger
    gates: list[tuple[int, int]] = field(default_factory=list)

    def both(self, a: int, b: int) -> int:
        self.gates.append((max(a, b), min(a, b)))
        return 2 * (self.aiger.variables + len(self.gates))

    def any(self, *literals: int) -> int:
        none = TRUE
        for literal in literals:
            none = self.both(none, literal ^ 1)
        return none ^ 1

    def differ(self, a: int, b: int) -> int:
        return self.any(self.both(a, b ^ 1), self.both(a ^ 1, b))

    def all(self, *literals: int) -> int:
        return self.any(*(literal ^ 1 for literal in literals)) ^ 1

    def has(self, bits: Mapping[int, int], values: Sequence[int]) -> int:
        """Whether literals, by the number of the bit, are one of these values."""
        return self.any(*(self.all(*(bit ^ 1 ^ value >> n & 1 for n, bit in bits.items())) for value in values))


def one_step(aiger: Aiger, command: str, stored_right: bool | None, looked_at: LookedAt) -> bytes | None:
    """A circuit without registers whose output is 1 where one step breaks what holds; None where registers of the
    copies are not those of each other. `aiger` is a miter with the one mutant of `command` in it; `looked_at` says of
    registers while which values of which other one they count.
    """
    circuit = _Circuit(aiger)
    named = {name: int(latch[1:]) for latch, names in aiger.names.items() if latch[0] == "l" for name in names.split()}
    gold = {name.removeprefix("gold_copy."): latch for name, latch in named.items() if name.startswith("gold_copy.")}
    gate = {name.removeprefix("gate_copy."): latch for name, latch in named.items() if name.startswith("gate_copy.")}
    partners = {latch: gold[name] for name, latch in gate.items() if name in gold}
    alone = set(gold.values()) - set(partners.values())
    strange = set(range(len(aiger.latches))) - set(named.values()) | set(gate.values()) - partners.keys()
    if len(alone) != len(strange) or len(alone) > 1 or len(set(partners.values())) != len(partners):
        return None
    clauses: list[int] = []
    holds: list[int] = []
    for name, latch in gate.items():
        if name in gold and (where := _counts(name, looked_at)):
            bits = {_bit(other)[1]: at for other, at in gold.items() if _bit(other)[0].endswith(where[0])}
            for value, said in ((aiger.latch, holds), (aiger.latches.__getitem__, clauses)):
                counts = circuit.has({n: value(at) for n, at in bits.items()}, where[1])
                said.append(circuit.both(counts, circuit.differ(value(gold[name]), value(latch))))
            del partners[latch]
    holds = [wrong ^ 1 for wrong in holds]
    same = {aiger.latch(latch): aiger.latch(original) for latch, original in partners.items()}
    pairs = [(aiger.latches[original], aiger.latches[latch]) for latch, original in partners.items()]
    if not alone and stored_right is not None:
        return None
    if alone:
        (original,), (changed,) = alone, strange
        if stored_right is None:
            same[aiger.latch(changed)] = aiger.latch(original)
            pairs.append((aiger.latches[original], aiger.latches[changed]))
        else:
            found = CHANGE.search(command)
            run = next((latch for name, latch in gold.items() if name.endswith("run_q")), None)
            if found is None or run is None or "was_turn" not in named:
                return None
            turn = aiger.latches[named["was_turn"]]
            mode, bit, by, wire, wire_bit = found.groups()
            by_name = f"{wire}[{int(wire_bit) - int(bit) + int(by)}]" if by else ""
            if by and by_name not in gold:
                return None

            def wrong(now: bool) -> int:
                value = aiger.latch if now else aiger.latches.__getitem__
                inverted = TRUE if not by else value(gold[by_name]) ^ (mode == "cnot0")
                where = turn ^ stored_right ^ (not now)
                should = circuit.differ(value(original), circuit.both(where, inverted))
                return circuit.both(value(run), circuit.differ(value(changed), should))

            holds.append(wrong(True) ^ 1)
            clauses.append(wrong(False))
    clauses += [circuit.differ(a, b) for a, b in pairs]
    broken = circuit.any(*aiger.outputs, *clauses)
    for literal in (*aiger.constraints, *holds):
        broken = circuit.both(broken, literal)
    return write_step(aiger, same, circuit.gates, broken)


def prove_by_step(prover: Prover, number: int, command: str, base: Path, cells: Mapping[str, tuple[str, ...]]) -> bool:
    """Whether one step proves mutant `number`, which `command` makes. What resets is left away: `prover` is without."""
    prover.make(base, {number: command}, cells)
    names = read_aiger(prover.circuit.read_bytes()).names
    aiger = replace(read_aiger(prover.with_mutant(number)), names=names)
    for stored_right in (None, False, True):
        circuit = one_step(aiger, command, stored_right, LOOKED_AT.get(prover.scope.module, {}))
        if circuit is not None and "UNSATISFIABLE" in prover.run_abc(circuit, "dc2; fraig; sat -v"):
            return True
    return False
