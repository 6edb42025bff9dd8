"""test_check.py — `transom check`: what a decoder wrote against vectors, containers and traces, in every form."""

# SPDX-License-Identifier: Apache-2.0

import json
import shutil
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest
from program import BAD_DATA, FINE, MISMATCH, TRACE, USAGE, transom


@pytest.fixture(scope="module")
def vectors(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("check") / "v"
    transom("vectors", "-o", folder, "--seed", 6)
    return folder


@pytest.fixture(scope="module")
def manifest(vectors: Path) -> dict[str, Any]:
    return {v["name"]: v for v in json.loads((vectors / "manifest.json").read_text())["vectors"]}


def check(*arguments: object, code: int = FINE) -> dict[str, Any]:
    result: dict[str, Any] = json.loads(transom("check", *arguments, "--json", code=code).stdout)
    return result


def spoil(text: str, line: int, column: int, new: str) -> str:
    rows = text.splitlines()
    cells = rows[line].split(",")
    assert cells[column] != new
    rows[line] = ",".join([*cells[:column], new, *cells[column + 1 :]])
    return "\n".join(rows) + "\n"


@pytest.mark.parametrize("form", ["values.hex", "trace.csv"])
def test_all_vectors_are_equal_to_themselves_and_one_junit_case_each(
    form: str, vectors: Path, manifest: dict[str, Any], tmp_path: Path
) -> None:
    told = tmp_path / "told"
    told.mkdir()
    for name, vector in manifest.items():
        source = vectors / name / (form if form in vector["sha256"] else "values.hex")
        shutil.copy(source, told / (name + source.suffix))
        statuses = ",".join(stream["status"] for stream in vector["streams"])
        (told / f"{name}.status").write_text(statuses + "\n")
    result = check(vectors, told, "--junit", tmp_path / "j.xml")
    assert result["failed"] == 0 and result["checked"] == len(manifest)

    (told / "apack_ac_int8_cut.status").write_text("ok,ok,ok,ok")
    (told / "tans_r3.hex").unlink(missing_ok=True)
    (told / "tans_r3.csv").unlink(missing_ok=True)
    result = check(vectors, told, "--junit", tmp_path / "j.xml", code=MISMATCH)
    wrong = {test["name"]: test for test in result["tests"] if not test["equal"]}
    assert set(wrong) == {"apack_ac_int8_cut", "tans_r3"} and result["failed"] == 2
    assert wrong["apack_ac_int8_cut"]["difference"]["what"] == "status"
    suite = ElementTree.parse(tmp_path / "j.xml").getroot()
    cases = suite.findall("./testcase")
    assert suite.attrib["tests"] == str(len(cases)) == str(len(manifest)) and suite.attrib["failures"] == "2"
    failed = {case.attrib["name"]: case.find("failure") for case in cases if case.find("failure") is not None}
    assert set(failed) == set(wrong)
    for name, failure in failed.items():
        assert failure is not None and failure.attrib["message"] == wrong[name]["text"]


@pytest.mark.parametrize(
    "name", ["tans_int8", "apack_rans_int8", "apack_ac_int8", "apack_pair_int8", "apack_nrans_int8"]
)
def test_the_first_difference_of_each_kind_is_found_where_it_is(
    name: str, vectors: Path, manifest: dict[str, Any], tmp_path: Path
) -> None:
    trace = (vectors / name / "trace.csv").read_text()
    rows = [row.split(",") for row in trace.splitlines()]
    line = 22 if "pair" in name else 21  # the second of a pair: both have its state
    stream, index = int(rows[line][0]), int(rows[line][1])
    for column, what in ((2, "symbol"), (3, "state"), (4, "position"), (6, "value")):
        file = tmp_path / f"{what}.csv"
        file.write_text(spoil(trace, line, column, str((int(rows[line][column]) + 1) % 16)))
        found = check(vectors, file, "--test", manifest[name]["tcId"], code=MISMATCH)["tests"][0]["difference"]
        step = index // 2 if "pair" in name and what != "value" else index
        assert (found["what"], found["stream"], found["index"]) == (what, stream, step)
    file.write_text("\n".join(trace.splitlines()[:-1]) + "\n")
    found = check(vectors, file, "--test", name, code=MISMATCH)["tests"][0]["difference"]
    assert found["what"] == "count" and found["stream"] == int(rows[-1][0])


def test_a_container_and_a_trace_are_checked_by_npy_hex_and_csv(tmp_path: Path) -> None:
    transom("encode", TRACE, "-o", tmp_path / "a.tsm")
    transom("decode", tmp_path / "a.tsm", "-o", tmp_path / "out")
    tensors = json.loads((tmp_path / "out/manifest.json").read_text())["tensors"]
    for number, tensor in enumerate(tensors):
        file = tmp_path / "out" / tensor["file"]
        for reference in (tmp_path / "a.tsm", TRACE):
            for test in (number, tensor["name"]):
                assert check(reference, file, "--test", test)["failed"] == 0
    values = np.load(file)
    values.flat[5] ^= 1
    np.save(tmp_path / "x.npy", values)
    (tmp_path / "x.csv").write_text("value\n" + "".join(f"{v}\n" for v in values.flat))
    pattern = (1 << tensor["bits"]) - 1
    (tmp_path / "x.hex").write_text("".join(f"{int(v) & pattern:x}\n" for v in values.flat))
    for form in ("npy", "csv", "hex"):
        for reference in (tmp_path / "a.tsm", TRACE):
            result = check(reference, tmp_path / f"x.{form}", "--test", tensor["name"], code=MISMATCH)
            found = result["tests"][0]["difference"]
            n_streams = 4 if reference.suffix else 1
            assert (found["what"], found["stream"], found["index"]) == ("value", 5 % n_streams, 5 // n_streams)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "line 1: no columns"),
        ("value,colour\n", "line 1, field 'column': 'colour'"),
        ("value,value\n", "line 1, field 'column': 'value'"),
        ("stream,index\n", "a column 'value' or 'symbol'"),
        ("symbol\n1\n", "a column 'stream'"),
        ("stream,symbol,symbol_bits\n", "'symbol' before 'state'"),
        ("stream,value\n0,1,2\n", "line 2, field 'columns'"),
        ("stream,value\n4,1\n", "line 2, field 'stream': '4' is not in 0..3"),
        ("stream,value\n0,one\n", "line 2, field 'value': 'one'"),
        ("stream,value\n0,-129\n", "line 2, field 'value': '-129'"),
        ("stream,value\n0,99999999999\n", "line 2, field 'value'"),
        ("stream,index,value\n0,1,0\n", "line 2, field 'index': '1' is not 0"),
        ("stream,symbol\n0,256\n", "line 2, field 'symbol'"),
    ],
)
def test_a_csv_that_is_none_is_bad_data_with_line_and_field(
    text: str, says: str, vectors: Path, tmp_path: Path
) -> None:
    (tmp_path / "x.csv").write_text(text)
    done = transom("check", vectors, tmp_path / "x.csv", "--test", "apack_ac_int8", code=BAD_DATA)
    assert f"{tmp_path / 'x.csv'}" in done.stderr and says in done.stderr and done.stdout == ""


