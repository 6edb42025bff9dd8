"""netlist.py — a design as a flat netlist of a liberty file's cells, for simulation.

Memories (table_ram, arith_table) stay instances of their modules in rtl/, with their parameters.
Registers keep their hierarchical names ("u_lane.u_control.fill_q") and in the attribute src the lines
that they come from; names that ABC gives are _123_.
"""
# SPDX-License-Identifier: Apache-2.0

from collections.abc import Sequence
from pathlib import Path

from .designs import MEMORIES, find_design
from .yosys import read_design, run_yosys, to_cells, to_gates


def netlist(design: str, liberty: Path, table_log: int, out_dir: Path, memories: Sequence[str] = MEMORIES) -> Path:
    """Writes out_dir/DESIGN.v and returns its path; the module has the name and the ports of the design's top.

    `memories` are the modules that stay instances. Beside it: the sources as read (DESIGN/*.sv, with memories'
    modules) and Yosys' script. Raises ValueError for a design or table log that does not exist, ToolError, OSError.
    """
    found = find_design(design)
    folder = out_dir / design
    folder.mkdir(parents=True, exist_ok=True)
    script = read_design(found, table_log, folder, memories) + to_gates(found, flatten=True)
    script += to_cells(liberty.resolve()) + f"write_verilog ../{design}.v\n"
    run_yosys(script, folder)
    return out_dir / f"{design}.v"
