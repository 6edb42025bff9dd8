"""tools.py — versions of the programs that measure, and the liberty files that there are."""
# SPDX-License-Identifier: Apache-2.0

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from .fpga import DEVICES, ROOT
from .liberty import Library, nand2_area, read_liberty
from .yosys import ToolError, run_tool

SHARED_LIBERTY = ROOT.parent / "shared" / "data" / "liberty"


def tool_versions() -> dict[str, str]:
    """The version that each program states; "missing" where it is not installed."""
    commands = {"yosys": (["yosys", "-V"], "")}
    for device in DEVICES.values():
        commands[f"nextpnr-{device.name}"] = ([device.program(), "--version"], device.package)
    return {name: _version(command, package) for name, (command, package) in commands.items()}


def _version(command: list[str], package: str) -> str:
    try:
        lines = run_tool(command, ROOT, package).strip().splitlines()
    except ToolError:
        return "missing"
    return lines[-1].strip() if lines else "unknown"


def default_liberty() -> list[Path]:
    """Every .lib of the folder $TRANSOM_LIBERTY, or of data/liberty beside the other shared data."""
    shared = os.environ.get("TRANSOM_SHARED")
    folders = [os.environ.get("TRANSOM_LIBERTY"), shared and Path(shared) / "data" / "liberty", SHARED_LIBERTY]
    folder = next((Path(folder) for folder in folders if folder), SHARED_LIBERTY)
    return sorted(folder.glob("*.lib"))


def read_libraries(paths: Sequence[Path]) -> list[Library]:
    """Reads liberty files, saying so: one of 46 MB takes some seconds. Raises LibertyError, OSError."""
    libraries = []
    for path in paths:
        print(f"reading {path.name}", file=sys.stderr, flush=True)
        libraries.append(read_liberty(path.resolve()))
    return libraries


def ge_per_ram_bit(libraries: Sequence[Library]) -> dict[str, Any] | None:
    """Gate equivalents of a bit in a memory macro, by a library of the same supply voltage; None without both."""
    for macro in libraries:
        for cell in macro.cells.values():
            if not cell.memory_bits or cell.area <= 0:
                continue
            for logic in libraries:
                nand2 = nand2_area(logic) if logic.has_logic and logic.nom_voltage == macro.nom_voltage else None
                if nand2:
                    source = (
                        f"{cell.name}: {cell.area} um2 for {cell.memory_bits} bits, one port "
                        f"(placeholder, no silicon); NAND2 of {logic.name}: {nand2} um2"
                    )
                    return {"value": round(cell.area / cell.memory_bits / nand2, 4), "source": source}
    return None
