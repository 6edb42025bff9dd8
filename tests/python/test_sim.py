"""transom sim from outside: a unit behind a memory and before a consumer, and what is told of it.

Runs TRANSOM_BUILD/transom as a process.
"""
# SPDX-License-Identifier: Apache-2.0

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from program import BAD_DATA, BUILD, FINE, TRACE, USAGE, recorded_traces, run, transom

WITH_RTL = ["apack-tans", "apack-rans", "apack-ac", "apack-tans-pair"]
APACK = [*WITH_RTL, "apack-nrans"]  # which has no lane in rtl/ yet
STARVED = ["--mem-bytes-per-cycle", 1.7, "--mem-latency", 60, "--mem-more-latency", 9, "--mem-outstanding", 2]
SLOW_CONSUMER = ["--consumer-values-per-cycle", 2.3, "--consumer-burst", 50]


def sim(what: Path, *options: object) -> dict[str, Any]:
    """What `transom sim --json` says of a trace or a container."""
    result: dict[str, Any] = json.loads(transom("sim", what, *options, "--json").stdout)
    return result


def sim_against_rtl(what: Path, *options: object) -> dict[str, Any]:
    """The same with the RTL beside; the test is skipped where there is none."""
    done = run(BUILD / "transom", "sim", what, "--against-rtl", *options, "--json")
    if "without Verilator" in done.stderr:
        pytest.skip("transom is built without Verilator")
    assert done.returncode == FINE, f"{done.stdout}\n{done.stderr}"
    result: dict[str, Any] = json.loads(done.stdout)
    return result


@pytest.mark.parametrize("coding", APACK)
def test_the_unit_decodes_out_of_a_memory(coding: str) -> None:
    unit = ["--coding", coding, "--lanes", 4]
    ample, starved = sim(TRACE, *unit), sim(TRACE, *unit, *STARVED)
    assert ample["mismatches"] == starved["mismatches"] == 0
    assert ample["values"] == starved["values"] == 114392
    assert ample["cycles"] < starved["cycles"]
    # The loosely timed view sees the same memory.
    assert all(abs(result["loosely_timed"]["error"]) < 0.02 for result in (ample, starved))
    assert starved["bytes_read_per_cycle"] <= 1.7 and starved["memory"]["bytes_per_cycle"] == 1.7
    # Too few bytes a cycle: what coding saves is gained, less the tables, which are read as well.
    assert 0.8 < starved["gain"] < starved["ratio"]
    paused = sim(TRACE, *unit, "--pause", 20, "--seed", 3)
    assert paused["mismatches"] == 0 and paused["cycles"] > ample["cycles"]


def test_a_consumer_that_is_slow_sets_the_pace() -> None:
    result = sim(TRACE, *SLOW_CONSUMER)
    assert 2.2 < result["values_per_cycle"] <= 2.3 * 1.001
    assert result["stall_fractions"]["consumer"] > 0.3
    assert abs(result["loosely_timed"]["error"]) < 0.02
    assert result["consumer"] == {"values_per_cycle": 2.3, "burst": 50}


