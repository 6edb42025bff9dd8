"""seeds.py — the first inputs of each target's corpus, from the program itself: python3 tests/fuzz/seeds.py

What a run of `./dev fuzz` found is kept beside them by hand, under a name that says what it was.
`seeds.py --interop FOLDER OUT` takes the shortest cases of recorded vectors instead.
"""
# SPDX-License-Identifier: Apache-2.0

import gzip
import io
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import sweep
from numpy.typing import NDArray
from sweep import AXES, LAYERS_CSV, SWEEP_CSV

HERE = Path(__file__).resolve().parent
PROGRAM = Path(os.environ.get("TRANSOM_BUILD", HERE.parents[1] / "build")) / "transom"
CODINGS = ("raw", "tans", "rans", "apack-tans", "apack-rans", "apack-ac", "apack-tans-pair", "apack-nrans")


def keep(target: str, name: str, data: bytes) -> None:
    folder = HERE / "corpus" / target
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(data)


def values(seed: int, n: int = 60) -> NDArray[np.int8]:
    return np.random.default_rng(seed).normal(0, 6, n).astype(np.int8)


def npy(array: NDArray[Any]) -> bytes:
    file = io.BytesIO()
    np.save(file, array)
    return file.getvalue()


def containers(folder: Path) -> None:
    for number, coding in enumerate(CODINGS):
        trace = folder / f"{coding}.npy"
        np.save(trace, values(number).astype(np.int16) * 40 if number % 2 else values(number))
        option = [] if coding == "raw" else ["--coding", coding]
        subprocess.run([PROGRAM, "encode", trace, "-o", folder / "out.tsm", "--streams", "2", *option], check=True)
        keep("container", coding, b"\1" + (folder / "out.tsm").read_bytes())
        if coding in ("raw", "apack-nrans", "apack-tans"):
            np.save(trace, values(number, 60 if coding == "raw" else 600))  # few are stored raw
            subprocess.run([PROGRAM, "encode", trace, "-o", folder / "out.tsm", "--unit", "wide", *option], check=True)
            keep("container", "wide-" + coding, b"\1" + (folder / "out.tsm").read_bytes())


def arrays() -> None:
    keep("npy", "int8", b"\0" + npy(values(1).reshape(6, 10)))
    keep("npy", "big_endian_int32", b"\0" + npy(values(2, 9).astype(">i4")))
    keep("npy", "fortran_uint16", b"\0" + npy(np.asfortranarray(np.arange(12, dtype=np.uint16).reshape(3, 4))))
    keep("npy", "bool_scalar", b"\0" + npy(np.array(True)))
    keep("npy", "int4", b"\4" + npy(np.clip(values(3), -8, 7)))
    keep("npy", "float16", b"\0" + npy(values(6, 12).astype(np.float16)))
    keep("npy", "bf16", b"\x14" + npy(values(7, 12).astype(np.float32).view(np.uint16)[1::2]))
    for name, save in (("stored", np.savez), ("deflated", np.savez_compressed)):
        file = io.BytesIO()
        save(file, w=values(4), b=values(5).astype(np.uint16))
        keep("npz", name, file.getvalue())


def pictures(folder: Path) -> None:
    from PIL import Image  # noqa: PLC0415  a package of its own

    bits = (np.load(HERE.parents[1] / "golden/images/digits.npy")[:3] >= 8).astype(np.uint8)
    idx = bytes([0, 0, 8, 3]) + b"".join(n.to_bytes(4, "big") for n in bits.shape) + bits.tobytes()
    keep("images", "idx", b"\0" + idx)
    keep("images", "idx_gzip", b"\0" + gzip.compress(idx, mtime=0))
    keep("images", "rows", b"\0" + bytes([0, 0, 8, 2, 0, 0, 0, 2, 0, 0, 0, 5]) + bytes(range(10)))
    for name, picture in (("png", bits[0] * 255), ("png_colour", np.zeros((3, 3, 3), np.uint8))):
        file = io.BytesIO()
        Image.fromarray(picture).save(file, "PNG")
        keep("images", name, b"\1" + file.getvalue())
    np.save(folder / "bits.npy", bits)
    subprocess.run([PROGRAM, "bbans", "encode", folder / "bits.npy", "-o", folder / "bits.tbb"], check=True)
    keep("images", "coded", b"\2" + (folder / "bits.tbb").read_bytes())
    subprocess.run([sys.executable, "-m", "transom.bbans", "real", HERE.parents[1] / "golden/images/digits.params",
                    "-o", folder / "bits.tvar"], check=True, cwd=HERE.parents[1] / "python")  # fmt: skip
    subprocess.run([PROGRAM, "bbans", "encode", folder / "bits.npy", "--model", folder / "bits.tvar",
                    "--floating-point", "-o", folder / "real.tbb"], check=True)  # fmt: skip
    keep("images", "coded_floating_point", b"\2" + (folder / "real.tbb").read_bytes())


def manifests() -> None:
    whole = {"file": "a.npy", "name": "weights", "dtype": "int8", "shape": [2, 2], "n": 4, "bits": 8}
    keep("manifest", "two", json.dumps({"source": "seed", "tensors": [whole, {"file": "b.npy"}]}).encode())
    floats = [{"file": "a.npy", "dtype": "fp8_e4m3"}, {"file": "b.npy", "dtype": "bf16", "bits": 16}]
    keep("manifest", "floats", json.dumps({"tensors": floats}).encode())
    keep("manifest", "hash", json.dumps({"tensors": [{"file": "a.npy", "sha256": "0" * 64}]}).encode())


