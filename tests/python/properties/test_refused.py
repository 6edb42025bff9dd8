"""test_refused.py — any function with one argument wrong: an error that names it, or what is right; no crash."""
# SPDX-License-Identifier: Apache-2.0

import re
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
import pytest

pytest.importorskip("hypothesis", reason="python3-hypothesis is not installed")
pytest.importorskip("transom._core", reason="the Python module was not built")
from hypothesis import given
from hypothesis import strategies as st

import transom
import transom.torch as verbs
from properties.registry import of
from properties.strategies import NO_BYTES, NO_COUNTS, NO_INTEGERS, NO_NUMBERS, NO_VALUES
from transom import _core, tans_py
from transom.golden import Decoder
from transom.verify import Cosim

VALUES = np.arange(-8, 8, dtype=np.int8).repeat(5)
CODED = transom.encode_best(transom.Tensor(VALUES, name="t"), "tans")
COUNTS = transom.histogram(VALUES)
FREQ = transom.quantise(COUNTS, 10)
SYMBOLS = np.array([0, 1, 2, 1, 0, 0] * 20, np.uint8)
STREAM = transom.encode_foreign("ryg-byte", SYMBOLS, transom.ForeignStream(freq=[2048, 1024, 1024]))
ROWS = transom.released_search(COUNTS)
SPLIT = transom.apack_split(ROWS, VALUES)
SEARCH = transom.RangeSearch(COUNTS)
NORM = transom.fse_normalise([9, 5, 2], 5)


class Call(NamedTuple):
    """A function, arguments that are right, and which of them are arrays of values, numbers, bytes or integers."""

    function: Callable[..., Any]
    right: dict[str, Any]
    values: str = ""
    numbers: str = ""
    bytes: str = ""
    integers: str = ""
    words: str = ""


