"""prove.py — whether a mutant does what the netlist does, from reset on and for ever: Yosys builds both, ABC decides.

Both copies get the same inputs. Memories are cut out: what is written must be equal in every clock, and then a read
gives both copies the same word where both ask for the same address, and any two words where they do not. So a proof
holds for every content of the memories; one that needs to know what is in them fails.
"""
# SPDX-License-Identifier: Apache-2.0

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from transom.cost.yosys import run_tool, run_yosys

MEMORY = re.compile(r"  cell \$mem_v2 .*?\n  end\n", re.DOTALL)
PORT = re.compile(r"  wire (?:width (\d+) )?(input|output) (\d+) \\(\S+)\n")


@dataclass(frozen=True)
class Memory:
    """Ports of a memory, as ports of the module: its words and addresses."""

    name: str
    reads: int
    width: int
    address_bits: int


@dataclass(frozen=True)
class Port:
    name: str
    width: int
    is_input: bool


def _wire(name: str, width: int, direction: str, number: int) -> str:
    return f"  wire width {width} {direction} {number} \\{name}\n"


def cut_memories(rtlil: str) -> tuple[str, list[Memory]]:
    """A flat module of RTLIL, whose memories are ports; reads are not clocked."""
    memories: list[Memory] = []
    number = max(int(found[2]) for found in PORT.findall(rtlil)) + 1

    def cut(found: re.Match[str]) -> str:
        nonlocal number
        cell = found[0]
        parameters = dict(re.findall(r"parameter \\(\w+) (.*)", cell))
        nets = dict(re.findall(r"connect \\(\w+) (.*)", cell))
        reads, writes, width, bits = (int(parameters[name]) for name in ("RD_PORTS", "WR_PORTS", "WIDTH", "ABITS"))
        name = f"memory{len(memories)}"
        memories.append(Memory(name, reads, width, bits))
        lines = [_wire(f"{name}_data", reads * width, "input", number), f"  connect {nets['RD_DATA']} \\{name}_data\n"]
        for port, net, size in (
            ("read", "RD_ADDR", reads * bits), ("enable", "WR_EN", writes * width), ("write", "WR_ADDR", writes * bits),
            ("word", "WR_DATA", writes * width),
        ):  # fmt: skip
            number += 1
            lines += [_wire(f"{name}_{port}", size, "output", number), f"  connect \\{name}_{port} {nets[net]}\n"]
        number += 1
        return "".join(lines)

    return MEMORY.sub(cut, rtlil), memories


def ports_of(rtlil: str) -> list[Port]:
    return [Port(name, int(width or 1), way == "input") for width, way, _, name in PORT.findall(rtlil)]


def stays(name: str, streams: int, own: Sequence[Port], shared: Sequence[Port] = ()) -> str:
    """Each stream's source: what it offers stays, with the same data, until it is taken. Shared: of all streams."""
    text = f"  reg [{streams - 1}:0] {name}_waits = 0;\n"
    text += f"  always @(posedge clk_i) {name}_waits <= rst_ni ? {name}_valid_i & ~gold_{name}_ready_o : 0;\n"
    for port in (*own, *shared):
        text += f"  reg [{port.width - 1}:0] was_{port.name};\n"
        text += f"  always @(posedge clk_i) was_{port.name} <= {port.name};\n"
    for stream in range(streams):
        same = [f"{name}_valid_i[{stream}]", *(f"was_{port.name} == {port.name}" for port in shared)]
        for port in own:
            bits = f"[{port.width // streams * stream} +: {port.width // streams}]"
            same.append(f"was_{port.name}{bits} == {port.name}{bits}")
        text += f"  always @* assume (!{name}_waits[{stream}] | ({' & '.join(f'({one})' for one in same)}));\n"
    return text


