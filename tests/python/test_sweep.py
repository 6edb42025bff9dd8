"""test_sweep.py — transom sweep from outside: its points, its words, its errors.

Run: python3 -m pytest tests/python/test_sweep.py
"""
# SPDX-License-Identifier: Apache-2.0

import csv
import json
from pathlib import Path

import pytest
from program import BAD_DATA, TRACE, USAGE, transom
from sweep_bench import FAILED, GRID, N_CONTAINERS, N_LAYERS, N_POINTS, Bench, tables

from transom.cost import Traffic, UnitParameters, unit_area, unit_energy
from transom.cost.unit.lanes import lane_energies
from transom.sweep import grid, rows


def test_every_point_is_what_transom_sim_says_of_the_trace(bench: Bench, undisturbed: Path) -> None:
    with (undisturbed / "sweep.csv").open(newline="") as file:
        lines = list(csv.DictReader(file))
    with (undisturbed / "layers.csv").open(newline="") as file:
        layers = list(csv.DictReader(file))
    assert len(lines) == N_POINTS and len(layers) == N_POINTS * N_LAYERS
    assert list(lines[0]) == list(rows.COLUMNS)
    for line in lines[::3]:
        options = [word for name in ("coding", "lanes", "table_log", "mem_bytes_per_cycle")
                   for word in ("--" + name.replace("_", "-"), line[name])]  # fmt: skip
        direct = json.loads(transom("sim", bench.trace, "--no-lt", "--json", *options).stdout)
        for name in ("values", "cycles", "raw_cycles", "file_bytes", "bytes_read", "table_bits", "first_value_cycle"):
            assert int(line[name]) == direct[name]
        for name in ("ratio", "raw_over_read", "gain", "values_per_cycle"):
            assert float(line[name]) == pytest.approx(direct[name], rel=1e-5)
        for name in ("lanes", "bandwidth", "loads"):
            assert float(line[f"roof_{name}"]) == pytest.approx(direct["roofline"][name], rel=1e-5)
        assert line["binds"] == direct["roofline"]["binds"]
        assert int(line["unit_fifo_bytes"]) == direct["unit"]["fifo_bytes"]
        for cause, share in direct["stall_fractions"].items():
            assert float(line[f"stall_{cause}"]) == pytest.approx(share, rel=1e-5, abs=1e-12)
        own = [layer for layer in layers if all(layer[axis] == line[axis] for axis in rows.AXIS_COLUMNS)]
        for name in ("cycles", "bytes_read", "raw_bytes", "first_value_cycle", "last_value_cycle"):
            assert [(layer["layer"], int(layer[name])) for layer in own] == [
                (layer["name"], layer[name]) for layer in direct["layers"]
            ]


def test_areas_and_energies_are_those_of_the_whole_unit(undisturbed: Path) -> None:
    lane_pj = lane_energies()
    with (undisturbed / "sweep.csv").open(newline="") as file:
        for line in csv.DictReader(file):
            kind, lanes, cycles = grid.KIND_OF_CODING[line["coding"]], int(line["lanes"]), int(line["cycles"])
            unit = UnitParameters(kind, lanes, int(line["unit_bus_bits"]), int(line["table_log"]))
            area = unit_area(unit)
            assert (line["coding"] == "apack-tans") <= (area is not None)
            if area is None:
                assert line["area_um2"] == line["area_source"] == ""
                continue
            assert float(line["area_um2"]) == pytest.approx(area.um2, rel=1e-3)
            assert line["area_source"] == area.source
            assert (area.source == "extrapolated") == (lanes != 4)  # beyond the units that were mapped
            read = int(line["bytes_read"])
            traffic = Traffic(int(line["values"]), cycles, read, float(line["raw_bytes"]))
            energy = unit_energy(unit, traffic, lane_pj[kind])
            assert energy and float(line["energy_pj"]) == pytest.approx(energy.unit, rel=1e-3)
            assert float(line["raw_dram_pj"]) == pytest.approx(32 * traffic.raw_bytes / traffic.values, rel=1e-3)
            assert float(line["dram_pj"]) == pytest.approx(32 * read / traffic.values, rel=1e-3)
            log = int(line["table_log"])
            table = 2 * (4 + log.bit_length() + log) << log  # symbol, nbits, base; two banks
            if line["coding"] == "apack-tans":
                assert int(line["ram_bits"]) == lanes * (table + 2 * 16 * 21)


def test_a_container_is_coded_once_for_all_points_that_share_it(bench: Bench, tmp_path: Path) -> None:
    bench.sweep(tmp_path / "out", "--workers", 1, grid_options=[*GRID[:-1], "2,3,4"])
    words = bench.log.read_text().split()
    assert words.count("sim") == N_POINTS // 2 * 3
    assert words.count("encode") == N_CONTAINERS + 1  # one more tells whether it is a trace at all
    bench.log.unlink()


