"""test_torch_verbs.py — torch_ans' low-level functions: streams in parts, tables, byte strings."""
# SPDX-License-Identifier: Apache-2.0

import struct
from typing import Any

import numpy as np
import pytest
from kinds import Make, assert_same
from naive import NaiveRow

import transom.torch as verbs

CDF = [0, 3, 40, 41, 200, 250, 256, 256]  # the last is not of the table
INITIAL = {"rans64": 1 << 31, "rans32": 1 << 23, "rans32_16": 1 << 15}
CODERS = [
    (f"{family}{kind}", pop)
    for family in INITIAL
    for kind, pops in (("", ("pop", "invcdf_pop")), ("_i4", ("pop", "invcdf_pop")), ("_alias", ("pop",)))
    for pop in pops
]


def tables(make: Make) -> tuple[Any, Any, Any]:
    return make([CDF, CDF]), make([7, 7]), make([-2, 5])


def alias_tables(make: Make) -> tuple[Any, Any, Any]:
    bounds = [0, 3, 40, 200, 256, 0, 0, 0]
    return make([bounds, bounds]), make([5, 5]), make([-2, 5])


@pytest.mark.parametrize("family", INITIAL)
@pytest.mark.parametrize("n_states", [1, 4])
def test_a_stream_begins_with_its_length_and_its_states(family: str, n_states: int, make: Make) -> None:
    stream = getattr(verbs, f"{family}_init_stream")(3, n_states, preallocate_size=40)
    state = INITIAL[family].to_bytes(8 if family == "rans64" else 4, "little")
    row = struct.pack("<i", n_states * len(state)) + n_states * state
    assert type(stream) is type(make([0]))
    assert np.asarray(stream).tobytes() == 3 * (row + bytes(40))
    assert verbs.rans_stream_to_byte_strings(stream) == 3 * [n_states * state]


@pytest.mark.parametrize(("coder", "pop"), CODERS)
def test_pushes_are_popped_last_first_in_any_parts(coder: str, pop: str, make: Make, draw: np.random.Generator) -> None:
    family = coder.removesuffix("_i4").removesuffix("_alias")
    used = alias_tables(make) if coder.endswith("_alias") else tables(make)
    stream = getattr(verbs, f"{family}_init_stream")(2, 4 if coder.endswith("_i4") else 1)
    begun = verbs.rans_stream_to_byte_strings(stream)
    pushes = [(draw.integers(-300, 300, (2, n)), draw.integers(0, 2, (2, n))) for n in (7, 1, 30)]
    for symbols, indexes in pushes:
        after = getattr(verbs, f"{coder}_push")(stream, make(symbols), make(indexes), *used, freq_precision=8)
        assert isinstance(stream, np.ndarray) or after is stream  # a tensor grows in place
        stream = after
    for symbols, indexes in reversed(pushes):
        got = getattr(verbs, f"{coder}_{pop}")(stream, make(indexes), *used, freq_precision=8)
        assert_same(got, make(symbols))
    assert verbs.rans_stream_to_byte_strings(stream) == begun


def test_a_wide_array_is_pushed_on_in_place_and_a_narrow_one_is_not(draw: np.random.Generator) -> None:
    symbols, indexes = draw.integers(-2, 3, (2, 50)), np.zeros((2, 50), np.int8)
    wide = np.asarray(verbs.rans64_init_stream(2, preallocate_size=200))
    narrow = np.asarray(verbs.rans64_init_stream(2)).copy()
    used = tables(lambda values: np.array(values, np.int32))
    first = verbs.rans64_push(wide, symbols, indexes, *used, freq_precision=8)
    second = verbs.rans64_push(narrow, symbols, indexes, *used, freq_precision=8)
    assert first is wide and second is not narrow
    assert verbs.rans_stream_to_byte_strings(first) == verbs.rans_stream_to_byte_strings(second)
    assert verbs.rans_stream_to_byte_strings(narrow) == verbs.rans_stream_to_byte_strings(verbs.rans64_init_stream(2))


def test_the_readmes_seventh_argument_is_the_unused_symbol_precision(make: Make) -> None:
    flat = make([[0, 1 << 15, 1 << 16]]), make([3]), make([0])
    stream = verbs.rans64_init_stream(1)
    verbs.rans64_push(stream, make([[0, 1]]), make([[0, 0]]), *flat, 16, bypass_coding=False)
    by_name = verbs.rans64_push(
        verbs.rans64_init_stream(1), make([[0, 1]]), make([[0, 0]]), *flat, freq_precision=16, bypass_coding=False
    )
    naive = NaiveRow("rans64", [0, 1 << 15, 1 << 16], 16)
    naive.push([0, 1])
    assert verbs.rans_stream_to_byte_strings(by_name) == [naive.to_bytes()]


def test_byte_strings_become_the_stream_they_were(make: Make) -> None:
    rows = [struct.pack("<Q", 1 << 31), struct.pack("<QI", 1 << 40, 7), b""]
    stream = verbs.rans_byte_strings_to_stream(rows)
    assert type(stream) is type(make([0])) and tuple(stream.shape) == (3, 4)
    assert verbs.rans_stream_to_byte_strings(stream) == rows