def assumptions(ports: Sequence[Port]) -> str:
    """What rtl/README.md says of those who drive `decoder`; nothing of other modules."""
    sizes = {port.name: port for port in ports}
    if "job_valid_i" not in sizes:
        return ""
    streams = sizes["job_valid_i"].width
    text = ""
    for name, own, shared in (
        ("symbol", ("symbol_word_i", "symbol_last_i"), ()),
        ("offset", ("offset_word_i", "offset_last_i"), ()),
        ("job", ("job_n_values_i", "job_symbol_empty_i", "job_offset_empty_i"), ("job_table_log_i", "job_bank_i")),
    ):
        text += stays(name, streams, [sizes[one] for one in own], [sizes[one] for one in shared])
    return text + "  always @* assume (!(load_valid_i | load_row_valid_i) | !gold_bank_busy_o[load_bank_i]);\n"


def miter(ports: list[Port], memories: list[Memory], choice: str) -> str:
    """A module whose output says that both copies have differed."""
    own = {f"{memory.name}_{part}" for memory in memories for part in ("data", "read", "enable", "write", "word")}
    inputs = [port for port in ports if port.is_input and port.name not in own]
    outputs = [port for port in ports if not port.is_input]
    lines = [f"  input [{port.width - 1}:0] {port.name}" for port in inputs]
    for memory in memories:
        size = memory.reads * memory.width
        lines += [f"  input [{size - 1}:0] {memory.name}_same", f"  input [{size - 1}:0] {memory.name}_other"]
    text = "module miter (\n" + ",\n".join([*lines, "  output bad"]) + "\n);\n"
    for copy in ("gold", "gate"):
        for port in outputs:
            text += f"  wire [{port.width - 1}:0] {copy}_{port.name};\n"
        for memory in memories:
            text += f"  wire [{memory.reads * memory.width - 1}:0] {copy}_{memory.name}_data;\n"
        nets = [f".{port.name}({port.name})" for port in inputs if (copy, port.name) != ("gold", choice)]
        nets += [f".{port.name}({copy}_{port.name})" for port in outputs]
        nets += [f".{memory.name}_data({copy}_{memory.name}_data)" for memory in memories]
        text += f"  {copy} {copy}_copy ({', '.join(nets)});\n"
    differ = []
    for memory in memories:
        name, width, bits = memory.name, memory.width, memory.address_bits
        text += f"  assign gold_{name}_data = {name}_same;\n"
        for read in range(memory.reads):
            address, word = f"[{read * bits} +: {bits}]", f"[{read * width} +: {width}]"
            text += (
                f"  assign gate_{name}_data{word} = gold_{name}_read{address} == gate_{name}_read{address}\n"
                f"    ? {name}_same{word} : {name}_other{word};\n"
            )
        # An address and a word count where they are written.
        for copy in ("gold", "gate"):
            text += f"  wire {copy}_{name}_writes = |{copy}_{name}_enable;\n"
        differ += [
            f"gold_{name}_enable != gate_{name}_enable",
            f"gold_{name}_writes & (gold_{name}_write != gate_{name}_write)",
            f"|((gold_{name}_word ^ gate_{name}_word) & gold_{name}_enable)",
        ]
    differ += [f"gold_{port.name} != gate_{port.name}" for port in outputs if port.name not in own]
    clauses = "\n    | ".join(f"({clause})" for clause in differ)
    return text + f"  assign bad = {clauses};\n{assumptions(ports)}endmodule\n"


@dataclass(frozen=True)
class Verdict:
    equal: bool
    text: str


def _number(data: bytes, at: int) -> tuple[int, int]:
    """One of AIGER's numbers of 7 bits a byte, and where the next begins."""
    value = shift = 0
    while True:
        byte = data[at]
        value |= (byte & 127) << shift
        at, shift = at + 1, shift + 7
        if byte < 128:
            return value, at


def _bytes(value: int) -> bytes:
    out = bytearray()
    while value > 127:
        out.append(value & 127 | 128)
        value >>= 7
    return bytes([*out, value])


