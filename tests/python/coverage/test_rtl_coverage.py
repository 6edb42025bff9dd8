"""tests/rtl/coverage.py: what is not hit is a hole, what is waived is said to be needed."""
# SPDX-License-Identifier: Apache-2.0

import importlib.util
import json
import sys
from pathlib import Path
from types import ModuleType

import pytest
from program import SOURCE


def load() -> ModuleType:
    spec = importlib.util.spec_from_file_location("rtl_coverage", SOURCE / "tests/rtl/coverage.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses look themselves up
    spec.loader.exec_module(module)
    return module


COVERAGE = load()
FILE = "rtl/lane/tans_lane.sv"


def point(line: int, hits: int, what: str = "block", page: str = "v_line/lane", lines: str = "") -> str:
    fields = {"f": FILE, "l": str(line), "n": "3", "page": page, "o": what, "S": lines or str(line), "h": f"top{hits}"}
    return "C '" + "".join(f"\1{key}\2{value}" for key, value in fields.items()) + f"' {hits}\n"


def folder(tmp_path: Path, *files: str) -> Path:
    (tmp_path / "data").mkdir()
    for n, text in enumerate(files):
        (tmp_path / f"data/{n}.dat").write_text("# SystemC::Coverage-3\n" + text, encoding="latin-1")
    return tmp_path


def test_a_line_is_hit_where_all_of_its_branches_are_in_any_instance_of_any_run(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    one = point(30, 4, lines="30-32") + point(31, 0, "if", "v_branch/lane") + point(40, 0)
    made = folder(tmp_path, one, point(40, 0) + point(40, 7))
    assert COVERAGE.main([str(made), "--json"]) == 1
    told = json.loads(capsys.readouterr().out)
    assert told["files"] == [{"file": FILE, "hit": 3, "total": 4}]
    assert told["holes"] == [{"file": FILE, "line": 31}]
    info = (made / "rtl.info").read_text()
    assert "DA:31,0\n" in info and "DA:40,7\n" in info and "DA:30,4\n" in info
    assert COVERAGE.main([str(made)]) == 1
    assert f"hole: {FILE}:31: " in capsys.readouterr().out


def test_toggles_are_counted_by_bit_and_are_no_lines(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bits = point(9, 0, "state[0]", "v_toggle/lane") + point(9, 2, "state[1]", "v_toggle/lane")
    made = folder(tmp_path, bits)
    assert COVERAGE.main([str(made), "--toggle", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["files"] == [{"file": FILE, "hit": 1, "total": 2}]
    assert COVERAGE.main([str(made)]) == 3
    assert "./dev coverage" in capsys.readouterr().err


def test_a_waiver_that_is_not_needed_or_matches_nothing_is_an_error(tmp_path: Path) -> None:
    source = tmp_path / "a.sv"
    source.write_text("always\n  default: x;\n  hit;\n")
    counts = {"a.sv": {1: 3, 2: 0, 3: 1}}
    fine = COVERAGE.Waiver("a.sv", "default", "no such code")
    assert COVERAGE.waive(counts, [fine], tmp_path) == []
    assert counts == {"a.sv": {1: 3, 3: 1}}
    (said,) = COVERAGE.waive(counts, [COVERAGE.Waiver("a.sv", "hit;", "none")], tmp_path)
    assert "is hit or is no code" in said
    for waiver in (COVERAGE.Waiver("a.sv", "gone", "none"), COVERAGE.Waiver("b.sv", "hit", "none")):
        (said,) = COVERAGE.waive(counts, [waiver], tmp_path)
        assert "no line has" in said


def test_every_waiver_has_a_reason(tmp_path: Path) -> None:
    for waiver in COVERAGE.read_waivers():
        assert len(waiver.reason.split()) >= 3 and (SOURCE / waiver.file).is_file()
    bad = tmp_path / "waivers.txt"
    bad.write_text("a.sv | default\n")
    with pytest.raises(SystemExit, match=r"waivers\.txt:1: must be FILE"):
        COVERAGE.read_waivers(bad)
