"""__main__.py — the command line: ./dev formal."""
# SPDX-License-Identifier: Apache-2.0

import argparse
import json
import os
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import asdict
from pathlib import Path

from . import report
from .jobs import Job, Result, cover_job, fault_job, proof_job
from .netlist import ROOT, ToolError
from .proofs import FAULTS, PROOFS, without_fault

DESCRIPTION = """\
Proves properties of the RTL with Yosys and abc: tests/formal/*_properties.sv state them, docs/formal.md says what
they mean. Each proof runs beside one that reaches every case its assumptions must leave open.
"""
EPILOG = """\
examples:
  ./dev formal                          every proof
  ./dev formal bit_reader fifo          those whose names begin so
  ./dev formal --faults                 a fault in a copy of the RTL for each property, which must then fail
  ./dev formal --list                   the table of docs/formal.md

Counterexamples are in build/formal/NAME: trace.vcd. Exit codes: 0 all is proven (or every fault found), 1 a property
fails, is not decided in time, or a fault is missed, 2 usage.
"""


def main() -> int:
    arguments = _arguments()
    proofs = [p for p in PROOFS if not arguments.name or any(p.name.startswith(n) for n in arguments.name)]
    faults = [f for f in FAULTS if f.proof in {p.name for p in proofs}]
    if not proofs:
        print(f"formal: no proof begins with {' or '.join(arguments.name)}: --list has them", file=sys.stderr)
        return 2
    if arguments.list:
        print(report.listing(proofs))
        return 0
    of_name = {p.name: p for p in proofs}
    jobs: list[Job] = [fault_job(of_name[f.proof], f) for f in faults] if arguments.faults else []
    if not arguments.faults:
        jobs = [job for p in proofs for job in (proof_job(p), cover_job(p))]
    missing = without_fault(proofs) if arguments.faults else []
    for text in missing:
        print(f"formal: {text} has no fault that makes it fail: proofs.py", file=sys.stderr)
    results = _run(jobs, arguments.jobs, arguments.folder)
    if arguments.json:
        print(json.dumps([asdict(result) for result in results], indent=2))
    else:
        print(report.table(results))
    for result in results:
        if not result.good and result.text:
            print(f"\n{result.name}: {result.text}", file=sys.stderr)
    return int(bool(missing) or not all(result.good for result in results))


def _run(jobs: list[Job], n: int, folder: Path) -> list[Result]:
    """The longest first; the results in the order of the jobs."""
    results: dict[str, Result] = {}
    with ThreadPoolExecutor(n) as pool:
        waiting = [pool.submit(_timed, job, folder) for job in sorted(jobs, key=lambda job: -job.effort)]
        for done in as_completed(waiting):
            result = done.result()
            results[result.name] = result
            print(
                f"[{len(results)}/{len(jobs)}] {result.name}: {result.verdict}, {result.seconds:.0f} s", file=sys.stderr
            )
    return [results[job.name] for job in jobs]


def _timed(job: Job, folder: Path) -> Result:
    begun = time.monotonic()
    work = folder / job.name.replace(" ", "_")
    work.mkdir(parents=True, exist_ok=True)
    run: Callable[[Path], Result] = job.run
    try:
        result = run(work)
    except ToolError as error:
        result = Result(job.name, job.what, job.method, "error", False, str(error))
    result.seconds = round(time.monotonic() - begun, 1)
    return result


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="./dev formal",
        description=DESCRIPTION,
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("name", nargs="*", help="proofs whose names begin so (default: all)")
    parser.add_argument("--faults", action="store_true", help="seeded faults instead of proofs")
    parser.add_argument("--list", action="store_true", help="print what there is to prove, and run nothing")
    parser.add_argument("--json", action="store_true", help="results as JSON")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="proofs at a time (default: %(default)s)")
    parser.add_argument("--folder", type=Path, default=ROOT / "build" / "formal", help="of netlists and traces")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
