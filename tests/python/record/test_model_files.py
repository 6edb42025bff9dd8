"""test_model_files.py — .onnx and .tflite files that the tests write, recorded with a run of each."""
# SPDX-License-Identifier: Apache-2.0

import itertools
import sys
from pathlib import Path
from typing import Any, cast

import numpy as np
import pytest
from numpy.typing import NDArray
from program import BAD_DATA, USAGE

from record.traces import array_of, called, entries_of, manifest_of, reals_of, same_in_lockstep

RANDOM = np.random.default_rng(11)
CONV = RANDOM.standard_normal((4, 3, 3, 3)).astype(np.float32)
INTEGERS = RANDOM.integers(-127, 128, (4, 4, 3, 3)).astype(np.int8)
DENSE = RANDOM.standard_normal((16, 6)).astype(np.float32)
STEPS = np.array([0.01, 0.02, 0.03, 0.04], np.float32)
NIBBLES = RANDOM.integers(-8, 8, (3, 5)).astype(np.int8)
BF16 = RANDOM.integers(0, 1 << 15, (2, 3)).astype(np.uint16)


def packed(nibbles: NDArray[np.int8]) -> bytes:
    """Two 4-bit integers in a byte, the first in its lower half."""
    flat = [int(n) & 15 for n in nibbles.reshape(-1)]
    return bytes(low | high << 4 for low, high in itertools.zip_longest(flat[::2], flat[1::2], fillvalue=0))


# --- ONNX ----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def onnx_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A convolution, a quantised convolution behind it, a product; 4-bit and bf16 initializers."""
    onnx: Any = pytest.importorskip("onnx", reason="onnx is not installed")
    pytest.importorskip("onnxruntime", reason="onnxruntime is not installed")
    types, make = onnx.TensorProto, onnx.helper.make_node
    arrays = {
        "conv/w": CONV,
        "quant/w": INTEGERS,
        "w_scale": STEPS,
        "w_zero": np.zeros(4, np.int8),
        "x_scale": np.float32(0.05),
        "x_zero": np.uint8(10),
        "dense/w": DENSE,
        "shape": np.array([0, -1], np.int64),
    }
    initializers = [onnx.numpy_helper.from_array(np.asarray(values), name) for name, values in arrays.items()]
    initializers.append(onnx.helper.make_tensor("int4", types.INT4, NIBBLES.shape, packed(NIBBLES), raw=True))
    initializers.append(onnx.helper.make_tensor("bf16", types.BFLOAT16, BF16.shape, BF16.tobytes(), raw=True))
    quantised = ["q", "x_scale", "x_zero", "quant/w", "w_scale", "w_zero", "x_scale", "x_zero"]
    nodes = [
        make("Conv", ["x", "conv/w"], ["conv"]),
        make("Relu", ["conv"], ["relu"]),
        make("QuantizeLinear", ["relu", "x_scale", "x_zero"], ["q"]),
        make("QLinearConv", quantised, ["quant"]),
        make("DequantizeLinear", ["quant", "x_scale", "x_zero"], ["real"]),
        make("Reshape", ["real", "shape"], ["flat"]),
        make("MatMul", ["flat", "dense/w"], ["y"]),
    ]
    x = onnx.helper.make_tensor_value_info("x", types.FLOAT, ["n", 3, 6, 6])
    y = onnx.helper.make_tensor_value_info("y", types.FLOAT, ["n", 6])
    graph = onnx.helper.make_graph(nodes, "small", [x], [y], initializers)
    model = onnx.helper.make_model(graph, opset_imports=[onnx.helper.make_opsetid("", 21)])
    model.ir_version = 10
    path = tmp_path_factory.mktemp("onnx") / "small.onnx"
    onnx.save(model, path)
    return path


@pytest.fixture(scope="module")
def onnx_trace(onnx_file: Path) -> Path:
    folder = onnx_file.parent / "trace"
    assert called(str(onnx_file), "-o", str(folder), "--shape", "2x3x6x6") == 0
    return folder


def test_an_onnx_file_decodes_in_lockstep(onnx_trace: Path) -> None:
    values = ["x", "conv", "relu", "q", "quant", "real", "flat", "y"]
    assert list(entries_of(onnx_trace)) == ["conv/w", "quant/w", "dense/w", "int4", "bf16", *values]
    same_in_lockstep(onnx_trace)


