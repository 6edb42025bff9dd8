"""test_measured.py — the figures of a report are those that the program prints of the same trace."""
# SPDX-License-Identifier: Apache-2.0

import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from program import TRACE, run_package
from program import transom as program

pytest.importorskip("transom._core", reason="the Python module was not built")
import transom

CODINGS = [codec.name for codec in transom.codecs()]
Figures = dict[str, Any]


def report(*arguments: object) -> Figures:
    done = run_package("transom", "report", *arguments, "--json")
    assert done.returncode == 0, done.stderr
    figures: Figures = json.loads(done.stdout)
    return figures


def printed(*arguments: object) -> Figures:
    """What a verb of the program prints."""
    figures: Figures = json.loads(program(*arguments, "--json").stdout)
    return figures


@pytest.fixture(scope="module")
def digits() -> Figures:
    (network,) = report(TRACE)["networks"]
    assert isinstance(network, dict)
    return network


@pytest.mark.parametrize("coding", CODINGS)
def test_a_coding_takes_what_encode_writes_and_info_tells(coding: str, digits: Figures, tmp_path: Path) -> None:
    assert list(digits["codings"]) == CODINGS
    encoded = printed("encode", TRACE, "-o", tmp_path / "t.tsm", "--coding", coding)
    of_coding = digits["codings"][coding]
    assert of_coding == {key: encoded[key] for key in ("bytes", "ratio", "stored_raw")}
    assert (digits["values"], digits["raw_bytes"]) == (encoded["values"], encoded["raw_bytes"])
    for tensor, told in zip(digits["tensors"], printed("info", tmp_path / "t.tsm")["tensors"], strict=True):
        assert [tensor[key] for key in ("name", "dtype", "shape", "values", "raw_bytes")] == [
            told[key] for key in ("name", "dtype", "shape", "values", "raw_bytes")
        ]
        size = tensor["codings"][coding]
        assert [size[key] for key in ("coding", "table_log", "rows")] == [
            told[key] for key in ("coding", "table_log", "rows")
        ]
        assert size["bytes"] == told["bytes"]["total"] - told["bytes"]["name"]
        assert size["bits_per_value"] == pytest.approx(8 * size["bytes"] / told["values"])
        assert size["ratio"] == pytest.approx(told["raw_bytes"] / size["bytes"])


def test_the_best_of_each_tensor_is_a_container_that_can_be_written(digits: Figures, tmp_path: Path) -> None:
    coded = {}
    for coding in CODINGS:
        program("encode", TRACE, "-o", tmp_path / "t.tsm", "--coding", coding)
        coded[coding] = transom.read_container(tmp_path / "t.tsm")
    chosen = [coded[tensor["best"]][i] for i, tensor in enumerate(digits["tensors"])]
    assert digits["best"]["bytes"] == len(transom.write_container(chosen))
    assert len({tensor["best"] for tensor in digits["tensors"]}) > 2
    assert digits["best"]["bytes"] < min(of["bytes"] for of in digits["codings"].values())


@pytest.mark.parametrize("unit", [("wide", 16), ("axi", 4)])
def test_a_unit_does_what_sim_says(unit: tuple[str, int], digits: Figures) -> None:
    options = ("--unit", unit[0], "--lanes", unit[1])
    network = digits if unit[0] == "wide" else report(TRACE, "--coding", "raw", *options)["networks"][0]
    told = printed("sim", TRACE, "--no-lt", *options)
    assert [tensor["unit"] for tensor in network["tensors"]] == told.pop("layers")
    assert network["unit"] == told


def test_entropies_kinds_and_scales_are_the_manifests(digits: Figures) -> None:
    manifest = json.loads((TRACE / "manifest.json").read_text())
    for tensor, entry in zip(digits["tensors"], manifest["tensors"], strict=True):
        assert tensor["entropy_bits"] == pytest.approx(entry["entropy_bits"], abs=5e-5)
        assert tensor["kind"] == entry["kind"]
        n = len(entry["scale"])
        assert tensor["quantiser"] == ("one scale" if n == 1 else f"{n} scales, along dimension {entry['axis']}")
    bits = sum(tensor["values"] * tensor["entropy_bits"] for tensor in digits["tensors"])
    assert digits["entropy_bytes"] == pytest.approx(bits / 8)


