"""test_compat.py — transom.torch and transom.tans_py: what holds of any table, message, stream and bytes."""
# SPDX-License-Identifier: Apache-2.0

from typing import Any

import numpy as np
import pytest

pytest.importorskip("hypothesis", reason="python3-hypothesis is not installed")
pytest.importorskip("transom._core", reason="the Python module was not built")
from hypothesis import given
from hypothesis import strategies as st

import transom.torch as verbs
from properties.registry import of
from properties.strategies import LAYOUTS, counts, in_memory
from transom import _core, tans_py
from transom.torch import ANSInterface, TorchANSInterface, UnknownVariantError

FAMILIES = ("rans64", "rans32", "rans32_16")
KINDS = ("", "_i4", "_alias", "_invcdf", "_i4_invcdf")
PUSH = {"": "", "_i4": "_i4", "_alias": "_alias", "_invcdf": "", "_i4_invcdf": "_i4"}
VERBS = [f"transom.torch.{family}_init_stream" for family in FAMILIES]
VERBS += [f"transom.torch.{family}{kind}_pop" for family in FAMILIES for kind in KINDS]
VERBS += [f"transom.torch.{family}{kind}_push" for family in FAMILIES for kind in ("", "_i4", "_alias")]
INTERFACE = [f"transom.torch.ANSInterface.{name}" for name in vars(ANSInterface) if name[0] != "_"]
PRECISION = 10


@st.composite
def messages(draw: st.DrawFn) -> tuple[Any, Any, Any]:
    """(frequencies (tables, 8), symbols, indexes (rows, n))."""
    freqs = draw(st.lists(st.lists(st.integers(0, 99), min_size=8, max_size=8).filter(any), min_size=1, max_size=3))
    n_rows, n = draw(st.integers(1, 4)), draw(st.integers(0, 9))
    seed = np.random.default_rng(draw(st.integers(0, 2**32)))
    symbols, indexes = seed.integers(0, 7, (n_rows, n)), seed.integers(0, len(freqs), (n_rows, n))
    layout = draw(st.sampled_from(LAYOUTS))
    return np.array(freqs), in_memory(symbols, layout), in_memory(indexes, layout)


@of(*VERBS, "transom.torch.rans_stream_to_byte_strings", "transom.torch.rans_byte_strings_to_stream")
@given(messages(), st.sampled_from(FAMILIES), st.sampled_from(KINDS), st.booleans(), st.integers(1, 8))
def test_what_is_pushed_is_popped_and_the_stream_is_as_it_was(
    message: tuple[Any, Any, Any], family: str, kind: str, bypass: bool, digit: int
) -> None:
    freqs, symbols, indexes = message
    bypass = bypass and kind != "_alias"
    quantiser = ANSInterface(family, bypass, freq_precision=PRECISION)
    quantiser.init_params(freqs, [8] * len(freqs), [0] * len(freqs))
    tables = (quantiser.cdfs, quantiser.cdfs_sizes, [0] * len(freqs), 3, PRECISION, bypass, digit)
    begun = getattr(verbs, f"{family}_init_stream")(len(symbols), 4 if "_i4" in kind else 1)
    empty = np.array(begun)
    pushed = getattr(verbs, f"{family}{PUSH[kind]}_push")(begun, symbols, indexes, *tables)
    strings = verbs.rans_stream_to_byte_strings(pushed)
    stream = verbs.rans_byte_strings_to_stream(strings)
    assert np.array_equal(verbs.rans_stream_to_byte_strings(stream), strings) and len(strings) == len(symbols)
    back = np.array(getattr(verbs, f"{family}{kind}_pop")(stream, indexes, *tables))
    assert back.dtype == np.int32 and np.array_equal(back, symbols)
    left = np.array(verbs.rans_byte_strings_to_stream(verbs.rans_stream_to_byte_strings(stream)))
    width = min(left.shape[1], empty.shape[1])
    assert np.array_equal(left[:, :width], empty[:, :width])


