"""test_coders.py — the package's coders: the program's own bytes, and every value back."""
# SPDX-License-Identifier: Apache-2.0

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from program import TRACE
from program import transom as program

pytest.importorskip("transom._core", reason="the Python module was not built")
import transom

FEW = settings(max_examples=25, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
DTYPES = (np.int8, np.uint8, np.int16, np.uint16)
CODINGS = [codec.name for codec in transom.codecs()]


def arrays(dtypes: tuple[Any, ...] = DTYPES, most: int = 64) -> st.SearchStrategy[Any]:
    shapes = hnp.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=most)
    return st.sampled_from(dtypes).flatmap(lambda dtype: hnp.arrays(dtype, shapes))


def skewed(n: int, dtype: Any = np.int8, seed: int = 1) -> Any:
    """Values of a small network's kind: most of them near 0."""
    return np.random.default_rng(seed).normal(0, 9, n).round().clip(-100, 100).astype(dtype)


def trace() -> list[transom.Tensor]:
    lines = json.loads((TRACE / "manifest.json").read_text())["tensors"]
    names = [f"{one['dtype'].rstrip('0123456789')}{one['bits']}" for one in lines]
    return [
        transom.Tensor(np.load(TRACE / one["file"]), name, one["name"]) for name, one in zip(names, lines, strict=True)
    ]


@pytest.mark.parametrize("coding", CODINGS)
def test_a_container_is_the_programs_to_the_byte(coding: str, tmp_path: Path) -> None:
    program("encode", TRACE, "-o", tmp_path / "t.tsm", "--coding", coding, "--streams", 3)
    want = (tmp_path / "t.tsm").read_bytes()
    coded = transom.encode_all(trace(), coding, n_streams=3)
    assert transom.write_container(coded) == want
    container = transom.read_container(tmp_path / "t.tsm")
    assert container.to_bytes() == want and container.version == 1
    for tensor, values in zip(trace(), transom.decode_all(container), strict=True):
        assert values.dtype == tensor.values.dtype and np.array_equal(values, tensor.values)


def test_a_container_of_the_wide_unit_is_the_programs_to_the_byte(tmp_path: Path) -> None:
    program("encode", TRACE, "-o", tmp_path / "t.tsm", "--unit", "wide", "--lanes", 16)
    container = transom.read_container(tmp_path / "t.tsm")
    assert container.version == 2
    container.write(tmp_path / "again.tsm")
    assert (tmp_path / "again.tsm").read_bytes() == (tmp_path / "t.tsm").read_bytes()
    for tensor, values in zip(trace(), transom.decode_all(container), strict=True):
        assert np.array_equal(values, tensor.values)


def test_the_program_reads_what_the_package_writes(tmp_path: Path) -> None:
    transom.Container(tuple(transom.encode_all(trace()))).write(tmp_path / "t.tsm")
    assert "12 tensors" in program("info", tmp_path / "t.tsm").stdout or program("info", tmp_path / "t.tsm").stdout


@FEW
@given(arrays(), st.sampled_from(CODINGS), st.integers(1, 9), st.integers(1, 5))
def test_every_array_comes_back(values: Any, coding: str, n_streams: int, chunk: int) -> None:
    tensor = transom.Tensor(values, name="t")
    coded = transom.encode_best(tensor, coding, n_streams=n_streams, chunk=chunk)
    back = transom.decode(coded)
    assert back.shape == values.shape and back.dtype == values.dtype and np.array_equal(back, values)
    (again,) = transom.Container.parse(transom.Container((coded,)).to_bytes())
    assert again == coded


@FEW
@given(arrays((np.int32, np.int64, np.uint32, np.uint64, np.bool_)))
def test_wider_integers_are_held_or_refused(values: Any) -> None:
    least, most = (-(2**15), 2**15 - 1) if values.dtype.kind == "i" else (0, 2**16 - 1)
    fits = values.size == 0 or values.dtype.kind == "b" or (values.min() >= least and values.max() <= most)
    if fits:
        assert np.array_equal(transom.Tensor(values).values, values)
    else:
        with pytest.raises(ValueError, match=r"^Tensor: values\[\d+\] is "):
            transom.Tensor(values)


@FEW
@given(arrays(most=9), st.integers(-3, 3).filter(bool), st.booleans())
def test_strides_are_read_as_they_lie(values: Any, step: int, transposed: bool) -> None:
    view = values[::step] if values.ndim else values
    view = view.T if transposed else view
    assert np.array_equal(transom.Tensor(view).values, view)


@FEW
@given(arrays(), st.sampled_from(CODINGS), st.integers(1, 2))
def test_an_array_where_it_lies_is_coded_as_its_tensor_is(values: Any, coding: str, step: int) -> None:
    view = values[::step] if values.ndim else values
    tensor = transom.Tensor(view)
    coded = transom.encode_best(view, coding, n_streams=3)
    assert coded == transom.encode_best(tensor, coding, n_streams=3)
    assert transom.encode(view, coded.code) == transom.encode(tensor, coded.code)
    assert transom.encode_all([view, tensor], coding, n_streams=3) == [coded, coded]
    assert np.array_equal(transom.histogram(view), transom.histogram(tensor))


