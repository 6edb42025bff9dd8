"""faults.py — seeded faults in a copy of rtl/, all in one build: +fault=N of the simulation switches on the N-th.

The one table of them: the benches of dpi/, of examples/cocotb and of the golden vectors are tried on it.
"""
# SPDX-License-Identifier: Apache-2.0

from collections import defaultdict
from pathlib import Path
from typing import NamedTuple

from program import SOURCE

SELECT = """package fault_select;
  function int chosen();
    if (!$value$plusargs("fault=%d", chosen)) chosen = 0;
  endfunction
  int number = chosen();
endpackage
"""


class Fault(NamedTuple):
    """An expression of a module that becomes another one."""

    module: str  # below rtl/lane
    before: str  # what stands before the expression: with it, once in the file
    text: str
    bad: str
    kind: str  # its class
    lane: str = "tans"  # the kind of lane that is tried


FAULTS = {
    "a take that ends with a word leaves the word where it is": Fault(
        "bit_reader", "(dead_q & ~drop) | ", "(take_valid_i & sum[5])", "take_valid_i & sum[5] & sum[4:0] != '0",
        "refill"
    ),
    "a word that has no room overwrites the last one": Fault(
        "bit_reader", "always_ff @(posedge clk_i) begin\n      if ", "(room)", "1'b1", "refill"
    ),
    "a step of three bits takes two": Fault(
        "tans_lane", "assign step.take   = ", "{1'b0, entry.nbits}", "{1'b0, entry.nbits} - 5'(entry.nbits == 4'd3)",
        "shift"
    ),
    "a step's mask lets a bit too many through": Fault(
        "tans_lane", "(control.bits[TableLog-1:0] & ", "~({TableLog{1'b1}} << entry.nbits)",
        "~({TableLog{1'b1}} << (entry.nbits | 4'd1))", "shift"
    ),
    "a bit of an entry's base is stuck": Fault(
        "tans_lane", "assign entry      = ", "table_data_i", "table_data_i & ~(26'd1 << 15)", "table"
    ),
    "after a switch of banks the old table is read": Fault(
        "tans_lane", ": {", "control.bank", "control.bank & 1'b0", "table"
    ),
    "after a switch of banks the old rows are read": Fault(
        "lane_control", "assign row_addr_o[v*(SymbolBits+1) +: SymbolBits+1] =\n      {", "bank_q", "1'b0", "offset"
    ),
    "an offset counts downwards": Fault(
        "lane_control", "+: ValueBits] = ", "vmin + (offset & ~(16'hffff << n_bits))",
        "vmin - (offset & ~(16'hffff << n_bits))", "offset"
    ),
    "a step does not wait for the value before it": Fault(
        "lane_control", "symbol_enough & ", "(~hold_q | fire)", "1'b1", "offset"
    ),
    "the end is looked for in the wrong state": Fault(
        "tans_lane", "assign step.at_end = ", "state_d == '0", "state_d == TableLog'(1)", "end"
    ),
    "the last value is left out": Fault(
        "lane_control", "last_q       <= left_q <= ", "32'(2 * Values)", "32'(3 * Values)", "end"
    ),
    "a stream that was read to its end has bits left over": Fault(
        "bit_reader", "left_clean_q <= ", "whole & ~rest", "whole & rest", "end"
    ),
    "filling that is not zero is overlooked": Fault(
        "bit_reader", "assign rest        = ", "((bits_o & ({Window{1'b1}} << take_i)) != '0) | far", "1'b0", "end"
    ),
    "the counter of values has nine bits": Fault(
        "lane_control", "left_q      <= ", "job_n_values_q", "32'(job_n_values_q[8:0])", "end"
    ),
    "in one state a step takes a bit too many": Fault(
        "tans_lane", "assign step.take   = ", "{1'b0, entry.nbits}",
        "{1'b0, entry.nbits} + 5'(entry.base == '0 && entry.symbol == 8'd1)", "shift"
    ),
    "rANS: a state of one bit more than it must have is refilled": Fault(
        "rans_coder", "assign refill   = ", "(stepped[31:16] == '0)", "(stepped[31:16] <= 16'd1)", "shift", "rans"
    ),
    "arithmetic: bits of underflow are not shifted out": Fault(
        "arith_coder", "assign settled = upper | ", "(lo & ~hi)", "16'h0000", "shift", "arith"
    ),
}  # fmt: skip


def number_of(name: str) -> int:
    """What +fault= is told; 0 is none."""
    return list(FAULTS).index(name) + 1


def spoil(folder: Path) -> list[Path]:
    """Writes the copy; the files of the unit in their order."""
    texts = {name: (SOURCE / "rtl" / name).read_text() for name in (SOURCE / "rtl/decoder.f").read_text().split()[1:]}
    choices: dict[tuple[str, str, str], list[tuple[int, str]]] = defaultdict(list)
    for name, fault in FAULTS.items():
        choices[fault.module, fault.before, fault.text].append((number_of(name), fault.bad))
    for (module, before, text), bad in choices.items():
        name = f"lane/{module}.sv"
        assert texts[name].count(before + text) == 1, f"{name}: '{before + text}' is not there once"
        chosen = "".join(f"fault_select::number == {number} ? ({other}) : " for number, other in bad)
        texts[name] = texts[name].replace(before + text, f"{before}({chosen}({text}))")
    files = [folder / "fault_select.sv", *(folder / Path(name).name for name in texts)]
    for path, content in zip(files, [SELECT, *texts.values()], strict=True):
        path.write_text(content)
    return files
