"""tANS coders' vectors and APack's tables at the command line: interop, ranges, encode --search.

Runs TRANSOM_BUILD/transom as a process. SPDX-License-Identifier: Apache-2.0
"""

import json
import random
from pathlib import Path

import pytest
from test_cli import BAD_DATA, MISMATCH, SHARED, TRACE, USAGE, transom

FILES = ["tans_py", "fse", "apack_tables"]


def shared_vectors(stem: str) -> dict:
    path = SHARED / "interop" / f"{stem}.json"
    if not path.exists():
        pytest.skip(f"TRANSOM_SHARED has no interop/{stem}.json")
    return json.loads(path.read_text())


def ranges(*arguments: object) -> list[dict]:
    """The tensors that `transom ranges --json` describes."""
    return json.loads(transom("ranges", TRACE, "--json", *arguments).stdout)["tensors"]


@pytest.mark.parametrize("stem", FILES)
def test_every_vector_of_the_tans_family_passes(stem):
    content = shared_vectors(stem)
    result = json.loads(transom("interop", SHARED / "interop" / f"{stem}.json", "--json").stdout)
    n_cases = sum(len(cases) for name, cases in content.items() if name != "header")
    assert (result["cases"], result["passed"], result["failed"]) == (n_cases, n_cases, 0)


@pytest.mark.parametrize("stem", FILES)
def test_a_forged_vector_is_a_failure_or_named_bad_data(stem, tmp_path: Path):
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
        done = None
        for code in (0, MISMATCH, BAD_DATA):
            try:
                done = transom("interop", path, code=code)
            except AssertionError:
                continue
        assert done is not None, f"{name}: {case}"


def test_the_exact_search_beats_the_released_one_on_each_tensor():
    exact, released = ranges(), ranges("--search", "released")
    assert [t["name"] for t in exact] == [t["name"] for t in released]
    assert all(e["bits"] <= r["bits"] for e, r in zip(exact, released, strict=True))
    assert sum(e["bits"] for e in exact) < sum(r["bits"] for r in released)


def test_apack_tables_are_written_and_read(tmp_path: Path):
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


def test_encode_takes_the_released_ranges_for_apack_codings_only(tmp_path: Path):
    sizes = {}
    for search in ("exact", "released"):
        path = tmp_path / f"{search}.tsm"
        done = transom("encode", TRACE, "-o", path, "--search", search, "--json")
        sizes[search] = json.loads(done.stdout)["bytes"]
        transom("decode", path, "-o", tmp_path / search)
    assert sizes["exact"] < sizes["released"]
    refused = transom("encode", TRACE, "-o", tmp_path / "x", "--coding", "tans", "--search", "released", code=USAGE)
    assert "search released: it is for apack-tans" in refused.stderr
