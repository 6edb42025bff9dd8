"""Other coders' vectors and streams at the command line: interop and convert, good and forged.

Runs TRANSOM_BUILD/transom as a process.
"""
# SPDX-License-Identifier: Apache-2.0

import copy
import json
import random
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from program import BAD_DATA, FINE, MISMATCH, SHARED, TRACE, USAGE, shared_vectors, transom

Weights = tuple[Path, NDArray[np.int8]]  # a container of one tensor, and its values

RANS_FILES = ["ryg_byte", "ryg_64", "ryg_word", "ryg_alias", "torch_rans64", "torch_rans32", "torch_rans32_16"]
TABLE_FILES = ["torch_cdf", "torch_bytes"]
FORMATS = (
    ["ryg-byte", "ryg-64", "ryg-word", "ryg-alias", "constriction"]
    + [
        f"torch-{width}{kind}"
        for width in ["rans64", "rans32", "rans32_16"]
        for kind in ["", "_i4", "_alias", "_invcdf"]
    ]
    + ["compressai", "tans-py-fast", "tans-py-precise", "fse", "fse-block"]
)
# x = 2^23, f = 113, cum = 911, 2^10 slots: floor(x / f) 2^10 + x mod f + 911, little-endian
ONE_CASE: dict[str, Any] = {
    "header": {"what": "one ryg_rans stream by hand"},
    "cases": [
        {
            "name": "one",
            "scale_bits": 10,
            "K": 1,
            "freqs": [911, 113],
            "n": 1,
            "symbols_hex": "01",
            "stream_hex": ((2**23 // 113 << 10) + 2**23 % 113 + 911).to_bytes(4, "little").hex(),
        }
    ],
}


def interop(path: Path, code: int, *arguments: str) -> dict[str, Any]:
    """Runs interop --json; returns what it printed, {} if nothing."""
    done = transom("interop", path, "--json", *arguments, code=code)
    return json.loads(done.stdout) if done.stdout else {}


def write(path: Path, content: object) -> Path:
    path.write_text(json.dumps(content))
    return path


@pytest.mark.parametrize("stem", RANS_FILES + TABLE_FILES)
def test_every_vector_of_the_rans_family_passes(stem: str) -> None:
    content = shared_vectors(stem)
    result = interop(SHARED / "interop" / f"{stem}.json", FINE)
    n_cases = sum(len(cases) for name, cases in content.items() if name != "header")
    assert (result["cases"], result["passed"], result["failed"]) == (n_cases, n_cases, 0)
    assert result["files"][0]["lists"].keys() == content.keys() - {"header"}


@pytest.mark.parametrize("stem", RANS_FILES)
def test_a_changed_digit_of_a_stream_fails_its_case_and_no_other(stem: str, tmp_path: Path) -> None:
    content = shared_vectors(stem)
    draw = random.Random(7)
    for name in content.keys() - {"header", "normalize_cases"}:
        changed = copy.deepcopy(content)
        case = draw.choice(changed[name])
        field = "stream_hex" if "stream_hex" in case else "bytes_hex"
        digits = case[field] if field == "stream_hex" else case[field][0]
        at = draw.randrange(len(digits))
        digits = digits[:at] + f"{int(digits[at], 16) ^ 1:x}" + digits[at + 1 :]
        case[field] = digits if field == "stream_hex" else [digits, *case[field][1:]]
        result = interop(write(tmp_path / f"{stem}.json", changed), MISMATCH)
        assert result["failed"] == 1
        assert case["name"] in result["files"][0]["failures"][0]


def test_a_folder_is_read_file_by_file_and_says_what_it_passed_over(tmp_path: Path) -> None:
    write(tmp_path / "ryg_byte.json", ONE_CASE)
    write(tmp_path / "ryg_byte-b.json", ONE_CASE)  # a second set
    write(tmp_path / "notes.json", {"no": "header"})
    (tmp_path / "README.md").write_text("not JSON")
    done = transom("interop", tmp_path, "--json")
    result = json.loads(done.stdout)
    assert [f["file"] for f in result["files"]] == ["ryg_byte-b.json", "ryg_byte.json"]
    assert (result["cases"], result["passed"]) == (2, 2)
    assert "notes.json" in done.stderr
    assert "total" in transom("interop", tmp_path).stdout


def test_a_difference_is_named_by_list_case_and_place(tmp_path: Path) -> None:
    wrong = copy.deepcopy(ONE_CASE)
    wrong["cases"][0]["symbols_hex"] = "00"
    failures = interop(write(tmp_path / "ryg_byte.json", wrong), MISMATCH)["files"][0]["failures"]
    assert failures == ["cases one: decoded: index 0, want 0, got 1"]


def test_unknown_lists_fail_unless_allowed(tmp_path: Path) -> None:
    path = write(tmp_path / "ryg_byte.json", ONE_CASE | {"other_cases": [{}, {}]})
    result = interop(path, MISMATCH)
    assert (result["cases"], result["passed"], result["failed"], result["unknown"]) == (3, 1, 2, 2)
    assert interop(path, FINE, "--allow-unknown")["failed"] == 0
    assert interop(write(tmp_path / "nobody.json", ONE_CASE), MISMATCH)["unknown"] == 1


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("scale_bits", None, "scale_bits"),
        ("scale_bits", -1, "scale_bits"),
        ("scale_bits", 1.5, "scale_bits"),
        ("scale_bits", 2**40, "scale_bits"),
        ("freqs", {"0": 1}, "'freqs' is not a list"),
        ("freqs", ["911"], "freqs"),
        ("symbols_hex", "0", "symbols_hex"),
        ("symbols_hex", "0g", "symbols_hex"),
        ("stream_hex", 7, "stream_hex"),
    ],
)
def test_a_damaged_field_is_named(field: str, value: object, message: str, tmp_path: Path) -> None:
    damaged = copy.deepcopy(ONE_CASE)
    damaged["cases"][0][field] = value
    done = transom("interop", write(tmp_path / "ryg_byte.json", damaged), code=BAD_DATA)
    assert message in done.stderr and "one" in done.stderr and "ryg_byte.json" in done.stderr


