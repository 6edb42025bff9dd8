"""netlist.py — what Yosys makes of a module of properties: a graph, and the names of its literals."""
# SPDX-License-Identifier: Apache-2.0

import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

from . import aiger

ROOT = Path(__file__).resolve().parents[2]
RTL = ROOT / "rtl"
HERE = Path(__file__).resolve().parent
PROPERTIES = HERE / "properties"


class ToolError(Exception):
    """A tool refused what it was given: its text."""


@dataclass(frozen=True)
class Netlist:
    aig: aiger.Aig
    signals: dict[str, list[int]]  # literals, bit 0 first
    properties: dict[str, int]  # literals that are false where a property fails


def properties_file(top: str) -> Path:
    """Of a module of properties, in the folder of what it is about; of one that others use, above them."""
    return next(PROPERTIES.rglob(f"{top}.sv"))


def tool(arguments: list[str], cwd: Path, timeout: float | None = None) -> str:
    done = subprocess.run(arguments, cwd=cwd, capture_output=True, text=True, check=False, timeout=timeout)
    if done.returncode != 0:
        raise ToolError(f"{arguments[0]}: {done.stderr.strip() or done.stdout.strip()}")
    return done.stdout


def build(
    top: str, sources: list[Path], parameters: dict[str, int], defines: list[str], folder: Path, cut: str = ""
) -> Netlist:
    """Registers begin as in reset, or with any value where nothing resets them. Outputs of cells of `cut` are free."""
    read = " ".join(["read_verilog -sv -formal", f"-I{RTL}", f"-I{PROPERTIES}", *(f"-D{name}" for name in defines)])
    sets = "".join(f" -set {name} {value}" for name, value in parameters.items())
    script = [
        *(f"{read} {source}" for source in [*sources, *sorted(PROPERTIES.glob("*.sv")), properties_file(top)]),
        *([f"chparam{sets} {top}"] if sets else []),
        f"hierarchy -check -top {top}",
        f"rename -top {top}",
        "proc",
        "flatten",
        "setattr -set keep 1 t:$assert",  # of two that come out alike, opt would leave one
        # A name of the design that it does not have would be a free signal.
        "select -assert-none w:* a:hierconn %i",
        *([f"select -assert-any {cut}", f"cutpoint {cut}"] if cut else []),
        "prep -nordff",
        "async2sync",
        "memory_map",
        "opt -full",
        "techmap",
        "opt -fast",
        "dffunmap",
        "setundef -anyseq",  # what is of no meaning may be anything
        "aigmap",
        "opt_clean",
        "write_rtlil netlist.il",
        "write_aiger -ascii -zinit -vmap netlist.map netlist.aag",
    ]
    (folder / "script.ys").write_text("\n".join(script) + "\n")
    tool(["yosys", "-q", "-s", "script.ys"], folder)
    signals = _signals(folder / "netlist.map")
    aig, properties = _properties(aiger.read(folder / "netlist.aag"), signals, (folder / "netlist.il").read_text())
    return Netlist(aig, signals, properties)


def _signals(path: Path) -> dict[str, list[int]]:
    bits: dict[str, dict[int, int]] = {}
    for line in path.read_text().splitlines():
        kind, literal, bit, name = line.split(" ", 3)
        if kind == "wire":
            bits.setdefault(name, {})[int(bit)] = int(literal)
    return {name: [of.get(bit, 0) for bit in range(max(of) + 1)] for name, of in bits.items()}


def _properties(aig: aiger.Aig, signals: dict[str, list[int]], il: str) -> tuple[aiger.Aig, dict[str, int]]:
    """Of the netlist's $assert cells: holds = ~(EN & ~A)."""
    properties = {}
    for name, ports in re.findall(r"^  cell \$assert (\S+)\n((?:    .*\n)*?)  end", il, re.MULTILINE):
        port = dict(re.findall(r"connect \\(\w+) (.*)", ports))
        a, enabled = (_literal(port[p], signals) for p in ("A", "EN"))
        aig, fails = aiger.all_of(aig, [enabled, a ^ 1])
        properties[name.lstrip("\\")] = fails ^ 1
    return aig, properties


def _literal(text: str, signals: dict[str, list[int]]) -> int:
    if text.startswith("1'"):
        return int(text == "1'1")
    match = re.fullmatch(r"(\S+?)(?: \[(\d+)\])?", text.strip())
    assert match, text
    return signals[match[1].lstrip("\\")][int(match[2] or 0)]
