"""test_kills.py — kills at random moments of longer runs.

TRANSOM_KILLS=200 kills each verb so often, on the disk; without it all of them together are killed some 200
times, in memory.
"""
# SPDX-License-Identifier: Apache-2.0

import random
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from program import BAD_DATA, transom

from storage.damage import N_KILLS, Case, all_cases, check_killed, restore, scratch, state, temporaries

VERBS = ("encode", "decode", "decode_again", "convert", "vectors_again")
ROUTINE = 44  # of each


@pytest.fixture(scope="module")
def long_cases() -> Iterator[dict[str, Case]]:
    with scratch(on_disk=N_KILLS > 0) as folder:
        yield all_cases(folder, 150_000)


def seconds_of(case: Case) -> float:
    restore(case.folder, case.before)
    start = time.monotonic()
    subprocess.run(case.command, check=True, stdout=subprocess.DEVNULL)
    return time.monotonic() - start


@pytest.mark.parametrize("verb", VERBS)
def test_reliability_1_and_2_killed_at_random_moments_it_leaves_the_old_or_the_new(
    verb: str, long_cases: dict[str, Case]
) -> None:
    case = long_cases[verb]
    draw = random.Random(verb)
    seconds = min(seconds_of(case) for _ in range(3))
    n_killed, n_old = 0, 0
    for n in range(N_KILLS or ROUTINE):
        number = (signal.SIGKILL, signal.SIGTERM)[n % 2]
        restore(case.folder, case.before)
        process = subprocess.Popen(case.command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(draw.uniform(0, seconds))
        process.send_signal(number)
        if process.wait() == 0:  # it was faster
            assert state(case.folder) == case.after and not temporaries(case.folder)
            continue
        n_killed += 1
        n_old += state(case.folder) == case.before
        check_killed(process.returncode, number, case, (verb, n))
    print(f"{verb}: {n_killed} killed, {n_old} of them left the old state")
    assert n_killed > 0 and n_old > 0


def test_reliability_2_what_a_kill_leaves_is_never_taken_for_output(
    long_cases: dict[str, Case], tmp_path: Path
) -> None:
    """A hidden leftover in a folder of traces is no trace of it, and the next run does not mind it."""
    case = long_cases["decode"]
    restore(case.folder, case.before)
    left = case.folder / ".t.transom-abc012"
    left.mkdir()
    (left / "000_a.npy").write_bytes(b"cut")
    (tmp_path / ".000_a.npy.transom-abc012").write_bytes(b"cut")
    subprocess.run(case.command, check=True, stdout=subprocess.DEVNULL)
    assert state(case.folder) == case.after
    encode = transom("encode", tmp_path, "-o", tmp_path / "x.tsm", code=BAD_DATA)
    assert "neither manifest.json nor .npy files" in encode.stderr
