"""test_torch_hostile.py — arguments that are none, streams that are damaged, and what holds of any message.

Each error names its argument; none is a crash, a hang or a wrong symbol.
"""
# SPDX-License-Identifier: Apache-2.0

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from kinds import Make, assert_same

import transom.torch as verbs
from transom.torch import VARIANTS, ANSInterface, UnknownVariantError

Change = Callable[[Make], dict[str, Any]]


def good(make: Make) -> dict[str, Any]:
    """Arguments of a push."""
    return {
        "stream": verbs.rans64_init_stream(2),
        "symbols": make([[0, 1], [2, 700]]),
        "indexes": make([[0, 0], [0, 0]]),
        "cdfs": make([[0, 100, 180, 250, 256]]),
        "cdfs_sizes": make([5]),
        "offsets": make([0]),
        "freq_precision": 8,
    }


def tables() -> tuple[Any, Any, Any]:
    return np.array([[0, 100, 180, 250, 256]]), np.array([5]), np.array([0])


@pytest.mark.parametrize(
    ("argument", "value", "message"),
    [
        ("stream", lambda make: make([1, 2, 3]), "stream"),
        ("stream", lambda make: make([[9, 9], [9, 9]]), r"stream\[0\] is damaged: bad_header"),
        ("stream", lambda make: make([[-4, 0], [0, 0]]), r"stream\[0\] is damaged: bad_header"),
        ("stream", lambda make: make([[4, 0], [0, 0]]), r"stream\[0\] is damaged: truncated"),
        ("stream", lambda make: make([[8, 0, 0], [8, 0, 0]]), r"stream\[0\] is damaged: bad_state"),
        ("stream", lambda make: make([[8.0, 0, 0]] * 2, np.float32), "stream"),
        ("stream", lambda _: [[1, 2]], "stream is a list"),
        ("stream", lambda _: None, "stream"),
        ("symbols", lambda make: make([[0, 1]]), "symbols"),
        ("symbols", lambda make: make([[0, 1, 2], [0, 1, 2]]), "symbols"),
        ("symbols", lambda make: make([0, 1]), "symbols"),
        ("symbols", lambda make: make([[0.5, 1], [2, 3]], np.float64), "symbols is of float64"),
        ("symbols", lambda make: make([[0, 2**40], [2, 3]], np.int64), "symbols has 1099511627776"),
        ("symbols", lambda make: make([[0, 1], [2, 2**30]]), r"symbols\[1\].*symbol 1 is 1073741824"),
        ("symbols", lambda _: [["a", "b"], ["c", "d"]], "symbols"),
        ("symbols", lambda _: [[1], [2, 3]], "symbols"),
        ("indexes", lambda make: make([[0, 0]]), "indexes"),
        ("indexes", lambda make: make([[0, 0], [0, 1]]), "one of indexes is 1"),
        ("indexes", lambda make: make([[0, 0], [-1, 0]]), "one of indexes is -1"),
        ("indexes", lambda _: None, "indexes"),
        ("cdfs", lambda make: make([0, 100, 256]), "cdfs"),
        ("cdfs", lambda make: make([[0, 100, 90, 250, 256]]), r"table 0.*bounds\[2\] is 90"),
        ("cdfs", lambda make: make([[5, 100, 180, 250, 256]]), r"table 0.*bounds\[0\] is 5"),
        ("cdfs", lambda make: make([[0, 100, 180, 250, 300]]), "table 0.*the last boundary is 300"),
        ("cdfs", lambda make: make([[0, 100, 180, -1, 256]]), "table 0"),
        ("cdfs_sizes", lambda make: make([6]), r"cdfs_sizes\[0\] is 6"),
        ("cdfs_sizes", lambda make: make([-1]), r"cdfs_sizes\[0\] is -1"),
        ("cdfs_sizes", lambda make: make([0]), "table 0"),
        ("cdfs_sizes", lambda make: make([5, 5]), "cdfs_sizes"),
        ("offsets", lambda make: make([0, 0]), "offsets"),
        ("freq_precision", lambda _: 0, "freq_precision is 0"),
        ("freq_precision", lambda _: 32, "freq_precision is 32"),
        ("freq_precision", lambda _: "8", "freq_precision is '8'"),
        ("bypass_precision", lambda _: 0, "bypass_precision is 0"),
        ("bypass_precision", lambda _: 9, "bypass_precision is 9"),
    ],
)
def test_a_wrong_argument_is_named_and_the_stream_stays(argument: str, value: Any, message: str, make: Make) -> None:
    arguments = good(make)
    begun = np.asarray(arguments["stream"]).copy()
    stream = arguments["stream"]
    arguments[argument] = value(make)
    with pytest.raises(ValueError, match=message):
        verbs.rans64_push(**arguments)
    np.testing.assert_array_equal(np.asarray(stream), begun)
    if argument != "symbols":
        del arguments["symbols"]
        with pytest.raises(ValueError, match=message):
            verbs.rans64_pop(**arguments)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: ANSInterface("rans64_i8"), "impl is 'rans64_i8'"),
        (lambda: ANSInterface(bypass_precision=0), "bypass_precision"),
        (lambda: ANSInterface(num_parallel_states=0), "num_parallel_states"),
        (lambda: ANSInterface(num_parallel_states=2.5), "num_parallel_states"),  # type: ignore[arg-type]
        (lambda: ANSInterface(num_bytes_code_length=8), "num_bytes_code_length"),
        (lambda: ANSInterface(freq_precision=0), "freq_precision"),
        (lambda: ANSInterface(mode="both"), "mode"),
        (lambda: ANSInterface(dtype="int64"), "dtype"),
        (lambda: ANSInterface().encode_with_indexes([[0]], [[0]]), "init_params"),
        (lambda: ANSInterface().encode_with_indexes([[0]], [[0, 1]]), "symbols has the shape"),
        (lambda: ANSInterface().encode_with_indexes(0, 0), "no dimension"),
        (lambda: ANSInterface().decode_stream([[0]]), "set_stream"),
        (lambda: ANSInterface(freq_precision=30).init_params([[1, 2]], [2], [0]), "freq_precision is 30"),
        (lambda: ANSInterface().init_params([[1, 2]], [3], [0]), r"num_freqs\[0\] is 3"),
        (lambda: ANSInterface().init_params([[1, 2]], [-1], [0]), r"num_freqs\[0\] is -1"),
        (lambda: ANSInterface().init_params([[1, 2]], [2], [0, 0]), "offsets"),
        (lambda: ANSInterface().init_params([1, 2], [2], [0]), "freqs has the shape"),
        (lambda: ANSInterface().init_params([[1, -2]], [2], [0]), "freqs"),
        (lambda: ANSInterface().init_params([[0.5, float("nan")]], [2], [0]), "probability"),
        (lambda: ANSInterface(bypass_coding=False).init_params([[0, 0]], [2], [0]), "probability"),
        (lambda: ANSInterface().init_params([["a"]], [1], [0]), "freqs"),
        (lambda: ANSInterface("rans64_alias", freq_precision=8).init_params([[1, 2]], [2], [0]), "power of two"),
        (lambda: ANSInterface(freq_precision=2).init_params([[1] * 9], [9], [0]), "no slot to steal"),
        (lambda: verbs.rans32_init_stream(0), "size is 0"),
        (lambda: verbs.rans32_init_stream(1, 0), "num_interleaves is 0"),
        (lambda: verbs.rans32_init_stream(1, 1, -1), "preallocate_size is -1"),
        (lambda: verbs.rans32_init_stream(1 << 20, 1, 1 << 29), "words of the stream"),
        (lambda: verbs.rans_byte_strings_to_stream(["text"]), r"byte_strings\[0\]"),  # type: ignore[list-item]
        (lambda: verbs.merge_bytes([b"", b""], 4, 1), "number of segments is 2"),
        (lambda: verbs.merge_bytes([bytes(256)], 1), "length of segment 0"),
        (lambda: verbs.merge_bytes([b""], 3), "length_bytes is 3"),
        (lambda: verbs.split_merged_bytes(b"", 4, 0), "num_segments is 0"),
        (lambda: verbs.split_merged_bytes(b"\5\0\0\0abc"), "data is damaged: truncated"),
        (lambda: verbs.split_merged_bytes("text"), "data is a str"),  # type: ignore[arg-type]
        (lambda: verbs.rans_pmf_to_quantized_cdf([[0.5, -0.5]]), "probability 1"),
        (lambda: verbs.rans_pmf_to_quantized_cdf([0.5, 0.5]), "pmfs"),
        (lambda: verbs.rans_pmf_to_quantized_cdf([[1.0]], 24), "precision is 24"),
        (lambda: verbs.pmf_to_quantized_cdf_batched([[0.1] * 8], 4), "pmf has 8 symbols"),
        (lambda: verbs.pmf_to_quantized_cdf_batched([[0.5]], 4, True, float("nan")), "probability 1 is"),
        (lambda: verbs.inverse_quantized_cdf([[0, 5, 3]], 4), "boundary"),
        (
            lambda: ANSInterface("rans64_alias", False).set_cdfs([[0, 1 << 16]] * 5000, [2] * 5000, [0] * 5000),
            "slots of all cdfs",
        ),
        (lambda: verbs.rans_alias_build_table([[0, 8, 9, 16]], [4], 2, 4), "cdfs_sizes"),
    ],
)
def test_a_wrong_call_says_what_is_wrong(call: Callable[[], object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        call()


def test_an_unknown_variant_is_what_the_original_raises_too() -> None:
    with pytest.raises(NotImplementedError):
        ANSInterface(impl="invalid_impl")
    assert issubclass(UnknownVariantError, ValueError)
    with pytest.raises(NotImplementedError):
        ANSInterface().encode([[0]])


def test_a_message_that_does_not_divide_by_its_streams_is_refused() -> None:
    coder = ANSInterface(num_parallel_states=2, freq_precision=8)
    coder.set_cdfs(*tables())
    with pytest.raises(ValueError, match="divide by the 2 streams"):
        coder.encode_with_indexes([[0, 1, 2]], [[0, 0, 0]])


def test_precisions_that_corrupt_the_originals_streams_are_refused() -> None:
    flat = np.array([[0, 1 << 15, 1 << 16]]), np.array([3]), np.array([0])
    with pytest.raises(ValueError, match="over the coder's 15"):
        verbs.rans32_16_push(verbs.rans32_16_init_stream(1), [[0]], [[0]], *flat, freq_precision=16)


def test_a_table_for_each_symbol_takes_no_look_up_of_all_its_slots(draw: np.random.Generator) -> None:
    symbols, freqs = draw.integers(0, 4, (1, 9000)), draw.integers(1, 9, (1, 9000, 4))
    encoded = {i: ANSInterface(i).encode_with_freqs(symbols, freqs) for i in ("rans32", "rans32_invcdf")}
    assert encoded["rans32_invcdf"] == encoded["rans32"] is not None
    np.testing.assert_array_equal(ANSInterface("rans32_invcdf").decode_with_freqs(encoded["rans32"], freqs), symbols)


def test_a_read_only_stream_is_refused() -> None:
    stream = np.asarray(verbs.rans64_init_stream(1)).copy()
    stream.flags.writeable = False
    with pytest.raises(ValueError, match="read-only"):
        verbs.rans64_pop(stream, [[]], *tables(), freq_precision=8)


@pytest.mark.parametrize("impl", VARIANTS)
def test_damaged_byte_strings_end_with_an_error_or_the_message(impl: str, draw: np.random.Generator) -> None:
    coder = ANSInterface(impl, freq_precision=8, bypass_coding=False)
    bounds, _, _ = tables()
    coder.set_cdfs(bounds, [5], [0])
    symbols, indexes = draw.integers(0, 4, (1, 50)), np.zeros((1, 50), np.int32)
    encoded = coder.encode_with_indexes(symbols, indexes)
    assert encoded is not None
    n_missed = 0
    for at in range(len(encoded)):
        damaged = bytearray(encoded)
        damaged[at] ^= 1 << draw.integers(8)
        for bad in (bytes(damaged), encoded[:at], encoded[:at] + b"\xff" + encoded[at:]):
            try:
                n_missed += int((coder.decode_with_indexes(bad, indexes) != symbols).any())
            except ValueError:
                continue
    assert n_missed == 0  # of some 150: no checksum is there to rely on


def test_what_is_left_on_a_stream_is_told_of_unless_it_may_be(make: Make) -> None:
    coder = ANSInterface(freq_precision=8)
    coder.set_cdfs(*tables())
    symbols = make([[0, 1, 2, 3, 99]])
    encoded = coder.encode_with_indexes(symbols, symbols * 0)
    assert encoded is not None
    with pytest.raises(ValueError, match="whole=False"):
        coder.decode_with_indexes(encoded, make([[0, 0]]))
    assert_same(coder.decode_with_indexes(encoded, make([[0, 0]]), whole=False), make([[0, 1]]))


def test_rows_are_coded_on_threads_as_one_by_one(draw: np.random.Generator) -> None:
    symbols, indexes = draw.integers(0, 4, (8, 40_000)), np.zeros((8, 40_000), np.int8)
    coder = ANSInterface(freq_precision=8, num_parallel_states="batch")
    coder.set_cdfs(*tables())
    encoded = coder.encode_with_indexes(symbols, indexes)
    assert encoded is not None
    rows = b"".join(coder.encode_with_indexes(symbols[i : i + 1], indexes[:1]) or b"" for i in range(8))
    assert encoded == rows
    np.testing.assert_array_equal(coder.decode_with_indexes(encoded, indexes), symbols)
    symbols[5, 7] = symbols[6, 0] = 2**30
    with pytest.raises(ValueError, match=r"symbols\[5\].*symbol 7 "):  # of the first of them
        coder.encode_with_indexes(symbols, indexes)
