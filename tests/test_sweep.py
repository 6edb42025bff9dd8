"""test_sweep.py — transom sweep: its grid, its folder through kills and forgeries, its report in a browser.

Sweeps run through TRANSOM_BUILD/transom on a cut of the committed trace. Their program is a script that
counts what it runs, can be slow and can fail, in front of the real one.
Run: python3 -m pytest tests/test_sweep.py
"""
# SPDX-License-Identifier: Apache-2.0

import csv
import html
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
BUILD = Path(os.environ.get("TRANSOM_BUILD", ROOT / "build"))
TRACE = ROOT / "golden/traces/digits_cnn_int8"
sys.path.insert(0, str(ROOT / "python"))

pytest.importorskip("distributed", reason="python3-distributed is not installed")
pytest.importorskip("plotly", reason="python3-plotly is not installed")

from transom_sweep import area, grid, peers, rows, trace  # noqa: E402
from transom_sweep.errors import DataError, UsageError  # noqa: E402

FINE, FAILED, USAGE, BAD_DATA = 0, 1, 2, 3
GRID = ["--coding", "apack-tans,apack-ac", "--lanes", "1,4", "--table-log", "8,10", "--mem-bytes-per-cycle", "2,8.0"]
N_POINTS, N_SKIPPED, N_CONTAINERS, N_LAYERS = 12, 4, 6, 3
SECONDS = 120  # until a process that hangs is given up
COSTS = {
    "table_log": 10,
    "ge_per_ram_bit": {"value": 0.5, "source": "made up for this test"},
    "designs": {
        f"decoder_{kind}_{lanes}": {"kind": kind, "lanes": lanes, "unit": True, "generic": {"ge": 1000 * lanes + 500}}
        for kind in ("tans", "arith")
        for lanes in (1, 16)
    },
}


