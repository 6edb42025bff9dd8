"""test_safetensors.py — .safetensors files: every type, parts, hostile headers, bounded memory."""
# SPDX-License-Identifier: Apache-2.0

import json
import os
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from program import BAD_DATA, BUILD, PACKAGE, USAGE, run

from record.traces import array_of, called, entries_of, manifest_of, reals_of, same_in_lockstep

RANDOM = np.random.default_rng(21)
REALS = RANDOM.standard_normal((48, 64)).astype(np.float32)
BF16 = (REALS.view(np.uint32) >> 16).astype(np.uint16)
STORED = {  # type of the file, its array, type of the trace
    "bf16": ("BF16", BF16, "bf16"),
    "fp16": ("F16", REALS.astype(np.float16), "fp16"),
    "e4m3": ("F8_E4M3", RANDOM.integers(0, 256, (40, 8)).astype(np.uint8), "fp8_e4m3"),
    "e5m2": ("F8_E5M2", RANDOM.integers(0, 256, (40, 8)).astype(np.uint8), "fp8_e5m2"),
    "i8": ("I8", RANDOM.integers(-128, 128, 300).astype(np.int8), "int8"),
    "u8": ("U8", RANDOM.integers(0, 256, (3, 100)).astype(np.uint8), "uint8"),
    "i16": ("I16", RANDOM.integers(-900, 900, (5, 60)).astype(np.int16), "int16"),
    "u16": ("U16", RANDOM.integers(0, 900, (5, 60)).astype(np.uint16), "uint16"),
    "scalar": ("BF16", BF16[0, 0], "bf16"),
    "none": ("F16", np.zeros((0, 4), np.float16), "fp16"),
}
MIB = 1 << 20


def write(path: Path, tensors: dict[str, tuple[str, NDArray[Any]]]) -> Path:
    """By the format's own words; test_a_file_of_the_formats_own_library_is_read compares."""
    entries: dict[str, Any] = {"__metadata__": {"format": "pt"}}
    begin = 0
    for name, (kind, values) in tensors.items():
        entries[name] = {"dtype": kind, "shape": list(values.shape), "data_offsets": [begin, begin + values.nbytes]}
        begin += values.nbytes
    header = json.dumps(entries).encode()
    data = b"".join(values.tobytes() for _, values in tensors.values())
    path.write_bytes(len(header).to_bytes(8, "little") + header + data)
    return path


def stored(*names: str) -> dict[str, tuple[str, NDArray[Any]]]:
    return {name: STORED[name][:2] for name in names or STORED}


def test_every_type_is_recorded_as_it_is_and_decodes_in_lockstep(tmp_path: Path) -> None:
    path, folder = write(tmp_path / "all.safetensors", stored()), tmp_path / "trace"
    assert called(str(path), "-o", str(folder)) == 0
    assert list(entries_of(folder)) == list(STORED)
    for name, (_, values, kind) in STORED.items():
        assert entries_of(folder)[name]["dtype"] == kind
        assert array_of(folder, name).tobytes() == values.tobytes(), name
    same_in_lockstep(folder)


def test_a_file_of_the_formats_own_library_is_read(tmp_path: Path) -> None:
    library: Any = pytest.importorskip("safetensors.numpy", reason="safetensors is not installed")
    path = tmp_path / "theirs.safetensors"
    arrays = {"a": STORED["i16"][1], "b": STORED["fp16"][1], "c": np.arange(4, dtype=np.int64)}
    library.save_file(arrays, path, {"by": "the library"})
    assert called(str(path), "-o", str(tmp_path / "t")) == 0
    assert np.array_equal(array_of(tmp_path / "t", "a"), arrays["a"])
    assert np.array_equal(array_of(tmp_path / "t", "b"), arrays["b"])
    assert manifest_of(tmp_path / "t")["not_recorded"] == [{"name": "c", "why": "I64 is no type of a trace"}]


