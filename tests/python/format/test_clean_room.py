"""The decoder of tests/clean_room, which knows model/FORMAT.md alone, against the model: vectors, traces, forged files.

Runs TRANSOM_BUILD/transom as a process.
"""
# SPDX-License-Identifier: Apache-2.0

import csv
import json
import random
import shutil
from collections.abc import Callable, Iterator
from itertools import chain
from pathlib import Path
from typing import Any

import encoders
import numpy as np
import pytest
from coders import CODERS, CODINGS, EXACT, PAIRS, RAW, STATUSES, STEP, TUNED, Code, Fault, Stream, Tensor, crc32c
from container import read_container
from examples import PAGES, read_page
from odd_files import odd_files
from program import SOURCE, TRACE, recorded_traces, transom

TUNED_CODINGS = ["tans", "apack-tans", "apack-tans-pair"]
EVERY = [
    *(["--coding", coding] for coding in CODINGS),
    *(["--coding", coding, "--spread", spread] for coding in TUNED_CODINGS for spread in ("step", "exact")),
    ["--unit", "wide", "--lanes", "16"],
    ["--unit", "wide", "--lanes", "16", "--coding", "apack-tans"],
]
N_WIDE = 2  # of them, whose steps nobody traces
SPREADS = {"step": STEP, "exact": EXACT, "tuned": TUNED}


def hex_words(file: Path) -> list[int]:
    return [int(word, 16) for word in file.read_text().split()]


def rows_of(tensor: Tensor) -> list[int]:
    rows = [v | bits << 16 for v, bits in zip(tensor.code.v, tensor.code.offset_bits(), strict=False)]
    return rows + [0] * (256 - len(rows))


def encode_stream(code: Code, stream: Stream) -> tuple[list[int], list[int]]:
    """The words of a stream's values by the encoders of the page."""
    offset_bits = code.offset_bits()
    offsets = [(step.value - code.v[step.symbol], offset_bits[step.symbol]) for step in stream.steps]
    return encoders.encode(code, [step.symbol for step in stream.steps]), encoders.to_words(offsets)


def test_every_vector_has_the_values_the_statuses_and_the_steps_of_the_page(tmp_path: Path) -> None:
    transom("vectors", "-o", tmp_path / "v")
    manifest = json.loads((tmp_path / "v/manifest.json").read_text())
    found = set()
    for vector in manifest["vectors"]:
        folder, name = tmp_path / "v" / vector["name"], vector["name"]
        tensor = read_container((folder / "tensor.tsm").read_bytes())[1][0]
        streams = tensor.streams(traced=True)
        status, values = tensor.judge(streams)
        assert status == vector["status"], name
        assert values == hex_words(folder / "values.hex"), name
        assert [stream.status for stream in streams] == [stream["status"] for stream in vector["streams"]], name
        steps = [
            [str(x) for x in (s, i, step.symbol, step.state, step.symbol_position, step.offset_position, step.value)]
            for s, stream in enumerate(streams)
            for i, step in enumerate(stream.steps)
        ]
        if "trace.csv" in vector["sha256"]:
            assert steps == list(csv.reader((folder / "trace.csv").open()))[1:], name
        sizes = [[len(s.values), *map(len, words)] for s, words in zip(streams, tensor.words, strict=True)]
        assert list(chain(*sizes)) == hex_words(folder / "streams.hex"), name
        assert rows_of(tensor) == hex_words(folder / "rows.hex"), name
        if (folder / "table.hex").exists():
            assert CODERS[tensor.code.coding](tensor.code).words() == hex_words(folder / "table.hex"), name
        if status == "ok" and tensor.code.coding != RAW:
            for stream, words in zip(streams, tensor.words, strict=True):
                assert encode_stream(tensor.code, stream) == words, name
        found.add((CODINGS[tensor.code.coding], status))
    assert {coding for coding, _ in found} == set(CODINGS)
    assert {status for _, status in found} >= {"ok", "truncated", "bad_state", "trailing"}


def container_status(data: bytes) -> str:
    """What reading and decoding all of a container ends with."""
    try:
        tensors = read_container(data)[1]
    except Fault as fault:
        return str(fault)
    verdicts = [tensor.judge(tensor.streams())[0] for tensor in tensors]
    return next((status for status in verdicts if status != "ok"), "ok")


def test_every_container_of_the_vectors_good_and_hostile_has_the_status_of_the_page(tmp_path: Path) -> None:
    transom("vectors", "-o", tmp_path / "v", "--seed", 2)
    containers = json.loads((tmp_path / "v/manifest.json").read_text())["containers"]
    assert {vector["version"] for vector in containers} == {1, 2}
    got = {v["name"]: container_status((tmp_path / "v/containers" / v["file"]).read_bytes()) for v in containers}
    assert got == {vector["name"]: vector["status"] for vector in containers}