class Bench:
    """A trace, a program that counts its runs, and sweeps of both."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.trace = folder / "cut"
        self.log = folder / "runs"
        self.slow = folder / "slow"  # while it exists, a simulation takes longer
        self.broken = folder / "broken"  # while it exists, a simulation of 4 arithmetic lanes fails
        self.program = folder / "program"
        self.costs = folder / "cost.json"
        self.costs.write_text(json.dumps(COSTS))
        self._cut_trace()
        self.program.write_text(
            f"#!/bin/sh\necho $1 >> {self.log}\n"
            f"if [ $1 = sim ] && [ -e {self.slow} ]; then sleep 0.3; fi\n"
            f'case "$*" in *sim*apack-ac*lanes\\ 4*) [ -e {self.broken} ] && echo it is, broken >&2 && exit 3;; esac\n'
            f'exec {BUILD / "transom"} "$@"\n'
        )
        self.program.chmod(0o755)

    def _cut_trace(self) -> None:
        manifest = json.loads((TRACE / "manifest.json").read_text())
        small = [entry for entry in manifest["tensors"] if 500 < entry["n"] < 12_000][:N_LAYERS]
        assert len(small) == N_LAYERS
        self.trace.mkdir()
        for entry in small:
            shutil.copy(TRACE / entry["file"], self.trace)
        (self.trace / "manifest.json").write_text(json.dumps({**manifest, "tensors": small}))

    def arguments(self, output: Path, *more: object, grid_options: list[str] = GRID) -> list[str]:
        fixed = ["sweep", self.trace, "-o", output, "--program", self.program, "--costs", self.costs]
        return [str(word) for word in [BUILD / "transom", *fixed, *grid_options, *more]]

    def sweep(self, output: Path, *more: object, code: int = FINE, **options: list[str]) -> subprocess.CompletedProcess:
        done = subprocess.run(self.arguments(output, *more, **options), capture_output=True, text=True, timeout=SECONDS)
        assert done.returncode == code, f"{done.returncode}\n{done.stdout}\n{done.stderr}"
        assert "Traceback" not in done.stderr
        return done

    def runs(self, verb: str) -> int:
        """Of the program since the last call."""
        words = self.log.read_text().split() if self.log.exists() else []
        self.log.unlink(missing_ok=True)
        return words.count(verb)


def tables(folder: Path) -> tuple[bytes, bytes]:
    return (folder / "sweep.csv").read_bytes(), (folder / "layers.csv").read_bytes()


def wait_until(what: Callable[[], bool], process: subprocess.Popen) -> None:
    end = time.monotonic() + SECONDS
    while not what():
        assert process.poll() is None, f"the sweep ended too soon: {process.returncode}"
        assert time.monotonic() < end
        time.sleep(0.02)


def n_finished(folder: Path) -> int:
    file = folder / "sweep.csv"
    return max(0, file.read_bytes().count(b"\n") - 1) if file.exists() else 0


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Bench:
    return Bench(tmp_path_factory.mktemp("sweep"))


@pytest.fixture(scope="module")
def undisturbed(bench: Bench) -> Path:
    """A sweep that nothing came in the way of."""
    folder = bench.folder / "undisturbed"
    summary = json.loads(bench.sweep(folder, "--json").stdout)
    assert (summary["points"], summary["failed"], summary["skipped"]) == (N_POINTS, 0, N_SKIPPED)
    assert (bench.runs("sim"), n_finished(folder)) == (N_POINTS, N_POINTS)
    return folder


@pytest.fixture
def copy(undisturbed: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(undisturbed, tmp_path / "copy"))


# --- the grid ------------------------------------------------------------------------------------


def lists(**given: str) -> dict[str, str]:
    return {axis.name: axis.default for axis in grid.AXES} | given


def test_a_grid_is_the_product_of_its_lists_in_their_order() -> None:
    made = grid.make_grid(lists(coding="tans,rans", lanes="4,1", table_log="8", mem_bytes_per_cycle="2,auto,6.40,6.4"))
    assert [(p.coding, p.lanes, p.mem_bytes_per_cycle) for p in made.points] == [
        (coding, lanes, rate) for coding in ("tans", "rans") for lanes in ("4", "1") for rate in ("2", "auto", "6.4")
    ]
    assert made.skipped == {}
    assert made.points[0].options() == [
        "--coding", "tans", "--lanes", "4", "--table-log", "8", "--mem-bytes-per-cycle", "2",
    ]  # fmt: skip


def test_units_that_cannot_be_are_skipped_and_counted() -> None:
    made = grid.make_grid(lists(coding="rans,apack-ac,tans", lanes="1,2", table_log="3,10,13", mem_bytes_per_cycle="2"))
    assert sum(made.skipped.values()) == 2 * (2 + 2 + 1)
    assert made.skipped["rans with R = 13: its lane takes R = 4..12"] == 2
    assert made.skipped["apack-ac with R = 13: its lane takes R = 10 only"] == 2
    assert {(p.coding, p.table_log) for p in made.points} == {
        ("rans", "10"), ("apack-ac", "10"), ("tans", "10"), ("tans", "13"),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("axis", "text"),
    [
        ("lanes", "0"), ("lanes", "65"), ("lanes", ""), ("lanes", "1,,2"), ("lanes", "auto"), ("lanes", "-1"),
        ("lanes", "٣"), ("lanes", "9" * 400), ("mem_bytes_per_cycle", "0"), ("mem_bytes_per_cycle", "nan"),
        ("mem_bytes_per_cycle", "1e3"), ("mem_bytes_per_cycle", "1.2345"), ("mem_bytes_per_cycle", "-2"),
        ("coding", "raw"), ("coding", "apack"), ("bus_bits", "96"), ("table_log", "15"), ("mem_latency", "1.5"),
    ],
)  # fmt: skip
def test_a_value_that_is_none_is_refused_by_name(axis: str, text: str) -> None:
    with pytest.raises(UsageError, match="--" + axis.replace("_", "-") + ": "):
        grid.make_grid(lists(**{axis: text}))


def test_a_grid_without_a_point_or_with_too_many_is_refused() -> None:
    with pytest.raises(UsageError, match="no possible point: apack-ac with R = 8"):
        grid.make_grid(lists(coding="apack-ac", table_log="8"))
    many = {"lanes": range(1, 65), "mem_latency": range(4000), "mem_outstanding": range(1, 100)}
    with pytest.raises(UsageError, match="over 1,000,000"):
        grid.make_grid(lists(**{axis: ",".join(map(str, values)) for axis, values in many.items()}))


# --- areas and peers -----------------------------------------------------------------------------


def test_area_is_measured_or_linear_in_lanes_and_says_which(tmp_path: Path) -> None:
    measured = {1: 100.0, 4: 400.0, 16: 1000.0}
    assert area.logic_ge(measured, 4) == (400, "measured")
    assert area.logic_ge(measured, 3) == (300, "interpolated")
    assert area.logic_ge(measured, 10) == (700, "interpolated")
    assert area.logic_ge(measured, 32) == (1800, "extrapolated")
    assert area.logic_ge({2: 200.0, 4: 400.0}, 1) == (100, "extrapolated")
    assert area.logic_ge({4: 400.0}, 2) is None
    assert area.read_costs(tmp_path / "missing.json").logic == {}


def test_a_cost_file_that_is_none_is_refused_by_field(tmp_path: Path) -> None:
    file = tmp_path / "cost.json"
    for text, named in [
        ("{", "cost.json"),
        ("[]", "cost.json"),
        ('{"designs": {"d": {"unit": true, "lanes": 0, "kind": "tans", "generic": {"ge": 1}}}}', "designs.d.lanes"),
        ('{"designs": {"d": {"unit": true, "lanes": 1, "kind": "tans", "generic": {"ge": "x"}}}}', "d.generic.ge"),
        ('{"designs": {}, "ge_per_ram_bit": {"value": -1}}', "ge_per_ram_bit.value"),
    ]:
        file.write_text(text)
        with pytest.raises(DataError, match=re.escape(named)):
            area.read_costs(file)


def test_every_peer_has_a_source_and_a_node_and_is_published() -> None:
    raw = json.loads(peers.PEERS_JSON.read_text(encoding="utf-8"))
    assert not re.search(r"\[[A-Z]\]|third party|unverified|derived|from memory", json.dumps(raw))
    listed = peers.read_peers()
    assert len(listed) >= 8
    for peer in listed:
        assert peer.evidence in ("repository", "page"), peer.name
        assert peer.source.strip() and "." in peer.source and peer.node.strip() and peer.size.strip(), peer.name
    assert len({peer.name for peer in listed}) == len(listed)


def test_peers_are_normalised_by_their_own_clock() -> None:
    by_name = {peer.name: peer for peer in peers.read_peers()}
    vitis = by_name["Vitis zstd decompress"]
    assert vitis.rate == pytest.approx(2.8156, abs=1e-3) and vitis.ge_per_rate is None
    assert by_name["Project Zipline XP10"].speed == pytest.approx(3.2e9)
    assert by_name["NVIDIA Blackwell decompression engine"].rate is None


# --- a sweep -------------------------------------------------------------------------------------


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
        command = [BUILD / "transom", "sim", bench.trace, "--no-lt", "--json", *options]
        direct = json.loads(subprocess.run(command, capture_output=True, check=True, timeout=SECONDS).stdout)
        for name in ("values", "cycles", "file_bytes", "table_bits"):
            assert int(line[name]) == direct[name]
        for name in ("ratio", "gain", "values_per_cycle"):
            assert float(line[name]) == pytest.approx(direct[name], rel=1e-5)
        for cause, share in direct["stall_fractions"].items():
            assert float(line[f"stall_{cause}"]) == pytest.approx(share, rel=1e-5, abs=1e-12)
        own = [layer for layer in layers if all(layer[axis] == line[axis] for axis in rows.AXIS_COLUMNS)]
        assert [(layer["layer"], int(layer["cycles"])) for layer in own] == [
            (layer["name"], layer["cycles"]) for layer in direct["layers"]
        ]


def test_areas_are_those_of_the_costs(undisturbed: Path) -> None:
    with (undisturbed / "sweep.csv").open(newline="") as file:
        for line in csv.DictReader(file):
            lanes = int(line["lanes"])
            assert (line["logic_ge"], line["logic_source"]) == (
                str(1000 * lanes + 500), "measured" if lanes == 1 else "interpolated"
            )  # fmt: skip
            registers = area.COUNT_BITS if line["coding"] == "apack-ac" else 0
            assert float(line["area_ge"]) == float(line["logic_ge"]) + (int(line["ram_bits"]) - registers) / 2
            table = 2 * 26 << int(line["table_log"])
            if line["coding"] == "apack-tans":
                assert int(line["ram_bits"]) == lanes * (table + 2 * 256 * 21)


def test_a_container_is_coded_once_for_all_points_that_share_it(bench: Bench, tmp_path: Path) -> None:
    bench.sweep(tmp_path / "out", "--workers", 1, grid_options=GRID[:-1] + ["2,3,4"])
    words = bench.log.read_text().split()
    assert words.count("sim") == N_POINTS // 2 * 3
    assert words.count("encode") == N_CONTAINERS + 1  # one more tells whether it is a trace at all
    bench.log.unlink()


def test_sweep_json_says_what_was_run(undisturbed: Path) -> None:
    written = json.loads((undisturbed / "sweep.json").read_text())
    assert written["grid"]["lanes"] == ["1", "4"] and written["grid"]["mem_bytes_per_cycle"] == ["2", "8"]
    assert written["points"] == len(written["rows"]) == N_POINTS
    assert len(written["trace_sha256"]) == len(written["program_sha256"]) == 64
    assert "--mem-bytes-per-cycle 2,8" in written["command"]


def test_help_teaches_from_the_program(bench: Bench) -> None:
    done = subprocess.run([BUILD / "transom", "sweep", "--help"], capture_output=True, text=True, timeout=SECONDS)
    assert done.returncode == FINE
    for word in ("--mem-bytes-per-cycle", "--scheduler", "--fresh", "report.html", "examples:", "Exit code"):
        assert word in done.stdout
    assert subprocess.run([BUILD / "transom", "sweep"], capture_output=True, timeout=SECONDS).returncode == USAGE
    assert bench.sweep(bench.folder / "no", "--workers", "0", code=USAGE).stderr.startswith("transom: sweep: --workers: 0")
    assert "--lanes: '65'" in bench.sweep(bench.folder / "no", "--lanes", "65", code=USAGE).stderr
    both = bench.sweep(bench.folder / "no", "--workers", "2", "--scheduler", "tcp://127.0.0.1:1", code=USAGE)
    assert "leave one of the two out" in both.stderr


def test_a_trace_that_cannot_be_read_is_bad_data(bench: Bench, tmp_path: Path) -> None:
    (tmp_path / "damaged.npy").write_bytes((TRACE / "manifest.json").read_bytes()[:100])
    for name, said in [("damaged.npy", "damaged.npy"), ("missing", "No such file"), ("x.tsm", "container")]:
        command = [BUILD / "transom", "sweep", tmp_path / name, "-o", tmp_path / "out"]
        done = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS)
        assert done.returncode == BAD_DATA and said in done.stderr, done.stderr
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
    point = grid.make_grid(lists(coding="tans", lanes="1", table_log="8", mem_bytes_per_cycle="2")).points[0]
    for printed in ("", "null", "[1]", "{}", '{"unit": {"kind": "rans", "lanes": 1, "table_log": 8}}', '{"unit": []}'):
        row, layers = rows.point_rows(point, printed)
        assert row["error"].startswith("transom sim --json is not understood") and layers == []


# --- kills and forgeries -------------------------------------------------------------------------


def test_a_sweep_killed_in_the_middle_goes_on_to_the_same_tables(
    bench: Bench, undisturbed: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "out"
    bench.slow.touch()
    try:
        killed = subprocess.Popen(
            bench.arguments(folder, "--workers", "1"), stderr=subprocess.DEVNULL, start_new_session=True
        )
        wait_until(lambda: n_finished(folder) >= 4, killed)
        second = bench.sweep(folder, code=USAGE)
        assert "another sweep is at work" in second.stderr
        os.killpg(killed.pid, signal.SIGKILL)
        killed.wait()
    finally:
        bench.slow.unlink()
    n_before = n_finished(folder)
    assert 4 <= n_before < N_POINTS
    bench.runs("sim")
    assert json.loads(bench.sweep(folder, "--json").stdout)["from_before"] == n_before
    assert bench.runs("sim") == N_POINTS - n_before
    assert tables(folder) == tables(undisturbed)


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[tuple[str, list[subprocess.Popen]]]:
    """A scheduler's address and two workers, each a process of its own that knows nothing of this package."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    running: list[subprocess.Popen] = []

    def start(module: str, *words: str) -> subprocess.Popen:
        command = [sys.executable, "-m", f"distributed.cli.{module}", "--scheduler-file", "scheduler.json", *words]
        process = subprocess.Popen(
            command, cwd=tmp_path, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        running.append(process)
        return process

    scheduler = start("dask_scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard")
    wait_until((tmp_path / "scheduler.json").exists, scheduler)
    address = json.loads((tmp_path / "scheduler.json").read_text())["address"]
    workers = [start("dask_worker", "--no-nanny", "--no-dashboard", "--nthreads", "1") for _ in range(2)]
    yield address, workers
    for process in running:
        process.kill()
        process.wait()


def test_two_workers_one_of_them_killed_give_the_same_tables(
    bench: Bench, undisturbed: Path, cluster: tuple[str, list[subprocess.Popen]], tmp_path: Path
) -> None:
    address, workers = cluster
    folder = tmp_path / "out"
    bench.slow.touch()
    try:
        sweep = subprocess.Popen(
            bench.arguments(folder, "--scheduler", address), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
        )
        wait_until(lambda: n_finished(folder) >= 3, sweep)
        workers[0].send_signal(signal.SIGKILL)
        assert n_finished(folder) < N_POINTS
    finally:
        bench.slow.unlink()
    said = sweep.communicate(timeout=SECONDS)[1]
    assert sweep.returncode == FINE, said
    assert workers[0].wait() == -signal.SIGKILL and workers[1].poll() is None
    assert tables(folder) == tables(undisturbed)


def test_what_is_cut_is_run_again(bench: Bench, undisturbed: Path, copy: Path) -> None:
    whole = tables(undisturbed)
    (copy / "sweep.csv").write_bytes(whole[0][:-7])
    bench.runs("sim")
    bench.sweep(copy)
    assert bench.runs("sim") == 1 and tables(copy) == whole
    (copy / "layers.csv").write_bytes(whole[1][: -len(whole[1].splitlines()[-1]) - 5])  # one and a bit
    bench.sweep(copy)
    assert bench.runs("sim") == 1 and tables(copy) == whole
    (copy / "sweep.csv").write_bytes(whole[0][:20])
    bench.sweep(copy)
    assert bench.runs("sim") == N_POINTS and tables(copy) == whole


def forged(text: bytes, line: int, column: str, value: bytes) -> bytes:
    lines = text.split(b"\n")
    cells = lines[line].split(b",")
    cells[rows.COLUMNS.index(column)] = value
    lines[line] = b",".join(cells)
    return b"\n".join(lines)


@pytest.mark.parametrize(
    ("forge", "said"),
    [
        (lambda t: forged(t, 1, "cycles", b"many"), "line 2: cycles: 'many'"),
        (lambda t: forged(t, 2, "cycles", b"12345678"), "line 3: values_per_cycle"),
        (lambda t: forged(t, 2, "cycles", b"nan"), "line 3: cycles: 'nan'"),
        (lambda t: forged(t, 2, "stall_idle", b"-1"), "line 3: stall_idle"),
        (lambda t: forged(t, 3, "lanes", b"7"), "line 4: the point is not of this grid"),
        (lambda t: forged(t, 3, "layers", b"inf"), "line 4: layers"),
        (lambda t: t + t.split(b"\n")[2] + b"\n", "the point occurs twice"),
        (lambda t: t + b"a,b\n", "2 cells, not"),
        (lambda t: t + b"\0\n", "line"),
        (lambda t: t + b'"a\n', "line"),
        (lambda t: t + b"\xff\n", "sweep.csv"),
        (lambda t: t.replace(b"ratio", b"rate", 1), "not a sweep's columns"),
        (lambda t: t + b"9" * 200_000 + b"\n", "line"),
    ],
)
def test_a_forged_table_is_bad_data(bench: Bench, copy: Path, forge: Callable[[bytes], bytes], said: str) -> None:
    (copy / "sweep.csv").write_bytes(forge((copy / "sweep.csv").read_bytes()))
    before = tables(copy)
    error = bench.sweep(copy, code=BAD_DATA).stderr
    assert said in error and "sweep.csv" in error and "--fresh" in error
    assert tables(copy) == before


def test_a_folder_of_another_sweep_is_refused_by_what_differs(bench: Bench, copy: Path, undisturbed: Path) -> None:
    other = bench.sweep(copy, "--lanes", "1,2", code=USAGE).stderr
    assert "differs in the grid (--lanes)" in other and "--fresh" in other
    program = bench.program.read_text()
    bench.program.write_text(program + "\n")
    try:
        assert "another build of transom" in bench.sweep(copy, code=USAGE).stderr
    finally:
        bench.program.write_text(program)
    manifest = (bench.trace / "manifest.json").read_text()
    (bench.trace / "manifest.json").write_text(manifest + " ")
    try:
        assert "differs in the trace;" in bench.sweep(copy, code=USAGE).stderr
    finally:
        (bench.trace / "manifest.json").write_text(manifest)
    assert tables(copy) == tables(undisturbed)
    (copy / "sweep.json").write_text("[")
    assert "sweep.json" in bench.sweep(copy, code=BAD_DATA).stderr
    (copy / "sweep.json").unlink()
    assert "no sweep.json" in bench.sweep(copy, code=USAGE).stderr
    bench.runs("sim")
    bench.sweep(copy, "--fresh")
    assert bench.runs("sim") == N_POINTS and tables(copy) == tables(undisturbed)


def test_the_name_of_a_trace_is_no_part_of_it(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "x.npy").write_bytes(b"1")
    assert trace.pack(tmp_path / "a").sha256 == trace.pack(tmp_path / "b").sha256
    (tmp_path / "b/x.npy").write_bytes(b"2")
    assert trace.pack(tmp_path / "a").sha256 != trace.pack(tmp_path / "b").sha256


# --- the report ----------------------------------------------------------------------------------

PLOTS = ("pareto", "ratio", "stalls", "bandwidth")
MARKS = {"pareto": ".point", "ratio": ".point", "stalls": ".bars .point path", "bandwidth": ".point"}
PROBE = (
    "<script>addEventListener('load', () => setTimeout(() => { const found = {};"
    f"for (const [id, marks] of Object.entries({json.dumps(MARKS)})) {{"
    "const div = document.getElementById(id); const box = div.querySelector('.plot-container').getBoundingClientRect();"
    "found[id] = {svgs: div.querySelectorAll('svg.main-svg').length, marks: div.querySelectorAll(marks).length,"
    "box: [box.left, box.top, box.right, box.bottom]}; }"
    "const out = document.createElement('pre'); out.id = 'probe'; out.hidden = true;"
    "out.textContent = JSON.stringify(found); document.body.append(out); }, 500));</script></body>"
)


def browse(page: Path, *options: str) -> tuple[str, str]:
    """Standard output and what the page said to its console."""
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.skip("chromium is not installed")
    command = [
        chromium, "--headless", "--no-sandbox", "--disable-gpu", "--enable-logging=stderr", "--window-size=1280,5200",
        "--hide-scrollbars", "--virtual-time-budget=10000", f"--user-data-dir={page.parent / 'profile'}",
        *options, page.as_uri(),
    ]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS)
    assert done.returncode == 0, done.stderr
    return done.stdout, "\n".join(line for line in done.stderr.splitlines() if "CONSOLE" in line)


