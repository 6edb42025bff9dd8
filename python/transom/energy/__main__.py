"""__main__.py — the command line: python3 -m transom.energy [TRACE...]; see ./dev energy --help."""
# SPDX-License-Identifier: Apache-2.0

import argparse
import os
import sys
import tempfile
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path
from typing import Any

from transom.cost import all_designs, read_liberty
from transom.cost.cache import Cache, digest
from transom.cost.designs import sources
from transom.cost.page import PAGE
from transom.cost.tools import default_liberty
from transom.cost.unit.lanes import ENERGY
from transom.cost.yosys import ToolError, run_tool
from transom.files import put
from transom.files import run as run_program
from transom.program import ROOT

from . import network
from .measure import TABLE_LOG, Job, measure, memory_macro
from .recording import Recording, record
from .report import as_text, table, to_text, write
from .simulate import MismatchError

TRACE = ROOT / "golden/traces/digits_cnn_int8"
MISMATCH, USAGE, BAD_DATA = 1, 2, 3
DESIGNS = tuple(name for name, design in all_designs().items() if design.unit and design.lanes == 1)

DESCRIPTION = """\
Energy per value of units with one lane, first order. Each unit is mapped to the cells of a liberty file; the
netlist is replayed in Icarus Verilog on what lay at the RTL's ports while it decoded a trace, and all outputs
are compared in every clock; the toggles of its nets, with the library's energies, make pJ per value.
Left out: wires, the clock tree, glitches, slews, memories; `network` counts memories and DRAM.
"""
EPILOG = f"""\
liberty files: --liberty, or all .lib files of the folder TRANSOM_LIBERTY, or of data/liberty in the folder
TRANSOM_SHARED (../shared). Free ones: sky130, IHP SG13G2 and ASAP7, in the folder flow/platforms of
github.com/The-OpenROAD-Project/OpenROAD-flow-scripts. A file of memory macros is reported, not mapped to.

exit code: 0 fine, 1 a netlist differs from the RTL or a tool failed, 2 usage, 3 bad data

examples:
  ./dev energy                                    every unit in every library, on {TRACE.relative_to(ROOT)}
  ./dev energy --design decoder_tans_1 --liberty asap7.lib --json
  ./dev energy network TRACE --lanes 16           of a whole network with memories and DRAM, against reading raw
  ./dev energy --write TRACE1 TRACE2              and write rtl/energy.json and the table of rtl/COST.md
"""


class UsageError(ValueError):
    """What was asked for cannot be done; the text says what can."""


def main(arguments: Sequence[str] | None = None) -> int:
    words = sys.argv[1:] if arguments is None else list(arguments)
    if words[:1] == ["network"]:
        return network.main(words[1:])
    options = _parser().parse_args(words)
    try:
        energy = run(options)
        if options.write:
            write(energy, ENERGY, PAGE)
        return put(to_text(energy) if options.json else as_text(table(energy)) + "\n")
    except UsageError as error:
        return _fail(error, USAGE)
    except (MismatchError, ToolError) as error:
        return _fail(error, MISMATCH)
    except (ValueError, OSError) as error:
        return _fail(error, BAD_DATA)


def run(options: argparse.Namespace) -> dict[str, Any]:
    """The figures of all designs that were asked for.

    Raises UsageError, MismatchError, ToolError, ValueError, OSError.
    """
    files = options.liberty or default_liberty()
    if not files:
        raise UsageError("no .lib file: name one with --liberty, or a folder of them in TRANSOM_LIBERTY (--help)")
    libraries, macros = _split(files)
    traces = [path.resolve() for path in options.trace]
    with tempfile.TemporaryDirectory(prefix="transom-ports-") as ports:
        jobs = _jobs(options, list(libraries.values()), traces, Path(ports))
        found = _run_jobs(jobs, Cache(ROOT / "build/energy"), options.jobs)
    return {
        "table_log": TABLE_LOG,
        "clocks": options.clocks,
        "tensors": options.tensors,
        "leakage_mhz": options.leakage_mhz,
        "traces": [path.name for path in traces],
        "tools": {tool: _version(tool) for tool in ("yosys", "iverilog")},
        "memory_macros": [macro for macro in map(memory_macro, macros) if macro],
        "designs": {
            design: {
                "kind": all_designs()[design].kind,
                "liberty": {name: found[design, liberty] for name, liberty in libraries.items()},
            }
            for design in options.design or DESIGNS
        },
    }


def _split(files: Sequence[Path]) -> tuple[dict[str, Path], list[Path]]:
    """Libraries of cells by name, and files without logic. Raises UsageError, OSError, ValueError."""
    libraries: dict[str, Path] = {}
    macros = []
    for file in files:
        library = read_liberty(file)
        if not library.has_logic:
            macros.append(file)
        elif libraries.setdefault(library.name, file) != file:
            raise UsageError(f"{file} and {libraries[library.name]} are both library {library.name}: name one of them")
    if not libraries:
        raise UsageError(f"no gates and flip-flops in {', '.join(map(str, files))}")
    return libraries, macros


