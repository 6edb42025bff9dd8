"""libtransom_dpi.so as C functions: golden steps and ends, any number of handles, and nothing that crashes it.

What is expected is decoded by tests/clean_room, which knows the page of the format alone.
SPDX-License-Identifier: Apache-2.0
"""

import ctypes
import random
from ctypes import byref, c_char_p, c_int, c_longlong, c_uint, c_ulonglong
from pathlib import Path
from typing import Any

import pytest
from bench import LIBRARY
from program import TRACE, transom

import container

pytestmark = pytest.mark.skipif(not LIBRARY.exists(), reason="libtransom_dpi.so is not built")
CODINGS = "raw tans rans apack-tans apack-rans apack-ac apack-tans-pair apack-nrans".split()


@pytest.fixture(scope="module")
def dpi() -> Any:
    library = ctypes.CDLL(str(LIBRARY))
    for name in ("error", "difference_text", "difference_what", "difference_class"):
        getattr(library, f"transom_{name}").restype = c_char_p
    for name in ("table_word", "row_word", "stream_values", "stream_steps", "stream_words", "stream_word"):
        getattr(library, f"transom_{name}").restype = c_longlong
    library.transom_stream_word.argtypes = [c_int, c_int, c_int, c_longlong]
    library.transom_check_step.argtypes = [c_int, c_int, c_int, c_uint, c_ulonglong, c_uint]
    return library


