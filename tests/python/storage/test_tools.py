"""test_tools.py — what the Python tools write: at every call a kill, a signal, an error, as test_whole.py does it."""
# SPDX-License-Identifier: Apache-2.0

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from program import BAD_DATA, FINE, SOURCE, USAGE, run, run_package

from storage.damage import EIO, ENOSPC, Case, Faults, check_failed, check_killed, restore, some, state, temporaries

ROUTINE = 6
PAGE = b"<!-- figures: echo new -->\n```text\nold\n```\n"
RECORD = """
import sys, numpy
from transom import files
from transom.record import record
arrays = {"a": numpy.arange(100, dtype=numpy.int8), "b": numpy.zeros(50, numpy.uint8)}
sys.exit(files.run("record", lambda: record(arrays, sys.argv[1], {"licence": "CC0"}) or 0))
"""
TOOLS = ("figures", "record", "record_empty")


@pytest.fixture(autouse=True)
def packages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", str(SOURCE / "python"))
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")


def case_of(tool: str, folder: Path) -> Case:
    before = {"page.md": PAGE} if tool == "figures" else {"t": b"folder"} if tool == "record_empty" else {}
    words = ["-m", "transom.figures", folder / "page.md"] if tool == "figures" else ["-c", RECORD, folder / "t"]
    command = [sys.executable, *map(str, words)]
    restore(folder, before)
    done = run(*command)
    assert done.returncode == FINE, done.stderr
    return Case(command, folder, before, state(folder))


@pytest.mark.parametrize("tool", TOOLS)
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_reliability_1_a_tool_killed_at_any_call_leaves_the_old_or_the_new(
    tool: str, number: signal.Signals, faults: Faults, tmp_path: Path
) -> None:
    case = case_of(tool, tmp_path / "out")
    calls = faults.calls(case, -number)
    for at in some(len(calls), ROUTINE):
        done = faults.run(case, at, -number)
        if number == signal.SIGKILL:
            check_killed(done.returncode, number, case, (tool, calls[at - 1]))
            continue
        assert done.returncode in (128 + number, FINE) and "Traceback" not in done.stderr, done.stderr
        assert case.is_whole() and not temporaries(case.folder), (tool, calls[at - 1])


@pytest.mark.parametrize("tool", TOOLS)
@pytest.mark.parametrize("error", [ENOSPC, EIO])
def test_reliability_1_and_7_an_error_of_a_tool_is_exit_3_and_changes_nothing(
    tool: str, error: int, faults: Faults, tmp_path: Path
) -> None:
    case = case_of(tool, tmp_path / "out")
    calls = faults.calls(case, error)
    for at in some(len(calls), ROUTINE):
        done = faults.run(case, at, error)
        done.stderr = done.stderr.replace("echo new\n", "")  # the command whose figures are written
        check_failed(done, case, (tool, calls[at - 1]))


def test_reliability_7_what_a_tool_cannot_read_or_write_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "latin.md").write_bytes(b"\xff")
    (tmp_path / "deep.json").write_text("[" * 200_000)
    for package, words, named in (
        ("transom.figures", [tmp_path / "none.md"], "none.md"),
        ("transom.figures", [tmp_path / "folder"], "folder"),
        ("transom.figures", [tmp_path / "latin.md"], "latin.md"),
        ("transom.record", ["digits", "-o", "/proc/none"], "/proc/none"),
        ("transom.cost", ["--design", "tans_lane", "--target", "generic", "-o", tmp_path / "folder"], "folder"),
        ("transom.cost", ["--design", "tans_lane", "--target", "generic", "-o", tmp_path / "deep.json"], "deep.json"),
        ("transom.energy", ["--liberty", tmp_path / "none.lib"], "none.lib"),
        ("transom.energy", ["--liberty", tmp_path / "folder"], "folder"),
    ):
        done = run_package(package, *words)
        assert done.returncode == BAD_DATA, f"{words}: {done.returncode} {done.stderr}"
        last = done.stderr.splitlines()[-1]
        assert named in last and "Traceback" not in done.stderr, done.stderr
    done = run_package("transom.record", "digits", "-o", tmp_path)
    assert done.returncode == USAGE and "not an empty folder" in done.stderr


def test_reliability_1_a_tool_keeps_links_and_permissions(tmp_path: Path) -> None:
    page = tmp_path / "real.md"
    page.write_bytes(PAGE)
    page.chmod(0o640)
    (tmp_path / "link.md").symlink_to(page)
    assert run_package("transom.figures", tmp_path / "link.md").returncode == FINE
    assert b"new" in page.read_bytes() and page.stat().st_mode & 0o777 == 0o640
    assert (tmp_path / "link.md").is_symlink() and len(list(tmp_path.iterdir())) == 2
    if os.geteuid() != 0:
        page.chmod(0o440)
        assert subprocess.run([sys.executable, "-m", "transom.figures", page], check=False).returncode == BAD_DATA
