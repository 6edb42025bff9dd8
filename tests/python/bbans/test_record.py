"""transom bbans record, replay: runs that decode without the network; a decoder written from model/vae/run/README.md.

Runs TRANSOM_BUILD/transom as a process.
"""
# SPDX-License-Identifier: Apache-2.0

import json
from bisect import bisect_right
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from program import BAD_DATA, FINE, MISMATCH, SOURCE, USAGE, transom
from recorded import Run

DIGITS = SOURCE / "golden/images/digits.npy"


def decode(run: Run) -> list[int]:
    """Symbols of all pops, from words and distributions alone; each is compared."""
    x, words, symbols = run.x, list(run.words), []
    for op, table_log, want, a, freq, state in run.steps:
        slot = x & ((1 << table_log) - 1)
        if op & 127 == 2:  # a push
            if x >> (63 - table_log) >= freq:
                words.append(x & 0xFFFFFFFF)
                x >>= 32
            x = (x // freq << table_log) + x % freq + a
        else:
            starts = run.tables[a] if op & 127 == 1 else range((1 << table_log) + 1)
            symbol = bisect_right(starts, slot) - 1
            x = (starts[symbol + 1] - starts[symbol]) * (x >> table_log) + slot - starts[symbol]
            if x < 1 << 31:
                x = x << 32 | words.pop()
            assert symbol == want
            symbols.append(symbol)
        assert x == state
    assert words == run.words_left
    return symbols


@pytest.fixture(scope="module")
def coded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("record") / "digits.tbb"
    transom("bbans", "encode", DIGITS, "--threshold", 8, "-o", file)
    return file


@pytest.fixture(scope="module")
def recorded(coded: Path) -> Path:
    file = coded.with_suffix(".tbbr")
    transom("bbans", "record", coded, "-o", file, "--images", 20)
    return file


def replay(file: Path, *more: object, code: int = FINE) -> dict[str, Any]:
    result: dict[str, Any] = json.loads(transom("bbans", "replay", file, *more, "--json", code=code).stdout)
    return result


def refused(*arguments: object, code: int = BAD_DATA) -> str:
    done = transom("bbans", *arguments, code=code)
    assert done.stdout == ""
    assert done.stderr.count("\n") == 1
    return done.stderr


def test_a_decoder_of_the_page_makes_the_images(recorded: Path) -> None:
    run = Run(recorded.read_bytes())
    symbols = np.array(decode(run)).reshape(run.n_images, -1)
    pixels = symbols[:, run.first_pixel : run.first_pixel + run.n_pixels]
    assert (pixels.reshape(-1, 8, 8) == (np.load(DIGITS)[:20] >= 8)).all()


def test_the_unit_decodes_and_counts(recorded: Path) -> None:
    result = replay(recorded, "--bytes-per-cycle", 2, "--latency", 300)
    assert result["mismatches"] == 0
    assert result["first_difference"] is None
    assert result["values"] == 20 * 64
    assert sum(result["busy"].values()) + sum(result["waits"].values()) == result["cycles"]
    assert result["waits"]["network"] == 20 * 2 * 300
    assert result["cycles"] * 2 >= result["parameter_bytes"] > 20 * 64 * 2
    fast = replay(recorded, "--bytes-per-cycle", 4096, "--buffer-bytes", 4096, "--divide-bits", 62, "--compares", 255)
    assert fast["cycles"] < result["cycles"] / 2


def test_wrong_words_are_a_mismatch_whose_place_is_named(recorded: Path) -> None:
    run = Run(recorded.read_bytes())
    result = replay(recorded, "--flip", 32 * len(run.words) - 1, code=MISMATCH)
    assert result["mismatches"] > 1
    assert result["first_difference"].startswith("image 0, ")
    beyond = 32 * len(run.words)
    assert f"the words have {beyond} bits; take" in refused("replay", recorded, "--flip", beyond, code=USAGE)
    done = transom("bbans", "replay", recorded, "--flip", 32 * len(run.words) - 1, code=MISMATCH)
    assert result["first_difference"] in done.stdout


def test_damaged_files_are_refused_with_the_place(recorded: Path, tmp_path: Path) -> None:
    good, bad = recorded.read_bytes(), tmp_path / "bad.tbbr"
    for at in (0, 5, 9, 40, len(good) // 2, len(good) - 1):
        bad.write_bytes(good[:at] + bytes([good[at] ^ 1]) + good[at + 1 :])
        assert f"{bad}: byte " in refused("replay", bad)
    bad.write_bytes(good[:1000])
    assert "needs" in refused("replay", bad)
    assert "nothing.tbbr" in refused("replay", tmp_path / "nothing.tbbr")


def test_what_cannot_be_recorded_is_refused(coded: Path, tmp_path: Path) -> None:
    file, out = tmp_path / "set.tbb", tmp_path / "out.tbbr"
    transom("bbans", "encode", DIGITS, "--threshold", 8, "-o", file, "--multiset")
    assert "without --multiset" in refused("record", file, "-o", out)
    np.save(tmp_path / "one.npy", np.load(DIGITS)[:1])
    transom("bbans", "encode", tmp_path / "one.npy", "--threshold", 8, "-o", file)
    assert "encode more" in refused("record", file, "-o", out)
    data = coded.read_bytes()
    file.write_bytes(data[:100] + bytes([data[100] ^ 1]) + data[101:])
    assert "crc" in refused("record", file, "-o", out)
    assert "--images" in refused("record", coded, "-o", out, "--images", 0, code=USAGE)
    assert not out.exists()