def set_inputs(aiger: bytes, values: dict[str, int]) -> bytes:
    """A circuit in binary AIGER, of whose inputs some are constants."""
    lines = aiger.split(b"\n", 1)
    _, inputs, latches, outputs, gates, *more = (int(number) for number in lines[0].split()[1:])
    constraints = more[1] if len(more) > 1 else 0
    before = lines[1].split(b"\n", latches + outputs + constraints)
    ands = before.pop()
    at, start, read = 0, 1 + inputs + latches, []
    for gate in range(gates):
        first, at = _number(ands, at)
        second, at = _number(ands, at)
        read.append((2 * (start + gate) - first, 2 * (start + gate) - first - second))
    names = re.findall(rb"^i(\d+) (\S+)$", ands[at:], re.MULTILINE)
    constant = {2 * (1 + int(number)): values[name.decode()] for number, name in names if name.decode() in values}
    assert len(constant) == len(values), "inputs that are not there"

    def literal(old: int) -> int:
        return constant[old & ~1] ^ old & 1 if old & ~1 in constant else old

    body = b""
    for line in before:  # a latch's next value, with its first one behind; an output; a constraint
        first_word, *others = line.split()
        body += b" ".join([str(literal(int(first_word))).encode(), *others]) + b"\n"
    for gate, (first, second) in enumerate(read):
        large, small = sorted((literal(first), literal(second)), reverse=True)
        body += _bytes(2 * (start + gate) - large) + _bytes(large - small)
    return lines[0] + b"\n" + body


class Prover:
    """Both copies of a design as one circuit, which the number of a mutant makes one of a pair."""

    def __init__(self, base: Path, apply: Path, top: str, port: str, folder: Path) -> None:
        """`base` is a flat netlist in RTLIL, `apply` the commands that add mutants, chosen by an input `port`."""
        self.port = port
        self.folder = folder
        self.circuit = folder / "miter.aig"
        if not self.circuit.exists():
            self._make(base, apply, top)
        self.aiger = self.circuit.read_bytes()
        self.assumed = len(self.aiger.split(b"\n", 1)[0].split()) > 6

    def _make(self, base: Path, apply: Path, top: str) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        for copy, change in (("gold", ""), ("gate", f"script {apply}\n")):
            run_yosys(
                f"read_rtlil {base}\n{change}memory_nordff\nopt_clean\nrename {top} {copy}\nwrite_rtlil {copy}.il\n",
                self.folder,
            )
        memories: list[Memory] = []
        ports: list[Port] = []
        for copy in ("gold", "gate"):
            file = self.folder / f"{copy}.il"
            text, memories = cut_memories(file.read_text(encoding="utf-8"))
            file.write_text(text, encoding="utf-8")
            ports = ports_of(text)
        (self.folder / "miter.v").write_text(miter(ports, memories, self.port), encoding="utf-8")
        run_yosys(
            "read_verilog -formal miter.v\nread_rtlil gold.il\nread_rtlil gate.il\nhierarchy -top miter\nproc\n"
            "flatten\nopt_clean -purge\nasync2sync\ndffunmap\nopt_expr\nopt_clean\ntechmap\nopt_clean\n"
            "setundef -undriven -zero\nsetundef -zero\nsetundef -init -zero\naigmap\nopt_clean\n"
            "write_aiger -zinit -symbols new.aig\n",
            self.folder,
        )
        (self.folder / "new.aig").rename(self.circuit)

    def prove(self, number: int, seconds: int = 5) -> Verdict:
        """Whether mutant `number` is the original. Raises ToolError."""
        wires = re.findall(rf"^i\d+ ({self.port}(?:\[(\d+)\])?)$".encode(), self.aiger, re.MULTILINE)
        values = {name.decode(): number >> int(bit or 0) & 1 for name, bit in wires}
        file = self.folder / f"{number}.aig"
        file.write_bytes(set_inputs(self.aiger, values))
        fold = "fold; " if self.assumed else ""
        log = run_tool(
            ["yosys-abc", "-c", f"read_aiger {file.name}; {fold}scorr; dc2; scorr; print_stats; pdr -T {seconds}"],
            self.folder, "Debian's yosys",
        )  # fmt: skip
        file.unlink()
        if "Property proved" in log or ("was asserted" not in log and re.search(r"and = +0 ", log)):
            return Verdict(True, "")
        asserted = re.search(r"was asserted in frame (\d+)", log)
        return Verdict(False, f"differs after {asserted[1]} clocks" if asserted else "not decided")
