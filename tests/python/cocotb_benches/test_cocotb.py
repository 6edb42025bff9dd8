"""The benches of examples/cocotb: every kind of lane, what is refused. `./dev cocotb` runs them."""
# SPDX-License-Identifier: Apache-2.0

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from junitparser import JUnitXml
from program import BAD_DATA, FINE, PACKAGE, SOURCE, TRACE, USAGE, run, transom

CODINGS = ["apack-tans", "apack-rans", "apack-ac", "apack-tans-pair", "apack-nrans"]  # one for each kind of lane
RUN = SOURCE / "examples/cocotb/run.py"
SECONDS = 600  # a simulation may be built
ENVIRONMENT = {"PYTHONPATH": str(PACKAGE), "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}


def bench(*arguments: object) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, **ENVIRONMENT, "OBJCACHE": "ccache", "CCACHE_NOHASHDIR": "1"}
    return run(sys.executable, RUN, *arguments, env=environment, seconds=SECONDS)


@pytest.mark.parametrize("coding", CODINGS)
def test_every_kind_of_lane_passes_with_pauses_and_without(coding: str, tmp_path: Path) -> None:
    file, junit = tmp_path / "a.tsm", tmp_path / "results.xml"
    transom("encode", TRACE, "-o", file, "--coding", coding, "--lanes", 2)
    done = bench("axi", file, "--lanes", 2, "--build", tmp_path, "--steps", "--junit", junit, "--json")
    assert done.returncode == FINE, done.stdout + done.stderr
    told = json.loads(done.stdout)
    assert (told["tests"], told["failed"], told["findings"]) == (2, [], [])
    log = Path(told["log"]).read_text()
    n_steps = 57_196 if coding == "apack-tans-pair" else 114_392
    assert log.count(f"12 tensors, {n_steps + 114_392} steps and values compared: 0 differences") == 2
    read = JUnitXml.fromfile(str(junit))
    cases = [case for suite in read for case in suite]
    assert {case.name for case in cases} == {"free_running", "under_pauses"} and all(case.is_passed for case in cases)


def test_what_is_not_for_a_unit_is_refused_by_name(tmp_path: Path) -> None:
    def refused(*arguments: object, code: int = BAD_DATA) -> str:
        done = bench(*arguments, "--build", tmp_path)
        assert done.returncode == code, done.stdout + done.stderr
        return done.stderr

    file = tmp_path / "a.tsm"
    assert "nothing.tsm" in refused("axi", tmp_path / "nothing.tsm")
    tensor = TRACE / "006_a_conv1.npy"
    transom("encode", tensor, "-o", file, "--coding", "apack-rans", "--streams", 4)
    assert "4 streams; the unit has 2" in refused("axi", file, "--lanes", 1)
    assert "coding apack-rans is not for lanes of kind tans" in refused("words", file)
    file.write_bytes(file.read_bytes()[:-9])
    assert "a.tsm" in refused("axi", file)
    assert "invalid choice" in refused("nothing", file, code=USAGE)
    transom("encode", tensor, "-o", file, "--coding", "apack-tans", "--lanes", 2)
    (tmp_path / "rtl").mkdir()
    assert "decoder.f" in refused("axi", file, "--rtl", tmp_path / "rtl")