def sizes_of(tensor: Tensor, coded: dict[str, Any], version: int) -> None:
    """What `transom info` says of a tensor."""
    assert (tensor.name, tensor.shape, CODINGS[tensor.code.coding]) == (coded["name"], coded["shape"], coded["coding"])
    code = tensor.code
    assert (coded["table_log"], coded["rows"], coded["streams"]) == (code.R, code.A, tensor.N)
    if "spread" in coded:
        assert tensor.code.spread == SPREADS[coded["spread"]]
    if version == 1 and coded["coding"] != "raw":
        assert 4 * sum(len(words) for pair in tensor.words for words in pair) == coded["bytes"]["payload"]
    for row, (v, bits) in zip(coded["table"], zip(tensor.code.v, tensor.code.offset_bits(), strict=False), strict=True):
        assert (row["vmin"], row["offset_bits"]) == (v, bits)
    if tensor.code.coding != PAIRS:
        assert [row["freq"] for row in coded["table"]] == tensor.code.f


Encode = Callable[..., Path]


@pytest.fixture(scope="module")
def encode(tmp_path_factory: pytest.TempPathFactory) -> Encode:
    """The container of a trace, encoded once with the same options."""
    folder = tmp_path_factory.mktemp("encoded")
    files: dict[tuple[str, ...], Path] = {}

    def encoded(trace: Path, *options: str) -> Path:
        words = (str(trace), *options)
        if words not in files:
            files[words] = folder / f"{len(files)}.tsm"
            transom("encode", trace, "-o", files[words], *options)
        return files[words]

    return encoded


def check_trace(trace: Path, file: Path) -> set[str]:
    """Decodes a trace's container by the page. Returns its codings."""
    info = json.loads(transom("info", file, "--tables", "--json").stdout)
    version, tensors = read_container(file.read_bytes())
    assert version == info["version"]
    manifest = json.loads((trace / "manifest.json").read_text())["tensors"]
    for tensor, coded, source in zip(tensors, info["tensors"], manifest, strict=True):
        sizes_of(tensor, coded, version)
        status, values = tensor.judge(tensor.streams())
        assert status == "ok", tensor.name
        patterns = np.load(trace / source["file"]).ravel().astype(np.int64) & ((1 << source["bits"]) - 1)
        assert np.array_equal(patterns, values), tensor.name
    return {CODINGS[tensor.code.coding] for tensor in tensors}


@pytest.mark.parametrize("options", EVERY, ids=" ".join)
def test_the_trace_is_decoded_in_every_coding(options: list[str], encode: Encode) -> None:
    coding = options[-1] if options[-1] in CODINGS else options[1] if options[0] == "--coding" else "apack-nrans"
    assert coding in check_trace(TRACE, encode(TRACE, *options))


@pytest.fixture
def package() -> Any:
    """The Python package, with its module."""
    pytest.importorskip("transom.golden", reason="the Python module is not built")
    return pytest.importorskip("transom")


