"""simulate.py — a netlist replays a recording in Icarus Verilog: outputs compared in every clock, toggles counted.

Inputs change with the rising edge, as the registers do, and nothing has a delay: so a net toggles at most
once a clock, and there are no glitches. Outputs are compared just before the next edge. Memories are the
modules of rtl/, and start at 0.
"""
# SPDX-License-Identifier: Apache-2.0

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from transom.cost.liberty import Library
from transom.cost.yosys import run_tool

from .models import cell_model, netlist_module
from .netlist import Netlist
from .recording import Recording, vectors

START, PERIOD = 20, 10  # time of the first clock after reset, and time units per clock
PIECE = 1 << 22  # bytes of a dump that are counted at once
MEMORY = "table_ram"  # the only module of rtl/ that stays a memory
BENCH = """\
`timescale 1ns/1ns
// Two clocks of reset with inputs 0, as the Verilated RTL has had them; then a line of `vectors` per clock.
module bench;
  parameter Inputs = 1, Outputs = 1, Cycles = 1;
  reg [Outputs+Inputs-1:0] vectors [0:Cycles-1];
  reg clk = 1'b0, rst_n = 1'b0;
  reg [Inputs-1:0] in = {Inputs{1'b0}};
  wire [Outputs-1:0] out;
  reg [8*1024-1:0] file;
  integer i, cycles;
  netlist dut (.clk(clk), .rst_n(rst_n), .in(in), .out(out));
  initial begin
%(memories)s
    if (!$value$plusargs("vectors=%%s", file) || !$value$plusargs("cycles=%%d", cycles)) $finish;
    $readmemh(file, vectors, 0, cycles - 1);
    if (!$value$plusargs("dump=%%s", file)) $finish;
    $dumpfile(file);
    repeat (2) begin #5 clk = 1'b0; #5 clk = 1'b1; end
    rst_n = 1'b1;
    in <= vectors[0][Inputs-1:0];
    $dumpvars(1, dut);
    for (i = 0; i < cycles; i = i + 1) begin
      #5 clk = 1'b0;
      if (out !== vectors[i][Outputs+Inputs-1:Inputs]) begin
        $display("differs %%0d %%b %%b", i, vectors[i][Outputs+Inputs-1:Inputs], out);
        $finish;
      end
      #5 if (i + 1 < cycles) begin
        clk = 1'b1;
        in <= vectors[i+1][Inputs-1:0];
      end
    end
    $display("compared %%0d", cycles);
    $finish;
  end
endmodule
"""


class MismatchError(Exception):
    """The netlist and the RTL differ; the text names cycle, port, what was wanted and what came."""


@dataclass(frozen=True)
class Activity:
    """What a recording did to the nets: toggles of each (a dictionary from its number), and clocks.

    `load` counts while the table loads, `decode` from there on.
    """

    load: dict[int, int]
    decode: dict[int, int]
    load_cycles: int
    decode_cycles: int


@dataclass(frozen=True)
class Simulator:
    """A compiled netlist."""

    netlist: Netlist
    program: Path
    folder: Path

    def run(self, recording: Recording) -> Activity:
        """Replays a recording. Raises MismatchError, ToolError, ValueError, OSError."""
        lines, dump = self.folder / f"{recording.file.stem}.hex", self.folder / f"{recording.file.stem}.vcd"
        lines.write_text("\n".join(vectors(recording, self.netlist)) + "\n", encoding="ascii")
        arguments = [f"+vectors={lines.name}", f"+cycles={recording.cycles}", f"+dump={dump.name}"]
        printed = run_tool(["vvp", "-n", self.program.name, *arguments], self.folder, "Debian's iverilog")
        self._judge(printed, recording)
        border = START + PERIOD * recording.load_cycles if recording.load_cycles < recording.cycles else None
        load, decode = count_toggles(dump, border)
        dump.unlink()
        lines.unlink()
        load_cycles = min(recording.load_cycles, recording.cycles)
        return Activity(load, decode, load_cycles, recording.cycles - load_cycles)

    def _judge(self, printed: str, recording: Recording) -> None:
        for line in printed.splitlines():
            match line.split():
                case ["differs", cycle, want, got]:
                    raise MismatchError(f"tensor '{recording.tensor}', cycle {cycle}: {self._first_port(want, got)}")
                case ["compared", cycles] if int(cycles) == recording.cycles:
                    return
        raise MismatchError(f"tensor '{recording.tensor}': the simulation ended early: {printed.strip()[-200:]}")

    def _first_port(self, want: str, got: str) -> str:
        """`want` and `got` are all outputs in binary, the first port in the lowest bits."""
        place = len(want)
        for port in self.netlist.watched():
            low = place - len(port.bits)
            if want[low:place] != got[low:place]:
                return f"port {port.name}: want {want[low:place]}, got {got[low:place]}"
            place = low
        return "no port differs"