def tables() -> None:
    keep("apack_table", "two_rows", b"\7" + b"0 7 10 0 3\n128 7 10 0 4\n")
    keep("apack_table", "empty_row", b"\3" + b"0 3 1 3 1\n8 0 0 0 0\n8 3 2 3 1\n")


def plans() -> None:
    for number in range(len(CODINGS)):
        for name, dtype in ((CODINGS[number], 7), (f"{CODINGS[number]}-fp8", 18)):
            head = bytes([number, 0, number % 3, 0, 3, 1, dtype, 1, 1, 2])  # as encode_best.cpp takes them
            keep("encode_best", name, head + values(number, 400).tobytes())


def streams() -> None:
    for number in range(32):  # as foreign.cpp takes them: the symbols of a good table there and back
        head = bytes([number, 1, 12, 1, 0, 0, 1, 4, 0, 9, 5, 2, 1, 0])
        keep("foreign", f"format_{number}", head + bytes(v % 4 for v in range(20)))


def side_files(folder: Path) -> None:
    """Streams of 12 symbols in every format, and what stands beside them; as side_file.cpp takes them."""
    np.save(folder / "w.npy", np.arange(12, dtype=np.uint8) % 3)
    subprocess.run([PROGRAM, "encode", folder / "w.npy", "-o", folder / "w.tsm", "--coding", "rans"], check=True)
    text = subprocess.run([PROGRAM, "convert", "--help"], check=True, capture_output=True, text=True).stdout
    names = [name.strip() for name in text.split("--from TEXT:{")[1].split("}")[0].split(",")]
    for number, name in enumerate(names[1:]):  # the first is tsm
        out = folder / name
        done = subprocess.run(
            [PROGRAM, "convert", folder / "w.tsm", "--from", "tsm", "-o", out, "--to", name], check=False
        )
        if done.returncode == 0:
            stream, side = out.read_bytes(), json.loads(Path(f"{out}.json").read_text())
            if len(side.get("freqs", ())) <= 256 and len(stream) < 256:
                text = json.dumps({key: value for key, value in side.items() if key != "sha256"})
                keep("side_file", name, bytes([number, len(stream)]) + stream + text.encode())


def vectors() -> None:
    """One case by hand: x = 2^23, f = 113, cum = 911, 2^10 slots."""
    stream = ((2**23 // 113 << 10) + 2**23 % 113 + 911).to_bytes(4, "little").hex()
    case = {
        "name": "one",
        "scale_bits": 10,
        "K": 1,
        "freqs": [911, 113],
        "n": 1,
        "symbols_hex": "01",
        "stream_hex": stream,
    }
    for number in range(16):
        keep("interop", f"file_{number}", bytes([number]) + json.dumps({"header": {}, "cases": [case]}).encode())


def models() -> None:
    """Networks of random weights: of bits, of bytes; as integers and as they are."""
    sys.path[:0] = [
        str(HERE.parents[1] / "python"),
        str(HERE.parents[0] / "python"),
        str(HERE.parents[0] / "python/vae"),
    ]
    from networks import random_images, random_network  # noqa: PLC0415

    from transom.bbans.quantise import quantise, unquantised  # noqa: PLC0415

    for seed, observation in enumerate(("bernoulli", "beta_binomial")):
        network = random_network(observation, seed, pixels=9, latents=3, hidden=5)
        model = quantise(network, random_images(network, seed, 20), latent_bits=12)
        keep("vae", observation, bytes([1, seed]) + model.to_bytes())
        keep("vae", f"real_{observation}", bytes([1, seed]) + unquantised(network).to_bytes())


def recorded_vectors(interop: Path, corpus: Path) -> None:
    """The shortest case of each list of recorded files, for this machine alone."""
    corpus.mkdir(parents=True, exist_ok=True)
    for number, file in enumerate(sorted(interop.glob("*.json"))):
        content = json.loads(file.read_text())
        for name, cases in content.items():
            if isinstance(cases, list) and cases:
                least = min((json.dumps(case) for case in cases), key=len)
                text = f'{{"header": {json.dumps(content.get("header", {}))}, "{name}": [{least}]}}'
                (corpus / f"recorded_{file.stem}_{name}").write_bytes(bytes([number]) + text.encode())


def sweeps() -> None:
    keep("sweep_json", "identity", json.dumps(sweep.IDENTITY).encode())
    columns = sweep.EMPTY[SWEEP_CSV]
    point = ",".join(getattr(sweep.GRID.points[0], axis.name) for axis in AXES)
    keep("sweep_csv", "empty", b"s" + columns.encode())
    keep("sweep_csv", "layers", b"l" + (sweep.EMPTY[LAYERS_CSV] + point + ",w,1,8,1,1,1,0,0,0,0,0,0\n").encode())
    cells = columns.count(",") + 1 - len(AXES)
    keep("sweep_csv", "point", b"s" + (columns + point + ",1" * (cells - 2) + ",0,\n").encode())


def main() -> None:
    if sys.argv[1:2] == ["--interop"]:
        recorded_vectors(Path(sys.argv[2]), Path(sys.argv[3]))
        return
    with tempfile.TemporaryDirectory() as folder:
        containers(Path(folder))
        side_files(Path(folder))
        pictures(Path(folder))
    for make in (arrays, manifests, tables, plans, streams, vectors, models, sweeps):
        make()


if __name__ == "__main__":
    main()
