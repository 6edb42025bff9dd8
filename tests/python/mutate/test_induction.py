"""test_induction.py — one step of induction: a register that is inverted while it holds, looked at in turns."""
# SPDX-License-Identifier: Apache-2.0

from itertools import product

import pytest
from mutate.aiger import Aiger, read_aiger
from mutate.induction import one_step

TURN, LOAD, DATA = 2, 4, 6
WAS_TURN, RUN, OTHER_RUN, HELD, STORED = 8, 10, 12, 14, 16
COMMAND = "mutate -mode inv -module m -cell c -port Q -portbit 0 -wire u.held_q -wirebit 0"
NAMES = {"l0": "was_turn", "l1": "gold_copy.u.run_q", "l2": "gate_copy.u.run_q", "l3": "gold_copy.u.held_q"}


def copies(looked_at_out_of_turn: bool) -> Aiger:
    """A register that is loaded in turn, and its copy, which puts out the inverse of what it stores."""
    gates: list[tuple[int, int]] = []

    def both(a: int, b: int) -> int:
        gates.append((max(a, b), min(a, b)))
        return 2 * (8 + len(gates))

    def choose(where: int, one: int, other: int) -> int:
        return both(both(where, one) ^ 1, both(where ^ 1, other) ^ 1) ^ 1

    loads = both(TURN, LOAD)
    seen = STORED ^ 1
    latches = [TURN, RUN, OTHER_RUN, choose(loads, DATA, HELD), choose(loads, DATA, seen)]
    differs = both(choose(HELD, seen ^ 1, seen), RUN)
    bad = differs if looked_at_out_of_turn else both(differs, TURN)
    return Aiger(3, latches, [bad], [], gates, NAMES)


def ever(circuit: bytes) -> bool:
    """Whether some inputs make its output 1."""
    aiger = read_aiger(circuit)
    assert not aiger.latches

    def put_out(inputs: tuple[int, ...]) -> int:
        values = [0, *inputs]
        for a, b in aiger.gates:
            values.append((values[a // 2] ^ a & 1) & (values[b // 2] ^ b & 1))
        return values[aiger.outputs[0] // 2] ^ aiger.outputs[0] & 1

    return any(put_out(inputs) for inputs in product((0, 1), repeat=aiger.n_inputs))


@pytest.mark.parametrize("out_of_turn", [False, True])
def test_inverted_in_each_clock_is_right_in_its_turn_alone(out_of_turn: bool) -> None:
    steps = [one_step(copies(out_of_turn), COMMAND, right, {}) for right in (None, False, True)]
    broken = [ever(step) for step in steps if step is not None]
    assert broken == [True, out_of_turn, True]


def test_registers_that_are_not_each_others_are_not_compared() -> None:
    circuit = copies(False)
    names = {latch: name for latch, name in NAMES.items() if latch != "l2"}
    strange = Aiger(3, circuit.latches, circuit.outputs, [], circuit.gates, names)
    assert all(one_step(strange, COMMAND, right, {}) is None for right in (None, False, True))


def test_a_register_may_be_another_where_nobody_looks() -> None:
    """One that is loaded when `open_q` rises; its copy is inverted in each clock in which that is low."""
    gates: list[tuple[int, int]] = []

    def both(a: int, b: int) -> int:
        gates.append((max(a, b), min(a, b)))
        return 2 * (6 + len(gates))

    def choose(where: int, one: int, other: int) -> int:
        return both(both(where, one) ^ 1, both(where ^ 1, other) ^ 1) ^ 1

    load, data, is_open, _, held, other_held = range(2, 14, 2)
    latches = [load, load, choose(load, data, held)]
    latches.append(choose(load, data, choose(is_open, other_held, other_held ^ 1)))
    bad = both(choose(held, other_held ^ 1, other_held), is_open)
    names = {f"l{n}": name for n, name in enumerate(f"{copy}_copy.u.{register}" for register in ("open_q", "held_q")
                                                    for copy in ("gold", "gate"))}  # fmt: skip
    circuit = Aiger(2, latches, [bad], [], gates, names)

    def broken(*values: int) -> bool:
        step = one_step(circuit, COMMAND, None, {"held_q": ("open_q", values)} if values else {})
        assert step is not None
        return ever(step)

    assert [broken(), broken(1), broken(0), broken(0, 1)] == [True, False, True, True]
