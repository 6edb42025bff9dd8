"""test_tables.py — types, tensors, counts, frequencies, ranges, codes: what holds of any of them."""
# SPDX-License-Identifier: Apache-2.0

import math
from typing import Any

import numpy as np
import pytest

pytest.importorskip("hypothesis", reason="python3-hypothesis is not installed")
pytest.importorskip("transom._core", reason="the Python module was not built")
from hypothesis import given
from hypothesis import strategies as st

import transom
from properties.registry import of
from properties.strategies import CODINGS, SPREADS, arrays, counts, laid_out

NAMES = [f"{sign}int{bits}" for sign in ("", "u") for bits in range(1, 17)] + ["bf16", "fp16", "fp8_e4m3", "fp8_e5m2"]


@of("transom.DType")
@given(st.sampled_from(NAMES) | st.text(max_size=9))
def test_a_type_is_its_name_or_none(name: str) -> None:
    try:
        dtype = transom.DType(name)
    except ValueError as error:
        assert name not in NAMES and "name" in str(error)
        return
    assert name in NAMES and str(dtype) == name and dtype == transom.DType(str(dtype))
    assert hash(dtype) == hash(transom.DType(name))
    assert dtype.max - dtype.min == 2**dtype.bits - 1
    assert (dtype.exponent_bits == 0) == ("int" in name) and dtype.is_signed == name.startswith("int")


@of("transom.Tensor")
@given(laid_out(), st.text("abc/é", max_size=5))
def test_a_tensor_has_the_arrays_values_however_they_lie(pair: Any, name: str) -> None:
    view, values = pair
    tensor = transom.Tensor(view, name=name)
    assert tensor == transom.Tensor(values, name=name) and tensor.name == name
    assert tensor.shape == values.shape and len(tensor) == values.size
    assert str(tensor.dtype) == str(values.dtype) == str(tensor.values.dtype)
    assert np.array_equal(tensor.values, values) and np.array_equal(np.asarray(tensor), values)
    assert np.array_equal(np.from_dlpack(tensor), values)
    assert np.array_equal(tensor.patterns, values.view(f"u{values.itemsize}"))


@of("transom.Tensor", "transom.DType")
@given(laid_out(arrays((np.int32, np.int64, np.uint32, np.uint64, np.bool_))), st.sampled_from([None, *NAMES[:32]]))
def test_a_value_fits_its_type_or_is_named_with_its_index(pair: Any, name: str | None) -> None:
    view, values = pair
    dtype = transom.DType(name or ("int16" if values.dtype.kind == "i" else "uint16"))
    outside = [i for i, v in enumerate(values.ravel().tolist()) if not dtype.min <= v <= dtype.max]
    if outside:
        with pytest.raises(ValueError, match=rf"^Tensor: values\[{outside[0]}\] is "):
            transom.Tensor(view, name)
    else:
        assert np.array_equal(transom.Tensor(view, name).values, values)


@of("transom.histogram")
@given(laid_out())
def test_a_histogram_counts_every_value_once(pair: Any) -> None:
    view, values = pair
    patterns = values.view(f"u{values.itemsize}").ravel()
    found = transom.histogram(view)
    assert found.dtype == np.uint32 and np.array_equal(found, np.bincount(patterns, minlength=len(found)))
    assert len(found) == 2 ** (8 * values.itemsize)


@of("transom.quantise", "transom.coded_cost")
@given(counts(), st.integers(0, 14), st.sampled_from(["occurring", "every"]))
def test_frequencies_fill_the_table_and_none_that_is_needed_is_missing(n: list[int], R: int, cover: str) -> None:  # noqa: N803
    needed = len(n) if cover == "every" else np.count_nonzero(n)
    if needed > 2**R:
        with pytest.raises(ValueError, match="quantise: "):
            transom.quantise(n, R, cover)
        return
    freq = transom.quantise(n, R, cover)
    assert freq.dtype == np.uint32 and freq.sum() == 2**R and len(freq) == len(n)
    assert (freq[np.array(n) > 0] > 0).all() and (cover == "occurring" or (freq > 0).all())
    cost = sum(c * (R - math.log2(f)) for c, f in zip(n, freq.tolist(), strict=True) if c)
    assert transom.coded_cost(n, freq, R) == pytest.approx(cost, rel=1e-6, abs=1e-6)
    entropy = sum(c * math.log2(sum(n) / c) for c in n if c)
    assert cost >= entropy - 1e-6


@of("transom.quantise", "transom.coded_cost")
@given(counts(5, least=2).filter(any), st.integers(3, 5))
def test_no_other_frequencies_of_small_tables_cost_less(n: list[int], R: int) -> None:  # noqa: N803
    """By enumeration of all that move one slot."""
    freq = transom.quantise(n, R).tolist()
    cost = transom.coded_cost(n, freq, R)
    for i in range(len(n)):
        for j in range(len(n)):
            moved = list(freq)
            moved[i] += 1
            moved[j] -= 1
            if i != j and (moved[j] > 0 or (moved[j] == 0 and n[j] == 0)):
                assert transom.coded_cost(n, moved, R) >= cost - 1e-3


@of("transom.make_spread")
@given(counts().filter(any), st.integers(5, 12), st.sampled_from(SPREADS))
def test_each_symbol_has_its_slots(n: list[int], R: int, kind: str) -> None:  # noqa: N803
    freq = transom.quantise(n, R)
    spread = transom.make_spread(freq, R, kind)
    assert spread.dtype == np.uint8 and np.array_equal(np.bincount(spread, minlength=len(n)), freq)


