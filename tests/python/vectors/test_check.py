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


def test_beats_of_a_memory_image(vectors: Path, tmp_path: Path) -> None:
    beats = vectors / "axi/tans_all/beats.hex"
    told = tmp_path / "told.beats"
    lines = beats.read_text().splitlines()
    told.write_text("".join(line.replace("_", ", ").upper() + "\n" for line in lines).replace(" ", ""))
    assert check(vectors, told, "--test", "axi_tans_all")["tests"][0]["compared"] == len(lines)
    last, keep, data = lines[8].split("_")
    before = [line for line in lines[:8] if line[0] == "1"]
    of_tensor = 8 - max((i + 1 for i in range(8) if lines[i][0] == "1"), default=0)
    place = f"tensor {len(before)}, beat {of_tensor} (of all 8): "
    for wrong, what in (
        (f"{1 - int(last)}_{keep}_{data}", f"TLAST: want {last}, got {1 - int(last)}"),
        (f"{last}_{'00' if keep != '00' else '03'}_{data}", f"TKEEP: want {keep}"),
        (f"{last}_{keep}_{data[:-1]}{'0' if data[-1] != '0' else '1'}", f"value 0: want {data[-4:]}"),
    ):
        told.write_text("\n".join([*lines[:8], wrong, *lines[9:]]) + "\n")
        text = check(vectors, told, "--test", "axi_tans_all", code=MISMATCH)["tests"][0]["text"]
        assert text.startswith(place + what)
    told.write_text("\n".join(lines[:-1]) + "\n")
    assert "a beat less" in check(vectors, told, "--test", "axi_tans_all", code=MISMATCH)["tests"][0]["text"]
    told.write_text("\n".join([*lines, lines[-1]]) + "\n")
    assert "a beat more" in check(vectors, told, "--test", "axi_tans_all", code=MISMATCH)["tests"][0]["text"]
    for bad, field in (("0_ff", "beat"), ("2_03_0000", "TLAST"), ("0_3_00001", "TDATA"), ("0_333_0000", "TKEEP"),
                       ("0_3_000g", "TDATA"), ("0_3_0000", "TDATA")):  # fmt: skip
        told.write_text(bad + "\n")
        assert f"line 1, field '{field}'" in transom("check", vectors, told, "--test", "axi_tans_all", code=3).stderr


def test_beats_of_a_container_and_of_a_vector(vectors: Path, tmp_path: Path) -> None:
    coded, told = tmp_path / "t.tsm", tmp_path / "told.beats"
    values = (np.arange(803) % 5 - 2).astype(np.int8)
    np.save(tmp_path / "x.npy", values)
    transom("encode", tmp_path / "x.npy", "-o", coded, "--coding", "apack-tans", "--streams", 4)
    rows = [[int(v) & 0xFF for v in values[at : at + 4]] for at in range(0, 803, 4)]

    def line(row: list[int], last: bool) -> str:
        data = "".join(f"{value:04x}" for value in reversed(row + [0] * (4 - len(row))))
        return f"{int(last)}_{4 ** len(row) - 1:02x}_{data}\n"

    told.write_text("".join(line(row, i == 200) for i, row in enumerate(rows)))
    assert check(coded, told)["failed"] == 0
    told.write_text("".join(line(row, i == 1) for i, row in enumerate(rows)))
    assert "beat 1 (of all 1): TLAST" in check(coded, told, code=MISMATCH)["tests"][0]["text"]
    told.write_text("1_3_0000\n")  # one value: a unit of one lane has not four streams
    assert "field 'TDATA': tensor 'x'" in transom("check", coded, told, code=3).stderr
    told.write_text("0_ff_0000000000000000\n")
    assert check(vectors, told, "--test", "apack_tans_int8", code=MISMATCH)["tests"][0]["text"].startswith("tensor 0, ")


def test_chains_and_what_a_reader_says_of_containers(vectors: Path, tmp_path: Path) -> None:
    chain = json.loads((vectors / "chains.json").read_text())["chains"][2]
    points = [f"{point['step']} {point['digest']}\n" for point in chain["digests"]]
    told = tmp_path / f"{chain['name']}.digest"
    told.write_text("".join(points))
    assert check(vectors, told, "--test", chain["name"])["tests"][0]["compared"] == len(points)
    told.write_text(points[0] + points[3].replace("8 ", "16 "))
    text = check(vectors, told, "--test", chain["tcId"], code=MISMATCH)["tests"][0]["text"]
    assert text.startswith("after step 16: want ")
    for bad, field in (("3 " + "0" * 64, "step"), ("1 00", "digest"), ("1", "digest")):
        told.write_text(bad + "\n")
        assert f"field '{field}'" in transom("check", vectors, told, "--test", chain["name"], code=3).stderr
    containers = json.loads((vectors / "manifest.json").read_text())["containers"]
    results = tmp_path / "results"
    results.mkdir()
    for one in containers:
        (results / f"{one['name']}.status").write_text(one["status"] + "\n")
    (results / f"{containers[3]['name']}.status").write_text("lost\n")
    (results / told.name).write_text("".join(points))
    found = check(vectors, results, code=MISMATCH)["tests"]
    others = [test for test in found if test["name"] in {one["name"] for one in [*containers, chain]}]
    assert len(others) == len(containers) + 1
    wrong = [test for test in others if not test["equal"]]
    assert [test["name"] for test in wrong] == [containers[3]["name"]]
    assert wrong[0]["text"] == f"status: want {containers[3]['status']}, got lost"
    assert "name it so" in transom("check", vectors, told, "--test", containers[0]["name"], code=3).stderr