@pytest.fixture(scope="module")
def page(undisturbed: Path) -> Path:
    """The report with a script that tells what was drawn, and where."""
    file = undisturbed.parent / "page" / "report.html"
    file.parent.mkdir()
    text = (undisturbed / "report.html").read_text(encoding="utf-8")
    assert text.count("</body>") >= 1
    head, tail = text.rsplit("</body>", 1)
    file.write_text(head + PROBE + tail, encoding="utf-8")
    return file


def test_the_report_opens_without_an_error_and_draws_its_plots(page: Path) -> None:
    dom, console = browse(page, "--dump-dom")
    assert console == ""
    drawn = json.loads(html.unescape(re.search(r'<pre id="probe"[^>]*>(.*?)</pre>', dom)[1]))
    assert all(drawn[name]["svgs"] >= 2 for name in PLOTS), drawn
    assert drawn["pareto"]["marks"] == N_POINTS // 2  # of one environment
    assert drawn["ratio"]["marks"] >= N_CONTAINERS and drawn["bandwidth"]["marks"] >= 8
    assert drawn["stalls"]["marks"] == 7 * N_LAYERS


def test_a_screenshot_of_the_report_shows_its_plots(page: Path) -> None:
    images = pytest.importorskip("PIL.Image", reason="python3-pil is not installed")
    dom, _ = browse(page, "--dump-dom")
    drawn = json.loads(html.unescape(re.search(r'<pre id="probe"[^>]*>(.*?)</pre>', dom)[1]))
    file = page.parent / "report.png"
    browse(page, f"--screenshot={file}")
    with images.open(file) as image:
        assert image.width == 1280
        for name in PLOTS:
            cut = image.convert("RGB").crop(tuple(map(int, drawn[name]["box"])))
            assert cut.width > 900 and cut.height > 300, name
            inked = sum(1 for pixel in cut.getdata() if max(pixel) - min(pixel) > 60)  # colour, not text or grid
            assert inked > 250, f"{name}: {inked} coloured pixels"


