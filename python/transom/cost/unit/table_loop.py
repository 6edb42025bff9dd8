"""table_loop.py — the longest path of a lane of tANS with its table's read in it, beside one without a table.

`register_ps` of such a lane leaves its table out: the table's word comes at 0, its address need be there only with
the clock. Here the read is counted, as a macro (unit/memory.py: access time and setup added) and in flip-flops,
mapped together with the lane (both banks, one read port, as rtl/decoder.sv has it for one lane).
"""
# SPDX-License-Identifier: Apache-2.0

import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from transom.cost.cells import area, map_cells
from transom.cost.designs import find_design, rtl_file
from transom.cost.liberty import Library
from transom.cost.timing import Netlist, register_names
from transom.cost.yosys import read_design

from . import memory

TABLE_LOGS = (6, 7, 8)
LANE, TABLE, TOP = "tans_pair_lane", "table_ram", "lane_with_table"
OTHER = "nrans_lane"
WORD, ADDRESS = "table_data_i", "table_addr_o"
# The lane's ports but those of the table's read; a group of four entries is written at a time.
WRAPPER = """
module lane_with_table (
  input logic clk_i, rst_ni, input codec_pkg::stream_in_t stream_i, output codec_pkg::stream_out_t stream_o,
  output codec_pkg::observe_t observe_o, output logic [codec_pkg::MaxTableLog-1:0] state_o,
  output logic row_read_o, output logic [2*(codec_pkg::SymbolBits+1)-1:0] row_addr_o,
  input logic [2*codec_pkg::RowBits-1:0] row_data_i,
  input logic write_i, input logic [{log}-2:0] write_addr_i, input logic [4*codec_pkg::EntryBits-1:0] write_data_i
);
  logic read;
  logic [{log}:0] address;
  logic [codec_pkg::EntryBits-1:0] word;
  tans_pair_lane u_lane (
    .clk_i, .rst_ni, .stream_i, .stream_o, .observe_o, .state_o, .table_read_o(read), .table_addr_o(address),
    .table_data_i(word), .row_read_o, .row_addr_o, .row_data_i
  );
  table_ram #(.AddrBits({log} + 1), .Width(codec_pkg::EntryBits), .WriteWords(4), .Ports(1)) u_table (
    .clk_i, .write_i, .write_addr_i, .write_data_i, .read_i(read), .read_addr_i(address), .read_data_o(word)
  );
endmodule
"""


@dataclass(frozen=True)
class Mapped:
    """A design mapped for speed: its cells, and its paths in ps."""

    netlist: Netlist
    library: Library
    um2: float

    def path_ps(self, start: str = "", end: str = "") -> float:
        """The longest path from points to points whose names begin so, clock-to-output and setup in it."""
        path = self.netlist.longest(lambda name: name.startswith(start), lambda name: name.startswith(end))
        return path.delay * self.library.time_unit_s * 1e12 if path else 0.0


@dataclass(frozen=True)
class Loop:
    """Of tables of 2^table_log entries, ps: the table's word at 0, as a macro, in flip-flops; um2 of the last."""

    table_log: int
    word_at_0: float
    macro: float
    registers: float
    registers_um2: float


def measure_loop(table_log: int, library: Library) -> Loop:
    """Maps the lane alone and with its table. Raises ToolError, ValueError."""
    lane = _map(LANE, table_log, library)
    whole = _map(LANE, table_log, library, WRAPPER.replace("{log}", str(table_log)))
    access, setup = memory.access_ps(2 ** (table_log + 1)), memory.ADDRESS_SETUP_PS
    macro = max(
        lane.path_ps(),
        access + lane.path_ps(start=WORD),
        lane.path_ps(end=ADDRESS) + setup,
        access + lane.path_ps(start=WORD, end=ADDRESS) + setup,
    )
    return Loop(table_log, lane.path_ps(), macro, whole.path_ps(), whole.um2)


def _map(lane: str, table_log: int, library: Library, wrapper: str = "") -> Mapped:
    """The lane, or what `wrapper` makes of it, memories in flip-flops."""
    with tempfile.TemporaryDirectory(prefix="transom-loop-") as name:
        folder = Path(name)
        read, top = read_design(find_design(lane), table_log, folder, ()), lane
        if wrapper:
            top = TOP
            (folder / f"{TABLE}.sv").write_text(rtl_file(f"{TABLE}.sv").read_text(encoding="utf-8"), encoding="utf-8")
            (folder / f"{TOP}.sv").write_text(wrapper, encoding="utf-8")
            read += f"read_verilog -sv {TABLE}.sv\nread_verilog -sv {TOP}.sv\nhierarchy -check -top {TOP}\n"
            read += "proc\nflatten\nopt\nmemory\n"
        modules, _ = map_cells(read, top, library, folder, small=False)
    netlist = Netlist(modules["fast"], library, register_names(modules["before"], library))
    return Mapped(netlist, library, area(modules["fast"], library, lambda _: False))


def table(libraries: Sequence[Library], table_logs: Iterable[int] = TABLE_LOGS) -> str:
    """What rtl/COST.md has of it, for each library; macros are of 7 nm alone. Raises ToolError, ValueError."""
    lines = []
    for library in libraries:
        lines += [
            f"{library.name}, ps:", "",
            f"| R | `{LANE}`, word at 0 | table as a macro | table in flip-flops | um2 with it | `{OTHER}` |",
            "| ---: | ---: | ---: | ---: | ---: | ---: |",
        ]  # fmt: skip
        for log in table_logs:
            loop, other = measure_loop(log, library), _map(OTHER, log, library)
            lines.append(
                f"| {log} | {loop.word_at_0:.0f} | {loop.macro:.0f} | {loop.registers:.0f} | "
                f"{loop.registers_um2:,.0f} | {other.path_ps():.0f} |"
            )
    return "\n".join(lines) + "\n"
