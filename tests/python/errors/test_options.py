"""Options that change nothing are refused; faults on purpose, and what the program says of what it is given.

Runs TRANSOM_BUILD/transom as a process.
"""
# SPDX-License-Identifier: Apache-2.0

import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from program import BAD_DATA, FINE, MISMATCH, TRACE, USAGE
from scene import ONE_CASE, Scene, call, files_of, verbs


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Scene:
    return Scene(tmp_path_factory.mktemp("scene"))


OUTPUT: list[object] = ["-o", "{out}"]
VERBS = verbs()  # ports is there where the RTL is
CONVERT_TSM: list[object] = ["--from", "tsm", "-o", "{out}", "--to", "ryg-byte"]
CONVERT_RYG: list[object] = ["--from", "ryg-byte", "-o", "{out}", "--to", "tsm"]
# verb, the kind of its input, the options, the first of which has no effect, and why.
NO_EFFECT: list[tuple[str, str, list[object], str]] = [
    *(
        (verb, "tsm", [option, value], "is coded already")
        for verb in ("cosim", "sim")
        for option, value in [
            ("--coding", "rans"), ("--rows", 4), ("--chunk", 2), ("--spread", "step"), ("--search", "exact"),
        ]
    ),
    ("cosim", "tsm", ["--table-log", 8], "is coded already"),
    ("cosim", "tsm", ["--streams", 2], "is coded already"),
    *(
        (verb, "trace", [option, value, "--coding", coding, *output], "not for")
        for verb, output in [("encode", OUTPUT), ("cosim", []), ("sim", []), ("ports", OUTPUT)]
        for option, value, codings in [
            ("--table-log", 8, ["raw"]),
            ("--rows", 4, ["raw"]),
            ("--spread", "tuned", ["raw", "rans", "apack-rans", "apack-ac", "apack-nrans"]),
            ("--search", "exact", ["raw", "tans", "rans", "apack-tans-pair"]),
        ]
        for coding in codings
    ),
    ("encode", "trace", ["--rows", 4, "--coding", "tans", "-o", "{out}"], "has none"),
    ("encode", "trace", ["--chunk", 2, "--streams", 1, "-o", "{out}"], "one stream"),
    ("cosim", "trace", ["--chunk", 2, "--lanes", 1], "one stream"),
    ("cosim", "trace", ["--rows", 4, "--coding", "rans"], "has none"),
    ("cosim", "trace", ["--seed", 3], "random:P"),
    ("cosim", "trace", ["--seed", 3, "--values", "every:3"], "random:P"),
    ("cosim", "trace", ["--offset-words", "every:3", "--coding", "tans", "--lanes", 4], "no offset words"),
    ("cosim", "trace", ["--symbol-words", "every:3", "--coding", "raw", "--lanes", 4], "no symbol words"),
    ("cosim", "large tables", ["--lanes", 4], "no tensor that a lane takes"),
    ("cosim", "large tables", ["--values", "random:30"], "no tensor that a lane takes"),
    ("decode", "large tables", ["--decoder", "cycle", "-o", "{out}"], "takes no tensor"),
    ("sim", "trace", ["--seed", 3], "--mem-more-latency"),
    ("sim", "tsm", ["--for-unit", "bytes"], "is coded already"),
    *(
        ("encode", "trace", [option, value, "--lanes", 4, *goal, *OUTPUT], "only --for-unit bytes and cycles")
        for goal in ([], ["--for-unit", "file"])
        for option, value in [("--bus-bits", 128), ("--fifo-beats", 64), ("--mem-bytes-per-cycle", 4)]
    ),
    ("rates", "trace", ["--pressed-values", 9, "--seeds", 0], "--seeds 0"),
    ("convert", "tsm", ["--sidecar", "{side}", *CONVERT_TSM], "says all of itself"),
    ("convert", "tsm", ["--streams", 2, *CONVERT_TSM], "--interleave"),
    ("convert", "ryg", ["--tensor", "v", *CONVERT_RYG], "one tensor"),
    ("convert", "ryg", ["--interleave", 2, *CONVERT_RYG], "--streams"),
]  # fmt: skip


def large_tables(scene: Scene) -> Path:
    """A container that no lane takes: 2^13 slots of a rANS coder."""
    path = scene.folder / "r13.tsm"
    if not path.exists():
        assert call("encode", scene.npy, "-o", path, "--coding", "rans", "--table-log", 13).code == FINE
    return path


