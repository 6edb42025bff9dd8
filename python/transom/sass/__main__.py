"""__main__.py — the command line: ./dev sass, or python3 -m transom.sass [FILE...]."""
# SPDX-License-Identifier: Apache-2.0

import argparse
import json
import re
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from transom.cost.yosys import MissingToolError, ToolError
from transom.files import FileError, printable, put
from transom.files import run as run_program

from . import tools
from .kernels import value_bytes
from .limits import Gpu, conflict_degree
from .listing import Function, ListingError, read_listing
from .measure import measure
from .report import dumps, to_main_table, to_table

FAILED, USAGE, BAD_DATA = 1, 2, 3
DEFAULT = Gpu()
DESCRIPTION = """\
Instructions per value of CUDA kernels, read from their machine code; no GPU is needed. The kernels of gpu/, or
those of the files named, are compiled by nvcc, disassembled by nvdisasm and cut into loops. Values of a pass are
the bytes that each of its passes stores, over a value's bytes, which the kernel's template arguments tell; where
that cannot be derived, it is said. The limits are of the first order: one pipeline by itself, always busy.
"""
EPILOG = """\
examples:
  ./dev sass                                      every kernel of gpu/
  ./dev sass --main                               a row for each: the loop with the most values of a pass
  ./dev sass --kernel Tans --classes              some of them, instructions by class
  ./dev sass --kernel Tans --loop 1680 --dump     the listing of one loop
  ./dev sass --nvcc=-maxrregcount=32 --json       with an option of nvcc's
  ./dev sass build/libtransom_gpu.a               what was built

exit code: 0 fine, 1 a tool failed or --check found local memory, 2 usage, 3 nvcc or another tool is missing, or
a file cannot be read
"""


class UsageError(ValueError):
    """What was asked for is not there; the text says what is."""


def main(arguments: Sequence[str] | None = None) -> int:
    options = _parser().parse_args(arguments)
    every = options.all or options.loop is not None
    try:
        result, functions = run(options)
    except UsageError as error:
        return _fail(error, USAGE)
    except (MissingToolError, ListingError, FileError) as error:
        return _fail(error, BAD_DATA)
    except ToolError as error:
        return _fail(error, FAILED)
    if options.dump:
        text = dumps(list(zip(functions, result["kernels"], strict=True)), every)
    elif options.json:
        text = json.dumps(result, indent=1) + "\n"
    elif options.main:
        text = to_main_table(result)
    else:
        text = to_table(result, every, options.classes)
    if code := put(text):
        return code
    local = [kernel["name"] for kernel in result["kernels"] if kernel["local_instructions"]]
    if options.check and local:
        return _fail(ValueError(f"local memory is used by {', '.join(local)}"), FAILED)
    return 0


def run(options: argparse.Namespace) -> tuple[dict[str, Any], list[Function]]:
    """The figures of the kernels asked for, and their code. Raises UsageError, ToolError, ListingError, OSError."""
    paths = options.file or tools.sources()
    if not paths:
        raise UsageError("there is no gpu/ beside this package: name a source, an object or a cubin")
    for path in paths:
        if not path.is_file():
            raise FileError(f"{printable(path)}: is no file; correct the path")
    gpu = Gpu(options.gpu, options.sms, options.issue, options.alu_lanes, options.clock_ghz * 1e9)
    kernels, functions, names = [], [], []
    with tempfile.TemporaryDirectory(prefix="transom-sass-") as folder:
        for path, cubin in tools.cubins(paths, options.arch, options.nvcc, Path(folder)):
            found = [function for function in read_listing(tools.listing(cubin)) if function.is_kernel]
            used = tools.resources(cubin)
            for function, name in zip(found, tools.demangle([f.name for f in found]), strict=True):
                names.append(name)
                if not options.kernel.search(name):
                    continue
                figures = measure(function, options.value_bytes or value_bytes(name), options.values, gpu)
                if options.loop is not None:
                    figures["loops"] = [loop for loop in figures["loops"] if loop["address"] == options.loop]
                resources = asdict(used[function.name]) if function.name in used else None
                kernels.append({"file": str(path), "name": name, "resources": resources, **figures})
                functions.append(function)
    if not kernels:
        if not names:
            raise UsageError(f"no kernel in {', '.join(map(printable, paths))}; name other files")
        raise UsageError(f"no kernel's name has {options.kernel.pattern!r}; there are: {', '.join(names)}")
    if options.loop is not None and not any(kernel["loops"] for kernel in kernels):
        raise UsageError(f"no loop at {options.loop:x}")
    result = {
        "arch": options.arch,
        "gpu": asdict(gpu),
        "conflict_degree": conflict_degree(),
        "tools": {tool: tools.version(tool) for tool in ("nvcc", "nvdisasm") if tools.has_tool(tool)},
        "kernels": kernels,
    }
    return result, functions


