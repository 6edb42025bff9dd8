"""tANS coders' vectors and APack's tables at the command line: interop, ranges, encode --search,
and convert to and from tANS streams and CompressAI's.

Runs TRANSOM_BUILD/transom as a process.
"""
# SPDX-License-Identifier: Apache-2.0

import json
import random
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from program import BAD_DATA, BUILD, FINE, MISMATCH, SHARED, TRACE, USAGE, run, shared_vectors, transom
from test_foreign import write

FILES = ["tans_py", "fse", "apack_tables"]


def ranges(*arguments: object) -> list[dict[str, Any]]:
    """The tensors that `transom ranges --json` describes."""
    tensors: list[dict[str, Any]] = json.loads(transom("ranges", TRACE, "--json", *arguments).stdout)["tensors"]
    return tensors


@pytest.mark.parametrize("stem", FILES)
def test_every_vector_of_the_tans_family_passes(stem: str) -> None:
    content = shared_vectors(stem)
    result = json.loads(transom("interop", SHARED / "interop" / f"{stem}.json", "--json").stdout)
    n_cases = sum(len(cases) for name, cases in content.items() if name != "header")
    assert (result["cases"], result["passed"], result["failed"]) == (n_cases, n_cases, 0)


@pytest.mark.parametrize("stem", FILES)
def test_a_forged_vector_is_a_failure_or_named_bad_data(stem: str, tmp_path: Path) -> None:
    """No value of any field crashes the program or makes a case of other numbers pass unseen."""
    content = shared_vectors(stem)
    draw = random.Random(3)
    names = sorted(content.keys() - {"header"})
    for forged in [-1, 2**40, 1.5, "zz", [], [2**33], {}, None, True]:
        name = draw.choice(names)
        case = dict(draw.choice(content[name]))
        case[draw.choice(sorted(case))] = forged
        path = tmp_path / f"{stem}.json"
        path.write_text(json.dumps({"header": {}, name: [case]}))
        done = run(BUILD / "transom", "interop", path)
        assert done.returncode in (FINE, MISMATCH, BAD_DATA), f"{name}: {case}: {done.stderr}"


def test_the_exact_search_beats_the_released_one_on_each_tensor() -> None:
    exact, released = ranges(), ranges("--search", "released")
    assert [t["name"] for t in exact] == [t["name"] for t in released]
    assert all(e["bits"] <= r["bits"] for e, r in zip(exact, released, strict=True))
    assert sum(e["bits"] for e in exact) < sum(r["bits"] for r in released)


def test_apack_tables_are_written_and_read(tmp_path: Path) -> None:
    tensors = ranges("--search", "released", "-o", tmp_path / "tables")
    for tensor in tensors:
        text = (tmp_path / "tables" / tensor["file"]).read_text()
        lines = [[int(n) for n in line.split(" ")] for line in text.splitlines()]
        assert lines == tensor["table"]
        assert sum(vcnt for *_, vcnt in lines) == tensor["values"]
    weights, table = TRACE / "000_w_conv1_weights.npy", tmp_path / "tables" / tensors[0]["file"]
    again = json.loads(transom("ranges", weights, "--table", table, "--json").stdout)["tensors"]
    assert again[0]["bits"] == tensors[0]["bits"]
    bad = tmp_path / "bad.apack"
    bad.write_text("0 8 0 0 0\n200 5 0 0 0\n")
    refused = transom("ranges", weights, "--table", bad, code=BAD_DATA)
    assert "bad.apack: line 2: off is 5; a row of 56 values has 6" in refused.stderr
    transom("ranges", weights, "--table", tmp_path / "none.apack", code=BAD_DATA)
    transom("ranges", weights, "--table", bad, "--search", "exact", code=USAGE)


