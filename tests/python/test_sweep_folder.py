"""test_sweep_folder.py — a sweep's folder through kills, lost workers, cuts and forgeries.

Whatever happens, the tables end as those of an undisturbed sweep, or the sweep says why not.
Run: python3 -m pytest tests/python/test_sweep_folder.py
"""
# SPDX-License-Identifier: Apache-2.0

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from program import BAD_DATA, FINE, USAGE
from sweep_bench import N_POINTS, SECONDS, Bench, n_finished, tables, wait_until

from transom.sweep import rows


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
def cluster(tmp_path: Path) -> Iterator[tuple[str, list[subprocess.Popen[bytes]]]]:
    """A scheduler's address and two workers, each a process of its own that knows nothing of this package."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    running: list[subprocess.Popen[bytes]] = []

    def start(module: str, *words: str) -> subprocess.Popen[bytes]:
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
    bench: Bench, undisturbed: Path, cluster: tuple[str, list[subprocess.Popen[bytes]]], tmp_path: Path
) -> None:
    address, workers = cluster
    folder = tmp_path / "out"
    bench.slow.touch()
    try:
        sweep = subprocess.Popen(
            bench.arguments(folder, "--scheduler", address),
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
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
