"""yosys.py — scripts for Yosys 0.23: elaboration of a design, mapping to gates of a liberty file.

Memories can be left out as black boxes: their instances keep parameters and ports.
"""
# SPDX-License-Identifier: Apache-2.0

import json
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from .designs import HEADERS, Design, sources


class ToolError(RuntimeError):
    """A tool that failed; the text shows its last lines."""


class MissingToolError(ToolError):
    """A tool that is not installed; the text says what to install."""


def run_tool(command: Sequence[str | Path], folder: Path, package: str) -> str:
    """Runs a program in `folder` and returns what it printed. Raises ToolError."""
    try:
        done = subprocess.run(
            [str(part) for part in command], cwd=folder, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL, check=False,
        )  # fmt: skip
    except FileNotFoundError as error:
        raise MissingToolError(f"{Path(command[0]).name} is missing: install {package}") from error
    if done.returncode != 0:
        tail = "\n  ".join(done.stdout.strip().splitlines()[-5:])
        raise ToolError(f"{Path(command[0]).name} exited with {done.returncode} in {folder}:\n  {tail}")
    return done.stdout


def run_yosys(script: str, folder: Path) -> str:
    """Runs a script in `folder`, kept there as script.ys; returns the log. Raises ToolError."""
    (folder / "script.ys").write_text(script, encoding="utf-8")
    return run_tool(["yosys", "-s", "script.ys"], folder, "Debian's yosys")


def read_module(path: Path, top: str) -> Mapping[str, Any]:
    """Module `top` of a file that Yosys' write_json wrote."""
    module: Mapping[str, Any] = json.loads(path.read_text(encoding="utf-8"))["modules"][top]
    return module


def read_design(design: Design, table_log: int, folder: Path, black_boxes: Sequence[str]) -> str:
    """Writes the design's sources to `folder`; returns the commands that read and elaborate them there."""
    lines = []
    for name, text in sources(design, table_log).items():
        (folder / name).write_text(text, encoding="utf-8")
        flag = " -lib" if Path(name).stem in black_boxes else ""
        if name not in HEADERS:
            lines.append(f"read_verilog -sv{flag} {name}")
    return "\n".join([*lines, f"hierarchy -check -top {design.top}"]) + "\n"


def to_gates(top: str, flatten: bool) -> str:
    """Commands from the elaborated design to Yosys' own gates and flip-flops."""
    flag = " -flatten" if flatten else ""
    return f"synth -top {top}{flag} -run begin:fine\nopt -full\ntechmap\nopt -fast\n"


def to_cells(liberty: Path, abc_script: Path | None = None, constraints: Path | None = None) -> str:
    """Commands from gates to the cells of a liberty file: flip-flops, then logic by ABC."""
    script = f" -script {abc_script}" if abc_script else ""
    script += f' -constr "{constraints}"' if constraints else ""
    quoted = f'"{liberty}"'
    return f"dfflibmap -liberty {quoted}\nopt\nabc -liberty {quoted}{script}\nopt_clean\n"
