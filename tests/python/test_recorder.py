"""test_recorder.py — the trace recorder of python/ and the trace it committed to golden/traces/.

The default trace is recorded once more and must equal the committed one byte for byte; the
recorder's parts are compared with slow, obvious forms written here.
Run: python3 -m pytest tests/python/test_recorder.py
"""
# SPDX-License-Identifier: Apache-2.0

import collections
import hashlib
import json
import math
import subprocess
from fractions import Fraction
from pathlib import Path
from typing import Any, cast

import numpy as np
import pytest
from numpy.typing import NDArray
from program import SOURCE, TRACE, run_package

from transom.record import Tensor, digits, exact, network, quantise, record

META = {"licence": "CC0-1.0"}


def manifest_of(folder: Path) -> dict[str, Any]:
    manifest: dict[str, Any] = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    return manifest


def on_grid(random: np.random.RandomState, low: int, high: int, shape: tuple[int, ...]) -> exact.Floats:
    return random.randint(low, high, size=shape) * exact.GRID


# --- the default trace ---------------------------------------------------------------------------


@pytest.fixture(scope="module")
def regenerated(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, digits.Accuracy]:
    folder = tmp_path_factory.mktemp("recorded") / TRACE.name
    return folder, digits.record_digits(folder, digits.DEFAULT_SEED, digits.DEFAULT_IMAGES, print)


def test_the_committed_trace_is_what_the_recorder_writes(regenerated: tuple[Path, digits.Accuracy]) -> None:
    folder, _ = regenerated
    assert sorted(path.name for path in folder.iterdir()) == sorted(path.name for path in TRACE.iterdir())
    differing = [path.name for path in folder.iterdir() if path.read_bytes() != (TRACE / path.name).read_bytes()]
    assert differing == []


def test_the_networks_are_worth_recording(regenerated: tuple[Path, digits.Accuracy]) -> None:
    _, measured = regenerated
    assert measured.floating > 0.95
    assert abs(measured.floating - measured.int8) <= 0.02
    assert abs(measured.floating - measured.int4_dense1) <= 0.02
    assert f"float {measured.floating:.2%}, int8 {measured.int8:.2%}" in manifest_of(TRACE)["note"]


def test_the_committed_manifest_describes_its_files() -> None:
    manifest = manifest_of(TRACE)
    assert manifest["trace"] == TRACE.name
    files = [entry["file"] for entry in manifest["tensors"]]
    assert sorted([*files, "manifest.json"]) == sorted(path.name for path in TRACE.iterdir())
    for entry in manifest["tensors"]:
        values = np.load(TRACE / entry["file"])
        counts = collections.Counter(values.ravel().tolist()).values()
        entropy = -sum(count / values.size * math.log2(count / values.size) for count in counts)
        assert entry["dtype"] == values.dtype.name
        assert entry["shape"] == list(values.shape)
        assert entry["n"] == values.size
        assert entry["entropy_bits"] == pytest.approx(entropy, abs=6e-5)
        assert entry["sha256"] == hashlib.sha256((TRACE / entry["file"]).read_bytes()).hexdigest()
        assert len(entry["scale"]) == len(entry["zero_point"]) == (values.shape[0] if "axis" in entry else 1)
        if entry["bits"] == 4:
            assert np.all(np.abs(values) <= 7)


def test_the_committed_trace_is_small_and_has_every_width_signed_and_unsigned() -> None:
    assert sum(path.stat().st_size for path in TRACE.iterdir()) < 150_000
    tensors = manifest_of(TRACE)["tensors"]
    widths = {(entry["dtype"], entry["bits"]) for entry in tensors}
    assert widths == {("int8", 4), ("int8", 8), ("uint8", 8), ("int16", 16)}
    assert any(entry["dtype"] == "uint8" and entry["zero_point"] != [0] for entry in tensors)


# --- arithmetic that does not depend on the machine ----------------------------------------------


