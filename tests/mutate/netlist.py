"""netlist.py — all mutants of a design as one netlist, Verilated once: a number chooses which of them is there.

Yosys flattens the design and lists every mutation of its cells' ports: a bit inverted, stuck, or inverted by another
bit. Lines of the source take turns until there are enough, so that each line has its mutants, not each bit of a wide
one. The cells keep the place in rtl/ that they come from.
"""
# SPDX-License-Identifier: Apache-2.0

import hashlib
import json
import os
import random
import re
import shutil
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from transom.cost.yosys import run_tool, run_yosys
from transom.program import ROOT

from .designs import Design
from .hierarchy import Hierarchy, cell_types
from .jumps import add_jumps, ask_for_jumps

SHAPE = ROOT / "sim" / "verilated" / "shape"
HERE = Path(__file__).parent
SELECT = HERE / "bench" / "select.cpp"
MOST = 10_000_000  # mutations of a list: all
PORT = "mutant"
UNTOUCHED = {"CLK", "ARST"}  # ports of cells: every register has them
FIELD = re.compile(r"-(mode|cell|port|portbit|ctrlbit|src) (\S+)")
# What a netlist begins with where nothing resets it, see select.cpp.
FIRST = [f"-DVL_RAND_RESET_{large}=transom_first_{small}" for large, small in (("I", "i"), ("Q", "q"), ("W", "w"))]


@dataclass(frozen=True)
class Mutation:
    """One change of one bit of a cell's port."""

    command: str  # Yosys' own
    module: str  # of rtl/
    place: str  # file:line in rtl/
    cell: str  # instances from the top down, and the cell's type
    change: str  # port, bit and mode

    @property
    def text(self) -> str:
        """The line of the source."""
        file, line = self.place.rsplit(":", 1)
        return (ROOT / file).read_text(encoding="utf-8").splitlines()[int(line) - 1].strip()


def base_script(design: Design) -> str:
    sources = " ".join(str(source.relative_to(ROOT)) for source in design.sources())
    parameters = " ".join(f"-set {name} {value}" for name, value in design.parameters.items())
    return (
        f"read_verilog -sv -Irtl {sources}\nchparam {parameters} {design.top}\nhierarchy -check -top {design.top}\n"
        f"rename -top {design.top}\nproc\nwrite_json %(out)s/hierarchy.json\nflatten\nopt_expr\nopt_clean\nwreduce\n"
        f"opt_clean\nmemory -nomap\nopt_clean\nwrite_rtlil %(out)s/base.il\nmutate -list {MOST} -o %(out)s/all.ys\n"
    )


def _run_yosys(script: str, folder: Path) -> None:
    """In the source folder, so that places are told from there."""
    file = folder / "script.ys"
    file.write_text(script % {"out": folder}, encoding="utf-8")
    run_tool(["yosys", "-q", "-s", file], ROOT, "Debian's yosys")


def _place(module_file: str, sources: Sequence[str], cell: str) -> str:
    """The narrowest piece of source in the module's own file; else anywhere."""
    named = re.search(r"\$(rtl/[\w/]+\.sv:[1-9]\d*)\$", cell)
    if named:
        return named[1]

    def size(source: str) -> tuple[bool, int]:
        first, last = (tuple(map(int, end.split("."))) for end in source.split(":")[1].split("-"))
        return not source.startswith(f"{module_file}:"), (last[0] - first[0]) * 1000 + last[1] - first[1]

    best = min(sources, key=size)
    return f"{best.split(':')[0]}:{best.split(':')[1].split('.')[0]}"