def test_the_report_needs_no_network_and_escapes_names(undisturbed: Path) -> None:
    from transom_sweep import report

    text = (undisturbed / "report.html").read_text(encoding="utf-8")
    assert "default-src 'none'" in text and not re.search(r"<(script|link|img|iframe)[^>]*(src|href)=", text[:2000])
    assert text.count("plotly.js v") == 1
    for title in ("What was run", "Values per cycle against area", "Against the field", "Project Zipline XP10"):
        assert title in text
    written = json.loads((undisturbed / "sweep.json").read_text())
    bad = "<img src=x onerror=alert(1)></script>"
    with (undisturbed / "layers.csv").open(newline="") as file:
        layers = [{**layer, "layer": bad} for layer in csv.DictReader(file)][:N_LAYERS]
    of_coding = {row["coding"]: layers for row in written["rows"]}
    made = report.report_html(
        report.Sweep({**written, "trace": bad}, written["rows"], [(bad, bad)], of_coding, area.Costs({}, None, bad, None))
    )
    body = made[made.rindex("</head>") :]
    assert "<img" not in body and "&lt;img" in body
    assert body.count("</script>") == len(PLOTS)


def test_a_report_without_areas_says_so(bench: Bench, copy: Path) -> None:
    bench.sweep(copy, "--costs", str(copy / "none.json"))
    with (copy / "sweep.csv").open(newline="") as file:
        assert {(line["logic_ge"], line["area_ge"]) for line in csv.DictReader(file)} == {("", "")}
    text = (copy / "report.html").read_text(encoding="utf-8")
    assert "No area is known of apack-ac, apack-tans" in text and "no area is known)" in text
