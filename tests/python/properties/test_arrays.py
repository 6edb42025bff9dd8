"""test_arrays.py — whose arrays are taken: DLPack's of any producer, and whatever has the buffer protocol."""
# SPDX-License-Identifier: Apache-2.0

import array
from typing import Any

import numpy as np
import pytest

pytest.importorskip("hypothesis", reason="python3-hypothesis is not installed")
pytest.importorskip("transom._core", reason="the Python module was not built")
from hypothesis import given
from hypothesis import strategies as st

import transom
from properties.registry import of
from properties.strategies import arrays, laid_out
from transom.torch import inverse_quantized_cdf, rans_pmf_to_quantized_cdf

CPU, CUDA, ROCM = 1, 2, 10  # of DLPack
WIDTHS = {code: array.array(code).itemsize for code in "bBhHiIlLqQ"}


class Producer:
    """An array of a framework: it speaks DLPack and nothing else. What it says of its device is not looked at here."""

    def __init__(self, values: Any, device: int = CPU, fails: Exception | None = None) -> None:
        self.values, self.device, self.fails = values, device, fails
        self.asked = 0

    def __dlpack__(self, **_: Any) -> Any:
        self.asked += 1
        if self.fails is not None:
            raise self.fails
        capsule = self.values.__dlpack__()
        if self.device != CPU:
            move(capsule, self.device)
        return capsule

    def __dlpack_device__(self) -> tuple[int, int]:
        return self.device, 0


def move(capsule: Any, device: int) -> None:
    """Makes the capsule say that its values are on a device: DLTensor.device.device_type, behind the pointer."""
    import ctypes  # noqa: PLC0415

    pointer = ctypes.pythonapi.PyCapsule_GetPointer
    pointer.restype, pointer.argtypes = ctypes.c_void_p, [ctypes.py_object, ctypes.c_char_p]
    address = pointer(capsule, b"dltensor")
    ctypes.c_int32.from_address(address + ctypes.sizeof(ctypes.c_void_p)).value = device