def test_segments_are_merged_with_their_lengths() -> None:
    merged = verbs.merge_bytes([b"abcde", b"xyz"])
    assert merged == b"\5\0\0\0abcde\3\0\0\0xyz"
    assert verbs.split_merged_bytes(merged) == [b"abcde", b"xyz"]
    assert verbs.merge_bytes([b"ab", b"c"], num_bytes_length=2) == b"\2\0ab\1\0c"
    assert verbs.split_merged_bytes(b"\2\0ab\1\0c", num_bytes_length=2) == [b"ab", b"c"]


def test_the_last_segment_of_a_known_number_has_no_length() -> None:
    merged = verbs.merge_bytes([b"one", b"two", b"!"], num_bytes_length=1, num_segments=3)
    assert merged == b"\3one\3two!"
    assert verbs.split_merged_bytes(merged, 1, 3) == [b"one", b"two", b"!"]
    assert verbs.split_merged_bytes(b"\3one", 1, 3) == [b"one", b"", b""]  # missing ones are empty


def test_probabilities_become_cumulative_counts(make: Make) -> None:
    got = verbs.rans_pmf_to_quantized_cdf(make([[0.25] * 4, [0.5, 0.25, 0.25, 0]], np.float32), 8)
    assert_same(got, make([[0, 64, 128, 192, 256], [0, 128, 191, 255, 256]]))  # the last one steals from a narrowest
    wraps = verbs.rans_pmf_to_quantized_cdf(make([[0.55, 0.225, 0.225]], np.float32), 16)
    assert (np.diff(np.asarray(wraps)) > 0).all() and wraps[0][-1] == 1 << 16


def test_the_batched_alternative_adds_one_to_each_and_a_tail(make: Make) -> None:
    even = verbs.pmf_to_quantized_cdf_batched(make([[0.25] * 4], np.float32), precision=8, add_tail=False)
    assert_same(even, make([[0, 64, 128, 192, 256]]))
    with_tail = np.asarray(verbs.pmf_to_quantized_cdf_batched(make([[0.3] * 3, [1, 2, 3]], np.float32), precision=8))
    assert with_tail.shape == (2, 5)
    assert (np.diff(with_tail) >= 1).all() and (with_tail[:, -1] == 256).all()
    heavy = np.asarray(verbs.pmf_to_quantized_cdf_batched(make([[1, 1]], np.float32), 8, tail_mass=1.0))
    assert heavy[0].tolist() == [0, 85, 170, 256]


def test_the_inverse_of_cumulative_counts_is_the_symbol_of_each_slot(make: Make) -> None:
    got = verbs.inverse_quantized_cdf(make([[0, 26, 77, 154, 256]]), freq_precision=8)
    assert_same(got, make([[0] * 26 + [1] * 51 + [2] * 77 + [3] * 102]))


def test_alias_tables_permute_the_slots_and_are_taken_as_cdfs(make: Make, draw: np.random.Generator) -> None:
    cdfs, sizes, offsets = make([[0, 3, 40, 200, 256]]), make([5]), make([0])
    push, pop = verbs.rans_alias_build_table(cdfs, sizes, symbol_precision=2, freq_precision=8)
    assert tuple(push.shape) == (1, 5 + 256) and tuple(pop.shape) == (1, 5 + 4 * 4)
    assert sorted(np.asarray(push)[0, 5:].tolist()) == list(range(256))
    symbols, indexes = make(draw.integers(0, 4, (1, 40))), make(np.zeros((1, 40)))
    options = {"freq_precision": 8, "bypass_coding": False}
    stream = verbs.rans64_alias_push(verbs.rans64_init_stream(1), symbols, indexes, push, sizes, offsets, **options)
    plain = verbs.rans64_alias_push(verbs.rans64_init_stream(1), symbols, indexes, cdfs, sizes, offsets, **options)
    assert verbs.rans_stream_to_byte_strings(stream) == verbs.rans_stream_to_byte_strings(plain)
    assert_same(verbs.rans64_alias_pop(stream, indexes, pop, sizes, offsets, **options), symbols)


def test_every_function_of_the_original_has_its_name() -> None:
    names = {f"{family}_{verb}" for family in INITIAL for verb in ("init_stream", "push", "pop", "i4_push", "i4_pop")}
    names |= {f"{family}_{verb}" for family in INITIAL for verb in ("alias_push", "alias_pop", "invcdf_pop")}
    names |= {"rans32_i4_invcdf_pop", "rans32_16_i4_invcdf_pop", "rans_stream_to_byte_strings"}
    names |= {"rans_byte_strings_to_stream", "rans_alias_build_table", "rans_pmf_to_quantized_cdf"}
    assert len(names) == 30  # of torch_ans._C
    names |= {"merge_bytes", "split_merged_bytes", "inverse_quantized_cdf", "pmf_to_quantized_cdf_batched"}
    names |= {"TorchANSInterface"}  # of torch_ans.utils
    assert names <= set(verbs.__all__)
    for name in names:
        assert getattr(verbs, name).__name__ in (name, "ANSInterface")
