"""gates.py — the generic target: gate equivalents, flip-flops and memory bits, of no technology.

Logic is mapped by ABC to static CMOS gates (`abc -g cmos`: NAND, NOR, AOI, OAI, XOR, XNOR, MUX) and
counted in transistors, as Yosys' `stat -tech cmos` does; four, a two-input NAND, are one gate equivalent.
A flip-flop counts as the 24 transistors that a standard cell has (sky130_fd_sc_hd__dfxtp_1), 28 with
asynchronous reset (dfrtp_1); an enable is a multiplexer before it. Memories are black boxes: bits only.
"""
# SPDX-License-Identifier: Apache-2.0

from collections import Counter
from collections.abc import Callable, Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any

from .designs import Design
from .yosys import read_design, read_module, run_yosys, to_gates

TRANSISTORS = {
    "$_NOT_": 2, "$_NAND_": 4, "$_NOR_": 4, "$_AND_": 6, "$_OR_": 6, "$_AOI3_": 6, "$_OAI3_": 6, "$_AOI4_": 8,
    "$_OAI4_": 8, "$_NMUX_": 10, "$_MUX_": 12, "$_XOR_": 12, "$_XNOR_": 12,
}  # fmt: skip
FLIP_FLOPS = {"$_DFF_P_": 24, "$_DFF_PN0_": 28, "$_DFF_PN1_": 28}
BOXES = ("lane", "table_ram")
RAM = "table_ram"

Boxes = Mapping[str, Mapping[str, Any]]  # instance -> its cell as write_json wrote it


def measure_gates(design: Design, table_log: int, folder: Path) -> dict[str, Any]:
    """Gate equivalents, flip-flops and memories of a lane, or of a unit without its lanes. Raises ToolError."""
    gates, boxes = count_gates(read_design(design, table_log, folder, BOXES), design.top, BOXES.__contains__, folder)
    memories = [_memory(name, cell["parameters"]) for name, cell in sorted(boxes.items()) if cell["type"] == RAM]
    return {**gates, "memories": memories}


def count_gates(read: str, top: str, is_box: Callable[[str], bool], folder: Path) -> tuple[dict[str, Any], Boxes]:
    """Gate equivalents and flip-flops of what `read` elaborates, and its black boxes. Raises ToolError, ValueError."""
    legal = " ".join(f"-cell {cell} x" for cell in FLIP_FLOPS)
    script = read + to_gates(top, flatten=True)
    script += f"dfflegalize {legal}\nopt_expr\nopt_clean\nabc -g cmos\nopt_clean\nwrite_json gates.json\n"
    run_yosys(script, folder)
    cells = read_module(folder / "gates.json", top)["cells"]
    boxes = {name: cell for name, cell in cells.items() if is_box(cell["type"])}
    counts = Counter(cell["type"] for name, cell in cells.items() if name not in boxes)
    unknown = counts.keys() - TRANSISTORS.keys() - FLIP_FLOPS.keys()
    if unknown:
        raise ValueError(f"{top}: no transistor count for {', '.join(sorted(unknown))}")
    costs = TRANSISTORS | FLIP_FLOPS
    ge = float(Fraction(sum(costs[cell] * count for cell, count in counts.items()), TRANSISTORS["$_NAND_"]))
    return {"ge": ge, "ff": sum(count for cell, count in counts.items() if cell in FLIP_FLOPS)}, boxes


def _memory(name: str, parameters: Mapping[str, str]) -> dict[str, Any]:
    size = {key: int(parameters[key], 2) for key in ("AddrBits", "Width", "Ports")}
    return {"name": name.rpartition(".")[2], "bits": size["Width"] << size["AddrBits"], "read_ports": size["Ports"]}
