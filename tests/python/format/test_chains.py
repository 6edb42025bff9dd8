"""test_chains.py — the chains of `transom vectors`, begun by the decoder of tests/clean_room, by the rule of the page.

docs/check-your-decoder.md, "Chains".
"""
# SPDX-License-Identifier: Apache-2.0

import json
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from coders import CODERS, CODINGS, STATUSES, Code, decode_stream
from container import read_container
from program import transom

STEPS = 8  # of 512: plain Python takes a second for some


@pytest.fixture(scope="module")
def vectors(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("chains") / "v"
    transom("vectors", "-o", folder, "--seed", 3)
    return folder


@pytest.fixture(scope="module")
def chains(vectors: Path) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((vectors / "chains.json").read_text())
    return content


@pytest.fixture(scope="module")
def codes(vectors: Path) -> dict[int, Code]:
    """By the tgId of their groups."""
    found = {}
    for path in (vectors / "tests").glob("*.json"):
        for group in json.loads(path.read_text())["testGroups"]:
            if group["type"] == "StreamDecode":
                found[group["tgId"]] = read_container(bytes.fromhex(group["tests"][0]["container"]))[1][0].code
    return found


def random_words(digest: bytes, first: int, n: int) -> list[int]:
    x, words = int.from_bytes(digest[first : first + 8], "little") | 1, []
    for _ in range(n):
        x ^= x << 13 & 2**64 - 1
        x ^= x >> 7
        x ^= x << 17 & 2**64 - 1
        words.append(x >> 32)
    return words


def test_millions_of_symbols_of_each_coding(chains: dict[str, Any], codes: dict[int, Code]) -> None:
    assert [chain["coding"] for chain in chains["chains"]] == CODINGS
    assert chains["values"] * chains["steps"] > 2_000_000
    for chain in chains["chains"]:
        assert [point["step"] for point in chain["digests"]] == [2**i for i in range(10)]
        assert len(chain["groups"]) == sum(CODINGS[code.coding] == chain["coding"] for code in codes.values())


@pytest.mark.parametrize("coding", CODINGS)
def test_the_first_steps_are_those_of_the_page(coding: str, chains: dict[str, Any], codes: dict[int, Code]) -> None:
    chain = chains["chains"][CODINGS.index(coding)]
    wanted = {point["step"]: point["digest"] for point in chain["digests"]}
    digest = sha256(chain["start"].encode()).digest()
    for step in range(STEPS):
        code = codes[chain["groups"][step % len(chain["groups"])]]
        words = random_words(digest, 8, 8 * digest[0]), random_words(digest, 16, 8 * digest[1])
        stream = decode_stream(code, CODERS[code.coding](code), chains["values"], words, False)
        values = b"".join(value.to_bytes(2, "little") for value in stream.values)
        digest = sha256(digest + values + bytes([STATUSES.index(stream.status)])).digest()
        if step + 1 in wanted:
            assert digest.hex() == wanted[step + 1], (coding, step + 1)