def test_encode_takes_the_released_ranges_for_apack_codings_only(tmp_path: Path) -> None:
    sizes = {}
    for search in ("exact", "released"):
        path = tmp_path / f"{search}.tsm"
        done = transom("encode", TRACE, "-o", path, "--search", search, "--json")
        sizes[search] = json.loads(done.stdout)["bytes"]
        transom("decode", path, "-o", tmp_path / search)
    assert sizes["exact"] < sizes["released"]
    refused = transom("encode", TRACE, "-o", tmp_path / "x", "--coding", "tans", "--search", "released", code=USAGE)
    assert "it is for apack-tans" in refused.stderr


NEW_FORMATS = ["tans-py-fast", "tans-py-precise", "fse", "fse-block", "compressai"]


@pytest.fixture(scope="module")
def container(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """1000 values in which each of int8 occurs, so that a table with slots for all is the same."""
    folder = tmp_path_factory.mktemp("convert")
    skewed = np.random.default_rng(4).laplace(0, 9, 744).clip(-128, 127).astype(np.int8)
    np.save(folder / "w.npy", np.concatenate([skewed, np.arange(-128, 128).astype(np.int8)]))
    transom("encode", folder / "w.npy", "-o", folder / "w.tsm", "--coding", "rans")
    return folder / "w.tsm"


def convert(source: Path, from_: str, target: Path, to: str, *arguments: object, code: int = 0) -> str:
    """What convert says of what is wrong."""
    call = [source, "--from", from_, "-o", target, "--to", to, *arguments]
    return transom("convert", *call, code=code).stderr


@pytest.mark.parametrize("name", NEW_FORMATS)
@pytest.mark.parametrize("through", ["constriction", "torch-rans32", "tans-py-precise", "fse-block"])
def test_a_tans_stream_comes_back_from_another_format_byte_for_byte(
    name: str, through: str, container: Path, tmp_path: Path
) -> None:
    table_log = 16 if name == "compressai" else 10
    convert(container, "tsm", tmp_path / "a", name, "--table-log", table_log)
    convert(tmp_path / "a", name, tmp_path / "b", through)
    convert(tmp_path / "b", through, tmp_path / "c", name, "--table-log", table_log)
    assert (tmp_path / "c").read_bytes() == (tmp_path / "a").read_bytes()
    assert (tmp_path / "c.json").read_text() == (tmp_path / "a.json").read_text()


@pytest.mark.parametrize("name", NEW_FORMATS)
def test_a_cut_or_longer_tans_stream_is_bad_data(name: str, container: Path, tmp_path: Path) -> None:
    stream = tmp_path / "s"
    convert(container, "tsm", stream, name)
    whole = stream.read_bytes()
    for damaged in [whole[:-1], whole[1:], whole + b"\1", whole[: len(whole) // 2], b"", bytes(len(whole))]:
        stream.write_bytes(damaged)
        assert "s.json" in convert(stream, name, tmp_path / "x", "tsm", code=BAD_DATA)
        assert not (tmp_path / "x").exists()


@pytest.mark.parametrize(
    ("name", "change", "message"),
    [
        ("tans-py-fast", {"n_bits": None}, "'n_bits'"),
        ("tans-py-fast", {"n_bits": 2**63}, "truncated"),
        ("tans-py-fast", {"n_bits": 100}, "trailing"),
        ("tans-py-fast", {"scale_bits": 11}, "tans-py-fast: stream: field 'scale_bits' is 11; must be 9"),
        ("tans-py-precise", {"freqs": [4096, 0]}, "tans-py-precise: tans_py: counts[1] is 0; must be"),
        ("tans-py-precise", {"interleave": 2}, "tans-py-precise: stream: field 'interleave' is 2; must be 1"),
        ("fse", {"interleave": 1}, "fse: stream: field 'interleave' is 1; must be 2"),
        ("fse", {"rare": [0]}, "one of field 'rare' is 0; must be a symbol of"),
        ("fse", {"rare": [2**32 - 1]}, "one of field 'rare' is 4294967295"),
        ("fse", {"rare": None}, "s ends"),
        ("fse", {"freqs": [2**17]}, "one of field 'freqs' is 131072"),
        ("fse", {"scale_bits": 4}, "5..12"),
        ("fse-block", {"n": 999, "shape": [999]}, "trailing"),
        ("fse-block", {"n": 1001, "shape": [1001]}, "truncated"),
        ("fse-block", {"dtype": "int2"}, "'freqs'"),
        ("compressai", {"scale_bits": 12}, "compressai: stream: field 'scale_bits' is 12; must be 16"),
        ("compressai", {"freqs": [1] * 258}, "length of field 'freqs' is 258; must be 0..257"),
        ("compressai", {"freqs": [1] * 257}, "s ends"),
    ],
)
def test_a_wrong_sidecar_of_a_tans_stream_is_named(
    name: str, change: dict[str, object], message: str, container: Path, tmp_path: Path
) -> None:
    convert(container, "tsm", tmp_path / "s", name, "--table-log", 16 if name == "compressai" else 9)
    write(tmp_path / "s.json", json.loads((tmp_path / "s.json").read_text()) | change)
    assert message in convert(tmp_path / "s", name, tmp_path / "x", "tsm", code=BAD_DATA)
    assert not (tmp_path / "x").exists()


@pytest.mark.parametrize(
    ("values", "message"), [([], "it is empty"), ([5], "has 4096 of 2^12 slots"), ([5] * 9, "has 4096 of 2^12 slots")]
)
def test_a_message_that_a_tans_format_lacks_is_refused(values: list[int], message: str, tmp_path: Path) -> None:
    np.save(tmp_path / "w.npy", np.array(values, np.int8))
    transom("encode", tmp_path / "w.npy", "-o", tmp_path / "w.tsm", "--coding", "rans")
    to = "fse" if values else "tans-py-fast"
    said = convert(tmp_path / "w.tsm", "tsm", tmp_path / "x", to, "--table-log", 12, code=USAGE)
    assert f"{to}: " in said and message in said and not (tmp_path / "x").exists()


def message_of(case: dict[str, Any]) -> str:
    """The symbols of a vector, in hexadecimal."""
    return str(case["msg_hex"] if "msg_hex" in case else case["src_hex"])


def side_of(case: dict[str, Any]) -> dict[str, Any]:
    """The sidecar of a vector's stream."""
    if "norm" in case:
        table = {
            "freqs": [abs(cells) for cells in case["norm"]],
            "scale_bits": case["tableLog"],
            "rare": [s for s, cells in enumerate(case["norm"]) if cells < 0],
        }
    elif "counts" in case:
        table = {"freqs": case["counts"], "scale_bits": case["L"].bit_length() - 1, "n_bits": case["nbits"]}
    else:
        table = {}
    return {"n": len(message_of(case)) // 2} | table


@pytest.mark.parametrize(("stem", "cases"), [("tans_py", "cases"), ("fse", "stream_cases"), ("fse", "block_cases")])
def test_streams_of_the_other_coder_are_converted(stem: str, cases: str, tmp_path: Path) -> None:
    written = [case for case in shared_vectors(stem)[cases] if case.keys() & {"bits_hex", "stream_hex", "block_hex"}]
    for case in random.Random(5).sample(written, 12):
        format_ = {"cases": f"tans-py-{case.get('spread')}", "stream_cases": "fse", "block_cases": "fse-block"}[cases]
        stream = next(case[field] for field in ("bits_hex", "stream_hex", "block_hex") if field in case)
        (tmp_path / "v").write_bytes(bytes.fromhex(stream))
        write(tmp_path / "v.json", side_of(case))
        convert(tmp_path / "v", format_, tmp_path / "v.tsm", "tsm")
        transom("decode", tmp_path / "v.tsm", "-o", tmp_path / "out")
        values = np.load(next((tmp_path / "out").glob("*.npy"))).tobytes().hex()
        assert values == message_of(case), case["name"]
