"""jobs.py — what is run: a proof, its reachable cases, or a fault that must make a property fail."""
# SPDX-License-Identifier: Apache-2.0

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from . import engine, report
from .netlist import RTL, Netlist, ToolError, build
from .proofs import Bounded, Fault, Proof, Reachability


@dataclass
class Result:
    name: str
    what: str
    method: str
    verdict: str
    good: bool
    text: str = ""
    seconds: float = 0.0


@dataclass(frozen=True)
class Job:
    name: str
    what: str
    method: str
    effort: int  # the larger, the earlier it begins
    run: Callable[[Path], Result]


def proof_job(proof: Proof) -> Job:
    def run(folder: Path) -> Result:
        netlist = _netlist(proof, [], {}, folder)
        names = [name for name in netlist.properties if not proof.only or name in proof.only]
        verdict, trace = _prove(netlist, names, proof, folder)
        text = report.counterexample(trace, folder) if trace else ""
        return Result(proof.name, proof.what, str(proof.method), verdict, verdict == proof.method.verdict, text)

    return Job(proof.name, proof.what, str(proof.method), proof.effort, run)


def _prove(netlist: Netlist, names: list[str], proof: Proof, folder: Path) -> tuple[str, engine.Trace | None]:
    method, limit = proof.method, proof.limit
    if isinstance(method, Reachability):
        verdict, trace = engine.reachability(netlist, names, limit, folder)
    elif isinstance(method, Bounded):
        verdict, trace = engine.bounded(netlist, names, method.depth, limit, folder)
    else:
        verdict, trace = engine.bounded(netlist, names, method.depth + 1, limit, folder)
        if verdict == "proven":
            prove = engine.induction_apart if method.apart else engine.induction
            verdict, trace = prove(netlist, method.order(names), method.depth, limit, folder)
            verdict = "not inductive" if verdict == "fails" else verdict
    return (method.verdict if verdict == "proven" else verdict), trace


def cover_job(proof: Proof) -> Job:
    """Every case named by REACH is reached within as many clocks as the proof says."""
    name, method = f"{proof.name} reaches", f"within {proof.reach} clocks"

    def run(folder: Path) -> Result:
        netlist = _netlist(proof, ["FORMAL_COVER", "FORMAL_BLACK_BOX"], {}, folder)
        cases = list(netlist.properties)
        left = list(cases)
        while left:
            _, trace = engine.bounded(netlist, left, proof.reach, proof.limit, folder)
            if not trace:
                break
            left = [case for case in left if case not in trace.failed]
        verdict = f"{len(cases) - len(left)} of {len(cases)} cases"
        text = f"not reached: {', '.join(left)}: an assumption is too strong" if left else ""
        return Result(name, proof.what, method, verdict, bool(cases) and not left, text)

    return Job(name, proof.what, method, 0, run)


def fault_job(proof: Proof, fault: Fault) -> Job:
    """The property fails in a copy of the RTL with the fault, which has to apply to what is there now."""
    method = f"within {fault.depth} clocks"

    def run(folder: Path) -> Result:
        source = RTL / fault.file
        text = source.read_text()
        if text.count(fault.old) != 1:
            raise ToolError(
                f"{fault.file}: the fault's text stands there {text.count(fault.old)} times, not once: {fault.old}"
            )
        copy = folder / source.name
        copy.write_text(text.replace(fault.old, fault.new))
        netlist = _netlist(proof, ["FORMAL_BLACK_BOX"], {source: copy}, folder)
        _, trace = engine.bounded(netlist, [fault.fails], fault.depth, proof.limit, folder)
        return Result(fault.name, fault.fails, method, "found" if trace else "missed", trace is not None)

    return Job(fault.name, fault.fails, method, 0, run)


def _netlist(proof: Proof, defines: list[str], instead: dict[Path, Path], folder: Path) -> Netlist:
    sources = [RTL / name for name in proof.sources]
    sources = [instead.get(source, source) for source in sources]
    return build(proof.top, sources, proof.parameters, defines, folder, proof.cut)