def _jobs(options: argparse.Namespace, libraries: list[Path], traces: list[Path], ports: Path) -> list[Job]:
    if len({path.name for path in traces}) != len(traces):
        raise UsageError("two traces have the same name")
    for trace in traces:
        if not trace.exists():
            raise ValueError(f"{trace}: no such trace")
    jobs = []
    for design in options.design or DESIGNS:
        recordings = {trace.name: _record(options, design, trace, ports) for trace in traces}
        jobs += [Job(design, liberty, recordings, options.leakage_mhz) for liberty in libraries]
    return jobs


def _record(options: argparse.Namespace, design: str, trace: Path, ports: Path) -> list[Recording]:
    """The recordings of the trace's largest tensors, in the trace's order."""
    kind = all_designs()[design].kind
    all_tensors = record(options.program, trace, kind, TABLE_LOG, options.clocks, ports / f"{trace.name}.{kind}")
    largest = sorted(all_tensors, key=lambda tensor: -tensor.values)[: options.tensors]
    return [tensor for tensor in all_tensors if tensor in largest]


def _run_jobs(jobs: Sequence[Job], cache: Cache, workers: int) -> dict[tuple[str, Path], dict[str, Any]]:
    """Figures by design and library; a line of progress for each. Those that inputs are the same for are kept."""
    found = {}
    with ProcessPoolExecutor(max_workers=workers) as pool:
        futures = {pool.submit(_cached, cache, job): job for job in jobs}
        try:
            for n, future in enumerate(as_completed(futures), 1):
                job = futures[future]
                found[job.design, job.liberty] = future.result()
                print(f"energy: {n} of {len(jobs)}: {job.label}", file=sys.stderr, flush=True)
        except MismatchError as error:
            raise MismatchError(f"{job.label}: netlist and RTL differ: {error}") from error
        finally:
            pool.shutdown(cancel_futures=True)
    return found


def _cached(cache: Cache, job: Job) -> dict[str, Any]:
    return cache.get(_key(job), lambda folder: measure(job, folder))[0]


def _key(job: Job) -> str:
    """The digest of everything that the job's figures depend on: this program and that of netlists, too."""
    folders = [ROOT / "python/transom" / name for name in ("cost", "energy")]
    programs = sorted(path for folder in folders for path in folder.glob("*.py"))
    design = all_designs()[job.design]
    recordings = [(name, tensor) for name, tensors in job.traces.items() for tensor in tensors]
    parts: list[str | bytes] = [job.design, _version("yosys"), _version("iverilog"), str(job.leakage_mhz)]
    parts += [job.liberty.read_bytes(), *(path.read_bytes() for path in programs)]
    parts += [part for file in sources(design, TABLE_LOG).items() for part in file]
    parts += [part for name, tensor in recordings for part in (name, str(tensor.values), tensor.file.read_bytes())]
    return digest(parts)


def _version(tool: str) -> str:
    """The first line that a tool says of itself. Raises ToolError."""
    line = run_tool([tool, "-V"], Path(tempfile.gettempdir()), f"Debian's {tool}").splitlines()[0]
    return line.partition(" (")[0]


def _fail(error: Exception, code: int) -> int:
    print(f"transom.energy: {error}", file=sys.stderr)
    return code


def _number(low: float, high: float, kind: type) -> Any:
    def read(text: str) -> Any:
        value = kind(text)
        if not low <= value <= high:
            raise argparse.ArgumentTypeError(f"{text} is not in {low}..{high}")
        return value

    read.__name__ = kind.__name__
    return read


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="./dev energy",
        description=DESCRIPTION,
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add("trace", metavar="TRACE", nargs="*", type=Path, default=[TRACE], help="a trace (default: the embedded one)")
    add("--liberty", metavar="FILE", action="append", type=Path, help="a library; may be repeated (default: see below)")
    text = f"a unit; may be repeated (default: {', '.join(DESIGNS)})"
    add("--design", metavar="NAME", action="append", choices=DESIGNS, help=text)
    text = "clocks of every tensor, its table's load among them, which takes up to 256 (default: %(default)s)"
    add("--clocks", metavar="N", type=_number(2, 100_000, int), default=512, help=text)
    text = "tensors of a trace, its largest ones (default: %(default)s)"
    add("--tensors", metavar="N", type=_number(1, 10_000, int), default=6, help=text)
    text = "clock over whose period leakage is summed (default: %(default)g)"
    add("--leakage-mhz", metavar="F", type=_number(1, 10_000, float), default=100.0, help=text)
    text = "transom, built with Verilator (default: build/transom)"
    add("--program", metavar="FILE", type=Path, default=ROOT / "build/transom", help=text)
    text = "netlists at once (default: %(default)s)"
    add("--jobs", metavar="N", type=_number(1, 256, int), default=os.cpu_count() or 1, help=text)
    add("--json", action="store_true", help="print the result as JSON")
    add("--write", action="store_true", help="write it to rtl/energy.json and to the table in rtl/COST.md")
    return parser


if __name__ == "__main__":
    sys.exit(run_program("transom.energy", main))
