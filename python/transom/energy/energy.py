"""energy.py — what toggles of nets take: the energy of a netlist, by part and by module.

    nets        1/2 C V^2 per toggle; C is the input pins on the net, wires have none
    gates       internal energy of gates, per toggle of their pins
    flip_flops  the same of flip-flops, but for
    clock       C V^2 of their clock pins and what these take inside, per clock; no clock tree

Memories count for nothing, and neither do the pins that drive them or the ports: no model of theirs is given.
"""
# SPDX-License-Identifier: Apache-2.0

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from transom.cost.liberty import Cell, Library

from .cell_energy import CellEnergy, cell_energy, clock_pin
from .modules import Shares, shares_of
from .netlist import Bit, Instance, Netlist

PARTS = ("nets", "gates", "flip_flops", "clock")
INPUTS = "inputs"

Add = Callable[[str, float, Shares], None]  # joules of a part, shared out to modules


@dataclass(frozen=True)
class Energy:
    """Joules by part, and the same by module."""

    parts: Mapping[str, float]
    modules: Mapping[str, float]

    @property
    def total(self) -> float:
        return sum(self.parts.values())


class EnergyModel:
    """A netlist of a library's cells, ready to be given toggles."""

    def __init__(self, netlist: Netlist, library: Library, files: Sequence[str]) -> None:
        """`files` of the RTL, inner modules first. Raises ValueError for a cell or netlist that has no model."""
        if not library.nom_voltage or not library.capacitance_unit_f or not library.energy_unit_j:
            raise ValueError(f"{library.path}: wants nom_voltage, voltage_unit and capacitive_load_unit")
        self._netlist = netlist
        self._library = library
        self._shares = shares_of(netlist, library.cells, files)
        self._cells: dict[tuple[str, frozenset[tuple[str, bool]]], CellEnergy] = {}
        self._mapped = [instance for instance in netlist.instances if instance.kind in library.cells]
        for instance in self._mapped:
            self._energy_of(instance)  # so that a cell without a model is found now
        self._clocks = {id(instance): clock_pin(self._cell(instance)) for instance in self._mapped}
        self._drivers = {
            bit: instance.name
            for instance in netlist.instances
            for pin, bits in instance.pins.items()
            for bit in bits
            if instance.kind in library.cells and self._cell(instance).pins[pin].direction == "output"
        }

    @property
    def leakage_w(self) -> float:
        """Watts, every cell in its mean state."""
        return self._library.leakage_unit_w * sum(self._cell(instance).leakage for instance in self._mapped)

    @property
    def area(self) -> float:
        return sum(self._cell(instance).area for instance in self._mapped)

    def energy(self, toggles: Mapping[int, float], cycles: float) -> Energy:
        """The energy of these toggles of nets in `cycles` clocks."""
        parts = dict.fromkeys(PARTS, 0.0)
        modules: defaultdict[str, float] = defaultdict(float)

        def add(part: str, joule: float, shares: Shares) -> None:
            parts[part] += joule
            for module, share in shares.items():
                modules[module] += joule * share

        for instance in self._mapped:
            self._add_pins(instance, toggles, add)
            self._add_inside(instance, toggles, cycles, add)
        return Energy(parts, dict(modules))

    def _cell(self, instance: Instance) -> Cell:
        return self._library.cells[instance.kind]

    def _add_pins(self, instance: Instance, toggles: Mapping[int, float], add: Add) -> None:
        """Charging the pins: it is the driver's, and a clock pin's the flip-flop's."""
        half_cv2 = 0.5 * self._library.capacitance_unit_f * self._library.nom_voltage**2
        for name, bits in instance.pins.items():
            pin = self._cell(instance).pins[name]
            for bit in bits:
                joule = half_cv2 * pin.capacitance * toggles_of(bit, toggles)
                if name == self._clocks[id(instance)]:
                    add("clock", joule, self._shares[instance.name])
                elif pin.direction == "input":
                    add("nets", joule, self._shares.get(self._drivers.get(bit, ""), {INPUTS: 1.0}))

    def _add_inside(self, instance: Instance, toggles: Mapping[int, float], cycles: float, add: Add) -> None:
        shares = self._shares[instance.name]
        of = {name: toggles_of(bits[0], toggles) for name, bits in instance.pins.items() if bits}
        energy = self._energy_of(instance)
        part = "flip_flops" if self._cell(instance).flip_flop else "gates"
        add(part, sum(joule * of.get(pin, 0) for pin, joule in energy.of_input.items()), shares)
        changes = 0.0
        for pin, by_cause in energy.of_output.items():
            add(part, of.get(pin, 0) * _weighted(by_cause, of), shares)
            changes = max(changes, of.get(pin, 0))
        if part == "flip_flops":
            add("clock", (cycles - changes) * energy.clock_hold + changes * energy.clock_change, shares)

    def _energy_of(self, instance: Instance) -> CellEnergy:
        cell = self._cell(instance)
        tied = {
            name: bits == ("1",)
            for name, bits in instance.pins.items()
            if cell.pins[name].direction == "input" and self._is_tied(bits)
        }
        key = instance.kind, frozenset(tied.items())
        if key not in self._cells:
            self._cells[key] = cell_energy(self._library, cell, tied)
        return self._cells[key]

    @staticmethod
    def _is_tied(bits: Sequence[Bit]) -> bool:
        return bool(bits) and not isinstance(bits[0], int)


def toggles_of(bit: Bit, toggles: Mapping[int, float]) -> float:
    """Toggles of a net's bit; a constant has none."""
    return toggles.get(bit, 0) if isinstance(bit, int) else 0


def _weighted(by_cause: Mapping[str, float], toggles: Mapping[str, float]) -> float:
    """Mean energy of an output's toggle: causes count as often as they toggle."""
    weights = {cause: toggles.get(cause, 0) for cause in by_cause}
    total = sum(weights.values())
    if not total:
        return sum(by_cause.values()) / len(by_cause) if by_cause else 0.0
    return sum(by_cause[cause] * weight for cause, weight in weights.items()) / total
