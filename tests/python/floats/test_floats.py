"""Float tensors from outside: a trace of bf16, fp16 and fp8 weights through every verb and every decoder.

Runs TRANSOM_BUILD/transom as a process.
"""
# SPDX-License-Identifier: Apache-2.0

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from program import BAD_DATA, BUILD, FINE, USAGE, run, transom

# Type: bits, and those of the exponent.
FLOATS = {"bf16": (16, 8), "fp16": (16, 5), "fp8_e4m3": (8, 4), "fp8_e5m2": (8, 5)}
N = 6000
ODD = {  # signed zeros, infinities, NaN payloads, subnormals: the first values of each tensor
    16: [0x0000, 0x8000, 0x7F80, 0xFF80, 0x7FC1, 0xFFA5, 0x7C00, 0xFC00, 0x7E01, 0xFD55, 0x0001, 0x8001, 0x007F],
    8: [0x00, 0x80, 0x7C, 0xFC, 0x7F, 0xFF, 0x7D, 0x01, 0x81, 0x07],
}


def float_bits(name: str, n: int = N) -> NDArray[Any]:
    """Normal weights in the type's bits, cut to its exponents and mantissa."""
    bits, exponent_bits = FLOATS[name]
    mantissa_bits = bits - 1 - exponent_bits
    singles = np.random.default_rng(bits + exponent_bits).normal(0, 0.02, n).astype(np.float32).view(np.uint32)
    exponent = np.clip((singles >> 23 & 255).astype(np.int64) - 127 + (1 << exponent_bits - 1) - 1, 0, None)
    mantissa = np.where(exponent == 0, 0, singles >> (23 - mantissa_bits) & (1 << mantissa_bits) - 1)
    weights: NDArray[Any] = (singles >> 31 << (bits - 1)) | exponent << mantissa_bits | mantissa
    weights[: len(ODD[bits])] = ODD[bits]
    return weights.astype(np.uint16 if bits == 16 else np.uint8)


def write_trace(folder: Path, arrays: dict[str, NDArray[Any]], types: dict[str, str]) -> Path:
    """A trace as a recorder writes it."""
    folder.mkdir()
    for name, array in arrays.items():
        np.save(folder / f"{name}.npy", array)
    tensors = [{"file": f"{name}.npy", "name": name, "dtype": types[name]} for name in arrays]
    (folder / "manifest.json").write_text(json.dumps({"tensors": tensors}))
    return folder


@pytest.fixture(scope="module")
def trace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    arrays = {name: float_bits(name) for name in FLOATS}
    arrays["fp16"] = arrays["fp16"].view(np.float16)
    return write_trace(tmp_path_factory.mktemp("floats") / "t", arrays, {name: name for name in FLOATS})


CODINGS = ["raw", "tans", "rans", "apack-tans", "apack-rans", "apack-ac", "apack-tans-pair", "apack-nrans"]


@pytest.mark.parametrize("coding", CODINGS)
def test_a_float_trace_comes_back_in_the_same_files(coding: str, trace: Path, tmp_path: Path) -> None:
    transom("encode", trace, "-o", tmp_path / "a.tsm", "--coding", coding)
    info = json.loads(transom("info", tmp_path / "a.tsm", "--json").stdout)
    assert [tensor["dtype"] for tensor in info["tensors"]] == list(FLOATS)
    transom("decode", tmp_path / "a.tsm", "-o", tmp_path / "out")
    tensors = json.loads((tmp_path / "out/manifest.json").read_text())["tensors"]
    assert [(t["name"], t["dtype"], t["bits"]) for t in tensors] == [(name, name, FLOATS[name][0]) for name in FLOATS]
    for tensor in tensors:
        name = tensor["name"]
        assert (tmp_path / "out" / tensor["file"]).read_bytes() == (trace / f"{name}.npy").read_bytes()
    transom("encode", tmp_path / "out", "-o", tmp_path / "b.tsm", "--coding", coding)
    assert (tmp_path / "b.tsm").read_bytes() == (tmp_path / "a.tsm").read_bytes()


@pytest.mark.parametrize("coding", CODINGS)
def test_every_decoder_retires_floats_as_the_model_does(coding: str, trace: Path) -> None:
    result = json.loads(transom("cosim", trace, "--coding", coding, "--lanes", 4, "--json").stdout)
    assert result["mismatches"] == 0 and {"model", "cycle"} <= set(result["decoders"])
    for tensor in result["tensors"]:
        bits, exponent_bits = FLOATS[tensor["name"]]
        exponent = float_bits(tensor["name"]).astype(int) >> (bits - 1 - exponent_bits) & (1 << exponent_bits) - 1
        share = np.unique(exponent, return_counts=True)[1] / N
        entropy = bits - exponent_bits - (share * np.log2(share)).sum()
        assert tensor["entropy_bits_per_value"] == pytest.approx(entropy)
        assert coding == "raw" or tensor["coded_bits_per_value"] < 1.1 * entropy  # a small tensor


def against_rtl(what: Path, *options: object) -> dict[str, Any]:
    done = run(BUILD / "transom", "sim", what, *options, "--against-rtl", "--json")
    if "without Verilator" in done.stderr:
        pytest.skip("transom is built without Verilator")
    assert done.returncode == FINE, f"{done.stdout}\n{done.stderr}"
    result: dict[str, Any] = json.loads(done.stdout)
    assert result["mismatches"] == 0 and result["values"] == len(FLOATS) * N
    return result