@of("transom.Tensor", "transom.encode_best", "transom.histogram")
@given(laid_out(arrays((np.int8, np.uint8, np.int16, np.uint16, np.int64))))
def test_any_producers_array_is_read_where_it_lies(pair: Any) -> None:
    view, values = pair
    if not view.flags.writeable or (values.dtype == np.int64 and values.size and np.abs(values // 2**15).max() > 0):
        return  # numpy exports no read-only array
    producer = Producer(view)
    assert transom.Tensor(producer) == transom.Tensor(values) and producer.asked == 1
    assert transom.encode_best(Producer(view), "tans") == transom.encode_best(values, "tans")
    assert np.array_equal(transom.histogram(Producer(view)), transom.histogram(values))


@of("transom.Tensor", "transom.encode_best", "transom.quantise", "transom.parse_container")
@given(arrays(), st.sampled_from([CUDA, ROCM, 99]))
def test_an_array_on_a_device_is_refused_by_name(values: Any, device: int) -> None:
    for name, call in (
        ("Tensor: values", transom.Tensor),
        ("encode_best: tensor", transom.encode_best),
        ("quantise: counts", lambda held: transom.quantise(held, 9)),
        ("parse_container: bytes", transom.parse_container),
    ):
        with pytest.raises(ValueError, match=f"^{name} is "):
            call(Producer(values.ravel(), device))


@of("transom.torch.rans_pmf_to_quantized_cdf", "transom.torch.inverse_quantized_cdf")
@given(st.lists(st.integers(1, 99), min_size=2, max_size=20), st.sampled_from([CUDA, ROCM]))
def test_torchs_functions_take_any_producers_array_or_refuse_it_by_name(n: list[int], device: int) -> None:
    pmf = (np.array([n]) / sum(n)).astype(np.float32)
    cdf = rans_pmf_to_quantized_cdf(pmf, 9)
    assert np.array_equal(rans_pmf_to_quantized_cdf(Producer(pmf), 9), cdf)
    assert np.array_equal(inverse_quantized_cdf(Producer(cdf), 9), inverse_quantized_cdf(cdf, 9))
    with pytest.raises(ValueError, match=r"^pmfs is "):
        rans_pmf_to_quantized_cdf(Producer(pmf, device), 9)
    with pytest.raises(ValueError, match=r"^quantized_cdf is "):
        inverse_quantized_cdf(Producer(cdf, device), 9)


@of("transom.Tensor")
@given(st.sampled_from([RuntimeError("lost"), BufferError("no"), ValueError("x"), MemoryError(), TypeError("y")]))
def test_a_producer_that_fails_is_refused(error: Exception) -> None:
    with pytest.raises(ValueError, match=r"^Tensor: values is .*Producer"):
        transom.Tensor(Producer(np.zeros(3, np.int8), fails=error))


@of("transom.Tensor", "transom.quantise")
@given(st.sampled_from(sorted(WIDTHS)), st.lists(st.integers(0, 100), min_size=1, max_size=20))
def test_buffers_of_any_width_are_arrays(code: str, numbers: list[int]) -> None:
    held = array.array(code, numbers)
    want = np.array(numbers, f"{'u' if code.isupper() else 'i'}{WIDTHS[code]}")
    assert transom.Tensor(held) == transom.Tensor(want) == transom.Tensor(memoryview(held))
    assert transom.Tensor(memoryview(held)[::-1]) == transom.Tensor(want[::-1])
    if any(numbers):
        assert np.array_equal(transom.quantise(held, 9), transom.quantise(numbers, 9))


@of("transom.Tensor")
@given(st.binary(min_size=8, max_size=8).map(lambda data: data * 2), st.sampled_from("bBhHiIlLqQnNcPfd?"))
def test_a_memoryview_of_any_format_is_right_or_refused(data: bytes, form: str) -> None:
    view = memoryview(data).cast(form)  # type: ignore[call-overload]
    try:
        tensor = transom.Tensor(view)
    except ValueError as error:
        assert str(error).startswith("Tensor: values")
        return
    assert form not in "fdP"
    want = np.frombuffer(data, "b" if form == "c" else view.format)
    assert np.array_equal(tensor.values, want) and transom.Tensor(want) == tensor


@of("transom.Tensor", "transom.parse_container")
@given(st.binary(max_size=40))
def test_bytes_are_uint8(data: bytes) -> None:
    for held in (data, bytearray(data), memoryview(data), array.array("B", data)):
        assert transom.Tensor(held).values.tobytes() == data and str(transom.Tensor(held).dtype) == "uint8"
        with pytest.raises(transom.DataError, match="container: "):
            transom.parse_container(held)


@of("transom.Tensor", "transom.decode", "transom.encode_best")
@given(arrays((np.int8, np.uint8, np.int16)), st.booleans())
def test_pytorchs_tensors_go_in_and_out(values: Any, transposed: bool) -> None:
    torch = pytest.importorskip("torch", reason="python3-torch is not installed")
    tensor = torch.from_numpy(values.copy())
    if transposed and values.ndim == 2:
        tensor, values = tensor.t(), values.T
    held = transom.Tensor(tensor)
    assert held == transom.Tensor(values) and torch.equal(torch.from_dlpack(held), tensor)
    back = torch.from_dlpack(transom.decode(transom.encode_best(tensor, "tans")))
    assert torch.equal(back, tensor) and back.dtype == tensor.dtype


@of("transom.Tensor")
@given(st.lists(st.floats(width=16, allow_nan=True), max_size=20))
def test_half_floats_keep_every_bit(numbers: list[float]) -> None:
    values = np.array(numbers, np.float16)
    tensor = transom.Tensor(values)
    assert str(tensor.dtype) == "fp16" and tensor.values.tobytes() == values.tobytes()
    bits = transom.Tensor(values.view(np.uint16), "bf16")
    assert bits.values.tobytes() == values.tobytes() and str(bits.dtype) == "bf16"
