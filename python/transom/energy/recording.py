"""recording.py — what lay at the ports of the RTL while it decoded a trace: the stimuli, and what to compare with.

Made by `transom ports`: Verilated RTL in lockstep with the golden model. A clock is a line of hexadecimal
port values, just before the rising edge.
"""
# SPDX-License-Identifier: Apache-2.0

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from transom.cost.yosys import run_tool

from .netlist import Netlist, Port

CODINGS = {
    "tans": "apack-tans",
    "tans_pair": "apack-tans-pair",
    "rans": "apack-rans",
    "arith": "apack-ac",
    "nrans": "apack-nrans",
}


@dataclass(frozen=True)
class Recording:
    """The first clocks of a tensor. Its table loads in the first `load_cycles` of the `cycles` that are in the file."""

    tensor: str
    values: int
    load_cycles: int
    cycles: int
    file: Path

    def clocks(self) -> Iterator[dict[str, int]]:
        """Port -> bits, for each clock. Raises ValueError naming the file and the line."""
        with self.file.open(encoding="ascii") as lines:
            names = next(lines, "").split()
            for number, line in enumerate(lines, 2):
                try:
                    yield dict(zip(names, (int(bits, 16) for bits in line.split()), strict=True))
                except ValueError as error:
                    raise ValueError(f"{self.file}:{number}: not {len(names)} hexadecimal numbers") from error


def record(program: Path, trace: Path, kind: str, table_log: int, cycles: int, folder: Path) -> list[Recording]:
    """Runs `transom ports` on a trace for one lane of a kind. Raises ToolError, with what the program says."""
    command: list[str | Path] = [program, "ports", trace, "-o", folder, "--coding", CODINGS[kind]]
    command += ["--lanes", "1", "--table-log", str(table_log), "--cycles", str(cycles), "--json"]
    printed = run_tool(command, Path.cwd(), "it with ./dev build")
    found = json.loads(printed[printed.index("{") :])
    return [
        Recording(tensor["name"], tensor["values"], tensor["load_cycles"], tensor["recorded"], folder / tensor["file"])
        for tensor in found["tensors"]
    ]


def values_left(recording: Recording) -> tuple[int, int]:
    """Values that left while the table loaded, and after."""
    left = [0, 0]
    for cycle, ports in enumerate(recording.clocks()):
        beats = ports["value_valid_o"] & ports["value_ready_i"]
        left[cycle >= recording.load_cycles] += beats.bit_count() + (beats & ports["value_two_o"]).bit_count()
    return left[0], left[1]


def vectors(recording: Recording, netlist: Netlist) -> Iterator[str]:
    """A line of hexadecimal for each clock: the netlist's outputs above its inputs, the first port lowest.

    Ports of a smaller unit may be narrower than those recorded if the bits that they lack are 0. Raises ValueError.
    """
    ports = [*netlist.driven(), *netlist.watched()]
    for ports_now in recording.clocks():
        line, place = 0, 0
        for port in ports:
            line |= _bits(port, ports_now, recording) << place
            place += len(port.bits)
        yield f"{line:x}"


def _bits(port: Port, ports_now: dict[str, int], recording: Recording) -> int:
    if port.name not in ports_now:
        raise ValueError(f"{recording.file}: has no port {port.name}, which the netlist has: record it again")
    bits = ports_now[port.name]
    if bits >> len(port.bits):
        raise ValueError(f"{recording.file}: port {port.name} has {bits:#x}, the netlist's has {len(port.bits)} bits")
    return bits