def mutations(design: Design, folder: Path) -> list[Mutation]:
    """All that there are in the files that this design is to mutate."""
    types = cell_types((folder / "base.il").read_text(encoding="utf-8"))
    hierarchy = Hierarchy(folder / "hierarchy.json", design.top)
    files = {source.stem: str(source.relative_to(ROOT)) for source in design.sources()}
    paths = {name: hierarchy.path(name) for name in types}
    found = []
    for command in (folder / "all.ys").read_text(encoding="utf-8").splitlines():
        fields: dict[str, list[str]] = defaultdict(list)
        for key, value in FIELD.findall(command):
            fields[key].append(value)
        cell = fields["cell"][0]
        instances, module, _ = paths[cell]
        file = files[module]
        sources = [source for source in fields["src"] if not source.endswith(":0.0-0.0")]
        if not file.startswith(design.mutated) or not sources or fields["port"][0] in UNTOUCHED:
            continue
        by = f" by {fields['ctrlbit'][0]}" if fields["ctrlbit"] else ""
        change = f"{fields['port'][0]}[{fields['portbit'][0]}] {fields['mode'][0]}{by}"
        where = ".".join(re.sub(r"^gen_\w+(\[\d+\])?\.", "", name) for name in instances)
        place = _place(file, sources, cell)
        found.append(Mutation(command, module, place, f"{where} {types[cell]}".strip(), change))
    return found


def sample(found: Sequence[Mutation], number: int, seed: int) -> list[Mutation]:
    """Lines of the source take turns; so do the cells of a line."""
    draw = random.Random(seed)
    lines: dict[str, dict[str, list[Mutation]]] = defaultdict(lambda: defaultdict(list))
    for one in found:
        cell = re.search(r"-cell (\S+)", one.command)
        assert cell is not None
        lines[f"{one.module} {one.place}"][cell[1]].append(one)
    queues = []
    for place in sorted(lines):
        cells = [lines[place][cell] for cell in sorted(lines[place])]
        draw.shuffle(cells)
        queues.append(cells)
    chosen: list[Mutation] = []
    while queues and len(chosen) < number:
        draw.shuffle(queues)
        for cells in queues[: number - len(chosen)]:
            of_cell = cells.pop(0)
            chosen.append(of_cell.pop(draw.randrange(len(of_cell))))
            if of_cell:
                cells.append(of_cell)
        queues = [cells for cells in queues if cells]
    return chosen


def _with_choice(verilog: str, bits: int) -> str:
    """The input that chooses asks for its number, once."""
    ask = f'  import "DPI-C" function int transom_mutant();\n  reg [{bits - 1}:0] {PORT};\n  initial {PORT} = '
    text = re.sub(rf", {PORT}\);", ");", verilog, count=1)
    text = re.sub(rf"^  input \[\d+:0\] {PORT};\n", "", text, count=1, flags=re.MULTILINE)
    return re.sub(
        rf"^  wire \[\d+:0\] {PORT};\n", f"{ask}{bits}'(transom_mutant());\n", text, count=1, flags=re.MULTILINE
    )