@pytest.mark.parametrize(("field", "value"), [("scale_bits", 60), ("K", 0), ("K", 10**9), ("freqs", [2**32 - 1] * 9)])
def test_a_case_that_no_coder_has_fails_without_harm(field: str, value: object, tmp_path: Path) -> None:
    forged = copy.deepcopy(ONE_CASE)
    forged["cases"][0][field] = value
    assert "refused" in interop(write(tmp_path / "ryg_byte.json", forged), MISMATCH)["files"][0]["failures"][0]


@pytest.mark.parametrize("text", ["", "{", '{"header": {}, "cases": 3}', "[" * 100000, '{"header": []}', "\x00\xff"])
def test_what_is_no_vector_file_is_bad_data(text: str, tmp_path: Path) -> None:
    (tmp_path / "ryg_byte.json").write_text(text)
    transom("interop", tmp_path / "ryg_byte.json", code=BAD_DATA)


def test_paths_without_vectors_are_bad_data(tmp_path: Path) -> None:
    transom("interop", tmp_path, code=BAD_DATA)
    transom("interop", tmp_path / "nothing", code=BAD_DATA)
    transom("interop", code=USAGE)


@pytest.fixture(scope="module")
def weights(tmp_path_factory: pytest.TempPathFactory) -> Weights:
    folder = tmp_path_factory.mktemp("convert")
    values = np.random.default_rng(3).laplace(0, 9, (20, 50)).clip(-128, 127).astype(np.int8)
    np.save(folder / "w.npy", values)
    transom("encode", folder / "w.npy", "-o", folder / "w.tsm", "--coding", "rans")
    return folder / "w.tsm", values


def decoded(container: Path, folder: Path) -> NDArray[Any]:
    transom("decode", container, "-o", folder)
    values: NDArray[Any] = np.load(next(folder.glob("*.npy")))
    return values


@pytest.mark.parametrize("name", FORMATS)
def test_a_container_survives_a_foreign_format(name: str, weights: Weights, tmp_path: Path) -> None:
    container, values = weights
    transom("convert", container, "--from", "tsm", "-o", tmp_path / "s", "--to", name)
    side = json.loads((tmp_path / "s.json").read_text())
    assert (side["format"], side["n"], side["shape"]) == (name, values.size, list(values.shape))
    assert name == "fse-block" or sum(side["freqs"]) == 2 ** side["scale_bits"]
    transom("convert", tmp_path / "s", "--from", name, "-o", tmp_path / "b.tsm", "--to", "tsm", "--streams", 4)
    after = decoded(tmp_path / "b.tsm", tmp_path / "out")
    assert after.dtype == values.dtype
    np.testing.assert_array_equal(after, values)


