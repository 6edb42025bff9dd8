"""nvCOMP's ANS on files of raw bytes, timed on a device.

Each file's bytes are a tensor of byte values. Copies of it, together larger than the L2 cache (a file below 1 MB has
too few for that), are encoded and decoded one after the other; CUDA events around such a round give its time, and the
median of the rounds is told. What the timed rounds decoded from what the timed rounds encoded is compared with the
file, byte for byte.
Wants nvCOMP 6 for Python: pip install nvidia-nvcomp-cu12==6.0.0.12, or -cu13.
"""
# SPDX-License-Identifier: Apache-2.0

from __future__ import annotations

import argparse
import importlib
import json
import statistics
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from cuda_driver import Driver, NoDeviceError

MISMATCH, BAD_DATA = 1, 3
ROTATED_BYTES = 256 << 20  # the L2 cache of an H100 or H200 has 50 MB
MOST_COPIES = 256  # small files stay in the cache
WARM_UP = 2  # rounds
STALE = 0xA5  # in what is to be decoded to, before the timed rounds
Row = dict[str, Any]


class MismatchError(RuntimeError):
    """Other bytes came back."""


def seconds_of(driver: Driver, work: Callable[[int], object], n: int) -> float:
    """Seconds of work(0) .. work(n - 1) on the driver's stream."""
    start, stop = driver.event(), driver.event()
    driver.record(start)
    for i in range(n):
        work(i)
    driver.record(stop)
    return driver.seconds_between(start, stop)


def measure(nvcomp: Any, driver: Driver, path: Path, options: argparse.Namespace) -> Row:
    """A file's row. Raises MismatchError, ValueError, OSError."""
    values = np.fromfile(path, np.uint8)
    if values.size == 0:
        raise ValueError(f"{path}: has no bytes; name a file that has")
    n = min(max(2, -(-options.rotated_bytes // values.size)), MOST_COPIES)
    codec = nvcomp.Codec(
        algorithm="ANS", data_type=options.data_type, uncomp_chunk_size=options.chunk_bytes, cuda_stream=driver.stream
    )
    host = nvcomp.as_array(values)
    raw = [host.cuda() for _ in range(n)]
    encoding = codec.compression_config(values.size)
    decoding = codec.decompression_config(encoding)
    coded = [codec.encode(array, compression_config=encoding) for array in raw]
    decoded = [codec.decode(array, decompression_config=decoding) for array in coded]

    def encode(i: int) -> None:
        codec.encode(raw[i], out=coded[i], compression_config=encoding)

    def decode(i: int) -> None:
        codec.decode(coded[i], out=decoded[i], decompression_config=decoding)

    rates = []
    for work in (encode, decode):
        for _ in range(WARM_UP):
            seconds_of(driver, work, n)
        if work is decode:
            for array in decoded:
                driver.fill(array.__cuda_array_interface__["data"][0], STALE, values.size)
        seconds = statistics.median(seconds_of(driver, work, n) for _ in range(options.rounds))
        rates.append(n * values.size / 1e9 / seconds)
    driver.wait()
    for array in decoded:
        if not np.array_equal(np.asarray(array.cpu()).view(np.uint8).ravel(), values):
            raise MismatchError(f"{path}: other bytes come back")
    n_coded = int(coded[0].buffer_size)
    return {
        "file": str(path),
        "n_bytes": int(values.size),
        "coded_bytes": n_coded,
        "bits_per_value": 8 * n_coded / values.size,
        "ratio": values.size / n_coded,
        "buffers": n,
        "encode_gb_per_s": rates[0],
        "decode_gb_per_s": rates[1],
    }


def table(rows: Sequence[Row]) -> str:
    lines = [("file", "MB", "bits/value", "ratio", "decode GB/s", "encode GB/s", "buffers")]
    lines += [
        (
            Path(row["file"]).name,
            f"{row['n_bytes'] / 1e6:.1f}",
            f"{row['bits_per_value']:.3f}",
            f"{row['ratio']:.3f}",
            f"{row['decode_gb_per_s']:.1f}",
            f"{row['encode_gb_per_s']:.1f}",
            str(row["buffers"]),
        )
        for row in rows
    ]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    text = []
    for line in lines:
        cells = [c.rjust(w) if i else c.ljust(w) for i, (c, w) in enumerate(zip(line, widths, strict=True))]
        text.append("  ".join(cells))
    return "\n".join(text)


def load() -> Any:
    """nvCOMP's module. Raises NoDeviceError: where it is not installed, too, nothing can be timed."""
    try:
        nvcomp = importlib.import_module("nvidia.nvcomp")
    except ImportError as error:
        raise NoDeviceError(f"nvCOMP is not installed: pip install nvidia-nvcomp-cu12 ({error})") from error
    if not hasattr(nvcomp.Codec, "compression_config"):
        raise NoDeviceError(f"nvCOMP {nvcomp.__version__} is too old: 6 or later is wanted")
    return nvcomp


def run(options: argparse.Namespace) -> Row:
    """What is told: of the run, and of each file. Raises NoDeviceError, MismatchError, ValueError, OSError."""
    driver = Driver()
    nvcomp = load()
    return {
        "nvcomp": nvcomp.__version__,
        "device": driver.name(),
        "rounds": options.rounds,
        "chunk_bytes": options.chunk_bytes,
        "data_type": options.data_type,
        "rows": [measure(nvcomp, driver, path, options) for path in options.files],
    }


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="nvcomp_ans.py",
        description=__doc__,
        epilog="exit code: 0 fine, 1 other bytes came back, 2 usage, 3 a file cannot be read, or no device or nvCOMP",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add("files", nargs="+", metavar="FILE", type=Path, help="raw bytes, each of them a value")
    add("--rounds", type=int, default=15, help="the median of so many is told (default: %(default)s)")
    text = "of an uncompressed chunk (default: %(default)s, which is nvCOMP's)"
    add("--chunk-bytes", type=int, default=65536, help=text)
    add("--data-type", default="|u1", choices=("|u1", "|f1", "<f2", "<f4"), help="what nvCOMP takes the bytes for")
    text = "together of the copies that take turns (default: %(default)s)"
    add("--rotated-bytes", type=int, default=ROTATED_BYTES, help=text)
    add("--optional", action="store_true", help="exit code 0 where there is no device or no nvCOMP")
    add("--json", action="store_true", help="rows as JSON")
    options = parser.parse_args(arguments)
    if min(options.rounds, options.chunk_bytes, options.rotated_bytes) < 1:
        parser.error("--rounds, --chunk-bytes, --rotated-bytes: 1 or more")
    for path in options.files:
        if not path.is_file():
            parser.error(f"{path}: no file")
    try:
        result = run(options)
    except NoDeviceError as error:
        if options.json:
            print(json.dumps({"skipped": str(error)}))
        print(f"nvcomp_ans: skipped: {error}", file=sys.stderr)
        return 0 if options.optional else BAD_DATA
    except (RuntimeError, ValueError, OSError) as error:  # nvCOMP's own are RuntimeError
        print(f"nvcomp_ans: {error}", file=sys.stderr)
        return MISMATCH if isinstance(error, MismatchError) else BAD_DATA
    if options.json:
        print(json.dumps(result, indent=1))
        return 0
    print("nvCOMP {nvcomp} ANS, {device}, chunks of {chunk_bytes} bytes, medians of {rounds}".format(**result))
    print(table(result["rows"]))
    return 0


if __name__ == "__main__":
    sys.exit(main())
