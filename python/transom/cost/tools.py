"""tools.py — versions of the programs that measure, and the liberty files that there are."""
# SPDX-License-Identifier: Apache-2.0

import os
import sys
from collections.abc import Collection, Sequence
from pathlib import Path

from transom.program import ROOT

from .fpga import DEVICES
from .liberty import Library, read_liberty
from .yosys import ToolError, run_tool

SHARED_LIBERTY = ROOT.parent / "shared" / "data" / "liberty"


def tool_versions(targets: Collection[str]) -> dict[str, str]:
    """The version that each program of these targets states; "missing" where it is not installed."""
    commands = {"yosys": (["yosys", "-V"], "")}
    for device in DEVICES.values():
        if device.name in targets:
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
