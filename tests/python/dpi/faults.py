"""faults.py — seeded faults in a copy of rtl/, all in one build: +fault=N of the simulation switches on the N-th.

SPDX-License-Identifier: Apache-2.0
"""

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
    pauses: int = 0  # per cent; of words and of the consumer
    jobs: int = 1


FAULTS = {
    "a take that ends with a word leaves the word where it is": Fault(
        "bit_reader", "(dead_q & ~drop) | ", "(take_valid_i & sum[5])", "take_valid_i & sum[5] & sum[4:0] != '0",
        "refill"
    ),
    "a word that has no room overwrites the last one": Fault(
        "bit_reader", "always_ff @(posedge clk_i) begin\n      if ", "(room)", "1'b1", "refill", pauses=30
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
        "tans_lane", ": {", "control.bank", "control.bank & 1'b0", "table", jobs=2
    ),
    "after a switch of banks the old rows are read": Fault(
        "lane_control", "assign row_addr_o[v*(SymbolBits+1) +: SymbolBits+1] =\n      {", "bank_q", "1'b0", "offset",
        jobs=2
    ),
    "an offset counts downwards": Fault(
        "lane_control", "+: ValueBits] = ", "vmin + (offset & ~(16'hffff << n_bits))",
        "vmin - (offset & ~(16'hffff << n_bits))", "offset"
    ),
    "a step does not wait for the value before it": Fault(
        "lane_control", "symbol_enough & ", "(~hold_q | fire)", "1'b1", "offset", pauses=30
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
}  # fmt: skip


def spoil(folder: Path) -> list[Path]:
    """Writes the copy; the files of the unit in their order."""
    texts = {name: (SOURCE / "rtl" / name).read_text() for name in (SOURCE / "rtl/decoder.f").read_text().split()[1:]}
    for number, fault in enumerate(FAULTS.values(), 1):
        name = f"lane/{fault.module}.sv"
        whole = fault.before + fault.text
        assert texts[name].count(whole) == 1, f"{name}: '{whole}' is not there once"
        chosen = f"(fault_select::number == {number} ? ({fault.bad}) : ({fault.text}))"
        texts[name] = texts[name].replace(whole, fault.before + chosen)
    files = [folder / "fault_select.sv", *(folder / Path(name).name for name in texts)]
    for path, text in zip(files, [SELECT, *texts.values()], strict=True):
        path.write_text(text)
    return files
