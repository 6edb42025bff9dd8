"""What an architect asks of transom sim: a tensor or a tile by itself, two units at one memory.

Runs TRANSOM_BUILD/transom as a process.
"""
# SPDX-License-Identifier: Apache-2.0

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from program import TRACE, USAGE, transom

DRAM = {"--lanes": 16, "--mem-bytes-per-cycle": 12.8, "--mem-latency": 60}


def sim(what: Path, *options: object) -> dict[str, Any]:
    defaults = [word for option, value in DRAM.items() if option not in options for word in (option, value)]
    result: dict[str, Any] = json.loads(transom("sim", what, *defaults, *options, "--json").stdout)
    assert result["mismatches"] == 0
    return result


@pytest.fixture
def halves(tmp_path: Path) -> tuple[Path, Path]:
    """Weights and activations of one network, apart."""
    entries = json.loads((TRACE / "manifest.json").read_text())["tensors"]
    for kind in ("weight", "activation"):
        arrays = {f"t{i}": np.load(TRACE / e["file"]) for i, e in enumerate(entries) if e["kind"] == kind}
        np.savez(tmp_path / f"{kind}s.npz", **arrays)
    return tmp_path / "weights.npz", tmp_path / "activations.npz"


def test_a_tensor_alone_costs_what_a_file_of_its_own_costs(tmp_path: Path) -> None:
    result = sim(TRACE, "--no-lt", "--alone")
    for layer, entry in list(zip(result["layers"], json.loads((TRACE / "manifest.json").read_text())["tensors"],
                                 strict=True))[2:5]:  # fmt: skip
        np.savez(tmp_path / "one.npz", **{entry["name"].replace("/", "_"): np.load(TRACE / entry["file"])})
        if entry["bits"] == 4:  # an .npz does not say so
            continue
        one = sim(tmp_path / "one.npz", "--no-lt", "--table-log", layer["table_log"])
        assert one["layers"][0]["rows"] == layer["rows"]
        for what in ("bytes_read", "first_value_cycle", "cycles"):
            assert layer["alone"][what] == pytest.approx(one[what], rel=0.02)  # where it lies moves beats
    assert sum(layer["alone"]["cycles"] for layer in result["layers"]) > result["cycles"]  # loads are not hidden
    assert all(0 < layer["alone"]["first_value_cycle"] < layer["alone"]["cycles"] for layer in result["layers"])
    assert "alone: read" in transom("sim", TRACE, "--no-lt", "--alone").stdout


def test_tiles_are_reached_at_random_and_cost_their_tables() -> None:
    whole, tiles = sim(TRACE, "--no-lt", "--alone"), sim(TRACE, "--no-lt", "--alone", "--tile", 4096)
    assert tiles["values"] == whole["values"] and tiles["raw_bytes"] == whole["raw_bytes"]
    names = [layer["name"] for layer in tiles["layers"]]
    assert [name for name in names if name.startswith("conv1[")] == [f"conv1[{i}]" for i in range(5)]
    assert [tile["values"] for tile in tiles["layers"] if tile["name"].startswith("pool[")] == [4096, 4096, 2048]
    assert tiles["bytes_read"] > whole["bytes_read"]
    conv2 = next(layer for layer in whole["layers"] if layer["name"] == "conv2")["alone"]
    last = next(layer for layer in tiles["layers"] if layer["name"] == "conv2[9]")["alone"]
    assert last["bytes_read"] < conv2["bytes_read"] / 4 and last["cycles"] < conv2["cycles"] / 4


def test_encode_cuts_the_same_tiles(tmp_path: Path) -> None:
    transom("encode", TRACE, "-o", tmp_path / "t.tsm", "--lanes", 16, "--tile", 1000)
    of_file = sim(tmp_path / "t.tsm", "--no-lt")
    assert of_file | {"trace": TRACE.name} == sim(TRACE, "--no-lt", "--tile", 1000)
    assert "16 to" in transom("encode", TRACE, "-o", tmp_path / "t.tsm", "--tile", 15, code=USAGE).stderr
    assert "is coded already" in transom("sim", tmp_path / "t.tsm", "--tile", 100, code=USAGE).stderr


def test_two_units_share_a_memory(halves: tuple[Path, Path]) -> None:
    """Each as fast as alone where the memory has enough for both, together no faster than it gives."""
    weights, activations = halves
    alone = [sim(half, "--no-lt") for half in halves]
    both = sim(weights, "--also", activations)
    other, together = both["also"], both["together"]
    assert (together["cycles_alone"], together["also_cycles_alone"]) == tuple(run["cycles"] for run in alone)
    assert both["cycles"] >= alone[0]["cycles"] and other["cycles"] >= alone[1]["cycles"]
    assert together["cycles"] == max(both["cycles"], other["cycles"]) < sum(run["cycles"] for run in alone)
    assert (both["bytes_read"], other["bytes_read"]) == tuple(run["bytes_read"] for run in alone)
    assert other["trace"] == "activations" and other["mismatches"] == 0

    scarce = ["--mem-bytes-per-cycle", 2]
    starved = sim(weights, *scarce, "--also", activations)["together"]
    assert starved["cycles"] * 2 >= both["bytes_read"] + other["bytes_read"]
    assert starved["cycles"] * 2 < 1.1 * (both["bytes_read"] + other["bytes_read"])  # all of it is used
    assert starved["raw_cycles"] == -(-starved["raw_bytes"] // 2)
    assert starved["gain"] == pytest.approx(starved["raw_cycles"] / starved["cycles"])

    ample = ["--mem-bytes-per-cycle", 64, "--mem-latency", 0]
    easy = sim(weights, *ample, "--also", weights)
    assert easy["cycles"] == pytest.approx(easy["also"]["cycles"], rel=0.15)  # neither starves
    text = transom("sim", weights, *scarce, "--also", activations).stdout
    assert "\nalso\n" in text and "together, gain" in text and text.endswith("0 mismatches\n")


def test_what_two_units_cannot_be_is_said(halves: tuple[Path, Path], tmp_path: Path) -> None:
    weights, activations = halves
    for option in ("--against-rtl", "--alone", "--no-lt", "--time"):
        assert "excludes" in transom("sim", weights, "--also", activations, option, code=USAGE).stderr
    transom("encode", activations, "-o", tmp_path / "a.tsm", "--lanes", 64)
    error = transom("sim", weights, "--lanes", 4, "--also", tmp_path / "none.tsm", code=3).stderr
    assert "none.tsm" in error
    transom("encode", weights, "-o", tmp_path / "w.tsm", "--lanes", 4)
    wide = transom("sim", tmp_path / "w.tsm", "--also", tmp_path / "a.tsm", code=USAGE).stderr
    assert "buses of different widths; say --bus-bits" in wide