@of("transom.torch.ANSInterface", "transom.torch.TorchANSInterface", "transom.torch.UnknownVariantError", *INTERFACE)
@given(messages(), st.sampled_from(verbs.VARIANTS), st.sampled_from([None, 1, "batch"]), st.booleans())
def test_the_interfaces_ways_agree(message: tuple[Any, Any, Any], impl: str, n_streams: Any, whole: bool) -> None:
    freqs, symbols, indexes = message
    coder: ANSInterface = TorchANSInterface(impl, impl[-5:] != "alias", 4, n_streams, freq_precision=PRECISION)
    sizes, offsets = [8] * len(freqs), [0] * len(freqs)
    coder.init_params(freqs, sizes, offsets)
    coder.set_cdfs(coder.cdfs, coder.cdfs_sizes, offsets)
    encoded = coder.encode_with_indexes(symbols, indexes)
    assert isinstance(encoded, bytes)
    assert np.array_equal(coder.decode_with_indexes(encoded, indexes, whole), symbols)
    coder.set_stream(encoded)
    assert np.array_equal(coder.decode_stream(indexes), symbols)
    stream = coder.encode(symbols, dist_indexes=indexes)
    assert np.array_equal(coder.decode(stream, dist_indexes=indexes), symbols)
    if n_streams == 1:  # messages that are kept
        assert coder.encode_with_indexes(symbols, indexes, cache=True) is None
        assert coder.encode_flush() is not None
        assert np.array_equal(coder.decode_with_indexes(coder.flush(), indexes), symbols)
        coder.reset_cache()
        assert coder.flush() == b""
    own = freqs[indexes]  # a table for each symbol
    if symbols.size:
        encoded = coder.encode_with_freqs(symbols, own)
        assert encoded is not None
        assert np.array_equal(coder.decode_with_freqs(encoded, own), symbols)
        coder.set_stream(encoded)
        assert np.array_equal(coder.decode_stream_with_freqs(own), symbols)
    with pytest.raises(UnknownVariantError, match="impl"):
        ANSInterface(impl + "x")


@of(
    "transom.torch.split_merged_bytes", "transom.torch.merge_bytes", "transom._core.torch_merge_bytes",
    "transom._core.torch_split_bytes",
)  # fmt: skip
@given(
    st.lists(st.binary(max_size=20), max_size=6), st.sampled_from([1, 2, 4]), st.binary(max_size=40), st.integers(1, 9)
)
def test_segments_come_back_and_any_bytes_split_or_are_an_error(
    segments: list[bytes], n_length: int, data: bytes, known: int
) -> None:
    merged = verbs.merge_bytes(segments, n_length)
    assert merged == _core.torch_merge_bytes(segments, n_length)
    assert len(merged) == sum(map(len, segments)) + n_length * len(segments)
    assert verbs.split_merged_bytes(merged, n_length) == segments == _core.torch_split_bytes(merged, n_length)
    if known >= len(segments):
        again = verbs.split_merged_bytes(verbs.merge_bytes(segments, n_length, known), n_length, known)
        assert again == segments + [b""] * (known - len(segments))
    try:
        assert verbs.merge_bytes(verbs.split_merged_bytes(data, n_length), n_length) == data
    except _core.DataError as error:
        assert str(error)


@of(
    "transom.torch.rans_pmf_to_quantized_cdf", "transom.torch.pmf_to_quantized_cdf_batched",
    "transom.torch.inverse_quantized_cdf", "transom.torch.rans_alias_build_table",
)  # fmt: skip
@given(st.lists(st.floats(0, 1, width=32), min_size=16, max_size=16), st.integers(6, 12), st.booleans())
def test_probabilities_become_tables_that_fill_their_slots(pmf: list[float], precision: int, tail: bool) -> None:
    cdf = np.array(verbs.rans_pmf_to_quantized_cdf([pmf], precision))
    assert cdf.shape == (1, 17) and cdf[0, 0] == 0 and cdf[0, -1] == 2**precision and (np.diff(cdf) > 0).all()
    slots = np.array(verbs.inverse_quantized_cdf(cdf, precision))
    assert np.array_equal(np.bincount(slots[0], minlength=16), np.diff(cdf[0]))
    remap, elements = verbs.rans_alias_build_table(cdf, [17], 4, precision)
    assert sorted(np.array(remap)[0, 17:].tolist()) == list(range(2**precision))
    assert np.array(elements).shape == (1, 17 + 64)
    if any(pmf):
        other = np.array(verbs.pmf_to_quantized_cdf_batched([pmf], precision, tail))
        assert other.shape == (1, 17 + tail) and (np.diff(other) > 0).all() and other[0, -1] == 2**precision


CORE = [f"transom._core.torch_{name}" for name in ("cdfs_of_weights", "cdfs_of_freqs", "pmf_to_cdf", "inverse_cdf")]
CORE += [f"transom._core.torch_{name}" for name in ("pmf_to_cdf_batched", "init_stream", "byte_strings", "stream")]


