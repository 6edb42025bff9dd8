"""__main__.py — transom record: a model's tensors as a trace folder, or the default trace (`transom record digits`)."""
# SPDX-License-Identifier: Apache-2.0

import argparse
import json
import re
import sys
from collections.abc import Sequence
from pathlib import Path

from transom import files

from . import digits_command
from .factory import ModuleError, record_factory
from .inputs import Inputs
from .models import Job
from .onnx_model import record_onnx
from .provenance import MissingPackageError
from .quantisers import EXAMPLES, Quantisers, find_quantiser
from .safetensors_file import DEFAULT_PART, record_safetensors
from .tflite_model import record_tflite
from .trace import TensorError, TraceWriter

NAME = "transom record"
FINE, USAGE, BAD_DATA = 0, 2, 3
DESCRIPTION = """\
Records a model's weights, and the activations of one run, as a trace folder: one .npy per tensor and a manifest.json
that says how. Integers are taken as they are, floats go through a quantiser. SOURCE is a .onnx, .tflite or
.safetensors file (weights alone, streamed); --module names PyTorch's own. `transom record digits -o DIR` records the
default trace; its options are another matter: see its --help.
"""
EPILOG = f"""\
A quantiser is [u]intBITS-GRAIN-RANGE: BITS 4, 8 or 16; GRAIN tensor, channel or groupN; RANGE minmax or pPERCENTILE.
int is symmetric, uint has a zero point. Or it is keep (floats as they are: bf16, fp16, fp8), bf16, fp16. Such as:
{EXAMPLES}.
examples:
  transom record resnet.onnx --inputs images.npz -o traces/resnet
  transom record llama.safetensors -o traces/llama
  transom record --module torchvision.models:resnet18 --shape 1x3x224x224 --weights int4-group32 -o traces/resnet18
  transom cosim traces/resnet --lanes 4
Exit code: 0 fine, 2 usage, 3 a file or model that cannot be read, run or written.
"""


class UsageError(ValueError):
    """Options that do not go together."""


def main() -> int:
    if sys.argv[1:2] == ["digits"]:
        return digits_command.main(sys.argv[2:])
    options = _parser().parse_args()
    try:
        trace = _record(options)
    except (files.FileError, MissingPackageError, ModuleError, TensorError) as error:
        return _fail(error, BAD_DATA)
    except (ValueError, FileExistsError) as error:
        return _fail(error, USAGE)
    result = {
        "folder": str(options.output),
        "tensors": trace.n_tensors,
        "values": trace.n_values,
        "not_recorded": len(trace.not_recorded),
    }
    if options.json:
        return files.put(json.dumps(result) + "\n")
    left_out = (
        f"; {len(trace.not_recorded)} not recorded: see not_recorded in its manifest" if trace.not_recorded else ""
    )
    return files.put(
        f"{files.printable(options.output)}: {trace.n_tensors} tensors, {trace.n_values} values{left_out}\n"
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog=NAME, description=DESCRIPTION, epilog=EPILOG, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("source", metavar="SOURCE", nargs="?", help="a .onnx, .tflite or .safetensors file, or digits")
    parser.add_argument(
        "--module", metavar="PACKAGE.MODULE:FACTORY", help="what gives a torch.nn.Module, or that and its inputs"
    )
    parser.add_argument(
        "-o", "--output", metavar="DIR", type=Path, required=True, help="folder to write: absent or empty"
    )
    parser.add_argument(
        "--weights", metavar="QUANTISER", help="of floats (default int8-channel-minmax; of .safetensors keep)"
    )
    parser.add_argument("--activations", metavar="QUANTISER", help="of floats (default uint8-tensor-minmax)")
    parser.add_argument(
        "--inputs", metavar="FILE", type=Path, help=".npz with an array per input, or .npy of the only one"
    )
    parser.add_argument(
        "--shape",
        metavar="AxBx..",
        action="append",
        type=_shape,
        default=[],
        help="of a random input, in order (default: the model's, 1 for what it leaves open)",
    )
    parser.add_argument("--seed", metavar="S", type=int, help="of random inputs and of PyTorch's numbers (default 1)")
    parser.add_argument(
        "--part",
        metavar="N",
        type=int,
        help=f"values of a .safetensors that are a tensor at most (default {DEFAULT_PART})",
    )
    parser.add_argument(
        "--licence",
        metavar="TEXT",
        default="that of the model and of its inputs",
        help="for the manifest (default: %(default)s)",
    )
    parser.add_argument("--json", action="store_true", help="print the result as JSON")
    return parser


def _record(options: argparse.Namespace) -> TraceWriter:
    if (options.source is None) == (options.module is None):
        raise UsageError("name a SOURCE or a --module, one of them")
    suffix = "" if options.source is None else Path(options.source).suffix
    if options.source is not None and suffix not in (".onnx", ".tflite", ".safetensors"):
        raise UsageError(f"{files.printable(options.source)}: is neither .onnx, .tflite nor .safetensors, nor digits")
    streamed = suffix == ".safetensors"
    _require_effect(
        options, ("activations", "inputs", "shape", "seed") if streamed else ("part",), "it is not of this source"
    )
    if options.inputs is not None:
        _require_effect(options, ("shape",), "--inputs brings them")
    quantisers = Quantisers(
        find_quantiser(options.weights or ("keep" if streamed else "int8-channel-minmax")),
        find_quantiser(options.activations or "uint8-tensor-minmax"),
    )
    meta = {"licence": options.licence, "source": options.source or options.module}
    recorder = {"command": _command()}
    seed = 1 if options.seed is None else options.seed
    if streamed:
        part = DEFAULT_PART if options.part is None else options.part
        return record_safetensors(Path(options.source), options.output, meta, quantisers, part, recorder)
    inputs = Inputs(options.inputs, options.shape, seed)
    job = Job(Path(options.source or ""), options.output, meta, quantisers, inputs, recorder)
    if suffix == ".onnx":
        return record_onnx(job)
    if suffix == ".tflite":
        return record_tflite(job)
    return record_factory(options.module, job)


def _require_effect(options: argparse.Namespace, names: Sequence[str], why: str) -> None:
    """Raises UsageError for options that were given and would change nothing."""
    for name in names:
        if getattr(options, name):
            raise UsageError(f"--{name} has no effect: {why}; leave it away")


def _command() -> list[str]:
    """What was given but for the folder: wherever it is, the trace is the same."""
    words = iter(sys.argv[1:])
    kept = ["transom", "record"]
    for word in words:
        if word in ("-o", "--output"):
            next(words)
        elif not word.startswith(("-o", "--output=")):
            kept.append(word)
    return kept


def _shape(text: str) -> tuple[int, ...]:
    if not re.fullmatch(r"[1-9][0-9]{0,8}(x[1-9][0-9]{0,8}){0,7}", text):
        raise argparse.ArgumentTypeError(f"{text!r} is no shape; write one like 1x3x224x224")
    return tuple(int(size) for size in text.split("x"))


def _fail(error: Exception, code: int) -> int:
    print(f"{NAME}: {files.printable(error)}", file=sys.stderr)
    return code


if __name__ == "__main__":
    sys.exit(files.run(NAME, main))
