"""test_torch_interop.py — every stream, table and byte string that torch_ans itself has made, through transom.torch."""
# SPDX-License-Identifier: Apache-2.0

import struct
import zlib
from typing import Any

import numpy as np
import pytest
from kinds import Make
from program import shared_vectors

import transom.torch as verbs

Case = dict[str, Any]
FAMILIES = ["rans64", "rans32", "rans32_16"]


def filled_up(rows: list[list[int]]) -> list[list[int]]:
    """Rows of one width."""
    width = max(map(len, rows))
    return [row + [0] * (width - len(row)) for row in rows]


def tables(case: Case, make: Make) -> tuple[Any, Any, Any]:
    return make(filled_up(case["cdfs"])), make([len(row) for row in case["cdfs"]]), make(case["offsets"])


def interface(case: Case) -> verbs.ANSInterface:
    return verbs.ANSInterface(
        case["impl"],
        case["bypass"],
        case["bypass_precision"],
        case["num_parallel_states"],
        case["num_bytes_code_length"],
        freq_precision=case["freq_precision"],
    )


def check_streams(coder: str, family: str, case: Case, make: Make) -> None:
    """Pushed, and popped by every look-up that decodes the stream."""
    options = {"freq_precision": case["freq_precision"], "bypass_coding": case["bypass"]}
    options["bypass_precision"] = case["bypass_precision"] or 4
    used = tables(case, make)
    pushes = case.get("pushes") or [case]
    stream = getattr(verbs, f"{family}_init_stream")(case["rows"], case["interleave"])
    for push in pushes:
        stream = getattr(verbs, f"{coder}_push")(stream, make(push["symbols"]), make(push["indexes"]), *used, **options)
    assert [row.hex() for row in verbs.rans_stream_to_byte_strings(stream)] == case["bytes_hex"], case["name"]
    for pop in ["pop"] if coder.endswith("_alias") else ["pop", "invcdf_pop"]:
        stream = verbs.rans_byte_strings_to_stream([bytes.fromhex(row) for row in case["bytes_hex"]])
        for push in reversed(pushes):
            got = getattr(verbs, f"{coder}_{pop}")(stream, make(push["indexes"]), *used, **options)
            np.testing.assert_array_equal(np.asarray(got), push["symbols"], case["name"])


@pytest.mark.parametrize("family", FAMILIES)
def test_every_stream_is_pushed_and_popped_bit_for_bit(family: str, make: Make) -> None:
    for case in shared_vectors(f"torch_{family}")["cases"]:
        check_streams(family + ("_i4" if case["interleave"] == 4 else ""), family, case, make)


@pytest.mark.parametrize("family", FAMILIES)
def test_every_alias_stream_and_its_tables(family: str, make: Make) -> None:
    for case in shared_vectors(f"torch_{family}")["alias_cases"]:
        check_streams(f"{family}_alias", family, case, make)
        cdfs, sizes, _ = tables(case, make)
        if case["freq_precision"] > 16:
            continue
        push, pop = verbs.rans_alias_build_table(cdfs, sizes, case["symbol_precision"], case["freq_precision"])
        for t, want in enumerate(case["alias_tables"]):
            n = len(case["cdfs"][t])
            for rows, field in ((push, "remap_crc32"), (pop, "elements_crc32")):
                row = np.asarray(rows)[t, n:]
                assert f"{zlib.crc32(row.astype('<i4').tobytes()):08x}" == want[field], (case["name"], field)


def test_every_byte_string_of_the_interface(make: Make) -> None:
    for case in shared_vectors("torch_bytes")["interface_cases"]:
        coder, freqs, offsets = interface(case), make(case["freqs"]), make(case["offsets"])
        if case["mode"] == "freqs":
            numbers = make(np.full(freqs.shape[:-1], freqs.shape[-1]))
            encoded = coder.encode_with_freqs(make(case["symbols"]), freqs, numbers, offsets)
            decoded = [coder.decode_with_freqs(bytes.fromhex(case["bytes_hex"]), freqs, numbers, offsets)]
            want = [case["symbols"]]
        else:
            coder.init_params(freqs, make([freqs.shape[1]] * len(freqs)), offsets)
            calls = [(make(call["symbols"]), make(call["indexes"])) for call in case["calls"]]
            for symbols, indexes in calls:
                encoded = coder.encode_with_indexes(symbols, indexes, cache=case["mode"] == "flush")
            if case["mode"] == "flush":
                encoded = coder.flush()
            coder.set_stream(bytes.fromhex(case["bytes_hex"]))
            decoded = [coder.decode_stream(indexes) for _, indexes in calls]
            want = [call["symbols"] for call in case["calls"]]
        assert encoded is not None and encoded.hex() == case["bytes_hex"], case["name"]
        for got, symbols in zip(decoded, want, strict=True):
            np.testing.assert_array_equal(np.asarray(got), symbols, case["name"])


def test_every_merger_of_byte_strings() -> None:
    for case in shared_vectors("torch_bytes")["merge_cases"]:
        segments, merged = [bytes.fromhex(s) for s in case["segments_hex"]], bytes.fromhex(case["merged_hex"])
        shape = case["num_bytes_length"], case["num_segments"]
        if "defect" in case:
            with pytest.raises(ValueError, match="cannot read them back"):
                verbs.merge_bytes(segments, *shape)
            continue
        assert verbs.merge_bytes(segments, *shape) == merged, case["name"]
        assert [s.hex() for s in verbs.split_merged_bytes(merged, *shape)] == case["peer_splits_to_hex"], case["name"]


def pmf_of(case: Case) -> list[list[float]]:
    return [[struct.unpack(">f", bytes.fromhex(digits))[0] for digits in row] for row in case["pmf_f32"]]


def test_every_table_of_probabilities_that_is_one(make: Make) -> None:
    cases = shared_vectors("torch_cdf")["cases"]
    for case in cases:
        pmf = make(pmf_of(case), np.float32)
        if case.get("error"):
            with pytest.raises(ValueError, match="no slot to steal"):
                verbs.rans_pmf_to_quantized_cdf(pmf, case["precision"])
            continue
        got = np.asarray(verbs.rans_pmf_to_quantized_cdf(pmf, case["precision"]))
        assert (np.diff(got) > 0).all() and (got[:, 0] == 0).all() and (got[:, -1] == 1 << case["precision"]).all()
        if case["valid"]:
            np.testing.assert_array_equal(got, case["cdf"], case["name"])


def test_every_table_of_frequencies_inverse_and_batch(make: Make) -> None:
    content = shared_vectors("torch_cdf")
    for case in content["init_params_cases"]:
        coder = verbs.ANSInterface(bypass_coding=case["bypass"], freq_precision=case["precision"])
        coder.init_params(make(case["freqs"]), make(case["num_freqs"]), make([0] * len(case["num_freqs"])))
        np.testing.assert_array_equal(np.asarray(coder.cdfs), case["cdf"], case["name"])
        np.testing.assert_array_equal(np.asarray(coder.cdfs_sizes), case["cdf_sizes"], case["name"])
    for case in content["inverse_cases"]:
        got = np.asarray(verbs.inverse_quantized_cdf(make([case["cdf"]]), case["precision"]))
        assert got[0].tolist() == list(bytes.fromhex(case["inverse_hex"])), case["name"]
    for case in content["batched_cases"]:
        pmf = make(pmf_of(case), np.float32)
        got = verbs.pmf_to_quantized_cdf_batched(pmf, case["precision"], case["add_tail"], 1e-10, case["normalize"])
        np.testing.assert_array_equal(np.asarray(got), case["cdf"], case["name"])
