"""__main__.py — the command line: ./dev synth, or python3 -m transom.cost."""
# SPDX-License-Identifier: Apache-2.0

import argparse
import os
import sys
from pathlib import Path
from typing import Any

from transom.files import put, run, write_whole
from transom.program import ROOT

from .cache import Cache
from .cost import COST, differences, merge, read_cost, to_text
from .designs import all_designs, find_design
from .fpga import DEVICES
from .liberty_text import LibertyError
from .measure import Measurer, Request
from .page import PAGE
from .table import REGION, region
from .tools import default_liberty, read_libraries, tool_versions
from .unit import table_loop
from .unit.designs import all_units
from .unit.measure import GENERIC
from .yosys import ToolError

LIBERTY = "liberty"
TARGETS = (GENERIC, *DEVICES, LIBERTY)
DEFAULT_TABLE_LOG = 10
DESCRIPTION = """\
Measures what the RTL costs: gate equivalents (generic), cells of liberty files with their longest paths
(liberty), look-up tables and clock of two FPGAs (ice40, ecp5); of whole units (decoder_axi_*) gates and cells.
Writes rtl/cost.json and the tables of rtl/COST.md. What was measured before from the same sources, tools and
libraries is kept in build/synth/.
"""
EPILOG = """\
examples:
  ./dev synth                                            everything
  ./dev synth --design tans_lane --target generic --json one design, printed
  ./dev synth --design decoder_axi_tans_16_128          a whole unit of 16 lanes behind a bus of 128 bits
  ./dev synth --liberty my.lib --target liberty          a library of your own, beside the others
  ./dev synth --table-loop --liberty my.lib              tANS with its table's read in the path, beside narrow rANS
  ./dev synth --check --target generic                   exit 1 if rtl/cost.json is not what the sources give

Liberty files are taken from $TRANSOM_LIBERTY or $TRANSOM_SHARED/data/liberty where none is named. A file without
logic, of a memory macro, is passed over. A tool that is missing is named, and its figures
are "not measured". Exit codes: 0 fine, 1 a check or a measurement failed, 2 usage, 3 a file is wrong.
"""


def main() -> int:
    arguments = _arguments()
    try:
        request = _request(arguments)
        if arguments.table_loop:
            return put(table_loop.table([library for library in request.libraries if library.has_logic]))
        cost = read_cost(arguments.output, arguments.table_log)
    except (LibertyError, ToolError, ValueError, OSError) as error:
        print(f"transom.cost: {error}", file=sys.stderr)
        return 1 if isinstance(error, ToolError) else 3 if isinstance(error, (LibertyError, OSError)) else 2
    measurer = Measurer(request, Cache(ROOT / "build" / "synth"), arguments.jobs)
    try:
        new = measurer.measure()
    except KeyboardInterrupt:
        print("transom.cost: stopped; what was measured is kept in build/synth", file=sys.stderr)
        return 130
    for failure in measurer.failures:
        print(f"transom.cost: {failure}", file=sys.stderr)
    if arguments.json and (code := put(to_text(new))):
        return code
    if arguments.check:
        return int(_differs(arguments.output, cost, new) or bool(measurer.failures))
    _write(arguments.output, merge(cost, new, list(all_designs()), list(all_units(arguments.table_log))))
    return int(bool(measurer.failures))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="./dev synth", description=DESCRIPTION, epilog=EPILOG, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    names = [*all_designs(), *all_units(DEFAULT_TABLE_LOG)]
    parser.add_argument("--design", nargs="+", metavar="NAME", help=f"of: {', '.join(names)} (default: all)")
    parser.add_argument("--target", nargs="+", choices=TARGETS, default=list(TARGETS), help="default: all")
    parser.add_argument("--liberty", nargs="+", type=Path, metavar="FILE", help="liberty files, not compressed")
    parser.add_argument(
        "--table-log", type=int, default=DEFAULT_TABLE_LOG, metavar="R", help="log2 of a table's slots (%(default)s)"
    )
    parser.add_argument(
        "--jobs", type=_count, default=os.cpu_count() or 1, metavar="N", help="measurements at once (%(default)s)"
    )
    parser.add_argument("--json", action="store_true", help="print what was measured")
    parser.add_argument(
        "--check", action="store_true", help="write nothing; exit 1 if the file's generic or liberty figures differ"
    )
    parser.add_argument(
        "--table-loop", action="store_true",
        help="print the path of a tANS lane with its table's read in it, of each liberty file, and write nothing",
    )  # fmt: skip
    parser.add_argument(
        "-o", "--output", type=Path, default=COST, metavar="FILE",
        help="the file to bring up to date (rtl/cost.json; with it the tables of rtl/COST.md)",
    )  # fmt: skip
    return parser.parse_args()


def _count(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 256:
        raise argparse.ArgumentTypeError(f"{text!r} is not in 1..256")
    return int(text)


def _request(arguments: argparse.Namespace) -> Request:
    units = all_units(arguments.table_log)
    names = arguments.design or [*all_designs(), *units]
    designs = [find_design(name) for name in names if name not in units]
    for design in designs:
        design.parameters(arguments.table_log)
    liberty = LIBERTY in arguments.target
    if arguments.liberty and not liberty:
        raise ValueError(f"--liberty has no effect: --target has no {LIBERTY}; leave it away")
    paths = (arguments.liberty or default_liberty()) if liberty else []
    if liberty and not paths:
        print("no liberty file: set TRANSOM_LIBERTY to a folder of them, or name one with --liberty", file=sys.stderr)
    return Request(
        designs=designs,
        units=[units[name] for name in names if name in units],
        targets=arguments.target,
        libraries=read_libraries(paths),
        table_log=arguments.table_log,
        versions=tool_versions(arguments.target),
    )


def _differs(path: Path, cost: dict[str, Any], new: dict[str, Any]) -> bool:
    """Says where the file is not what was measured."""
    found = differences(cost, new)
    for line in found:
        print(f"{path}: {line}", file=sys.stderr)
    if found:
        print("transom.cost: run ./dev synth and commit what it writes", file=sys.stderr)
    return bool(found)


def _write(output: Path, cost: dict[str, Any]) -> None:
    write_whole(output, to_text(cost))
    print(f"wrote {output}", file=sys.stderr)
    if output == COST:
        REGION.rewrite(PAGE, region(cost))
        print(f"wrote {PAGE}", file=sys.stderr)


if __name__ == "__main__":
    sys.exit(run("transom.cost", main))