@pytest.mark.parametrize(("verb", "kind", "options", "why"), [row for row in NO_EFFECT if row[0] in VERBS])
def test_vectors_3_2_an_option_without_effect_is_refused(
    verb: str, kind: str, options: list[object], why: str, scene: Scene, tmp_path: Path
) -> None:
    path = large_tables(scene) if kind == "large tables" else scene.good(kind)
    places = {"{out}": tmp_path / "out", "{side}": scene.side}
    done = call(verb, path, *(places.get(str(word), word) for word in options))
    assert done.code == USAGE, done
    assert done.line.startswith(f"transom: {options[0]}") and "has no effect: " in done.line
    assert why in done.line and done.line.endswith("; leave it away") and files_of(tmp_path) == []


def test_vectors_3_2_what_has_an_effect_is_taken(scene: Scene, tmp_path: Path) -> None:
    """The other side of the table above: pressure where there are words, sim's --table-log of a unit."""
    np.save(tmp_path / "wide.npy", (np.arange(3000) % 900).astype(np.int16))
    out: list[object] = ["-o", tmp_path / "x.tsm", "--coding"]
    taken: list[tuple[str, Path, list[object]]] = [
        ("cosim", scene.whole_tsm, ["--symbol-words", "every:3"]),
        ("cosim", scene.whole_tsm, ["--values", "random:20", "--seed", 5]),
        ("sim", scene.tsm, ["--table-log", 12]),
        ("encode", tmp_path / "wide.npy", [*out, "tans", "--rows", 9]),
        ("encode", tmp_path / "wide.npy", [*out, "rans", "--rows", 9]),
        ("encode", scene.npy, [*out, "apack-ac", "--search", "released"]),
        ("encode", scene.npy, [*out, "apack-nrans", "--search", "released"]),
    ]
    for verb, path, options in taken:
        assert call(verb, path, *options).code == FINE


def test_vectors_3_2_lanes_of_a_container_are_the_units(scene: Scene, tmp_path: Path) -> None:
    lanes = [json.loads(call("sim", scene.tsm, "--json", "--lanes", n).stdout)["unit"]["lanes"] for n in (4, 7)]
    assert lanes == [4, 7]
    assert call("encode", TRACE, "-o", tmp_path / "some_raw.tsm").code == FINE
    for container in (scene.tsm, tmp_path / "some_raw.tsm"):
        done = call("cosim", container, "--lanes", 2)
        assert done.code == USAGE and "has 4 streams; give 4 or more" in done.line


def test_vectors_3_3_vectors_without_a_case_check_nothing(scene: Scene) -> None:
    for name, content, why in [
        ("none.json", {"header": {}, "cases": []}, "it has no case: nothing was checked"),
        ("ryg_byte-none.json", {"header": {}}, "it has no case: nothing was checked"),
    ]:
        done = call("interop", scene.write(name, content))
        assert done.code == BAD_DATA and name in done.line and why in done.line
    unknown = scene.write("nobody.json", {"header": {}, "cases": [ONE_CASE]})
    assert call("interop", unknown).code == MISMATCH
    done = call("interop", unknown, "--allow-unknown")
    assert done.code == BAD_DATA and "nothing was checked" in done.line


def test_vectors_3_3_the_manifests_of_other_things_are_said_to_be_those(scene: Scene) -> None:
    for content, kind in [
        ({"generator": "transom vectors", "vectors": []}, "the manifest of golden vectors"),
        ({"trace": "x", "tensors": []}, "the manifest of a trace"),
        ([1, 2], "a JSON list"),
        ({"a": 1}, "another JSON object"),
    ]:
        done = call("interop", scene.write("other/manifest.json", content))
        assert done.code == BAD_DATA and "other/manifest.json: it is " + kind in done.line


def cosim(what: object, *options: object, code: int) -> dict[str, Any]:
    done = call("cosim", what, "--json", *options)
    assert done.code == code, done
    result: dict[str, Any] = json.loads(done.stdout)
    return result


def test_vectors_3_4_a_fault_without_effect_is_a_failed_check_and_said_to_be_one(scene: Scene) -> None:
    # Bits 21 and up of a tANS entry's base are not the table's: no state is that large.
    info = json.loads(call("info", scene.tsm, "--json").stdout)["tensors"][0]
    unused = f"table:{(1 << info['table_log']) - 1}:31"
    result = cosim(scene.tsm, "--inject", unused, code=MISMATCH)
    assert result["mismatches"] == 0
    assert result["fault"]["had_effect"] is False and result["fault"]["name"] == "v" and result["fault"]["tensor"] == 0
    done = call("cosim", scene.tsm, "--inject", unused)
    assert done.code == MISMATCH
    assert b"fault: bit 31 of table word" in done.stdout
    assert done.stdout.endswith(b"0 mismatches: the fault had no effect\n")
    seen = cosim(scene.tsm, "--inject", "symbols:0:5", code=MISMATCH)
    assert seen["mismatches"] > 0 and seen["fault"]["had_effect"] is True