@pytest.mark.parametrize("bits", range(1, 17))
@pytest.mark.parametrize("sign", ["", "u"])
def test_every_width_comes_back(bits: int, sign: str) -> None:
    dtype = transom.DType(f"{sign}int{bits}")
    values = np.random.default_rng(bits).integers(dtype.min, dtype.max, 1000, endpoint=True)
    tensor = transom.Tensor(values, dtype)
    assert np.array_equal(transom.decode(transom.encode_best(tensor)), values)
    assert np.array_equal(tensor.patterns, values & (2**bits - 1))


def test_counts_frequencies_and_costs_are_those_of_their_definition() -> None:
    values = skewed(5000)
    counts = transom.histogram(values)
    assert np.array_equal(counts, np.bincount(values.view(np.uint8), minlength=256))
    freq = transom.quantise(counts, 10)
    assert freq.sum() == 1 << 10 and np.array_equal(freq > 0, counts > 0)
    assert (transom.quantise(counts, 10, cover="every") > 0).all()
    used = counts > 0
    want = float((counts[used] * (10 - np.log2(freq[used]))).sum())
    assert transom.coded_cost(counts, freq, 10) == pytest.approx(want, rel=1e-6)
    assert np.array_equal(np.bincount(transom.make_spread(freq, 10), minlength=256), freq)


def test_ranges_tile_the_values_and_are_proven() -> None:
    search = transom.RangeSearch(transom.histogram(skewed(5000)), 16)
    best = search.best(16, 10)
    assert best.proven and best.cost == best.bound and best.freq.sum() == 1 << 10
    ends = [row.vmin for row in best.rows[1:]] + [256]
    assert all(row.vmin < end <= row.vmin + 2**row.offset_bits for row, end in zip(best.rows, ends, strict=True))
    assert transom.make_rows([row.vmin for row in best.rows], 8) == best.rows
    assert search.cost(16) <= best.cost


@pytest.mark.parametrize("coding", [name for name in CODINGS if name not in {"raw", "apack-tans-pair", "apack-ac"}])
def test_a_code_made_by_hand_codes(coding: str) -> None:
    values = skewed(3000)
    counts = transom.histogram(values)
    if coding.startswith("apack"):
        table = transom.RangeSearch(counts, 16).best(16, 10)
        code = transom.Code(coding, 10, table.freq, table.rows)
    else:
        code = transom.Code(coding, 10, transom.quantise(counts, 10))
    assert code.why_not("int8") == "" and "int8" not in code.why_not("int16")
    coded = transom.encode(values, code, n_streams=2)
    assert np.array_equal(transom.decode(coded), values)
    assert len(code.table) > 0 and len(code.unit_table) > 0
    assert sum(len(stream.symbols) for stream in coded.streams) * 4 < len(values)


def test_a_batch_is_what_its_tensors_are_one_by_one_with_a_bar() -> None:
    pytest.importorskip("tqdm", reason="python3-tqdm is not installed")
    batch = [skewed(2000, seed=seed) for seed in range(9)]
    coded = transom.encode_all(batch, "tans", progress=True, threads=2)
    assert coded == [transom.encode_best(values, "tans") for values in batch]
    for values, back in zip(batch, transom.decode_all(coded, progress=True, threads=2), strict=True):
        assert np.array_equal(values, back)


def test_arrays_of_other_frameworks_go_in_and_out() -> None:
    torch = pytest.importorskip("torch", reason="python3-torch is not installed")
    values = torch.arange(-60, 60, dtype=torch.int8).reshape(8, 15).t()
    tensor = transom.Tensor(values)
    assert torch.equal(torch.from_dlpack(tensor), values)
    assert np.array_equal(np.asarray(tensor), values.numpy())
    assert np.array_equal(transom.Tensor(memoryview(b"\x01\xff")).values, [1, 255])


def test_foreign_streams_come_back_and_are_each_others() -> None:
    symbols = (skewed(900).view(np.uint8) // 8).astype(np.uint8)
    counts = np.bincount(symbols, minlength=32)
    tried = 0
    for form in transom.foreign_formats():
        bits = min(max(11, form.least_bits), form.most_bits)
        freq = transom.ryg_normalise(counts + 1, bits)
        states = form.n_states or 2
        table = transom.ForeignStream(freq=freq, scale_bits=bits, n_states=states)
        try:
            stream = transom.encode_foreign(form.name, symbols, table)
        except ValueError:
            continue  # a table that the format lacks, named by its own tests
        assert np.array_equal(transom.decode_foreign(form.name, stream), symbols), form.name
        cut = transom.ForeignStream(stream.bytes[:-3], stream.freq, bits, states, stream.n, stream.n_bits)
        with pytest.raises(ValueError, match=form.name):
            transom.decode_foreign(form.name, cut)
        tried += 1
    assert tried >= 10