def compile_netlist(design: Design, folder: Path, bits: int) -> None:
    """netlist.v of a folder as netlist.so."""
    netlist = folder / "netlist.sv"
    verilog = ask_for_jumps((folder / "netlist.v").read_text(encoding="utf-8"))
    netlist.write_text(_with_choice(verilog, bits), encoding="utf-8")
    work = folder / "work"
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir()
    verilate = ["--cc", "--x-assign", "fast", "--x-initial", "unique", "-fno-reloop", "-Wno-lint", "-Wno-fatal"]
    run_tool(
        ["verilator", *verilate, "--prefix", "Vshape", "--top-module", design.top, "--Mdir", work, netlist],
        folder, "Debian's verilator",
    )  # fmt: skip
    include = work / "include" / "transom"
    for room, header in (
        *(("base", f"model/base/{name}.hpp") for name in ("spec", "bits", "precondition")),
        ("unit", "sim/unit/ports.hpp"), ("system", "sim/system/axi_bus.hpp"), ("verilated", "sim/verilated/shape"),
    ):  # fmt: skip
        (include / room).mkdir(parents=True, exist_ok=True)
        (include / room / Path(header).name).symlink_to(ROOT / header)
    root = run_tool(["verilator", "--getenv", "VERILATOR_ROOT"], folder, "Debian's verilator").strip()
    flags = [
        "-std=c++20", "-fPIC", "-fvisibility=hidden", "-pthread", "-w", "-include", "transom/verilated/shape/print.hpp",
        "-DVL_PRINTF=transom_rtl_print", *(f"-DVM_{what}=0" for what in ("TRACE", "TRACE_FST", "COVERAGE", "SC")),
        "-I.", "-Iinclude", "-isystem", f"{root}/include", "-isystem", f"{root}/include/vltstd",
    ]  # fmt: skip
    compiler = [*(["ccache"] if shutil.which("ccache") else []), os.environ.get("CXX", "c++"), *flags]
    for source, options in (
        *((file, ["-O0" if file.stem.endswith(("__Slow", "__Syms")) else "-O1"]) for file in work.glob("Vshape*.cpp")),
        (ROOT / design.glue, ["-O2", *design.defines]), (SHAPE / "print.cpp", ["-O1"]), (SELECT, ["-O2"]),
        *((Path(root) / "include" / f"verilated{part}.cpp", ["-O1"]) for part in ("", "_threads")),
    ):  # fmt: skip
        own = [] if source.parent == Path(root) / "include" else FIRST
        run_tool([*compiler, *options, *own, "-c", source, "-o", f"{source.stem}.o"], work, "Debian's g++")
    objects = sorted(path.name for path in work.glob("*.o"))
    run_tool([*compiler, "-shared", "-o", "netlist.so", *objects], work, "Debian's g++")
    (work / "netlist.so").rename(folder / "netlist.so")
    shutil.rmtree(work)


def _key(design: Design, number: int, seed: int, module: str | None) -> str:
    inputs = [
        *design.sources(),
        *sorted((ROOT / "rtl").glob("*.svh")),
        *sorted(SHAPE.iterdir()),
        ROOT / design.glue,
        SELECT,
        HERE / "netlist.py",
        HERE / "jumps.py",
    ]
    text = hashlib.sha256(f"{design} {number} {seed} {module}".encode())
    for file in inputs:
        text.update(file.read_bytes())
    return text.hexdigest()[:16]


@dataclass(frozen=True)
class Netlist:
    """A netlist of mutants: mutant i is mutations[i - 1]."""

    design: Design
    folder: Path
    mutations: list[Mutation]

    @property
    def object(self) -> Path:
        return self.folder / "netlist.so"

    @property
    def base(self) -> Path:
        return self.folder / "base.il"


def make_netlist(design: Design, number: int, seed: int, module: str | None, folder: Path) -> Netlist:
    """Made where it is not there yet; of one module where it is named. Raises ToolError."""
    folder = folder / f"{design.name}-{_key(design, number, seed, module)}"
    listed = folder / "mutations.json"
    if (folder / "netlist.so").exists():
        return Netlist(design, folder, [Mutation(**one) for one in json.loads(listed.read_text(encoding="utf-8"))])
    folder.mkdir(parents=True, exist_ok=True)
    _run_yosys(base_script(design), folder)
    chosen = sample([one for one in mutations(design, folder) if module in (None, one.module)], number, seed)
    if not chosen:
        return Netlist(design, folder, [])
    bits = max(len(chosen).bit_length(), 2)  # a port of one bit has no range in what Yosys writes
    commands = [
        one.command.replace("mutate ", f"mutate -ctrl {PORT} {bits} {n} ", 1) for n, one in enumerate(chosen, 1)
    ]
    (folder / "apply.ys").write_text("\n".join(commands) + "\n", encoding="utf-8")
    jumping = add_jumps((folder / "base.il").read_text(encoding="utf-8"), dict(design.jumps))
    (folder / "jumping.il").write_text(jumping, encoding="utf-8")
    run_yosys("read_rtlil jumping.il\nscript apply.ys\nopt_clean\nwrite_verilog -noattr netlist.v\n", folder)
    (folder / "all.ys").unlink()
    listed.write_text(json.dumps([vars(one) for one in chosen]), encoding="utf-8")
    compile_netlist(design, folder, bits)
    return Netlist(design, folder, chosen)
