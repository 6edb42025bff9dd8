"""engine.py — properties of a netlist, proven or refuted by abc; a counterexample as values of its signals."""
# SPDX-License-Identifier: Apache-2.0

import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

from . import aiger
from .netlist import Netlist, tool

SPARE = 60  # seconds beyond a limit after which abc is stopped from outside


@dataclass(frozen=True)
class Trace:
    """A run from reset, or of an induction's step, that ends where properties fail."""

    failed: list[str]
    clocks: list[dict[str, int]]
    widths: dict[str, int]


def bounded(netlist: Netlist, names: list[str], depth: int, limit: int, folder: Path) -> tuple[str, Trace | None]:
    """The first `depth` clocks from reset."""
    graph = aiger.with_bad(netlist.aig, [netlist.properties[name] ^ 1 for name in names])
    return _ask(netlist, graph, names, f"bmc3 -F {depth} -T {limit}", rf"No output asserted in {depth} frames", folder)


def induction(netlist: Netlist, names: list[str], depth: int, limit: int, folder: Path) -> tuple[str, Trace | None]:
    """The step: behind `depth` good clocks from any state comes a good one. The netlist begins free."""
    graph = aiger.with_bad(netlist.aig, [netlist.properties[name] ^ 1 for name in names])
    graph = aiger.step_of_induction(graph, depth)
    return _ask(
        netlist, graph, names, f"bmc3 -F {depth + 1} -T {limit}", rf"No output asserted in {depth + 1} frames", folder
    )


def induction_apart(
    netlist: Netlist, names: list[str], depth: int, limit: int, folder: Path
) -> tuple[str, Trace | None]:
    """The same, a property at a time, in its clock those before it given: what is hard together may be easy so."""
    graph = aiger.with_bad(netlist.aig, [netlist.properties[name] ^ 1 for name in names])
    for i, name in enumerate(names):
        one, fails = aiger.all_of(graph, [netlist.properties[name] ^ 1, *(netlist.properties[n] for n in names[:i])])
        one = aiger.step_of_induction(one, depth, fails)
        done = rf"No output asserted in {depth + 1} frames"
        verdict, trace = _ask(netlist, one, [name], f"bmc3 -F {depth + 1} -T {limit}", done, folder)
        if verdict != "proven":
            return verdict, trace
    return "proven", None


def reachability(netlist: Netlist, names: list[str], limit: int, folder: Path) -> tuple[str, Trace | None]:
    """Property-directed reachability: all clocks, by invariants that abc finds."""
    graph = aiger.with_bad(netlist.aig, [netlist.properties[name] ^ 1 for name in names])
    return _ask(netlist, graph, names, f"pdr -T {limit}", r"Property proved", folder)


def _ask(
    netlist: Netlist, graph: aiger.Aig, names: list[str], command: str, proven: str, folder: Path
) -> tuple[str, Trace | None]:
    """'proven', 'fails' with a trace, or 'undecided'."""
    aiger.write(graph, folder / "graph.aig")
    witness = folder / "witness.aiw"
    witness.unlink(missing_ok=True)
    fold = "fold; " if graph.constraints else ""
    limit = re.search(r"-T (\d+)", command)
    assert limit
    script = f"read_aiger graph.aig; {fold}{command}; write_cex -a witness.aiw"
    try:
        said = tool(["yosys-abc", "-q", script], folder, int(limit[1]) + SPARE)
    except subprocess.TimeoutExpired:
        return "undecided", None
    if "was asserted in frame" in said and witness.exists():
        stimuli = witness.read_text().replace("# DONE", "").split()[1:]
        return "fails", _trace(netlist, graph, names, stimuli)
    return ("proven" if re.search(proven, said) else "undecided"), None


def _trace(netlist: Netlist, graph: aiger.Aig, names: list[str], stimuli: list[str]) -> Trace:
    simulation = aiger.Simulation(graph, stimuli)
    shown = {name: bits for name, bits in netlist.signals.items() if "$" not in name}
    clocks = [
        {name: sum(simulation.value(c, bit) << i for i, bit in enumerate(bits)) for name, bits in shown.items()}
        for c in range(len(stimuli))
    ]
    failed = [name for name in names if not simulation.value(len(stimuli) - 1, netlist.properties[name])]
    return Trace(failed, clocks, {name: len(bits) for name, bits in shown.items()})
