"""__main__.py — the command line: transom sweep TRACE -o DIR, or python3 -m transom.sweep TRACE -o DIR."""
# SPDX-License-Identifier: Apache-2.0

import argparse
import json
import os
import platform
import shlex
import shutil
import sys
from collections.abc import Mapping
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Any

from transom.errors import BAD_DATA, FAILED, FINE, DataError, ToolError, UsageError
from transom.files import end_as_interrupted, exit_code, printable, put, said
from transom.parser import Parser
from transom.program import ROOT

from . import analysis, work
from .area import Costs, area_columns, read_costs
from .grid import AUTO, AXES, Grid, make_grid
from .progress import Progress
from .rows import failed_row, point_rows
from .store import REPORT_HTML, SWEEP_CSV, SweepFolder
from .trace import PackedTrace, pack

FORMAT = "transom-sweep 2"
PACKAGES = "python3-distributed, python3-plotly"

DESCRIPTION = """\
Runs a grid of decoder units on a trace, each behind a memory and before a consumer (transom sim), on all
cores or on a Dask cluster, and writes into DIR: sweep.csv (a line per point), layers.csv (a line per layer
of each point), sweep.json (what was run, and all points) and report.html (Pareto front of values per cycle
against area, ratio against table bits, stalls by layer, rate against bandwidth and against bytes of FIFO, the field).

Options of the grid are comma lists; `auto` leaves an option to transom sim. What no unit can be built for
is skipped and counted. Started again with the same grid, DIR is gone on with; nothing runs twice.
"""
EPILOG = """\
examples:
  transom sweep golden/traces/digits_cnn_int8 -o out --lanes 1,2,4,8,16 --table-log 8,10,12
  transom sweep TRACE -o out --coding apack-tans --mem-bytes-per-cycle 1.6,3.2,6.4 --mem-latency 40
  transom sweep TRACE -o out --scheduler tcp://head:8786    # workers: TRANSOM_PROGRAM=... dask worker tcp://head:8786

Exit code: 0 fine, 1 a point failed, 2 usage, 3 bad or damaged data, 130 or 143 stopped (start again to go on).
"""


def _parser() -> argparse.ArgumentParser:
    parser = Parser(
        prog="transom sweep", description=DESCRIPTION, epilog=EPILOG, allow_abbrev=False,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )  # fmt: skip
    parser.add_argument("trace", metavar="TRACE", type=Path, help="a .npy, an .npz, or a folder of .npy")
    parser.add_argument("-o", "--output", metavar="DIR", type=Path, required=True, help="folder to write or go on with")
    grid = parser.add_argument_group("the grid")
    for axis in AXES:
        help_text = f"{axis.help} (default %(default)s)".replace("%(default)s", axis.default)
        grid.add_argument(axis.option, metavar="LIST", default=axis.default, help=help_text)
    run = parser.add_argument_group("the run")
    run.add_argument("--workers", metavar="N", type=int, help="points at a time on this machine (default: its cores)")
    run.add_argument("--scheduler", metavar="ADDRESS", help="of a running Dask cluster, such as tcp://host:8786")
    run.add_argument("--fresh", action="store_true", help="forget what DIR has of an earlier sweep")
    run.add_argument("--json", action="store_true", help="print the summary as JSON")
    run.add_argument("--program", metavar="FILE", help="the program transom; on a worker TRANSOM_PROGRAM comes first")
    run.add_argument(
        "--costs", metavar="FILE", type=Path, default=ROOT / "rtl" / "cost.json", help="areas (default: rtl/cost.json)"
    )
    run.add_argument(
        "--fifo-memory", choices=("macro", "registers"), default="macro",
        help="what prefetch FIFOs are, of the area: macros where these are smaller, or registers (default: macro)",
    )  # fmt: skip
    return parser


def _program(given: str | None) -> work.Program:
    """What is named, or the environment's, or what is in PATH, or what is built here."""
    environments = os.environ.pop("TRANSOM_PROGRAM", "")  # or threads of this process would take it before --program
    found = given or environments or shutil.which("transom") or str(ROOT / "build" / "transom")
    path = Path(found).resolve()
    try:
        return str(path), work.file_sha256(str(path))
    except OSError as error:
        raise UsageError(f"{path}: {error.strerror}; name the program transom with --program") from error


def _n_workers(arguments: argparse.Namespace) -> int:
    if arguments.workers is None:
        return len(os.sched_getaffinity(0))
    if arguments.scheduler is not None:
        raise UsageError("--workers: a cluster given by --scheduler has workers of its own; leave one of the two out")
    if not 1 <= arguments.workers <= 1024:
        raise UsageError(f"--workers: {arguments.workers}: takes 1..1024")
    return int(arguments.workers)


def _check_trace(trace: PackedTrace, path: Path, program: work.Program) -> None:
    """Raises DataError where `transom` cannot read the trace, before a thousand points say so."""
    _, error = work.encode(trace.files, trace.name, ["--coding", "raw"], program)
    if error:
        raise DataError(f"{path}: {error}")


