"""netlist.py — a design as a flat netlist of a liberty file's cells, for simulation.

Memories (table_ram, arith_table) stay instances of their modules in rtl/, with their parameters.
Registers keep their hierarchical names ("u_lane.u_control.fill_q") and in the attribute src the lines
that they come from; names that ABC gives are _123_.

Yosys 0.23's dfflibmap takes a flip-flop with next_state "!D" (ASAP7 has such ones) for one with an inverter
behind it, but forgets that its clear then sets the output: such registers come out of reset with all bits
turned over (github.com/YosysHQ/yosys, issue 5186). So set and clear are exchanged here.
"""
# SPDX-License-Identifier: Apache-2.0

from collections.abc import Iterable, Sequence
from pathlib import Path

from .designs import MEMORIES, find_design
from .liberty import Cell, FlipFlop, read_liberty
from .liberty_function import read_function
from .yosys import read_design, run_yosys, to_cells, to_gates

EXCHANGE = "exchange.v"


def netlist(design: str, liberty: Path, table_log: int, out_dir: Path, memories: Sequence[str] = MEMORIES) -> Path:
    """Writes out_dir/DESIGN.v and returns its path; the module has the name and the ports of the design's top.

    `memories` are the modules that stay instances. Beside it: the sources as read (DESIGN/*.sv, with memories'
    modules) and Yosys' script. Raises ValueError for a design or table log that does not exist, ToolError, OSError.
    """
    found = find_design(design)
    folder = out_dir / design
    folder.mkdir(parents=True, exist_ok=True)
    script = read_design(found, table_log, folder, memories) + to_gates(found.top, flatten=True)
    (folder / EXCHANGE).write_text(_exchange(read_liberty(liberty).cells.values()), encoding="utf-8")
    script += to_cells(liberty.resolve()) + f"techmap -max_iter 1 -map {EXCHANGE}\nwrite_verilog ../{design}.v\n"
    run_yosys(script, folder)
    return out_dir / f"{design}.v"


def _exchange(cells: Iterable[Cell]) -> str:
    """A techmap file that exchanges set and clear of flip-flops with a negated next_state; "" without such ones."""
    return "\n".join(_exchanged(cell, ff) for cell in cells if (ff := cell.flip_flop) and _is_negated(ff))


def _is_negated(ff: FlipFlop) -> bool:
    if not ff.clear or not ff.preset:
        return False
    next_state = read_function(ff.next_state)
    return next_state.operator == "!" and next_state.operands[0].operator == "name"


def _exchanged(cell: Cell, ff: FlipFlop) -> str:
    (clear,), (preset,) = (read_function(text).names() for text in (ff.clear, ff.preset))
    pins = {name: name for name in cell.pins} | {clear: preset, preset: clear}
    ports = ", ".join(f"{pin.direction} {pin.name}" for pin in cell.pins.values())
    inner = ", ".join(f".{pin}({outer})" for pin, outer in pins.items())
    return (
        f'(* techmap_celltype = "{cell.name}" *)\nmodule exchange_{cell.name} ({ports});\n'
        f"  {cell.name} _TECHMAP_REPLACE_ ({inner});\nendmodule\n"
    )
