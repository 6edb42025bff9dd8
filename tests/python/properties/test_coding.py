"""test_coding.py — tensors to streams, containers and back, in every coding: values, states, positions and sizes."""
# SPDX-License-Identifier: Apache-2.0

import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest

pytest.importorskip("hypothesis", reason="python3-hypothesis is not installed")
pytest.importorskip("transom._core", reason="the Python module was not built")
from hypothesis import given
from hypothesis import strategies as st

import transom
from properties.registry import of
from properties.strategies import CODINGS, DTYPES, SPREADS, arrays, laid_out, skewed
from transom import _core
from transom.golden import Decoder, Retired, Steps, Stream
from transom.verify import Cosim, Difference

STREAMS, CHUNKS = st.integers(1, 7), st.integers(1, 4)
STATUSES = {"ok", "truncated", "bad_state", "trailing", "bad_value", "bad_checksum"}
SKEWED = st.sampled_from(DTYPES).flatmap(skewed)


@st.composite
def coded_tensors(draw: st.DrawFn) -> transom.CodedTensor:
    values, coding = draw(SKEWED), draw(st.sampled_from(CODINGS))
    return transom.encode_best(
        transom.Tensor(values, name=draw(st.text("abc/é", max_size=4))), coding, n_streams=draw(STREAMS),
        chunk=draw(CHUNKS), table_log=draw(st.sampled_from([None, 10])) if coding.startswith("apack") else None,
    )  # fmt: skip


@of("transom.encode_best", "transom.decode", "transom.try_decode", "transom.Decoded", "transom.CodedTensor")
@given(laid_out(), st.sampled_from(CODINGS), STREAMS, CHUNKS, st.sampled_from(SPREADS))
def test_every_array_comes_back_however_it_lies(
    pair: Any, coding: str, n_streams: int, chunk: int, spread: str
) -> None:
    view, values = pair
    coded: transom.CodedTensor = transom.encode_best(view, coding, spread=spread, n_streams=n_streams, chunk=chunk)
    assert isinstance(coded, transom.CodedTensor)
    assert coded == transom.encode_best(values, coding, spread=spread, n_streams=n_streams, chunk=chunk)
    assert coded.shape == values.shape and coded.n_values == values.size and coded.chunk == chunk
    assert coded.n_streams == len(coded.streams) == max(1, min(n_streams, values.size))
    back = transom.decode(coded)
    assert back.dtype == values.dtype and back.shape == values.shape and np.array_equal(back, values)
    tried: transom.Decoded = transom.try_decode(coded)
    assert isinstance(tried, transom.Decoded) and tried.status == "ok" and set(tried.streams) <= {"ok"}
    assert np.array_equal(tried.patterns, transom.Tensor(values).patterns.ravel())


@of("transom.encode", "transom.Code", "transom.StreamWords", "transom.record_bytes", "transom.RecordBytes")
@given(SKEWED, st.sampled_from(CODINGS), STREAMS, CHUNKS)
def test_the_planned_code_by_hand_gives_the_same_words_and_its_cost(
    values: Any, coding: str, n_streams: int, chunk: int
) -> None:
    best = transom.encode_best(values, coding, n_streams=n_streams, chunk=chunk)
    again = transom.encode(values, best.code, n_streams, chunk)
    assert again == best
    rebuilt = transom.Code(best.code.coding, best.code.table_log, best.code.freq, best.code.rows, best.code.spread)
    assert rebuilt == best.code and transom.encode(values, rebuilt, n_streams, chunk) == best
    words: list[transom.StreamWords] = best.streams
    assert all(isinstance(one, transom.StreamWords) for one in words)
    size = transom.record_bytes(best)
    assert isinstance(size, transom.RecordBytes)
    n_words = sum(len(one.symbols) + len(one.offsets) for one in words)
    assert size.payload == 4 * n_words or (best.code.coding == "raw" and size.payload <= 4 * n_words)  # it lies flat
    assert size.total == size.header + size.name + size.table + size.streams + size.payload + size.padding
    assert size.coded == size.total - size.name and len(transom.write_container([best])) == 16 + size.total
    raw = transom.record_bytes(transom.encode_best(values, "raw", n_streams=n_streams, chunk=chunk))
    assert size.coded <= raw.coded


