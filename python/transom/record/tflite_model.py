"""tflite_model.py — .tflite files: constants as weights, and what LiteRT's interpreter makes of given inputs.

The interpreter checks the file first, runs without delegates, which would hide values, and keeps every value of the
main subgraph. Weights are read from the file's own buffers, 4-bit ones unpacked.
"""
# SPDX-License-Identifier: Apache-2.0

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from transom.files import FileError, printable, read_file

from .inputs import Arrays, Wanted
from .models import Found, Job, add, unpack_nibbles
from .provenance import file_of, need, versions
from .trace import TraceWriter, new_trace

PACKAGE = "ai-edge-litert"
# Of a type: numpy's, and the float type that it holds the bits of.
TYPES = {
    "FLOAT32": ("<f4", None),
    "FLOAT16": ("<f2", None),
    "FLOAT64": ("<f8", None),
    "BFLOAT16": ("<u2", "bf16"),
    "INT8": ("i1", None),
    "UINT8": ("u1", None),
    "INT16": ("<i2", None),
    "UINT16": ("<u2", None),
}


def record_tflite(job: Job) -> TraceWriter:
    """Records the constants of the main subgraph and all values of a run. Returns the writer, for its counts.

    Raises MissingPackageError, FileError for the model or the inputs' file, ValueError for inputs that do not fit and
    for a tensor that a quantiser cannot take, and what new_trace() raises.
    """
    litert = need("ai_edge_litert.interpreter", PACKAGE)
    schema = need("ai_edge_litert.schema_py_generated", PACKAGE)
    content = read_file(job.model)
    interpreter = _interpreter(litert, content, job.model)
    details = interpreter.get_input_details()
    arrays = job.inputs.arrays([_wanted(one) for one in details])
    _run(interpreter, details, arrays, job.model)
    about = {
        "model": file_of(job.model),
        "inputs": job.inputs.manifest(arrays),
        "packages": versions(PACKAGE),
        "quantisers": job.quantisers.manifest(),
        **job.recorder,
    }
    with new_trace(job.folder, job.meta, about) as trace:
        for found in _Subgraph(schema, content, interpreter).tensors():
            if isinstance(found, Found):
                add(trace, found, job.quantisers)
            else:
                trace.skip(*found)
    return trace


class _Subgraph:
    """The main one, with the values that the interpreter has after a run."""

    def __init__(self, schema: Any, content: bytes, interpreter: Any) -> None:
        self._model = schema.Model.GetRootAs(content, 0)
        self._content = content
        self._graph = self._model.Subgraphs(0)
        self._interpreter = interpreter
        self._type_names = {number: name for name, number in vars(schema.TensorType).items() if name.isupper()}
        self._times: dict[str, int] = {}

    def tensors(self) -> Iterator[Found | tuple[str, str]]:
        """Each tensor, constants first; or its name and why it cannot be recorded."""
        indices = range(self._graph.TensorsLength())
        constants = [i for i in indices if len(self._data(self._graph.Tensors(i)))]
        for i in constants:
            tensor = self._graph.Tensors(i)
            yield self._constant(self._name(tensor), tensor)
        for i in sorted(set(indices) - set(constants)):
            tensor = self._graph.Tensors(i)
            name = self._name(tensor)
            try:
                values = self._interpreter.get_tensor(i)
            except ValueError as error:
                yield name, printable(error)
                continue
            yield self._quantised(Found(name, values), tensor)

    def _name(self, tensor: Any) -> str:
        """Names are free, so the same may come again."""
        name = printable((tensor.Name() or b"").decode(errors="backslashreplace")) or "unnamed"
        times = self._times[name] = self._times.get(name, 0) + 1
        return name if times == 1 else f"{name}#{times}"

    def _data(self, tensor: Any) -> NDArray[np.uint8]:
        buffer = self._model.Buffers(tensor.Buffer())
        if buffer.Offset() > 1:  # behind the flatbuffer: a file of over 2 GB
            return np.frombuffer(self._content, np.uint8, buffer.Size(), buffer.Offset())
        return buffer.DataAsNumpy() if buffer.DataLength() else np.zeros(0, np.uint8)

    def _constant(self, name: str, tensor: Any) -> Found | tuple[str, str]:
        shape = tuple(tensor.ShapeAsNumpy()) if tensor.ShapeLength() else ()
        kind = self._type_names.get(tensor.Type(), "unknown")
        data = self._data(tensor)
        if kind == "INT4":
            return self._quantised(Found(name, unpack_nibbles(data, shape, signed=True), "weight", bits=4), tensor)
        if kind not in TYPES:
            return name, f"{kind} is no type of a trace"
        storage, floats = TYPES[kind]
        return self._quantised(Found(name, data.view(storage).reshape(shape), "weight", floats), tensor)

    def _quantised(self, found: Found, tensor: Any) -> Found:
        """With its scales, where it has any."""
        told = tensor.Quantization()
        if told is None or not told.ScaleLength() or found.values.dtype.kind not in "iu":
            return found
        axis = int(told.QuantizedDimension())
        n = int(told.ScaleLength())
        if n != 1 and (axis >= found.values.ndim or n != found.values.shape[axis]):
            return found
        zeros = told.ZeroPointAsNumpy() if told.ZeroPointLength() == n else np.zeros(n, int)
        return Found(
            found.name,
            found.values,
            found.kind,
            bits=found.bits,
            scale=told.ScaleAsNumpy().tolist(),
            zero_point=zeros.tolist(),
            axis=axis,
        )


def _refused(path: Path, error: Exception) -> FileError:
    what = printable(str(error).strip().partition("\n")[0])
    return FileError(f"{printable(path)}: cannot be recorded: {what}; convert the model again")


def _interpreter(litert: Any, content: bytes, path: Path) -> Any:
    try:
        return litert.Interpreter(
            model_content=content,
            num_threads=1,
            experimental_op_resolver_type=litert.OpResolverType.BUILTIN_WITHOUT_DEFAULT_DELEGATES,
            experimental_preserve_all_tensors=True,
        )
    except (ValueError, RuntimeError) as error:
        raise _refused(path, error) from error


def _wanted(details: Any) -> Wanted:
    shape = details["shape_signature"] if len(details["shape_signature"]) else details["shape"]
    return Wanted(details["name"], np.dtype(details["dtype"]), tuple(None if size < 0 else int(size) for size in shape))


def _run(interpreter: Any, details: list[Any], arrays: Arrays, path: Path) -> None:
    try:
        for one in details:
            interpreter.resize_tensor_input(one["index"], arrays[one["name"]].shape)
        interpreter.allocate_tensors()
        for one in details:
            interpreter.set_tensor(one["index"], arrays[one["name"]])
        interpreter.invoke()
    except (ValueError, RuntimeError) as error:
        raise _refused(path, error) from error
