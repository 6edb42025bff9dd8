"""test_tans_py.py — transom.tans_py: the Python tANS' documented calls, its streams, what it refuses, any message."""
# SPDX-License-Identifier: Apache-2.0

import random
import zlib
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from naive import naive_tans
from program import shared_vectors

from transom import tans_py
from transom.tans_py import Bits, Coder, tANS

TEXT = "a message to see how well it does, again and again, with letters that come back and some that do not"


@pytest.mark.parametrize("fast", [False, True])
def test_bits_are_the_definition(fast: bool) -> None:
    draw = random.Random(3)
    for counts in ([5, 3, 6, 2], [8, 8], [1, 15], [9, 4, 2, 1], [1] * 16, [100, 20, 7, 1]):
        coder = Coder(sum(counts), list(range(len(counts))), counts, fast)
        for n in (1, 2, 3, 50):
            message = draw.choices(range(len(counts)), counts, k=n)
            bits = coder.encode(message)
            assert bits == naive_tans(counts, message, fast)
            assert coder.decode(bits) == message


def test_a_numpy_array_is_counted_value_by_value() -> None:
    message = np.random.default_rng(0).integers(0, 256, 1020, dtype=np.uint8)
    bits, coder = tANS.encode(message, L=1024, fast=False, dtype="np")
    decoded = tANS.decode(bits, coder, dtype="np")
    assert isinstance(decoded, np.ndarray) and decoded.dtype == np.uint8
    np.testing.assert_array_equal(decoded, message)
    assert len(bits) / (8 * len(message)) < 1  # 1.25 in the original, which counts each element as a symbol


@pytest.mark.parametrize("dtype", [np.int8, np.uint16, np.int64])
def test_arrays_of_any_integers_come_back_in_their_type(dtype: Any) -> None:
    message = np.random.default_rng(1).integers(-9, 9, 500).astype(dtype)
    bits, coder = tans_py.encode(message)
    decoded = tans_py.decode(bits, coder)
    assert isinstance(decoded, np.ndarray) and decoded.dtype == dtype
    np.testing.assert_array_equal(decoded, message)


def test_strings_and_lists_come_back() -> None:
    bits, coder = tANS.encode(TEXT, L=128, fast=False, dtype="str")
    assert "".join(tANS.decode(bits, coder)) == TEXT
    bits, coder = tANS.encode(list(TEXT), dtype="list")
    assert tANS.decode(bits, coder, dtype="list") == list(TEXT)
    assert (tANS.decode(bits, coder) == list(TEXT)).all()  # type: ignore[union-attr]


def test_the_ratio_is_bytes_of_the_message_by_bytes_of_bits() -> None:
    bits, out, ratio = tANS.encode_decode_test(TEXT, L=1024, fast=False, dtype="str")
    assert out == TEXT and ratio == len(TEXT) / (len(bits) / 8) > 1
    array = np.array([1, 1, 1, 2] * 50)
    bits, out, ratio = tANS.encode_decode_test(array)
    np.testing.assert_array_equal(out, array)
    assert ratio == array.nbytes / (len(bits) / 8)
    assert tANS.encode_decode_test([1, 1, 2], dtype="list")[1] == [1, 1, 2]


def test_symbols_stand_in_the_order_of_the_messages_set() -> None:
    for message in ([200, 3, 3, 17], list(TEXT), np.array([200, 3, 3, 17], np.uint8), np.array([9**5, 1, 9**5, 3])):
        _, coder = tANS.encode(message)
        assert coder.s_list == list(set(message))


def test_a_coder_says_what_its_tables_are() -> None:
    coder = Coder(16, ["a", "b", "c", "d"], [9, 4, 2, 1])
    assert (coder.L, coder.s_list, coder.L_s) == (16, ["a", "b", "c", "d"], [9, 4, 2, 1])
    assert [coder.spread.count(s) for s in range(4)] == [9, 4, 2, 1]
    for state, (symbol, n_bits, new) in enumerate(coder.decode_table):
        assert symbol == coder.spread[state] and new >= 0 and new + (1 << n_bits) <= 16


def test_the_coders_other_verbs(capsys: pytest.CaptureFixture[str]) -> None:
    coder = Coder(16, list("abcd"), [9, 4, 2, 1])
    bits = coder.encode_string("abacad")
    assert coder.decode_string(bits) == "abacad"
    assert coder.encode_decode_string("abacad") == ("abacad", len(bits))
    assert coder.encode_decode(["a", "b"], verbose=True)[0] == ["a", "b"]
    assert "Saved" in capsys.readouterr().out
    assert (Coder.calculate_bits("aé"), Coder.calculate_bits([10, 2])) == (3, 3)


def test_bits_are_a_sequence_like_the_list_that_they_replace() -> None:
    bits = Bits.of([1, 0, 0, 1, 1, 0, 1, 0, 1])
    assert (len(bits), bits[0], bits[1], bits[-1], bits[3:5]) == (9, 1, 0, 1, [1, 1])
    assert bits == [1, 0, 0, 1, 1, 0, 1, 0, 1] and bits != [1, 0] and bits == Bits.of(iter(bits))
    assert "".join(str(bit) for bit in bits) == "100110101" and repr(bits) == "Bits(9)"
    assert bits.packed == bytes([0b01011001, 1]) and hash(bits) == hash(Bits.of(list(bits)))
    assert (bits == "x") is False
    with pytest.raises(IndexError):
        bits[9]