def test_the_unit_behind_axi_decodes_floats(trace: Path) -> None:
    against_rtl(trace, "--lanes", 4, "--coding", "tans")


def test_the_wide_unit_decodes_floats(trace: Path) -> None:
    unit = ["--unit", "wide", "--lanes", 4, "--bus-bits", 64, "--halves", 8, "--fifo-beats", 32]
    result = against_rtl(trace, *unit)
    assert result["raw_bytes"] > 1.1 * sum(layer["bytes_read"] for layer in result["layers"])


def test_rows_of_floats_can_be_limited(trace: Path, tmp_path: Path) -> None:
    transom("encode", trace, "-o", tmp_path / "a.tsm", "--coding", "tans", "--rows", 5)
    info = json.loads(transom("info", tmp_path / "a.tsm", "--json").stdout)
    assert all(tensor["coding"] == "tans" and tensor["rows"] <= 5 for tensor in info["tensors"])


def test_floats_of_8_bits_go_to_other_coders_and_back(trace: Path, tmp_path: Path) -> None:
    transom("encode", trace, "-o", tmp_path / "a.tsm", "--coding", "rans")
    chosen = ["--tensor", "fp8_e4m3", "--from", "tsm", "-o", tmp_path / "w.ryg", "--to", "ryg-word"]
    transom("convert", tmp_path / "a.tsm", *chosen)
    transom("convert", tmp_path / "w.ryg", "--from", "ryg-word", "-o", tmp_path / "b.tsm", "--to", "tsm")
    transom("decode", tmp_path / "b.tsm", "-o", tmp_path / "out")
    (record,) = json.loads((tmp_path / "out/manifest.json").read_text())["tensors"]
    assert record["dtype"] == "fp8_e4m3"
    np.testing.assert_array_equal(np.load(tmp_path / "out" / record["file"]), float_bits("fp8_e4m3"))
    wide = ["--tensor", "bf16", "--from", "tsm", "-o", tmp_path / "x", "--to", "ryg-word"]
    assert "over 8 bits" in transom("convert", tmp_path / "a.tsm", *wide, code=USAGE).stderr


def test_a_manifest_that_is_wrong_about_floats_is_refused(tmp_path: Path) -> None:
    arrays = {"w": np.arange(8, dtype=np.uint8)}
    trace = write_trace(tmp_path / "t", arrays, {"w": "bf16"})
    told = transom("encode", trace, "-o", tmp_path / "a.tsm", code=BAD_DATA).stderr
    assert "w.npy: dtype: uint8 items are not bf16; save its bits as uint16 or correct the manifest" in told
    np.save(tmp_path / "w.npy", np.ones(3, np.float32))
    told = transom("encode", tmp_path / "w.npy", "-o", tmp_path / "a.tsm", code=BAD_DATA).stderr
    assert "<f4 is neither integers nor float16" in told


def test_the_bfloat16_of_ml_dtypes_is_read(tmp_path: Path) -> None:
    ml_dtypes = pytest.importorskip("ml_dtypes", reason="ml_dtypes is not installed")
    weights = np.random.default_rng(1).normal(0, 1, 500)
    types = {"bf16": ml_dtypes.bfloat16, "fp8_e4m3": ml_dtypes.float8_e4m3fn, "fp8_e5m2": ml_dtypes.float8_e5m2}
    arrays = {name: weights.astype(dtype) for name, dtype in types.items()}
    trace = write_trace(tmp_path / "t", arrays, {name: name for name in types})
    transom("encode", trace, "-o", tmp_path / "a.tsm")
    transom("decode", tmp_path / "a.tsm", "-o", tmp_path / "out")
    for record in json.loads((tmp_path / "out/manifest.json").read_text())["tensors"]:
        want = arrays[record["name"]].view(np.uint16 if record["name"] == "bf16" else np.uint8)
        np.testing.assert_array_equal(np.load(tmp_path / "out" / record["file"]), want)


def test_the_package_takes_and_gives_floats() -> None:
    core = pytest.importorskip("transom._core", reason="the Python module is not built")
    for name, widths in FLOATS.items():
        bits = float_bits(name)
        tensor = core.Tensor(bits, name)
        assert str(tensor.dtype) == name and (tensor.dtype.bits, tensor.dtype.exponent_bits) == widths
        for values in (tensor.values, core.decode(core.encode_best(tensor, "tans"))):
            assert values.dtype == (np.float16 if name == "fp16" else bits.dtype)
            np.testing.assert_array_equal(values.view(bits.dtype), bits)
    halves = float_bits("fp16").view(np.float16)[::-2]
    tensor = core.Tensor(halves)
    assert str(tensor.dtype) == "fp16"
    np.testing.assert_array_equal(tensor.values.view(np.uint16), halves.view(np.uint16))
    for wrong, why in ((np.ones(3, np.float32), "float32"), (-np.ones(3, np.int16), "must be 0..65535")):
        with pytest.raises(ValueError, match=why):
            core.Tensor(wrong, "bf16")
    with pytest.raises(ValueError, match="must be fp16, as the array is"):
        core.Tensor(halves, "bf16")
    with pytest.raises(ValueError, match="bf16"):
        core.DType("bf17")
