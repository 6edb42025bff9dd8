"""rtl/fed decodes recorded runs, in Verilator and as Yosys's netlist in Icarus, in the cycles of its model."""
# SPDX-License-Identifier: Apache-2.0

import json
import re
import shutil
from dataclasses import asdict
from pathlib import Path

import pytest
from program import FINE, SOURCE, run, transom
from recorded import Run, Shape, write_bench

RTL = SOURCE / "rtl"
UNIT, BENCH = RTL / "fed/fed_unit.sv", RTL / "bench/fed_bench.sv"
SHAPES = {"bits": Shape(1, 1, 2, 8), "grey": Shape(compares=15, divide_bits=16, tables=16)}
RESULT = re.compile(r"fed_bench: (\d+) steps in (\d+) cycles, (\d+) mismatches")


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Runs of the digits as bits and in their levels."""
    folder = tmp_path_factory.mktemp("runs")
    found = {}
    for name, options in (
        ("bits", ["--threshold", 8]),
        ("grey", ["--model", SOURCE / "golden/images/grey-digits.tvae"]),
    ):
        coded = folder / f"{name}.tbb"
        transom("bbans", "encode", SOURCE / "golden/images/digits.npy", "-o", coded, *options)
        model = options if name == "grey" else []
        found[name] = folder / f"{name}.tbbr"
        transom("bbans", "record", coded, "-o", found[name], "--images", 12, *model)
    return found


def cycles_of_model(file: Path, shape: Shape) -> int:
    """Of the steps alone: the bench never lets the unit wait."""
    options = ["--compares", shape.compares, "--divide-bits", shape.divide_bits, "--tables", shape.tables]
    return sum(json.loads(transom("bbans", "replay", file, *options, "--json").stdout)["busy"].values())


def verilate(folder: Path) -> None:
    options = ["--binary", "--timing", "--assert", "-Wno-fatal", f"-I{RTL}", f"-I{folder}", "-Mdir", "obj"]
    done = run("verilator", *options, "--top-module", "fed_bench", RTL / "lint.vlt", UNIT, BENCH, cwd=folder)
    assert done.returncode == FINE, done.stderr


@pytest.mark.skipif(shutil.which("verilator") is None, reason="Verilator is not installed")
@pytest.mark.parametrize("name", SHAPES)
def test_the_rtl_decodes_every_step_in_the_cycles_of_the_model(
    name: str, files: dict[str, Path], tmp_path: Path
) -> None:
    recorded, shape = Run(files[name].read_bytes()), SHAPES[name]
    write_bench(recorded, shape, tmp_path)
    verilate(tmp_path)
    program = [tmp_path / "obj/Vfed_bench"]
    found = RESULT.search(run(*program, cwd=tmp_path).stdout)
    assert found
    assert [int(n) for n in found.groups()] == [len(recorded.steps), cycles_of_model(files[name], shape), 0]
    op, table_log, symbol, *rest = recorded.steps[30]
    recorded.steps[30] = (op, table_log, symbol ^ 1, *rest)
    write_bench(recorded, shape, tmp_path)
    assert f"step 30: symbol: want {symbol ^ 1}, got {symbol}" in run(*program, cwd=tmp_path).stdout


@pytest.mark.skipif(
    None in (shutil.which("iverilog"), shutil.which("yosys")), reason="Icarus or Yosys is not installed"
)
def test_the_netlist_decodes_in_icarus(files: dict[str, Path], tmp_path: Path) -> None:
    shape = Shape()
    write_bench(Run(files["grey"].read_bytes()), shape, tmp_path)
    sets = " ".join(f"-set {word.title().replace('_', '')} {n}" for word, n in asdict(shape).items())
    script = (
        f"read_verilog -sv -I{RTL} {UNIT}; chparam {sets} fed_unit; hierarchy -check -top fed_unit; "
        f"rename -top fed_unit; proc; write_verilog -noattr {tmp_path}/unit.v"
    )
    done = run("yosys", "-q", "-p", script)
    assert done.returncode == FINE, done.stderr
    bench = tmp_path / "bench"
    options = ["-g2012", "-DFLAT", f"-I{tmp_path}", "-s", "fed_bench", "-o", bench]
    done = run("iverilog", *options, tmp_path / "unit.v", BENCH)
    assert done.returncode == FINE, done.stderr
    found = RESULT.search(run("vvp", "-n", bench, cwd=tmp_path).stdout)
    assert found
    assert int(found[2]) == cycles_of_model(files["grey"], shape)
    assert int(found[3]) == 0
