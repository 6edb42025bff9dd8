"""__main__.py — the command line: ./dev mutate."""
# SPDX-License-Identifier: Apache-2.0

import argparse
import json
import os
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from transom.cost.yosys import ToolError
from transom.errors import FAILED, FINE, UsageError
from transom.files import put, run, write_whole
from transom.program import ROOT

from .designs import DESIGNS, LANES, UNITS, Design
from .hunt import SURVIVED, Found, hunt
from .report import PAGE, UNITS_PAGE, changes_table, low, page, summary, to_json, units_page
from .textual import run_changes

FOLDER = ROOT / "build" / "mutate"
DESCRIPTION = """\
Makes mutants of the RTL with Yosys, runs the golden vectors on each, proves with ABC which of those that survive
are the same circuit, and prints the share that the vectors kill: of each design and each module, with every survivor's
cell and line. All mutants of a design are one netlist, Verilated once. Netlists and proofs are kept in build/mutate/.
"""
EPILOG = """\
examples:
  ./dev mutate --design decoder_tans_1 --module bit_reader   what survives in the reader of bits
  ./dev mutate --sample 100 --seed 7 --json                   a hundred mutants of all designs, others than the page's
  ./dev mutate --changes                                     changes of lines of bit_reader.sv
  ./dev mutate --write                                       all lanes, and docs/mutants.md anew
  ./dev mutate --units --write                               units behind a bus, and docs/mutants-units.md anew
  ./dev mutate --units --write --design decoder_wide_nrans_4   the same; of the other unit what it last came to

Exit codes: 0 fine, 1 a score is below --least or a tool failed, 2 usage, 3 a file is wrong.
"""


def main() -> int:
    try:
        return _main(_arguments())
    except UsageError as error:
        print(f"transom.mutate: {error}", file=sys.stderr)
        return error.exit_code
    except ToolError as error:
        print(f"transom.mutate: {error}", file=sys.stderr)
        return FAILED


def _main(arguments: argparse.Namespace) -> int:
    if arguments.write and (arguments.sample or arguments.module):
        raise UsageError("--write is of whole runs; leave --sample and --module away")
    if arguments.changes:
        fates = run_changes(arguments.vectors_seed, arguments.folder)
        survive = any(fate.result == SURVIVED for fate in fates)
        return put("".join(f"{'  '.join(row).rstrip()}\n" for row in changes_table(fates))) or (
            FAILED if survive else FINE
        )
    shown = UNITS if arguments.units else LANES
    designs = [_design(name) for name in arguments.design or [one.name for one in shown]]
    if arguments.write and not {design.name for design in designs} <= {one.name for one in shown}:
        raise UsageError("a page is of lanes, or with --units of units")
    total = sum(design.mutants for design in designs)
    folder: Path = arguments.folder

    def kept(design: Design) -> Path:
        """What became of all its mutants when they were last run."""
        return folder / f"found-{design.name}-{arguments.seed}-{arguments.vectors_seed}.json"

    all_of_them = shown if arguments.write else designs
    for design in all_of_them:
        if design not in designs and not kept(design).exists():
            raise UsageError(f"{design.name} was not run yet: a page is of all")

    def hunt_one(design: Design) -> list[Found]:
        if design not in designs:
            return [Found(**one) for one in json.loads(kept(design).read_text(encoding="utf-8"))]
        number = design.mutants if not arguments.sample else -(-arguments.sample * design.mutants // total)
        found = hunt(design, number, (arguments.seed, arguments.vectors_seed), arguments.module, folder)
        if not arguments.sample and not arguments.module:
            kept(design).write_text(json.dumps([vars(one) for one in found]), encoding="utf-8")
        return found

    with ThreadPoolExecutor(arguments.jobs) as pool:
        found = [one for of_design in pool.map(hunt_one, all_of_them) for one in of_design]
    if not found:
        raise UsageError(f"no mutant in module {arguments.module}; of {', '.join(d.name for d in designs)} it has none")
    if arguments.write:
        if arguments.units:
            file, text = UNITS_PAGE, units_page(found, arguments.seed)
        else:
            file, text = PAGE, page(found, run_changes(arguments.vectors_seed, folder), arguments.seed)
        write_whole(file, text)
        print(f"wrote {file}", file=sys.stderr)
    text = json.dumps(to_json(found, arguments.seed), indent=1) + "\n" if arguments.json else summary(found)
    if code := put(text):
        return code
    missed = low(found, arguments.least)
    for line in missed:
        print(f"transom.mutate: {line}", file=sys.stderr)
    return FAILED if missed else FINE


def _design(name: str) -> Design:
    if name not in DESIGNS:
        raise UsageError(f"no design {name}: there are {', '.join(DESIGNS)}")
    return DESIGNS[name]


def _number(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) < 1 << 32:
        raise argparse.ArgumentTypeError(f"{text!r} is not in 1..2^32 - 1")
    return int(text)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="./dev mutate", description=DESCRIPTION, epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )  # fmt: skip
    parser.add_argument("--design", nargs="+", metavar="NAME", help=f"of: {', '.join(DESIGNS)} (default: all lanes)")
    parser.add_argument("--units", action="store_true", help="units behind a bus in place of lanes in a unit of one")
    parser.add_argument("--module", metavar="NAME", help="mutants of one module of rtl/, e.g. bit_reader")
    parser.add_argument("--sample", type=_number, metavar="N", help="about as many mutants, over all designs")
    parser.add_argument("--seed", type=_number, default=1, metavar="N", help="of the mutants (%(default)s)")
    parser.add_argument("--vectors-seed", type=_number, default=1, metavar="N", help="of the vectors (%(default)s)")
    parser.add_argument(
        "--jobs", type=_number, default=os.cpu_count() or 1, metavar="N", help="designs at once (%(default)s)"
    )
    parser.add_argument(
        "--changes", action="store_true", help="changes of lines of bit_reader.sv alone; exit 1 if one survives"
    )
    parser.add_argument("--json", action="store_true", help="print every mutant and what killed it")
    parser.add_argument("--write", action="store_true", help="write docs/mutants.md, or docs/mutants-units.md")
    parser.add_argument(
        "--least", type=float, default=0, metavar="PERCENT", help="exit 1 where a design's score is below this"
    )
    parser.add_argument(
        "--folder", type=Path, default=FOLDER, metavar="DIR", help="for netlists and proofs (%(default)s)"
    )
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(run("transom.mutate", main))