def _fail(error: Exception, code: int) -> int:
    print(f"transom.sass: {error}", file=sys.stderr)
    return code


def _regex(text: str) -> re.Pattern[str]:
    try:
        return re.compile(text)
    except re.error as error:
        raise argparse.ArgumentTypeError(f"{text!r}: {error}") from error


def _address(text: str) -> int:
    try:
        return int(text, 16)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no hexadecimal address") from None


def _positive(kind: type) -> Any:
    def read(text: str) -> Any:
        value = kind(text)
        if not 0 < value < 1e6:
            raise argparse.ArgumentTypeError(f"{text} is not above 0 and below 1000000")
        return value

    read.__name__ = kind.__name__
    return read


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="./dev sass", description=DESCRIPTION, epilog=EPILOG, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    add = parser.add_argument
    add("file", metavar="FILE", nargs="*", type=Path, help="a .cu, .cubin or object (default: the sources of gpu/)")
    text = "kernels whose name, demangled, has it (default: all)"
    add("--kernel", metavar="REGEX", type=_regex, default=re.compile(""), help=text)
    add("--loop", metavar="ADDRESS", type=_address, help="the loop of this address, as the table has it")
    add("--all", action="store_true", help="also loops around others whose values of a pass are not known")
    add("--main", action="store_true", help="a row per kernel: its loop with the most values of a pass")
    add("--classes", action="store_true", help="below each loop its instructions by class")
    add("--dump", action="store_true", help="print the loops' listings instead")
    add("--json", action="store_true", help="print the figures as JSON")
    add("--check", action="store_true", help="exit 1 if a kernel loads from or stores to local memory")
    add("--values", metavar="N", type=_positive(int), help="values of a pass of loops whose own are not known")
    add("--value-bytes", metavar="N", type=_positive(int), help="bytes of a value (default: by the kernel's name)")
    add("--arch", metavar="NAME", default="sm_90", help="what nvcc compiles for (default: %(default)s)")
    add("--nvcc", metavar="OPTION", action="append", default=[], help="one more option of nvcc; may be repeated")
    add("--gpu", metavar="NAME", default=DEFAULT.name, help="the board's name in the text (default: %(default)s)")
    add("--sms", metavar="N", type=_positive(int), default=DEFAULT.sms, help="its SMs (default: %(default)s)")
    text = "warp instructions of a clock and SM (default: %(default)s)"
    add("--issue", metavar="N", type=_positive(int), default=DEFAULT.schedulers, help=text)
    text = "lanes of ALU of a clock and SM (default: %(default)s)"
    add("--alu-lanes", metavar="N", type=_positive(int), default=DEFAULT.alu_lanes, help=text)
    text = "clock of the SMs in GHz (default: %(default)g)"
    add("--clock-ghz", metavar="F", type=_positive(float), default=DEFAULT.clock_hz / 1e9, help=text)
    return parser


if __name__ == "__main__":
    sys.exit(run_program("transom.sass", main))
