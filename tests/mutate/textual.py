"""textual.py — changes of lines of bit_reader.sv as a person makes them: those of changes.json once outlived our tests.

All of them stand in one copy of the reader, and a number chooses; the golden vectors run on lanes with it, and what
survives is proven to be the reader without it, or is not.
"""
# SPDX-License-Identifier: Apache-2.0

import hashlib
import json
import re
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from transom.cost.yosys import ToolError, run_yosys
from transom.program import ROOT

from .designs import DESIGNS, Design
from .hunt import BUILD, EQUAL, KILLED, SURVIVED, prover_key
from .netlist import PORT, compile_netlist
from .prove import Prover, Scope

READER = ROOT / "rtl" / "lane" / "bit_reader.sv"
PROGRAM = BUILD / "mutants"
CHANGES = Path(__file__).with_name("changes.json")
ON = ("decoder_tans_1", "decoder_tans_pair_1", "decoder_rans_1")  # every shape of the reader, heads of 32 bits
SHAPES = ((16, 3), (16, 2), (32, 3))  # Window, Slots
NOT_READ = {(16, 3): "next_o", (16, 2): "head_valid_o", (32, 3): "head_valid_o"}  # by lane_control
BITS = 8
CHOICE = f"""\
  import "DPI-C" function int transom_mutant();
  logic [{BITS - 1}:0] {PORT};
  initial {PORT} = {BITS}'(transom_mutant());
"""


@dataclass(frozen=True)
class Change:
    line: str
    before: str  # stands before the value, and stays
    old: str
    new: str


@dataclass(frozen=True)
class Fate:
    change: Change
    result: str
    text: str  # of a killed one: design, vector, stalls, what differed


def changes() -> list[Change]:
    reader = READER.read_text(encoding="utf-8")
    found = []
    for entry in json.loads(CHANGES.read_text(encoding="utf-8")):
        text = entry["before"] + entry["value"]
        if reader.count(text) != 1:
            raise ToolError(f"{CHANGES}: stands in {READER} {reader.count(text)} times, not once: {text}")
        place = f"{READER.relative_to(ROOT)}:{reader[: reader.index(text)].count(chr(10)) + 1}"
        found += [Change(place, entry["before"], entry["value"], new) for new in entry["changes"]]
    return found


def changed(all_changes: Sequence[Change]) -> str:
    """The reader with every change in it, `mutant` chooses."""
    text = READER.read_text(encoding="utf-8")
    for before, old in dict.fromkeys((change.before, change.old) for change in all_changes):
        value = old
        for number, change in enumerate(all_changes, 1):
            if (change.before, change.old) == (before, old):
                value = f"({PORT} == {number} ? ({change.new}) : ({value}))"
        text = text.replace(before + old, before + value)
    return text


def _sources(design: Design, reader: str) -> str:
    """All of a design in one file, its parameters as it has them."""
    text = "`define TRANSOM_ASSERTS_OFF\n" + (ROOT / "rtl" / "assert.svh").read_text(encoding="utf-8")
    for source in design.sources():
        of_file = reader if source == READER else source.read_text(encoding="utf-8")
        if source.stem == design.top:
            for name, value in design.parameters.items():
                of_file = re.sub(rf"(parameter int {name}\s*= )[^,/]*", rf"\g<1>{value}", of_file, count=1)
        text += re.sub(r"`include .*\n", "", of_file)
    return text


def _netlist(name: str, reader: str, folder: Path) -> Path:
    design = DESIGNS[name]
    width = "  localparam int W = codec_pkg::WordBits;\n"
    text = _sources(design, reader.replace(width, width + CHOICE))
    folder = folder / f"text-{name}-{hashlib.sha256(text.encode()).hexdigest()[:16]}"
    if not (folder / "netlist.so").exists():
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "netlist.v").write_text(text, encoding="utf-8")
        compile_netlist(design, folder, BITS)
    return folder / "netlist.so"


def _equal(number: int, reader: str, folder: Path) -> bool:
    """Whether every shape of the reader does the same with this change."""
    clock = "  input  logic        clk_i,\n"
    with_port = reader.replace(clock, f"{clock}  input logic [{BITS - 1}:0] {PORT},\n", 1)
    for window, slots in SHAPES:
        prover = Prover(Scope((f"reader_{window}_{slots}",), "bit_reader", {}), "bit_reader", {}, PORT, folder)
        if not prover.circuit.exists():
            prover.folder.mkdir(parents=True, exist_ok=True)
            for copy, text in (("gold", READER.read_text(encoding="utf-8")), ("gate", with_port)):
                (prover.folder / f"{copy}.sv").write_text(text, encoding="utf-8")
                run_yosys(
                    f"read_verilog -sv -I{ROOT}/rtl {ROOT}/rtl/codec_pkg.sv {copy}.sv\n"
                    f"chparam -set Window {window} -set Slots {slots} bit_reader\nhierarchy -top bit_reader\n"
                    f"rename -top {copy}\ndelete -output w:{NOT_READ[window, slots]}\n"
                    f"proc\nflatten\nopt_clean\nwrite_rtlil {copy}.il\n",
                    prover.folder,
                )
            prover.join(list(range(1, len(changes()) + 1)))
        if not prover.prove(number).equal:
            return False
    return True


def _killed(reader: str, n_changes: int, vectors_seed: int, folder: Path) -> dict[int, str]:
    """What kills a change, by its number."""
    killed: dict[int, str] = {}
    for name in ON:
        left = [number for number in range(1, n_changes + 1) if number not in killed]
        done = subprocess.run(
            [str(PROGRAM), str(_netlist(name, reader, folder)), name, str(vectors_seed)],
            input="\n".join(map(str, left)), text=True, capture_output=True, check=False,
        )  # fmt: skip
        if done.returncode != 0:
            raise ToolError(f"{name}: {done.stderr.strip() or f'exit code {done.returncode}'}")
        for line in map(json.loads, done.stdout.splitlines()[1:]):
            if line["killed"]:
                killed[line["mutant"]] = f"{line['how']}: {line['vector']}, stalls: {line['stalls']}, {name}"
    return killed


def run_changes(vectors_seed: int, folder: Path) -> list[Fate]:
    """What becomes of each change. Raises ToolError."""
    listed = changes()
    reader = changed(listed)
    key = hashlib.sha256(reader.encode()).hexdigest()[:16]
    of_program = hashlib.sha256(PROGRAM.read_bytes()).hexdigest()[:16]
    kept = folder / f"text-{key}-{of_program}-{vectors_seed}.json"
    if not kept.exists():
        kept.write_text(json.dumps(_killed(reader, len(listed), vectors_seed, folder)), encoding="utf-8")
    killed = {int(number): text for number, text in json.loads(kept.read_text(encoding="utf-8")).items()}
    proofs = folder / f"text-{key}-{prover_key()}"
    fates = []
    for number, change in enumerate(listed, 1):
        if number in killed:
            fates.append(Fate(change, KILLED, killed[number]))
        else:
            fates.append(Fate(change, EQUAL if _equal(number, reader, proofs) else SURVIVED, ""))
    return fates
