"""hunt.py — the vectors on each mutant of a design, and a proof for each that survives."""
# SPDX-License-Identifier: Apache-2.0

import hashlib
import json
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from transom.cost.yosys import ToolError
from transom.program import ROOT

from .designs import Design
from .hierarchy import Places
from .induction import prove_by_step
from .netlist import PORT, Netlist, make_netlist
from .prove import OWN, Prover, Verdict

BUILD = ROOT / "build"
HERE = Path(__file__).parent
TOO_LARGE = ("decoder_arith_1", "decoder_nrans_1", "wide_decoder")  # no proof of a whole one ends
AT_ONCE = 100  # mutants of a process
PROVERS = ("aiger", "environment", "hierarchy", "induction", "part", "prove")
STEPS_IN = 2  # scopes with the instances in them, the smallest first
KILLED, EQUAL, SURVIVED = "killed", "equal", "survived"


@dataclass(frozen=True)
class Found:
    """What became of a mutant."""

    design: str
    module: str
    place: str
    line: str  # of the source
    cell: str
    change: str
    result: str
    how: str = ""  # a killed one: what differed first
    vector: str = ""
    stalls: str = ""
    text: str = ""  # the difference; of a survivor what the proof came to

    @property
    def in_time_alone(self) -> bool:
        return self.how == "clocks"


def run_vectors(netlist: Netlist, numbers: Sequence[int], vectors_seed: int) -> list[dict[str, Any]]:
    """A line of the bench for each of these mutants; kept for as long as bench and vectors stay. Raises ToolError."""
    parts = [numbers[first : first + AT_ONCE] for first in range(0, len(numbers), AT_ONCE)]
    with ThreadPoolExecutor(len(parts)) as pool:
        return [
            line for lines in pool.map(lambda part: _run_some(netlist, part, vectors_seed), parts) for line in lines
        ]


def _run_some(netlist: Netlist, numbers: Sequence[int], vectors_seed: int) -> list[dict[str, Any]]:
    program = BUILD / netlist.design.program
    key = hashlib.sha256(program.read_bytes() + f"{vectors_seed} {list(numbers)}".encode()).hexdigest()[:16]
    kept = netlist.folder / f"killed-{key}.json"
    if not kept.exists():
        command = [str(program), str(netlist.object), netlist.design.name, str(vectors_seed)]
        done = subprocess.run(command, input="\n".join(map(str, numbers)), text=True, capture_output=True, check=False)
        if done.returncode != 0:
            raise ToolError(f"{netlist.design.name}: {done.stderr.strip() or f'exit code {done.returncode}'}")
        kept.write_text(done.stdout, encoding="utf-8")
    return [json.loads(line) for line in kept.read_text(encoding="utf-8").splitlines()][1:]


def prover_key() -> str:
    """Changes with what proves."""
    return hashlib.sha256(b"".join((HERE / f"{name}.py").read_bytes() for name in PROVERS)).hexdigest()[:16]


def _prove(netlist: Netlist, places: Places, number: int, folder: Path) -> Verdict:
    """In one scope after the other; in those of an instance by a step of induction, too."""
    design, verdict = netlist.design, Verdict(False, "not decided")
    steps = STEPS_IN
    for scope in places.scopes(number):
        too_large = (design.name if scope.is_whole else scope.module) in TOO_LARGE
        if too_large or (design.is_unit and not scope.instances):
            continue
        prover = Prover(scope, design.top, design.parameters, PORT, folder)
        if not prover.circuit.exists():
            prover.make(netlist.base, places.commands, places.instances)
        verdict = prover.prove(number)
        if not verdict.equal and scope.instances and scope.module != OWN and steps != 0:
            steps -= 1
            prover = Prover(scope, design.top, design.parameters, PORT, folder / f"step-{number}", resets=False)
            if prove_by_step(prover, number, places.commands[number], netlist.base, places.instances):
                verdict = Verdict(True, "")
        if verdict.equal:
            break
    return verdict


def prove_all(netlist: Netlist, numbers: Sequence[int]) -> dict[int, Verdict]:
    """Of the smallest scope in which a mutant is equal; else of the design. Verdicts are kept from run to run."""
    folder = netlist.folder / f"proofs-{prover_key()}"
    folder.mkdir(exist_ok=True)
    places = Places(netlist.folder, netlist.design.top)
    verdicts = {}
    for number in numbers:
        kept = folder / f"{number}.json"
        if not kept.exists():
            verdict = _prove(netlist, places, number, folder)
            kept.write_text(json.dumps(vars(verdict)), encoding="utf-8")
        verdicts[number] = Verdict(**json.loads(kept.read_text(encoding="utf-8")))
    return verdicts


def hunt(design: Design, number: int, seeds: tuple[int, int], module: str | None, folder: Path) -> list[Found]:
    """What becomes of `number` mutants, of one module where it is named. Seeds: of the mutants, of the vectors."""
    print(f"{design.name}: {number} mutants", file=sys.stderr, flush=True)
    netlist = make_netlist(design, number, seeds[0], module, folder)
    if not netlist.mutations:
        return []
    lines = run_vectors(netlist, range(1, len(netlist.mutations) + 1), seeds[1])
    verdicts = prove_all(netlist, [line["mutant"] for line in lines if not line["killed"]])
    found = []
    for line in lines:
        one = netlist.mutations[line["mutant"] - 1]
        if line["killed"]:
            fate = {"result": KILLED, **{key: line[key] for key in ("how", "vector", "stalls", "text")}}
        else:
            verdict = verdicts[line["mutant"]]
            fate = {"result": EQUAL if verdict.equal else SURVIVED, "text": verdict.text}
        found.append(Found(design.name, one.module, one.place, one.text, one.cell, one.change, **fate))
    survivors = sum(one.result == SURVIVED for one in found)
    print(f"{design.name}: {survivors} of {len(found)} survive", file=sys.stderr, flush=True)
    return found