@of("transom.encode_wide", "transom.record_bytes", "transom.write_container", "transom.parse_container")
@given(SKEWED, st.sampled_from([1, 4, 16, 128]), st.sampled_from(["both", "clocks", "bytes"]), st.integers(1, 64))
def test_the_wide_units_container_comes_back(values: Any, n_lanes: int, goal: str, halves: int) -> None:
    coded = transom.encode_wide(transom.Tensor(values, name="w"), n_lanes, halves, 16000, goal)
    assert np.array_equal(transom.decode(coded), values)
    data = transom.write_container([coded], 2)
    version, (again,) = transom.parse_container(data)
    assert version == 2 and again == coded and transom.record_bytes(coded, 2).total <= len(data)


@of(
    "transom.Container", "transom.Container.parse", "transom.Container.to_bytes", "transom.Container.write",
    "transom.read_container", "transom.write_container", "transom.parse_container",
)  # fmt: skip
@given(st.lists(coded_tensors(), max_size=3))
def test_a_container_is_its_bytes(tensors: list[transom.CodedTensor]) -> None:
    container = transom.Container(tuple(tensors))
    data = container.to_bytes()
    assert data == transom.write_container(tensors) and len(container) == len(tensors)
    assert transom.parse_container(data) == (1, tensors)
    assert transom.Container.parse(bytearray(data)) == container == transom.Container.parse(memoryview(data))
    assert transom.Container.parse(np.frombuffer(data, np.uint8)) == container
    with tempfile.TemporaryDirectory() as folder:
        container.write(Path(folder) / "t.tsm")
        assert transom.read_container(Path(folder) / "t.tsm") == container
    for i, one in enumerate(tensors):
        assert container[i] == one and container[one.name].name == one.name


@of("transom.parse_container", "transom.Container.parse", "transom.try_decode", "transom.DataError")
@given(coded_tensors(), st.data())
def test_a_damaged_container_is_an_error_or_the_same_values(coded: transom.CodedTensor, data: st.DataObject) -> None:
    whole = transom.write_container([coded])
    damaged = bytearray(whole)
    for _ in range(data.draw(st.integers(1, 3))):
        damaged[data.draw(st.integers(0, len(whole) - 1))] ^= data.draw(st.integers(1, 255))
    cut = damaged[: data.draw(st.integers(0, len(whole)))] + data.draw(st.binary(max_size=9))
    for one in (damaged, cut):
        try:
            (found,) = transom.Container.parse(bytes(one)).tensors
            assert transom.parse_container(bytes(one))[1] == [found]
            assert transom.try_decode(found).status in STATUSES
            assert len(list(Decoder(found))) >= 0
            back = transom.decode(found)
        except transom.DataError as error:
            assert str(error).startswith(("container: ", "tensor "))
        else:
            assert np.array_equal(back.ravel(), transom.decode(coded).ravel())


@of("transom.encode_all", "transom.decode_all")
@given(st.lists(arrays(), max_size=5), st.sampled_from(CODINGS), st.integers(0, 9))
def test_a_batch_is_its_items_one_by_one(batch: list[Any], coding: str, threads: int) -> None:
    coded = transom.encode_all(iter(batch), coding, threads=threads)
    assert coded == [transom.encode_best(values, coding) for values in batch]
    told: list[int] = []
    assert _core.encode_all(batch, coding, threads=threads, progress=told.append) == coded and told[-1] == len(batch)
    back = transom.decode_all(iter(coded), threads=threads)
    assert len(back) == len(batch)
    assert all(np.array_equal(a, b) and a.dtype == b.dtype for a, b in zip(back, batch, strict=True))
    with pytest.raises(ZeroDivisionError):  # what is told may end it
        _core.decode_all(coded, threads, lambda done: done / 0)


