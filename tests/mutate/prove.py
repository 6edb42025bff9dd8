"""prove.py — whether a mutant does what the netlist does, from reset on and for ever: Yosys builds both, ABC decides.

Both copies get the same inputs. The module of the changed cell is tried alone, then the one around it, then the design:
what is equal there is equal in the design, whatever drives it. Memories are cut out: what is written must be equal in
every clock, and then a read gives both copies the same word where both ask for the same address, and any two words
where they do not. So a proof holds for every content of the memories; one that needs to know what is in them fails.
"""
# SPDX-License-Identifier: Apache-2.0

import json
import re
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from transom.cost.yosys import ToolError, run_yosys

from .aiger import set_inputs
from .environment import OF_MODULES, Port, counts
from .part import cut_part

MEMORY = re.compile(r"  cell \$mem_v2 .*?\n  end\n", re.DOTALL)
PORT = re.compile(r"  wire (?:width (\d+) )?(input|output) (\d+) \\(\S+)\n")
AROUND = "around_lanes"
OWN = "own_cells"
RESET = re.compile(r"^    (?:parameter \\ARST_|connect \\ARST ).*\n", re.MULTILINE)
LANES = "gen_lane["
SECONDS = 12  # of ABC's time, for each scope of a mutant


@dataclass(frozen=True)
class Memory:
    """Ports of a memory, as ports of the module: its words and addresses."""

    name: str
    reads: int
    width: int
    address_bits: int


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


def miter(ports: list[Port], memories: list[Memory], choice: str, assumed: str, masks: Mapping[str, str]) -> str:
    """A module whose output says that both copies have differed: in an output, not in what is shown of inputs."""
    own = {f"{memory.name}_{part}" for memory in memories for part in ("data", "read", "enable", "write", "word")}
    inputs = [port for port in ports if port.is_input and port.name not in own]
    outputs = [port for port in ports if not port.is_input]
    lines = [f"  input wire [{port.width - 1}:0] {port.name}" for port in inputs]
    for memory in memories:
        size = memory.reads * memory.width
        lines += [f"  input wire [{size - 1}:0] {memory.name}_same", f"  input wire [{size - 1}:0] {memory.name}_other"]
    text = "`default_nettype none\nmodule miter (\n" + ",\n".join([*lines, "  output wire bad"]) + "\n);\n"
    for port in inputs:
        text += f"  wire [{port.width - 1}:0] gold_{port.name} = {port.name};\n"
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
    for name in (port.name for port in outputs):
        if name in own or name.endswith("_i") or name.startswith("inside_"):
            continue
        mask = f" & {masks[name]}" if name in masks else ""
        differ.append(f"|((gold_{name} ^ gate_{name}){mask})")
    clauses = "\n    | ".join(f"({clause})" for clause in differ)
    return text + f"  assign bad = {clauses};\n{assumed}endmodule\n"


@dataclass(frozen=True)
class Verdict:
    equal: bool
    text: str


@dataclass(frozen=True)
class Scope:
    """An instance of the flat design, with or without the instances in it, or the design, or all of it but its lanes:
    its module, and its ports as the flat design names them.
    """

    instances: tuple[str, ...]
    module: str
    ports: Mapping[str, str]

    @property
    def is_whole(self) -> bool:
        return not self.instances and self.module != AROUND

    def has(self, instances: tuple[str, ...]) -> bool:
        """Cells of these instances; around lanes those that stand between instances, too."""
        if self.module == AROUND:
            return not "".join(instances[:1]).startswith(LANES)
        if self.module == OWN:
            return instances == self.instances
        return instances[: len(self.instances)] == self.instances

    @property
    def folder(self) -> str:
        names = [re.sub(r"\W+", "_", name) for name in self.instances]
        return "-".join([*names, self.module] if self.module == OWN else names) or self.module


