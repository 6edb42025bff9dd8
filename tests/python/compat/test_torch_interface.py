"""test_torch_interface.py — what torch_ans' documentation and tests say of its interface, one test each."""
# SPDX-License-Identifier: Apache-2.0

from typing import Any

import numpy as np
import pytest
from kinds import Make, assert_same, joined
from naive import NaiveRow

from transom.torch import VARIANTS, ANSInterface, TorchANSInterface

N_TABLES, N_SYMBOLS = 4, 16


def coder_of(make: Make, draw: np.random.Generator, n_symbols: int = N_SYMBOLS, **options: Any) -> ANSInterface:
    """A coder of four tables of frequencies."""
    coder = ANSInterface(**{"freq_precision": 12, **options})
    freqs = draw.integers(1, 100, (N_TABLES, n_symbols))
    coder.init_params(make(freqs), make([n_symbols] * N_TABLES), make([0] * N_TABLES))
    return coder


def message(make: Make, draw: np.random.Generator, shape: tuple[int, ...] = (2, 32)) -> tuple[Any, Any]:
    """Symbols, and the table of each."""
    return make(draw.integers(0, N_SYMBOLS, shape)), make(draw.integers(0, N_TABLES, shape))


def test_encode_gives_a_stream_tensor_that_decode_reads(make: Make, draw: np.random.Generator) -> None:
    coder = coder_of(make, draw)
    symbols, indexes = message(make, draw)
    stream = coder.encode(symbols, dist_indexes=indexes)
    assert stream is not None and type(stream) is type(symbols) and stream.dtype == symbols.dtype and stream.ndim == 2
    assert_same(coder.decode(stream, dist_indexes=indexes), symbols)


def test_encode_takes_frequencies_for_each_symbol(make: Make, draw: np.random.Generator) -> None:
    symbols, _ = message(make, draw)
    freqs = make(draw.integers(1, 100, (2, 32, N_SYMBOLS)))
    numbers, offsets = make(np.full((2, 32), N_SYMBOLS)), make(np.zeros((2, 32)))
    coder = ANSInterface(freq_precision=12)
    stream = coder.encode(symbols, dist_freqs=freqs, dist_num_freqs=numbers, dist_min=offsets)
    assert_same(coder.decode(stream, dist_freqs=freqs, dist_num_freqs=numbers, dist_min=offsets), symbols)
    stream = coder.encode(symbols, dist_freqs=freqs)  # all of them, from 0
    assert_same(coder.decode(stream, dist_freqs=freqs), symbols)


def test_messages_are_kept_and_flushed_as_one_stream(make: Make, draw: np.random.Generator) -> None:
    coder = coder_of(make, draw)
    first, second = message(make, draw), message(make, draw)
    for symbols, indexes in (first, second):
        assert coder.encode(symbols, dist_indexes=indexes, cache=True) is None
    stream = coder.encode_flush()
    assert stream is not None and len(stream) == 2
    together = coder.decode(stream, dist_indexes=joined(first[1], second[1]))
    assert_same(together, joined(first[0], second[0]))
    stream = coder.encode_flush()  # kept until reset_cache()
    for symbols, indexes in (first, second):  # decoded in parts: the stream is left without them
        assert_same(coder.decode(stream, dist_indexes=indexes), symbols)


def test_byte_strings_go_there_and_back(make: Make, draw: np.random.Generator) -> None:
    coder = coder_of(make, draw)
    symbols, indexes = message(make, draw)
    encoded = coder.encode_with_indexes(symbols, indexes)
    assert isinstance(encoded, bytes)
    assert_same(coder.decode_with_indexes(encoded, indexes), symbols)


def test_byte_strings_are_flushed_set_and_decoded_in_parts(make: Make, draw: np.random.Generator) -> None:
    coder = coder_of(make, draw)
    first, second = message(make, draw), message(make, draw)
    for symbols, indexes in (first, second):
        assert coder.encode_with_indexes(symbols, indexes, cache=True) is None
    encoded = coder.flush()
    assert_same(coder.decode_with_indexes(encoded, joined(first[1], second[1])), joined(first[0], second[0]))
    coder.set_stream(encoded)
    for symbols, indexes in (first, second):
        assert_same(coder.decode_stream(indexes), symbols)


def test_byte_strings_with_frequencies_and_a_stream_of_them(make: Make, draw: np.random.Generator) -> None:
    coder = coder_of(make, draw)
    symbols, indexes = message(make, draw, (2, 5))
    freqs, numbers, offsets = make(draw.integers(1, 9, (2, 5, 20))), make(np.full((2, 5), 20)), make(np.zeros((2, 5)))
    encoded = coder.encode_with_freqs(symbols, freqs, numbers, offsets)
    assert encoded is not None
    assert_same(coder.decode_with_freqs(encoded, freqs, numbers, offsets), symbols)
    coder.set_stream(encoded)
    assert_same(coder.decode_stream_with_freqs(freqs, numbers, offsets), symbols)
    again = coder.encode_with_indexes(symbols, indexes)  # its tables are as they were
    assert again is not None
    assert_same(coder.decode_with_indexes(again, indexes), symbols)