def test_sim_json_has_the_names_that_stay() -> None:
    result = sim(TRACE, "--lanes", 3, "--table-log", 9, "--time")
    assert {
        "trace", "coding", "unit", "memory", "consumer", "tensors", "stored_raw", "values", "raw_bytes", "file_bytes",
        "ratio", "table_bits", "table_bits_all_ports", "cycles", "values_per_cycle", "of_peak", "bytes_read",
        "raw_over_read", "raw_bytes_out_per_cycle", "bytes_read_per_cycle", "read_bus_use", "raw_cycles", "gain",
        "first_value_cycle", "roofline", "stalls", "stall_fractions", "layers", "loosely_timed", "mismatches",
    } == set(result)  # fmt: skip
    causes = {"fill", "symbol_words", "offset_words", "consumer", "turn", "idle"}
    assert set(result["unit"]) == {
        "kind", "lanes", "streams", "table_log", "max_rows", "bus_bits", "burst_beats", "outstanding", "fifo_beats",
        "fifo_bytes", "value_beats", "value_fifo_bytes",
    }  # fmt: skip
    assert set(result["memory"]) == {"bytes_per_cycle", "latency", "more_latency", "outstanding", "pause", "seed"}
    assert set(result["stalls"]) == set(result["stall_fractions"]) == causes
    assert result["trace"] == "digits_cnn_int8" and result["coding"] == "apack-tans"
    assert result["unit"]["table_log"] == 9 and result["unit"]["bus_bits"] == 64
    assert result["table_bits"] == 2 * (512 * (4 + 4 + 9) + 16 * 21)
    assert result["table_bits_all_ports"] == 3 * result["table_bits"]
    assert result["unit"]["fifo_bytes"] == 7 * 32 * 8 and result["unit"]["value_fifo_bytes"] == 3 * 8 * 2
    assert len(result["layers"]) == result["tensors"] == 12
    assert sum(layer["values"] for layer in result["layers"]) == result["values"]
    assert result["cycles"] - 40 < sum(layer["cycles"] for layer in result["layers"]) <= result["cycles"]
    for cause in causes:
        assert sum(layer["stalls"][cause] for layer in result["layers"]) <= result["stalls"][cause]
    for layer in result["layers"]:
        assert set(layer) == {
            "name", "coding", "table_log", "rows", "streams", "values", "bits", "raw_bytes", "bytes_read", "ratio",
            "raw_over_read", "first_value_cycle", "last_value_cycle", "cycles", "values_per_cycle", "gain",
            "stalls",
        }  # fmt: skip
        assert set(layer["stalls"]) == causes
    assert set(result["loosely_timed"]) == {
        "cycles", "error", "values_per_second", "golden_values_per_second", "speed",
    }  # fmt: skip
    again = sim(TRACE, "--lanes", 3, "--table-log", 9, "--no-lt")
    assert "loosely_timed" not in again
    assert again == {key: result[key] for key in again}
    text = transom("sim", TRACE, "--lanes", 3).stdout
    assert "conv2/weights" in text and text.endswith("0 mismatches\n")


IN_DRAM = ["--mem-bytes-per-cycle", 12.8, "--mem-latency", 60, "--no-lt"]


