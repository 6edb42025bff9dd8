"""test_sweep.py — transom sweep killed, interrupted, and with files that cannot be had.

Whatever ends it, the same command goes on to the same bytes, and says in one line what was wrong.
"""
# SPDX-License-Identifier: Apache-2.0

import json
import os
import shutil
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from program import BAD_DATA, BUILD, FINE, TRACE, run
from sweep_bench import SECONDS, Bench, wait_until

from storage.damage import EIO, ENOSPC, Case, Faults, some, state, temporaries

ROUTINE = 5  # calls at which a sweep is killed, or fails; a run takes seconds
FILES = ("sweep.csv", "layers.csv", "sweep.json", "report.html")


@pytest.fixture(autouse=True)
def alone(bench: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """What a kill leaves goes with the test; others count the runs of the program from their own start."""
    (tmp_path / "tmp").mkdir()
    monkeypatch.setenv("TMPDIR", str(tmp_path / "tmp"))
    yield
    bench.log.unlink(missing_ok=True)


def case_of(bench: Bench, folder: Path) -> Case:
    return Case(bench.arguments(folder, "--workers", "2"), folder, {}, {})


def check_goes_on(bench: Bench, folder: Path, undisturbed: Path) -> None:
    """To the same bytes; the command, which names the folder, apart."""
    bench.sweep(folder)
    ours, theirs = ({name: (path / name).read_bytes().replace(str(path).encode(), b"DIR") for name in FILES}
                    for path in (folder, undisturbed))  # fmt: skip
    for name in ("sweep.csv", "layers.csv"):
        assert ours[name] == theirs[name]
    assert len(ours["report.html"]) == len(theirs["report.html"])
    assert not temporaries(folder)


def test_reliability_2_and_7_a_sweep_killed_at_any_call_goes_on_to_the_same_bytes(
    bench: Bench, undisturbed: Path, faults: Faults, tmp_path: Path
) -> None:
    case = case_of(bench, tmp_path / "out")
    calls = faults.calls_of(case, -signal.SIGKILL)
    assert calls.count("rename") >= 7 and calls.count("write") > 20
    for at in some(len(calls), ROUTINE):
        assert faults.run(case, at, -signal.SIGKILL).returncode == -signal.SIGKILL
        check_goes_on(bench, case.folder, undisturbed)


@pytest.mark.parametrize("error", [ENOSPC, EIO])
def test_reliability_7_an_error_at_any_call_is_one_line_and_the_sweep_goes_on(
    error: int, bench: Bench, undisturbed: Path, faults: Faults, tmp_path: Path
) -> None:
    case = case_of(bench, tmp_path / "out")
    calls = faults.calls_of(case, error)
    for at in some(len(calls), ROUTINE):
        if calls[at - 1] == "mkdir":
            continue  # of the folder, which is there
        done = faults.run(case, at, error)
        assert done.returncode == BAD_DATA, f"{at}: {done.stderr}"
        last = done.stderr.splitlines()[-1]
        assert str(case.folder) in last and "; " in last and "Traceback" not in done.stderr, done.stderr
        assert not temporaries(case.folder.parent)
        check_goes_on(bench, case.folder, undisturbed)


def test_reliability_7_files_that_cannot_be_replaced_are_named(bench: Bench, copy: Path) -> None:
    for name in FILES:
        shutil.move(copy / name, copy / "away")
        (copy / name).mkdir()
        error = bench.sweep(copy, code=BAD_DATA).stderr
        assert f"{copy / name}: Is a directory; move the folder" in error.splitlines()[-1]
        (copy / name).rmdir()
        shutil.move(copy / "away", copy / name)
    bench.sweep(copy)


def test_reliability_7_a_table_that_may_not_be_written_is_named(bench: Bench, copy: Path) -> None:
    table = copy / "sweep.csv"
    before = state(copy)
    if os.geteuid() != 0:
        table.chmod(0o444)
    elif run("chattr", "+i", table).returncode != 0:
        pytest.skip("as root this needs chattr, which this file system has not")
    try:
        error = bench.sweep(copy, code=BAD_DATA).stderr
        assert f"{table}: " in error and "check the permissions" in error.splitlines()[-1]
        assert table.read_bytes() == before["sweep.csv"]
    finally:
        run("chattr", "-i", table)
        table.chmod(0o644)
    bench.sweep(copy)
    assert [state(copy)[name] for name in ("sweep.csv", "layers.csv")] == [before["sweep.csv"], before["layers.csv"]]


def test_reliability_7_json_of_any_depth_is_bad_data(bench: Bench, copy: Path, tmp_path: Path) -> None:
    deep = "[" * 200_000
    (copy / "sweep.json").write_text(deep)
    error = bench.sweep(copy, code=BAD_DATA).stderr
    assert "sweep.json: is nested too deep; --fresh starts again" in error and error.count("\n") == 1
    (tmp_path / "cost.json").write_text(deep)
    error = bench.sweep(tmp_path / "out", "--costs", tmp_path / "cost.json", code=BAD_DATA).stderr
    assert "cost.json: is nested too deep" in error and error.count("\n") == 1
    trace = Path(shutil.copytree(bench.trace, tmp_path / "trace"))
    (trace / "manifest.json").write_text(deep)
    done = run(*sweep_of(trace, tmp_path / "out"))
    assert done.returncode == BAD_DATA and "manifest.json: " in done.stderr and done.stderr.count("\n") == 1


def sweep_of(trace: Path, output: Path, *more: object) -> list[object]:
    grid = ["--lanes", "2", "--table-log", "8", "--coding", "apack-tans"]
    return [BUILD / "transom", "sweep", trace, "-o", output, *grid, *more]


def test_reliability_7_names_that_are_not_utf_8_are_taken(bench: Bench, tmp_path: Path) -> None:
    trace = Path(os.fsdecode(bytes(tmp_path) + b"/tr\xff"))
    shutil.copytree(bench.trace, trace)
    output = Path(os.fsdecode(bytes(tmp_path) + b"/out\xff"))
    done = subprocess.run(
        [os.fsencode(str(word)) for word in sweep_of(trace, output)], check=False, capture_output=True
    )
    assert done.returncode == FINE and done.stderr == b"", done.stderr
    assert r"out\xff" in done.stdout.decode()
    assert json.loads((output / "sweep.json").read_text())["trace"] == r"tr\xff"
    assert r"tr\xff" in (output / "report.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_reliability_13_a_signal_to_the_master_alone_ends_all_and_leaves_nothing(
    number: signal.Signals, bench: Bench, tmp_path: Path
) -> None:
    """The program that its tasks run would sleep for longer than this test waits."""
    started = tmp_path / "started"
    program = tmp_path / "program"
    program.write_text(
        f'#!/bin/sh\nif [ $1 = sim ]; then echo $$ >> {started}; sleep 1000; fi\nexec {BUILD / "transom"} "$@"\n'
    )
    program.chmod(0o755)
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    words = sweep_of(bench.trace, tmp_path / "out", "--program", program, "--workers", "2")
    words[words.index("2")] = "1,2,3"  # more points than workers: some wait
    sweep = subprocess.Popen(
        [str(word) for word in words],
        stderr=subprocess.PIPE, text=True, start_new_session=True, env={**os.environ, "TMPDIR": str(temporary)},
    )  # fmt: skip
    wait_until(lambda: started.exists() and started.read_text().count("\n") == 2, sweep)
    assert list(temporary.iterdir())
    sweep.send_signal(number)
    said = sweep.communicate(timeout=SECONDS)[1]
    assert sweep.returncode == 128 + number and "the same command goes on" in said and "Traceback" not in said
    assert list(temporary.iterdir()) == []
    for process in started.read_text().split():
        assert not Path("/proc", process).exists()
    states = run("ps", "-o", "stat=", "-s", sweep.pid).stdout.split()
    assert all(state.startswith("Z") for state in states), states  # nobody has asked for these' exit codes


@pytest.mark.usefixtures("bench")
def test_reliability_14_a_manifest_may_name_files_of_any_suffix(tmp_path: Path) -> None:
    trace = tmp_path / "trace"
    (trace / "sub").mkdir(parents=True)
    entries = json.loads((TRACE / "manifest.json").read_text())["tensors"][:2]
    for entry, name in zip(entries, ("weights", "sub/w.bin"), strict=True):
        shutil.copy(TRACE / entry["file"], trace / name)
        entry["file"] = name
    (trace / "manifest.json").write_text(json.dumps({"tensors": entries}))
    done = run(*sweep_of(trace, tmp_path / "out", "--json"))
    assert done.returncode == FINE, done.stderr
    assert json.loads(done.stdout)["failed"] == 0
    (trace / "weights").unlink()
    done = run(*sweep_of(trace, tmp_path / "out2"))
    assert done.returncode == BAD_DATA and "'weights': No such file" in done.stderr