def test_integers_of_an_onnx_file_are_recorded_as_they_are(onnx_trace: Path) -> None:
    entries = entries_of(onnx_trace)
    assert np.array_equal(array_of(onnx_trace, "quant/w"), INTEGERS)
    assert np.array_equal(array_of(onnx_trace, "int4"), NIBBLES)
    assert (entries["int4"]["bits"], entries["int4"]["dtype"]) == (4, "int8")
    said = entries["quant/w"]
    assert (said["scale"], said["zero_point"], said["axis"]) == (
        STEPS.tolist(),
        [0] * 4,
        0,
    )
    for name in ("q", "quant"):
        assert (entries[name]["scale"], entries[name]["zero_point"]) == ([float(np.float32(0.05))], [10])
        assert entries[name]["quantiser"] == "the model's"


def test_values_of_an_onnx_file_are_those_of_a_run(onnx_file: Path, onnx_trace: Path) -> None:
    runtime: Any = pytest.importorskip("onnxruntime")
    x = np.random.default_rng(1).standard_normal((2, 3, 6, 6)).astype(np.float32)
    y = runtime.InferenceSession(str(onnx_file), providers=["CPUExecutionProvider"]).run(None, {"x": x})[0]
    for name, expected in (("x", x), ("y", y)):
        step = entries_of(onnx_trace)[name]["scale"][0]
        assert np.abs(reals_of(onnx_trace, name) - expected).max() <= 0.5001 * step
    assert np.allclose(reals_of(onnx_trace, "real"), reals_of(onnx_trace, "quant"), atol=0.05)
    assert np.abs(reals_of(onnx_trace, "dense/w") - DENSE).max() <= np.abs(DENSE).max() / 250
    assert entries_of(onnx_trace)["dense/w"]["axis"] == 1  # a product's outputs are columns


def test_the_manifest_of_an_onnx_file_says_what_was_left_out_and_how_it_was_made(onnx_trace: Path) -> None:
    manifest = manifest_of(onnx_trace)
    assert [one["name"] for one in manifest["not_recorded"]] == ["w_scale", "w_zero", "x_scale", "x_zero", "shape"]
    assert manifest["not_recorded"][-1]["why"] == "int64 is no type of a trace"
    recorder = manifest["recorder"]
    assert recorder["model"]["opsets"] == {"ai.onnx": 21} and len(recorder["model"]["sha256"]) == 64
    assert {"numpy", "onnx", "onnxruntime", "python"} == set(recorder["packages"])
    assert (recorder["inputs"]["random"], recorder["inputs"]["seed"], recorder["inputs"]["shapes"]) == (
        True,
        1,
        {"x": [2, 3, 6, 6]},
    )


def test_floats_of_an_onnx_file_may_stay_floats(onnx_file: Path, tmp_path: Path) -> None:
    assert called(str(onnx_file), "-o", str(tmp_path / "t"), "--weights", "bf16", "--activations", "fp16") == 0
    entries = entries_of(tmp_path / "t")
    assert (entries["conv/w"]["dtype"], entries["bf16"]["dtype"], entries["conv"]["dtype"]) == ("bf16", "bf16", "fp16")
    assert np.array_equal(array_of(tmp_path / "t", "bf16"), BF16)
    assert entries["int4"]["bits"] == 4


# --- TFLite --------------------------------------------------------------------------------------

FULLY = RANDOM.integers(-127, 128, (4, 16)).astype(np.int8)
BIAS = RANDOM.integers(-100, 100, 4).astype(np.int32)