def test_the_yardstick_of_the_gain_is_the_memory_alone() -> None:
    """Reading raw at the memory's full bandwidth, whatever bus, bursts and FIFOs the unit has."""
    units: list[list[object]] = [
        ["--bus-bits", 64], ["--bus-bits", 128], ["--bus-bits", 512], ["--bus-bits", 128, "--burst-beats", 2],
        ["--bus-bits", 128, "--burst-beats", 8, "--fifo-beats", 16],
    ]  # fmt: skip
    results = [sim(TRACE, "--lanes", 16, *unit, *IN_DRAM) for unit in units]
    for result in results:
        assert result["raw_cycles"] == -(-result["raw_bytes"] * 10 // 128)
        assert result["gain"] == pytest.approx(result["raw_cycles"] / result["cycles"])
        assert result["memory"]["bytes_per_cycle"] == 12.8
        for layer in result["layers"]:
            assert layer["gain"] == pytest.approx(-(-layer["raw_bytes"] * 10 // 128) / layer["cycles"])
    by_cycles = sorted(results, key=lambda result: result["cycles"])
    assert [r["gain"] for r in by_cycles] == sorted((r["gain"] for r in results), reverse=True)
    # A consumer that takes the values slowly would take raw ones as slowly.
    slow = sim(TRACE, "--lanes", 16, *IN_DRAM, "--consumer-values-per-cycle", 2)
    assert slow["raw_cycles"] == slow["values"] / 2


def test_a_gain_under_one_is_called_a_slowdown() -> None:
    def gain(*options: object) -> str:
        (line,) = [line for line in transom("sim", TRACE, *options).stdout.splitlines() if line.startswith("gain ")]
        return line

    assert "slowdown" in gain("--lanes", 1, *IN_DRAM)
    assert "slowdown" not in gain("--lanes", 16, "--mem-bytes-per-cycle", 2)


@pytest.mark.parametrize("coding", APACK)
def test_what_is_read_is_told_tensor_by_tensor_and_in_all(coding: str) -> None:
    for bus in (64, 512):
        result = sim(TRACE, "--coding", coding, "--lanes", 4, "--bus-bits", bus, *IN_DRAM)
        layers = result["layers"]
        assert sum(layer["bytes_read"] for layer in layers) == result["bytes_read"]
        assert result["bytes_read"] == pytest.approx(result["bytes_read_per_cycle"] * result["cycles"])
        assert sum(layer["raw_bytes"] for layer in layers) == result["raw_bytes"]
        for told in (result, *layers):
            assert told["raw_over_read"] == pytest.approx(told["raw_bytes"] / told["bytes_read"])
        assert all(layer["bytes_read"] % (bus // 8) == 0 for layer in layers)


def test_first_and_last_values_are_told_from_the_start() -> None:
    result = sim(TRACE, "--lanes", 16, *IN_DRAM)
    layers = result["layers"]
    assert layers[0]["first_value_cycle"] == result["first_value_cycle"] > 4 * 60  # four loads come before it
    last = 0
    for layer in layers:
        assert last < layer["first_value_cycle"] <= layer["last_value_cycle"] < result["cycles"]
        assert layer["last_value_cycle"] - last == pytest.approx(layer["cycles"], abs=1 if last else 20)
        last = layer["last_value_cycle"]
    # A MAC array that takes 8 values a cycle sets the time from a layer's first value to its last.
    array = sim(TRACE, "--lanes", 16, "--no-lt", "--consumer-values-per-cycle", 8)["layers"]
    for layer in array:
        assert layer["last_value_cycle"] - layer["first_value_cycle"] >= (layer["values"] - 32) / 8


def test_the_roofline_is_above_every_run_and_says_what_binds() -> None:
    binds = []
    for options in (
        ["--lanes", 1, "--mem-bytes-per-cycle", 16], ["--lanes", 16, "--mem-bytes-per-cycle", 2],
        ["--lanes", 64, "--bus-bits", 512, "--mem-latency", 200], ["--lanes", 4, "--consumer-values-per-cycle", 0.5],
    ):  # fmt: skip
        result = sim(TRACE, "--no-lt", *options)
        roofs = result["roofline"]
        bounds = {name: bound for name, bound in roofs.items() if name not in ("binds", "reached")}
        assert set(bounds) >= {"lanes", "bandwidth", "loads"}
        assert result["values_per_cycle"] <= 1.1 * min(bounds.values())  # the loads' are first order
        assert roofs["reached"] == pytest.approx(result["values_per_cycle"] / min(bounds.values()))
        binds.append(roofs["binds"])
    assert binds == ["lanes", "bandwidth", "loads", "consumer"]


def test_fifos_have_a_depth() -> None:
    """Deeper ones cost bytes and cover latency; the RTL has the parameter, too."""
    shallow, deep = (
        sim(TRACE, "--lanes", 16, "--burst-beats", 8, "--fifo-beats", depth, *IN_DRAM) for depth in (16, 128)
    )
    assert deep["unit"]["fifo_bytes"] == 8 * shallow["unit"]["fifo_bytes"] == 33 * 128 * 16
    assert deep["cycles"] < shallow["cycles"]
    values = [sim(TRACE, "--lanes", 4, "--value-beats", n, *IN_DRAM)["unit"]["value_fifo_bytes"] for n in (2, 64)]
    assert values == [4 * 2 * 2, 4 * 64 * 2]


AGREEING = [
    *((coding, []) for coding in ("apack-rans", "apack-ac", "apack-tans-pair", "tans", "raw")),
    *(("apack-tans", ["--for-unit", goal]) for goal in ("file", "bytes", "cycles")),
    *((coding, ["--for-unit", "bytes"]) for coding in ("apack-rans", "apack-tans-pair")),
]


@pytest.mark.parametrize(("coding", "goal"), AGREEING)
def test_sim_of_a_trace_is_sim_of_what_encode_makes_of_it(coding: str, goal: list[str], tmp_path: Path) -> None:
    """The same plan, raw where raw is chosen, the same cycles: every key."""
    plan = ["--coding", coding, "--lanes", 16, *goal]
    memory = ["--mem-bytes-per-cycle", 12.8, "--mem-latency", 60]
    unit = ["--bus-bits", 256, "--burst-beats", 8, "--fifo-beats", 32, *memory]
    transom("encode", TRACE, "-o", tmp_path / "t.tsm", *plan, *(unit if goal and goal[1] != "file" else []))
    of_trace = sim(TRACE, *plan, *unit, "--no-lt")
    of_file = sim(tmp_path / "t.tsm", "--lanes", 16, *unit, "--no-lt")
    name = {"trace": "digits_cnn_int8"}
    assert of_file | name == of_trace
    stored_raw = [layer["coding"] for layer in of_trace["layers"]].count("raw")
    assert of_trace["stored_raw"] == stored_raw
    assert (stored_raw > 0) == (coding == "raw" or "file" in goal)


def test_a_plan_with_raw_tensors_is_that_of_encode_for_streams(tmp_path: Path) -> None:
    """What --streams codes may be stored raw, which tANS lanes decode and others do not."""
    transom("encode", TRACE, "-o", tmp_path / "t.tsm", "--streams", 4)
    of_file = sim(tmp_path / "t.tsm")
    assert of_file["stored_raw"] > 0
    assert of_file | {"trace": "digits_cnn_int8"} == sim(TRACE, "--lanes", 4, "--for-unit", "file")
    # A raw tensor lies flat: a value a cycle, whatever the lanes.
    raw = next(layer for layer in of_file["layers"] if layer["coding"] == "raw" and layer["values"] > 1000)
    assert raw["values"] <= raw["last_value_cycle"] - raw["first_value_cycle"] + 1
    refused = transom("sim", TRACE, "--coding", "apack-rans", "--for-unit", "file", code=USAGE)
    assert "raw is for lanes of another kind" in refused.stderr


def test_lanes_and_streams_of_a_container_are_told_apart(tmp_path: Path) -> None:
    np.save(tmp_path / "v.npy", np.arange(4000, dtype=np.int16) % 37)
    transom("encode", tmp_path / "v.npy", "-o", tmp_path / "v.tsm", "--coding", "rans", "--streams", 10)
    of_trace = sim(tmp_path / "v.npy", "--coding", "rans", "--lanes", 5)
    assert of_trace["unit"]["kind"] == "rans" and of_trace["unit"]["streams"] == 10
    assert sim(tmp_path / "v.tsm") == of_trace
    assert sim(tmp_path / "v.tsm", "--lanes", 8)["unit"]["lanes"] == 8
    wrong = transom("sim", tmp_path / "v.tsm", "--lanes", 4, code=USAGE)
    assert "'v'" in wrong.stderr and "10 streams are over the unit's 8 streams" in wrong.stderr


def test_a_plan_for_a_unit_reads_less_and_takes_fewer_cycles() -> None:
    slow = ["--lanes", 32, "--bus-bits", 128, "--mem-bytes-per-cycle", 16, "--mem-latency", 100, "--no-lt"]
    plans = {goal: sim(TRACE, *slow, *(["--for-unit", goal] if goal else [])) for goal in ("", "bytes", "cycles")}
    assert plans["bytes"]["bytes_read"] < 0.95 * plans[""]["bytes_read"]
    assert plans["bytes"]["bytes_read"] <= plans["cycles"]["bytes_read"]
    assert plans["cycles"]["cycles"] < 0.95 * plans[""]["cycles"]
    assert all(plan["mismatches"] == 0 for plan in plans.values())
    small = next(layer for layer in plans["bytes"]["layers"] if layer["values"] == 72)
    assert small["streams"] < 32  # its descriptor takes longer than its values
    assert all(layer["coding"] != "raw" for goal in ("bytes", "cycles") for layer in plans[goal]["layers"])


@pytest.mark.parametrize(("coding", "lanes"), [*((coding, 4) for coding in WITH_RTL), ("apack-tans", 16)])
def test_the_rtl_takes_the_same_cycles_as_its_cycle_model(coding: str, lanes: int, tmp_path: Path) -> None:
    for pressure in ([], [*STARVED, *SLOW_CONSUMER]):
        result = sim_against_rtl(TRACE, "--coding", coding, "--lanes", lanes, *pressure)
        assert result["mismatches"] == 0, result["findings"]
        assert result["rtl"]["cycles"] == result["cycles"]
    transom("sim", TRACE, "--wave", tmp_path / "w.fst", code=USAGE)
    np.save(tmp_path / "v.npy", np.arange(40, dtype=np.int8))
    sim(tmp_path / "v.npy", "--against-rtl", "--wave", tmp_path / "w.fst")
    assert (tmp_path / "w.fst").stat().st_size > 100


def test_a_shape_of_the_rtl_is_built_when_it_is_asked_for() -> None:
    result = sim_against_rtl(TRACE, "--lanes", 3, "--bus-bits", 64)
    assert result["mismatches"] == 0, result["findings"]
    assert result["rtl"]["cycles"] == result["cycles"]
    assert list((BUILD / "shapes").glob("decoder_axi_tans_3_*/*.so"))


def test_the_rtl_takes_the_same_cycles_on_a_recorded_trace() -> None:
    (trace,) = [folder for folder in recorded_traces() if folder.name == "dscnn_kws_int8"]
    for pressure in ([], [*STARVED, *SLOW_CONSUMER]):
        result = sim_against_rtl(trace, *pressure)
        assert result["rtl"]["cycles"] == result["cycles"]


def test_sim_refuses_units_that_cannot_be(tmp_path: Path) -> None:
    refused: list[tuple[list[object], str]] = [
        (["--lanes", 65], "65 lanes, not 1..64"),
        (["--bus-bits", 100], "not 64, 128, 256 or 512"),
        (["--burst-beats", 3], "not a power of two"),
        (["--fifo-beats", 16], "two bursts or more"),
        (["--fifo-beats", 48], "not a power of two"),
        (["--fifo-beats", 2048], "4 to 1024"),
        (["--value-beats", 3], "not a power of two"),
        (["--burst-beats", 128, "--bus-bits", 512], "at most 4096 bytes"),
        (["--mem-outstanding", 129], "1 to 128"),
        (["--coding", "apack-rans", "--table-log", 13], "take 4..12"),
        (["--coding", "apack-ac", "--table-log", 9], "apack-ac takes 10..10"),
        (["--time", "--no-lt"], "excludes"),
    ]
    for wrong, why in refused:
        assert why in transom("sim", TRACE, *wrong, code=USAGE).stderr, wrong
    assert "no.tsm" in transom("sim", tmp_path / "no.tsm", code=BAD_DATA).stderr
    np.save(tmp_path / "v.npy", np.arange(3000, dtype=np.int16) % 37)
    transom("encode", tmp_path / "v.npy", "-o", tmp_path / "v.tsm")
    damaged = bytearray((tmp_path / "v.tsm").read_bytes())
    damaged[-40] ^= 4
    (tmp_path / "v.tsm").write_bytes(damaged)
    assert "v.tsm: tensor 'v'" in transom("sim", tmp_path / "v.tsm", code=BAD_DATA).stderr
    np.save(tmp_path / "large.npy", np.zeros((1 << 24) + 1, dtype=np.int8))
    assert "16777216" in transom("sim", tmp_path / "large.npy", code=USAGE).stderr


def test_decimals_are_taken_exactly_or_not_at_all(tmp_path: Path) -> None:
    np.save(tmp_path / "v.npy", np.arange(40, dtype=np.int8))
    for text, value in [("6.4", 6.4), ("0.001", 0.001), ("007.250", 7.25), ("3", 3)]:
        assert sim(tmp_path / "v.npy", "--mem-bytes-per-cycle", text)["memory"]["bytes_per_cycle"] == value
    for text in [
        "0", "0.000", "-1", "+1", "1e3", "6.4000", ".5", "5.", "1.2.3", "1,5", " 1", "1 ", "0x10", "nan", "inf",
        "", "64.001", "1000000", "4294967.297", "18446744073709551617", "٣",
    ]:  # fmt: skip
        error = transom("sim", TRACE, f"--mem-bytes-per-cycle={text}", code=USAGE).stderr
        assert "--mem-bytes-per-cycle" in error, text
        transom("sim", TRACE, f"--consumer-values-per-cycle={text}", code=FINE if text == "64.001" else USAGE)
