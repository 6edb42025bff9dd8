"""cost.py — rtl/cost.json: what each design costs on each target, put together from measurements.

No dates and no run times: the same sources, tools and libraries give the same bytes. Figures of a unit
are those of its lanes and of the shell around them; clocks are of the whole design.
"""
# SPDX-License-Identifier: Apache-2.0

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from transom.files import read_json

from .cache import Figures
from .designs import RTL, Design

COST = RTL / "cost.json"
AREAS = ("area_um2", "small_area_um2", "ff_area_um2")
PATHS = ("path", "register", "loop")


def describe(design: Design) -> dict[str, Any]:
    """What a design is, as its entry begins."""
    return {
        "kind": design.kind,
        "lanes": design.lanes,
        "unit": design.unit,
        "values_per_cycle": design.values_per_cycle,
    }


def generic_cost(lane: Figures, shell: Figures | None, lanes: int) -> Figures:
    """Gates and memories of a design of `lanes` lanes and, if it is a unit, a shell."""
    unmeasured = _unmeasured(lane, shell)
    if unmeasured:
        return unmeasured
    memories = shell["memories"] if shell else []
    return {
        **{key: lanes * lane[key] + (shell[key] if shell else 0) for key in ("ge", "ff")},
        "ram_bits": sum(memory["bits"] for memory in memories),
        "ram_read_ports": max((memory["read_ports"] for memory in memories), default=0),
        "ram_bits_per_port": sum(memory["bits"] * memory["read_ports"] for memory in memories),
        "memories": memories,
    }


def cells_cost(lane: Figures, shell: Figures | None, lanes: int) -> Figures:
    """Areas of a design added up; the longest of its paths."""
    unmeasured = _unmeasured(lane, shell)
    if unmeasured:
        return unmeasured
    cost: Figures = {key: round(lanes * lane[key] + (shell[key] if shell else 0.0), 3) for key in AREAS}
    for kind in PATHS:
        slower = max((lane, shell or lane), key=lambda figures: figures[f"{kind}_ps"])
        cost[f"{kind}_ps"] = slower[f"{kind}_ps"]
        if kind in slower:
            cost[kind] = slower[kind]
    return cost


def fpga_cost(lane: Figures, shell: Figures | None, lanes: int) -> Figures:
    """Resources of a design added up; memories are those of the shell, which has a port for each lane."""
    unmeasured = _unmeasured(lane, shell)
    return unmeasured or {key: lanes * lane[key] + (shell[key] if shell else 0) for key in lane}


def _unmeasured(*figures: Figures | None) -> Figures | None:
    return next((found for found in figures if found and "not_measured" in found), None)


def read_cost(path: Path, table_log: int) -> dict[str, Any]:
    """The cost in a file; an empty one where there is none.

    Raises FileError, and ValueError where it is of another table log.
    """
    empty = {"table_log": table_log, "tools": {}, "libraries": {}, "designs": {}, "units": {}}
    if not path.exists():
        return empty
    cost = read_json(path, "remove it, or name another file with -o")
    if not isinstance(cost, dict) or cost.get("table_log") != table_log or cost.keys() != empty.keys():
        raise ValueError(f"{path}: is not a cost of table log {table_log}; name another file with -o")
    return cost


def merge(
    cost: Mapping[str, Any], new: Mapping[str, Any], order: Sequence[str], units: Sequence[str]
) -> dict[str, Any]:
    """`cost` with what was measured anew in its place; designs in `order` and `units` in theirs, others dropped."""
    return {
        "table_log": new["table_log"],
        "tools": {**cost["tools"], **new["tools"]},
        "libraries": {**cost["libraries"], **new["libraries"]},
        "designs": _merged(cost["designs"], new["designs"], order),
        "units": _merged(cost["units"], new["units"], units),
    }


def _merged(cost: Mapping[str, Any], new: Mapping[str, Any], order: Sequence[str]) -> dict[str, Any]:
    merged = {}
    for name in order:
        old, entry = cost.get(name, {}), new.get(name, {})
        merged[name] = {**old, **entry}
        if "liberty" in entry:
            merged[name]["liberty"] = {**old.get("liberty", {}), **entry["liberty"]}
    return {name: entry for name, entry in merged.items() if entry}


def differences(cost: Mapping[str, Any], new: Mapping[str, Any]) -> list[str]:
    """Where `cost` is not what was measured: "design target figure: has, measured". FPGA targets are left out."""
    found = []
    for name, entry in [*new["designs"].items(), *new["units"].items()]:
        old = cost["designs"].get(name) or cost["units"].get(name, {})
        pairs = [("generic", old.get("generic"), entry.get("generic"))]
        pairs += [(key, old.get("liberty", {}).get(key), value) for key, value in entry.get("liberty", {}).items()]
        for target, kept, measured in pairs:
            if measured is None or "not_measured" in measured:
                continue
            has = kept or {}
            found += [
                f"{name} {target} {key}: has {has.get(key)}, measured {measured.get(key)}"
                for key in sorted(has.keys() | measured.keys())
                if has.get(key) != measured.get(key)
            ]
    return found


def to_text(cost: Mapping[str, Any]) -> str:
    """The file's text."""
    return json.dumps(cost, indent=1) + "\n"
