"""test_refusals.py — what `transom report` cannot do is one line that names file and field, and no page."""
# SPDX-License-Identifier: Apache-2.0

import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from program import BAD_DATA, FINE, PACKAGE, SECONDS, TRACE, USAGE, run_package

pytest.importorskip("transom._core", reason="the Python module was not built")
pytest.importorskip("plotly", reason="python3-plotly is not installed")


def refused(code: int, *arguments: object) -> str:
    done = run_package("transom", "report", *arguments)
    assert done.returncode == code, done.stderr
    assert done.stdout == ""
    (line,) = done.stderr.splitlines()
    assert line.startswith("transom: report: ")
    return line


@pytest.fixture
def trace(tmp_path: Path) -> Path:
    """A tensor with a manifest."""
    folder = tmp_path / "trace"
    folder.mkdir()
    np.save(folder / "a.npy", np.arange(60, dtype=np.int8).reshape(3, 20))
    about = {"kind": "weight", "scale": [1.0], "zero_point": [0], "axis": 0}
    sha256 = hashlib.sha256((folder / "a.npy").read_bytes()).hexdigest()
    entry = {"file": "a.npy", "name": "a", "sha256": sha256, **about}
    (folder / "manifest.json").write_text(json.dumps({"tensors": [entry]}))
    return folder


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--coding", "tans,lzma"], "--coding: 'lzma' is none; take some of raw,tans,"),
        (["--no-sim", "--lanes", 4], "--lanes has no effect with --no-sim"),
        (["--unit", "narrow"], "--unit"),
        (["--lanes", 5], "lanes"),
        (["--frobnicate"], "--frobnicate"),
    ],
)
def test_options_that_cannot_be(words: list[object], said: str, trace: Path, tmp_path: Path) -> None:
    assert said in refused(USAGE, trace, "-o", tmp_path / "p.html", *words)
    assert not (tmp_path / "p.html").exists()


def test_a_page_and_a_trace_are_required(trace: Path) -> None:
    assert "-o FILE.html is required" in refused(USAGE, trace)
    assert "required" in refused(USAGE, "-o", "p.html")


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("kind", 7, "tensors[0].kind: is no text"),
        ("quantiser", ["int8"], "tensors[0].quantiser: is no text"),
        ("scale", [1.0, 2.0], "tensors[0].scale: has 2 numbers, not 3"),
        ("scale", ["one"], "tensors[0].scale: cannot be read"),
        ("scale", {"file": "../../none.npz"}, "none.npz"),
        ("zero_point", [0, 0, 0, 0], "tensors[0].zero_point: has 4 numbers, not 3"),
        ("axis", 2, "tensors[0].axis: is no integer of 0..1"),
        ("axis", True, "tensors[0].axis: is no integer of 0..1"),
        ("group", 0, "tensors[0].group: is no integer of 1.."),
    ],
)
def test_a_field_of_a_manifest_that_is_wrong_is_named(
    field: str, value: object, said: str, trace: Path, tmp_path: Path
) -> None:
    manifest = json.loads((trace / "manifest.json").read_text())
    manifest["tensors"][0][field] = value
    (trace / "manifest.json").write_text(json.dumps(manifest))
    line = refused(BAD_DATA, trace, "-o", tmp_path / "p.html", "--no-sim")
    assert said in line and ("manifest.json" in line or "none.npz" in line)
    assert not (tmp_path / "p.html").exists()


def test_scales_in_a_file_that_are_none_are_named(trace: Path, tmp_path: Path) -> None:
    manifest = json.loads((trace / "manifest.json").read_text())
    manifest["tensors"][0]["scale"] = {"file": "s.npz"}
    (trace / "manifest.json").write_text(json.dumps(manifest))
    for arrays, said in (
        ({"scale": [np.inf, 1, 1], "zero_point": [0]}, "is not finite"),
        ({"x": [1]}, "cannot be read"),
    ):
        np.savez(trace / "s.npz", **{name: np.array(array) for name, array in arrays.items()})
        assert f"tensors[0].scale: {said}" in refused(BAD_DATA, trace, "-o", tmp_path / "p.html", "--no-sim")
    (trace / "s.npz").write_bytes(b"PK\3\4 cut")
    assert "tensors[0].scale: cannot be read" in refused(BAD_DATA, trace, "-o", tmp_path / "p.html", "--no-sim")


def damage(content: bytes) -> bytes:
    return content[: len(content) * 2 // 3]


@pytest.mark.parametrize(
    ("name", "spoil"),
    [
        ("none", Path.exists),
        ("cut.npy", lambda path: path.write_bytes(damage((TRACE / "000_w_conv1_weights.npy").read_bytes()))),
        ("cut.tsm", lambda path: path.write_bytes(b"TSM1 and no more")),
        ("folder", lambda path: path.mkdir()),
    ],
)
def test_a_trace_that_is_none_is_named(name: str, spoil: Callable[[Path], Any], tmp_path: Path) -> None:
    spoil(tmp_path / name)
    assert name in refused(BAD_DATA, tmp_path / name, "-o", tmp_path / "p.html")
    assert not (tmp_path / "p.html").exists()


def test_a_page_that_cannot_be_written_is_named_and_the_old_one_stays(trace: Path, tmp_path: Path) -> None:
    assert "/proc/none" in refused(BAD_DATA, trace, "-o", "/proc/none/p.html", "--no-sim", "--coding", "raw")
    assert str(tmp_path) in refused(BAD_DATA, trace, "-o", tmp_path, "--no-sim", "--coding", "raw")
    old = tmp_path / "p.html"
    old.write_text("old")
    shutil.rmtree(trace)
    refused(BAD_DATA, trace, "-o", old)
    assert old.read_text() == "old" and [path.name for path in tmp_path.iterdir()] == ["p.html"]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_with_its_programs_and_folders(number: signal.Signals, trace: Path, tmp_path: Path) -> None:
    """Its programs tell by a pipe that they run, and that they went on to their end."""
    slow, pipe, folders = tmp_path / "slow", tmp_path / "pipe", tmp_path / "folders"
    late = "import time; time.sleep(20); print('late')"
    slow.write_text(f'#!/bin/sh\nexec > {pipe}\necho runs\nexec {sys.executable} -c "{late}"\n')
    slow.chmod(0o755)
    os.mkfifo(pipe)
    folders.mkdir()
    environment = os.environ | {"PYTHONPATH": str(PACKAGE), "TMPDIR": str(folders)}
    words = [sys.executable, "-m", "transom.report", *map(str, (trace, "-o", tmp_path / "p.html", "--program", slow))]
    with subprocess.Popen(words, env=environment, stderr=subprocess.PIPE, text=True) as process:
        with pipe.open() as running:
            assert running.readline() == "runs\n"
            process.send_signal(number)
            assert "late" not in running.read()
        _, said = process.communicate(timeout=SECONDS)
    assert process.returncode == 128 + number and said == "transom: report: stopped\n"
    assert list(folders.iterdir()) == [] and not (tmp_path / "p.html").exists()


def test_without_the_program_it_says_so(trace: Path) -> None:
    done = run_package("transom.report", trace, "--json", TRANSOM_PROGRAM="/no/such/transom")
    assert done.returncode == BAD_DATA and "/no/such/transom" in done.stderr and "Traceback" not in done.stderr


def test_help_teaches_and_needs_nothing() -> None:
    done = run_package("transom", "report", "--help")
    assert done.returncode == FINE
    for word in ("TRACE", "--coding", "--unit", "--lanes", "--no-sim", "--json", "examples:", "Exit code:"):
        assert word in done.stdout
