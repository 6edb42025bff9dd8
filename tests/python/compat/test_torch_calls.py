"""test_torch_calls.py — calls beside others: threads, signals, arrays of other libraries, tensors elsewhere."""
# SPDX-License-Identifier: Apache-2.0

import signal
import sys
import threading
from types import FrameType
from typing import Any

import numpy as np
import pytest
from kinds import assert_same

import transom.torch as verbs
from transom.torch import ANSInterface


def coder_of(n_streams: int) -> ANSInterface:
    coder = ANSInterface("rans32", bypass_coding=False, freq_precision=8, num_parallel_states=n_streams)
    coder.set_cdfs([[0, 100, 180, 250, 256]], [5], [0])
    return coder


def message(draw: np.random.Generator, n: int) -> tuple[Any, Any]:
    return draw.integers(0, 4, n, np.int32), np.zeros(n, np.int32)


@pytest.mark.parametrize("n_streams", [1, 4])
def test_other_threads_run_while_a_message_is_coded(n_streams: int, draw: np.random.Generator) -> None:
    symbols, indexes = message(draw, 1 << 21)
    n_ticks, is_over = 0, threading.Event()

    def tick() -> None:
        nonlocal n_ticks
        while not is_over.wait(0.0005):
            n_ticks += 1

    other = threading.Thread(target=tick)
    other.start()
    coder = coder_of(n_streams)
    before = n_ticks
    stream = coder.encode(symbols, dist_indexes=indexes)
    during = n_ticks - before
    is_over.set()
    other.join()
    assert during >= 3  # it takes some 50 ms, where a thread that waits for the GIL has one tick or two
    assert_same(coder.decode(stream, dist_indexes=indexes), symbols)


def test_an_interrupt_ends_a_call_and_harms_nothing(draw: np.random.Generator) -> None:
    symbols, indexes = message(draw, 1 << 22)
    coder = coder_of(64)

    def interrupt(_number: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    def encode_for_long() -> None:
        for _ in range(50):
            coder.encode(symbols, dist_indexes=indexes)

    before = signal.signal(signal.SIGALRM, interrupt)
    signal.setitimer(signal.ITIMER_REAL, 0.02)
    try:
        with pytest.raises(KeyboardInterrupt):
            encode_for_long()
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
    encoded = coder.encode_with_indexes(symbols[:640], indexes[:640])
    assert encoded is not None
    np.testing.assert_array_equal(coder.decode_with_indexes(encoded, indexes[:640]), symbols[:640])


class Foreign:
    """An array of a library that has DLPack, and nothing else."""

    def __init__(self, values: Any) -> None:
        self._values = np.array(values, np.int32)
        self.shape = self._values.shape

    def __dlpack__(self, **options: Any) -> Any:
        return self._values.__dlpack__(**options)

    def __dlpack_device__(self) -> tuple[int, int]:
        return self._values.__dlpack_device__()


def test_arrays_of_other_libraries_come_in_by_dlpack() -> None:
    coder = coder_of(1)
    encoded = coder.encode_with_indexes(Foreign([[0, 1, 2]]), Foreign([[0, 0, 0]]))
    assert encoded == coder.encode_with_indexes([[0, 1, 2]], [[0, 0, 0]])
    with pytest.raises(ValueError, match="stream is a Foreign"):
        verbs.rans32_pop(Foreign([[0]]), [[0]], [[0, 256]], [2], [0])


class FarTensor:
    """As much of a tensor as may be used of one on CUDA: it is copied to the host before it is read."""

    def __init__(self, values: Any, device: str = "cuda") -> None:
        self.values, self.device = np.array(values), device

    @property
    def shape(self) -> tuple[int, ...]:
        return self.values.shape

    def detach(self) -> "FarTensor":
        return self

    def cpu(self) -> "FarTensor":
        return self.to("cpu")

    def to(self, device: str) -> "FarTensor":
        return FarTensor(self.values, device)

    def numpy(self) -> Any:
        assert self.device == "cpu"
        return self.values

    def copy_(self, other: "FarTensor") -> "FarTensor":
        self.values[...] = other.values
        return self

    def set_(self, other: "FarTensor") -> "FarTensor":
        assert self.device == other.device
        self.values = other.values
        return self


class Torch:
    """As much of PyTorch."""

    Tensor = FarTensor

    @staticmethod
    def from_numpy(values: Any) -> FarTensor:
        return FarTensor(values, "cpu")


def test_cuda_tensors_are_copied_to_the_host_and_results_back(monkeypatch: pytest.MonkeyPatch) -> None:
    symbols, indexes = np.array([[0, 1, 3, 2]], np.int32), np.zeros((1, 4), np.int64)
    here = coder_of(1).encode_with_indexes(symbols, indexes)
    monkeypatch.setitem(sys.modules, "torch", Torch())  # type: ignore[misc]
    coder, far = coder_of(1), FarTensor(indexes)
    assert coder.encode_with_indexes(FarTensor(symbols), far) == here
    decoded = coder.decode_with_indexes(here or b"", far)
    stream = coder.encode(FarTensor(symbols), dist_indexes=far)
    assert isinstance(stream, FarTensor) and stream.device == "cuda"
    for got in (decoded, coder.decode(stream, dist_indexes=far)):
        assert isinstance(got, FarTensor) and got.device == "cuda" and got.values.tolist() == symbols.tolist()
    coder.device = "cpu"
    assert coder.decode_with_indexes(here or b"", far).device == "cpu"


def test_tensors_that_numpy_has_no_type_for_are_refused_by_name() -> None:
    torch = pytest.importorskip("torch", reason="PyTorch is not installed")
    with pytest.raises(ValueError, match="symbols is no array"):
        coder_of(1).encode_with_indexes(torch.zeros(1, 2, dtype=torch.bfloat16), [[0, 0]])
    with pytest.raises(ValueError, match="freqs is no array"):
        coder_of(1).init_params(torch.zeros(1, 2, dtype=torch.bfloat16), [2], [0])


def test_a_device_without_pytorch_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "torch", raising=False)
    with pytest.raises(ValueError, match="device is cuda"):
        ANSInterface(device="cuda")
