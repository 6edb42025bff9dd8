"""test_vectors_json.py — the tests of `transom vectors`: the schema, prompts without answers, the same bytes twice."""

# SPDX-License-Identifier: Apache-2.0

import copy
import json
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from program import transom

jsonschema = pytest.importorskip("jsonschema")

SCHEMA = Path(__file__).resolve().parents[3] / "golden/vectors/schema.json"
ANSWERS = {"name", "comment", "flags", "result", "status", "streamStatuses", "endStates", "values", "detected_by",
           "parent", "changed", "noticed", "byte", "beats", "registers"}  # fmt: skip


def load(folder: Path) -> dict[str, Any]:
    return {path.name: json.loads(path.read_text()) for path in sorted(folder.glob("*.json"))}


def each_test(content: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for group in content["testGroups"]:
        yield from group["tests"]


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("whole") / "v"
    transom("vectors", "-o", folder, "--seed", 4)
    return folder


@pytest.fixture(scope="module")
def split(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("split") / "v"
    transom("vectors", "-o", folder, "--seed", 4, "--split")
    return folder


def validator_of(path: Path) -> Any:
    schema = json.loads(path.read_text())
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


@pytest.fixture(scope="module")
def validator() -> Any:
    return validator_of(SCHEMA)


def test_every_file_of_tests_is_of_the_schema(whole: Path, validator: Any) -> None:
    files = load(whole / "tests")
    assert len(files) > 8
    for name, content in files.items():
        assert [f"{name} {e.json_path}: {e.message[:200]}" for e in validator.iter_errors(content)] == []


def test_chains_are_of_their_schema(whole: Path) -> None:
    content = json.loads((whole / "chains.json").read_text())
    validator = validator_of(SCHEMA.parent / "chains.schema.json")
    assert [f"{e.json_path}: {e.message[:200]}" for e in validator.iter_errors(content)] == []
    for field, wrong in (("digests", []), ("groups", [0]), ("coding", "lzma"), ("start", ""), ("more", 1)):
        bad = copy.deepcopy(content)
        bad["chains"][3][field] = wrong
        assert not validator.is_valid(bad)


def test_the_schema_refuses_loads_and_memories_that_are_none(whole: Path, validator: Any) -> None:
    files = load(whole / "tests")
    for name, wrong in (
        ("loads.json", {"status": "truncated"}),
        ("loads.json", {"parent": 0}),
        ("loads.json", {"table": "123"}),
        ("loads.json", {"noticed": None}),
        ("units.json", {"beats": ["1_03"]}),
        ("units.json", {"writes": []}),
        ("units.json", {"registers": [{"address": 256, "data": 0}]}),
        ("units.json", {"status": "ok"}),
    ):
        content = copy.deepcopy(files[name])
        assert validator.is_valid(content)
        content["testGroups"][-1]["tests"][0].update(wrong)
        assert not validator.is_valid(content)


def test_loads_and_memories_are_what_their_files_hold(whole: Path) -> None:
    files, manifest = load(whole / "tests"), json.loads((whole / "manifest.json").read_text())

    def words(path: Path) -> str:
        return path.read_text().replace("\n", "")

    loads = {test["name"]: test for test in each_test(files["loads.json"])}
    assert list(loads) == [one["name"] for one in manifest["loads"]] and len(loads) > 90
    for name, test in loads.items():
        assert words(whole / name / "table.hex") == test["table"]
        assert words(whole / name / "rows.hex").startswith(test["rows"])
        assert words(whole / name / "symbols.hex") == "".join(stream["symbols"] for stream in test["streams"])
    images = {test["name"]: test for test in each_test(files["units.json"])}
    assert list(images) == [one["name"] for one in manifest["axi"]]
    assert {flag for test in loads.values() for flag in test["flags"]} == {"BadLoad"}
    assert {flag for test in images.values() for flag in test["flags"]} == {
        "BackToBack",
        "ForgedDescriptor",
        "Lockstep",
    }
    for name, test in images.items():
        folder = whole / "axi" / name
        assert (folder / "image.bin").read_bytes() == bytes.fromhex(test["image"])
        assert (folder / "beats.hex").read_text().splitlines() == test["beats"]
        for field in ("writes", "registers"):
            lines = [f"{one['address']:02x}_{one['data']:08x}" for one in test[field]]
            assert (folder / f"{field}.hex").read_text().splitlines() == lines
        assert f"64'h{test['base']:016x};" in (folder / "params.svh").read_text()
        assert (test["result"] == "valid") == (name.endswith("_good") or name.startswith("wide_"))


def test_the_schema_refuses_what_is_no_test(whole: Path, validator: Any) -> None:
    good = load(whole / "tests")["apack_ac.json"]
    bad = next(i for i, t in enumerate(good["testGroups"][0]["tests"]) if t["result"] == "invalid")

    def forged(**fields: Any) -> dict[str, Any]:
        content: dict[str, Any] = copy.deepcopy(good)
        content["testGroups"][0]["tests"][bad].update(fields)
        return content

    for content in (
        forged(status="ok"),
        forged(status="lost"),
        forged(detected_by="luck"),
        forged(noticed={"stream": 0}),
        forged(container="abc"),
        forged(tcId=0),
        forged(flags=[]),
        forged(unknown=1),
        {key: value for key, value in good.items() if key != "seed"},
    ):
        assert not validator.is_valid(content)


def test_tests_are_counted_numbered_and_their_flags_explained(whole: Path) -> None:
    files = load(whole / "tests").values()
    tests = [test for content in files for test in each_test(content)]
    by_id = {test["tcId"]: test for test in tests}
    chains = [chain["tcId"] for chain in json.loads((whole / "chains.json").read_text())["chains"]]
    assert sorted([*by_id, *chains]) == list(range(1, len(tests) + len(chains) + 1))
    groups = [group["tgId"] for content in files for group in content["testGroups"]]
    assert sorted(groups) == list(range(1, len(groups) + 1))
    manifest = json.loads((whole / "manifest.json").read_text())
    assert len(tests) == sum(len(manifest[part]) for part in ("vectors", "containers", "loads", "axi"))
    for content in files:
        own = list(each_test(content))
        assert content["numberOfTests"] == len(own)
        assert {flag for test in own for flag in test["flags"]} == set(content["notes"])
        for test in own:
            if test["result"] == "valid" or "image" in test:
                continue
            parent = by_id[test["parent"]]
            assert parent["result"] == "valid"
            if "table" in test:
                continue
            assert test["name"].startswith(parent["name"] + "_")
            assert test["container"] != parent["container"]
            if test["detected_by"] == "lane":
                assert set(test["streamStatuses"]) != {"ok"} and test["noticed"] is not None
            elif "streamStatuses" in test:
                assert set(test["streamStatuses"]) == {"ok"}


def test_prompts_have_no_answer_and_both_halves_are_the_whole(whole: Path, split: Path) -> None:
    assert sorted(path.name for path in split.iterdir()) == ["expected", "manifest.json", "prompts"]
    prompts, expected = load(split / "prompts"), load(split / "expected")
    for name, content in load(whole / "tests").items():
        assert "notes" not in prompts[name]
        for group, asked in zip(content["testGroups"], prompts[name]["testGroups"], strict=True):
            assert group["tgId"] == asked["tgId"]
        halves = zip(each_test(content), each_test(prompts[name]), each_test(expected[name]), strict=True)
        for test, prompt, answer in halves:
            assert not ANSWERS & prompt.keys()
            assert {**prompt, **answer}.items() <= test.items()
            assert answer["result"] == test["result"]
            asked_for = {"container", "image", "table"} & test.keys()
            assert asked_for and asked_for <= prompt.keys()


def test_seed_1_gives_the_committed_hashes(tmp_path: Path) -> None:
    """Written by: transom vectors -o DIR --seed 1 && cd DIR && sha256sum manifest.json tests/*.json"""
    transom("vectors", "-o", tmp_path / "v", "--seed", 1)
    committed = dict(line.split()[::-1] for line in (SCHEMA.parent / "seed-1.sha256").read_text().splitlines())
    names = ["manifest.json", "chains.json", *sorted(f"tests/{path.name}" for path in (tmp_path / "v/tests").iterdir())]
    assert committed == {name: sha256((tmp_path / "v" / name).read_bytes()).hexdigest() for name in names}
    manifest = json.loads((tmp_path / "v/manifest.json").read_text())  # has the hashes of all others
    hashed = {"manifest.json", *manifest["files"]}
    for vector in manifest["vectors"] + manifest["loads"]:
        hashed |= {f"{vector['name']}/{name}" for name in vector["sha256"]}
    hashed |= {f"lanes/{kind}/{name}" for kind, lane in manifest["lanes"].items() for name in lane["sha256"]}
    hashed |= {f"axi/{image['name']}/{name}" for image in manifest["axi"] for name in image["sha256"]}
    hashed |= {f"containers/{container['file']}" for container in manifest["containers"]}
    written = (path for path in (tmp_path / "v").rglob("*") if path.is_file())
    assert hashed == {str(path.relative_to(tmp_path / "v")) for path in written}


def test_the_same_seed_gives_the_same_bytes(whole: Path, split: Path, tmp_path: Path) -> None:
    transom("vectors", "-o", tmp_path / "v", "--seed", 4)
    transom("vectors", "-o", tmp_path / "s", "--seed", 4, "--split")
    for first, second in ((whole, tmp_path / "v"), (split, tmp_path / "s")):
        files = sorted(path.relative_to(first) for path in first.rglob("*") if path.is_file())
        assert files == sorted(path.relative_to(second) for path in second.rglob("*") if path.is_file())
        assert [f for f in files if (first / f).read_bytes() != (second / f).read_bytes()] == []
    transom("vectors", "-o", tmp_path / "v", "--seed", 5)
    assert (tmp_path / "v/manifest.json").read_bytes() != (whole / "manifest.json").read_bytes()
