"""test_inputs.py — inputs that are no files, too large, or not what their name says: refused at once.

A reader that waits, or reads all of them, is ended by the time limit or the memory limit of the test.
"""
# SPDX-License-Identifier: Apache-2.0

import json
import os
import resource
from pathlib import Path

import pytest
from program import BAD_DATA, BUILD, TRACE, run, transom

SECONDS = 20  # until a reader that waits is given up
MEBIBYTE = 1 << 20

READERS = {
    "info": ["info", "{}.tsm"],
    "decode": ["decode", "{}.tsm", "-o", "{out}"],
    "cosim": ["cosim", "{}.tsm"],
    "sim": ["sim", "{}.tsm"],
    "convert_tsm": ["convert", "{}.tsm", "--from", "tsm", "--to", "tsm", "-o", "{out}"],
    "convert": ["convert", "{}", "--from", "ryg-byte", "--to", "tsm", "-o", "{out}", "--sidecar", "{side}"],
    "ranges_table": ["ranges", str(TRACE), "--table", "{}.apack"],
    "encode_npy": ["encode", "{}.npy", "-o", "{out}"],
    "encode_npz": ["encode", "{}.npz", "-o", "{out}"],
}


def command(reader: str, stem: Path, folder: Path) -> tuple[list[str], Path]:
    """The words, and the file that they name."""
    side = folder / "side.json"
    side.write_text(json.dumps({"n": 1, "scale_bits": 1, "freqs": [1, 1]}))
    words = [word.format(stem, out=folder / "out", side=side) for word in READERS[reader]]
    return words, Path(next(word for word in words if word.startswith(str(stem))))


def limited_memory(n_bytes: int) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (n_bytes, n_bytes))


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("kind", ["fifo", "device", "folder", "socket"])
def test_reliability_12_what_is_no_file_is_refused_at_once(reader: str, kind: str, tmp_path: Path) -> None:
    words, file = command(reader, tmp_path / "in", tmp_path)
    if kind == "fifo":
        os.mkfifo(file)
    elif kind == "device":
        file.symlink_to("/dev/zero")
    elif kind == "socket":
        os.mknod(file, 0o140644)
    elif reader.startswith("encode"):
        pytest.skip("a folder is a trace")
    else:
        file.mkdir()
    done = run(BUILD / "transom", *words, seconds=SECONDS)
    assert done.returncode == BAD_DATA, done.stderr
    assert str(file) in done.stderr and "; " in done.stderr and done.stderr.count("\n") == 1
    assert not (tmp_path / "out").exists()


def test_reliability_12_info_of_dev_zero_ends() -> None:
    for device in ("/dev/zero", "/dev/stdin"):
        done = run(BUILD / "transom", "info", device, seconds=SECONDS, input="")
        assert done.returncode == BAD_DATA and device in done.stderr and "give a .tsm file" in done.stderr


@pytest.mark.parametrize("reader", ["info", "decode", "cosim", "convert_tsm"])
def test_reliability_12_of_a_large_file_of_another_kind_only_the_start_is_read(reader: str, tmp_path: Path) -> None:
    words, file = command(reader, tmp_path / "in", tmp_path)
    with file.open("wb") as sparse:
        sparse.truncate(1 << 40)
    done = run(BUILD / "transom", *words, seconds=SECONDS, preexec_fn=lambda: limited_memory(400 * MEBIBYTE))
    assert done.returncode == BAD_DATA, done.stderr
    assert str(file) in done.stderr and "magic: this is not a .tsm file" in done.stderr


@pytest.mark.parametrize("reader", ["info", "cosim", "convert_tsm"])
def test_reliability_6_and_12_memory_that_is_not_there_is_one_line_with_the_file(reader: str, tmp_path: Path) -> None:
    words, file = command(reader, tmp_path / "in", tmp_path)
    n_bytes = 1 << 34
    with file.open("wb") as sparse:
        sparse.write(b"\x03TSM")
        sparse.truncate(n_bytes)
    done = run(BUILD / "transom", *words, seconds=SECONDS, preexec_fn=lambda: limited_memory(400 * MEBIBYTE))
    assert done.returncode == BAD_DATA, done.stderr
    assert f"{file}: file: not enough memory for {n_bytes - 4} bytes; " in done.stderr
    assert done.stderr.count("\n") == 1


def test_reliability_12_a_stream_that_no_count_of_symbols_explains_is_not_read(tmp_path: Path) -> None:
    words, file = command("convert", tmp_path / "in", tmp_path)
    with file.open("wb") as sparse:
        sparse.truncate(1 << 40)
    done = run(BUILD / "transom", *words, seconds=SECONDS, preexec_fn=lambda: limited_memory(400 * MEBIBYTE))
    assert done.returncode == BAD_DATA and f"{file}: file: {1 << 40} bytes are more than" in done.stderr


def test_reliability_12_a_file_that_is_cut_while_it_is_read_says_so() -> None:
    """Files of /sys state 4096 bytes and have fewer."""
    file = Path("/sys/kernel/mm/transparent_hugepage/enabled")
    if not file.exists():
        pytest.skip("this machine has no such file")
    error = transom("ranges", TRACE, "--table", file, code=BAD_DATA).stderr
    assert str(file) in error and "became shorter while it was read" in error
