"""test_pieces.py — tensors larger than a piece: the same values, in any number of threads, in bounded memory.

--piece makes small files large ones.
"""
# SPDX-License-Identifier: Apache-2.0

import hashlib
import json
import resource
import shutil
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from program import BAD_DATA, BUILD, USAGE, run, transom

Array = NDArray[Any]

N = 30_011  # no multiple of anything
PIECE = 8192
MEBIBYTE = 1 << 20
CODINGS = ("raw", "tans", "rans", "apack-tans", "apack-rans", "apack-ac", "apack-nrans")


def values(name: str, seed: int = 1) -> Array:
    random = np.random.RandomState(seed)
    array = np.rint(random.laplace(0, 9, N)).clip(-100, 100)
    if name == "bool":
        bits: Array = random.random_sample(N) < 0.1
        return bits
    if name.endswith(("u1", "u2", "u4")):
        array = np.abs(array)
    typed: Array = array.astype(name)
    return typed


def encode(array: Array, folder: Path, *more: object, piece: int = PIECE) -> Path:
    np.save(folder / "x.npy", array)
    transom("encode", folder / "x.npy", "-o", folder / "x.tsm", "--piece", piece, *more)
    return folder / "x.tsm"


def decode(container: Path, *more: object) -> Array:
    folder = container.with_suffix("")
    transom("decode", container, "-o", folder, *more)
    (file,) = folder.glob("*.npy")
    record = json.loads((folder / "manifest.json").read_text())["tensors"][0]
    assert record["sha256"] == hashlib.sha256(file.read_bytes()).hexdigest()
    loaded: Array = np.load(file)
    return loaded


@pytest.mark.parametrize("dtype", ["i1", "u1", "<i2", ">i2", "<u2", "<f2", "bool", "<i8", ">u4", "wide"])
def test_every_type_comes_back_from_pieces_and_from_the_whole(dtype: str, tmp_path: Path) -> None:
    array = values("<i4") * 300 if dtype == "wide" else values(dtype)
    array = array.reshape(-1, 1)
    container = encode(array, tmp_path)
    for piece in (PIECE, 1 << 20, 64):
        assert np.array_equal(decode(container, "--piece", piece), array)