def test_vectors_3_10_table_faults_do_not_reach_the_model_and_this_is_said(scene: Scene) -> None:
    result = cosim(scene.tsm, "--inject", "table:1:21", code=MISMATCH)
    assert "model" in result["decoders"] and "model" not in result["fault"]["given_to"]
    assert "cycle" in result["fault"]["given_to"]
    text = call("cosim", scene.tsm, "--inject", "table:1:21").stdout.decode()
    assert "given to cycle" in text and "not to model" in text
    assert "model" in cosim(scene.tsm, "--inject", "symbols:0:5", code=MISMATCH)["fault"]["given_to"]


@pytest.mark.parametrize(
    ("options", "fault", "says"),
    [
        pytest.param([], "5@symbols:0:5", "there is no symbol bit 5 of stream 0: tensors are 0..0, not 5", id="3_8"),
        pytest.param([], "symbols:4:5", "tensor 0 'v': it has streams 0..3", id="3_9_stream"),
        pytest.param([], "offsets:0:999999", "stream 0 has offset bits 0..", id="3_9_bit"),
        pytest.param([], "table:0:32", "of bits 0..31", id="3_9_table_bit"),
        pytest.param([], "table:99999:1", "its table has words 0..", id="3_9_address"),
        pytest.param(["--coding", "raw"], "symbols:0:5", "stream 0 has no symbol words: it is coded raw", id="3_6"),
        pytest.param(["--coding", "tans"], "offsets:0:5", "no offset words: it is coded tans", id="3_6_offsets"),
        pytest.param(["--coding", "apack-ac"], "table:0:1", "out of order", id="3_9_counts"),
        pytest.param([], "symbols:1", "take table:ADDRESS:BIT", id="form"),
    ],
)
def test_vectors_3_6_and_on_a_fault_that_cannot_be_says_what_can(
    options: list[object], fault: str, says: str, scene: Scene
) -> None:
    done = call("cosim", scene.npy, "--lanes", 4, *options, "--inject", fault)
    assert done.code == USAGE, done
    assert says in done.line


def test_vectors_3_6_many_lanes_leave_little_to_code(tmp_path: Path) -> None:
    """What is stored raw because of its many streams has no symbol words."""
    np.save(tmp_path / "x.npy", np.arange(120, dtype=np.uint8))
    done = call("cosim", tmp_path / "x.npy", "--lanes", 64, "--inject", "symbols:0:5")
    assert done.code == USAGE and "it is coded raw" in done.line


def test_vectors_3_5_a_wave_that_cannot_be_written_is_an_error_before_the_run(scene: Scene, tmp_path: Path) -> None:
    for wave in ("/nonexistent/x.fst", scene.folder):
        for verb in (["cosim", "--inject", "symbols:0:5"], ["sim", "--against-rtl"]):
            done = call(verb[0], scene.tsm, *verb[1:], "--wave", wave)
            if "without Verilator" in done.said.decode():
                pytest.skip("transom is built without Verilator")
            assert done.code == BAD_DATA and str(wave) in done.line and done.stdout == b""
    wave = tmp_path / "x.fst"
    result = cosim(scene.tsm, "--inject", "symbols:0:5", "--wave", wave, code=MISMATCH)
    assert any(str(wave) in finding for finding in result["findings"]) and wave.stat().st_size > 100


def test_vectors_3_7_lanes_of_rans_show_the_rate_that_rates_shows(scene: Scene) -> None:
    whole = json.loads(call("rates", scene.npy, "--coding", "rans", "--lanes", 4, "--seeds", 0, "--json").stdout)
    rate = whole["lines"][0]["values_per_cycle_per_lane_loads_counted"]
    of_lanes = cosim(scene.npy, "--coding", "rans", "--lanes", 4, code=FINE)["total"]["values_per_cycle_per_lane"]
    assert rate > 0.5 and abs(of_lanes - rate) < 0.05 * rate
    assert b"want two each" in call("cosim", "--help").stdout


def test_vectors_3_11_an_index_is_that_of_a_stream(scene: Scene) -> None:
    findings = cosim(scene.tsm, "--inject", "symbols:2:700", code=MISMATCH)["findings"]
    (model,) = [finding for finding in findings if "': model: " in finding]
    (cycle,) = [finding for finding in findings if "': cycle: " in finding]
    stream, index, value = numbers(model)
    assert stream == 2 and f"stream {stream}, index " in cycle
    assert value == 4 * index + stream  # four streams, chunks of one value


def numbers(finding: str) -> tuple[int, int, int]:
    words = finding.replace(",", " ").split()
    stream, index, value = (int(words[words.index(word) + 1]) for word in ("stream", "index", "value"))
    return stream, index, value