def test_a_product_on_the_grid_is_the_same_in_every_order() -> None:
    random = np.random.RandomState(0)
    left, right = on_grid(random, -(2**17), 2**17, (5, 300)), on_grid(random, -(2**18), 2**18, (300, 7))
    integers = (left / exact.GRID).astype(np.int64) @ (right / exact.GRID).astype(np.int64)
    off_grid_differs = False
    for _ in range(50):
        order = random.permutation(300)
        assert np.array_equal(exact.exact_product(left[:, order], right[order]) / exact.GRID**2, integers)
        off_grid = np.sin(left)
        off_grid_differs |= not np.array_equal(off_grid[:, order] @ right[order], off_grid @ right)
    assert off_grid_differs  # else the permutations reach no other order of additions


def test_a_product_beyond_53_bits_is_refused() -> None:
    ones = np.ones((1, 8))
    below = exact.EXACT_SUM_BOUND / 8 - 1
    assert exact.exact_product(ones, np.full((8, 1), below))[0, 0] == 8 * below
    with pytest.raises(ArithmeticError, match="not exact; the bound is 2097152"):
        exact.exact_product(ones, np.full((8, 1), below + 1))


def test_snap_rounds_to_the_grid_with_ties_to_even() -> None:
    halves = np.array([0.5, 1.5, -0.5, 2.49, 2.51])
    assert np.array_equal(exact.snap(halves * exact.GRID), np.array([0, 2, 0, 2, 3]) * exact.GRID)


# --- the network ---------------------------------------------------------------------------------


def test_a_convolution_equals_its_definition() -> None:
    random = np.random.RandomState(1)
    images = random.randint(-9, 10, size=(2, 8, 8, 3)).astype(np.float64)
    weights = random.randint(-9, 10, size=(4, 3, 3, 3)).astype(np.float64)
    got = network.convolve(images, weights)
    for n, row, column, out in np.ndindex(got.shape):
        want = sum(
            images[n, row + i - 1, column + j - 1] @ weights[out, i, j]
            for i in range(3)
            for j in range(3)
            if 0 <= row + i - 1 < 8 and 0 <= column + j - 1 < 8
        )
        assert got[n, row, column, out] == want


def test_pool_windows_are_disjoint_squares_and_invertible() -> None:
    images = np.arange(2 * 8 * 8 * 3, dtype=np.float64).reshape(2, 8, 8, 3)
    windows = network.pool_windows(images)
    for n, row, column, channel in np.ndindex(windows.shape[:4]):
        square = images[n, 2 * row : 2 * row + 2, 2 * column : 2 * column + 2, channel]
        assert np.array_equal(windows[n, row, column, channel], square.ravel())
    assert np.array_equal(network.unpool_windows(windows), images)


def hinge_loss(parameters: network.Parameters, images: exact.Floats, labels: NDArray[np.int64]) -> float:
    logits = network.forward(parameters, images)["logits"]
    sign = np.where(np.arange(10) == labels[:, np.newaxis], 1.0, -1.0)
    return float((np.maximum(1.0 - sign * logits, 0.0) ** 2 / 2).sum())


@pytest.mark.parametrize("name", [s + t for s in network.WEIGHT_SHAPES for t in ("", "_bias")])
def test_a_gradient_predicts_the_change_of_the_loss(name: str) -> None:
    random = np.random.RandomState(2)
    parameters = network.initial_parameters(random)
    images, labels = random.randint(0, 17, size=(64, 8, 8, 1)) / 16.0, random.randint(0, 10, size=64)
    gradient = network.gradients(parameters, images, labels)[name]
    step = np.sign(gradient) * 2.0**-12
    above, below = dict(parameters), dict(parameters)
    above[name], below[name] = parameters[name] + step, parameters[name] - step
    change = hinge_loss(above, images, labels) - hinge_loss(below, images, labels)
    assert change == pytest.approx(2 * float((gradient * step).sum()), rel=0.02)


# --- quantisation --------------------------------------------------------------------------------


@pytest.mark.parametrize(("bits", "largest"), [(8, 127), (4, 7)])
def test_weights_use_the_whole_width_of_each_channel(bits: int, largest: int) -> None:
    weights = on_grid(np.random.RandomState(3), -(2**16), 2**16, (6, 3, 3, 2))
    integers, scales = quantise.quantise_weights(weights, bits)
    flat = integers.reshape(6, -1)
    assert integers.dtype == np.int8 and integers.shape == weights.shape
    assert np.array_equal(np.abs(flat).max(axis=1), np.full(6, largest))
    assert np.all(np.abs(flat * scales[:, np.newaxis] - weights.reshape(6, -1)) <= scales[:, np.newaxis] * 0.500001)


