"""test_mutate.py — ./dev mutate on some mutants of a reader: kills, proofs, and what is refused."""
# SPDX-License-Identifier: Apache-2.0

import json
import os
import subprocess
from pathlib import Path

import pytest
from program import SOURCE


def mutate(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["/usr/bin/python3", "-m", "mutate", *arguments],
        cwd=SOURCE,
        env={**os.environ, "PYTHONPATH": "python:tests"},
        capture_output=True,
        text=True,
        check=False,
    )


READER = ("--design", "decoder_arith_1", "--module", "bit_reader", "--sample", "12")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Of the netlist, which is made once."""
    return tmp_path_factory.mktemp("mutate")


def test_mutants_of_a_reader_are_killed_or_proven_equal(folder: Path) -> None:
    done = mutate(*READER, "--json", "--folder", folder)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert {one["module"] for one in found["mutants"]} == {"bit_reader"}
    results = [one["result"] for one in found["mutants"]]
    assert len(results) == 12
    assert results.count("killed") >= 8
    for one in found["mutants"]:
        assert one["place"].startswith("rtl/lane/bit_reader.sv:") and one["line"]
        assert bool(one["how"] and one["vector"]) == (one["result"] == "killed")


def test_a_score_that_is_too_low_is_told(folder: Path) -> None:
    done = mutate(*READER, "--least", "101", "--folder", folder)
    assert done.returncode == 1
    assert "killed, wanted 101" in done.stderr


def test_what_is_refused() -> None:
    for arguments, said in (
        (("--design", "nothing"), "no design nothing: there are decoder_tans_1"),
        (("--write", "--sample", "3"), "--write is of whole runs"),
        (("--units", "--write", "--design", "decoder_tans_1"), "a page is of lanes, or with --units of units"),
        (("--write", "--design", "decoder_axi_tans_4"), "a page is of lanes, or with --units of units"),
        (
            ("--units", "--write", "--design", "decoder_wide_nrans_4", "--folder", "/dev/null/none"),
            "decoder_axi_tans_4 was not run yet: a page is of all",
        ),
        (("--sample", "0"), "'0' is not in 1..2^32 - 1"),
    ):
        done = mutate(*arguments)
        assert done.returncode == 2
        assert said in done.stderr