@pytest.fixture(scope="module")
def coded(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("coded")
    for coding in CODINGS:
        transom("encode", TRACE, "-o", folder / f"{coding}.tsm", "--coding", coding, "--streams", 3)
    return {coding: folder / f"{coding}.tsm" for coding in CODINGS}


def open_tensor(dpi: Any, path: object, tensor: str = "") -> int:
    handle: int = dpi.transom_open(str(path).encode(), tensor.encode())
    assert handle > 0, dpi.transom_error()
    return handle


Step = tuple[int, int, int, int]


def steps(dpi: Any, handle: int, stream: int) -> list[Step]:
    symbol, value, state, bits = c_uint(), c_uint(), c_ulonglong(), c_uint()
    found = []
    while dpi.transom_step(handle, stream, byref(symbol), byref(value), byref(state), byref(bits)) == 1:
        found.append((symbol.value, value.value, state.value, bits.value))
    return found


@pytest.mark.parametrize("coding", CODINGS)
def test_steps_and_ends_are_those_of_another_decoder(coding: str, dpi: Any, coded: dict[str, Path]) -> None:
    for tensor in container.decode(coded[coding].read_bytes()).tensors:
        handle = open_tensor(dpi, coded[coding], tensor.name)
        n = dpi.transom_streams(handle)
        values = []
        for stream in range(n):
            told = steps(dpi, handle, stream)
            assert len(told) == dpi.transom_stream_steps(handle, stream)
            beats = [(v & 0xFFFF, v >> 16) if coding == "apack-tans-pair" and dpi.transom_kind(handle) == 3 else (v,)
                     for _, v, _, _ in told]  # fmt: skip
            flat = [v for beat in beats for v in beat]
            values.append(flat[: dpi.transom_stream_values(handle, stream)])
            assert dpi.transom_end(handle, stream) == 0
        mask = (1 << tensor.bits) - 1
        assert [values[i % n][i // n] for i in range(sum(map(len, values)))] == [v & mask for v in tensor.values]
        assert dpi.transom_close(handle) == 1


@pytest.mark.parametrize("coding", CODINGS)
def test_golden_steps_pass_and_a_spoilt_one_is_the_first_difference(coding: str, dpi: Any, coded: Any) -> None:
    handle = open_tensor(dpi, coded[coding], "dense1_relu")
    told = steps(dpi, handle, 1)
    wrong = len(told) // 2
    for i, (symbol, _, state, bits) in enumerate(told):
        assert dpi.transom_check_step(handle, 1, 2, symbol, state, bits) == (i < wrong)if i != wrong else True
        if i == wrong - 1:  # the next one, with a bit too many
            assert dpi.transom_check_step(handle, 1, 2, *told[wrong][::2], told[wrong][3] + 1) == 0
    stream, index, bit, want, got = c_int(), c_ulonglong(), c_ulonglong(), c_ulonglong(), c_ulonglong()
    fields = [byref(field) for field in (stream, index, bit, want, got)]
    assert dpi.transom_difference(handle, *fields) == 1
    assert (stream.value, index.value, got.value - want.value) == (1, wrong, 1)
    assert dpi.transom_difference_what(handle) == b"position"
    assert b"lane 1, index" in dpi.transom_difference_text(handle)
    dpi.transom_close(handle)


def test_handles_are_independent_and_many(dpi: Any, coded: dict[str, Path]) -> None:
    handles = [open_tensor(dpi, coded[coding], "logits") for coding in CODINGS for _ in range(25)]
    assert len(set(handles)) == len(handles)
    first, second = handles[:2]
    told = steps(dpi, first, 0)
    assert steps(dpi, second, 0) == told and steps(dpi, first, 0) == []
    assert dpi.transom_restart(first) == 1 and steps(dpi, first, 0) == told
    assert dpi.transom_check_step(first, 0, 0, told[0][0] ^ 1, 0, 0) == 0
    assert dpi.transom_difference_text(second) == b"" != dpi.transom_difference_text(first)
    for handle in handles:
        assert dpi.transom_close(handle) == 1
    assert dpi.transom_streams(first) == -1 and b"handle is" in dpi.transom_error()


def test_what_is_not_there_is_an_error_that_names_it(dpi: Any, coded: dict[str, Path]) -> None:
    handle = open_tensor(dpi, coded["tans"], "logits")
    for call, said in {
        lambda: dpi.transom_stream_values(handle, 3): b"stream is 3; must be 0..3 exclusive",
        lambda: dpi.transom_stream_values(handle, -1): b"stream is -1",
        lambda: dpi.transom_stream_word(handle, 0, 2, 0): b"port is 2",
        lambda: dpi.transom_stream_word(handle, 0, 0, 1 << 40): b"index of a stream's word",
        lambda: dpi.transom_table_word(handle, -1): b"index of a table word is -1",
        lambda: dpi.transom_row_word(handle, 1 << 20): b"index of a row",
        lambda: dpi.transom_check_step(handle, 0, 3, 0, 0, 0): b"shown is 3",
        lambda: dpi.transom_check_end(handle, 0, 8): b"status is 8",
        lambda: dpi.transom_step(handle, 0, None, None, None, None): b"must point to where",
        lambda: dpi.transom_close(0): b"handle is 0",
    }.items():
        assert call() == -1
        assert said in dpi.transom_error()
    assert dpi.transom_open(None, None) == 0 and b"must name a container" in dpi.transom_error()
    assert dpi.transom_open(b"/", b"") == 0 and b"tensor.tsm" in dpi.transom_error()
    assert dpi.transom_open(str(coded["tans"]).encode(), b"x") == 0 and b"none of that name" in dpi.transom_error()


def test_hostile_files_are_errors_or_decode(dpi: Any, coded: dict[str, Path], tmp_path: Path) -> None:
    file, chance, n_refused = tmp_path / "a.tsm", random.Random(14), 0
    for coding in CODINGS:
        whole = coded[coding].read_bytes()
        for _ in range(40):
            data = bytearray(whole[: chance.randrange(len(whole))] if chance.random() < 0.3 else whole)
            for _ in range(chance.randrange(1, 4)):
                if data:
                    data[chance.randrange(min(len(data), 200))] = chance.randrange(256)
            file.write_bytes(data)
            handle = dpi.transom_open(str(file).encode(), b"")
            if handle == 0:
                n_refused += 1
                assert str(file).encode() in dpi.transom_error()
                continue
            for stream in range(min(dpi.transom_streams(handle), 4)):
                steps(dpi, handle, stream)
                assert 0 <= dpi.transom_end(handle, stream) < 8
            dpi.transom_close(handle)
    assert n_refused > 200