@pytest.mark.parametrize("impl", [*VARIANTS, "rans_byte"])
def test_every_variant_is_reached_by_its_name(impl: str, make: Make, draw: np.random.Generator) -> None:
    n_symbols = 15 if impl.endswith("_alias") else N_SYMBOLS + 1  # with the escape, a power of two
    coder = coder_of(make, draw, n_symbols, impl=impl)
    symbols, indexes = message(make, draw, (2, 33))
    encoded = coder.encode_with_indexes(symbols, indexes)
    assert encoded is not None
    assert_same(coder.decode_with_indexes(encoded, indexes), symbols)


def test_variants_differ_as_their_states_words_and_tables_do(make: Make, draw: np.random.Generator) -> None:
    symbols, indexes = message(make, draw, (1, 400))
    encoded = {}
    for impl in VARIANTS:
        same = np.random.default_rng(1)
        encoded[impl] = coder_of(make, same, 15, impl=impl).encode_with_indexes(symbols, indexes)
    assert len(set(encoded.values())) == 9  # an inverse cdf decodes the plain stream
    for family in ("rans64", "rans32", "rans32_16"):
        assert encoded[family] == encoded[f"{family}_invcdf"]


@pytest.mark.parametrize("impl", ["rans64", "rans64_i4", "rans32", "rans32_i4", "rans32_16", "rans32_16_i4"])
@pytest.mark.parametrize("bypass", [0, 1, 2, 4, 8])
def test_streams_are_the_definition_bit_for_bit(impl: str, bypass: int, make: Make, draw: np.random.Generator) -> None:
    cdf = [0, 3, 40, 41, 200, 250, 256]
    coder = ANSInterface(impl, bypass_coding=bypass > 0, bypass_precision=bypass or 4, freq_precision=8)
    coder.set_cdfs(make([cdf]), make([len(cdf)]), make([-2]))
    for n in (1, 2, 3, 4, 5, 30):
        far = draw.integers(-1000, 1000, n) * (draw.random(n) < 0.2) * (bypass > 0)
        symbols = draw.integers(-2, 3, n) + far
        naive = NaiveRow(impl.removesuffix("_i4"), cdf, 8, bypass, -2, 4 if impl.endswith("_i4") else 1)
        naive.push(symbols.tolist())
        encoded = coder.encode_with_indexes(make([symbols]), make(np.zeros((1, n))))
        assert encoded is not None and encoded[4:] == naive.to_bytes()


@pytest.mark.parametrize("bypass", [False, True])
def test_escapes_code_any_symbol_and_none_without_them(bypass: bool, make: Make, draw: np.random.Generator) -> None:
    coder = coder_of(make, draw, bypass_coding=bypass)
    symbols, indexes = make([[3, 99, -7, 2**26]]), make([[0, 1, 2, 3]])
    if bypass:
        encoded = coder.encode_with_indexes(symbols, indexes)
        assert encoded is not None
        assert_same(coder.decode_with_indexes(encoded, indexes), symbols)
    else:
        with pytest.raises(ValueError, match=r"symbol 1 is 99; .* no escapes"):
            coder.encode_with_indexes(symbols, indexes)


@pytest.mark.parametrize("freq_precision", [8, 12, 16])
def test_every_precision_of_the_frequencies(freq_precision: int, make: Make, draw: np.random.Generator) -> None:
    coder = coder_of(make, draw, impl="rans32", freq_precision=freq_precision)
    symbols, indexes = message(make, draw)
    assert_same(coder.decode_with_indexes(coder.encode_with_indexes(symbols, indexes) or b"", indexes), symbols)


def test_a_precision_over_the_state_is_taken_as_its_most() -> None:
    most = {impl: ANSInterface(impl, freq_precision=40).freq_precision for impl in ("rans64", "rans32", "rans32_16_i4")}
    assert most == {"rans64": 31, "rans32": 23, "rans32_16_i4": 15}


def test_cumulative_counts_are_set_directly_whatever_their_total(make: Make, draw: np.random.Generator) -> None:
    bounds = np.linspace(0, 256, N_SYMBOLS + 2).astype(np.int32)  # 17 entries of each: they end at 240
    coder = ANSInterface(freq_precision=8)
    coder.set_cdfs(make([bounds] * N_TABLES), make([N_SYMBOLS + 1] * N_TABLES), make([0] * N_TABLES))
    symbols, indexes = message(make, draw)
    symbols = symbols % (N_SYMBOLS - 1)
    assert_same(coder.decode_with_indexes(coder.encode_with_indexes(symbols, indexes) or b"", indexes), symbols)