@pytest.mark.parametrize("part", [1, 63, 64, 200, 3071, 3072, 5000])
def test_a_large_tensor_is_recorded_in_parts_that_make_it_up(tmp_path: Path, part: int) -> None:
    path, folder = write(tmp_path / "m.safetensors", stored("bf16", "i8")), tmp_path / "t"
    part = max(part, 30)  # or there would be thousands of files
    assert called(str(path), "-o", str(folder), "--part", str(part)) == 0
    entries = entries_of(folder)
    for name in ("bf16", "i8"):
        whole = STORED[name][1]
        parts = [one for one in entries if one == name or one.startswith(name + "[")]
        assert (parts == [name]) == (whole.size <= part)
        assert b"".join(array_of(folder, one).tobytes() for one in parts) == whole.tobytes()
        assert all(entries[one]["n"] <= part for one in parts)
        if parts != [name]:
            assert parts == [f"{name}[{i}]" for i in range(len(parts))]
            firsts = np.cumsum([0] + [entries[one]["n"] for one in parts])[:-1].tolist()
            said = [{"of": name, "shape": list(whole.shape), "first_value": first} for first in firsts]
            assert [entries[one]["part"] for one in parts] == said


def test_floats_are_quantised_where_that_is_asked_for(tmp_path: Path) -> None:
    path = write(tmp_path / "m.safetensors", {"f32": ("F32", REALS), "bf16": ("BF16", BF16)})
    assert called(str(path), "-o", str(tmp_path / "t"), "--weights", "int4-group32", "--part", "1000") == 0
    entries = entries_of(tmp_path / "t")
    assert manifest_of(tmp_path / "t")["recorder"]["part"] == 992  # whole groups
    assert entries["f32[0]"]["shape"] == [15, 64] and len(entries["f32[0]"]["scale"]) == 30
    assert called(str(path), "-o", str(tmp_path / "c"), "--weights", "int8-channel-minmax") == 0
    scale = np.array(entries_of(tmp_path / "c")["f32"]["scale"])[:, np.newaxis]
    assert np.all(np.abs(reals_of(tmp_path / "c", "f32") - REALS) <= 0.5001 * scale)
    assert np.all(np.abs(reals_of(tmp_path / "c", "bf16") - REALS) <= 0.5001 * scale + np.abs(REALS) / 128)


def edited(change: Any) -> bytes:
    """A good file with another header, or other bytes behind it."""
    header: dict[str, Any] = {"a": {"dtype": "I8", "shape": [2, 3], "data_offsets": [0, 6]}}
    data = change(header) or b"123456"
    text = json.dumps(header).encode()
    return len(text).to_bytes(8, "little") + text + data


HOSTILE = {
    "empty": (b"", "header: its length of 0 bytes"),
    "short": (b"\x01\x00", "header: its length of 1 bytes is not that of a file of 2"),
    "no end": (b"\xff" * 8 + b"{}", "header: its length of 18446744073709551615 bytes"),
    "no JSON": (b"\x02" + bytes(7) + b"{]", "header: is no JSON"),
    "no UTF-8": (b"\x02" + bytes(7) + b"\xff\xfe", "header: is no JSON"),
    "deep": ((100_000).to_bytes(8, "little") + b"[" * 100_000, "header: is no JSON"),
    "list": (b"\x02" + bytes(7) + b"[]", "header: is no object"),
    "cut": (edited(lambda _: b"12345"), "data: ends at byte"),
    "more": (edited(lambda _: b"1234567"), "data: ends at byte"),
    "shape": (edited(lambda h: h["a"].update(shape=[2, 4])), "tensor 'a': 6 bytes do not hold I8 of shape [2, 4]"),
    "huge": (edited(lambda h: h["a"].update(shape=[1 << 62, 1 << 62])), "tensor 'a': 6 bytes do not hold"),
    "negative": (edited(lambda h: h["a"].update(shape=[-2, -3])), "tensor 'a': has no dtype, shape and data_offsets"),
    "bool": (edited(lambda h: h["a"].update(shape=[True, 6])), "tensor 'a': has no dtype, shape"),
    "back": (edited(lambda h: h["a"].update(data_offsets=[6, 0])), "tensor 'a': -6 bytes do not hold"),
    "gap": (edited(lambda h: h["a"].update(shape=[5], data_offsets=[1, 6])), "tensor 'a': begins at byte"),
    "overlap": (edited(lambda h: h.update(b=h["a"])), "tensor 'b': begins at byte"),
    "kind": (edited(lambda h: h.update(a=7)), "tensor 'a': has no dtype, shape and data_offsets"),
    "control": (edited(lambda h: h.update({"a\x1b[2J": 7})), r"tensor 'a\x1b[2J': has no dtype"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_header_ends_with_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str) -> None:
    content, message = HOSTILE[name]
    path = tmp_path / "m.safetensors"
    path.write_bytes(content)
    assert called(str(path), "-o", str(tmp_path / "t")) == BAD_DATA
    error = capsys.readouterr().err
    assert error.startswith(f"transom record: {path}: ") and message in error and error.count("\n") == 1, error
    assert not (tmp_path / "t").exists()


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ([], "tensor 'f32': float32 is no type of a trace; name a quantiser, such as"),
        (["--activations", "int8"], "--activations has no effect"),
        (["--seed", "2"], "--seed has no effect"),
        (["--part", "-1"], "part: -1 values; take at least 1"),
        (["--part", "0"], "part: 0 values; take at least 1"),
    ],
)
def test_wrong_words_end_with_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], words: list[str], message: str
) -> None:
    path = write(tmp_path / "m.safetensors", {"f32": ("F32", REALS)})
    assert called(str(path), "-o", str(tmp_path / "t"), *words) == USAGE
    assert message in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == [path]


