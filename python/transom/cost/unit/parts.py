"""parts.py — a unit's modules, each mapped by itself, once, however many units have it how often.

Modules are mapped apart: a register at the edge of one and the gates before it in another are not seen as one
path, and what is constant at an instance's ports is not removed. Memories stay what they are and are told.
"""
# SPDX-License-Identifier: Apache-2.0

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from transom.cost.cells import area, map_cells, path_figures
from transom.cost.designs import HEADERS
from transom.cost.gates import count_gates
from transom.cost.liberty import Library
from transom.cost.timing import Netlist, register_names
from transom.cost.yosys import run_yosys

from .designs import FRONT, Unit
from .rtlil import PART, Module, part_text, read_modules

MEMORY = "$mem_v2"


@dataclass(frozen=True)
class Part:
    """A module as it is mapped: its name in the RTL and its text; `whole`: with all that is in it."""

    base: str
    text: str
    whole: bool


Uses = Mapping[tuple[str, Part], int]  # (share, part) -> instances


def unit_parts(unit: Unit, folder: Path) -> Uses:
    """Elaborates the unit. Raises ToolError, ValueError, OSError."""
    commands = []
    for name, text in unit.sources().items():
        (folder / name).write_text(text, encoding="utf-8")
        if name not in HEADERS:
            commands.append(f"read_verilog -sv {name}")
    commands += [f"hierarchy -check -top {unit.top}", "proc", "opt_clean", "write_rtlil unit.il"]
    run_yosys("\n".join(commands) + "\n", folder)
    modules = read_modules((folder / "unit.il").read_text(encoding="utf-8"))
    parts = {
        name: Part(module.base, part_text(modules, name, module.base in unit.whole), module.base in unit.whole)
        for name, module in modules.items()
    }
    uses: Counter[tuple[str, Part]] = Counter()
    for share, name in _walk(unit, modules, f"\\{unit.top}", FRONT):
        uses[share, parts[name]] += 1
    return uses


def _walk(unit: Unit, modules: Mapping[str, Module], name: str, share: str) -> Iterator[tuple[str, str]]:
    """Every instance below a module and the module itself: (share, module)."""
    module = modules[name]
    yield share, name
    if module.base in unit.whole:
        return
    for instance, inner in module.instances.items():
        own = unit.shares.get(instance.rpartition(".")[2]) or unit.shares.get(modules[inner].base)
        yield from _walk(unit, modules, inner, own or share)


def measure_gates(part: Part, folder: Path) -> dict[str, Any]:
    """Gate equivalents, flip-flops and memories of a part. Raises ToolError, ValueError."""
    gates, boxes = count_gates(_read(part, folder), PART, _is_box, folder)
    memories = [_memory(name, cell["parameters"]) for name, cell in sorted(boxes.items()) if cell["type"] == MEMORY]
    return {**gates, "memories": memories}


def measure_cells(part: Part, library: Library, folder: Path) -> dict[str, Any]:
    """Area and longest path of a part, mapped for speed. Raises ToolError, ValueError."""
    modules, _ = map_cells(_read(part, folder), PART, library, folder, small=False)
    netlist = Netlist(modules["fast"], library, register_names(modules["before"], library))
    return {
        "area_um2": area(modules["fast"], library, _is_box),
        **path_figures("register", netlist.longest(bool, bool), library),
    }


def _read(part: Part, folder: Path) -> str:
    """Writes the part's text; returns the commands that read it."""
    (folder / "part.il").write_text(part.text, encoding="utf-8")
    return f"read_rtlil part.il\nhierarchy -check -top {PART}\n"


def _is_box(cell_type: str) -> bool:
    return cell_type.startswith(PART) or cell_type == MEMORY


def _memory(name: str, parameters: Mapping[str, str]) -> dict[str, Any]:
    """A memory as memory.py wants it, but for its banks; a write that takes several words has a port for each."""
    size = {key: int(parameters[key], 2) for key in ("SIZE", "WIDTH", "RD_PORTS", "WR_PORTS")}
    return {
        "name": name,
        "words": size["SIZE"],
        "width": size["WIDTH"],
        "read_ports": size["RD_PORTS"],
        "write_words": size["WR_PORTS"],
        "synchronous": "0" not in parameters["RD_CLK_ENABLE"][-size["RD_PORTS"] :],
    }
