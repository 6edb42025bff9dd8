"""__main__.py — the command line: transom report TRACE... -o FILE.html."""
# SPDX-License-Identifier: Apache-2.0

import argparse
import json
import os
import shlex
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from transom import files
from transom.errors import BAD_DATA, FINE, ToolError, UsageError
from transom.parser import Parser

NAME = "transom report"
NEEDED = "transom's own module, python3-numpy, python3-plotly"
UNITS = ("wide", "axi")
DESCRIPTION = """\
Writes one HTML page about traces: what each coding makes of each network and of each tensor, tables and headers
counted, beside the entropy; histograms; what a decoder unit sustains, and what it waits for; how far the quantiser
moves the ratio, and how far the coder. The page needs no network and no other file. TRACE is a folder of .npy, a .npy,
an .npz, or a .tsm container, which is decoded first; several are compared.

Every figure is one that `transom encode`, `info` or `sim` prints of the same trace; --json has them all.
"""
EPILOG = """\
examples:
  transom report golden/traces/digits_cnn_int8 -o digits.html
  transom report traces/int8 traces/int4 -o compared.html --coding tans,apack-tans,apack-nrans
  transom report model.tsm -o model.html --unit axi --lanes 4
  transom report TRACE --json --no-sim | jq '.networks[0].codings'

Exit code: 0 fine, 1 the simulated unit was wrong, 2 usage, 3 bad or damaged data, or what cannot be read or written.
"""


def _parser() -> argparse.ArgumentParser:
    parser = Parser(
        prog=NAME, description=DESCRIPTION, epilog=EPILOG, allow_abbrev=False,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )  # fmt: skip
    parser.add_argument("traces", metavar="TRACE", type=Path, nargs="+", help="what the page is about")
    parser.add_argument("-o", "--output", metavar="FILE.html", type=Path, help="the page; needed but with --json")
    parser.add_argument("--json", action="store_true", help="print all figures as JSON")
    parser.add_argument("--coding", metavar="LIST", help="codings to compare, such as tans,apack-tans (default: all)")
    parser.add_argument(
        "--program", metavar="FILE", help="the program transom (default: TRANSOM_PROGRAM, or the one here)"
    )
    unit = parser.add_argument_group("the unit, by its cycle model (transom sim), at a memory that is never late")
    unit.add_argument("--unit", choices=UNITS, help="wide: lanes in lockstep; axi: decoder_axi (default: wide)")
    unit.add_argument("--lanes", metavar="N", type=int, help="of the unit (default: 16)")
    unit.add_argument("--no-sim", action="store_true", help="leave the unit out")
    return parser


def _codings(given: str | None) -> list[str]:
    import transom  # noqa: PLC0415  the module, which may be missing

    known = [codec.name for codec in transom.codecs()]
    if given is None:
        return known
    wanted = given.split(",")
    for name in wanted:
        if name not in known:
            raise UsageError(f"--coding: {name!r} is none; take some of {','.join(known)}")
    return [name for name in known if name in wanted]


def _unit(arguments: argparse.Namespace) -> list[str]:
    if arguments.no_sim:
        for option in ("unit", "lanes"):
            if getattr(arguments, option) is not None:
                raise UsageError(f"--{option} has no effect with --no-sim; leave one of them out")
        return []
    return ["--unit", arguments.unit or UNITS[0], "--lanes", str(16 if arguments.lanes is None else arguments.lanes)]


def report(arguments: argparse.Namespace) -> int:
    """Measures and writes; returns the exit code. Raises ToolError and OSError."""
    if arguments.output is None and not arguments.json:
        raise UsageError("-o FILE.html is required without --json")
    from .measure import Options, measure  # noqa: PLC0415  --help need not wait for these
    from .runs import Runner  # noqa: PLC0415

    options = Options(_codings(arguments.coding), _unit(arguments))
    runner = Runner(arguments.program)
    figures = measure(arguments.traces, options, runner)
    for note in runner.notes:
        print(f"transom: {note}", file=sys.stderr)
    if arguments.output is not None:
        from .document import report_html  # noqa: PLC0415  plotly, likewise

        files.write_whole(arguments.output, report_html(figures, _command(arguments)))
    figures["page"] = None if arguments.output is None else files.printable(arguments.output)
    return files.put(json.dumps(figures, indent=1) + "\n" if arguments.json else _text(figures, arguments.output))


def _command(arguments: argparse.Namespace) -> str:
    """What makes the page again."""
    words = ["transom", "report", *map(str, arguments.traces), "-o", str(arguments.output)]
    for option in ("coding", "unit", "lanes"):
        given = getattr(arguments, option)
        words += [] if given is None else [f"--{option}", str(given)]
    return files.printable(shlex.join(words + ["--no-sim"] * arguments.no_sim))


def _text(figures: dict[str, Any], output: Path) -> str:
    lines = []
    for network in figures["networks"]:
        best = min(network["codings"], key=lambda coding: network["codings"][coding]["bytes"])
        line = f"{network['name']}: {len(network['tensors'])} tensors, {network['values']} values, "
        line += f"{network['raw_bytes']} bytes raw; ratio {network['codings'][best]['ratio']:.4g} with {best}"
        unit = network["unit"]
        lines.append(line + (f", {unit['values_per_cycle']:.4g} values per cycle" if unit else ""))
    return "".join(f"{line}\n" for line in [*lines, files.printable(output)])


def main(words: Sequence[str] | None = None) -> int:
    arguments = argparse.Namespace(traces=[])
    try:
        return report(_parser().parse_args(words, namespace=arguments))
    except ToolError as error:
        return _fail(error, error.exit_code)
    except MemoryError:
        traces = ", ".join(files.printable(path) for path in arguments.traces)
        return _fail(f"{traces}: memory: there is not enough; report on fewer traces at a time", BAD_DATA)
    except ModuleNotFoundError as error:
        return _fail(f"no Python module {error.name}; install {NEEDED}", BAD_DATA)


def _fail(error: object, code: int) -> int:
    print(f"transom: report: {files.printable(error)}", file=sys.stderr)
    return code


if __name__ == "__main__":
    code = files.run("transom: report", main)
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code) if code > FINE + 128 else sys.exit(code)  # threads that wait for ended processes
