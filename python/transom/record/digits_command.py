"""digits_command.py — transom record digits: the default trace."""
# SPDX-License-Identifier: Apache-2.0

import argparse
import sys
from pathlib import Path

from .digits import DEFAULT_IMAGES, DEFAULT_SEED, N_HELD_OUT, record_digits

DESCRIPTION = """\
Trains a small CNN on scikit-learn's bundled 8x8 digits (some seconds, no download), quantises it to
integers, and records its weights and activations as a trace folder: one .npy per tensor and a
manifest.json. The same seed gives the same bytes on every machine.
"""
EPILOG = """\
example:
  transom record digits -o /tmp/digits              record the default trace
  transom cosim /tmp/digits --coding apack-tans     code it and decode it at every level

Exit code: 0 fine, 2 usage, 3 a file cannot be written.
`transom record --help` has models of your own.
"""
NAME = "transom record digits"
USAGE = 2


def main(words: list[str]) -> int:
    parser = argparse.ArgumentParser(
        prog=NAME,
        description=DESCRIPTION,
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "-o", "--output", metavar="DIR", type=Path, required=True, help="folder to write: absent or empty"
    )
    parser.add_argument(
        "--seed",
        metavar="S",
        type=int,
        default=DEFAULT_SEED,
        help="of the split, the first weights and the order of training, 0 to 2^32-1 (default %(default)s)",
    )
    parser.add_argument(
        "--images",
        metavar="N",
        type=int,
        default=DEFAULT_IMAGES,
        help="held-out images whose activations are "
        f"recorded, 1 to {N_HELD_OUT} (default %(default)s); each adds about 2 KB",
    )
    arguments = parser.parse_args(words)
    try:
        measured = record_digits(arguments.output, arguments.seed, arguments.images, _progress)
    except (ValueError, FileExistsError) as error:
        print(f"{NAME}: {error}", file=sys.stderr)
        return USAGE
    _progress(
        f"held-out accuracy: float {measured.floating:.2%}, int8 {measured.int8:.2%}, "
        f"4-bit dense1 {measured.int4_dense1:.2%}; wrote {arguments.output}"
    )
    return 0


def _progress(line: str) -> None:
    print(line, file=sys.stderr, flush=True)