def test_tables_that_init_params_made_are_there_to_be_set_elsewhere(make: Make, draw: np.random.Generator) -> None:
    coder = coder_of(make, draw)
    symbols, indexes = message(make, draw)
    assert type(coder.cdfs) is type(coder.cdfs_sizes) is type(symbols)
    other = ANSInterface(freq_precision=12)
    other.set_cdfs(coder.cdfs, coder.cdfs_sizes, coder.offsets)
    assert other.encode_with_indexes(symbols, indexes) == coder.encode_with_indexes(symbols, indexes)


def test_an_alphabet_of_one_symbol(make: Make, draw: np.random.Generator) -> None:
    coder = coder_of(make, draw, 1)
    symbols, indexes = make(np.zeros((2, 8))), message(make, draw, (2, 8))[1]
    encoded = coder.encode_with_indexes(symbols, indexes)
    assert encoded is not None
    assert_same(coder.decode_with_indexes(encoded, indexes), symbols)


def test_reset_cache_forgets_what_was_kept(make: Make, draw: np.random.Generator) -> None:
    coder = coder_of(make, draw)
    coder.encode_with_indexes(*message(make, draw), cache=True)
    assert coder.flush() != b""
    coder.reset_cache()
    assert coder.flush() == b"" and coder.encode_flush() is None


@pytest.mark.parametrize("n_streams", [1, 2, 4, "batch"])
def test_parallel_streams_are_those_of_their_rows(n_streams: Any, make: Make, draw: np.random.Generator) -> None:
    symbols, indexes = message(make, draw, (4, 30))
    coder = coder_of(make, np.random.default_rng(5), num_parallel_states=n_streams)
    encoded = coder.encode_with_indexes(symbols, indexes)
    assert encoded is not None
    assert_same(coder.decode_with_indexes(encoded, indexes), symbols)
    n_rows = 4 if n_streams == "batch" else n_streams
    single = coder_of(make, np.random.default_rng(5), num_parallel_states=1)
    parts = [
        single.encode_with_indexes(s, i)
        for s, i in zip(*(np.split(np.asarray(a).reshape(-1), n_rows) for a in (symbols, indexes)), strict=True)
    ]
    for part in parts:
        assert part is not None and part in encoded


def test_without_a_number_of_streams_a_message_is_one_and_a_flushed_batch_its_rows(
    make: Make, draw: np.random.Generator
) -> None:
    coder = coder_of(make, draw)
    symbols, indexes = message(make, draw, (4, 30))
    stream = coder.encode(symbols, dist_indexes=indexes)
    coder.encode(symbols, dist_indexes=indexes, cache=True)
    flushed = coder.encode_flush()
    assert stream is not None and flushed is not None
    assert (len(stream), len(flushed)) == (1, 4)


def test_a_message_may_have_any_shape(make: Make, draw: np.random.Generator) -> None:
    coder = coder_of(make, draw, num_parallel_states=2)
    for shape in [(4,), (2, 3, 5), (2, 1, 2, 2), (2, 0)]:
        symbols, indexes = message(make, draw, shape)
        encoded = coder.encode_with_indexes(symbols, indexes)
        assert encoded is not None
        assert_same(coder.decode_with_indexes(encoded, indexes), symbols)


@pytest.mark.parametrize("dtype", [np.int8, np.uint8, np.int16, np.int64])
def test_other_integers_go_in_as_they_are(dtype: Any, make: Make, draw: np.random.Generator) -> None:
    coder = coder_of(make, draw)
    symbols, indexes = draw.integers(0, N_SYMBOLS, (2, 9)), draw.integers(0, N_TABLES, (2, 9))
    want = coder.encode_with_indexes(make(symbols), make(indexes))
    assert coder.encode_with_indexes(make(symbols, dtype), make(indexes, dtype)) == want
    backwards = np.ascontiguousarray(symbols[:, ::-1])[:, ::-1]  # not contiguous
    assert coder.encode_with_indexes(backwards, make(indexes)) == want


def test_probabilities_are_frequencies_too(make: Make, draw: np.random.Generator) -> None:
    freqs = draw.integers(1, 2**12, (N_TABLES, N_SYMBOLS))
    numbers, offsets = make([N_SYMBOLS] * N_TABLES), make([0] * N_TABLES)
    counts, weights = ANSInterface(freq_precision=12), ANSInterface(freq_precision=12)
    counts.init_params(make(freqs), numbers, offsets)
    weights.init_params(make(freqs, np.float32), numbers, offsets)
    np.testing.assert_array_equal(np.asarray(counts.cdfs), np.asarray(weights.cdfs))


def test_a_likely_symbol_at_16_bits_has_a_table(make: Make) -> None:
    coder = ANSInterface(freq_precision=16)
    coder.init_params(make([[80, 10, 10]]), make([3]), make([0]))  # torch_ans' int32 wraps here
    assert (np.diff(np.asarray(coder.cdfs)[0]) > 0).all()
    symbols = make([[0, 0, 1, 2, 0]])
    assert_same(coder.decode_with_indexes(coder.encode_with_indexes(symbols, symbols * 0) or b"", symbols * 0), symbols)


def test_the_original_name_is_there() -> None:
    assert TorchANSInterface is ANSInterface
