"""test_formal.py — ./dev formal on the smallest proofs, its faults, and the page that lists all of them."""
# SPDX-License-Identifier: Apache-2.0

import json
import re
import subprocess
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[3]


def formal(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["/usr/bin/python3", "-m", "formal", *arguments],
        cwd=ROOT / "tests",
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_queue_is_proven_and_its_cases_are_reached(tmp_path: Path) -> None:
    run = formal("fifo", "--json", "--folder", tmp_path)
    assert run.returncode == 0, run.stderr
    assert [(r["name"], r["verdict"]) for r in json.loads(run.stdout)] == [
        ("fifo", "proven"),
        ("fifo reaches", "2 of 2 cases"),
    ]


def test_every_fault_of_the_queue_is_found(tmp_path: Path) -> None:
    run = formal("fifo", "--faults", "--json", "--folder", tmp_path)
    assert run.returncode == 0, run.stderr
    assert {r["verdict"] for r in json.loads(run.stdout)} == {"found"}


def test_a_counterexample_is_told_and_kept(tmp_path: Path) -> None:
    """The queue of the tree, with a fault in it."""
    for folder in ("rtl", "tests/formal"):
        subprocess.run(["cp", "-r", "--parents", folder, tmp_path], cwd=ROOT, check=True)
    fifo = tmp_path / "rtl/axi/fifo.sv"
    fifo.write_text(fifo.read_text().replace("if (pop_i) head_q", "if (pop_i & ~push_i) head_q"))
    run = subprocess.run(
        ["/usr/bin/python3", "-m", "formal", "fifo"],
        cwd=tmp_path / "tests",
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 1
    assert re.search(r"^fifo +.* fails$", run.stdout, re.MULTILINE)
    assert re.search(r"^fifo: queue\.\w+ fails in clock \d+; .*trace\.vcd$", run.stderr, re.MULTILINE)
    assert "$var wire" in (tmp_path / "build/formal/fifo/trace.vcd").read_text()


def test_what_is_not_there_is_usage(tmp_path: Path) -> None:
    run = formal("nothing", "--folder", tmp_path)
    assert run.returncode == 2
    assert run.stderr == "formal: no proof begins with nothing: --list has them\n"


def test_boundaries_of_two_counts_are_16_apart_in_every_range_of_a_stream() -> None:
    """What arith_coder_properties.sv assumes of the formula: of two counts that follow each other, so of any."""
    for low in range(2**14 + 1, 2**16 + 1, 2**12):
        ranges = np.arange(low, min(low + 2**12, 2**16 + 1))
        bounds = ranges[:, None] * np.arange(2**10 + 1) >> 10
        assert np.diff(bounds).min() >= 16


def test_the_page_has_every_proof() -> None:
    page = (ROOT / "docs/formal.md").read_text()
    assert formal("--list").stdout in page
