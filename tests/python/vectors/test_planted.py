"""test_planted.py — bugs planted into the decoder of tests/clean_room: vectors of any seed find each.

The first eight outlived the vectors of an earlier version, the last two were found with some seeds alone.
"""
# SPDX-License-Identifier: Apache-2.0

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import coders
import pytest
from coders import APACK_TANS, CODINGS, PAIRS, TANS, Arithmetic, Bits, Code, Coder, Rans, Stream, Tans
from container import read_container
from program import transom

SEEDS = (3, 2_147_483_653)
Words = tuple[list[int], list[int]]
decode_stream, offset_bits = coders.decode_stream, Code.offset_bits


class Wrapping(list[int]):
    """Words whose address has few bits."""

    n = 0

    def __getitem__(self, at: Any) -> Any:
        return super().__getitem__(at % self.n)


def wrapping(words: list[int], position_bits: int) -> Wrapping:
    narrow = Wrapping(words)
    narrow.n = (1 << position_bits) // 32
    return narrow


class Unchecked(list[int]):
    """Words of whose filling nobody looks at."""


def with_unchecked_filling(patch: pytest.MonkeyPatch) -> None:
    checked: Callable[[Bits], bool] = Bits.trailing.fget  # type: ignore[attr-defined]

    def trailing(self: Bits) -> bool:
        return self.begun < len(self.words) if isinstance(self.words, Unchecked) else checked(self)

    patch.setattr(Bits, "trailing", property(trailing))


def planted(patch: pytest.MonkeyPatch, decode: Callable[[Code, Coder, int, Words, bool], Stream]) -> None:
    patch.setattr(coders, "decode_stream", decode)


def counter(patch: pytest.MonkeyPatch) -> None:
    planted(patch, lambda code, coder, n, words, traced: decode_stream(code, coder, n & 511, words, traced))


def symbol_position(patch: pytest.MonkeyPatch) -> None:
    planted(patch, lambda c, t, n, words, traced: decode_stream(c, t, n, (wrapping(words[0], 12), words[1]), traced))


def offset_position(patch: pytest.MonkeyPatch) -> None:
    planted(patch, lambda c, t, n, words, traced: decode_stream(c, t, n, (words[0], wrapping(words[1], 11)), traced))


def four_bits_of_offset_bits(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Code, "offset_bits", lambda code: [n & 15 for n in offset_bits(code)])


def twelve_offset_bits(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Code, "offset_bits", lambda code: [min(n, 12) for n in offset_bits(code)])


def ten_shifts(patch: pytest.MonkeyPatch) -> None:
    step = Arithmetic.step

    def limited(self: Arithmetic, state: int, bits: Bits) -> tuple[int, int]:
        before = bits.position
        symbol, after = step(self, state, bits)
        return symbol, after if bits.position - before <= 10 else after ^ 1

    patch.setattr(Arithmetic, "step", limited)


def no_filling(patch: pytest.MonkeyPatch) -> None:
    def decode(code: Code, coder: Coder, n: int, words: Words, traced: bool) -> Stream:
        if code.coding in (TANS, APACK_TANS):
            words = (Unchecked(words[0]), Unchecked(words[1]))
        return decode_stream(code, coder, n, words, traced)

    with_unchecked_filling(patch)
    planted(patch, decode)


def no_first_state(patch: pytest.MonkeyPatch) -> None:
    def forgiving(start: Callable[[Any, Bits], int]) -> Callable[[Any, Bits], int]:
        def forgiven(self: Coder, bits: Bits) -> int:
            state = start(self, bits)
            bits.begun = min(bits.begun, len(bits.words))
            return state

        return forgiven

    for coder in (Tans, Rans):
        patch.setattr(coder, "start", forgiving(coder.start))


def dropped_symbol(patch: pytest.MonkeyPatch) -> None:
    def decode(code: Code, coder: Coder, n: int, words: Words, traced: bool) -> Stream:
        half = code.coding == PAIRS and n % 2 == 1
        stream = decode_stream(code, coder, n + half, words, traced)
        stream.values = stream.values[:n]
        return stream

    planted(patch, decode)


def no_offset_filling(patch: pytest.MonkeyPatch) -> None:
    with_unchecked_filling(patch)
    planted(patch, lambda c, t, n, words, traced: decode_stream(c, t, n, (words[0], Unchecked(words[1])), traced))


# Each with the flag of the vectors that hunt it.
BUGS = [
    (counter, "LongStream"),
    (symbol_position, "LongStream"),
    (offset_position, "LongStream"),
    (four_bits_of_offset_bits, "WideOffset"),
    (twelve_offset_bits, "WideOffset"),
    (ten_shifts, "MaxRenormalisation"),
    (no_filling, "SymbolFilling"),
    (no_first_state, "MissingFirstState"),
    (dropped_symbol, "DroppedSymbol"),
    (no_offset_filling, "OffsetFilling"),
]


@pytest.fixture(scope="module", params=SEEDS)
def vectors(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("planted") / "v"
    transom("vectors", "-o", folder, "--seed", request.param)
    return folder


def is_right(folder: Path, vector: dict[str, Any]) -> bool:
    tensor = read_container((folder / vector["name"] / "tensor.tsm").read_bytes())[1][0]
    try:
        streams = tensor.streams()
        status, values = tensor.judge(streams)
    except ValueError:  # not as many values as were asked for
        return False
    wanted = [int(value, 16) for value in (folder / vector["name"] / "values.hex").read_text().split()]
    statuses = [stream["status"] for stream in vector["streams"]]
    return (status, values, [stream.status for stream in streams]) == (vector["status"], wanted, statuses)


@pytest.mark.parametrize(("bug", "flag"), BUGS, ids=[bug.__name__ for bug, _ in BUGS])
def test_a_planted_bug_is_found(
    bug: Callable[[pytest.MonkeyPatch], None], flag: str, vectors: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    manifest = json.loads((vectors / "manifest.json").read_text())
    hunters = [vector for vector in manifest["vectors"] if flag in vector["flags"]]
    if bug is no_filling:
        hunters = [vector for vector in hunters if vector["name"].startswith(("tans", CODINGS[APACK_TANS][:10]))]
    smallest = sorted(hunters, key=lambda vector: (vectors / vector["name"] / "tensor.tsm").stat().st_size)
    assert is_right(vectors, smallest[0])
    bug(monkeypatch)
    assert not all(is_right(vectors, vector) for vector in smallest)
