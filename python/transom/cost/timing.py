"""timing.py — the longest paths of a mapped netlist: a small static timing analysis over liberty tables.

Arrival and slew of each net's rising and falling edge, the worst of each apart, with the loads of input
pins: no wires, ideal clock. A path begins at a port, a flip-flop (its clock-to-output delay counts) or a
memory's output (which comes at 0), and ends at a port, a flip-flop (its setup counts) or a memory.
Source: J. Bhasker, R. Chadha, Static Timing Analysis for Nanometer Designs (2009), chapters 3 and 5.
"""
# SPDX-License-Identifier: Apache-2.0

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from .liberty import Arc, Cell, Library, Table

RISE, FALL = 0, 1
EDGES = ("rise", "fall")
Pins = Mapping[str, int | str]  # pin -> net; a constant is "0", "1" or "x"
COMBINATIONAL = ("combinational", "combinational_rise", "combinational_fall")


@dataclass(frozen=True)
class TimingPath:
    """A path: its delay in the library's time unit, where it begins and ends, and its gates in between."""

    delay: float
    start: str
    end: str
    gates: int


@dataclass(frozen=True)
class _Point:
    """The latest arrival of an edge of a net; `before` is the point it comes from."""

    arrival: float
    slew: float
    start: str
    gates: int


class Netlist:
    """A module that Yosys' write_json wrote after mapping to `library`; `registers` as of register_names."""

    def __init__(self, module: Mapping[str, Any], library: Library, registers: Mapping[str, str]) -> None:
        self._library = library
        self._module = module
        self._gates: list[tuple[Cell, Pins]] = []
        self._flip_flops: list[tuple[str, Cell, Pins]] = []  # with the register's name
        self._sources: dict[int, str] = {}  # net -> name; of ports and memories
        self._sinks: dict[int, str] = {}
        self._loads: dict[int, float] = {}
        self._sort_cells(registers)
        self._order = self._levels()

    def longest(self, starts: Callable[[str], bool], ends: Callable[[str], bool]) -> TimingPath | None:
        """The longest path between points whose names are wanted; None where there is none."""
        arrivals = self._starts(starts)
        for cell, pins in self._order:
            self._through(cell, pins, arrivals)
        paths = [path for path in self._ends(arrivals, ends) if path]
        return max(paths, key=lambda path: (path.delay, path.start, path.end), default=None)

    def _sort_cells(self, registers: Mapping[str, str]) -> None:
        for name, port in self._module["ports"].items():
            names = self._sources if port["direction"] == "input" else self._sinks
            names.update({bit: f"{name}[{place}]" for place, bit in enumerate(port["bits"]) if isinstance(bit, int)})
        for name, instance in self._module["cells"].items():
            cell = self._library.cells.get(instance["type"])
            if cell is None:
                self._box(name, instance)
                continue
            pins = {pin: bits[0] for pin, bits in instance["connections"].items() if bits}
            for pin, net in pins.items():
                if isinstance(net, int) and pin in cell.pins and cell.pins[pin].direction == "input":
                    self._loads[net] = self._loads.get(net, 0.0) + cell.pins[pin].capacitance
            if cell.flip_flop:
                self._flip_flops.append((registers.get(name, ""), cell, pins))
            else:
                self._gates.append((cell, pins))

    def _box(self, name: str, instance: Mapping[str, Any]) -> None:
        for port, bits in instance["connections"].items():
            names = self._sources if instance["port_directions"].get(port) == "output" else self._sinks
            names.update({bit: f"{name}.{port}[{place}]" for place, bit in enumerate(bits) if isinstance(bit, int)})

    def _levels(self) -> list[tuple[Cell, Pins]]:
        """Gates so that each comes after those that drive it. Raises ValueError for a combinational loop."""
        readers: dict[int, list[int]] = {}
        waits = [0] * len(self._gates)
        driven = {net for cell, pins in self._gates for net in _outputs(cell, pins)}
        for place, (cell, pins) in enumerate(self._gates):
            for net in set(_inputs(cell, pins)) & driven:
                readers.setdefault(net, []).append(place)
                waits[place] += 1
        ready = [place for place, count in enumerate(waits) if not count]
        order = []
        for place in ready:  # grows while it is read
            order.append(self._gates[place])
            for net in _outputs(*self._gates[place]):
                for reader in readers.get(net, ()):
                    waits[reader] -= 1
                    if not waits[reader]:
                        ready.append(reader)
        if len(order) != len(self._gates):
            raise ValueError(f"{self._library.name}: the netlist has a combinational loop")
        return order

    def _starts(self, wanted: Callable[[str], bool]) -> dict[int, list[_Point | None]]:
        arrivals: dict[int, list[_Point | None]] = {}
        for source, name in self._sources.items():
            if wanted(name):
                arrivals[source] = [_Point(0.0, 0.0, name, 0)] * 2
        for name, cell, pins in self._flip_flops:
            if not wanted(name):
                continue
            for pin in cell.pins.values():
                net = pins.get(pin.name)
                if pin.direction == "output" and isinstance(net, int):
                    clock = _Point(0.0, 0.0, name, 0)
                    for arc in pin.arcs:
                        if arc.timing_type in ("rising_edge", "falling_edge"):
                            self._edge(arc, [clock, clock], net, arrivals, 0)
        return arrivals

    def _through(self, cell: Cell, pins: Pins, arrivals: dict[int, list[_Point | None]]) -> None:
        for pin in cell.pins.values():
            net = pins.get(pin.name)
            if pin.direction != "output" or not isinstance(net, int):
                continue
            for arc in pin.arcs:
                related = pins.get(arc.related_pin)
                before = arrivals.get(related) if isinstance(related, int) else None
                if before and arc.timing_type in COMBINATIONAL:
                    self._edge(arc, before, net, arrivals, 1)

    def _edge(
        self, arc: Arc, before: list[_Point | None], net: int, arrivals: dict[int, list[_Point | None]], gates: int
    ) -> None:
        """Carries the points before an arc through it, to both edges of the net behind."""
        load = self._loads.get(net, 0.0)
        points = arrivals.setdefault(net, [None, None])
        for edge in (RISE, FALL):
            delay = arc.tables.get(f"cell_{EDGES[edge]}")
            slew = arc.tables.get(f"{EDGES[edge]}_transition")
            if delay is None or slew is None:
                continue
            for point in _sense(arc.timing_sense, before, edge):
                if point is None:
                    continue
                arrival = point.arrival + _delay_at(delay, point.slew, load)
                old = points[edge]
                worst = max(_delay_at(slew, point.slew, load), old.slew if old else 0.0)
                if old is None or arrival > old.arrival:
                    points[edge] = _Point(arrival, worst, point.start, point.gates + gates)
                else:
                    points[edge] = _Point(old.arrival, worst, old.start, old.gates)

    def _ends(
        self, arrivals: Mapping[int, list[_Point | None]], wanted: Callable[[str], bool]
    ) -> list[TimingPath | None]:
        paths = [_path(arrivals.get(net), name, (0.0, 0.0)) for net, name in self._sinks.items() if wanted(name)]
        for name, cell, pins in self._flip_flops:
            if wanted(name):
                paths += [
                    _path(arrivals.get(net), name, _setup(cell, pin, arrivals[net]))
                    for pin, net in pins.items()
                    if isinstance(net, int) and net in arrivals
                    if cell.pins[pin].direction == "input" and not cell.pins[pin].clock
                ]
        return paths