def test_a_plan_for_a_unit_is_coded_for_each_unit_and_memory(bench: Bench, tmp_path: Path) -> None:
    lists = ["--coding", "apack-tans", "--lanes", "16", "--table-log", "6", "--mem-bytes-per-cycle", "2,16"]
    fifos = ["--burst-beats", "8", "--fifo-beats", "16,64", "--for-unit", "auto,bytes"]
    bench.sweep(tmp_path / "out", grid_options=[*lists, *fifos])
    words = bench.log.read_text().split()
    bench.log.unlink()
    assert words.count("sim") == 8 and words.count("encode") == 1 + 1 + 4
    with (tmp_path / "out/sweep.csv").open(newline="") as file:
        lines = list(csv.DictReader(file))
    for line in lines:
        goal = [] if line["for_unit"] == "auto" else ["--for-unit", line["for_unit"]]
        unit = ["--burst-beats", 8, "--fifo-beats", line["fifo_beats"], "--mem-bytes-per-cycle"]
        direct = json.loads(transom("sim", bench.trace, *lists[:-2], *goal, *unit, line["mem_bytes_per_cycle"],
                                    "--no-lt", "--json").stdout)  # fmt: skip
        assert (int(line["cycles"]), int(line["bytes_read"])) == (direct["cycles"], direct["bytes_read"])
    assert {int(line["unit_fifo_bytes"]) for line in lines} == {33 * 16 * 16, 33 * 64 * 16}


def test_both_units_are_points_of_one_sweep(bench: Bench, tmp_path: Path) -> None:
    lists = ["--coding", "apack-nrans", "--lanes", "16", "--table-log", "8", "--mem-bytes-per-cycle", "16"]
    bench.sweep(tmp_path / "out", grid_options=[*lists, "--mem-latency", "100", "--unit", "auto,wide"])
    bench.log.unlink()
    with (tmp_path / "out/sweep.csv").open(newline="") as file:
        axi, wide = csv.DictReader(file)
    for line, unit in ((axi, []), (wide, ["--unit", "wide"])):
        direct = json.loads(transom("sim", bench.trace, *unit, *lists, "--mem-latency", 100,
                                    *([] if unit else ["--no-lt"]), "--json").stdout)  # fmt: skip
        assert int(line["cycles"]) == direct["cycles"] and float(line["gain"]) == pytest.approx(direct["gain"], 1e-5)
    assert int(wide["cycles"]) < int(axi["cycles"]) and int(wide["unit_fifo_bytes"]) < int(axi["unit_fifo_bytes"])
    assert 0 < float(wide["area_um2"]) < float(axi["area_um2"]) and wide["area_source"] == "measured"
    assert "apack-nrans, wide" in (tmp_path / "out/report.html").read_text()


def test_sweep_json_says_what_was_run(undisturbed: Path) -> None:
    written = json.loads((undisturbed / "sweep.json").read_text())
    assert written["grid"]["lanes"] == ["1", "4"] and written["grid"]["mem_bytes_per_cycle"] == ["2", "8"]
    assert written["points"] == len(written["rows"]) == N_POINTS
    assert len(written["trace_sha256"]) == len(written["program_sha256"]) == 64
    assert "--mem-bytes-per-cycle 2,8" in written["command"]


def test_help_teaches_from_the_program(bench: Bench) -> None:
    done = transom("sweep", "--help")
    for word in ("--mem-bytes-per-cycle", "--scheduler", "--fresh", "report.html", "examples:", "Exit code"):
        assert word in done.stdout
    transom("sweep", code=USAGE)
    none = bench.sweep(bench.folder / "no", "--workers", "0", code=USAGE)
    assert none.stderr.startswith("transom: sweep: --workers: 0")
    assert "--lanes: '129'" in bench.sweep(bench.folder / "no", "--lanes", "129", code=USAGE).stderr
    both = bench.sweep(bench.folder / "no", "--workers", "2", "--scheduler", "tcp://127.0.0.1:1", code=USAGE)
    assert "leave one of the two out" in both.stderr


def test_a_trace_that_cannot_be_read_is_bad_data(tmp_path: Path) -> None:
    (tmp_path / "damaged.npy").write_bytes((TRACE / "manifest.json").read_bytes()[:100])
    for name, said in [("damaged.npy", "damaged.npy"), ("missing", "No such file"), ("x.tsm", "container")]:
        done = transom("sweep", tmp_path / name, "-o", tmp_path / "out", code=BAD_DATA)
        assert said in done.stderr, done.stderr
        assert not (tmp_path / "out").exists()


def test_a_failing_point_is_a_row_and_is_tried_again(bench: Bench, undisturbed: Path, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    bench.broken.touch()
    try:
        bench.sweep(folder, code=FAILED)
    finally:
        bench.broken.unlink()
    with (folder / "sweep.csv").open(newline="") as file:
        errors = [line["error"] for line in csv.DictReader(file)]
    assert len(errors) == N_POINTS
    assert [error for error in errors if error] == ["transom sim exits 3: it is, broken"] * 2
    assert "it is, broken" in (folder / "report.html").read_text()
    bench.runs("sim")
    assert json.loads(bench.sweep(folder, "--json").stdout)["from_before"] == N_POINTS - 2
    assert bench.runs("sim") == 2
    assert tables(folder) == tables(undisturbed)


def test_results_that_are_no_results_fail_their_point() -> None:
    default = {axis.name: axis.default for axis in grid.AXES}
    point = grid.make_grid(default | {"coding": "tans", "lanes": "1", "table_log": "8"}).points[0]
    for printed in ("", "null", "[1]", "{}", '{"unit": {"kind": "rans", "lanes": 1, "table_log": 8}}', '{"unit": []}'):
        row, layers = rows.point_rows(point, printed)
        assert row["error"].startswith("transom sim --json is not understood") and layers == []