@pytest.mark.parametrize("coding", CODINGS)
@pytest.mark.parametrize("dtype", ["i1", "<i2"])
def test_every_coding_comes_back_and_threads_change_nothing(coding: str, dtype: str, tmp_path: Path) -> None:
    array = values(dtype)
    one = encode(array, tmp_path, "--coding", coding, "--threads", 1).read_bytes()
    container = encode(array, tmp_path, "--coding", coding, "--threads", 5)
    assert container.read_bytes() == one
    tensor = json.loads(transom("info", container, "--json").stdout)["tensors"][0]
    assert tensor["coding"] == coding and tensor["streams"] == -(-N // (PIECE // 64))
    for threads in (1, 3):
        assert np.array_equal(decode(container, "--piece", PIECE, "--threads", threads), array)


@pytest.mark.parametrize("n", [2 * PIECE, 2 * PIECE + 1, 3 * PIECE - 1, PIECE + 1, PIECE + PIECE // 64])
def test_the_last_piece_and_the_last_stream_are_of_every_length(n: int, tmp_path: Path) -> None:
    array = values("i1")[:n]
    container = encode(array, tmp_path)
    tensor = json.loads(transom("info", container, "--json").stdout)["tensors"][0]
    assert tensor["streams"] == -(-n // (PIECE // 64))
    assert np.array_equal(decode(container, "--piece", PIECE), array)


def test_values_that_do_not_shrink_are_raw_in_pieces_too(tmp_path: Path) -> None:
    array = np.random.RandomState(3).randint(-128, 128, N).astype(np.int8)
    container = encode(array, tmp_path)
    assert json.loads(transom("info", container, "--json").stdout)["tensors"][0]["coding"] == "raw"
    assert container.stat().st_size < N + 100
    assert np.array_equal(decode(container, "--piece", 100), array)


def test_tiles_of_a_large_file_are_those_of_a_small_one(tmp_path: Path) -> None:
    """The members of a .npz are read whole."""
    array = np.tile(values("i1"), 150)  # more than a piece has, unless told
    np.save(tmp_path / "x.npy", array)
    np.savez(tmp_path / "x.npz", x=array)
    coded = []
    for name in ("x.npy", "x.npz"):
        transom("encode", tmp_path / name, "-o", tmp_path / "x.tsm", "--tile", 300_000, "--coding", "tans")
        coded.append((tmp_path / "x.tsm").read_bytes())
    assert coded[0] == coded[1]


def test_of_a_manifest_every_field_is_checked_of_files_in_pieces(tmp_path: Path) -> None:
    array = values("<i2")
    np.save(tmp_path / "a.npy", array)
    digest = hashlib.sha256((tmp_path / "a.npy").read_bytes()).hexdigest()
    record = {"file": "a.npy", "name": "layer/a", "dtype": "int16", "bits": 8, "n": N, "shape": [N], "sha256": digest}
    encoded = ["encode", tmp_path, "-o", tmp_path / "x.tsm", "--piece", PIECE]

    def write(**changed: object) -> None:
        (tmp_path / "manifest.json").write_text(json.dumps({"tensors": [{**record, **changed}]}))

    write()
    transom(*encoded)
    tensor = json.loads(transom("info", tmp_path / "x.tsm", "--json").stdout)["tensors"][0]
    assert (tensor["name"], tensor["dtype"]) == ("layer/a", "int8")
    (tmp_path / "x.tsm").unlink()
    for changed in ({"n": 7}, {"shape": [7]}, {"sha256": "0" * 64}, {"dtype": "int8"}, {"bits": 4}):
        write(**changed)
        done = transom(*encoded, code=BAD_DATA)
        assert (next(iter(changed)) in done.stderr or "does not fit 4" in done.stderr) and done.stderr.count("\n") == 1
        assert not (tmp_path / "x.tsm").exists()


def test_layouts_that_are_asked_for_are_not_those_of_pieces(tmp_path: Path) -> None:
    np.save(tmp_path / "x.npy", values("i1"))
    for options in (["--streams", 4], ["--lanes", 2], ["--chunk", 8], ["--tile", 100], ["--coding", "apack-tans-pair"]):
        done = transom("encode", tmp_path / "x.npy", "-o", tmp_path / "x.tsm", "--piece", PIECE, *options, code=USAGE)
        assert "--piece has no effect: " in done.stderr


def test_every_cut_and_many_changes_of_a_container_in_pieces_are_noticed(tmp_path: Path) -> None:
    container = encode(values("i1")[:8000], tmp_path, piece=4096)
    good = container.read_bytes()
    out = tmp_path / "deep" / "out"
    bad = [good[:n] for n in range(0, len(good), 431)] + [good + b"\0"]
    bad += [good[:at] + bytes([good[at] ^ 1 << at % 8]) + good[at + 1 :] for at in range(0, len(good), 401)]
    for content in bad:
        container.write_bytes(content)
        done = run(BUILD / "transom", "decode", container, "-o", out, "--piece", 1024)
        assert done.returncode == BAD_DATA and done.stderr.count("\n") == 1 and "x.tsm" in done.stderr
        assert not out.parent.exists(), "something is left"


def test_a_file_that_changes_while_it_is_read_is_an_error(tmp_path: Path) -> None:
    """The second reading begins with a seek to the start; what is in front of libc changes a value there."""
    if shutil.which("cc") is None:
        pytest.skip("there is no C compiler")
    source, library = tmp_path / "change.c", tmp_path / "change.so"
    source.write_text("""
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>
off_t lseek(int fd, off_t at, int whence) {
  const int file = open(getenv("CHANGE"), O_WRONLY);
  if (atoi(getenv("LENGTH")) != 0) {
    if (ftruncate(file, atoi(getenv("LENGTH"))) != 0) abort();
  } else if (pwrite(file, "!", 1, 20000) != 1) {
    abort();
  }
  close(file);
  return ((off_t(*)(int, off_t, int))dlsym(RTLD_NEXT, "lseek"))(fd, at, whence);
}
""")
    assert run("cc", "-shared", "-fPIC", "-o", library, source, "-ldl").returncode == 0
    for length, what in ((0, "changed while they were read"), (20_000, "became shorter while it was read")):
        np.save(tmp_path / "x.npy", values("i1"))
        done = run(
            BUILD / "transom", "encode", tmp_path / "x.npy", "-o", tmp_path / "x.tsm", "--piece", PIECE,
            env={"LD_PRELOAD": str(library), "CHANGE": str(tmp_path / "x.npy"), "LENGTH": str(length)},
        )  # fmt: skip
        assert done.returncode == BAD_DATA and what in done.stderr and str(tmp_path / "x.npy") in done.stderr
        assert not (tmp_path / "x.tsm").exists()


def test_memory_is_bounded_by_the_piece_and_not_by_the_file(tmp_path: Path) -> None:
    """Of 256 MiB: neither the values nor two bytes each fit."""
    n = 256 * MEBIBYTE
    with (tmp_path / "x.npy").open("wb") as file:
        np.lib.format.write_array_header_1_0(  # type: ignore[no-untyped-call]
            file, {"descr": "|i1", "fortran_order": False, "shape": (n,)}
        )
        file.truncate(file.tell() + n)

    def limited() -> None:
        resource.setrlimit(resource.RLIMIT_AS, (220 * MEBIBYTE, 220 * MEBIBYTE))

    for command in (
        ["encode", tmp_path / "x.npy", "-o", tmp_path / "x.tsm"],
        ["decode", tmp_path / "x.tsm", "-o", tmp_path / "out"],
    ):
        began = time.monotonic()
        done = run(BUILD / "transom", *command, "--threads", 1, preexec_fn=limited)
        assert done.returncode == 0, done.stderr
        assert done.stderr.count("\n") <= (time.monotonic() - began) / 10, "a log has a line every ten seconds"
    assert (tmp_path / "out" / "000_x.npy").stat().st_size == (tmp_path / "x.npy").stat().st_size