@pytest.mark.parametrize("window", ["0", "1000001", "-1", "x"])
def test_vectors_3_12_a_window_of_no_cycles_is_refused(window: str, scene: Scene, tmp_path: Path) -> None:
    options = ["--wave", tmp_path / "x.fst", f"--wave-window={window}"]
    done = call("cosim", scene.tsm, *options)
    assert done.code == USAGE and "--wave-window" in done.line
    assert call("cosim", scene.tsm, "--wave-window", 9).code == USAGE  # without --wave


def test_vectors_3_13_limits_of_rhythms_and_faults_are_in_the_help() -> None:
    text = " ".join(call("cosim", "--help").stdout.decode().split())
    for words in ("N 1..999", "P 0..95", "ADDRESS 0..2^R-1", "BIT 0..31", "STREAM from 0", "1..1000000"):
        assert words in text
    for rhythm in ("every:0", "every:1000", "random:96"):
        done = call("cosim", TRACE, "--values", rhythm)
        assert done.code == USAGE and (".." in done.line)


def test_vectors_3_15_a_file_of_another_kind_is_said_to_be_that(scene: Scene) -> None:
    for verb in (["info"], ["cosim"], ["decode", "-o", scene.folder / "out"]):
        for source, kind in [(scene.npy, "it is a .npy array"), (scene.side, "it is JSON")]:
            path = scene.folder / "kind.tsm"
            shutil.copy(source, path)
            done = call(verb[0], path, *verb[1:])
            assert done.code == BAD_DATA
            assert "kind.tsm: byte 0: magic: this is not a .tsm file; " + kind in done.line


def test_vectors_3_16_a_stream_that_is_missing_is_missed_before_its_side_file(scene: Scene) -> None:
    done = call("convert", scene.folder / "nope", *(str(w).replace("{out}", "/tmp/x") for w in CONVERT_RYG))
    assert done.code == BAD_DATA and "nope:" in done.line and "nope.json" not in done.line


def test_vectors_3_17_a_side_file_of_another_format_is_said_to_be_one(scene: Scene, tmp_path: Path) -> None:
    done = call("convert", scene.ryg, "--from", "ryg-64", "-o", tmp_path / "x", "--to", "tsm")
    assert done.code == BAD_DATA
    assert "field 'format': the stream is 'ryg-byte', read as 'ryg-64'" in done.line


def test_vectors_3_18_a_table_of_ranges_that_is_wrong_for_a_tensor_names_it(tmp_path: Path) -> None:
    folder = tmp_path / "t"
    folder.mkdir()
    np.save(folder / "a.npy", np.arange(50, dtype=np.int8))
    np.save(folder / "b.npy", np.arange(5000, dtype=np.int16))
    assert call("ranges", folder / "a.npy", "-o", tmp_path / "tables").code == FINE
    done = call("ranges", folder, "--table", tmp_path / "tables/000.apack")
    note, line = done.said.decode().splitlines()  # no manifest vouches for the files
    assert done.code == BAD_DATA and "manifest.json" in note
    assert "tensor 'b': " in line and "000.apack" in line


@pytest.mark.parametrize("verb", ["ranges", "rates"])
def test_reliability_11_names_are_printed_without_their_escapes(verb: str, scene: Scene) -> None:
    folder = scene.named(scene.folder / "escapes", "\x1b[31mred\nline\u009b é")
    options: list[object] = [] if verb == "ranges" else ["--coding", "apack-tans", "--lanes", 4, "--seeds", 0]
    done = call(verb, folder, *options)
    assert done.code == FINE and b"\x1b" not in done.stdout
    if verb == "ranges":
        assert r"\x1b[31mred\x0aline\xc2\x9b é" in done.stdout.decode()
        tensors = json.loads(call(verb, folder, "--json").stdout)["tensors"]
        assert tensors[0]["name"] == r"\x1b[31mred\x0aline\xc2\x9b é"


def test_reliability_11_a_long_name_is_cut_between_its_characters(scene: Scene) -> None:
    for name in (60 * "é", "a" + 60 * "é"):
        done = call("cosim", scene.named(scene.folder / "long", name), "--lanes", 4)
        (line,) = [line for line in done.stdout.decode().splitlines() if "..." in line]
        assert done.code == FINE and name.startswith(line.split("...")[0]) and line.count("é") == 18


@pytest.mark.parametrize("verb", [verb for verb in ("encode", "cosim", "sim", "ports") if verb in VERBS])
def test_reliability_6_a_name_that_no_container_takes_is_refused_with_its_file(
    verb: str, scene: Scene, tmp_path: Path
) -> None:
    folder = scene.named(tmp_path / "in", "a\nb")
    output = ["-o", tmp_path / "out"] if verb in ("encode", "ports") else []
    done = call(verb, folder, *output)
    assert done.code == BAD_DATA and str(folder) in done.line
    assert r"tensor 0: name: 'a\x0ab' is not printable UTF-8; rename it" in done.line
    assert not (tmp_path / "out").exists()
