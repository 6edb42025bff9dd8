"""test_hostile.py — what the package refuses: a ValueError that names the argument, never a crash."""
# SPDX-License-Identifier: Apache-2.0

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

pytest.importorskip("transom._core", reason="the Python module was not built")
import transom
from transom.golden import Decoder
from transom.verify import Cosim

FEW = settings(max_examples=60, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
VALUES = np.arange(-8, 8, dtype=np.int8).repeat(5)
CODED = transom.encode_best(transom.Tensor(VALUES, name="t"), "tans")
COUNTS = transom.histogram(VALUES)

REFUSED: list[tuple[str, Callable[[], Any], str]] = [
    ("a list", lambda: transom.Tensor([1, 2]), r"^Tensor: values is list; must be an array"),
    ("None", lambda: transom.Tensor(None), r"^Tensor: values is NoneType"),
    ("text", lambda: transom.Tensor("text"), r"^Tensor: values is str"),
    ("floats", lambda: transom.Tensor(np.zeros(3, np.float64)), r"^Tensor: values is an array of float64; must be of "),
    ("complex", lambda: transom.Tensor(np.zeros(3, np.complex64)), r"^Tensor: values is "),
    ("objects", lambda: transom.Tensor(np.array([None])), r"^Tensor: values is "),
    ("dates", lambda: transom.Tensor(np.zeros(3, "M8[s]")), r"^Tensor: values is "),
    ("too large", lambda: transom.Tensor(np.array([70000])), r"^Tensor: values\[0\] is 70000; must be -32768\.\.32767"),
    ("not of the dtype", lambda: transom.Tensor(VALUES, "uint4"), r"^Tensor: values\[0\] is -8; must be 0\.\.15"),
    ("no dtype", lambda: transom.Tensor(VALUES, "int99"), "int99"),
    ("2^32 values", lambda: transom.Tensor(np.broadcast_to(VALUES[0], (65536, 65536))), r"^Tensor: values is 2\^32"),
    ("no array", lambda: transom.histogram(7), r"^histogram: tensor is int"),
    ("no counts", lambda: transom.quantise([], 4), r"^quantise: number of counts is 0"),
    ("negative counts", lambda: transom.quantise([1, -1], 4), r"^quantise: counts\[1\] is -1; must be 0\.\."),
    ("counts in a square", lambda: transom.quantise(np.ones((2, 2), int), 4), r"^quantise: counts is 2 dimensions"),
    ("counts of floats", lambda: transom.quantise(np.ones(2), 4), r"^quantise: counts is an array of float64"),
    ("a table log", lambda: transom.quantise([1], 15), r"^quantise: table log is 15; must be 0\.\.14"),
    ("a cover", lambda: transom.quantise([1], 4, cover="none"), r"^quantise: cover is none; must be one of occurring"),
    ("a coding", lambda: transom.encode_best(VALUES, "zip"), r"^encode_best: coding is zip; must be one of raw, tans"),
    ("streams", lambda: transom.encode_best(VALUES, n_streams=0), r"n_streams is 0; must be 1\.\.65535"),
    ("a chunk", lambda: transom.encode_best(VALUES, chunk=0), r"chunk is 0; must be 1"),
    ("rows", lambda: transom.encode_best(VALUES, "apack-tans", rows=99), r"^encode_best: "),
    ("a sum", lambda: transom.encode(VALUES, transom.Code("tans", 4, [3])), r"^encode: code is tans; "),
    ("a spread", lambda: transom.Code("tans", 4, [16], spread="x"), r"^Code: spread is x; must be one of step"),
    ("rows of numbers", lambda: transom.Code("tans", 4, [16], [1]), r"^Code: rows is list; must be a list of Row"),  # type: ignore[list-item]
    ("a table", lambda: transom.Code("tans", 4, [3]).table, r"^make_spread: sum of freq"),
    ("row starts", lambda: transom.make_rows([3, 1], 4), r"^make_rows: starts is \[3, 1\]; must ascend"),
    ("64 counts of 65", lambda: transom.RangeSearch(np.ones(65, int)), r"^RangeSearch: "),
    ("no tensors", lambda: transom.encode_all([7]), r"^encode_all: tensors\[0\] is int"),
    ("no codeds", lambda: transom.decode_all([VALUES]), r"^decode_all: coded\[0\] is ndarray; must be a CodedTensor"),  # type: ignore[list-item]
    ("bytes", lambda: transom.Container.parse([1]), r"^parse_container: bytes is list; must be bytes"),
    ("16-bit bytes", lambda: transom.Container.parse(np.zeros(9, np.uint16)), r"^parse_container: bytes is ndarray"),
    ("bytes with gaps", lambda: transom.Container.parse(np.zeros(9, np.uint8)[::2]), r"^parse_container: bytes is"),
    ("a version", lambda: transom.write_container([CODED], 3), r"^write_container: version is 3; must be 1\.\.2"),
    ("a stream", lambda: Decoder(CODED).stream(99), r"^Decoder: stream is 99; must be 0\.\.3"),
    ("a decoder's source", lambda: Decoder(7), r"^Decoder: container is int"),  # type: ignore[arg-type]
    ("a lane", lambda: Cosim(CODED).step(99, 0), "lane"),
    ("a position alone", lambda: Cosim(CODED).step(0, 0, position=3), r"^Cosim.step: position is alone; must come"),
    ("a verdict", lambda: Cosim(CODED).end(0, "fine"), r"^Cosim.end: verdict is fine; must be one of ok"),
    ("a format", lambda: transom.encode_foreign("zip", b"", transom.ForeignStream()), "zip"),
    ("a foreign table", lambda: transom.encode_foreign("ryg-byte", b"\0", transom.ForeignStream(freq=[1])), "ryg-byte"),
    ("an APack table", lambda: transom.parse_apack_table("1 2", 8), r"^APack table: "),
]  # fmt: skip


@pytest.mark.parametrize(("call", "match"), [one[1:] for one in REFUSED], ids=[one[0] for one in REFUSED])
def test_a_wrong_argument_is_named(call: Callable[[], Any], match: str) -> None:
    with pytest.raises(ValueError, match=match):
        call()


def test_empty_arrays_are_tensors() -> None:
    for shape in ((0,), (3, 0), (0, 4, 2)):
        coded = transom.encode_best(np.zeros(shape, np.int16))
        assert transom.decode(coded).shape == shape
        assert list(Decoder(coded)) == []


@FEW
@given(st.binary(max_size=200))
def test_foreign_bytes_are_no_container(data: bytes) -> None:
    with pytest.raises(transom.DataError, match=r"^container: "):
        transom.Container.parse(data)


@FEW
@given(st.integers(0, 10**6), st.integers(0, 7))
def test_a_flipped_bit_is_an_error_or_the_same_values(byte: int, bit: int) -> None:
    data = bytearray(transom.write_container([CODED]))
    data[byte % len(data)] ^= 1 << bit
    try:
        (coded,) = transom.Container.parse(bytes(data))
        back = transom.decode(coded)
    except transom.DataError:
        return
    assert np.array_equal(back, VALUES)


def test_a_damaged_stream_is_named_and_can_still_be_looked_at() -> None:
    data = bytearray(transom.write_container([CODED]))
    data[-9] ^= 0x10
    (coded,) = transom.Container.parse(data)
    with pytest.raises(transom.DataError, match=r"^tensor 't'.*encode the tensor again$"):
        transom.decode(coded)
    tried = transom.try_decode(coded)
    assert tried.status != "ok" and len(tried.patterns) == len(VALUES)
    assert len(list(Decoder(coded))) == len(VALUES)


def test_files_that_cannot_be_had_are_oserrors(tmp_path: Path) -> None:
    with pytest.raises(OSError, match=r"none\.tsm"):
        transom.read_container(tmp_path / "none.tsm")
    (tmp_path / "bad.tsm").write_bytes(b"bad")
    with pytest.raises(transom.DataError, match=r"bad\.tsm: container: "):
        transom.read_container(tmp_path / "bad.tsm")
    with pytest.raises(OSError, match=r"bad\.tsm"):
        transom.Container((CODED,)).write(tmp_path / "bad.tsm/t.tsm")