class Flat:
    """A .tflite file by the interpreter's own schema."""

    def __init__(self, schema: Any) -> None:
        self.schema = schema
        self.model = schema.ModelT()
        self.model.version, self.model.buffers = 3, [schema.BufferT()]
        self.graph = schema.SubGraphT()
        self.graph.tensors, self.graph.operators = [], []
        self.model.subgraphs, self.model.operatorCodes = [self.graph], []

    def add(
        self, name: str, kind: str, shape: tuple[int, ...], data: bytes = b"", scale: Any = None, zero_point: Any = None
    ) -> int:
        tensor = self.schema.TensorT()
        tensor.name, tensor.type, tensor.shape = name, getattr(self.schema.TensorType, kind), list(shape)
        tensor.buffer = 0
        if data:
            buffer = self.schema.BufferT()
            buffer.data = np.frombuffer(data, np.uint8)
            self.model.buffers.append(buffer)
            tensor.buffer = len(self.model.buffers) - 1
        if scale is not None:
            tensor.quantization = self.schema.QuantizationParametersT()
            tensor.quantization.scale, tensor.quantization.zeroPoint = scale, zero_point
            tensor.quantization.quantizedDimension = 0
        self.graph.tensors.append(tensor)
        return len(self.graph.tensors) - 1

    def run(self, name: str, version: int, inputs: list[int], outputs: list[int], options: str = "") -> None:
        code = self.schema.OperatorCodeT()
        code.builtinCode = code.deprecatedBuiltinCode = getattr(self.schema.BuiltinOperator, name)
        code.version = version
        self.model.operatorCodes.append(code)
        operator = self.schema.OperatorT()
        operator.opcodeIndex, operator.inputs, operator.outputs = len(self.model.operatorCodes) - 1, inputs, outputs
        if options:
            operator.builtinOptionsType = getattr(self.schema.BuiltinOptions, options)
            operator.builtinOptions = getattr(self.schema, options + "T")()
        self.graph.operators.append(operator)

    def bytes(self, inputs: list[int], outputs: list[int]) -> bytes:
        flatbuffers: Any = pytest.importorskip("flatbuffers")
        self.graph.inputs, self.graph.outputs = inputs, outputs
        builder = flatbuffers.Builder(1024)
        builder.Finish(self.model.Pack(builder), file_identifier=b"TFL3")
        return bytes(builder.Output())


