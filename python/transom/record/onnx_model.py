"""onnx_model.py — .onnx files: initializers as weights, and what onnxruntime makes of given inputs.

Every value of the main graph becomes an output of it, so that one run gives them all; onnxruntime fuses nothing then.
Scales are taken from the nodes that quantise and dequantise (ONNX operators QuantizeLinear, DequantizeLinear,
QLinearConv, QLinearMatMul).
"""
# SPDX-License-Identifier: Apache-2.0

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from transom.files import FileError, printable, read_file

from .inputs import Arrays, Wanted
from .models import Found, Job, Kind, add, unpack_nibbles
from .provenance import file_of, need, versions
from .trace import TraceWriter, new_trace

# Of an operator: the input (or -1: the output) that is quantised, and where its scale is; the zero point is behind it.
QUANTISED_AT = {
    "QuantizeLinear": ((-1, 1),),
    "DequantizeLinear": ((0, 1),),
    "QLinearConv": ((0, 1), (3, 4), (-1, 6)),
    "QLinearMatMul": ((0, 1), (3, 4), (-1, 6)),
}
# Types that numpy has not: numpy's type of their bits, the float type.
BITS_OF = {"BFLOAT16": ("<u2", "bf16"), "FLOAT8E4M3FN": ("u1", "fp8_e4m3"), "FLOAT8E5M2": ("u1", "fp8_e5m2")}
NIBBLES = {"INT4": True, "UINT4": False}
INPUT_TYPES = {"float": "float32", "double": "float64"}  # the others have numpy's names


def record_onnx(job: Job) -> TraceWriter:
    """Records the model's initializers and all values of a run. Returns the writer, for its counts.

    Raises MissingPackageError, FileError for the model or the inputs' file, ValueError for inputs that do not fit and
    for a tensor that a quantiser cannot take, and what new_trace() raises.
    """
    onnx, runtime = need("onnx", "onnx"), need("onnxruntime", "onnxruntime")
    model = _load(onnx, job.model)
    graph = _Graph(onnx, model.graph)
    try:
        weights = list(graph.weights())
    except ValueError as error:
        raise _refused(job.model, error) from error
    session, names = _session(runtime, onnx, model, job.model)
    arrays = job.inputs.arrays([_wanted(one) for one in session.get_inputs()])
    about = {
        "model": {**file_of(job.model), "opsets": {one.domain or "ai.onnx": one.version for one in model.opset_import}},
        "inputs": job.inputs.manifest(arrays),
        "packages": versions("onnx", "onnxruntime"),
        "quantisers": job.quantisers.manifest(),
        **job.recorder,
    }
    with new_trace(job.folder, job.meta, about) as trace:
        for weight in weights:
            if weight.name in graph.parameters:
                trace.skip(weight.name, "a scale or zero point, which the tensor that it is of has")
            else:
                add(trace, weight, job.quantisers)
        for name, value in {**arrays, **_run(session, names, arrays, job.model)}.items():
            if isinstance(value, np.ndarray):
                kind: Kind = "weight" if name in graph.constants else "activation"
                add(trace, graph.quantised(Found(printable(name), value, kind), name), job.quantisers)
            else:
                trace.skip(printable(name), f"a {type(value).__name__} is no tensor")
    return trace


