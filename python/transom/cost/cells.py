"""cells.py — a liberty target: area and longest paths of a design mapped to a library's cells.

Logic is mapped twice: by ABC's own script, which makes it small, and by FAST, which aims at a delay that
no path can meet; `if -g` first rebuilds chains that end in a late signal, which takes a fifth off the longest
path. Path and loop are of the fast one, without wires. Memories are black boxes, their access times left out.
"""
# SPDX-License-Identifier: Apache-2.0

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from .designs import Design
from .gates import BOXES
from .liberty import Library, smallest_buffer
from .timing import Netlist, TimingPath, register_names
from .yosys import read_design, read_module, run_yosys, to_cells, to_gates

FAST = (
    "strash; dch -f; if -g -K 6; strash; dch -f; map -B 0.9 -D 100; topo; buffer -c; topo; "
    "upsize -D 100; dnsize -D 100; stime -p"
)
DELAY = re.compile(r"Delay =\s*([\d.]+) ps")
CONTROL = "u_control"  # what a lane has around its coder: not of the loop of its state


def measure_cells(design: Design, table_log: int, library: Library, folder: Path) -> dict[str, Any]:
    """Area (um2) and paths (ps) of a lane, or of a unit without its lanes. Raises ToolError, ValueError.

    path_ps is ABC's: logic alone. register_ps is the longest path with clock-to-output and setup of the
    flip-flops, loop_ps the longest within the coder: from its state or the table's word to its state or the
    table's address.
    """
    read = read_design(design, table_log, folder, BOXES)
    modules, path = map_cells(read, design.top, library, folder, small=True)
    netlist = Netlist(modules["fast"], library, register_names(modules["before"], library))
    return {
        "area_um2": area(modules["fast"], library, BOXES.__contains__),
        "small_area_um2": area(modules["small"], library, BOXES.__contains__),
        "ff_area_um2": area(modules["fast"], library, BOXES.__contains__, flip_flops=True),
        "path_ps": path,
        **path_figures("register", netlist.longest(bool, bool), library),
        **path_figures("loop", netlist.longest(_of_coder, _of_coder), library),
    }


def map_cells(
    read: str, top: str, library: Library, folder: Path, small: bool
) -> tuple[dict[str, Mapping[str, Any]], float]:
    """What `read` elaborates, with flip-flops mapped ("before"), logic for speed ("fast"), for size ("small").

    And ABC's longest path of the fast one, ps. Inputs and flip-flops drive like the library's smallest buffer, so that
    they are buffered where they drive much; where it has none they drive anything. Raises ToolError.
    """
    driver = smallest_buffer(library)
    (folder / "fast.abc").write_text(FAST + "\n", encoding="utf-8")
    drive = folder / "drive.constr"
    drive.write_text(f"set_driving_cell {driver}\n" if driver else "", encoding="utf-8")
    script = read + to_gates(top, flatten=True)
    script += f'dfflibmap -liberty "{library.path}"\nopt\nopt_clean\nwrite_json before.json\ndesign -save mapped\n'
    if small:
        script += to_cells(library.path) + "write_json small.json\ndesign -load mapped\n"
    script += to_cells(library.path, Path("fast.abc"), drive if driver else None) + "write_json fast.json\n"
    delays = DELAY.findall(run_yosys(script, folder))
    names = ("before", "small", "fast") if small else ("before", "fast")
    modules = {name: read_module(folder / f"{name}.json", top) for name in names}
    return modules, round(float(delays[-1]), 1) if delays else 0.0


def area(module: Mapping[str, Any], library: Library, is_box: Callable[[str], bool], flip_flops: bool = False) -> float:
    """um2 of a module's cells, or of its flip-flops alone. Raises ValueError for cells that the library lacks."""
    types = [cell["type"] for cell in module["cells"].values() if not is_box(cell["type"])]
    unknown = {name for name in types if name not in library.cells}
    if unknown:
        raise ValueError(f"{library.path}: has no cells for {', '.join(sorted(unknown))}")
    cells = [library.cells[name] for name in types]
    return round(sum(cell.area for cell in cells if cell.flip_flop or not flip_flops), 3)


def _of_coder(name: str) -> bool:
    """Whether a point is the coder's: its registers, the table's word and its address, the counts."""
    if name.startswith(("table_data_i", "table_addr_o", "cum_i")):
        return True
    return CONTROL not in name and name.partition("[")[0].endswith("_q")


def path_figures(kind: str, path: TimingPath | None, library: Library) -> dict[str, Any]:
    """A path's ps and its ends, as figures of that kind."""
    if path is None:
        return {f"{kind}_ps": 0.0, kind: None}
    picoseconds = round(path.delay * library.time_unit_s * 1e12, 1)
    return {f"{kind}_ps": picoseconds, kind: f"{path.start} -> {path.end}, {path.gates} gates"}
