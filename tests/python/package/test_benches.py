"""test_benches.py — transom.golden and transom.verify: every retired step, and the first difference."""
# SPDX-License-Identifier: Apache-2.0

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from program import PACKAGE, TRACE
from program import transom as program

pytest.importorskip("transom._core", reason="the Python module was not built")
import transom
from transom.golden import Decoder
from transom.verify import Cosim

CODINGS = [codec.name for codec in transom.codecs()]


@pytest.fixture(params=CODINGS)
def coded(request: pytest.FixtureRequest) -> transom.CodedTensor:
    values = np.random.default_rng(7).normal(0, 3, 1001).round().clip(-8, 7)
    return transom.encode_best(transom.Tensor(values.astype(np.int64), "int4", "t"), request.param, n_streams=3)


def test_steps_give_the_values_in_the_order_of_the_streams(coded: transom.CodedTensor) -> None:
    values = transom.decode(coded)
    decoder = Decoder(transom.write_container([coded]))
    assert coded.n_streams == 3
    for number in range(3):
        stream = decoder.stream(number)
        retired = list(stream)
        assert [v for step in retired for v in step.values] == values[number::3].tolist()
        assert len(stream) == len(retired)
        steps = stream.steps()
        assert steps.symbols.tolist() == [step.symbol for step in retired]
        assert steps.states.tolist() == [step.state for step in retired]
        assert np.diff(steps.positions).tolist() == [step.bits for step in retired[1:]]
        assert retired[-1].position <= 32 * len(coded.streams[number].symbols)
    assert sum(1 for _ in decoder) == sum(len(stream) for stream in decoder.streams())
    assert np.array_equal(decoder.values("t"), values)


def test_a_tans_step_is_its_entrys() -> None:
    """The definition, in slow and obvious form: t' = base + nbits bits, from the words of the table."""
    coded = transom.encode_best(np.arange(-20, 20, dtype=np.int8).repeat(7), "tans", n_streams=1)
    bits = "".join(f"{word:032b}"[::-1] for word in coded.streams[0].symbols.tolist())
    table, position = coded.code.table.tolist(), coded.code.table_log
    state = int(bits[:position][::-1], 2)
    for step in Decoder(coded).stream(0):
        word = table[state]
        n_bits = word >> 8 & 0xFF
        state = (word >> 16) + int("0" + bits[position : position + n_bits][::-1], 2)
        position += n_bits
        assert step[:4] == (word & 0xFF, state, n_bits, position)
    assert state == 0


def test_the_comparator_agrees_with_the_golden_steps(coded: transom.CodedTensor) -> None:
    cosim = Cosim(coded)
    for lane, stream in enumerate(Decoder(coded).streams()):
        for step in stream:
            assert cosim.step(lane, step.symbol, step.state, step.position)
            assert all(cosim.value(lane, value & 0xF) for value in step.values)
        assert cosim.end(lane, "ok")
    assert cosim.ok and cosim.finish() and cosim.first() is None
    assert cosim.n_compared >= 1001
    cosim.check()
    assert "0 differences" in cosim._repr_html_()


def test_the_first_difference_is_named_with_its_text() -> None:
    coded = transom.encode_best(np.arange(-20, 20, dtype=np.int8).repeat(7), "tans", n_streams=2)
    cosim = Cosim(coded)
    steps = list(Decoder(coded).stream(1))
    cosim.at(17)
    told = [cosim.step(1, s.symbol, s.state ^ (8 if i == 5 else 0), s.position) for i, s in enumerate(steps)]
    assert told[:6] == [True] * 5 + [False] and not cosim.ok
    first = cosim.first()
    assert first is not None
    assert (first.what, first.lane, first.index, first.cycle) == ("state", 1, 5, 17)
    assert first.got ^ first.want == 8
    assert str(first).startswith("lane 1, index 5, cycle 17: state: want ")
    with pytest.raises(AssertionError, match="lane 1, index 5, cycle 17: state: want "):
        cosim.check()
    assert "<td>state</td>" in cosim._repr_html_()


def test_a_test_bench_reads_a_file(tmp_path: Path) -> None:
    program("encode", TRACE, "-o", tmp_path / "t.tsm")
    cosim = Cosim.of(tmp_path / "t.tsm", "conv1/weights")
    assert cosim.n_lanes == 4
    decoder = Decoder(tmp_path / "t.tsm")
    assert len(list(decoder.stream(0, "conv1/weights"))) > 0


def test_everything_shows_itself_in_a_notebook() -> None:
    coded = transom.encode_best(transom.Tensor(np.arange(64, dtype=np.uint8).repeat(4), name="<b>"), "apack-tans")
    page = transom.Container((coded,))._repr_html_()
    assert "&lt;b&gt;" in page and "<b>" not in page and "<table>" in page
    assert "offset bits" in coded.code._repr_html_() and "ratio" in coded._repr_html_()
    many = transom.encode_best(np.arange(256, dtype=np.uint8).repeat(9)[:2000], "tans")
    assert " more</td>" in many.code._repr_html_() or len(many.code.rows) <= 32


LONG = {
    "encode": "transom.encode_all([values] * 4000, 'apack-tans', threads=2)",
    "decode": "transom.decode_all([transom.encode_best(values)] * 40000, threads=2)",
    "torch": "[coder.decode_with_indexes(coder.encode_with_indexes(rows, rows * 0), rows * 0) for _ in range(4000)]",
}


@pytest.mark.parametrize("what", LONG)
def test_a_batch_stops_at_ctrl_c(what: str) -> None:
    """In a process of its own: SIGINT while two threads code thousands of tensors, or rows."""
    words = (
        "import os, signal, threading, numpy as np, transom\nfrom transom.torch import ANSInterface\n"
        "values = np.random.default_rng(1).integers(0, 99, 200000).astype(np.uint8)\n"
        "rows = np.tile(values.reshape(20, -1), (50, 1)).astype(np.int32)\n"
        "coder = ANSInterface(num_parallel_states='batch')\n"
        "coder.init_params([[1] * 99], [99], [0])\n"
        "threading.Timer(0.5, os.kill, (os.getpid(), signal.SIGINT)).start()\n"
        f"try:\n    {LONG[what]}\nexcept KeyboardInterrupt:\n    print('stopped')\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", words], env=os.environ | {"PYTHONPATH": str(PACKAGE)}, capture_output=True,
        text=True, check=False, timeout=300,
    )  # fmt: skip
    assert done.stdout == "stopped\n", done.stderr
