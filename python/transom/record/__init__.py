"""transom.record — records the tensors of neural networks as trace folders, which all of Transom reads.

`transom record` does it from the command line; here are arrays of your own (record, new_trace), PyTorch's modules
(Recorder, record_module) and files (record_onnx, record_tflite, record_safetensors). numpy is all that the first two
and safetensors want; each other names its package where that is missing.
"""
# SPDX-License-Identifier: Apache-2.0

from .inputs import Inputs
from .models import Job
from .modules import Recorder, record_module
from .onnx_model import record_onnx
from .provenance import MissingPackageError
from .quantisers import Quantiser, Quantisers, find_quantiser
from .safetensors_file import record_safetensors
from .tflite_model import record_tflite
from .trace import Tensor, TraceWriter, new_trace, record

__all__ = [
    "Inputs",
    "Job",
    "MissingPackageError",
    "Quantiser",
    "Quantisers",
    "Recorder",
    "Tensor",
    "TraceWriter",
    "find_quantiser",
    "new_trace",
    "record",
    "record_module",
    "record_onnx",
    "record_safetensors",
    "record_tflite",
]