ENCODE = {"n_streams": 2, "chunk": 1}
CALLS = {
    "Tensor": Call(transom.Tensor, {"values": VALUES}, "values"),
    "histogram": Call(transom.histogram, {"tensor": VALUES}, "tensor"),
    "quantise": Call(transom.quantise, {"counts": COUNTS, "table_log": 9, "cover": "every"}, numbers="counts",
                     integers="table_log", words="cover"),
    "coded_cost": Call(transom.coded_cost, {"counts": COUNTS, "freq": FREQ, "table_log": 10}, numbers="counts freq",
                       integers="table_log"),
    "make_spread": Call(transom.make_spread, {"freq": FREQ, "table_log": 10, "spread": "step"}, numbers="freq",
                        integers="table_log", words="spread"),
    "make_rows": Call(transom.make_rows, {"starts": [0, 3], "value_bits": 8}, numbers="starts", integers="value_bits"),
    "pair_histogram": Call(transom.pair_histogram, {"symbols": SYMBOLS, "n_symbols": 3, **ENCODE}, bytes="symbols",
                           integers="n_symbols n_streams chunk"),
    "RangeSearch": Call(transom.RangeSearch, {"counts": COUNTS, "max_rows": 4}, numbers="counts", integers="max_rows"),
    "RangeSearch.cost": Call(SEARCH.cost, {"n_rows": 4}, integers="n_rows"),
    "RangeSearch.rows": Call(SEARCH.rows, {"n_rows": 4}, integers="n_rows"),
    "RangeSearch.best": Call(SEARCH.best, {"n_rows": 4, "table_log": 9, "cover": "every"}, integers="n_rows table_log",
                             words="cover"),
    "Code": Call(transom.Code, {"coding": "tans", "table_log": 10, "freq": FREQ, "spread": "step"}, numbers="freq",
                 integers="table_log", words="coding spread"),
    "raw_code": Call(transom.raw_code, {"dtype": "int8"}, words="dtype"),
    "Code.why_not": Call(CODED.code.why_not, {"dtype": "int8"}, words="dtype"),
    "DType": Call(transom.DType, {"name": "int8"}, words="name"),
    "encode": Call(transom.encode, {"tensor": VALUES, "code": CODED.code, **ENCODE}, "tensor",
                   integers="n_streams chunk"),
    "encode_best": Call(transom.encode_best, {"tensor": VALUES, "coding": "apack-tans", "table_log": 9, "rows": 4,
                                              "spread": "step", "search": "exact", **ENCODE}, "tensor",
                        integers="n_streams chunk table_log rows", words="coding spread search"),
    "encode_wide": Call(transom.encode_wide, {"tensor": VALUES, "n_lanes": 4, "halves": 4, "bytes_per_1000": 9000,
                                              "goal": "both"}, "tensor",
                        integers="n_lanes halves bytes_per_1000", words="goal"),
    "encode_all": Call(lambda tensor, **options: transom.encode_all([tensor], **options),
                       {"tensor": VALUES, "threads": 1, **ENCODE}, "tensor", integers="n_streams chunk threads"),
    "decode_all": Call(lambda threads: transom.decode_all([CODED], threads=threads), {"threads": 1},
                       integers="threads"),
    "write_container": Call(transom.write_container, {"tensors": [CODED], "version": 1}, integers="version"),
    "record_bytes": Call(transom.record_bytes, {"coded": CODED, "version": 1}, integers="version"),
    "parse_container": Call(transom.parse_container, {"bytes": transom.write_container([CODED])}, bytes="bytes"),
    "Stream": Call(Decoder(CODED).stream, {"number": 1}, integers="number"),
    "Stepper.take": Call(lambda n: _core.Stepper(CODED, 0).take(n), {"n": 3}, integers="n"),
    "Cosim.step": Call(lambda **told: Cosim(CODED).step(**told), {"lane": 0, "symbol": 1, "state": 1, "position": 1},
                       integers="lane symbol state position"),
    "Cosim.value": Call(Cosim(CODED).value, {"lane": 0, "value": 1}, integers="lane value"),
    "Cosim.end": Call(lambda **told: Cosim(CODED).end(**told), {"lane": 0, "verdict": "ok"}, integers="lane",
                      words="verdict"),
    "Cosim.at": Call(Cosim(CODED).at, {"cycle": 1}, integers="cycle"),
    "ForeignStream": Call(transom.ForeignStream, {"bytes": b"1", "freq": [1], "scale_bits": 1, "n_states": 1, "n": 1,
                                                  "n_bits": 1, "rare": [1]}, numbers="freq rare", bytes="bytes",
                          integers="scale_bits n_states n n_bits"),
    "encode_foreign": Call(transom.encode_foreign, {"format": "ryg-byte", "symbols": SYMBOLS, "table": STREAM},
                           bytes="symbols", words="format"),
    "decode_foreign": Call(transom.decode_foreign, {"format": "ryg-byte", "stream": STREAM}, words="format"),
    "ryg_normalise": Call(transom.ryg_normalise, {"counts": [1, 2], "scale_bits": 9}, numbers="counts",
                          integers="scale_bits"),
    "fse_normalise": Call(transom.fse_normalise, {"counts": [1, 2], "table_log": 9}, numbers="counts",
                          integers="table_log"),
    "fse_write_header": Call(transom.fse_write_header, {"norm": NORM, "table_log": 5}, numbers="norm",
                             integers="table_log"),
    "fse_read_header": Call(transom.fse_read_header, {"bytes": transom.fse_write_header(NORM, 5)}, bytes="bytes"),
    "fse_encode_block": Call(transom.fse_encode_block, {"symbols": SYMBOLS, "max_symbol": 9, "table_log": 9},
                             bytes="symbols", integers="max_symbol table_log"),
    "fse_decode_block": Call(transom.fse_decode_block, {"bytes": transom.fse_encode_block(SYMBOLS)[1],
                                                        "max_symbols": 120}, bytes="bytes", integers="max_symbols"),
    "ApackRow": Call(transom.ApackRow, {"vmin": 0, "off": 1, "abits": 1, "obits": 1, "vcnt": 1},
                     integers="vmin off abits obits vcnt"),
    "parse_apack_table": Call(transom.parse_apack_table, {"text": transom.write_apack_table(ROWS), "value_bits": 8},
                              integers="value_bits"),
    "released_search": Call(transom.released_search, {"counts": COUNTS}, numbers="counts"),
    "apack_split": Call(transom.apack_split, {"rows": ROWS, "values": VALUES}, "values"),
    "apack_join": Call(transom.apack_join, {"rows": ROWS, "value_bits": 8, "symbols": SPLIT[0], "offsets": SPLIT[1]},
                       bytes="symbols offsets", integers="value_bits"),
}  # fmt: skip
#: How the model calls an argument, where it is not by its name.
OTHERWISE = {
    "table_log": "table log|table_log", "max_rows": "max_rows", "n_rows": "n_rows|number of rows",
    "starts": "starts|boundaries",
    "counts": r"counts?\b|symbols", "freq": "freq|frequenc", "number": "stream", "scale_bits": "scale_bits|scale bits",
    "name": "name", "format": "name|format", "tensor": "tensor|values", "rows": "rows", "lane": "lane", "norm": "norm",
    "state": "state", "max_symbol": "max_symbol|symbols", "n_states": "n_states|interleave",
}  # fmt: skip


