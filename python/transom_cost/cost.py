"""cost.py — rtl/cost.json: what each design costs on each target, put together from measurements.

No dates and no run times: the same sources, tools and libraries give the same bytes.
"""
# SPDX-License-Identifier: Apache-2.0

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from .cache import Figures, write_whole
from .designs import RTL, Design

COST = RTL / "cost.json"


def generic_cost(lane: Figures, shell: Figures | None, lanes: int) -> Figures:
    """Gates and memories of a design: of `lanes` lanes and, of a unit, the shell."""
    if "not_measured" in lane:
        return lane
    shell = shell or {"ge": 0.0, "ff": 0, "memories": []}
    memories = shell["memories"]
    return {
        "ge": lanes * lane["ge"] + shell["ge"],
        "ff": lanes * lane["ff"] + shell["ff"],
        "ram_bits": sum(memory["bits"] for memory in memories),
        "ram_read_ports": max((memory["read_ports"] for memory in memories), default=0),
        "ram_bits_per_port": sum(memory["bits"] * memory["read_ports"] for memory in memories),
        "memories": memories,
    }


def new_cost(table_log: int) -> dict[str, Any]:
    """A cost without designs."""
    return {"table_log": table_log, "tools": {}, "ge_per_ram_bit": None, "libraries": {}, "designs": {}}


def describe(design: Design) -> dict[str, Any]:
    """What a design is, as its entry begins."""
    return {
        "kind": design.kind,
        "lanes": design.lanes,
        "unit": design.unit,
        "values_per_cycle": design.values_per_cycle,
    }


def read_cost(path: Path, table_log: int) -> dict[str, Any]:
    """The cost in a file; a new one where there is none. Raises ValueError where it is of another table log."""
    try:
        cost = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return new_cost(table_log)
    except json.JSONDecodeError as error:
        raise ValueError(f"{path}: {error}; remove it, or name another file with -o") from error
    if not isinstance(cost, dict) or cost.get("table_log") != table_log:
        raise ValueError(f"{path}: table_log is not {table_log}; name another file with -o")
    return cost


def merge(cost: dict[str, Any], new: Mapping[str, Any], order: list[str]) -> dict[str, Any]:
    """`cost` with what was measured anew in its place; designs in `order`."""
    merged = {**cost, "tools": {**cost["tools"], **new["tools"]}, "libraries": {**cost["libraries"], **new["libraries"]}}
    merged["ge_per_ram_bit"] = new["ge_per_ram_bit"] or cost["ge_per_ram_bit"]
    found = dict(cost["designs"])
    for name, entry in new["designs"].items():
        old = found.get(name, {})
        found[name] = {**old, **entry}
        if "liberty" in entry:
            found[name]["liberty"] = {**old.get("liberty", {}), **entry["liberty"]}
    merged["designs"] = {name: found[name] for name in order if name in found}
    return merged


def to_text(cost: Mapping[str, Any]) -> str:
    """The file's text."""
    return json.dumps(cost, indent=1) + "\n"


def write_cost(path: Path, cost: Mapping[str, Any]) -> None:
    """Replaces the file."""
    write_whole(path, to_text(cost))
