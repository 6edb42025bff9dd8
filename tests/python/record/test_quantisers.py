"""test_quantisers.py — transom.record's quantisers, and float types, against their definitions."""
# SPDX-License-Identifier: Apache-2.0

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

pytest.importorskip("hypothesis", reason="python3-hypothesis is not installed")
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from transom.record.floats import FLOAT_TYPES, from_float32, to_float32
from transom.record.quantisers import Floats, apply, find_quantiser
from transom.record.trace import Tensor, TensorError, entropy_bits

settings.register_profile("same", derandomize=True, max_examples=60, deadline=None)
settings.load_profile("same")

Float32s = NDArray[np.float32]
TYPES = ["int4", "int8", "int16", "uint4", "uint8", "uint16"]
GRAINS = ["tensor", "channel", "group32", "group5"]
finite = st.floats(width=32, allow_nan=False, allow_infinity=False)
tensors = arrays.arrays(
    np.float32, arrays.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=9), elements=finite
)


def quantised(name: str, values: NDArray[Any], axis: int = 0) -> Tensor:
    return apply(find_quantiser(name), Floats("t", values, "weight", axis=axis))


def spread(tensor: Tensor, per_scale: Any) -> NDArray[np.float64]:
    """A scale or zero point for each value, in the tensor's shape."""
    shape, given = tensor.values.shape, np.asarray(per_scale, np.float64)
    if tensor.group is not None:
        return np.repeat(given, tensor.group)[: tensor.values.size].reshape(shape)
    along = [-1 if i == tensor.axis else 1 for i in range(len(shape))]
    return np.broadcast_to(given.reshape(along if tensor.axis is not None else [1] * len(shape)), shape)


@given(tensors, st.sampled_from(TYPES), st.sampled_from(GRAINS), st.integers(0, 2))
def test_no_value_is_off_by_more_than_half_a_scale(values: Float32s, kind: str, grain: str, axis: int) -> None:
    tensor = quantised(f"{kind}-{grain}-minmax", values, axis)
    assert tensor.values.shape == values.shape
    scale = spread(tensor, tensor.scale)
    reals = (tensor.values.astype(np.float64) - spread(tensor, tensor.zero_point)) * scale
    assert np.all(np.abs(reals - values) <= scale * 0.5 * (1 + 1e-9))


@given(tensors, st.sampled_from(TYPES), st.sampled_from(GRAINS), st.sampled_from(["minmax", "p99", "p50"]))
def test_integers_stay_in_their_type_and_real_zero_is_one_of_them(
    values: Float32s, kind: str, grain: str, ends: str
) -> None:
    tensor = quantised(f"{kind}-{grain}-{ends}", values)
    bits = int(kind.lstrip("uint"))
    low, high = (0, 2**bits - 1) if kind[0] == "u" else (1 - 2 ** (bits - 1), 2 ** (bits - 1) - 1)
    assert tensor.values.dtype == np.dtype(f"{kind.rstrip('0123456789')}{max(bits, 8)}")
    assert tensor.values.size == 0 or low <= tensor.values.min() <= tensor.values.max() <= high
    zeros = np.asarray(tensor.zero_point)
    assert np.all((low <= zeros) & (zeros <= high)) and np.all(np.asarray(tensor.scale) > 0)
    assert np.all(tensor.values[values == 0] == spread(tensor, zeros)[values == 0])
    if kind[0] == "i":
        assert not zeros.any()


@given(arrays.arrays(np.float32, (3, 70), elements=finite), st.sampled_from(TYPES), finite)
def test_channels_and_groups_do_not_know_of_each_other(values: Float32s, kind: str, other: float) -> None:
    changed = values.copy()
    changed[1] = other
    for grain, kept in (("channel", [0, 2]), ("group70", [0, 2])):
        before, after = quantised(f"{kind}-{grain}", values), quantised(f"{kind}-{grain}", changed)
        assert np.array_equal(before.values[kept], after.values[kept])
        assert np.array_equal(np.asarray(before.scale)[kept], np.asarray(after.scale)[kept])


def test_a_group_is_so_many_values_in_c_order_and_the_last_has_the_rest() -> None:
    values = np.random.default_rng(0).standard_normal((5, 15)).astype(np.float32)
    tensor = quantised("int8-group32", values)
    largest = [np.abs(values.reshape(-1)[i : i + 32]).max() for i in (0, 32, 64)]
    assert np.allclose(tensor.scale, np.array(largest) / 127, rtol=1e-6)
    assert (tensor.group, tensor.axis) == (32, None)


def test_the_ends_of_a_range_are_off_by_no_more_than_half_a_scale() -> None:
    ends = np.random.default_rng(1).uniform(0.1, 1, (5000, 2)) * [-1, 1]
    tensor = quantised("uint16-channel", ends.astype(np.float32))
    scale = spread(tensor, tensor.scale)
    off = np.abs((tensor.values - spread(tensor, tensor.zero_point)) * scale - ends.astype(np.float32)) / scale
    assert off.max() <= 0.5 + 1e-9