def cases(kind: str) -> st.SearchStrategy[tuple[str, str]]:
    """(function, argument) of a kind."""
    return st.sampled_from([(name, one) for name, call in CALLS.items() for one in getattr(call, kind).split()])


def check(name: str, argument: str, wrong: Any, may_be_right: bool = False) -> None:
    call = CALLS[name]
    to_blame = call.right if may_be_right else [argument]  # what is right alone may be wrong beside another
    pattern = "|".join(OTHERWISE.get(one, one) for one in to_blame)
    try:
        call.function(**{**call.right, argument: wrong})
    except ValueError as error:
        assert re.search(pattern, str(error)), f"{name}({argument}={wrong!r}): {error}"
        assert "\n" not in str(error)
    else:
        assert may_be_right, f"{name}({argument}={wrong!r}) is taken"


@given(st.sampled_from(sorted(CALLS)))
def test_the_right_arguments_are_right(name: str) -> None:
    CALLS[name].function(**CALLS[name].right)


@given(cases("values"), NO_VALUES)
def test_what_is_no_array_of_values_is_refused_by_name(case: tuple[str, str], wrong: Any) -> None:
    check(*case, wrong)


@given(cases("numbers"), NO_NUMBERS)
def test_what_are_no_numbers_is_refused_by_name(case: tuple[str, str], wrong: Any) -> None:
    check(*case, wrong, may_be_right=case[1] == "norm" and isinstance(wrong, list))


@given(cases("numbers"), st.lists(st.integers(0, 2**32 - 1), max_size=40))
def test_any_numbers_are_taken_or_refused_by_name(case: tuple[str, str], numbers: list[int]) -> None:
    check(*case, numbers, may_be_right=True)
    check(*case, np.array(numbers, np.uint32), may_be_right=True)


@given(cases("bytes"), NO_BYTES)
def test_what_are_no_bytes_is_refused_by_name(case: tuple[str, str], wrong: Any) -> None:
    check(*case, wrong)


@given(cases("bytes"), st.binary(max_size=80))
def test_any_bytes_are_taken_or_refused(case: tuple[str, str], data: bytes) -> None:
    call = CALLS[case[0]]
    try:
        call.function(**{**call.right, case[1]: data})
    except ValueError as error:
        assert "\n" not in str(error)


@given(cases("integers"), NO_COUNTS)
def test_a_negative_or_huge_number_is_refused_by_name(case: tuple[str, str], wrong: int) -> None:
    check(*case, wrong)


@given(cases("integers"), st.integers(0, 99) | st.sampled_from([2**k - 1 for k in range(1, 65)]))
def test_any_number_is_taken_or_refused_by_name(case: tuple[str, str], number: int) -> None:
    check(*case, number, may_be_right=True)
    check(*case, np.uint64(number), may_be_right=True)


@given(st.integers(2**28 + 1, 2**64 - 1))
def test_no_forged_count_makes_room_for_as_much(number: int) -> None:
    check("ForeignStream", "n", number)
    check("fse_decode_block", "max_symbols", number)


@given(cases("integers"), NO_INTEGERS)
def test_what_is_no_integer_is_a_typeerror(case: tuple[str, str], wrong: Any) -> None:
    call = CALLS[case[0]]
    with pytest.raises(TypeError):
        call.function(**{**call.right, case[1]: wrong})