class Prover:
    """Both copies of a scope as one circuit, which the number of a mutant makes one of a pair."""

    def __init__(
        self, scope: Scope, top: str, parameters: Mapping[str, int], port: str, folder: Path, resets: bool = True
    ) -> None:
        """Commands that add mutants to module `top` choose among them by an input `port`."""
        self.resets = resets
        self.scope = scope
        self.top = top
        self.parameters = parameters
        self.port = port
        self.folder = folder / scope.folder
        self.circuit = self.folder / "miter.aig"
        self.applied = self.folder / "applied.json"

    def make(self, base: Path, commands: Mapping[int, str], cells: Mapping[str, tuple[str, ...]]) -> None:
        """`base` is the flat design in RTLIL, `cells` says in which instances its cells are, `commands` add mutants."""
        self.folder.mkdir(parents=True, exist_ok=True)

        def inside(cell: str) -> bool:
            return self.scope.has(cells[cell])

        part = base
        if not self.scope.is_whole:
            part = self.folder / "part.il"
            cut_part(base, inside, self.scope.ports, part)
        # A cell that no output hangs on is not there.
        kept = set(re.findall(r"^  cell \S+ (\S+)$", part.read_text(encoding="utf-8"), re.MULTILINE))
        mine = {number: line for number, line in commands.items() if line.split("-cell ")[1].split()[0] in kept}
        apply = self.folder / "apply.ys"
        apply.write_text("\n".join(mine.values()) + "\n", encoding="utf-8")
        for copy, change in (("gold", ""), ("gate", f"script {apply}\n")):
            run_yosys(
                f"read_rtlil {part}\n{change}memory_nordff\nopt_clean\nrename {self.top} {copy}\n"
                f"write_rtlil {copy}.il\n",
                self.folder,
            )
        self.join(list(mine))

    def join(self, numbers: Sequence[int]) -> None:
        """Of gold.il, and of gate.il, which has the mutants of these numbers."""
        self.applied.write_text(json.dumps(numbers), encoding="utf-8")
        memories: list[Memory] = []
        ports: list[Port] = []
        for copy in ("gold", "gate"):
            file = self.folder / f"{copy}.il"
            text, memories = cut_memories(file.read_text(encoding="utf-8"))
            text = text if self.resets else RESET.sub("", text.replace("cell $adff ", "cell $dff "))
            file.write_text(text, encoding="utf-8")
            ports = ports_of(text)
        of_module = OF_MODULES.get(self.scope.module)
        assumed = of_module(ports, self.parameters) if of_module else ""
        masks = counts(self.scope.module, ports, self.parameters)
        (self.folder / "miter.v").write_text(miter(ports, memories, self.port, assumed, masks), encoding="utf-8")
        names = "" if self.resets else "setattr -set keep 1 w:*_q\n"  # of registers, that both copies have
        run_yosys(
            f"read_verilog -sv -formal miter.v\nread_rtlil gold.il\nread_rtlil gate.il\n{names}hierarchy -top miter\n"
            "proc\nflatten\nopt_clean -purge\nasync2sync\ndffunmap\nopt_expr\nopt_clean\ntechmap\nopt_clean\n"
            "setundef -undriven -zero\nsetundef -zero\nsetundef -init -zero\naigmap\nopt_clean\n"
            "write_aiger -zinit -symbols new.aig\n",
            self.folder,
        )
        (self.folder / "new.aig").rename(self.circuit)

    def with_mutant(self, number: int) -> bytes:
        """The circuit of mutant `number`."""
        circuit = self.circuit.read_bytes()
        wires = re.findall(rf"^i\d+ ({self.port}(?:\[(\d+)\])?)$".encode(), circuit, re.MULTILINE)
        return set_inputs(circuit, {name.decode(): number >> int(bit or 0) & 1 for name, bit in wires})

    def run_abc(self, circuit: bytes, commands: str) -> str:
        """What ABC says; cut off after its time."""
        file = self.folder / "run.aig"
        file.write_bytes(circuit)
        command = ["prlimit", f"--cpu={SECONDS}", "yosys-abc", "-c", f"read_aiger {file.name}; {commands}"]
        done = subprocess.run(command, cwd=self.folder, capture_output=True, text=True, check=False)
        if "unknown command" in done.stdout:
            raise ToolError(f"yosys-abc: {done.stdout.strip()}")
        file.unlink()
        return done.stdout

    def prove(self, number: int) -> Verdict:
        """Whether mutant `number` is the original."""
        if number not in json.loads(self.applied.read_text(encoding="utf-8")):
            return Verdict(False, "not decided")
        circuit = self.with_mutant(number)
        assumed = len(circuit.split(b"\n", 1)[0].split()) > 6
        fold = "scorr -c; fold; " if assumed else ""  # equal where what is assumed holds
        log = self.run_abc(circuit, f"{fold}scorr; dc2; scorr; print_stats; pdr -T {SECONDS // 2}")
        if "Property proved" in log or ("was asserted" not in log and re.search(r"and = +0 ", log)):
            return Verdict(True, "")
        asserted = re.search(r"was asserted in frame (\d+)", log)
        return Verdict(False, f"differs after {asserted[1]} clocks" if asserted else "not decided")
