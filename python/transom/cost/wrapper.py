"""wrapper.py — a design behind five pins, so that a placed FPGA's clock is the design's and not its pins'.

A shift register, one pin long, feeds every input; each output goes to a register, and a registered tree
of 4-input XORs folds those to one pin.
"""
# SPDX-License-Identifier: Apache-2.0

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

CLOCK, RESET = "clk_i", "rst_ni"
FOLD = 4  # inputs of a look-up table
NAME = "wrapper"


@dataclass(frozen=True)
class Wrapper:
    """The wrapper's Verilog, and how many flip-flops it adds; those of the tree have a look-up table each."""

    text: str
    flip_flops: int


def wrap(top: str, ports: Mapping[str, Mapping[str, Any]]) -> Wrapper:
    """A wrapper for module `top`, whose `ports` are as Yosys' write_json gives them."""
    widths = {
        direction: {name: len(port["bits"]) for name, port in ports.items() if port["direction"] == direction}
        for direction in ("input", "output")
    }
    inputs = {name: width for name, width in widths["input"].items() if name not in (CLOCK, RESET)}
    n_in, n_out = sum(inputs.values()), sum(widths["output"].values())
    stages = _stages(n_out)
    lines = [
        f"module {NAME} (input {CLOCK}, input {RESET}, input pin_i, output pin_o);",
        f"  reg [{n_in - 1}:0] in_q;",
        f"  wire [{n_out - 1}:0] out;",
        *(f"  reg [{width - 1}:0] fold{level}_q;" for level, width in enumerate(stages)),
        (
            f"  {top} u_design (.{CLOCK}, .{RESET}, {_connections(inputs, 'in_q')}, "
            f"{_connections(widths['output'], 'out')});"
        ),
        f"  always @(posedge {CLOCK}) begin",
        "    in_q <= {in_q, pin_i};",
        "    fold0_q <= out;",
        *_folds(stages),
        "  end",
        f"  assign pin_o = fold{len(stages) - 1}_q[0];",
        "endmodule",
    ]
    return Wrapper("\n".join(lines) + "\n", n_in + sum(stages))


def _stages(width: int) -> list[int]:
    """Widths of the tree's registers, from the outputs' own to one bit."""
    stages = [width]
    while stages[-1] > 1:
        stages.append(-(-stages[-1] // FOLD))
    return stages


def _connections(widths: Mapping[str, int], bus: str) -> str:
    parts, low = [], 0
    for name, width in widths.items():
        parts.append(f".{name}({bus}[{low} +: {width}])")
        low += width
    return ", ".join(parts)


def _folds(stages: list[int]) -> list[str]:
    lines = []
    for level, (wide, narrow) in enumerate(pairwise(stages)):
        for bit in range(narrow):
            size = min(FOLD, wide - FOLD * bit)
            lines.append(f"    fold{level + 1}_q[{bit}] <= ^fold{level}_q[{FOLD * bit} +: {size}];")
    return lines