def test_requantise_rounds_half_up_and_clips() -> None:
    random = np.random.RandomState(4)
    sums = random.randint(-(2**23), 2**23, size=(200, 3)).astype(np.int32)
    ratios = np.array([2.0**-16, 0.75 * 2.0**-15, 1.0])
    target = quantise.Quantiser(1.0, 100, 0, 255, np.uint8)
    got = quantise.requantise(sums, ratios, target)
    for row, column in np.ndindex(sums.shape):
        nearest = math.floor(Fraction(int(sums[row, column])) * Fraction(ratios[column]) + Fraction(1, 2))
        assert got[row, column] == min(max(nearest + 100, 0), 255)


def test_real_zero_is_exact_and_uint8_covers_the_range() -> None:
    reals = np.array([-3.0, 0.0, 5.0])
    quantiser = quantise.uint8_quantiser(reals)
    assert quantiser.apply(reals).tolist() == [0, quantiser.zero_point, 255]
    assert quantise.uint8_quantiser(np.array([2.0, 5.0])).zero_point == 0
    assert quantise.int16_quantiser(reals).apply(reals).tolist() == [-19660, 0, 32767]


def test_integer_inference_follows_the_float_network_layer_by_layer() -> None:
    random = np.random.RandomState(5)
    parameters = network.initial_parameters(random)
    images = random.randint(0, 17, size=(8, 8, 8, 1)) / 16.0
    reals = network.forward(parameters, images)
    quantised = quantise.quantise_network(parameters, reals, {})
    for name, integers in quantise.integer_forward(quantised, images).items():
        quantiser = quantised.activations[name]
        assert integers.shape == reals[name].shape
        error = np.abs((integers.astype(np.int64) - quantiser.zero_point) * quantiser.scale - reals[name])
        assert error.max() <= 0.03 * np.abs(reals[name]).max(), name


# --- record: anyone's arrays ---------------------------------------------------------------------


def test_record_writes_arrays_that_numpy_reads_back(tmp_path: Path) -> None:
    arrays = {
        "a/b:c": np.arange(-3, 3, dtype=np.int8).reshape(2, 3),
        "fortran": np.asfortranarray(np.arange(6, dtype=np.uint8).reshape(2, 3)),
        "big_endian": np.array([1, -2, 300], dtype=">i2"),
        "uint16": np.array([65535], dtype=np.uint16),
        "none": np.zeros((0, 4), dtype=np.uint8),
    }
    record(arrays, tmp_path / "mine", META)
    manifest = manifest_of(tmp_path / "mine")
    assert list(manifest) == ["trace", "source", "licence", "input", "note", "layout", "tensors"]
    assert manifest["trace"] == "mine"
    assert manifest["tensors"][0]["file"] == "000_a_a_b_c.npy"
    assert [entry["name"] for entry in manifest["tensors"]] == list(arrays)
    for entry, values in zip(manifest["tensors"], arrays.values(), strict=True):
        loaded = np.load(tmp_path / "mine" / entry["file"])
        assert np.array_equal(loaded, values) and loaded.flags.c_contiguous and loaded.dtype.isnative
        assert (entry["bits"], entry["kind"]) == (values.dtype.itemsize * 8, "activation")
    assert manifest["tensors"][4]["entropy_bits"] == 0


def test_record_keeps_bits_scales_and_axis(tmp_path: Path) -> None:
    weights = np.array([[-8, 7], [0, 1]], dtype=np.int8)
    record([Tensor("w", weights, "weight", 4, (0.5, 0.25), (0, 0), axis=0)], tmp_path / "mine", META)
    entry = manifest_of(tmp_path / "mine")["tensors"][0]
    assert (entry["bits"], entry["kind"], entry["scale"]) == (4, "weight", [0.5, 0.25])
    assert (entry["zero_point"], entry["axis"]) == ([0, 0], 0)


BYTES = np.array([-9, 7], dtype=np.int8)
NIBBLES = np.array([16], dtype=np.uint8)