class _Graph:
    """What the main graph says of its values."""

    def __init__(self, onnx: Any, graph: Any) -> None:
        self._onnx = onnx
        self._initializers = {one.name: one for one in graph.initializer}
        self.constants: dict[str, Any] = {}  # by their outputs
        self.parameters: set[str] = set()  # scales and zero points
        self._scale_of: dict[str, tuple[str, str, int]] = {}  # of a value: scale, zero point, axis
        self._channels: dict[str, int] = {}  # of a weight: the dimension of its outputs
        for node in graph.node:
            self._look_at(node)

    def _look_at(self, node: Any) -> None:
        attributes = {one.name: one for one in node.attribute}
        if node.op_type == "Constant" and "value" in attributes:
            self.constants[node.output[0]] = attributes["value"].t
        if node.op_type in ("MatMul", "ConvTranspose") and len(node.input) > 1:
            self._channels[node.input[1]] = 1 if node.op_type == "ConvTranspose" else -1
        if node.op_type == "Gemm" and len(node.input) > 1:
            self._channels[node.input[1]] = 0 if "transB" in attributes and attributes["transB"].i else -1
        for which, at in QUANTISED_AT.get(node.op_type, ()):
            scale, zero_point = (node.input[i] if i < len(node.input) else "" for i in (at, at + 1))
            axis = {"QLinearConv": 0, "QLinearMatMul": -1}.get(node.op_type, 1)
            if "axis" in attributes:
                axis = attributes["axis"].i
            self._scale_of[node.output[0] if which < 0 else node.input[which]] = (scale, zero_point, axis)
            self.parameters.update((scale, zero_point))

    def weights(self) -> Iterator[Found]:
        """Raises ValueError for an initializer that is not what it says."""
        for name, stored in self._initializers.items():
            found = self._stored(stored)
            if found.values.dtype.kind == "f" or found.floats is not None:
                found = replace(found, axis=self._channels.get(name))
            yield self.quantised(found, name)

    def quantised(self, found: Found, name: str) -> Found:
        """With its scales, where the graph has them as constants."""
        scale_name, zero_name, axis = self._scale_of.get(name, ("", "", 0))
        scale = self._constant(scale_name)
        if scale is None or found.values.dtype.kind not in "iu" or found.values.ndim == 0:
            return found
        if scale.size not in (1, found.values.shape[axis % found.values.ndim]) or scale.ndim > 1:
            return found  # by blocks, or not what it says
        zero_point = self._constant(zero_name)
        zeros = np.zeros(scale.size, int) if zero_point is None or zero_point.size != scale.size else zero_point
        return replace(
            found,
            scale=scale.reshape(-1).tolist(),
            zero_point=zeros.reshape(-1).tolist(),
            axis=axis % found.values.ndim,
        )

    def _constant(self, name: str) -> NDArray[Any] | None:
        stored = self._initializers.get(name, self.constants.get(name))
        return None if stored is None else self._stored(stored).values

    def _stored(self, stored: Any) -> Found:
        """A TensorProto. Its bits where numpy has no such type."""
        name, shape = printable(stored.name), tuple(stored.dims)
        kind = self._onnx.TensorProto.DataType.Name(stored.data_type)
        if kind not in BITS_OF and kind not in NIBBLES:
            return Found(name, self._onnx.numpy_helper.to_array(stored), "weight")
        storage, floats = BITS_OF.get(kind, ("u1", None))
        if stored.raw_data:
            bits = np.frombuffer(stored.raw_data, storage)
        else:
            bits = np.array(stored.int32_data, np.int64).astype(storage)
        if floats is not None:
            return Found(name, bits.reshape(shape), "weight", floats)
        return Found(name, unpack_nibbles(bits, shape, NIBBLES[kind]), "weight", bits=4)


def _refused(path: Path, error: Exception) -> FileError:
    what = printable(str(error).strip().partition("\n")[0])
    return FileError(f"{printable(path)}: cannot be recorded: {what}; check the model with onnx.checker")


def _load(onnx: Any, path: Path) -> Any:
    content = read_file(path)
    try:
        model = onnx.load_model_from_string(content)
        onnx.load_external_data_for_model(model, str(path.parent))
    except Exception as error:  # protobuf's and onnx's own errors have no common base
        raise _refused(path, error) from error
    return model


def _session(runtime: Any, onnx: Any, model: Any, path: Path) -> tuple[Any, list[str]]:
    """Ready to run, and the values that it gives."""
    outputs = {one.name for one in model.graph.output}
    made = [name for node in model.graph.node for name in node.output if name]
    for name in made:
        if name not in outputs:
            model.graph.output.append(onnx.helper.make_empty_tensor_value_info(name))
    options = runtime.SessionOptions()
    options.graph_optimization_level = runtime.GraphOptimizationLevel.ORT_DISABLE_ALL
    options.intra_op_num_threads = 1  # sums in one order
    runtime.set_default_logger_severity(4)  # what is wrong is raised; initializers that nobody uses are not
    options.log_severity_level = 4
    try:
        return runtime.InferenceSession(model.SerializeToString(), options, ["CPUExecutionProvider"]), made
    except Exception as error:  # onnxruntime's errors have no common base
        raise _refused(path, error) from error


def _wanted(declared: Any) -> Wanted:
    kind = str(declared.type).removeprefix("tensor(").removesuffix(")")
    try:
        dtype = np.dtype(INPUT_TYPES.get(kind, kind))
    except TypeError as error:
        raise ValueError(f"input {declared.name!r}: {declared.type} cannot be given as an array") from error
    return Wanted(declared.name, dtype, tuple(size if isinstance(size, int) else None for size in declared.shape))


def _run(session: Any, names: list[str], arrays: Arrays, path: Path) -> dict[str, Any]:
    try:
        return dict(zip(names, session.run(names, arrays), strict=True))
    except Exception as error:  # onnxruntime's errors have no common base
        raise _refused(path, error) from error
