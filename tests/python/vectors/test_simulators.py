"""test_simulators.py — the vectors as simulators read them: exact lengths, what the set covers, the reference bench.

The benches run in Icarus here, and in Verilator by the page docs/check-your-decoder.md.
"""
# SPDX-License-Identifier: Apache-2.0

import json
import re
import shutil
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import numpy as np
import pytest
from program import SOURCE, run, transom

KINDS = ["tans", "rans", "arith", "tans_pair", "nrans"]
CODINGS = {"raw": "tans", "tans": "tans", "apack-tans": "tans", "rans": "rans", "apack-rans": "rans",
           "apack-ac": "arith", "apack-tans-pair": "tans_pair", "apack-nrans": "nrans"}  # fmt: skip
NEEDS = pytest.mark.skipif(
    None in (shutil.which("iverilog"), shutil.which("yosys")), reason="Icarus or Yosys is not installed"
)


@pytest.fixture(scope="module")
def vectors(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("simulators") / "v"
    transom("vectors", "-o", folder, "--seed", 9)
    return folder


@pytest.fixture(scope="module")
def manifest(vectors: Path) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((vectors / "manifest.json").read_text())
    return content


def parameters(file: Path) -> dict[str, int]:
    return {name: int(n) for name, n in re.findall(r"^localparam int (\w+) = (\d+);", file.read_text(), re.MULTILINE)}


def lines(file: Path) -> int:
    text = file.read_text()
    assert re.fullmatch(r"(?:[0-9a-f_]+\n)*", text), f"{file}: not for $readmemh alone"
    return text.count("\n")


def test_files_have_as_many_lines_as_the_parameters_say(vectors: Path, manifest: dict[str, Any]) -> None:
    for vector in manifest["vectors"] + manifest["loads"]:
        folder = vectors / vector["name"]
        n = parameters(folder / "params.svh")
        assert n["TC_ID"] == vector["tcId"] and CODINGS.get(vector.get("coding", ""), vector.get("kind")) in KINDS
        wanted = {"rows": 256, "streams": 3 * n["STREAMS"], "status": n["STREAMS"], "symbols": n["SYMBOL_WORDS"],
                  "offsets": n["OFFSET_WORDS"], "values": n["VALUES"], "steps": n["STEPS"],
                  "stalls": n["STALL_PATTERNS"] * 4, "table": n["TABLE_WORDS"]}  # fmt: skip
        found = {path.stem: lines(path) for path in folder.glob("*.hex")}
        assert found == {name: size for name, size in wanted.items() if name != "table" or size}, folder


def test_an_array_and_a_trace_are_there_however_long(vectors: Path, manifest: dict[str, Any]) -> None:
    for vector in manifest["vectors"]:
        folder = vectors / vector["name"]
        if vector["status"] == "bad_value":
            continue
        array = np.load(folder / "values.npy")
        bits = 2 ** vector["value_bits"] - 1
        patterns = [int(word, 16) for word in (folder / "values.hex").read_text().split()]
        assert array.size == vector["values"] and (folder / "trace.csv").read_text().count("\n") == array.size + 1
        raw = array.view(f"u{array.itemsize}").astype(int) & bits
        if not re.search("_b?fp?[0-9]", vector["name"]):  # floats, whose patterns have their exponent first
            assert raw.tolist() == patterns, vector["name"]


def beats_of(file: Path) -> Iterator[list[list[int]]]:
    """The values of each beat of each tensor."""
    tensor: list[list[int]] = []
    for line in file.read_text().split():
        last, keep, data = line.split("_")
        values = [int(data[at : at + 4], 16) for at in range(len(data) - 4, -1, -4)]
        kept = [int(keep, 16) >> 2 * i & 3 for i in range(len(values))]
        assert set(kept) <= {0, 3} and all(k != 0 or v == 0 for k, v in zip(kept, values, strict=True))
        tensor.append([v for k, v in zip(kept, values, strict=True) if k])
        if last == "1":
            yield tensor
            tensor = []
    assert tensor == []


def test_memory_images_have_the_beats_and_registers_of_their_tensors(vectors: Path, manifest: dict[str, Any]) -> None:
    by_id = {vector["tcId"]: vector for vector in manifest["vectors"]}
    assert {image["name"] for image in manifest["axi"]} == {
        *(f"{kind}_{what}" for kind in KINDS for what in ("good", "all", "forged")), "wide_nrans", "wide_tans"
    }  # fmt: skip
    for image in manifest["axi"]:
        folder, name = vectors / "axi" / image["name"], image["name"]
        n = parameters(folder / "params.svh")
        wanted = {"image": "WORDS", "writes": "WRITES", "beats": "BEATS", "registers": "REGISTERS"}
        assert {stem: lines(folder / f"{stem}.hex") for stem in wanted} == {k: n[v] for k, v in wanted.items()}
        words = np.frombuffer((folder / "image.bin").read_bytes(), "<u4")
        assert [f"{word:08x}" for word in words] == (folder / "image.hex").read_text().split()
        registers = dict(line.split("_") for line in (folder / "registers.hex").read_text().split())
        status = int(registers["0c"], 16)
        tensors = list(beats_of(folder / "beats.hex"))
        assert len(tensors) == len(image["tensors"]) == parse_writes(folder)["20"], name
        assert int(registers["80"], 16) == n["BEATS"]
        if name.endswith("_forged"):
            assert status & 7 == 6 and status >> 20 == 3 and int(registers["24"], 16) == 1  # the second descriptor
            assert sum(tensor == [[]] for tensor in tensors) >= 10
            continue
        of = [by_id[tc] for tc in image["tensors"]]
        lane_status = [s["status"] for vector in of for s in vector["streams"]]
        assert (status & 7 == 2) == (set(lane_status) == {"ok"}), name
        for tensor, vector in zip(tensors, of, strict=True):
            values = [int(word, 16) for word in (vectors / vector["name"] / "values.hex").read_text().split()]
            got = [value for beat in tensor for value in beat]
            in_order = vector["chunk"] == 1 or n["WIDE"]
            assert got == values if in_order else sorted(got) == sorted(values), (name, vector["name"])


def parse_writes(folder: Path) -> dict[str, int]:
    return {a: int(d, 16) for a, d in (line.split("_") for line in (folder / "writes.hex").read_text().split())}


@dataclass
class Covered:
    """What the set has, counted over manifest, steps and stalls; by kind of lane."""

    states: defaultdict[tuple[str, str], set[int]] = field(default_factory=lambda: defaultdict(set))
    begins: defaultdict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    takes: defaultdict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    over_a_word: defaultdict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    logs: defaultdict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    spreads: set[tuple[str, str]] = field(default_factory=set)
    widths: set[str] = field(default_factory=set)
    most: Counter[str] = field(default_factory=Counter)
    offset_bits: set[tuple[str, int]] = field(default_factory=set)
    flags: set[str] = field(default_factory=set)
    streams: set[tuple[str, int, str]] = field(default_factory=set)
    runs: Counter[str] = field(default_factory=Counter)
    loads: Counter[str] = field(default_factory=Counter)
    patterns: set[tuple[bool, ...]] = field(default_factory=set)
    whole: set[str] = field(default_factory=set)


def steps_of(folder: Path, kind: str, table_log: int, streams: list[dict[str, Any]]) -> Iterator[tuple[int, int, int]]:
    """State after, position before and after, of each step."""
    text = iter((folder / "steps.hex").read_text().split())
    for stream in streams:
        before = {"rans": 32, "arith": 16, "nrans": table_log + 2}.get(kind, table_log)
        for _ in range(-(-stream["values"] // (2 if kind == "tans_pair" else 1))):
            _, state, position = (int(part, 16) for part in next(text).split("_"))
            yield state, before, position
            before = position
    assert next(text, None) is None


@pytest.fixture(scope="module")
def covered(vectors: Path, manifest: dict[str, Any]) -> Covered:
    c = Covered()
    for vector in manifest["vectors"]:
        kind, name, folder = CODINGS[vector["coding"]], vector["name"], vectors / vector["name"]
        c.flags.update(vector["flags"])
        c.logs[vector["coding"]].add(vector["table_log"])
        for stream in vector["streams"]:
            c.streams.add((kind, min(stream["values"], 2), stream["status"]))
            c.most[kind] = max(c.most[kind], stream["values"])
        rows = (folder / "rows.hex").read_text().split()[: parameters(folder / "params.svh")["ROWS"]]
        c.offset_bits.update((vector["coding"], int(word, 16) >> 16) for word in rows)
        stalls = [int(word, 16) for word in (folder / "stalls.hex").read_text().split()]
        for at in range(0, len(stalls), 4):
            c.patterns.add(tuple(word != 2**64 - 1 for word in stalls[at : at + 4]))
        for state, before, after in steps_of(folder, kind, vector["table_log"], vector["streams"]):
            c.states[kind, name].add(state)
            c.takes[kind].add(after - before)
            if after != before:
                c.begins[kind].add(before % 32)
            if before % 32 + after - before > 32:
                c.over_a_word[kind].add(32 - before % 32)
    for path in sorted((vectors / "tests").glob("*.json")):
        for group in json.loads(path.read_text())["testGroups"]:
            if group["type"] == "StreamDecode":
                c.spreads.add((group["coding"], group["spread"]))
                c.widths.add(group["valueType"])
                if max(group["frequencies"], default=0) == 2 ** group["tableLog"]:
                    c.whole.add(group["kind"])
            c.flags.update(flag for test in group["tests"] for flag in test["flags"])
    for load in manifest["loads"]:
        c.loads[load["kind"]] += 1
    for kind in KINDS:
        c.runs[kind] = manifest["lanes"][kind]["vectors"]
    return c


def every(kinds: list[str], is_so: Callable[[str], bool]) -> bool:
    return all(is_so(kind) for kind in kinds)


MOST_BITS = {"tans": 14, "rans": 16, "arith": 12, "tans_pair": 12, "nrans": 12}
BIT_BY_BIT = ["tans", "arith", "tans_pair", "nrans"]
COVERED: dict[str, Callable[[Covered], bool]] = {
    "every width, signed and not": lambda c: {f"{s}{w}" for w in range(1, 17) for s in ("int", "uint")} <= c.widths,
    "every R": lambda c: (
        all(c.logs[coding] == set(range(15)) for coding in ("tans", "rans", "apack-tans", "apack-tans-pair"))
        and c.logs["apack-nrans"] == set(range(13))
    ),
    "every spread": lambda c: (
        {(x, s) for x in ("tans", "apack-tans", "apack-tans-pair") for s in ("step", "exact", "tuned")} <= c.spreads
    ),
    "freq = 2^R": lambda c: every(KINDS, lambda kind: kind in c.whole),
    "freq 1, maximum renormalisation": lambda c: every(KINDS, lambda kind: max(c.takes[kind]) == MOST_BITS[kind]),
    "no value, one value": lambda c: every(
        ["tans", "tans_pair", "nrans"], lambda kind: {(kind, 0, "ok"), (kind, 1, "ok")} <= c.streams
    ),
    "streams of more than 2^16 values": lambda c: every(KINDS, lambda kind: c.most[kind] > 2**16),
    "offsets of 16 bits": lambda c: all((coding, 16) in c.offset_bits for coding in CODINGS),
    "refill: a step begins at each bit of a word": lambda c: every(
        BIT_BY_BIT, lambda kind: c.begins[kind] == set(range(32))
    ),
    "refill: of the bits of a step, 1..8 and more are in the word before": lambda c: every(
        BIT_BY_BIT, lambda kind: set(range(1, 9)) <= c.over_a_word[kind]
    ),
    "refill of rANS: in each half of a word": lambda c: c.begins["rans"] == {0, 16},
    "each state of a table, which all stalls.hex let wait": lambda c: (
        len(c.states["tans", "apack_tans_states"]) == 2**5
        and len(c.states["tans_pair", "apack_pair_states"]) == 2**5
        and len(c.states["nrans", "apack_nrans_states"]) == 2**7
    ),
    "stalls: none, of values, of words, of all": lambda c: (
        c.patterns == {(False,) * 4, (False, False, True, False), (True, True, False, False), (True,) * 4}
    ),
    "jobs back to back, banks in turn": lambda c: every(KINDS, lambda kind: c.runs[kind] > 50),
    "loads that are no table": lambda c: every(KINDS, lambda kind: c.loads[kind] >= 8),
    "every status of a stream": lambda c: every(
        KINDS, lambda kind: {s for k, _, s in c.streams if k == kind} >= {"ok", "truncated", "bad_state", "trailing"}
    ),
    "what each flag hunts": lambda c: (
        {"Underflow", "TruncatedSymbols", "TruncatedOffsets", "OverLongSymbols", "OverLongOffsets", "EndState",
         "SymbolFilling", "OffsetFilling", "MissingFirstState", "DroppedSymbol", "ContainerHeader", "ContainerCrc",
         "ContainerTable", "ContainerDirectory", "ContainerCut"} <= c.flags
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", COVERED)
def test_the_set_covers(what: str, covered: Covered) -> None:
    assert COVERED[what](covered)


def bench(folder: Path, kind: str, vectors: Path, *plusargs: str, rtl: Path = SOURCE / "rtl") -> CompletedProcess[str]:
    return run("sh", rtl / "bench/run.sh", "icarus", kind, vectors, *plusargs, cwd=folder)


@NEEDS
@pytest.mark.parametrize("kind", KINDS)
def test_the_bench_in_icarus_finds_all_as_wanted_and_warns_of_nothing(kind: str, vectors: Path, tmp_path: Path) -> None:
    done = bench(tmp_path, kind, vectors, "+most=60", "+stalls=3")
    assert done.returncode == 0, done.stdout + done.stderr
    assert re.fullmatch(r"lane_bench: \d\d+ jobs, \d{3,} steps, \d{3,} values: all as wanted\n", done.stdout)
    assert "arning" not in done.stderr


@NEEDS
@pytest.mark.parametrize("image", ["tans_forged", "wide_tans"])
def test_memory_images_in_icarus(image: str, vectors: Path, tmp_path: Path) -> None:
    done = bench(tmp_path, f"axi/{image}", vectors)
    assert done.returncode == 0, done.stdout + done.stderr
    assert re.fullmatch(r"axi_bench: \d{3,} beats, 10 registers: all as wanted\n", done.stdout)


@NEEDS
def test_the_bench_tells_the_first_difference(vectors: Path, tmp_path: Path) -> None:
    name = "apack_nrans_small"
    shutil.copytree(vectors, tmp_path / "v", ignore=shutil.ignore_patterns("tests", "trace.csv", "*.npy", "*.tsm"))
    assert bench(tmp_path, "nrans", tmp_path / "v", f"+only={name}").returncode == 0

    def again() -> str:
        done = run("vvp", "-n", tmp_path / "bench-icarus-nrans/bench", f"+vectors={tmp_path}/v", f"+only={name}")
        assert done.returncode == 1
        return done.stdout

    steps, values, status = (tmp_path / "v" / name / f"{part}.hex" for part in ("steps", "values", "status"))
    text = steps.read_text().splitlines()
    symbol, state, position = text[20].split("_")
    before = int(text[19].split("_")[2], 16)
    place = f"lane_bench: {name}: stream 0, index 20, bit {before}: "
    for wrong, what in (
        (f"{int(symbol, 16) ^ 1:02x}_{state}_{position}", "symbol: want"),
        (
            f"{symbol}_{int(state, 16) ^ 1:012x}_{position}",
            f"state: want {int(state, 16) ^ 1:x}, got {int(state, 16):x}",
        ),
        (f"{symbol}_{state}_{int(position, 16) + 1:08x}", "position: want"),
    ):
        steps.write_text("\n".join([*text[:20], wrong, *text[21:]]) + "\n")
        assert place + what in again()
    steps.write_text("\n".join(text) + "\n")
    for file, where in ((values, f"{name}: stream 0, index 0, bit 0: value: want"), (status, "status: want 1, got 0")):
        good = file.read_text()
        first = good.splitlines()[0]
        file.write_text(good.replace(first, f"{int(first, 16) ^ 1:08x}", 1))
        assert where in again()
        file.write_text(good)


@NEEDS
def test_a_fault_of_the_rtl_is_found_and_placed(vectors: Path, tmp_path: Path) -> None:
    """Offsets that are left over are not noticed."""
    shutil.copytree(SOURCE / "rtl", tmp_path / "rtl")
    file = tmp_path / "rtl/lane/lane_control.sv"
    good = file.read_text()
    file.write_text(good.replace("codec_pkg::Trailing", "codec_pkg::Ok"))
    assert file.read_text() != good
    done = bench(tmp_path, "tans", vectors, "+most=60", rtl=tmp_path / "rtl")
    assert done.returncode == 1
    assert re.search(r"lane_bench: \w+: stream 0, index \d+, bit \d+: status: want 3, got 0", done.stdout)
