"""test_harness.py — what a bench around somebody else's decoder leaves: findings and JUnit, whole or not there."""
# SPDX-License-Identifier: Apache-2.0

import signal
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from program import BAD_DATA, BUILD, MISMATCH, TRACE, USAGE, run, transom

from storage.damage import EIO, ENOSPC, MARK, Case, Faults, restore, some, temporaries

ROUTINE = 8
FINDING = {"container.tsm", "finding.txt", "replay.sh", "wave.fst"}


@pytest.fixture
def case(tmp_path: Path) -> Case:
    if not (BUILD / "other_decoder").exists():
        pytest.skip("the example is not built")
    transom("encode", TRACE, "-o", tmp_path / "a.tsm", "--coding", "apack-tans")
    out = tmp_path / "out"
    words = ["--bug", 3, tmp_path / "a.tsm", "--tensor", "conv2", "--stimulus", "plain", "--stream", 0]
    command = [str(word) for word in (BUILD / "other_decoder", *words, "--out", out / "f", "--junit", out / "j.xml")]
    out.mkdir()
    assert run(*command).returncode == MISMATCH
    check_whole(out)
    finding = next((out / "f").iterdir()).relative_to(out)
    return Case(command, out, {f"{finding}/{name}": b"old" for name in FINDING} | {"j.xml": b"<old/>"}, {})


def check_whole(out: Path) -> None:
    finding = next(path for path in (out / "f").iterdir() if MARK not in path.name)
    files = {path.name: path for path in finding.iterdir()}
    assert set(files) == FINDING
    if files["finding.txt"].read_bytes() == b"old":
        assert {path.read_bytes() for path in files.values()} == {b"old"}
    else:
        assert files["replay.sh"].stat().st_mode & 0o111 and files["wave.fst"].stat().st_size > 1000
        assert files["container.tsm"].read_bytes()[1:4] == b"TSM"
    assert ET.parse(out / "j.xml").getroot().tag in ("old", "testsuite")


@pytest.mark.parametrize("do", [-signal.SIGKILL, -signal.SIGTERM, ENOSPC, EIO])
def test_reliability_1_findings_and_reports_are_whole(do: int, case: Case, faults: Faults, tmp_path: Path) -> None:
    log = tmp_path / "log"
    assert faults.run(case, 0, do, FAULT_LOG=str(log)).returncode == MISMATCH
    calls = log.read_text().split()
    assert "renameat2" in calls and calls.count("rename") >= 1
    for at in some(len(calls), ROUTINE):
        done = faults.run(case, at, do)
        assert done.returncode == (do if do < 0 else BAD_DATA), (calls[at - 1], done.stdout)
        check_whole(case.folder)
        if do > 0:
            error = done.stdout.splitlines()[-1]
            assert error.startswith("error: ") and str(case.folder) in error and "; " in error
        if do != -signal.SIGKILL:
            assert not temporaries(case.folder)


def test_reliability_1_a_folder_of_others_is_no_place_for_findings(case: Case) -> None:
    restore(case.folder, case.before)
    stranger = next((case.folder / "f").iterdir()) / "notes.txt"
    stranger.write_text("mine")
    done = run(*case.command)
    assert done.returncode == USAGE and "'notes.txt', which is no part of a finding" in done.stdout
    assert stranger.read_text() == "mine"
