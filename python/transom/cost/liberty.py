"""liberty.py — what a liberty file says of its cells: area, pins, functions, flip-flops, delays, power.

Numbers are in the file's own units; Library has the factors to SI. An energy of internal_power is in
capacitance unit x voltage unit^2 (Liberty User Guide, vol. 1, "Modeling Power"). The 46 MB of ASAP7
take some 3 s to read.
"""
# SPDX-License-Identifier: Apache-2.0

import bisect
import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise, product
from pathlib import Path

from .liberty_function import read_function
from .liberty_text import Group, LibertyError, read_groups

SCALE = {"": 1.0, "m": 1e-3, "u": 1e-6, "n": 1e-9, "p": 1e-12, "f": 1e-15, "k": 1e3}
TABLE_KINDS = (
    "cell_rise", "cell_fall", "rise_transition", "fall_transition", "rise_constraint", "fall_constraint",
)  # fmt: skip


@dataclass(frozen=True)
class Table:
    """A look-up table of 0, 1 or 2 variables; `values` has the last variable running fastest."""

    variables: tuple[str, ...]
    indices: tuple[tuple[float, ...], ...]
    values: tuple[float, ...]

    def at(self, point: Mapping[str, float]) -> float:
        """The value at `point` (variable -> number): linear between and beyond the table's points."""
        corners = [(0, 1.0)]
        for variable, index in zip(self.variables, self.indices, strict=True):
            low, share = _between(index, point[variable])
            corners = [
                (place * len(index) + low + step, weight * part)
                for place, weight in corners
                for step, part in ((0, 1.0 - share), (1, share))
                if part
            ]
        return sum(self.values[place] * weight for place, weight in corners)

    def middle(self) -> float:
        """The value at the middle point of each variable."""
        return self.at({name: index[len(index) // 2] for name, index in zip(self.variables, self.indices, strict=True)})


@dataclass(frozen=True)
class Power:
    """internal_power of a pin: energy of its rising and falling edge, None where the file has none."""

    related_pin: str
    when: str
    related_pg_pin: str
    rise: Table | None
    fall: Table | None


@dataclass(frozen=True)
class Arc:
    """A timing group: delays or constraints of a pin against related_pin; `tables` by their kind."""

    related_pin: str
    timing_type: str  # "combinational" where the file has none
    timing_sense: str
    tables: Mapping[str, Table]


@dataclass(frozen=True)
class Pin:
    """A pin, or a bus of `width` pins. `capacitance` and `function` are 0 and "" where there are none."""

    name: str
    direction: str
    capacitance: float
    function: str
    clock: bool
    width: int
    max_capacitance: float
    powers: tuple[Power, ...]
    arcs: tuple[Arc, ...]


@dataclass(frozen=True)
class FlipFlop:
    """An ff group. clear and preset are the expressions that make them act, "" where there are none."""

    state: str
    inverse: str
    clocked_on: str
    next_state: str
    clear: str
    preset: str


@dataclass(frozen=True)
class Leakage:
    """A leakage_power group; `when` is "" for the value of all states."""

    when: str
    related_pg_pin: str
    value: float


@dataclass(frozen=True)
class Cell:
    """A cell. area in the library's area unit (um2 by custom), leakage in its leakage unit."""

    name: str
    area: float
    leakage: float
    leakages: tuple[Leakage, ...]
    pins: Mapping[str, Pin]
    flip_flop: FlipFlop | None
    latch: bool
    memory_bits: int
    dont_use: bool
    grounds: frozenset[str]  # the related_pg_pin that are no supply


@dataclass(frozen=True)
class Library:
    """A library: its cells by name and what its units are in SI (0 where the file does not say)."""

    path: Path
    name: str
    nom_voltage: float
    time_unit_s: float
    capacitance_unit_f: float
    voltage_unit_v: float
    leakage_unit_w: float
    cells: Mapping[str, Cell] = field(repr=False)

    @property
    def energy_unit_j(self) -> float:
        return self.capacitance_unit_f * self.voltage_unit_v**2

    @property
    def has_logic(self) -> bool:
        """Whether cells can be mapped to it: it has flip-flops and gates. A memory macro has neither."""
        cells = self.cells.values()
        return any(cell.flip_flop for cell in cells) and nand2_area(self) is not None


def read_liberty(path: Path) -> Library:
    """Reads a liberty file. Raises LibertyError naming file, cell and field; OSError."""
    library = read_groups(path)
    reader = _Reader(path, library)
    return Library(
        path=path,
        name=library.arguments[0] if library.arguments else path.stem,
        nom_voltage=reader.number(library, "nom_voltage", 0.0),
        time_unit_s=reader.unit(library.text("time_unit"), "s", "time_unit"),
        capacitance_unit_f=reader.capacitance_unit(),
        voltage_unit_v=reader.unit(library.text("voltage_unit"), "V", "voltage_unit"),
        leakage_unit_w=reader.unit(library.text("leakage_power_unit"), "W", "leakage_power_unit"),
        cells={cell.arguments[0]: reader.cell(cell) for cell in library.of("cell") if cell.arguments},
    )


def nand2_area(library: Library) -> float | None:
    """The area of the smallest two-input NAND, one gate equivalent; None where there is none."""
    return min((cell.area for cell in _gates(library, 2, lambda inputs: not all(inputs))), default=None)


def smallest_buffer(library: Library) -> str | None:
    """The name of the smallest buffer; None where there is none."""
    buffers = _gates(library, 1, all)
    return min(buffers, key=lambda cell: (cell.area, cell.name)).name if buffers else None


def _gates(library: Library, n_inputs: int, function: Callable[[Sequence[bool]], bool]) -> list[Cell]:
    cells = [cell for cell in library.cells.values() if cell.area > 0 and not (cell.flip_flop or cell.latch)]
    return [cell for cell in cells if _is_gate(cell, n_inputs, function)]


def _is_gate(cell: Cell, n_inputs: int, wanted: Callable[[Sequence[bool]], bool]) -> bool:
    inputs = [pin.name for pin in cell.pins.values() if pin.direction == "input"]
    functions = [pin.function for pin in cell.pins.values() if pin.direction == "output"]
    if len(inputs) != n_inputs or len(functions) != 1 or not functions[0]:
        return False
    function = read_function(functions[0])
    if function.names() != frozenset(inputs):
        return False
    cases = product((False, True), repeat=n_inputs)
    return all(function.value(dict(zip(inputs, case, strict=True))) == wanted(case) for case in cases)


def _between(index: tuple[float, ...], value: float) -> tuple[int, float]:
    """The lower neighbour of `value` in `index`, and its share of the way to the next one."""
    if len(index) == 1:
        return 0, 0.0
    low = min(max(bisect.bisect_right(index, value) - 1, 0), len(index) - 2)
    return low, (value - index[low]) / (index[low + 1] - index[low])


class _Reader:
    """Groups into cells; knows the file's name for its errors, and the library's templates and types."""

    def __init__(self, path: Path, library: Group) -> None:
        self._path = path
        self._library = library
        self._templates = {
            group.arguments[0]: group
            for group in library.of("lu_table_template", "power_lut_template")
            if group.arguments
        }
        self._widths = {
            group.arguments[0]: max(1, int(self.number(group, "bit_width", 1)))
            for group in library.of("type")
            if group.arguments
        }
        self._input_capacitance = self.number(library, "default_input_pin_cap", 0.0)

    def _error(self, where: str, text: str) -> LibertyError:
        return LibertyError(f"{self._path}: {where}: {text}")

    def _float(self, text: str, where: str) -> float:
        try:
            value = float(text)
        except ValueError:
            value = math.nan
        if not math.isfinite(value):
            raise self._error(where, f"{text[:40]!r} is not a number")
        return value

    def number(self, group: Group, name: str, default: float) -> float:
        text = group.text(name)
        return self._float(text, f"{group.kind}({','.join(group.arguments)}) {name}") if text else default

    def unit(self, text: str, symbol: str, name: str) -> float:
        if not text:
            return 0.0
        match = re.fullmatch(rf"([\d.]+)\s*([munpfk]?){symbol}", text, re.IGNORECASE)
        if match is None:
            raise self._error(name, f"{text!r} is not a unit such as 1n{symbol}")
        return self._float(match[1], name) * SCALE[match[2].lower()]

    def capacitance_unit(self) -> float:
        text = self._library.text("capacitive_load_unit").replace('"', "")
        number, _, unit = text.partition(",")
        if not unit:
            return 0.0
        return self._float(number, "capacitive_load_unit") * self.unit(f"1{unit.strip()}", "f", "capacitive_load_unit")

    def cell(self, group: Group) -> Cell:
        where = f"cell {group.arguments[0]}"
        leakages = tuple(
            Leakage(leak.text("when"), leak.text("related_pg_pin"), self.number(leak, "value", 0.0))
            for leak in group.of("leakage_power")
        )
        pins = [self._pin(pin, where) for pin in group.of("pin", "bus")]
        pins += [self._pin(pin, where) for bundle in group.of("bundle") for pin in bundle.of("pin")]
        return Cell(
            name=group.arguments[0],
            area=self.number(group, "area", 0.0),
            leakage=self._leakage(group, leakages),
            leakages=leakages,
            pins={pin.name: pin for pin in pins},
            flip_flop=self._flip_flop(group),
            latch=bool(group.of("latch")),
            memory_bits=self._memory_bits(group),
            dont_use=group.text("dont_use") == "true",
            grounds=frozenset(
                pin.arguments[0] for pin in group.of("pg_pin") if pin.arguments and "ground" in pin.text("pg_type")
            ),
        )

    def _leakage(self, group: Group, leakages: tuple[Leakage, ...]) -> float:
        """The cell's leakage: as stated, or the sum of the supplies' unconditional ones, or the states' mean."""
        if group.text("cell_leakage_power"):
            return self.number(group, "cell_leakage_power", 0.0)
        stated = [leak.value for leak in leakages if not leak.when]
        if stated:
            return sum(stated)
        states = {leak.when for leak in leakages}
        if states:
            return sum(leak.value for leak in leakages) / len(states)
        return self.number(self._library, "default_cell_leakage_power", 0.0)

    def _flip_flop(self, group: Group) -> FlipFlop | None:
        for ff in group.of("ff"):
            names = (*ff.arguments, "", "")
            keys = ("clocked_on", "next_state", "clear", "preset")
            return FlipFlop(names[0], names[1], *(ff.text(key) for key in keys))
        return None

    def _memory_bits(self, group: Group) -> int:
        return sum(
            2 ** min(64, int(self.number(memory, "address_width", 0))) * int(self.number(memory, "word_width", 0))
            for memory in group.of("memory")
        )

    def _pin(self, group: Group, cell: str) -> Pin:
        if not group.arguments:
            raise self._error(cell, "a pin has no name")
        where = f"{cell} pin {group.arguments[0]}"
        direction = group.text("direction")
        capacitance = self.number(group, "capacitance", self._input_capacitance if direction == "input" else 0.0)
        if not group.text("capacitance") and group.text("rise_capacitance"):
            edges = [self.number(group, f"{edge}_capacitance", capacitance) for edge in ("rise", "fall")]
            capacitance = sum(edges) / 2
        return Pin(
            name=group.arguments[0],
            direction=direction,
            capacitance=capacitance,
            function=group.text("function"),
            clock=group.text("clock") == "true",
            width=self._widths.get(group.text("bus_type"), 1),
            max_capacitance=self.number(group, "max_capacitance", 0.0),
            powers=tuple(self._power(power, where) for power in group.of("internal_power")),
            arcs=tuple(self._arc(arc, where) for arc in group.of("timing")),
        )

    def _power(self, group: Group, where: str) -> Power:
        tables = {table.kind: self._table(table, where) for table in group.of("rise_power", "fall_power", "power")}
        both = tables.get("power")
        return Power(
            group.text("related_pin"), group.text("when"), group.text("related_pg_pin"),
            tables.get("rise_power", both), tables.get("fall_power", both),
        )  # fmt: skip

    def _arc(self, group: Group, where: str) -> Arc:
        return Arc(
            related_pin=group.text("related_pin"),
            timing_type=group.text("timing_type", "combinational"),
            timing_sense=group.text("timing_sense"),
            tables={table.kind: self._table(table, where) for table in group.of(*TABLE_KINDS)},
        )

    def _table(self, group: Group, where: str) -> Table:
        where = f"{where} {group.kind}"
        template = self._templates.get(group.arguments[0]) if group.arguments else None
        values = self._numbers(group.text("values"), where)
        variables, indices = [], []
        for number in (1, 2, 3):
            if template is None or not (name := template.text(f"variable_{number}")):
                break
            text = group.text(f"index_{number}") or template.text(f"index_{number}")
            index = self._numbers(text, f"{where} index_{number}")
            if any(a >= b for a, b in pairwise(index)):
                raise self._error(where, f"index_{number} does not rise")
            variables.append(name)
            indices.append(index)
        if len(values) != math.prod(len(index) for index in indices):
            raise self._error(where, f"has {len(values)} values for {'x'.join(str(len(i)) for i in indices) or 1}")
        return Table(tuple(variables), tuple(indices), values)

    def _numbers(self, text: str, where: str) -> tuple[float, ...]:
        return tuple(self._float(part, where) for part in text.replace('"', " ").replace(",", " ").split())