@given(cases("words"), st.text(max_size=9) | st.sampled_from(["\n", "\x1b[0m", "\0", "a\rb"]))
def test_an_unknown_word_is_refused_by_name(case: tuple[str, str], word: str) -> None:
    check(*case, word)


@of("transom.decode", "transom.try_decode", "transom.decode_all", "transom.encode", "transom.write_container")
@given(st.sampled_from([None, 3, "t", VALUES, [CODED], object()]))
def test_another_class_than_the_modules_is_an_error_of_python(wrong: Any) -> None:
    calls: list[Callable[[Any], Any]] = [transom.decode, transom.try_decode, Cosim]
    calls.append(lambda one: transom.encode(VALUES, one))
    for call in calls:
        with pytest.raises(TypeError):
            call(wrong)
    with pytest.raises(ValueError, match=r"^decode_all: coded\[0\] is "):
        transom.decode_all([wrong])
    with pytest.raises(TypeError):
        transom.write_container([wrong])


TORCH = {"cdfs": [[0, 512, 1024]], "cdfs_sizes": [3], "offsets": [0], "indexes": [[0, 0]], "symbols": [[0, 1]]}


@of("transom.torch.rans64_push", "transom.torch.rans64_pop")
@given(
    st.sampled_from(sorted(TORCH)),
    NO_VALUES.filter(lambda one: getattr(one, "dtype", None) not in (">i2", ">u2", ">i4", ">u8"))
    | st.sampled_from([np.zeros((1, 1, 1), int), np.array([[2**40]]), np.array(1), [[1], [2, 3]], [["a"]]]),
)
def test_what_is_no_array_of_integers_is_refused_by_torchs_verbs(argument: str, wrong: Any) -> None:
    arguments: dict[str, Any] = {**TORCH, argument: wrong}
    stream = np.array(verbs.rans64_init_stream(1, preallocate_size=64))
    with pytest.raises(ValueError, match=argument):
        verbs.rans64_push(stream, **arguments, freq_precision=10, bypass_coding=False)
    if argument != "symbols":
        del arguments["symbols"]
        with pytest.raises(ValueError, match=argument):
            verbs.rans64_pop(stream, **arguments, freq_precision=10, bypass_coding=False)


@of("transom.torch.rans64_push", "transom.torch.rans64_pop")
@given(st.sampled_from(sorted(TORCH)), st.lists(st.integers(-(2**33), 2**33), max_size=4), st.binary(max_size=40))
def test_any_integers_are_taken_or_refused_by_torchs_verbs(argument: str, numbers: list[int], data: bytes) -> None:
    wrong: Any = numbers if argument in {"cdfs_sizes", "offsets"} else [numbers]
    arguments: dict[str, Any] = {**TORCH, argument: wrong}
    words = np.frombuffer(data[: len(data) // 4 * 4], np.int32)[np.newaxis].copy()
    for stream in (np.array(verbs.rans64_init_stream(1)), words):
        before = stream.copy()
        try:
            verbs.rans64_push(stream, **arguments, freq_precision=10, bypass_coding=False)
            verbs.rans64_pop(
                words, arguments["indexes"], [[0, 512, 1024]], [3], [0], freq_precision=10, bypass_coding=False
            )
        except ValueError as error:
            assert str(error)
            assert stream.shape == before.shape


@of("transom.tans_py.Coder", "transom.tans_py.encode", "transom.tans_py.decode", "transom.tans_py.Bits.of")
@given(
    st.sampled_from([[], [1], [[1], [2]], [{}], np.zeros((2, 2)), np.array([]), 3, None, iter([1, 2]), [1, [2]]]),
    st.data(),
)
def test_what_is_no_message_or_bits_is_refused_by_tans_py(wrong: Any, data: st.DataObject) -> None:
    with pytest.raises((ValueError, TypeError)):
        tans_py.encode(wrong)
    coder = tans_py.Coder(4, "ab", [1, 3])
    with pytest.raises((ValueError, TypeError)):
        tans_py.decode(data.draw(st.sampled_from([[2], ["a"], [[1]], 3, None, [0.5], np.ones((2, 2))])), coder)
    with pytest.raises(ValueError, match="bitstream"):
        tans_py.Bits.of([3])