@pytest.mark.parametrize("options", EVERY[:-N_WIDE], ids=" ".join)
def test_the_steps_of_the_trace_are_those_of_the_model(options: list[str], package: Any, encode: Encode) -> None:
    """Of tensors of up to 4096 values: symbols, states, positions."""
    data = encode(TRACE, *options).read_bytes()
    n_steps = 0
    for tensor, coded in zip(read_container(data)[1], package.parse_container(data)[1], strict=True):
        if tensor.n > 4096:
            continue
        for s, stream in enumerate(tensor.streams(traced=True)):
            steps, model = stream.steps, package.golden.Stream(coded, s).steps()
            symbols = [step.symbol for step in steps]
            if tensor.code.coding == PAIRS:
                assert [symbol >> 4 for symbol in model.symbols][: len(steps) // 2] == symbols[1::2]
                steps, symbols = steps[::2], [symbol & 15 for symbol in symbols[::2]]
                model = model._replace(symbols=model.symbols & 15)
            assert symbols == list(model.symbols)
            assert [step.state for step in steps] == list(model.states)
            assert [step.symbol_position for step in steps] == list(model.positions)
            n_steps += len(steps)
    assert n_steps > 1000


def test_small_tensors_of_recorded_traces_are_decoded(encode: Encode, tmp_path: Path) -> None:
    n_checked = 0
    for trace in recorded_traces():
        manifest = json.loads((trace / "manifest.json").read_text())
        small = [t for t in manifest["tensors"] if 0 < t["n"] <= 4096 and t["dtype"].lstrip("u").startswith("int")][:2]
        if not small:
            continue
        folder = tmp_path / trace.name
        folder.mkdir()
        for tensor in small:
            shutil.copy(trace / tensor["file"], folder)
        (folder / "manifest.json").write_text(json.dumps({**manifest, "tensors": small}))
        for options in EVERY[1:8:2]:
            check_trace(folder, encode(folder, *options, "--streams", "3", "--chunk", "5"))
        n_checked += len(small)
    assert n_checked > 0


# Forged files: what the page says is wrong is what the model finds wrong.

Verdict = str | list[tuple[str, list[str], list[int]]]  # of the container, or of each tensor


def by_page(data: bytes) -> Verdict:
    try:
        tensors = read_container(data)[1]
    except Fault as fault:
        return str(fault)
    verdicts: list[tuple[str, list[str], list[int]]] = []
    for tensor in tensors:
        streams = tensor.streams()
        status, values = tensor.judge(streams)
        verdicts.append((status, [stream.status for stream in streams], values))
    return verdicts


def by_model(package: Any, data: bytes) -> Verdict:
    try:
        tensors = package.parse_container(data)[1]
    except package.DataError as error:
        return str(error).split(": ")[1]
    decoded = [package.try_decode(tensor) for tensor in tensors]
    return [(d.status, list(d.streams), [int(v) for v in d.patterns]) for d in decoded]


NAMES = ["c28061", "c29f61", "c2a061", "7f6162", "eda080", "e08080", "efbfbf", "616200", "410a42"]  # in hex


def padded(n: int) -> int:
    return (n + 3) // 4 * 4


def forge(data: bytes) -> bytes:
    """The same with the checksums of its first tensor and of its headers set right, as far as they can be found."""
    forged = bytearray(data)

    def put(at: int, begin: int, end: int) -> None:
        if 0 <= begin <= end <= len(forged) - 4 and at + 4 <= len(forged):
            forged[at : at + 4] = crc32c(bytes(forged[begin:end])).to_bytes(4, "little")

    def number(at: int, n: int) -> int:
        return int.from_bytes(forged[at : at + n], "little")

    if number(4, 2) != 2:
        put(12, 0, 12)
        end = 40 + 4 * (number(19, 1) & 15) + padded(number(20, 2)) + padded(number(22, 2))
        end += 8 * number(24, 2) if number(16, 1) != 0 else 0
        put(end, 16, end)
        return bytes(forged)
    put(60, 0, 60)
    index = 64 + 4 * number(12, 4)
    entry = 16 + 4 * number(index + 13, 1) + padded(number(index + 14, 2))
    second = number(8, 4) > 1 and number(index + entry, 4)
    put(index + 4, 64, 64 + 4 * second if second else index)
    put(len(forged) - 4, index, len(forged) - 4)
    return bytes(forged)


def mutants(data: bytes, draw: random.Random) -> Iterator[bytes]:
    """Cut at each byte, bytes changed in three ways, two at a time; zeros put in, words of ones; other names."""
    for at in range(len(data)):
        yield data[:at]
        for byte in ((data[at] + 1) & 255, data[at] ^ 0x80, draw.randrange(256)):
            yield data[:at] + bytes([byte]) + data[at + 1 :]
        if at % 4 == 0:
            yield data[:at] + bytes(4) + data[at:]
            yield data[:at] + b"\xff" * 4 + data[at + 4 :]
        twice = bytearray(data)
        for other in (at, draw.randrange(len(data))):
            twice[other] = draw.randrange(256)
        yield bytes(twice)
    yield data + bytes(4)
    for name in NAMES:
        yield data.replace(b"odd\0", bytes.fromhex(name) + b"\0")


def test_forged_files_have_the_statuses_of_the_page(package: Any) -> None:
    draw = random.Random(14)
    seen: dict[str, int] = {}
    pages = [read_page((SOURCE / "model" / page).read_text()) for page in PAGES]
    for file in [*(example.data for page in pages for example in page.values()), *odd_files(package)]:
        for mutant in mutants(file, draw):
            for data in dict.fromkeys((mutant, forge(mutant))):
                want = by_model(package, data)
                assert by_page(data) == want, f"{data.hex(' ')}"
                for status in [want] if isinstance(want, str) else [verdict[0] for verdict in want]:
                    seen[status] = seen.get(status, 0) + 1
    assert set(seen) == set(STATUSES), seen