def register_names(module: Mapping[str, Any], library: Library) -> dict[str, str]:
    """Flip-flop -> its register's name in the source, from the netlist before its logic is mapped.

    A flip-flop whose cell inverts has its name behind the inverter. "" where there is no name.
    """
    nets: dict[int, str] = {}
    for name, net in module["netnames"].items():
        for place, bit in enumerate(net["bits"]):
            text = f"{name}[{place}]" if len(net["bits"]) > 1 else name
            if not net["hide_name"] and isinstance(bit, int) and (bit not in nets or _rank(text) < _rank(nets[bit])):
                nets[bit] = text
    for instance in module["cells"].values():
        if instance["type"] == "$_NOT_":
            ends = instance["connections"]
            if ends["Y"][0] in nets:
                nets.setdefault(ends["A"][0], nets[ends["Y"][0]])
    names = {}
    for name, instance in module["cells"].items():
        cell = library.cells.get(instance["type"])
        if cell and cell.flip_flop:
            pins = {pin: bits[0] for pin, bits in instance["connections"].items() if bits}
            names[name] = min((nets[net] for net in _outputs(cell, pins) if net in nets), key=_rank, default="")
    return names


def _rank(name: str) -> tuple[bool, int, str]:
    """Registers' own names first, short ones before long ones."""
    return not name.partition("[")[0].endswith("_q"), len(name), name


def _inputs(cell: Cell, pins: Pins) -> list[int]:
    return [net for pin, net in pins.items() if isinstance(net, int) and cell.pins[pin].direction == "input"]


def _outputs(cell: Cell, pins: Pins) -> list[int]:
    return [net for pin, net in pins.items() if isinstance(net, int) and cell.pins[pin].direction == "output"]


def _sense(sense: str, before: list[_Point | None], edge: int) -> list[_Point | None]:
    """The points before an arc that make this edge behind it."""
    if sense == "positive_unate":
        return [before[edge]]
    if sense == "negative_unate":
        return [before[1 - edge]]
    return before


def _delay_at(table: Table, slew: float, load: float) -> float:
    """A delay or slew table's value at an input slew and an output load; never beyond its lowest slew."""
    point = {}
    for name, index in zip(table.variables, table.indices, strict=True):
        point[name] = load if "capacitance" in name else max(slew, index[0])
    return table.at(point)


def _setup(cell: Cell, pin: str, before: list[_Point | None]) -> tuple[float, float]:
    """Setup of a data pin before the clock's edge, for its rising and its falling edge."""
    times = [0.0, 0.0]
    for arc in cell.pins[pin].arcs:
        if arc.timing_type in ("setup_rising", "setup_falling"):
            for edge in (RISE, FALL):
                table, point = arc.tables.get(f"{EDGES[edge]}_constraint"), before[edge]
                if table and point:
                    at = {
                        name: max(point.slew, index[0]) if name == "constrained_pin_transition" else index[0]
                        for name, index in zip(table.variables, table.indices, strict=True)
                    }
                    times[edge] = max(times[edge], table.at(at))
    return times[RISE], times[FALL]


def _path(points: list[_Point | None] | None, end: str, setup: tuple[float, float]) -> TimingPath | None:
    found = [
        TimingPath(point.arrival + setup[edge], point.start, end, point.gates)
        for edge, point in enumerate(points or ())
        if point
    ]
    return max(found, key=lambda path: path.delay, default=None)
