"""program.py — what the tests of programs share: where things are, exit codes, processes with an end.

Importing it makes python/, tests/clean_room, tests/seeded and bench/gpu importable; conftest.py does so before any
test is read.
"""
# SPDX-License-Identifier: Apache-2.0

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

SOURCE = Path(__file__).resolve().parents[2]
BUILD = Path(os.environ.get("TRANSOM_BUILD", SOURCE / "build"))
SHARED = Path(os.environ.get("TRANSOM_SHARED", SOURCE.parent / "shared"))
TRACE = SOURCE / "golden/traces/digits_cnn_int8"
FINE, MISMATCH, USAGE, BAD_DATA = 0, 1, 2, 3
PACKAGE = BUILD / "python"  # the package with its module, by links
if not (PACKAGE / "transom/__init__.py").exists():
    PACKAGE = SOURCE / "python"  # without
SECONDS = 300  # until a process that hangs is given up

sys.path.insert(0, str(PACKAGE))
sys.path.append(str(SOURCE / "tests/clean_room"))  # the decoder that knows model/FORMAT.md alone
sys.path.append(str(SOURCE / "tests/seeded"))  # faults in copies of rtl/
sys.path.append(str(SOURCE / "bench/gpu"))  # what other people's coders take on a GPU


def run(*command: object, seconds: float = SECONDS, **options: Any) -> subprocess.CompletedProcess[str]:
    """Runs a process to its end, whatever its exit code; `options` are those of subprocess.run."""
    words = [str(word) for word in command]
    return subprocess.run(words, capture_output=True, text=True, timeout=seconds, check=False, **options)


def transom(*arguments: object, code: int = FINE) -> subprocess.CompletedProcess[str]:
    """Runs TRANSOM_BUILD/transom and checks its exit code."""
    done = run(BUILD / "transom", *arguments)
    assert done.returncode == code, f"{arguments}: {done.returncode}\n{done.stdout}\n{done.stderr}"
    return done


def run_package(name: str, *arguments: object, **environment: str) -> subprocess.CompletedProcess[str]:
    """Runs a package of python/ as a command, with more in its environment."""
    paths = {"PYTHONPATH": str(PACKAGE)}
    return run(sys.executable, "-m", name, *arguments, cwd=SOURCE, env={**os.environ, **paths, **environment})


def recorded_traces() -> list[Path]:
    """The folders of TRANSOM_SHARED/traces; the test is skipped where there are none."""
    folders = sorted(manifest.parent for manifest in (SHARED / "traces").glob("*/manifest.json"))
    if not folders:
        pytest.skip("TRANSOM_SHARED has no traces")
    return folders


def shared_vectors(stem: str) -> dict[str, Any]:
    """The content of TRANSOM_SHARED/interop/STEM.json; the test is skipped where it is missing."""
    path = SHARED / "interop" / f"{stem}.json"
    if not path.exists():
        pytest.skip(f"TRANSOM_SHARED has no interop/{stem}.json")
    content: dict[str, Any] = json.loads(path.read_text())
    return content