def test_a_histogram_has_all_values_in_at_most_256_bars(digits: Figures) -> None:
    manifest = json.loads((TRACE / "manifest.json").read_text())
    steps = set()
    for tensor, entry in zip(digits["tensors"], manifest["tensors"], strict=True):
        values = np.load(TRACE / entry["file"]).astype(int).reshape(-1)
        start, step, counts = (tensor["histogram"][key] for key in ("start", "step", "counts"))
        assert 0 < len(counts) <= 256 and (step == 1 or len(counts) > 127)
        assert np.bincount((values - start) // step, minlength=len(counts)).tolist() == counts
        least, most = transom.DType(tensor["dtype"]).min, transom.DType(tensor["dtype"]).max
        least += least < 0 and values.min() > least  # of a symmetric quantiser
        assert tensor["at_ends"] == pytest.approx(np.isin(values, [least, most]).mean())
        steps.add(step)
    assert min(steps) == 1 < max(steps)  # of 16 bits


def test_the_ranges_of_a_histogram_are_those_of_the_best_coding(digits: Figures, tmp_path: Path) -> None:
    number = next(i for i, t in enumerate(digits["tensors"]) if t["best"] == "apack-tans" and t["dtype"] == "int8")
    program("encode", TRACE, "-o", tmp_path / "t.tsm", "--coding", "apack-tans")
    rows = printed("info", tmp_path / "t.tsm", "--tables")["tensors"][number]["table"]
    starts = np.array([row["vmin"] for row in rows], np.uint8).view(np.int8)
    assert digits["tensors"][number]["ranges"] == sorted(starts.tolist()) and len(starts) > 8


def test_a_way_to_quantise_is_what_the_coder_makes_of_it(digits: Figures, tmp_path: Path) -> None:
    """dense1/weights alone: real again, by one scale, coded."""
    manifest = json.loads((TRACE / "manifest.json").read_text())
    entry = next(entry for entry in manifest["tensors"] if entry["name"] == "dense1/weights")
    shutil.copy(TRACE / entry["file"], tmp_path)
    (tmp_path / "manifest.json").write_text(json.dumps({"tensors": [entry]}))
    found = report(tmp_path, "--no-sim", "--coding", "apack-tans")["networks"][0]["quantisers"]
    integers = np.load(tmp_path / entry["file"])
    reals = integers * np.array(entry["scale"])[:, np.newaxis]
    scale = np.abs(reals).max() / 127
    again = np.rint(reals / scale).astype(np.int8)
    coded = transom.record_bytes(transom.encode_best(transom.Tensor(again, name="dense1/weights"), "apack-tans")).coded
    one = found["ways"]["tensor-minmax"]
    assert one["bytes"] == coded and one["raw_bytes"] == integers.size
    noise = np.square(reals - again * scale).sum()
    assert one["snr_db"] == pytest.approx(10 * np.log10(np.square(reals).sum() / noise), abs=0.01)
    # by channel it was recorded: the same integers again
    assert found["ways"]["channel-minmax"]["bytes"] == found["codings"]["apack-tans"]["bytes"]
    assert found["ways"]["channel-minmax"]["snr_db"] > 100
    whole = digits["quantisers"]
    assert whole["tensors"] == 5 and whole["values"] == sum(
        t["values"] for t in digits["tensors"] if t["kind"] == "weight"
    )


def test_groups_and_scales_in_a_file_of_their_own_are_read(tmp_path: Path) -> None:
    from transom.record import Tensor, record  # noqa: PLC0415

    rng = np.random.default_rng(3)
    values = rng.integers(-127, 128, (300, 40)).astype(np.int8)
    scales = tuple(float(scale) for scale in rng.uniform(0.5, 2, 300).astype(np.float32))
    grouped = tuple(float(scale) for scale in rng.uniform(0.5, 2, 375).astype(np.float32))
    tensors = [
        Tensor("rows", values, "weight", scale=scales, zero_point=(0,) * 300, axis=0),
        Tensor("groups", values, "weight", scale=grouped, zero_point=(0,) * 375, group=32),
    ]
    record(tensors, tmp_path / "t", {"licence": "CC0-1.0"})
    (network,) = report(tmp_path / "t", "--no-sim", "--coding", "tans")["networks"]
    assert [tensor["quantiser"] for tensor in network["tensors"]] == [
        "300 scales, along dimension 0", "375 scales, one for each 32 values",
    ]  # fmt: skip
    assert network["quantisers"]["tensors"] == 2 and network["quantisers"]["ways"]["tensor-minmax"]["ratio"] > 1


def test_floats_count_as_exponents_and_are_quantised(tmp_path: Path) -> None:
    values = np.random.default_rng(5).normal(0, 1, 4000).astype(np.float16)
    np.save(tmp_path / "v.npy", values)
    (network,) = report(tmp_path / "v.npy", "--no-sim")["networks"]
    (tensor,) = network["tensors"]
    exponents = values.view(np.uint16) >> 10 & 31
    counts = np.bincount(exponents)
    p = counts[counts > 0] / len(values)
    assert tensor["entropy_bits"] == pytest.approx(11 - (p * np.log2(p)).sum())
    assert tensor["histogram"]["counts"] == counts[counts.nonzero()[0][0] :].tolist() and tensor["at_ends"] is None
    assert network["quantisers"]["ways"]["tensor-minmax"]["raw_bytes"] == 4000  # int8


def test_a_container_is_told_as_it_was_given(digits: Figures, tmp_path: Path) -> None:
    program("encode", TRACE, "-o", tmp_path / "t.tsm", "--coding", "rans", "--streams", 64)
    (network,) = report(tmp_path / "t.tsm", "--coding", "rans", "--no-sim")["networks"]
    assert network["codings"]["stored"]["bytes"] == (tmp_path / "t.tsm").stat().st_size
    assert network["codings"]["rans"] == digits["codings"]["rans"]  # coded anew
    assert network["codings"]["stored"]["bytes"] > network["codings"]["rans"]["bytes"]
    told = printed("info", tmp_path / "t.tsm")["tensors"]
    assert [tensor["codings"]["stored"]["bytes"] for tensor in network["tensors"]] == [
        tensor["bytes"]["total"] - tensor["bytes"]["name"] for tensor in told
    ]


def test_networks_are_compared_on_the_tensors_that_all_have(digits: Figures, tmp_path: Path) -> None:
    manifest = json.loads((TRACE / "manifest.json").read_text())
    for entry in manifest["tensors"][:3]:
        shutil.copy(TRACE / entry["file"], tmp_path)
    (tmp_path / "manifest.json").write_text(json.dumps({"tensors": manifest["tensors"][:3]}))
    figures = report(TRACE, tmp_path, "--no-sim", "--coding", "tans,raw")
    assert [network["name"] for network in figures["networks"]] == [TRACE.name, tmp_path.name]
    whole, cut = figures["common"]
    assert whole["tensors"] == 3 and whole["codings"] == cut["codings"]
    assert whole["codings"]["tans"]["bytes"] == sum(t["codings"]["tans"]["bytes"] for t in digits["tensors"][:3])