# --- memory --------------------------------------------------------------------------------------


# What a process starts with counts as its own: a small one starts it, not this one.
MEASURE = """
import os, sys
child = os.fork()
if child == 0:
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    os.execvp(sys.argv[1], sys.argv[1:])
_, status, usage = os.wait4(child, 0)
print(usage.ru_maxrss * 1024)
sys.exit(os.waitstatus_to_exitcode(status))
"""


def peak_bytes(*command: object) -> int:
    """The most memory that a process had."""
    done = run(sys.executable, "-c", MEASURE, *command, env={**os.environ, "PYTHONPATH": str(PACKAGE)})
    assert done.returncode == 0, done.stderr
    return int(done.stdout)


def write_weights(path: Path, n_tensors: int, side: int) -> Path:
    """So many square tensors of normal bf16s, made one at a time."""
    n_bytes = 2 * side * side
    entries = {
        f"layers.{i}.weight": {"dtype": "BF16", "shape": [side, side], "data_offsets": [i * n_bytes, (i + 1) * n_bytes]}
        for i in range(n_tensors)
    }
    header = json.dumps(entries).encode()
    with path.open("wb") as file:
        file.write(len(header).to_bytes(8, "little") + header)
        values = np.random.default_rng(1).standard_normal((side, side), np.float32).view(np.uint32) >> 16
        for i in range(n_tensors):
            file.write(np.roll(values.astype("<u2"), i).tobytes())
    return path


def peaks(folder: Path, weights: Path, *words: object) -> tuple[int, int]:
    """Of recording a file, and of coding the trace."""
    recorded = peak_bytes(sys.executable, "-m", "transom", "record", weights, "-o", folder / "trace", *words)
    return recorded, peak_bytes(BUILD / "transom", "encode", folder / "trace", "-o", folder / "trace.tsm")


def test_memory_does_not_grow_with_the_file(tmp_path: Path) -> None:
    for name in ("one", "many"):
        (tmp_path / name).mkdir()
    words = ("--part", MIB)
    one = peaks(tmp_path / "one", write_weights(tmp_path / "one/w.safetensors", 1, 1024), *words)
    many = peaks(tmp_path / "many", write_weights(tmp_path / "many/w.safetensors", 8, 2048), *words)
    assert (tmp_path / "many/w.safetensors").stat().st_size > 64 * MIB
    assert len(entries_of(tmp_path / "many/trace")) == 32
    for little, much in zip(one, many, strict=True):
        assert much - little < 24 * MIB, (one, many)


@pytest.mark.skipif("TRANSOM_GIGABYTE" not in os.environ, reason="TRANSOM_GIGABYTE is not set: writes 3 GB")
def test_a_gigabyte_is_recorded_and_coded_in_less_than_300_mb(tmp_path: Path) -> None:
    weights = write_weights(tmp_path / "w.safetensors", 32, 4096)
    assert weights.stat().st_size > 1024 * MIB
    found = peaks(tmp_path, weights)
    print("peak MB of record and encode:", [round(peak / 1e6) for peak in found])
    assert max(found) < 300_000_000
