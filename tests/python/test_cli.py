"""The command line as its users meet it: exit codes, JSON, files in and out, damaged files.

Runs TRANSOM_BUILD/transom as a process.
"""
# SPDX-License-Identifier: Apache-2.0

import json
import random
import resource
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from program import BAD_DATA, BUILD, FINE, MISMATCH, TRACE, USAGE, recorded_traces, run, transom

CODINGS = ["raw", "tans", "rans", "apack-tans", "apack-rans", "apack-ac", "apack-tans-pair", "apack-nrans"]
WITH_RTL = CODINGS[:-1]  # narrow rANS has no lane in rtl/ yet
TURNS = ["rans", "apack-rans", "apack-ac"]  # two streams of a lane step in turn


@pytest.fixture(scope="module")
def container(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("tsm") / "digits.tsm"
    transom("encode", TRACE, "-o", path)
    return path


@pytest.mark.parametrize("coding", CODINGS)
def test_a_trace_survives_encode_and_decode(coding: str, tmp_path: Path) -> None:
    transom("encode", TRACE, "-o", tmp_path / "a.tsm", "--coding", coding, "--streams", 3, "--chunk", 5)
    transom("decode", tmp_path / "a.tsm", "-o", tmp_path / "out")
    before = json.loads((TRACE / "manifest.json").read_text())["tensors"]
    after = json.loads((tmp_path / "out/manifest.json").read_text())["tensors"]
    assert [t["name"] for t in after] == [t["name"] for t in before]
    for old, new in zip(before, after, strict=True):
        a, b = np.load(TRACE / old["file"]), np.load(tmp_path / "out" / new["file"])
        assert a.dtype == b.dtype and old["bits"] == new["bits"]
        np.testing.assert_array_equal(a, b)


def test_npy_and_npz_are_traces(tmp_path: Path) -> None:
    arrays: dict[str, NDArray[Any]] = {"a": np.arange(-50, 50, dtype=np.int16), "b": np.zeros((3, 4), np.uint8)}
    np.save(tmp_path / "a.npy", arrays["a"])
    np.savez(tmp_path / "ab.npz", **arrays)
    np.savez_compressed(tmp_path / "abz.npz", **arrays)
    for name in ["a.npy", "ab.npz", "abz.npz"]:
        transom("encode", tmp_path / name, "-o", tmp_path / "x.tsm")
        transom("decode", tmp_path / "x.tsm", "-o", tmp_path / name.replace(".", "_"))
    for file in (tmp_path / "abz_npz").glob("*.npy"):
        key = next(k for k in arrays if k in file.stem)
        np.testing.assert_array_equal(np.load(file), arrays[key])


def test_every_result_has_a_json_form(container: Path, tmp_path: Path) -> None:
    encoded = json.loads(transom("encode", TRACE, "-o", tmp_path / "j.tsm", "--json").stdout)
    assert encoded["bytes"] == (tmp_path / "j.tsm").stat().st_size
    info = json.loads(transom("info", container, "--json", "--tables").stdout)
    size = 16 + sum(t["bytes"]["total"] for t in info["tensors"])
    assert size == container.stat().st_size
    assert all(sum(r["freq"] for r in t["table"]) == 1 << t["table_log"] for t in info["tensors"])
    decoded = json.loads(transom("decode", container, "-o", tmp_path / "d", "--json").stdout)
    assert decoded["tensors"] == len(info["tensors"])
    vectors = json.loads(transom("vectors", "-o", tmp_path / "v", "--json").stdout)
    assert vectors["valid"] > 20 and vectors["invalid"] > 20


def test_cosim_json_has_the_names_that_stay(container: Path) -> None:
    for what in (TRACE, container):
        result = json.loads(transom("cosim", what, "--json").stdout)
        assert result["mismatches"] == 0
        assert result["decoders"][0] == "model"
        for entry in [result["total"], *result["tensors"]]:
            assert {
                "values", "entropy_bits_per_value", "coded_bits_per_value", "ratio", "cycles",
                "values_per_cycle_per_lane", "stalls",
            } <= set(entry)  # fmt: skip
            if {"systemc", "rtl"} <= set(result["decoders"]):
                assert entry["cycles"]["systemc"] == entry["cycles"]["rtl"]
        assert all("name" in t for t in result["tensors"])
        assert sum(t["values"] for t in result["tensors"]) == result["total"]["values"]


def test_coverage_tells_points_and_holes_by_name(container: Path) -> None:
    run = ("coverage", "--decoders", "cycle", "--units", "lanes", "--kinds", "rans,nrans", "--json")
    closed = json.loads(transom(*run).stdout)
    assert [kind["unit"] for kind in closed["coverage"]] == ["rans", "nrans"]
    for kind in closed["coverage"]:
        assert kind["closed"] and kind["finding"] == "" and kind["hit"] == kind["points"] > 200
    short = transom(*run, "--runs", 9, code=MISMATCH).stdout
    assert short == transom(*run, "--runs", 9, code=MISMATCH).stdout
    assert short != transom(*run, "--runs", 9, "--seed", 2, code=MISMATCH).stdout
    for kind in json.loads(short)["coverage"]:
        assert kind["runs"] == 9 and not kind["closed"]
        assert sum(len(g["holes"]) for g in kind["groups"]) == kind["points"] - kind["hit"] > 0
    counted = json.loads(transom("cosim", container, "--coverage", "--json").stdout)
    assert counted["mismatches"] == 0
    stalls = {g["group"]: g["holes"] for g in counted["coverage"][0]["groups"]}["stalls"]
    assert "cause consumer, load none" in stalls  # nothing stops the values
    pressed = json.loads(transom("cosim", container, "--coverage", "--json", "--values", "every:2").stdout)
    stalls = {g["group"]: g["holes"] for g in pressed["coverage"][0]["groups"]}["stalls"]
    assert "cause consumer, load none" not in stalls


def test_a_seeded_fault_is_named_at_its_first_effect(container: Path, tmp_path: Path) -> None:
    for place in ("table:1:21", "table:0:9", "symbols:2:100", "offsets:1:33"):
        wave = tmp_path / "w.fst"
        wave.unlink(missing_ok=True)
        fault = ("--inject", f"6@{place}", "--wave", wave)
        result = json.loads(transom("cosim", container, *fault, "--json", code=MISMATCH).stdout)
        assert result["mismatches"] > 0
        faulty = [t["name"] for t in result["tensors"] if t["mismatches"]]
        assert faulty == ["conv1"]
        if "rtl" not in result["decoders"]:
            continue
        by_decoder = {d: [f for f in result["findings"] if f": {d}: cycle" in f] for d in ("systemc", "rtl")}
        # both see the same first difference: cycle, job, stream, index, what, want, got
        (systemc,), (rtl,) = by_decoder["systemc"], by_decoder["rtl"]
        assert systemc.replace("systemc", "rtl") == rtl
        if not place.startswith("table"):
            assert f"job 0, stream {place.split(':')[1]}," in rtl
        assert ": want " in rtl and ", got " in rtl
        assert wave.stat().st_size > 100
    transom("cosim", container, "--inject", "table:1", code=USAGE)
    transom("cosim", container, "--inject", "99@table:1:1", code=USAGE)
    transom("cosim", container, "--inject", "symbols:9:1", code=USAGE)


@pytest.mark.parametrize("coding", WITH_RTL)
def test_every_kind_of_lane_decodes_and_finds_a_table_fault(coding: str, tmp_path: Path) -> None:
    transom("encode", TRACE, "-o", tmp_path / "a.tsm", "--coding", coding, "--streams", 8)
    result = json.loads(transom("cosim", tmp_path / "a.tsm", "--json").stdout)
    assert result["mismatches"] == 0
    if {"systemc", "rtl"} <= set(result["decoders"]):
        for tensor in result["tensors"]:
            assert tensor["cycles"]["systemc"] == tensor["cycles"]["rtl"] > 0
            assert (tensor["stalls"]["turn"] > 0) == (tensor["coding"] in TURNS)
    # Counts stay in order, and the first one is 0; elsewhere bit 0 is the symbol's.
    place = "table:1:1" if coding == "apack-ac" else "table:0:0"
    faulty = json.loads(transom("cosim", tmp_path / "a.tsm", "--inject", f"6@{place}", "--json", code=MISMATCH).stdout)
    for decoder in {"systemc", "rtl"} & set(result["decoders"]):
        assert any(f"{decoder}: cycle" in finding for finding in faulty["findings"])


def test_pressure_costs_cycles_and_changes_no_value(container: Path) -> None:
    free = json.loads(transom("cosim", container, "--json").stdout)["total"]
    for port, cause in [
        ("--symbol-words", "symbol_words"),
        ("--offset-words", "offset_words"),
        ("--values", "consumer"),
    ]:
        for rhythm in ("every:7", "random:80"):
            seed = ["--seed", 3] if rhythm.startswith("random") else []
            result = json.loads(transom("cosim", container, port, rhythm, *seed, "--json").stdout)
            assert result["mismatches"] == 0
            assert result["total"]["stalls"][cause] > free["stalls"][cause]
    transom("cosim", container, "--values", "sometimes", code=USAGE)
    transom("cosim", container, "--values", "random:100", code=USAGE)


def test_every_kind_of_lane_sustains_its_rate() -> None:
    result = json.loads(transom("rates", TRACE, "--lanes", "1,16", "--seeds", 1, "--json").stdout)
    assert result["mismatches"] == 0
    assert {line["coding"] for line in result["lines"]} == {c for c in WITH_RTL if c.startswith("apack")}
    for line in result["lines"]:
        least = 1.998 if line["coding"] == "apack-tans-pair" else 0.999
        assert line["values_per_cycle_per_lane"] >= least, line
        assert line["runs_under_pressure"] == 2 and len(set(line["cycles"].values())) == 1


@pytest.mark.parametrize("decoder", ["model", "systemc", "rtl", "cuda"])
def test_every_decoder_writes_the_same_trace(decoder: str, container: Path, tmp_path: Path) -> None:
    built = json.loads(transom("cosim", container, "--json").stdout)["decoders"]
    if decoder not in built:
        transom("decode", container, "-o", tmp_path / "out", "--decoder", decoder, code=USAGE)
        pytest.skip(f"no {decoder} decoder here")
    transom("decode", container, "-o", tmp_path / "out", "--decoder", decoder)
    recorded = json.loads((TRACE / "manifest.json").read_text())["tensors"]
    for tensor in json.loads((tmp_path / "out/manifest.json").read_text())["tensors"]:
        (old,) = [t for t in recorded if t["name"] == tensor["name"]]
        np.testing.assert_array_equal(np.load(TRACE / old["file"]), np.load(tmp_path / "out" / tensor["file"]))


def test_help_teaches_and_usage_errors_are_2(tmp_path: Path) -> None:
    assert "cosim" in transom("--help").stdout
    for verb in ["encode", "decode", "info", "cosim", "sim", "vectors"]:
        assert "--json" in transom(verb, "--help").stdout
    transom(code=USAGE)
    transom("frobnicate", code=USAGE)
    transom("encode", TRACE, code=USAGE)
    transom("encode", TRACE, "-o", tmp_path / "x", "--streams", 0, code=USAGE)
    transom("encode", TRACE, "-o", tmp_path / "x", "--coding", "zip", code=USAGE)
    error = transom("encode", TRACE, "-o", tmp_path / "x", "--coding", "apack-ac", "--table-log", 9, code=USAGE)
    assert "apack-ac takes 10..10" in error.stderr


def test_bad_data_is_3_and_names_the_file(tmp_path: Path) -> None:
    for verb in (["info"], ["cosim"], ["decode", "-o", tmp_path / "o"]):
        missing = transom(*verb[:1], tmp_path / "no.tsm", *verb[1:], code=BAD_DATA)
        assert "no.tsm" in missing.stderr
    (tmp_path / "text.tsm").write_text("this is not a container")
    assert "magic" in transom("info", tmp_path / "text.tsm", code=BAD_DATA).stderr
    (tmp_path / "cut.npy").write_bytes((TRACE / "005_a_input.npy").read_bytes()[:200])
    assert "cut.npy" in transom("encode", tmp_path / "cut.npy", "-o", tmp_path / "x", code=BAD_DATA).stderr
    transom("encode", tmp_path, "-o", tmp_path / "x", code=BAD_DATA)
    assert not (tmp_path / "o").exists()


def limited() -> None:
    """Half a gigabyte of address space: more than any file here explains."""
    resource.setrlimit(resource.RLIMIT_AS, (1 << 29, 1 << 29))


def test_damaged_containers_give_exit_3_or_the_right_values(tmp_path: Path) -> None:
    values = np.arange(300, dtype=np.uint8) // 9
    np.save(tmp_path / "v.npy", values)
    transom("encode", tmp_path / "v.npy", "-o", tmp_path / "v.tsm", "--streams", 2)
    good = (tmp_path / "v.tsm").read_bytes()
    draw = random.Random(5)
    cases = [good[:n] for n in range(0, len(good), 3)]
    for _ in range(80):
        bad = bytearray(good)
        for _ in range(draw.randint(1, 3)):
            bad[draw.randrange(len(bad))] ^= 1 << draw.randrange(8)
        cases.append(bytes(bad))
    for i, case in enumerate(cases):
        (tmp_path / "bad.tsm").write_bytes(case)
        call = [BUILD / "transom", "decode", tmp_path / "bad.tsm", "-o", tmp_path / f"out{i}"]
        done = run(*call, seconds=20, preexec_fn=limited)
        assert done.returncode in (FINE, BAD_DATA), done.stderr
        if done.returncode == FINE:
            (file,) = (tmp_path / f"out{i}").glob("*.npy")
            np.testing.assert_array_equal(np.load(file), values)
        else:
            assert "bad.tsm" in done.stderr


@pytest.mark.parametrize("coding", WITH_RTL)
def test_every_recorded_trace_in_lockstep(coding: str) -> None:
    for folder in recorded_traces():
        result = json.loads(transom("cosim", folder, "--coding", coding, "--lanes", 4, "--json").stdout)
        assert result["mismatches"] == 0, result["findings"]
        for tensor in result["tensors"]:
            assert len(set(tensor["cycles"].values())) <= 1, tensor["name"]
            assert tensor["coded_bytes"] <= tensor["raw_bytes"] + 64, tensor["name"]


def test_narrow_rans_is_within_three_in_a_thousand_of_tans(tmp_path: Path) -> None:
    out = tmp_path / "t.tsm"
    for folder in recorded_traces():
        size = {}
        for coding in ("apack-tans", "apack-nrans"):
            transom("encode", folder, "-o", out, "--coding", coding, "--table-log", 10, "--streams", 16)
            size[coding] = out.stat().st_size
        assert size["apack-tans"] < size["apack-nrans"] <= 1.003 * size["apack-tans"], folder.name


def test_every_recorded_trace_survives_every_coding(tmp_path: Path) -> None:
    for folder in recorded_traces():
        manifest = json.loads((folder / "manifest.json").read_text())["tensors"]
        for coding in CODINGS:
            transom("encode", folder, "-o", tmp_path / "t.tsm", "--coding", coding, "--streams", 16)
            info = json.loads(transom("info", tmp_path / "t.tsm", "--json").stdout)["tensors"]
            for tensor in info:
                coded = tensor["bytes"]["total"] - tensor["bytes"]["name"]
                assert coded <= tensor["raw_bytes"] + 64, tensor["name"]
            out = tmp_path / f"{folder.name}_{coding}"
            transom("decode", tmp_path / "t.tsm", "-o", out)
            files = json.loads((out / "manifest.json").read_text())["tensors"]
            for old, new in zip(manifest, files, strict=True):
                np.testing.assert_array_equal(np.load(folder / old["file"]), np.load(out / new["file"]))