@pytest.mark.parametrize("kind", ["fast", "precise"])
def test_every_recorded_stream_bit_for_bit(kind: str) -> None:
    for case in shared_vectors("tans_py")["cases"]:
        if case["spread"] != kind:
            continue
        coder = Coder(case["L"], list(range(case["nsym"])), case["counts"], fast=kind == "fast")
        message = bytes.fromhex(case["msg_hex"])
        bits = coder.encode(message)
        assert (bits.packed.hex(), len(bits)) == (case["bits_hex"], case["nbits"]), case["name"]
        assert coder.encode(np.frombuffer(message, np.uint8)) == bits
        assert bytes(coder.decode(bits)) == message
        table = b"".join(bytes([s, n, x & 255, x >> 8]) for s, n, x in coder.decode_table)
        assert f"{zlib.crc32(table):08x}" == case["dectab_crc32"], case["name"]


def test_every_recorded_rescaling_and_no_defect() -> None:
    content = shared_vectors("tans_py")
    for case in content["rescale_cases"]:
        if "error" in case:
            with pytest.raises(ValueError, match="cannot be rescaled"):
                tans_py.rescale_list_to_power_of_2(case["input"], case["max_sum"])
        else:
            got = tans_py.rescale_list_to_power_of_2(case["input"], case["max_sum"])
            assert got == case["result"], case["name"]
    for case in content["defect_cases"]:
        if "counts" in case and case.get("spread") == "fast":
            with pytest.raises(ValueError, match=r"loses symbols|number of counts"):
                Coder(case["L"], list(range(len(case["counts"]))), case["counts"], fast=True)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: tANS.encode([]), "data has 0 different symbols"),
        (lambda: tANS.encode([1, 1]), "data has 1 different symbols"),
        (lambda: tANS.encode([[1], [2]]), "data must be a sequence of hashable"),
        (lambda: tANS.encode(7), "data must be a sequence"),  # type: ignore[arg-type]
        (lambda: tANS.encode(np.zeros((2, 2))), "data has 2 dimensions"),
        (lambda: tANS.encode(np.arange(300)), "L = 1024|number of counts"),
        (lambda: tANS.encode([1, 2], L=0), "L = 0"),
        (lambda: tANS.encode([1, 2], L="big"), "big|L"),  # type: ignore[arg-type]
        (lambda: tANS.encode([1, 2], L=1 << 15), "sum of counts is 32768"),
        (lambda: tANS.encode([1, 2], L=8, fast=True), "loses symbols"),
        (lambda: tANS.encode([1, 2], dtype="array"), "dtype is 'array'"),
        (lambda: tANS.decode([1], "coder"), "coder must be an instance"),  # type: ignore[arg-type]
        (lambda: Coder(10, [1, 2], [5, 5]), "L is 10"),
        (lambda: Coder(0, [], []), "L is 0"),
        (lambda: Coder(16, [1, 2], [8, 8, 8]), "L_s has 3 counts"),
        (lambda: Coder(16, [1, 1], [8, 8]), "s_list has a symbol twice"),
        (lambda: Coder(16, [1, 2], [16, 0]), "L_s must be counts"),
        (lambda: Coder(16, [1, 2], [8, 9]), "L_s must be counts"),
        (lambda: Coder(16, [[1], [2]], [8, 8]), "s_list must be hashable"),  # type: ignore[list-item]
        (lambda: Coder(2, [1], [2]), "number of counts"),
        (lambda: Coder(16, [1, 2], [8, 8]).encode([1, 3]), "data has the symbol 3"),
        (lambda: Coder(16, [1, 2], [8, 8]).encode(np.array([1, 3], np.uint8)), "data has the symbol 3"),
        (lambda: Coder(16, [1, 2], [8, 8]).encode(np.array([1, 3])), "data has the symbol 3"),
        (lambda: Coder(16, [1, 2], [8, 8]).encode([]), "data is empty"),
        (lambda: Coder(16, [1, 2], [8, 8]).decode([0, 2, 1]), "bitstream must be a list of 0 and 1"),
        (lambda: Coder(16, [1, 2], [8, 8]).decode(["a"]), "bitstream must be"),  # type: ignore[list-item]
        (lambda: Coder(16, [1, 2], [8, 8]).decode([0, 1]), "bitstream is damaged: truncated"),
        (lambda: Coder(16, [1, 2], [8, 8]).decode([0] * 99, max_symbols=3), "bitstream is damaged: trailing"),
        (lambda: Bits(b"", 1), "n_bits is 1"),
        (lambda: tans_py.rescale_list_to_power_of_2([0, 0], 8), "cannot be rescaled"),
        (lambda: tans_py.rescale_list_to_power_of_2([1, -1], 8), "input_list"),
    ],
)
def test_a_wrong_call_says_what_is_wrong(call: Callable[[], object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        call()


def test_damaged_bits_end_with_an_error_or_a_message() -> None:
    coder = Coder(64, [1, 2, 3], [40, 20, 4])
    bits = list(coder.encode([1, 2, 3, 1, 1, 2] * 20))
    for at in range(len(bits)):
        for damaged in (bits[:at], [*bits[:at], 1 - bits[at], *bits[at + 1 :]], bits[at:]):
            try:
                assert set(coder.decode(damaged)) <= {1, 2, 3}
            except ValueError as error:
                assert "bitstream is damaged" in str(error)  # noqa: PT017 - either may be
