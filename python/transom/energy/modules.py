"""modules.py — which module of the RTL a part of a flat netlist belongs to.

A register keeps the lines of the RTL that it comes from: its module is the innermost of these, the one that
comes first in rtl/decoder.f. Gates lose theirs in mapping: a gate belongs to the registers, memories and
ports that it leads to, an equal share for every pin that it drives.
"""
# SPDX-License-Identifier: Apache-2.0

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from graphlib import CycleError, TopologicalSorter

from transom.cost.liberty import Cell

from .netlist import Bit, Instance, Netlist

OUTPUTS, MEMORY, NOWHERE = "outputs", "memories", "nothing"

Shares = Mapping[str, float]  # the parts of an instance that modules have; their sum is 1


def shares_of(netlist: Netlist, cells: Mapping[str, Cell], files: Sequence[str]) -> dict[str, Shares]:
    """Instance -> its shares by module. `files` of the RTL, inner modules first. Raises ValueError for a loop."""
    shares: dict[str, Shares] = {}
    gates: dict[str, Instance] = {}
    for instance in netlist.instances:
        if instance.kind not in cells:
            shares[instance.name] = {MEMORY: 1.0}
        elif cells[instance.kind].flip_flop:
            shares[instance.name] = {_module(instance.source, files): 1.0}
        else:
            gates[instance.name] = instance
    readers = _readers(netlist, cells)
    driven = {name: _driven(gate, cells[gate.kind], readers) for name, gate in gates.items()}
    graph = {name: [reader for reader in found if reader in gates] for name, found in driven.items()}
    try:
        for name in TopologicalSorter(graph).static_order():
            shares[name] = _mean_share([shares.get(reader, {OUTPUTS: 1.0}) for reader in driven[name]])
    except CycleError as error:
        raise ValueError(f"gates are in a loop: {', '.join(error.args[1])}") from error
    return shares


def _module(source: str, files: Sequence[str]) -> str:
    named = set(re.findall(r"([\w.]+):\d", source))
    return next((file.removesuffix(".sv") for file in files if file in named), NOWHERE)


def _readers(netlist: Netlist, cells: Mapping[str, Cell]) -> dict[Bit, list[str]]:
    """Bit -> the instances that read it, once per pin, and "" per output port."""
    readers: dict[Bit, list[str]] = {}
    for instance in netlist.instances:
        for pin, bits in instance.pins.items():
            cell = cells.get(instance.kind)
            if cell is None or cell.pins[pin].direction == "input":
                for bit in bits:
                    readers.setdefault(bit, []).append(instance.name)
    for port in netlist.watched():
        for bit in port.bits:
            readers.setdefault(bit, []).append("")
    return readers


def _driven(gate: Instance, cell: Cell, readers: Mapping[Bit, list[str]]) -> list[str]:
    bits = [bit for pin, bits in gate.pins.items() if cell.pins[pin].direction == "output" for bit in bits]
    return [reader for bit in bits for reader in readers.get(bit, ())]


def _mean_share(shares: Sequence[Shares]) -> Shares:
    total: defaultdict[str, float] = defaultdict(float)
    for share in shares:
        for module, part in share.items():
            total[module] += part / len(shares)
    return dict(total) if shares else {NOWHERE: 1.0}