def _command(arguments: argparse.Namespace, grid: Grid) -> str:
    words = ["transom", "sweep", str(arguments.trace), "-o", str(arguments.output)]
    for axis in AXES:
        if grid.values[axis.name] != (AUTO,) or axis.default != AUTO:
            words += [axis.option, ",".join(grid.values[axis.name])]
    return printable(shlex.join(words))


def _summary(arguments: argparse.Namespace, grid: Grid, trace: PackedTrace, program: work.Program) -> dict[str, Any]:
    """What sweep.json says before the first point: store.IDENTITY's keys, and what a reader wants to know."""
    return {
        "format": FORMAT,
        "command": _command(arguments, grid),
        "trace": printable(trace.name),
        "trace_sha256": trace.sha256,
        "program_sha256": program[1],
        "versions": {"Python": platform.python_version(), "Dask": version("distributed"), "plotly": version("plotly")},
        "grid": {name: list(values) for name, values in grid.values.items()},
        "points": len(grid.points),
        "skipped": grid.skipped,
    }


def _run(
    arguments: argparse.Namespace, folder: SweepFolder, trace: PackedTrace, program: work.Program, costs: Costs
) -> None:
    """Runs what is not finished; every point is in the files as soon as it ends."""
    from .engine import Runner, connect  # noqa: PLC0415  half a second that --help need not wait for

    points = folder.unfinished()
    if not points:
        return
    n_finished = len(folder.rows())
    with connect(arguments.scheduler, _n_workers(arguments)) as client:
        progress = Progress(n_finished + len(points), n_finished)
        for point, printed, error in Runner(client, trace, program).run(points):
            row, layers = (failed_row(point, error), []) if error else point_rows(point, printed)
            row.update(area_columns(costs, point, row))
            folder.add(point, row, layers)
            progress.step(bool(row["error"]))
        progress.end()


def _write_report(folder: SweepFolder, summary: Mapping[str, Any]) -> None:
    from .report import Sweep, report_html  # noqa: PLC0415  plotly, likewise

    rows = folder.rows()
    good = [row for row in rows if not row["error"]]
    failed = [(analysis.point_words(row), row["error"]) for row in rows if row["error"]]
    best = analysis.best_by_coding(good)
    layers = {coding: folder.layers(row) for coding, row in best.items()}
    folder.write(REPORT_HTML, report_html(Sweep(summary, good, failed, layers)))


def sweep(arguments: argparse.Namespace) -> int:
    """Runs a sweep to its end; returns the exit code. Raises ToolError."""
    grid = make_grid({axis.name: getattr(arguments, axis.name) for axis in AXES})
    _n_workers(arguments)
    program = _program(arguments.program)
    costs = read_costs(arguments.costs, fifo_macro=arguments.fifo_memory == "macro")
    trace = pack(arguments.trace)
    _check_trace(trace, arguments.trace, program)
    summary = _summary(arguments, grid, trace, program)
    folder = SweepFolder(arguments.output, summary, grid, arguments.fresh)
    n_before = len(folder.rows())
    if n_before:
        print(f"sweep: {n_before} of {len(grid.points)} points are finished already", file=sys.stderr)
    _run(arguments, folder, trace, program, costs)
    n_failed = sum(bool(row["error"]) for row in folder.rows())
    summary["failed"] = n_failed
    folder.finish(partial(area_columns, costs), summary)
    _write_report(folder, summary)
    return put(_text(arguments, summary, n_before)) or (FAILED if n_failed else FINE)


def _text(arguments: argparse.Namespace, summary: Mapping[str, Any], n_before: int) -> str:
    n_skipped = sum(summary["skipped"].values())
    result = {
        "points": summary["points"], "failed": summary["failed"], "skipped": n_skipped, "from_before": n_before,
        "csv": printable(arguments.output / SWEEP_CSV), "report": printable(arguments.output / REPORT_HTML),
    }  # fmt: skip
    if arguments.json:
        return json.dumps(result, indent=2) + "\n"
    skipped = "".join(f"  {n} skipped: {reason}\n" for reason, n in summary["skipped"].items())
    points = f"{result['points']} points, {result['failed']} failed; {n_skipped} combinations skipped\n"
    return f"{points}{skipped}{result['csv']}\n{result['report']}\n"


def main() -> int:
    arguments = argparse.Namespace(trace="", output="")
    end_as_interrupted()
    try:
        _parser().parse_args(namespace=arguments)
        return sweep(arguments)
    except ToolError as error:
        print(f"transom: sweep: {printable(error)}", file=sys.stderr)
        return error.exit_code
    except MemoryError:
        trace = printable(arguments.trace)
        print(f"transom: sweep: {trace}: memory: there is not enough; split the trace", file=sys.stderr)
        return BAD_DATA
    except ModuleNotFoundError as error:
        print(f"transom: sweep: no Python module {error.name}; install {PACKAGES}", file=sys.stderr)
        return FAILED
    except OSError as error:
        print(f"transom: sweep: {said(error)}", file=sys.stderr)
        return BAD_DATA
    except KeyboardInterrupt as interrupt:
        print(f"\ntransom: sweep: interrupted; the same command goes on in {arguments.output}", file=sys.stderr)
        sys.stderr.flush()
        os._exit(exit_code(interrupt))  # Dask's threads would be waited for; engine.connect has ended their processes


if __name__ == "__main__":
    sys.exit(main())