@pytest.mark.parametrize(
    ("tensors", "message"),
    [
        ([], "at least one tensor"),
        ([Tensor("x", BYTES), Tensor("x", BYTES)], "'x': the name occurs twice"),
        ({"x": [1, 2]}, "'x': values are a list, not a numpy array"),
        ({"x": np.array([1.0])}, "'x': dtype float64 is none of int8, uint8, int16, uint16"),
        ([Tensor("x", BYTES, kind=cast(Any, "bias"))], "'x': kind 'bias' is neither"),
        ([Tensor("x", BYTES, bits=5)], "'x': 5 bits do not go with int8"),
        ([Tensor("x", BYTES.astype(np.int16), bits=4)], "'x': 4 bits do not go with int16"),
        ([Tensor("x", BYTES, bits=4)], r"'x': values -9\.\.7 leave the range -8\.\.7 of 4-bit int8"),
        ([Tensor("x", NIBBLES, bits=4)], r"'x': values 16\.\.16 leave the range 0\.\.15 of 4-bit uint8"),
        ([Tensor("x", BYTES, scale=(1.0,))], "'x': 1 scales but 0 zero points"),
        ([Tensor("x", BYTES, scale=(1.0,), zero_point=(0,), axis=1)], "'x': axis 1 is not one of its 1 dim"),
        ([Tensor("x", BYTES, scale=(1.0,) * 3, zero_point=(0,) * 3, axis=0)], "'x': 3 scales, not 1 or 2"),
        ([Tensor("x", BYTES, scale=(0.0,), zero_point=(0,))], "'x': every scale must be a positive number"),
    ],
)
def test_record_names_what_is_wrong_and_writes_nothing(tmp_path: Path, tensors: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        record(tensors, tmp_path / "mine", META)
    assert not (tmp_path / "mine").exists()


def test_record_wants_a_licence_known_keys_and_a_folder_of_its_own(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="licence of the recorded data is missing"):
        record({"x": BYTES}, tmp_path / "mine", {})
    with pytest.raises(ValueError, match="unknown keys license; known are source, licence"):
        record({"x": BYTES}, tmp_path / "mine", {"license": "MIT"})
    (tmp_path / "other.txt").write_text("")
    with pytest.raises(FileExistsError, match="not an empty folder"):
        record({"x": BYTES}, tmp_path, META)


def test_the_readme_example_runs(tmp_path: Path) -> None:
    readme = (SOURCE / "python" / "README.md").read_text(encoding="utf-8")
    example = next(text for text in readme.split("```python\n") if "from transom.record import Tensor" in text).split(
        "```"
    )[0]
    assert "/tmp/my_network" in example
    exec(example.replace("/tmp/my_network", str(tmp_path / "mine")), {})
    tensors = manifest_of(tmp_path / "mine")["tensors"]
    assert [(entry["name"], entry["bits"]) for entry in tensors] == [("conv/weights", 4), ("conv/input", 8)]


# --- the command line ----------------------------------------------------------------------------


def run_recorder(*arguments: str) -> subprocess.CompletedProcess[str]:
    return run_package("transom", "record", "digits", *arguments)


def test_help_teaches_by_example() -> None:
    help_text = run_recorder("--help").stdout
    for expected in ("transom record digits -o /tmp/digits", "--seed", "--images", "transom record --help"):
        assert expected in help_text


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--images", "361"], "361 images: only 1 to 360 are held out"),
        (["--seed", "-1"], "Seed must be between 0 and"),
    ],
)
def test_wrong_arguments_end_with_one_line_and_exit_code_2(tmp_path: Path, arguments: list[str], message: str) -> None:
    result = run_recorder("-o", str(tmp_path / "out"), *arguments)
    assert result.returncode == 2
    assert result.stderr.startswith("transom record digits: ") and result.stderr.count("\n") == 1
    assert message in result.stderr
    assert not (tmp_path / "out").exists()


def test_a_folder_in_use_is_refused_before_training(tmp_path: Path) -> None:
    (tmp_path / "other.txt").write_text("")
    result = run_recorder("-o", str(tmp_path))
    assert result.returncode == 2
    assert "not an empty folder" in result.stderr and "epoch" not in result.stderr
