"""test_junit.py — JUnit files of `transom check` and of the harness, as PyPI's junitparser reads them."""

# SPDX-License-Identifier: Apache-2.0

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from program import BUILD, FINE, MISMATCH, TRACE, run, transom

junitparser = pytest.importorskip("junitparser", reason="junitparser is not installed: ./dev test does it")
TENSOR = TRACE / "010_a_dense1_relu.npy"


def read(file: Path) -> list[Any]:
    """The cases, of suites whose counts are those of their cases."""
    suites = list(junitparser.JUnitXml.fromfile(str(file)))
    assert suites
    for suite in suites:
        cases = list(suite)
        told = suite.tests, suite.failures, suite.errors, suite.skipped
        assert suite.name and told == (
            len(cases), *(sum(case.is_failure for case in cases), sum(case.is_error for case in cases),
                          sum(case.is_skipped for case in cases))
        )  # fmt: skip
    return [case for suite in suites for case in suite]


def test_a_check_of_vectors_is_a_case_each(tmp_path: Path) -> None:
    transom("vectors", "-o", tmp_path / "v", "--seed", 1)
    told = tmp_path / "told"
    told.mkdir()
    for name in ("tans_int8", "tans_r3"):
        shutil.copy(tmp_path / "v" / name / "values.hex", told / f"{name}.hex")
    wrong = (told / "tans_r3.hex").read_text().splitlines()
    wrong[7] = f"{int(wrong[7], 16) ^ 1:x}"
    (told / "tans_r3.hex").write_text("\n".join(wrong) + "\n")
    for name in ("tans_int8", "tans_r3"):
        code = MISMATCH if name == "tans_r3" else FINE
        arguments = ["check", tmp_path / "v", told / f"{name}.hex", "--test", name, "--junit", tmp_path / "j.xml"]
        transom(*arguments, code=code)
        [case] = read(tmp_path / "j.xml")
        assert name in case.name and case.is_passed == (code == FINE)
        if not case.is_passed:
            assert "index 7" in case.result[0].text
    transom("check", tmp_path / "v", told, "--junit", tmp_path / "j.xml", code=MISMATCH)
    cases = read(tmp_path / "j.xml")
    manifest = json.loads((tmp_path / "v/manifest.json").read_text())
    assert [case.name for case in cases] == [vector["name"] for vector in manifest["vectors"]]
    assert [case.name for case in cases if case.is_passed] == ["tans_int8"]


@pytest.mark.skipif(not (BUILD / "other_decoder").exists(), reason="other_decoder is not built: no Verilator")
def test_a_run_of_the_harness_is_a_case_each(tmp_path: Path) -> None:
    for coding, bug, passed, failed, skipped in (("tans", 0, 6, 0, 0), ("tans", 5, 0, 6, 0), ("rans", 0, 0, 0, 1)):
        transom("encode", TENSOR, "-o", tmp_path / "a.tsm", "--coding", coding, "--streams", 1)
        options = ["--junit", tmp_path / "j.xml", "--wave", 0, "--out", tmp_path / "out"]
        run(BUILD / "other_decoder", "--bug", bug, tmp_path / "a.tsm", *options)
        cases = read(tmp_path / "j.xml")
        assert sum(case.is_passed for case in cases) == passed, cases
        assert sum(case.is_failure for case in cases) == failed
        assert sum(case.is_skipped for case in cases) == skipped
        assert all("Probable class: end" in case.result[0].text for case in cases if case.is_failure)
