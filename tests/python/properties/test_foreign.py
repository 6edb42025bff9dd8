"""test_foreign.py — other coders' streams and tables: back again, and never believed."""
# SPDX-License-Identifier: Apache-2.0

from typing import Any

import numpy as np
import pytest

pytest.importorskip("hypothesis", reason="python3-hypothesis is not installed")
pytest.importorskip("transom._core", reason="the Python module was not built")
from hypothesis import given
from hypothesis import strategies as st

import transom
from properties.registry import of
from properties.strategies import arrays, counts

FORMATS = transom.foreign_formats()
MESSAGES = st.binary(min_size=2, max_size=200).map(lambda data: np.frombuffer(data, np.uint8) % 7)


def table_of(form: transom.ForeignFormat, symbols: Any) -> transom.ForeignStream:
    """A table of all that the message has."""
    size = 256 if "alias" in form.name else 8
    bits = min(max(12, form.least_bits), form.most_bits)
    freq = transom.ryg_normalise(np.bincount(symbols, minlength=size + form.has_escape) + 1, bits)
    return transom.ForeignStream(freq=freq, scale_bits=bits, n_states=form.n_states or 2)


@of(
    "transom.encode_foreign", "transom.decode_foreign", "transom.ForeignStream", "transom.ForeignFormat",
    "transom.foreign_formats",
)  # fmt: skip
@given(MESSAGES, st.sampled_from(FORMATS), st.data())
def test_a_message_comes_back_and_damage_is_found_or_harmless(
    symbols: Any, form: transom.ForeignFormat, data: st.DataObject
) -> None:
    assert isinstance(form, transom.ForeignFormat) and form.name in [f.name for f in transom.foreign_formats()]
    table = table_of(form, symbols)
    assert table.freq.sum() == 2**table.scale_bits
    try:
        stream = transom.encode_foreign(form.name, symbols, table)
    except ValueError as error:
        assert str(error).startswith(form.name)  # a table that the format lacks
        return
    assert isinstance(stream, transom.ForeignStream) and stream.n == len(symbols)
    assert np.array_equal(transom.decode_foreign(form.name, stream), symbols)
    assert stream.n_bits <= 8 * len(stream.bytes)
    damaged = bytearray(stream.bytes)
    if damaged:
        damaged[data.draw(st.integers(0, len(damaged) - 1))] ^= data.draw(st.integers(1, 255))
    for held in (bytes(damaged), bytes(damaged[: data.draw(st.integers(0, len(damaged)))]), data.draw(st.binary())):
        other = transom.ForeignStream(held, stream.freq, stream.scale_bits, stream.n_states, stream.n, stream.n_bits)
        try:
            assert len(transom.decode_foreign(form.name, other)) == stream.n
        except ValueError as error:
            assert form.name in str(error)


@of("transom.ryg_normalise")
@given(counts(), st.integers(0, 20))
def test_ryg_frequencies_fill_the_table(n: list[int], bits: int) -> None:
    try:
        freq = transom.ryg_normalise(n, bits)
    except ValueError as error:
        assert "ryg_normalise" in str(error)
        return
    assert freq.sum() == 2**bits and (freq[np.array(n) > 0] > 0).all()


@of("transom.fse_normalise", "transom.fse_write_header", "transom.fse_read_header")
@given(counts(), st.integers(0, 15), st.binary(max_size=9))
def test_an_fse_header_is_its_table(n: list[int], R: int, more: bytes) -> None:  # noqa: N803
    try:
        norm = transom.fse_normalise(n, R)
    except ValueError as error:
        assert "fse_normalise: " in str(error)
        return
    assert norm.dtype == np.int16 and np.where(norm == -1, 1, norm).sum() == 2**R
    header = transom.fse_write_header(norm, R)
    cells, table_log, n_bytes = transom.fse_read_header(header + more)
    assert (table_log, n_bytes) == (R, len(header))
    assert np.array_equal(cells, np.trim_zeros(norm, "b"))
    for cut in range(len(header)):
        with pytest.raises(ValueError, match="fse_read_header: bytes"):
            transom.fse_read_header(header[:cut])


@of("transom.fse_read_header", "transom.fse_decode_block")
@given(st.binary(max_size=60), st.integers(0, 300))
def test_any_bytes_are_an_fse_block_or_data_error(data: bytes, most: int) -> None:
    try:
        assert len(transom.fse_decode_block(data, most)) <= most
        assert transom.fse_read_header(data)[2] <= len(data)
    except transom.DataError as error:
        assert "bytes" in str(error)


@of("transom.fse_encode_block", "transom.fse_decode_block", "transom.fse_read_header")
@given(st.lists(st.sampled_from([0, 0, 0, 0, 1, 2, 9]), max_size=300), st.integers(1, 12))
def test_an_fse_block_is_smaller_and_comes_back(symbols: list[int], R: int) -> None:  # noqa: N803
    data = np.array(symbols, np.uint8)
    outcome, block = transom.fse_encode_block(data, 9, R)
    if outcome != "written":
        assert block == b"" and outcome == ("one_symbol" if len(set(symbols)) == 1 < len(symbols) else "incompressible")
        return
    assert len(block) < len(data) and transom.fse_read_header(block)[1] <= 12
    assert np.array_equal(transom.fse_decode_block(block, len(data)), data)
    with pytest.raises(transom.DataError, match="bytes"):
        transom.fse_decode_block(block, len(data) - 1)
    if data.max() > 0:
        with pytest.raises(ValueError, match="fse_encode_block: symbols"):
            transom.fse_encode_block(data, int(data.max()) - 1, R)


@of(
    "transom.apack_split", "transom.apack_join", "transom.released_search", "transom.ApackRow",
    "transom.parse_apack_table", "transom.write_apack_table",
)  # fmt: skip
@given(arrays((np.int8, np.uint8)), st.data())
def test_values_come_back_through_the_released_tools_rows(values: Any, data: st.DataObject) -> None:
    if not values.size:
        return
    rows = transom.released_search(transom.histogram(values))
    assert len(rows) == 16 and sum(row.vcnt for row in rows) == values.size
    text = transom.write_apack_table(rows)
    assert transom.parse_apack_table(text, 8) == rows
    assert transom.ApackRow(rows[0].vmin, rows[0].off, rows[0].abits, rows[0].obits, rows[0].vcnt) == rows[0]
    symbols, offsets, n_bits = transom.apack_split(rows, values)
    assert n_bits == sum(rows[s].off for s in symbols.tolist()) and len(offsets) == (n_bits + 7) // 8
    back = transom.apack_join(rows, 8, symbols, offsets)
    assert np.array_equal(back, transom.Tensor(values).patterns.ravel())
    with pytest.raises(transom.DataError, match="apack_join: symbols with offsets"):
        transom.apack_join(rows, 8, symbols, offsets + b"\0")
    wrong = data.draw(st.binary(max_size=len(offsets) + 1))
    try:
        assert len(transom.apack_join(rows, 8, symbols, wrong)) == values.size
    except transom.DataError:
        assert wrong != offsets


@of("transom.parse_apack_table")
@given(st.text("0123456789 \n-ax", max_size=60) | st.text(max_size=20), st.integers(1, 16))
def test_any_text_is_a_table_or_an_error(text: str, bits: int) -> None:
    try:
        rows = transom.parse_apack_table(text, bits)
    except transom.DataError as error:
        assert str(error).startswith("APack table: ")
        return
    assert transom.parse_apack_table(transom.write_apack_table(rows), bits) == rows