@pytest.fixture(scope="module")
def tflite_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A fully connected layer in int8 and a logistic function behind it; 4-bit, fp16 and a float constant."""
    flat = Flat(pytest.importorskip("ai_edge_litert.schema_py_generated", reason="ai-edge-litert is not installed"))
    x = flat.add("x", "INT8", (2, 16), scale=[0.05], zero_point=[3])
    w = flat.add("w", "INT8", FULLY.shape, FULLY.tobytes(), [0.01, 0.02, 0.03, 0.04], [0] * 4)
    b = flat.add("b", "INT32", BIAS.shape, BIAS.tobytes(), [0.0005] * 4, [0] * 4)
    y = flat.add("y", "INT8", (2, 4), scale=[0.1], zero_point=[-5])
    z = flat.add("y", "INT8", (2, 4), scale=[1 / 256], zero_point=[-128])
    flat.add("int4", "INT4", NIBBLES.shape, packed(NIBBLES), [0.5], [0])
    flat.add("half", "FLOAT16", (5,), np.arange(5, dtype=np.float16).tobytes())
    flat.add("real", "FLOAT32", DENSE.shape, DENSE.tobytes())
    flat.run("FULLY_CONNECTED", 4, [x, w, b], [y], "FullyConnectedOptions")
    flat.run("LOGISTIC", 2, [y], [z])
    path = tmp_path_factory.mktemp("tflite") / "small.tflite"
    path.write_bytes(flat.bytes([x], [z]))
    return path


@pytest.fixture(scope="module")
def tflite_trace(tflite_file: Path) -> Path:
    np.save(tflite_file.parent / "x.npy", RANDOM.integers(-128, 128, (2, 16)).astype(np.int8))
    folder = tflite_file.parent / "trace"
    assert called(str(tflite_file), "-o", str(folder), "--inputs", str(tflite_file.parent / "x.npy")) == 0
    return folder


def test_a_tflite_file_decodes_in_lockstep(tflite_trace: Path) -> None:
    assert list(entries_of(tflite_trace)) == ["w", "int4", "half", "real", "x", "y", "y#2"]
    same_in_lockstep(tflite_trace)


def test_constants_of_a_tflite_file_are_recorded_as_they_are(tflite_trace: Path) -> None:
    entries = entries_of(tflite_trace)
    assert np.array_equal(array_of(tflite_trace, "w"), FULLY)
    assert np.array_equal(array_of(tflite_trace, "int4"), NIBBLES) and entries["int4"]["bits"] == 4
    assert entries["w"]["scale"] == STEPS.tolist()
    assert (entries["w"]["axis"], entries["int4"]["scale"]) == (0, [0.5])
    assert entries["real"]["quantiser"] == entries["half"]["quantiser"] == "int8-channel-minmax"
    assert manifest_of(tflite_trace)["not_recorded"] == [{"name": "b", "why": "INT32 is no type of a trace"}]


def test_values_of_a_tflite_file_are_those_of_a_run(tflite_file: Path, tflite_trace: Path) -> None:
    x = np.load(tflite_file.parent / "x.npy")
    assert np.array_equal(array_of(tflite_trace, "x"), x)
    weights = FULLY * STEPS[:, np.newaxis]
    real = (x.astype(np.float64) - 3) * 0.05 @ weights.T.astype(np.float64) + BIAS * 0.0005
    y = np.clip(np.rint(real / 0.1) - 5, -128, 127)
    assert np.abs(array_of(tflite_trace, "y") - y).max() <= 1
    assert np.abs(reals_of(tflite_trace, "y#2") - 1 / (1 + np.exp(-reals_of(tflite_trace, "y")))).max() <= 2 / 256
    recorder = manifest_of(tflite_trace)["recorder"]
    assert set(recorder["packages"]) == {"ai-edge-litert", "numpy", "python"}
    assert recorder["inputs"]["file"] == "x.npy" and len(recorder["inputs"]["sha256"]) == 64


# --- what is wrong -------------------------------------------------------------------------------


def test_damaged_models_end_with_one_line(
    onnx_file: Path, tflite_file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    random = np.random.default_rng(12)
    for good in (onnx_file, tflite_file):
        whole = np.frombuffer(good.read_bytes(), np.uint8)
        damaged = [whole[: len(whole) // 2], whole[:0], random.integers(0, 256, 300).astype(np.uint8)]
        for i, content in enumerate(damaged):
            path = tmp_path / f"bad{i}{good.suffix}"
            path.write_bytes(content.tobytes())
            assert called(str(path), "-o", str(tmp_path / "out")) == BAD_DATA
            error = capsys.readouterr().err.splitlines()
            assert error[-1].startswith(f"transom record: {path}: cannot be recorded: "), error
            assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        (["--shape", "3x6x6"], USAGE, "input 'x': shape [3, 6, 6], not ?x3x6x6; give another array or shape"),
        (["--shape", "1x3x6x6", "--shape", "1x3x6x6"], USAGE, "2 shapes for a model of 1 inputs"),
        (["--inputs", "{}/two.npz"], USAGE, "two.npz: 2 arrays for a model of 1 inputs"),
        (["--inputs", "{}/text.npy"], BAD_DATA, "text.npy: is no .npz or .npy"),
        (["--inputs", "{}/two.npz", "--shape", "1"], USAGE, "--shape has no effect: --inputs brings them"),
        (["--inputs", "{}/nan.npy"], BAD_DATA, "tensor 'x': the value at (0, 0, 0, 0) is nan"),
        (["--activations", "keep"], USAGE, "tensor 'x': float32 is no type of a trace"),
        (["--part", "7"], USAGE, "--part has no effect"),
    ],
)
def test_inputs_that_do_not_fit_end_with_one_line(
    onnx_file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], words: list[str], code: int, message: str
) -> None:
    np.savez(tmp_path / "two.npz", np.zeros(3), np.zeros(3))
    np.save(tmp_path / "nan.npy", np.full((1, 3, 6, 6), np.nan, np.float32))
    (tmp_path / "text.npy").write_text("no array")
    assert called(str(onnx_file), "-o", str(tmp_path / "out"), *(word.format(tmp_path) for word in words)) == code
    error = capsys.readouterr().err
    assert message in error and error.startswith("transom record: ") and error.count("\n") == 1
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(("suffix", "package"), [("onnx", "onnx"), ("tflite", "ai_edge_litert.interpreter")])
def test_a_package_that_is_missing_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, suffix: str, package: str
) -> None:
    monkeypatch.setitem(cast(dict[str, Any], sys.modules), package, None)
    (tmp_path / f"m.{suffix}").write_bytes(b"")
    assert called(str(tmp_path / f"m.{suffix}"), "-o", str(tmp_path / "out")) == BAD_DATA
    assert "pip install 'transom[record]'" in capsys.readouterr().err
