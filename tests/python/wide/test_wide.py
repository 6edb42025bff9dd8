"""The wide unit from outside: encode, decode, info and sim of containers of version 2.

Runs TRANSOM_BUILD/transom as a process.
"""
# SPDX-License-Identifier: Apache-2.0

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from program import BAD_DATA, BUILD, FINE, TRACE, USAGE, recorded_traces, run, transom

WIDE = ["--unit", "wide", "--lanes", 16]
MEMORY = ["--bus-bits", 128, "--mem-bytes-per-cycle", 16, "--mem-latency", 100]


def sim(what: Path, *options: object) -> dict[str, Any]:
    result: dict[str, Any] = json.loads(transom("sim", what, *options, "--json").stdout)
    assert result["mismatches"] == 0
    return result


@pytest.fixture(scope="module")
def container(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("wide") / "a.tsm"
    transom("encode", TRACE, *WIDE, "-o", file)
    return file


def test_a_container_of_version_2_is_decoded_as_any_other(container: Path, tmp_path: Path) -> None:
    transom("encode", TRACE, "-o", tmp_path / "one.tsm")
    transom("decode", container, "-o", tmp_path / "two")
    transom("decode", tmp_path / "one.tsm", "-o", tmp_path / "one")
    files = sorted(path.name for path in (tmp_path / "one").glob("*.npy"))
    assert len(files) == 12
    for name in files:
        assert np.array_equal(np.load(tmp_path / "one" / name), np.load(tmp_path / "two" / name))


def test_info_counts_every_byte_of_version_2(container: Path) -> None:
    info = json.loads(transom("info", container, "--json").stdout)
    assert info["version"] == 2
    assert {tensor["coding"] for tensor in info["tensors"]} == {"raw", "apack-nrans"}
    assert 64 + 4 + sum(tensor["bytes"]["total"] for tensor in info["tensors"]) == container.stat().st_size


def test_a_unit_decodes_its_container_and_the_trace_alike(container: Path) -> None:
    of_file, of_trace = sim(container), sim(TRACE, *WIDE)
    assert of_file["unit"]["kind"] == "wide" and of_file["unit"]["lanes"] == 16
    assert of_file == {**of_trace, "trace": of_file["trace"]}
    stalls = of_trace["stalls"]
    assert set(stalls) == {"fill", "words", "router", "consumer", "parse", "drain"}
    assert 0 < sum(stalls.values()) < of_trace["cycles"]
    assert sum(layer["values"] for layer in of_trace["layers"]) == of_trace["values"] == 114392
    assert abs(of_trace["loosely_timed"]["error"]) < 0.001
    # All that is read of a tensor is its record; whole beats of the section in all.
    read = sum(layer["bytes_read"] for layer in of_trace["layers"])
    assert read <= of_trace["bytes_read"] < read + of_trace["unit"]["bus_bits"] / 8


def test_lanes_of_tans_have_tables_that_are_built(tmp_path: Path) -> None:
    options = [*WIDE, "--coding", "apack-tans"]
    file = tmp_path / "tans.tsm"
    transom("encode", TRACE, *options, "-o", file)
    info = json.loads(transom("info", file, "--json").stdout)
    coded = [tensor for tensor in info["tensors"] if tensor["coding"] != "raw"]
    assert {(tensor["coding"], tensor["spread"]) for tensor in coded} == {("apack-tans", "step")}
    assert max(tensor["table_log"] for tensor in coded) == 8
    of_file, of_trace = sim(file), sim(TRACE, *options)
    assert of_file["unit"]["lane_kind"] == "tans"
    assert of_file == {**of_trace, "trace": of_file["trace"]}
    # The step spread and 8 bits for R cost little against narrow rANS with up to 12.
    assert of_trace["bytes_read"] < 1.01 * sim(TRACE, *WIDE)["bytes_read"]


def test_surroundings_change_the_cycles_and_no_value() -> None:
    ample = sim(TRACE, *WIDE)
    starved = sim(TRACE, *WIDE, "--mem-bytes-per-cycle", 1.7, "--mem-latency", 60, "--mem-outstanding", 2)
    slow = sim(TRACE, *WIDE, "--consumer-values-per-cycle", 2.3)
    paused = sim(TRACE, *WIDE, "--pause", 20, "--seed", 3)
    assert ample["cycles"] < min(starved["cycles"], slow["cycles"], paused["cycles"])
    assert starved["stalls"]["words"] > 0.5 * starved["cycles"]
    assert slow["stalls"]["consumer"] > 0.5 * slow["cycles"]
    assert sim(TRACE, *WIDE, "--halves", 8)["stalls"]["router"] > ample["stalls"]["router"]


def test_the_rtl_takes_the_same_cycles_as_its_cycle_model() -> None:
    unit = ["--unit", "wide", "--lanes", 4, "--bus-bits", 64, "--halves", 8, "--fifo-beats", 32]
    done = run(BUILD / "transom", "sim", TRACE, *unit, "--against-rtl", "--mem-latency", 9, "--pause", 10, "--json")
    if "without Verilator" in done.stderr:
        pytest.skip("transom is built without Verilator")
    assert done.returncode == FINE, f"{done.stdout}\n{done.stderr}"
    result = json.loads(done.stdout)
    assert result["mismatches"] == 0 and result["rtl"]["cycles"] == result["cycles"]


def test_bytes_and_cycles_are_goals_of_a_plan() -> None:
    both, fewest_bytes, cycles = (
        sim(TRACE, *WIDE, *MEMORY, *goal) for goal in ([], ["--for-unit", "bytes"], ["--for-unit", "cycles"])
    )
    assert fewest_bytes["bytes_read"] <= min(both["bytes_read"], cycles["bytes_read"])
    assert cycles["cycles"] <= 1.01 * min(both["cycles"], fewest_bytes["cycles"])


def test_what_no_wide_unit_can_be_is_refused(container: Path, tmp_path: Path) -> None:
    refused: list[tuple[list[object], str]] = [
        (["--unit", "wide", "--lanes", 6], "6 lanes, not a power of two, 4..128"),
        ([*WIDE, "--halves", 24], "24 halfwords of the window, not a power of two"),
        ([*WIDE, "--fifo-beats", 48], "not a power of two"),
        ([*WIDE, "--chunk", 2], "a value of each stream at a time"),
        ([*WIDE, "--coding", "tans"], "decodes apack-nrans"),
        ([*WIDE, "--coding", "apack-tans", "--spread", "tuned"], "in the step spread"),
        ([*WIDE, "--coding", "apack-tans", "--table-log", 9], "lanes in lockstep have up to 8 for apack-tans, not 9"),
        ([*WIDE, "--value-beats", 4], "decodes apack-nrans"),
        ([*WIDE, "--for-unit", "file"], "take bytes, or cycles"),
        (["--halves", 16], "it is for --unit wide"),
    ]
    for wrong, why in refused:
        assert why in transom("sim", TRACE, *wrong, code=USAGE).stderr, wrong
    assert "16 streams are over the unit's 8 lanes" in transom("sim", container, "--lanes", 8, code=USAGE).stderr
    transom("encode", TRACE, "-o", tmp_path / "tans.tsm")
    assert "step spread alone" in transom("sim", tmp_path / "tans.tsm", "--unit", "wide", code=USAGE).stderr


def test_a_damaged_record_is_named(container: Path, tmp_path: Path) -> None:
    data = bytearray(container.read_bytes())
    data[200] ^= 4
    (tmp_path / "bad.tsm").write_bytes(data)
    for verb in (["info"], ["sim"], ["decode", "-o", tmp_path / "out"]):
        told = transom(verb[0], tmp_path / "bad.tsm", *verb[1:], code=BAD_DATA).stderr
        assert "bad.tsm: byte " in told and "tensor 1 'conv2/weights'" in told and "record: it was changed" in told


@pytest.mark.parametrize(("network", "least"), [("ad01_autoencoder_int8", 1.25), ("dscnn_kws_int8", 1.25)])
def test_recorded_networks_are_faster_than_raw_ones(network: str, least: float) -> None:
    traces = [trace for trace in recorded_traces() if trace.name == network]
    if not traces:
        pytest.skip(f"no recorded trace {network}")
    result = sim(traces[0], "--unit", "wide", "--lanes", 32, *MEMORY)
    assert result["gain"] >= least
    for layer in result["layers"]:
        gain = layer["raw_bytes"] / 16 / layer["cycles"]
        assert layer["values"] < 65_000 or gain >= 0.95 * layer["raw_over_read"], layer["name"]


@pytest.mark.parametrize("coding", ["apack-nrans", "apack-tans"])
@pytest.mark.parametrize("network", ["dscnn_kws_int8", "resnet8_cifar10_int8"])
def test_lanes_hardly_rest_over_a_whole_recorded_network(network: str, coding: str) -> None:
    traces = [trace for trace in recorded_traces() if trace.name == network]
    if not traces:
        pytest.skip(f"no recorded trace {network}")
    ample = ["--unit", "wide", "--lanes", 16, "--bus-bits", 512, "--halves", 32]
    assert sim(traces[0], *ample, "--coding", coding)["values_per_cycle"] >= 0.97 * 16