@of("transom.make_rows", "transom.Row")
@given(st.lists(st.integers(0, 70000), max_size=9), st.integers(0, 20))
def test_rows_tile_the_values_or_are_refused(starts: list[int], bits: int) -> None:
    good = 1 <= bits <= 16 and starts[:1] == [0] and sorted(set(starts)) == starts and starts[-1] < 2**bits
    if not good:
        with pytest.raises(ValueError, match=r"make_rows: (starts|value_bits|number of)"):
            transom.make_rows(starts, bits)
        return
    rows = transom.make_rows(starts, bits)
    assert [row.vmin for row in rows] == starts
    for row, end in zip(rows, [*starts[1:], 2**bits], strict=True):
        assert 2**row.offset_bits >= end - row.vmin > (2**row.offset_bits) // 2 or row.offset_bits == 0
    assert rows == transom.make_rows(np.array(starts), bits) and repr(rows[0]).startswith("Row(0, ")


@of(
    "transom.RangeSearch", "transom.RangeSearch.best", "transom.RangeSearch.cost", "transom.RangeSearch.rows",
    "transom.RangeTable", "transom.Row",
)  # fmt: skip
@given(
    st.integers(1, 5).flatmap(lambda w: counts(2**w, least=2**w)).filter(any), st.integers(1, 16), st.integers(5, 10)
)
def test_ranges_tile_and_more_rows_cost_no_more(n: list[int], k: int, R: int) -> None:  # noqa: N803
    search = transom.RangeSearch(n, 16)
    k = min(k, search.max_rows)
    table: transom.RangeTable = search.best(k, R)
    assert isinstance(table, transom.RangeTable) and all(isinstance(row, transom.Row) for row in table.rows)
    bits = len(n).bit_length() - 1
    assert len(table.rows) <= k and transom.make_rows([row.vmin for row in table.rows], bits) == table.rows
    assert table.freq.sum() == 2**R and table.bound <= table.cost and table.proven == (table.bound == table.cost)
    assert search.cost(k) <= table.cost + 1e-6 and len(search.rows(k)) <= k
    assert all(search.cost(i) >= search.cost(i + 1) - 1e-6 for i in range(1, search.max_rows))


@of("transom.pair_histogram", "transom.Code", "transom.encode")
@given(st.lists(st.integers(0, 5), max_size=60), st.integers(1, 5), st.integers(1, 3))
def test_pairs_are_those_that_each_stream_forms(symbols: list[int], n_streams: int, chunk: int) -> None:
    data = np.array(symbols, np.uint8)
    found = transom.pair_histogram(data, 6, n_streams, chunk).reshape(6, 6)
    want, odd = np.zeros((6, 6), int), []
    for stream in range(min(n_streams, max(len(symbols), 1))):
        mine = [s for i, s in enumerate(symbols) if i // chunk % min(n_streams, len(symbols)) == stream]
        for first, second in zip(mine[::2], mine[1::2], strict=False):
            want[first, second] += 1
        odd += mine[-1:] if len(mine) % 2 else []
    for first in odd:
        want[first, want[first].argmax()] += 1
    assert np.array_equal(found, want) and found.dtype == np.uint32
    if symbols and data.max() >= 2:  # a table of pairs, made by hand
        rows = transom.make_rows([0, 1, 2, 3, 4, 5], 4)
        code = transom.Code("apack-tans-pair", 10, transom.quantise(found.ravel(), 10), rows)
        coded = transom.encode(transom.Tensor(data, "uint4"), code, n_streams, chunk)
        assert np.array_equal(transom.decode(coded), data)


@of("transom.Codec", "transom.codecs", "transom.Code", "transom.Code.why_not", "transom.raw_code")
@given(st.sampled_from(NAMES), st.integers(0, 20), st.sampled_from(CODINGS))
def test_a_code_says_whether_it_is_one(name: str, R: int, coding: str) -> None:  # noqa: N803
    raw = transom.raw_code(name)
    assert raw == transom.raw_code(transom.DType(name)) and raw.why_not(name) == ""
    assert raw.coding == "raw" and raw.rows[0].offset_bits == transom.DType(name).bits
    codec: transom.Codec = next(one for one in transom.codecs() if one.name == coding)
    assert isinstance(codec, transom.Codec)
    code = transom.Code(coding, R, [2**R])
    assert (code.coding, code.table_log, code.freq.tolist()) == (coding, R, [2**R])
    if coding != "raw" and not codec.min_table_log <= R <= codec.max_table_log:
        assert code.why_not("int8") != ""
        with pytest.raises(ValueError, match=r"table log|sum of frequencies"):
            code.table  # noqa: B018


@of("transom.Code", "transom.Code.why_not")
@given(st.sampled_from(CODINGS), counts(), st.integers(0, 14), st.integers(1, 8), st.sampled_from(SPREADS))
def test_any_frequencies_are_a_code_or_a_reason(coding: str, n: list[int], R: int, bits: int, spread: str) -> None:  # noqa: N803
    code = transom.Code(coding, R, n, transom.make_rows([0], bits), spread)
    reason = code.why_not(f"int{bits}")
    values = np.zeros(5, np.int8)
    if reason:
        with pytest.raises(ValueError, match=r"^encode: code is "):
            transom.encode(transom.Tensor(values, f"int{bits}"), code)
    else:
        back = transom.decode(transom.encode(transom.Tensor(values, f"int{bits}"), code))
        assert np.array_equal(back, values) and len(code.unit_table) >= 0
