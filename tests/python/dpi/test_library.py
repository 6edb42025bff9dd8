"""libtransom_dpi.so as C functions: golden steps and ends, any number of handles, and nothing that crashes it.

What is expected is decoded by tests/clean_room, which knows the page of the format alone.
"""
# SPDX-License-Identifier: Apache-2.0

import ctypes
import random
from collections.abc import Callable
from ctypes import byref, c_char_p, c_int, c_longlong, c_uint, c_ulonglong
from pathlib import Path
from typing import Any

import pytest
from coders import PAIRS, STATUSES, Code, Fault, Stream
from container import read_container
from dpi_bench import LIBRARY
from program import TRACE, transom

pytestmark = pytest.mark.skipif(not LIBRARY.exists(), reason="libtransom_dpi.so is not built")
CODINGS = ["raw", "tans", "rans", "apack-tans", "apack-rans", "apack-ac", "apack-tans-pair", "apack-nrans"]


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


def page_steps(code: Code, stream: Stream) -> list[tuple[int, int, int, int]]:
    """What the page makes of a stream, as transom_step() gives it, but for where it stands in the symbol stream."""
    per_step = 2 if code.coding == PAIRS else 1
    found = []
    for i in range(0, len(stream.steps), per_step):
        beat = stream.steps[i : i + per_step]
        value = sum(step.value << 16 * n for n, step in enumerate(beat))
        symbol = sum(step.symbol << 4 * n for n, step in enumerate(beat))
        found.append((symbol, value, beat[0].state, beat[0].symbol_position))
    return found


def test_steps_and_ends_are_those_of_the_page(dpi: Any, coded: dict[str, Path], tmp_path: Path) -> None:
    """Of the embedded trace's smaller tensors, and of vectors, valid or not."""
    transom("vectors", "-o", tmp_path)
    statuses, n_steps = set(), 0
    for file in [*coded.values(), *sorted(tmp_path.rglob("*.tsm"))]:
        try:
            tensors = read_container(file.read_bytes())[1]
        except Fault:
            assert dpi.transom_open(str(file).encode(), b"") == 0
            continue
        for number, tensor in enumerate(tensors):
            if tensor.n > 3000 or tensor.decoded:
                continue
            handle = dpi.transom_open_number(str(file).encode(), number)
            assert handle > 0, dpi.transom_error()
            assert dpi.transom_streams(handle) == tensor.N
            for s, stream in enumerate(tensor.streams(traced=True)):
                told, want = steps(dpi, handle, s), page_steps(tensor.code, stream)
                if told and tensor.code.coding == PAIRS and len(stream.steps) % 2 == 1:  # the last one's second symbol
                    told[-1] = (told[-1][0] & 15, *told[-1][1:])
                position = want[0][3] - told[0][3] if want else 0
                for step in told:
                    position += step[3]
                    assert (*step[:3], position) == want.pop(0)
                assert want == []
                assert STATUSES[dpi.transom_end(handle, s)] == stream.status
                statuses.add(stream.status)
                n_steps += len(told)
            assert dpi.transom_close(handle) == 1
    assert statuses >= {"ok", "truncated", "bad_state", "trailing"} and n_steps > 10000


@pytest.mark.parametrize("coding", CODINGS[1:])  # raw reads no bit of a symbol stream
def test_golden_steps_pass_and_one_with_a_bit_too_many_is_the_first_difference(
    coding: str, dpi: Any, coded: dict[str, Path]
) -> None:
    handle = open_tensor(dpi, coded[coding], "dense1_relu")
    told = steps(dpi, handle, 1)
    wrong = len(told) // 2
    for i, (symbol, _, state, bits) in enumerate(told):
        assert dpi.transom_check_step(handle, 1, 2, symbol, state, bits + (i == wrong)) == (i < wrong)
    stream, index, bit, want, got = c_int(), c_ulonglong(), c_ulonglong(), c_ulonglong(), c_ulonglong()
    assert dpi.transom_difference(handle, *map(byref, (stream, index, bit, want, got))) == 1
    assert (stream.value, index.value, got.value - want.value) == (1, wrong, 1)
    assert bit.value + told[wrong][3] == want.value
    assert dpi.transom_difference_what(handle) == b"position"
    assert b"lane 1, index " in dpi.transom_difference_text(handle)
    assert dpi.transom_difference_class(handle) in (b"shift", b"refill")
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
    calls: dict[Callable[[], int], bytes] = {
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
    }
    for call, said in calls.items():
        assert call() == -1
        assert said in dpi.transom_error()
    assert dpi.transom_open(None, None) == 0 and b"must name a container" in dpi.transom_error()
    for number in (12, -1):
        assert dpi.transom_open_number(str(coded["tans"]).encode(), number) == 0
        assert b"tensor is %d; " % number in dpi.transom_error()
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