def compile_netlist(netlist: Netlist, library: Library, memory: Path, most_cycles: int, folder: Path) -> Simulator:
    """Writes and compiles netlist, cells and bench in `folder`; `memory` is the source of table_ram.

    Raises ModelError, ToolError, OSError, ValueError for an instance of an unknown kind.
    """
    kinds = {instance.kind for instance in netlist.instances}
    for kind in sorted(kinds - library.cells.keys() - {MEMORY}):
        raise ValueError(f"the netlist has instances of {kind}, which {library.path} has no cell for")
    cells = [library.cells[kind] for kind in sorted(kinds & library.cells.keys())]
    sources = [*(cell_model(cell) for cell in cells), netlist_module(netlist, library.cells)]
    sources.append(BENCH % {"memories": "\n".join(_clear_memories(netlist))})
    (folder / "simulation.v").write_text("\n\n".join(sources), encoding="utf-8")
    sizes = {
        "Inputs": sum(len(port.bits) for port in netlist.driven()),
        "Outputs": sum(len(port.bits) for port in netlist.watched()),
        "Cycles": most_cycles,
    }
    flags = [f"-Pbench.{name}={size}" for name, size in sizes.items()]
    files: list[str | Path] = ["simulation.v", *([memory.resolve()] if MEMORY in kinds else [])]
    run_tool(["iverilog", "-g2012", "-s", "bench", *flags, "-o", "simulation", *files], folder, "Debian's iverilog")
    return Simulator(netlist, folder / "simulation", folder)


def _clear_memories(netlist: Netlist) -> Iterator[str]:
    """Statements that set memories and what their read ports hold to 0."""
    for place, instance in enumerate(netlist.instances):
        if instance.kind == MEMORY:
            path = f"dut.u{place}"
            yield f"    for (i = 0; i < {1 << instance.parameters['AddrBits']}; i = i + 1) {path}.mem[i] = 0;"
            for port in range(instance.parameters["Ports"]):
                yield f"    {path}.gen_read[{port}].data_q = 0;"


def count_toggles(dump: Path, border: int | None) -> tuple[dict[int, int], dict[int, int]]:
    """Changes of the nets n<number> of a VCD file before time `border` and from it on; None: all are before.

    Raises ValueError for a net that is unknown at some time (it has no driver), and for a dump that is cut.
    """
    with dump.open("rb") as lines:
        names = _names(lines)
        marker = None if border is None else b"#%d\n" % border
        before: Counter[bytes] = Counter()
        after: Counter[bytes] = Counter()
        now = before
        for piece in iter(lambda: lines.readlines(PIECE), []):
            if now is before and marker in piece:
                place = piece.index(marker)
                before.update(piece[:place])
                now = after
                now.update(piece[place:])
            else:
                now.update(piece)
    if border is not None and now is before:
        raise ValueError(f"{dump}: ends before time {border}")
    return _by_net(before, names, dump), _by_net(after, names, dump)


def _names(lines: Iterable[bytes]) -> dict[bytes, list[int]]:
    """Reads the header and the first values; VCD's short names -> numbers of nets."""
    names: dict[bytes, list[int]] = {}
    for line in lines:
        words = line.split()
        if words[:1] == [b"$var"] and words[2] == b"1" and words[4][:1] == b"n":
            names.setdefault(words[3], []).append(int(words[4][1:]))
        if words[:1] == [b"$dumpvars"]:
            break
    for line in lines:
        if line.startswith(b"$end"):
            break
    return names


def _by_net(changes: Counter[bytes], names: dict[bytes, list[int]], dump: Path) -> dict[int, int]:
    toggles: Counter[int] = Counter()
    for line, n in changes.items():
        if line[:1] not in b"01xz":
            continue  # a time, or a vector
        for number in names.get(line[1:].strip(), ()):
            if line[:1] in b"xz":
                raise ValueError(f"{dump}: net n{number} is {line[:1].decode()}: it has no driver")
            toggles[number] += n
    return dict(toggles)
