"""jumps.py — registers of a netlist that the bench may add a number to: as if much had happened before.

What a high bit of a counter does is in no run of bearable length. So the netlists with a mutant and without it are
compared while counters jump. Each such register gets an adder before its input, of a number that is 0 but when the
bench says another one.
"""
# SPDX-License-Identifier: Apache-2.0

import re
from collections.abc import Mapping

from transom.cost.yosys import ToolError

PORT = "jump"
WIRE = "  wire width {width} \\jumped.{name}\n"
ADDER = """\
  cell $add $jump${name}
    parameter \\A_SIGNED 0
    parameter \\A_WIDTH {width}
    parameter \\B_SIGNED 0
    parameter \\B_WIDTH {width}
    parameter \\Y_WIDTH {width}
    connect \\A {data}
    connect \\B \\{PORT} [{high}:{low}]
    connect \\Y \\jumped.{name}
  end
"""


def words(registers: Mapping[str, int]) -> int:
    """Of the bench: each register, of so many bits, begins with a word of its own."""
    return sum(-(-width // 32) for width in registers.values())


def add_jumps(rtlil: str, registers: Mapping[str, int]) -> str:
    """A flat module in RTLIL, with adders for these registers and an input of their numbers."""
    if not registers:
        return rtlil
    number = max(int(found) for found in re.findall(r"^  wire .*(?:input|output) (\d+) ", rtlil, re.MULTILINE)) + 1
    wires = f"  wire width {32 * words(registers)} input {number} \\{PORT}\n"
    added = ""
    low = 0
    for name, width in registers.items():
        at_q = rf"\n    connect \\Q \\{re.escape(name)}\n"
        found = re.search(rf"(  cell \$adff \S+\n(?:    .*\n)*?    connect \\D )(.*)({at_q})", rtlil)
        if found is None or f"parameter \\WIDTH {width}\n" not in found[1].rsplit("  cell ", 1)[1]:
            raise ToolError(f"no register {name} of {width} bits")
        wires += WIRE.format(width=width, name=name)
        added += ADDER.format(width=width, name=name, data=found[2], PORT=PORT, high=low + width - 1, low=low)
        rtlil = f"{rtlil[: found.start()]}{found[1]}\\jumped.{name}{found[3]}{rtlil[found.end() :]}"
        low += 32 * -(-width // 32)
    head, last = rtlil.rsplit("end\n", 1)
    return re.sub(r"^module .*\n", lambda found: found[0] + wires, f"{head}{added}end\n{last}", flags=re.MULTILINE)


def ask_for_jumps(verilog: str) -> str:
    """The input of the numbers asks for them, in the first half of each clock."""
    found = re.search(rf"^  wire \[(\d+):0\] {PORT};\n", verilog, re.MULTILINE)
    if found is None:
        return verilog
    ask = f"""\
  import "DPI-C" function int transom_jump(int number);
  reg [{found[1]}:0] {PORT};
  always @(negedge clk_i) for (int n = 0; n < {(int(found[1]) + 1) // 32}; n++) {PORT}[32 * n +: 32] = transom_jump(n);
"""
    text = f"{verilog[: found.start()]}{ask}{verilog[found.end() :]}"
    text = re.sub(rf"^  input \[\d+:0\] {PORT};\n", "", text, count=1, flags=re.MULTILINE)
    return re.sub(rf"\b{PORT}, |, {PORT}(?=\))", "", text, count=1)
