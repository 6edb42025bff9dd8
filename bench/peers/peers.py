"""The table of `./dev peers`: our coders and other people's, on the same bytes, in one run.

The data are 2^20 values of discrete Laplace distributions, of 8 bits and of 4 bits, and the int8 weights of recorded
traces: those of the folders named, or of the embedded one. Each value is a byte. The program of peers.cpp times what
is linked in; constriction, which PyPI carries for Python, is timed here, with its calls on whole arrays.
A ratio is over the fastest peer of the family.
"""
# SPDX-License-Identifier: Apache-2.0

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

ROOT = Path(__file__).resolve().parents[2]
Row = dict[str, Any]
Array = npt.NDArray[Any]


def laplace(scale: float, bits: int, n: int = 1 << 20) -> Array:
    """Weights, roughly: patterns of so many bits, of one seed."""
    half = 1 << (bits - 1)
    values = np.random.default_rng(2).laplace(0, scale, n).round().clip(-half, half - 1)
    return (values.astype(np.int64) % (2 * half)).astype(np.uint8)


def weights(folders: Sequence[Path]) -> Array:
    """All int8 weights of traces, one after the other, as uint8."""
    parts = []
    for folder in folders:
        for tensor in json.loads((folder / "manifest.json").read_text())["tensors"]:
            if tensor["kind"].startswith("weight") and tensor["dtype"] == "int8":
                values = np.load(folder / tensor["file"], allow_pickle=False)
                parts.append(values.ravel().view(np.uint8))
    if not parts:
        raise SystemExit(f"peers: no int8 weights in {', '.join(map(str, folders))}")
    return np.concatenate(parts)


def median_seconds(work: Callable[[], object], rounds: int) -> float:
    def once() -> float:
        start = time.process_time()
        work()
        return time.process_time() - start

    return statistics.median(once() for _ in range(rounds))


def constriction_rows(values: Array, rounds: int) -> list[Row]:
    """constriction's rANS and range coder, with one categorical model of all values."""
    from constriction import stream  # noqa: PLC0415 (--help does without)

    symbols = values.astype(np.int32)
    counts = np.bincount(symbols, minlength=256).astype(np.float32)
    model = stream.model.Categorical(counts / counts.sum(), perfect=False)

    def ans() -> Array:
        coder = stream.stack.AnsCoder()
        coder.encode_reverse(symbols, model)
        coded: Array = coder.get_compressed()
        return coded

    def queue() -> Array:
        coder = stream.queue.RangeEncoder()
        coder.encode(symbols, model)
        coded: Array = coder.get_compressed()
        return coded

    def row(family: str, name: str, encode: Callable[[], Array], decoder: Callable[[Array], Any]) -> Row:
        coded = encode()

        def decode() -> Array:
            values: Array = decoder(coded).decode(model, len(symbols))
            return values

        if not np.array_equal(decode(), symbols):
            raise SystemExit(f"peers: constriction's {name}: other values come back")
        return {
            "family": family,
            "library": f"constriction {version('constriction')}",
            "name": name,
            "bits_per_value": 32 * len(coded) / len(values),
            "encode_mb_per_s": len(values) / 1e6 / median_seconds(encode, rounds),
            "decode_mb_per_s": len(values) / 1e6 / median_seconds(decode, rounds),
        }

    return [
        row("rans", "AnsCoder", ans, stream.stack.AnsCoder),
        row("arith", "RangeEncoder", queue, stream.queue.RangeDecoder),
    ]


def add_ratios(rows: Iterable[Row]) -> None:
    """Each row's speed over the fastest peer of its family."""
    rows = list(rows)
    for way in ("encode", "decode"):
        for row in rows:
            peers = [r[f"{way}_mb_per_s"] for r in rows if r["family"] == row["family"] and r["library"] != "transom"]
            row[f"{way}_ratio"] = row[f"{way}_mb_per_s"] / max(peers)


def table(rows: Sequence[Row]) -> str:
    """The rows as text, each family's fastest decoder first."""
    lines = [("family", "library", "coder", "bits/value", "decode MB/s", "ratio", "encode MB/s", "ratio")]
    lines += [
        (
            r["family"],
            r["library"],
            r["name"],
            f"{r['bits_per_value']:.3f}",
            f"{r['decode_mb_per_s']:.0f}",
            f"{r['decode_ratio']:.2f}",
            f"{r['encode_mb_per_s']:.0f}",
            f"{r['encode_ratio']:.2f}",
        )
        for r in sorted(rows, key=lambda r: (r["family"], -r["decode_mb_per_s"]))
    ]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    text = []
    for line in lines:
        cells = [c.ljust(w) if i < 3 else c.rjust(w) for i, (c, w) in enumerate(zip(line, widths, strict=True))]
        text.append("  ".join(cells))
    return "\n".join(text)


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="./dev peers", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "folders", nargs="*", metavar="TRACE", type=Path, help="folder of a recorded trace (default: the embedded one)"
    )
    parser.add_argument("--rounds", type=int, default=5, help="the median of so many is told (default: 5)")
    parser.add_argument("--program", type=Path, default=ROOT / "build/peers", help=argparse.SUPPRESS)
    parser.add_argument("--json", action="store_true", help="rows as JSON")
    arguments = parser.parse_args()
    if arguments.rounds < 1:
        parser.error("--rounds: 1 or more")
    folders = arguments.folders or [ROOT / "golden/traces/digits_cnn_int8"]
    for folder in folders:
        if not (folder / "manifest.json").is_file():
            parser.error(f"{folder}: no manifest.json: no trace")
    sets = {"laplace": laplace(10, 8), "laplace, 4 bits": laplace(1.5, 4), "weights": weights(folders)}
    with tempfile.TemporaryDirectory() as folder:
        files = {name: Path(folder) / str(number) for number, name in enumerate(sets)}
        for name, file in files.items():
            file.write_bytes(sets[name].tobytes())
        command = [str(arguments.program), "--rounds", str(arguments.rounds), *map(str, files.values())]
        run = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False)
        if run.returncode != 0:
            return run.returncode
        timed = json.loads(run.stdout)
    results = {name: timed[str(files[name])] + constriction_rows(sets[name], arguments.rounds) for name in sets}
    for rows in results.values():
        add_ratios(rows)
    if arguments.json:
        print(json.dumps({name: {"n_values": len(sets[name]), "rows": results[name]} for name in sets}, indent=1))
        return 0
    for name, rows in results.items():
        print(f"{name}: {len(sets[name])} values, one thread, processor time, medians of {arguments.rounds}")
        print(table(rows), end="\n\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
