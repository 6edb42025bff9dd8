"""__main__.py — the command line: python3 -m transom.bbans quantise|real|train|compare."""
# SPDX-License-Identifier: Apache-2.0

import argparse
import json
import sys
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from transom import files
from transom.errors import BAD_DATA, DataError, ToolError
from transom.files import put, write_whole
from transom.parser import Parser

from . import compare, images
from .model_file import Model, RealModel
from .network import Network, read_bits_back
from .quantise import quantise, unquantised

NAME = "transom bbans"
NEEDED = "python3-numpy, python3-torch, python3-sklearn, python3-pil"
EPILOG = """\
examples:
  transom bbans train digits -o digits.tvae --parameters digits.params
  python3 -m transom.bbans quantise torch_binary_vae_params_random mnist.npy --threshold 128 -o mnist.tvae
  python3 -m transom.bbans real torch_binary_vae_params_random -o mnist.tvar

Exit code: 0 fine, 2 usage, 3 bad or damaged data, or what cannot be read or written.
"""


def _parser() -> argparse.ArgumentParser:
    parser = Parser(
        prog=NAME, description="Models of images for `transom bbans encode`.", epilog=EPILOG, allow_abbrev=False,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )  # fmt: skip
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")

    def add(verb: str, what: str) -> argparse.ArgumentParser:
        return verbs.add_parser(verb, help=what, description=what, epilog=EPILOG, allow_abbrev=False,
                                formatter_class=argparse.RawDescriptionHelpFormatter)  # fmt: skip

    quantised = add("quantise", "a model file of real parameters, as bits-back's training writes them")
    real = add("real", "the same parameters as they are, for `encode --floating-point`: what it writes decodes only "
                       "where numbers are computed alike")  # fmt: skip
    for verb in (quantised, real):
        verb.add_argument("parameters", metavar="PARAMETERS", type=Path, help="by torch.save, in its old form")
    trained = add("train", "train a model of images, of 0 and 1 or of 0 to their largest pixel, and quantise it; the "
                           "same bytes for the same seed here")  # fmt: skip
    for verb in (quantised, trained):
        verb.add_argument("images", metavar="IMAGES",
                          help="a .npy of images, or digits: the first half of scikit-learn's digits, or "
                               "grey-digits: the same in their 17 levels")  # fmt: skip
        verb.add_argument("--threshold", metavar="T", type=int,
                          help="1 where a pixel is at least T, else 0 (default: as they are; of digits 8)")  # fmt: skip
    for verb in (quantised, real, trained):
        verb.add_argument("-o", "--output", metavar="MODEL", type=Path, required=True, help="the model file to write")
        verb.add_argument("--json", action="store_true", help="print the result as JSON")
    trained.add_argument("--parameters", metavar="FILE", type=Path, help="also write the real parameters, for quantise")
    trained.add_argument("--hidden", type=int, default=100, help="units of each hidden layer (default: 100)")
    trained.add_argument("--latents", type=int, default=8, help="latent variables (default: 8)")
    trained.add_argument("--epochs", type=int, default=300, help="(default: 300)")
    trained.add_argument("--seed", type=int, default=1, help="(default: 1)")
    add("compare", "bits per dimension of the .npy on stdin by gzip, bz2, lzma, PNG and WebP, as JSON")
    return parser


def _write(arguments: argparse.Namespace, model: Model | RealModel) -> int:
    data = model.to_bytes()
    write_whole(arguments.output, data)
    result = {
        "model": str(arguments.output),
        "bytes": len(data),
        "digest": int.from_bytes(data[-4:], "little"),
        "observation": model.observation,
        "pixels": model.pixels,
        "latents": model.latents,
    }
    if arguments.json:
        return put(json.dumps(result, indent=2) + "\n")
    return put(f"{result['model']}: {result['bytes']} bytes, {result['observation']}, {result['pixels']} pixels, "
               f"{result['latents']} latent variables\n")  # fmt: skip


def _model(arguments: argparse.Namespace) -> Model | RealModel:
    if arguments.verb == "real":
        return unquantised(read_bits_back(arguments.parameters))
    pictures = images.read(arguments.images, arguments.threshold)
    return quantise(_network(arguments, pictures), pictures)


def _network(arguments: argparse.Namespace, pictures: NDArray[np.uint8]) -> Network:
    if arguments.verb == "train":
        from . import train  # noqa: PLC0415  needs torch

        sizes = train.Sizes(arguments.hidden, arguments.latents, arguments.epochs)
        data = train.train(pictures, sizes, arguments.seed)
        if arguments.parameters:
            write_whole(arguments.parameters, data)
        return train.network_of(data)
    network = read_bits_back(arguments.parameters)
    pixels = network.recogniser[0].weights.shape[1]
    if pixels != pictures.shape[1]:
        raise DataError(f"{arguments.images}: shape: images have {pictures.shape[1]} pixels, the parameters are of "
                        f"{pixels}; give images of that model")  # fmt: skip
    return network


def _run(arguments: argparse.Namespace) -> int:
    if arguments.verb == "compare":
        return put(json.dumps(compare.compare(images.read_stdin())) + "\n")
    return _write(arguments, _model(arguments))


def main() -> int:
    try:
        return _run(_parser().parse_args())
    except ToolError as error:
        print(f"transom: bbans: {files.printable(error)}", file=sys.stderr)
        return error.exit_code
    except ModuleNotFoundError as error:
        print(f"transom: bbans: no Python module {error.name}; install {NEEDED}", file=sys.stderr)
        return BAD_DATA


if __name__ == "__main__":
    sys.exit(files.run("transom: bbans", main))
