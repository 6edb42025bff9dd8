"""cell_energy.py — energies inside a cell, in joules per toggle of a pin, out of a liberty file's internal_power.

An energy depends on the state of the other pins (`when`): all states that the cell can be in are taken as
equally likely, except that pins tied to a constant keep it. Of a flip-flop's clock pin the states are told
apart by whether the next edge changes the flip-flop. Tables are read at the third smallest slew and at no
load, on the line through the two smallest: what a load takes is counted with the net, and some libraries
(IHP's) count half of C V^2 in these tables too. Rising and falling edge are averaged; what a ground rail sees
(related_pg_pin) is the charge that a supply gave, and is not counted again.
Source: Liberty User Guide, vol. 1 (Synopsys), "Modeling Power and Electromigration".
"""
# SPDX-License-Identifier: Apache-2.0

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import product

from transom.cost.liberty import Cell, FlipFlop, Library, Pin, Power, Table
from transom.cost.liberty_function import Expression, read_function

SLEW_POINT = 2  # the slew at which tables are read, counted from 0
MOST_PINS = 10  # the most whose states are enumerated

State = Mapping[str, bool]


@dataclass(frozen=True)
class CellEnergy:
    """Joules. of_input: per toggle of an input pin; of_output: of an output pin, by the input that caused it.

    clock_hold and clock_change are of a whole clock, both edges, at the clock pin of a flip-flop that keeps or
    changes its state.
    """

    of_input: Mapping[str, float]
    of_output: Mapping[str, Mapping[str, float]]
    clock_hold: float
    clock_change: float


def cell_energy(library: Library, cell: Cell, tied: State) -> CellEnergy:
    """The energies of a cell whose pins `tied` are constant. Raises ValueError for a function that cannot be read."""
    states = _states(cell, tied)
    unit = library.energy_unit_j
    inputs = [pin for pin in cell.pins.values() if pin.direction == "input" and pin.name not in tied]
    outputs = [pin for pin in cell.pins.values() if pin.direction == "output"]
    clock = clock_pin(cell)
    hold = change = 0.0
    if cell.flip_flop and clock is not None and clock not in tied:
        powers = cell.pins[clock].powers
        hold, change = (2 * unit * _edge(cell, powers, some) for some in _by_change(cell, cell.flip_flop, states))
    return CellEnergy(
        {pin.name: unit * _edge(cell, pin.powers, states) for pin in inputs if pin.name != clock},
        {pin.name: {name: unit * joule for name, joule in _by_cause(cell, pin, states, clock)} for pin in outputs},
        hold,
        change,
    )


def clock_energy(library: Library, cell: Cell) -> float:
    """Joules of a clock, both edges, at the clock pins of a cell without a function, such as a memory."""
    powers = [power for pin in cell.pins.values() if pin.clock for power in pin.powers if not power.when]
    return 2 * library.energy_unit_j * _edge(cell, powers, [{}])


def clock_pin(cell: Cell) -> str | None:
    """The pin that clocks the cell; None if it is no flip-flop. Raises ValueError if there are several."""
    if cell.flip_flop is None:
        return None
    names = sorted(_expression(cell.flip_flop.clocked_on).names())
    if len(names) != 1:
        raise ValueError(f"cell {cell.name}: clocked_on {cell.flip_flop.clocked_on!r} is not one pin")
    return names[0]


@cache
def _expression(text: str) -> Expression:
    return read_function(text)


def _states(cell: Cell, tied: State) -> list[dict[str, bool]]:
    """Every state of pins and of the flip-flop in which it is neither set nor cleared."""
    ff = cell.flip_flop
    inputs = [pin.name for pin in cell.pins.values() if pin.direction == "input" and pin.name not in tied]
    free = inputs + ([ff.state] if ff else [])
    if len(free) > MOST_PINS:
        raise ValueError(f"cell {cell.name}: {len(free)} free pins, at most {MOST_PINS} are enumerated")
    states = []
    for values in product((False, True), repeat=len(free)):
        state = {**tied, **dict(zip(free, values, strict=True))}
        if ff is not None:
            state[ff.inverse] = not state[ff.state]
            if any(text and _is_true(cell, text, state) for text in (ff.clear, ff.preset)):
                continue
        for pin in cell.pins.values():
            if pin.direction == "output" and pin.function:
                state[pin.name] = _is_true(cell, pin.function, state)
        states.append(state)
    return states


def _is_true(cell: Cell, text: str, state: State) -> bool:
    try:
        return _expression(text).value(state)
    except KeyError as error:
        raise ValueError(f"cell {cell.name}: {text!r} reads {error.args[0]}, which is no pin of it") from error


def _by_change(cell: Cell, ff: FlipFlop, states: Iterable[State]) -> tuple[list[State], list[State]]:
    """Those in which the next edge keeps the flip-flop's state, and those in which it changes it."""
    kept: tuple[list[State], list[State]] = ([], [])
    for state in states:
        kept[_is_true(cell, ff.next_state, state) != state[ff.state]].append(state)
    return kept


def _by_cause(cell: Cell, pin: Pin, states: Sequence[State], clock: str | None) -> Iterator[tuple[str, float]]:
    """Input -> energy of a toggle of output `pin` that it causes; for a flip-flop the clock alone.

    A state that no table is for is one in which the input does not move the output.
    """
    causes = {power.related_pin for power in pin.powers}
    for cause in sorted({clock} & causes if clock in causes else causes):
        found = [_in_state(cell, [power for power in pin.powers if power.related_pin == cause], s) for s in states]
        yield cause, _mean([joule for joule in found if joule is not None])


def _edge(cell: Cell, powers: Sequence[Power], states: Sequence[State]) -> float:
    """Mean energy of an edge over `states`, in the library's unit; a state that no table is for has none."""
    return _mean([_in_state(cell, powers, state) or 0.0 for state in states])


def _in_state(cell: Cell, powers: Sequence[Power], state: State) -> float | None:
    """Supplies add up; of a supply, the tables that are for this state or else those for all states, averaged."""
    rails: dict[str, tuple[list[float], list[float]]] = {}
    for power in powers:
        if power.related_pg_pin not in cell.grounds:
            this, any_state = rails.setdefault(power.related_pg_pin, ([], []))
            if not power.when:
                any_state.append(_mean_edge(power))
            elif _is_true(cell, power.when, state):
                this.append(_mean_edge(power))
    found = [_mean(this or any_state) for this, any_state in rails.values() if this or any_state]
    return sum(found) if found else None


def _mean_edge(power: Power) -> float:
    return _mean([_at_point(table) for table in (power.rise, power.fall) if table is not None])


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else 0.0


def _at_point(table: Table) -> float:
    point = {
        name: 0.0 if "capacitance" in name else index[min(SLEW_POINT, len(index) - 1)]
        for name, index in zip(table.variables, table.indices, strict=True)
    }
    return table.at(point)
