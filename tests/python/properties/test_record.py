"""test_record.py — the recorder's quantisers: no value is off by more than half a scale."""
# SPDX-License-Identifier: Apache-2.0

from typing import Any

import numpy as np
import pytest

pytest.importorskip("hypothesis", reason="python3-hypothesis is not installed")
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from properties.registry import of
from transom.record.quantisers import Floats, Quantiser, Quantisers, apply, find_quantiser

NAMES = st.builds(
    "".join,
    st.tuples(
        st.sampled_from(["int4", "int8", "int16", "uint4", "uint8", "uint16"]),
        st.sampled_from(["", "-tensor", "-channel", "-group3", "-channel-minmax", "-tensor-p99", "-group32-p50"]),
    ),
)
REALS = hnp.arrays(
    st.sampled_from([np.float16, np.float32, np.float64]), hnp.array_shapes(min_dims=0, min_side=0, max_side=6),
    elements=st.floats(-1000, 1000, width=16),
)  # fmt: skip


@of("transom.record.quantisers.find_quantiser", "transom.record.quantisers.Quantiser")
@given(NAMES | st.text("uint48-chanelgroup p.9", max_size=20) | st.sampled_from(["keep", "bf16", "fp16"]))
def test_a_name_is_a_quantiser_or_refused(name: str) -> None:
    try:
        quantiser: Quantiser = find_quantiser(name)
    except ValueError as error:
        assert "quantiser" in str(error)
        return
    assert isinstance(quantiser, Quantiser) and quantiser.name == name
    if quantiser.bits:
        low, high = quantiser.limits
        assert np.iinfo(quantiser.dtype).min <= low <= 0 < high <= np.iinfo(quantiser.dtype).max
        assert high - low == 2**quantiser.bits - (1 if quantiser.affine else 2)


@of("transom.record.quantisers.apply", "transom.record.quantisers.Floats", "transom.record.quantisers.Quantiser")
@given(NAMES, REALS, st.booleans())
def test_a_real_is_its_integer_within_half_a_scale(name: str, values: Any, apart: bool) -> None:
    quantiser = find_quantiser(name)
    assert isinstance(quantiser, Quantiser)
    view = np.repeat(values, 2, axis=-1)[..., ::2] if apart and values.ndim else values
    made = apply(quantiser, Floats("t", view))
    plain = apply(quantiser, Floats("t", values))
    integers = np.asarray(made.values)
    assert (
        np.array_equal(integers, plain.values) and integers.shape == values.shape and integers.dtype == quantiser.dtype
    )
    assert not integers.size or quantiser.limits[0] <= integers.min() <= integers.max() <= quantiser.limits[1]
    if not integers.size or quantiser.percentile < 100:
        return
    scale, zero = np.asarray(made.scale), np.asarray(made.zero_point)
    if made.group:
        index = np.arange(integers.size).reshape(integers.shape) // made.group
    elif made.axis is not None:
        index = np.indices(integers.shape)[made.axis]
    else:
        index = np.zeros(integers.shape, int)
    back = scale[index].astype(np.float64) * (integers.astype(np.int64) - zero[index])
    assert (np.abs(back - values.astype(np.float64)) <= scale[index] * 0.501).all()


@of("transom.record.quantisers.apply", "transom.record.quantisers.Floats")
@given(NAMES, REALS.filter(lambda values: values.size > 0), st.sampled_from([np.nan, np.inf, -np.inf]), st.data())
def test_nan_and_infinities_are_refused_with_the_tensors_name(name: str, values: Any, bad: float, data: Any) -> None:
    values = values.copy()
    values.flat[data.draw(st.integers(0, values.size - 1))] = bad
    with pytest.raises(ValueError, match="tensor 'layer'"):
        apply(find_quantiser(name), Floats("layer", values))
    if values.dtype == np.float16:
        kept = np.asarray(apply(find_quantiser("keep"), Floats("layer", values)).values)
        assert kept.tobytes() == values.tobytes()


@of("transom.record.quantisers.Quantisers", "transom.record.quantisers.Quantisers.manifest")
@given(NAMES, NAMES)
def test_a_manifest_has_the_names(weights: str, activations: str) -> None:
    quantisers = Quantisers(find_quantiser(weights), find_quantiser(activations))
    assert quantisers.manifest() == {"weights": weights, "activations": activations}
