"""table.py — the region of rtl/COST.md that shows rtl/cost.json.

Rows are of lanes and of large units: figures of the units between are multiples, which cost.json has.
"""
# SPDX-License-Identifier: Apache-2.0

from collections.abc import Mapping, Sequence
from typing import Any

from .fpga import DEVICES, Device
from .page import Region
from .unit.table import markdown, tables

REGION = Region("cost", "./dev synth")
SHOWN_LANES = 16  # of a unit; on an FPGA also 1, because each has a clock of its own
WORDS = {"lut": "LUT4", "ff": "flip-flops", "ram": "memories", "dsp": "multipliers"}
NOTES = """\
A unit is its lanes and what they share, mapped apart and added up; units of other sizes, and those that an FPGA has no
room for, are in [`cost.json`](cost.json). One gate equivalent (GE) is a two-input NAND, four transistors: logic as ABC
maps it to NAND, NOR, AOI, OAI, XOR and MUX, a flip-flop 24 transistors, 28 with reset. Memories are counted in bits and
in no area: a technology without memories of as many read ports as there are lanes needs a copy for each ("bits x
ports"). Cell areas contain flip-flops (ASAP7's one with reset can set too: it is large); logic is mapped for speed
(`small_area_um2` of [`cost.json`](cost.json): for size). *Logic* is ABC's longest path; *register* the longest with
clock-to-output and setup of flip-flops, *loop* the longest within the coder, from its state or the table's word to its
state or the table's address, both by a static timing analysis of the same cells. Inputs and flip-flops drive like the
library's smallest buffer, so what drives much is buffered; flip-flops are not sized. Wires, buffers of clock and
reset, and the times of memories are left out of all three. FPGA counts are of the design alone; MHz are the median of
three seeds (`fmax_mhz_seeds`; a large design has one), of the design behind a shift register, one pin in and one
out.
"""

PARTS = "Lanes, and units without what joins them to a bus:"


def region(cost: Mapping[str, Any]) -> str:
    """The region's text: tables, what made them, what they leave out."""
    designs = cost["designs"]
    lanes = {name: entry for name, entry in designs.items() if not entry["unit"]}
    shown = {name: entry for name, entry in designs.items() if not entry["unit"] or entry["lanes"] == SHOWN_LANES}
    parts = [
        f"Written by `./dev synth` from [`cost.json`](cost.json), tables of R = {cost['table_log']}: {_tools(cost)}.",
        *tables(cost["units"]),
        PARTS,
        markdown(_gates_header(), [_gates_row(name, entry) for name, entry in shown.items()]),
        *(_library(name, cost["libraries"][name], shown) for name in cost["libraries"]),
        _loops(lanes, list(cost["libraries"])),
        *(_fpga(device, designs) for device in DEVICES.values()),
        NOTES.rstrip(),
    ]
    return "\n\n".join(part for part in parts if part)


def _tools(cost: Mapping[str, Any]) -> str:
    tools = cost["tools"].items()
    return ", ".join(version if name in version.lower() else f"{name} ({version})" for name, version in tools)


def _gates_header() -> list[str]:
    return ["design", "values per cycle", "GE", "GE per value per cycle", "flip-flops", "memory bits", "bits x ports"]


def _gates_row(name: str, entry: Mapping[str, Any]) -> list[str]:
    cost, rate = entry.get("generic", {}), entry["values_per_cycle"]
    if "ge" not in cost:
        return [f"`{name}`", str(rate), *["not measured"] * 5]
    numbers = (cost["ge"], cost["ge"] / rate, cost["ff"], cost["ram_bits"], cost["ram_bits_per_port"])
    return [f"`{name}`", str(rate), *(f"{number:,.0f}" for number in numbers)]


def _library(library: str, about: Mapping[str, Any], designs: Mapping[str, Any]) -> str:
    header = [f"{library}, {about['volt']:g} V", "um2", "um2 per value per cycle", "logic ps", "register ps", "loop ps"]
    rows = []
    for name, entry in designs.items():
        cost = entry.get("liberty", {}).get(library, {})
        if "area_um2" not in cost:
            rows.append([f"`{name}`", *["not measured"] * 5])
            continue
        numbers = (cost["area_um2"], cost["area_um2"] / entry["values_per_cycle"], *_paths(cost))
        rows.append([f"`{name}`", *(f"{number:,.0f}" for number in numbers)])
    return markdown(header, rows)


def _paths(cost: Mapping[str, Any]) -> list[float]:
    return [cost[f"{kind}_ps"] for kind in ("path", "register", "loop")]


def _loops(lanes: Mapping[str, Any], libraries: Sequence[str]) -> str:
    rows = [
        [f"`{name}`", library, f"`{cost['loop']}`", f"`{cost['register']}`"]
        for name, entry in lanes.items()
        for library in libraries
        if (cost := entry.get("liberty", {}).get(library, {})).get("loop")
    ]
    return markdown(["lane", "library", "loop", "longest register to register"], rows) if rows else ""


def _fpga(device: Device, designs: Mapping[str, Any]) -> str:
    """A device's table: lanes, and units with a clock; nothing where no design was measured on it."""
    resources = list(device.weights)
    rows = []
    for name, entry in designs.items():
        cost = entry.get(device.name, {})
        clock = cost.get("fmax_mhz")
        if "lut" in cost and (not entry["unit"] or (clock and entry["lanes"] in (1, SHOWN_LANES))):
            numbers = [f"{cost[resource]:,}" for resource in resources]
            rows.append([f"`{name}`", *numbers, f"{clock:.1f}" if clock else "-", _remark(cost)])
    header = [device.part, *(WORDS[resource] for resource in resources), "MHz", ""]
    return markdown(header, rows) if rows else ""


def _remark(cost: Mapping[str, Any]) -> str:
    """Why a design has no clock, and what it has with smaller tables."""
    remark: str = cost.get("unplaced", "")
    small = cost.get("smaller_table")
    if small:
        clock = f"{small['fmax_mhz']:.1f} MHz" if small.get("fmax_mhz") else small.get("unplaced", "not placed")
        remark += f"; with R = {small['table_log']} {small['ram']} memories, {clock}"
    return remark