def test_what_cannot_be_compared_is_said_with_its_file(vectors: Path, tmp_path: Path) -> None:
    good = vectors / "tans_int8/values.hex"
    (tmp_path / "x.hex").write_text("1\n2z\n")
    (tmp_path / "x.txt").write_text("1\n")
    (tmp_path / "empty").mkdir()
    for arguments, code, says in (
        ([vectors, tmp_path / "x.hex", "--test", "tans_int8"], BAD_DATA, "x.hex, line 2"),
        ([vectors, tmp_path / "x.txt", "--test", "tans_int8"], BAD_DATA, "no .hex, .csv or .npy"),
        ([vectors, tmp_path / "nothing.hex", "--test", "tans_int8"], BAD_DATA, "nothing.hex"),
        ([tmp_path / "nothing.tsm", good], BAD_DATA, "nothing.tsm"),
        ([vectors, tmp_path / "empty"], BAD_DATA, "none of the"),
        ([vectors, good], USAGE, "--test"),
        ([vectors, good, "--test", "tans_int99"], USAGE, "tans_int99"),
        ([vectors, tmp_path / "empty", "--status", "ok"], USAGE, "--status"),
        ([vectors, good, "--test", "tans_int8", "--status", "ok,ok"], BAD_DATA, "2 statuses; give 1"),
        ([vectors, good, "--test", "tans_int8", "--status", "fine"], BAD_DATA, "'fine' is no status"),
        ([vectors, good, "--test", "tans_int8", "--junit", tmp_path / "no/j.xml"], BAD_DATA, "j.xml"),
    ):
        done = transom("check", *arguments, code=code)
        assert says in done.stderr and len(done.stderr.splitlines()) == 1 and done.stdout == ""