def test_a_stream_goes_from_one_foreign_format_to_the_next(weights: Weights, tmp_path: Path) -> None:
    container, values = weights
    path, name = container, "tsm"
    for to in [*FORMATS, "tsm"]:
        transom("convert", path, "--from", name, "-o", tmp_path / to, "--to", to)
        path, name = tmp_path / to, to
    path.rename(tmp_path / "end.tsm")
    np.testing.assert_array_equal(decoded(tmp_path / "end.tsm", tmp_path / "out"), values)


def test_interleaved_ryg_streams_hold_their_states(weights: Weights, tmp_path: Path) -> None:
    container, _ = weights
    one = transom("convert", container, "--from", "tsm", "-o", tmp_path / "1", "--to", "ryg-word", "--json")
    eight = transom(
        "convert", container, "--from", "tsm", "-o", tmp_path / "8", "--to", "ryg-word", "--json", "--interleave", 8
    )
    assert 0 <= json.loads(eight.stdout)["bytes"] - json.loads(one.stdout)["bytes"] <= 4 * 8


def test_a_table_of_more_slots_than_are_quantised_divides_them(weights: Weights, tmp_path: Path) -> None:
    container, values = weights
    for table_log in [14, 20]:
        path = tmp_path / str(table_log)
        transom("convert", container, "--from", "tsm", "-o", path, "--to", "ryg-64", "--table-log", table_log)
    few, many = (json.loads((tmp_path / f"{log}.json").read_text())["freqs"] for log in [14, 20])
    assert many == [64 * f for f in few] and sum(many) == 2**20
    transom("convert", path, "--from", "ryg-64", "-o", tmp_path / "b.tsm", "--to", "tsm")
    np.testing.assert_array_equal(decoded(tmp_path / "b.tsm", tmp_path / "out"), values)


def test_damaged_streams_and_sidecars_are_bad_data_and_write_nothing(weights: Weights, tmp_path: Path) -> None:
    container, _ = weights
    stream, side_path = tmp_path / "s", tmp_path / "s.json"
    transom("convert", container, "--from", "tsm", "-o", stream, "--to", "ryg-64")
    whole, side = stream.read_bytes(), json.loads(side_path.read_text())

    def refused(message: str) -> None:
        done = transom("convert", stream, "--from", "ryg-64", "-o", tmp_path / "x", "--to", "tsm", code=BAD_DATA)
        assert message in done.stderr and not (tmp_path / "x").exists()

    for damaged in [whole[:-4], whole + bytes(4), b"", bytes(len(whole)), whole[:-1]]:
        stream.write_bytes(damaged)
        refused("damaged")
    stream.write_bytes(whole)
    for change, message in [
        ({"n": 10**15}, "'n'"),
        ({"n": -1}, "'n'"),
        ({"n": 999, "shape": [999]}, "damaged"),
        ({"shape": [3]}, "'n'"),
        ({"scale_bits": 31}, "2^31"),
        ({"freqs": []}, "frequencies"),
        ({"freqs": "all"}, "'freqs'"),
        ({"interleave": 10**12}, "states"),
        ({"dtype": "float"}, "'dtype'"),
        ({"dtype": "int4"}, "'freqs'"),
    ]:
        write(side_path, side | change)
        refused(message)
    side_path.unlink()
    refused("s.json")


def test_wrong_use_of_convert_says_what_to_do(weights: Weights, tmp_path: Path) -> None:
    container, _ = weights
    base = ["convert", container, "--from", "tsm", "-o", tmp_path / "x"]
    transom(*base, "--to", "zip", code=USAGE)
    assert "12..12" in transom(*base, "--to", "ryg-word", "--table-log", 10, code=USAGE).stderr
    assert "takes 4" in transom(*base, "--to", "torch-rans64_i4", "--interleave", 2, code=USAGE).stderr
    assert "5..12" in transom(*base, "--to", "fse", "--table-log", 13, code=USAGE).stderr
    assert "16..16" in transom(*base, "--to", "compressai", "--table-log", 12, code=USAGE).stderr
    transom("encode", TRACE, "-o", tmp_path / "many.tsm")
    many = transom(
        "convert", tmp_path / "many.tsm", "--from", "tsm", "-o", tmp_path / "x", "--to", "ryg-64", code=USAGE
    )
    assert "--tensor" in many.stderr and "conv1/weights" in many.stderr