@of(
    "transom.golden.Decoder", "transom.golden.Decoder.stream", "transom.golden.Decoder.streams",
    "transom.golden.Decoder.values", "transom.golden.Stream", "transom.golden.Stream.steps", "transom.golden.Steps",
    "transom.golden.Retired", "transom._core.Stepper", "transom._core.Stepper.next", "transom._core.Stepper.take",
)  # fmt: skip
@given(coded_tensors(), st.integers(0, 40))
def test_steps_are_contiguous_and_their_values_are_the_tensor(coded: transom.CodedTensor, n: int) -> None:
    decoder = Decoder(coded)
    values, flat = decoder.values(), transom.decode(coded).ravel()
    assert np.array_equal(values.ravel(), flat)
    streams = list(decoder.streams())
    assert len(streams) == coded.n_streams
    for number, stream in enumerate(streams):
        assert isinstance(stream, Stream) and stream.number == number
        retired = list(decoder.stream(number))
        assert all(isinstance(step, Retired) for step in retired) and retired == list(stream)
        index = np.arange(len(flat)) // coded.chunk % coded.n_streams == number
        assert [v for step in retired for v in step.values] == flat[index].tolist()
        steps = stream.steps()
        assert isinstance(steps, Steps) and len(stream) == len(retired)
        assert steps.symbols.tolist() == [step.symbol for step in retired]
        assert steps.states.tolist() == [step.state for step in retired]
        assert steps.positions.tolist() == [step.position for step in retired]
        assert np.array_equal(np.diff(steps.positions), steps.bits[1:].astype(np.int64))
        words = coded.streams[number].symbols
        assert not retired or 32 * len(words) - 32 < retired[-1].position <= 32 * len(words) or len(words) == 0
        stepper = _core.Stepper(coded, number)
        taken = stepper.take(n)
        assert [len(one) for one in taken] == [min(n, len(retired))] * 4
        assert stepper.n_steps == len(retired) - len(taken[0])
        if stepper.n_steps:
            assert Retired(*stepper.next()) == retired[len(taken[0])]


@of(
    "transom.verify.Cosim", "transom.verify.Cosim.step", "transom.verify.Cosim.value", "transom.verify.Cosim.end",
    "transom.verify.Cosim.finish", "transom.verify.Cosim.first", "transom.verify.Cosim.check",
    "transom.verify.Cosim.at", "transom.verify.Cosim.restart", "transom.verify.Cosim.of", "transom.verify.Difference",
)  # fmt: skip
@given(coded_tensors(), st.data())
def test_the_comparator_passes_the_model_and_finds_any_other_bit(
    coded: transom.CodedTensor, data: st.DataObject
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        transom.Container((coded,)).write(Path(folder) / "t.tsm")
        cosim = Cosim.of(Path(folder) / "t.tsm")
    mask = 2**coded.dtype.bits - 1
    steps = [list(stream) for stream in Decoder(coded).streams()]
    for _ in range(2):  # and again after a reset
        for lane, retired in enumerate(steps):
            for step in retired:
                assert cosim.step(lane, step.symbol, step.state, step.position)
                assert all(cosim.value(lane, value & mask) for value in step.values)
            assert cosim.end(lane, data.draw(st.sampled_from([None, True, "ok"])))
        assert cosim.ok and cosim.finish() and cosim.first() is None
        cosim.check()
        cosim.restart()
    lane = data.draw(st.integers(0, cosim.n_lanes - 1))
    if not steps[lane]:
        return
    wrong = data.draw(st.integers(0, len(steps[lane]) - 1))
    cosim.at(cycle := data.draw(st.integers(0, 2**64 - 1)))
    for index, step in enumerate(steps[lane][: wrong + 1]):
        flip = index == wrong
        assert cosim.step(lane, step.symbol, step.state ^ flip, step.position) == (not flip)
    first = cosim.first()
    assert isinstance(first, Difference) and not cosim.ok and not cosim.finish()
    assert (first.what, first.lane, first.index, first.cycle) == ("state", lane, wrong, cycle)
    assert (first.got ^ first.want, first.got_state) == (1, steps[lane][wrong].state ^ 1)
    with pytest.raises(AssertionError, match=f"lane {lane}, index {wrong}, cycle {cycle}: state: want "):
        cosim.check()


@of("transom.read_trace", "transom.write_trace")
@given(st.lists(arrays(), max_size=4), st.text('abc é<"\\', max_size=9))
def test_a_trace_is_read_as_it_was_written(batch: list[Any], text: str) -> None:
    pytest.importorskip("transom._trace", reason="the module of traces was not built")
    tensors = [transom.Tensor(values, name=f"{text}{i}") for i, values in enumerate(batch)]
    with tempfile.TemporaryDirectory() as folder:
        notes: list[str] = []
        if not tensors:
            return
        transom.write_trace(f"{folder}/t", tensors, source=text, licence="x", input=text, note=text)
        assert transom.read_trace(Path(folder) / "t", notes.append) == tensors and notes == []
        (Path(folder) / "t/manifest.json").unlink()
        transom.read_trace(f"{folder}/t", notes.append)
        assert notes