@of(
    *CORE, "transom._core.TorchCoder", "transom._core.TorchCoder.push", "transom._core.TorchCoder.pop",
    "transom._core.TorchCoder.alias_rows",
)  # fmt: skip
@given(messages(), st.sampled_from([name for name in verbs.VARIANTS if "alias" in name]))
def test_the_verbs_are_the_modules_of_c(message: tuple[Any, Any, Any], impl: str) -> None:
    freqs, symbols, indexes = (np.ascontiguousarray(one, np.int32) for one in message)
    sizes = np.full(len(freqs), 8, np.int32)
    cdfs, n = _core.torch_cdfs_of_freqs(freqs.astype(np.uint32), sizes, PRECISION, False)
    weights, _ = _core.torch_cdfs_of_weights(freqs.astype(np.float32), sizes, PRECISION, False)
    assert np.array_equal(weights, cdfs) and (np.diff(cdfs) > 0).all()
    assert _core.torch_pmf_to_cdf(freqs[:1] / np.float32(freqs[:1].sum()), PRECISION)[0, -1] == 2**PRECISION
    pmf = freqs[:1].astype(np.float32)
    assert _core.torch_pmf_to_cdf_batched(pmf, PRECISION, False, 0, True)[0, -1] == 2**PRECISION
    assert _core.torch_inverse_cdf(cdfs, PRECISION).shape == (len(freqs), 2**PRECISION)
    coder = _core.TorchCoder(impl, cdfs, n, np.zeros(len(freqs), np.int32), PRECISION, 0)
    assert [len(rows) for rows in coder.alias_rows()] == [len(freqs)] * 2
    begun = _core.torch_init_stream(impl.removesuffix("_alias"), len(symbols), 1, 0)
    pushed = coder.push(begun, indexes, symbols)
    again = _core.torch_stream(_core.torch_byte_strings(pushed))
    back, left, at_end = coder.pop(again, indexes)
    assert (
        np.array_equal(back, symbols) and at_end and _core.torch_byte_strings(left) == _core.torch_byte_strings(begun)
    )


TANS_PY = ["Bits.of", "Bits.to_array", "Coder", "Coder.encode", "Coder.decode", "Coder.decode_array"]
TANS_PY += ["Coder.encode_decode", "Coder.encode_decode_string", "Coder.encode_string", "Coder.decode_string"]
TANS_PY += ["Bits", "Coder.calculate_bits", "encode", "decode", "encode_decode_test"]


@of(*[f"transom.tans_py.{name}" for name in TANS_PY])
@given(st.text("abcé", min_size=2, max_size=99), st.sampled_from([64, 100, 1024]), st.booleans())
def test_a_message_comes_back_by_every_call(text: str, size: int, fast: bool) -> None:
    if len(set(text)) < 2:
        with pytest.raises(ValueError, match="data has"):
            tans_py.encode(text, size, fast, "str")
        return
    bits, coder = tans_py.encode(text, size, fast, "str")
    assert isinstance(bits, tans_py.Bits) and isinstance(coder, tans_py.Coder)
    assert tans_py.decode(bits, coder, "list") == list(text) == list(tans_py.decode(bits, coder))
    assert coder.encode(text) == bits == tans_py.Bits.of(list(bits)) == tans_py.Bits.of(bits.to_array())
    assert coder.decode(bits) == coder.decode_array(bits).tolist() == list(text)
    assert coder.encode_decode(text) == (list(text), len(bits)) and coder.encode_decode_string(text) == (
        text,
        len(bits),
    )
    assert coder.decode_string(coder.encode_string(text)) == text
    n_bytes = tans_py.Coder.calculate_bits(text)
    assert tans_py.encode_decode_test(text, size, fast, "str") == (bits, text, n_bytes / (len(bits) / 8))
    with pytest.raises(_core.DataError):
        coder.decode(bits, len(text) - 1)
    with pytest.raises(ValueError, match="bitstream"):
        coder.decode([2])


@of("transom.tans_py.rescale_list_to_power_of_2", "transom._core.tans_py_rescale")
@given(counts(), st.integers(0, 5000))
def test_rescaled_counts_sum_to_the_next_power_of_two(n: list[int], total: int) -> None:
    n = [one + 1 for one in n]
    try:
        scaled = tans_py.rescale_list_to_power_of_2(n, total)
    except ValueError as error:
        assert "max_sum" in str(error) and (total < 1 or len(n) > total)
        return
    assert scaled == _core.tans_py_rescale(n, total) and min(scaled) >= 1
    assert sum(scaled) == 1 << (total - 1).bit_length()


@of(
    "transom._core.TansPyTable", "transom._core.TansPyTable.encode", "transom._core.TansPyTable.decode",
    "transom._core.tans_py_count",
)  # fmt: skip
@given(st.binary(min_size=1, max_size=60), st.booleans(), st.binary(max_size=20))
def test_numbers_go_through_the_tables_of_c(data: bytes, fast: bool, other: bytes) -> None:
    message = bytes(value % 5 for value in data)
    order, found = _core.tans_py_count(message)
    assert list(order) == list(dict.fromkeys(message)) and found == [message.count(value) for value in order]
    table = _core.TansPyTable([8, 4, 2, 1, 1], fast)
    bits, n_bits = table.encode(message)
    assert len(bits) == (n_bits + 7) // 8 and table.decode(bits, n_bits, len(message)) == message
    try:
        assert len(table.decode(other, 8 * len(other), 99)) <= 99
    except ValueError as error:
        assert "bitstream" in str(error)