def test_a_percentile_clips_what_lies_beyond() -> None:
    values = np.append(np.linspace(-1, 1, 1998), [1000.0, -1000.0]).astype(np.float32)
    tensor = quantised("int8-tensor-p99.9", values)
    assert tensor.values[-2:].tolist() == [127, -127]
    assert tensor.scale[0] == pytest.approx(np.percentile(np.abs(values), 99.9) / 127)
    affine = quantised("uint8-tensor-p99", values)
    low, high = np.percentile(values, [1, 99])
    assert affine.scale[0] == pytest.approx((high - low) / 255) and affine.values[-2:].tolist() == [255, 0]
    assert quantised("int8-tensor-p100", values).scale[0] == pytest.approx(1000 / 127)


@given(
    arrays.arrays(np.float32, (4, 6), elements=finite),
    st.sampled_from(TYPES),
    st.sampled_from(GRAINS),
    st.sampled_from([np.nan, np.inf, -np.inf]),
    st.integers(0, 23),
)
def test_nan_and_infinities_are_refused_with_the_tensors_name(
    values: Float32s, kind: str, grain: str, bad: float, at: int
) -> None:
    values.reshape(-1)[at] = bad
    with pytest.raises(
        TensorError, match=rf"^tensor 't': the value at \({at // 6}, {at % 6}\) is -?(nan|inf), which no"
    ):
        quantised(f"{kind}-{grain}", values)
    assert quantised("bf16", values).floats == "bf16"


@pytest.mark.parametrize(
    "name", ["int3", "int8-row", "int8-channel-p", "float", "", "int8-group0", "uint8-tensor-max", "bf16-tensor"]
)
def test_a_name_that_is_none_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="is none; take one such as int8-channel-minmax"):
        find_quantiser(name)


def test_a_percentile_is_from_50_to_100() -> None:
    for percentile in ("49.9", "100.5"):
        with pytest.raises(ValueError, match=r"is not in 50\.\.100"):
            find_quantiser(f"int8-tensor-p{percentile}")


# --- floats that stay floats ---------------------------------------------------------------------


def test_fp8_is_what_its_definition_says() -> None:
    for name, bias, most in (("fp8_e4m3", 7, 448.0), ("fp8_e5m2", 15, 57344.0)):
        kind = FLOAT_TYPES[name]
        values = to_float32(np.arange(256, dtype=np.uint8), name)
        assert values[np.isfinite(values)].max() == most
        assert values[1] == 2.0 ** (1 - bias - kind.mantissa_bits) and np.signbit(values[0x80])
        assert np.isnan(values).sum() == (2 if name == "fp8_e4m3" else 6)
        assert values[bias << kind.mantissa_bits] == 1.0


def test_floats_are_those_of_ml_dtypes() -> None:
    ml_dtypes = pytest.importorskip("ml_dtypes", reason="ml_dtypes is not installed")
    theirs = {"bf16": "bfloat16", "fp8_e4m3": "float8_e4m3fn", "fp8_e5m2": "float8_e5m2"}
    for name, their in theirs.items():
        bits = np.arange(2 ** FLOAT_TYPES[name].bits).astype(FLOAT_TYPES[name].storage)
        expected = bits.view(getattr(ml_dtypes, their)).astype(np.float32)
        assert np.array_equal(to_float32(bits, name), expected, equal_nan=True), name
    words = np.random.default_rng(0).integers(0, 2**32, 1 << 16, dtype=np.uint32)
    words[:4] = 0x7F800001, 0xFFFFFFFF, 0x7F7FFFFF, 0x3F808000  # NaN payloads, the largest, a tie
    reals = words.view(np.float32)
    expected = reals.astype(ml_dtypes.bfloat16)
    ours = from_float32(reals, "bf16")
    same = np.isnan(reals) | (ours == expected.view(np.uint16))
    assert same.all() and np.array_equal(np.isnan(to_float32(ours, "bf16")), np.isnan(reals))


@given(arrays.arrays(np.uint16, 20))
def test_keep_keeps_every_bit_of_a_float(bits: NDArray[np.uint16]) -> None:
    kept = apply(find_quantiser("keep"), Floats("t", bits, type="bf16"))
    assert (kept.floats, kept.values.tobytes()) == ("bf16", bits.tobytes())
    half = apply(find_quantiser("keep"), Floats("t", bits.view(np.float16)))
    assert (half.floats, half.values.tobytes()) == ("fp16", bits.tobytes())


def test_what_no_trace_holds_is_not_kept() -> None:
    with pytest.raises(ValueError, match="'t': float32 is no type of a trace; name a quantiser, such as int8-channel"):
        quantised("keep", np.zeros(3, np.float32))


def test_the_entropy_of_floats_is_that_of_their_exponents_and_all_other_bits() -> None:
    values = from_float32(np.array([1, 1.5, 2, -3, 4, -5, 6, 7], np.float32), "bf16")
    assert entropy_bits(values, "bf16") == pytest.approx(1.5 + 8)
    every = np.ldexp(1.0, np.arange(-4, 4)).astype(np.float16)
    assert entropy_bits(np.append(every, every), "fp16") == pytest.approx(3 + 11)
    assert entropy_bits(np.array([], np.uint8), "fp8_e4m3") == 0
