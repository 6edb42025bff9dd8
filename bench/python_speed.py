"""python_speed.py — encode and decode through Python over the same in C++, on an array of 16 MB; a batch on two threads
over one. `./dev bench python` builds what it needs and runs it.

Of each the least time of many rounds counts, C++ and Python by turns: processor time of one thread, the clock of two.
"""
# SPDX-License-Identifier: Apache-2.0

import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

import transom

N_VALUES, TURNS, ROUNDS = 16 << 20, 4, 3
ARRAY_SPEED = Path(__file__).resolve().parents[1] / "build/array_speed"


def least(clock: Callable[[], float], work: Callable[[], Any], rounds: int = ROUNDS) -> float:
    times = []
    for _ in range(rounds):
        start = clock()
        work()
        times.append(clock() - start)
    return min(times)


def compare(path: Path, values: Any, coding: str) -> None:
    planned = transom.encode_best(values, coding)
    best = {"encode": [1e9, 1e9], "decode": [1e9, 1e9]}
    for _ in range(TURNS):
        done = subprocess.run([ARRAY_SPEED, path, coding, str(ROUNDS)], capture_output=True, text=True, check=True)
        cpp = [float(word) for word in done.stdout.split()]
        works = (lambda: transom.encode(values, planned.code), lambda: transom.decode(planned))
        python = [least(time.process_time, work) for work in works]
        for name, *found in zip(best, cpp, python, strict=True):
            best[name] = [min(pair) for pair in zip(best[name], found, strict=True)]
    for name, (cpp_seconds, python_seconds) in best.items():
        rates = [N_VALUES / 1e6 / seconds for seconds in (cpp_seconds, python_seconds)]
        print(f"{coding:12} {name}: C++ {rates[0]:7.1f} MB/s, Python {rates[1]:7.1f} MB/s: {rates[1] / rates[0]:.1%}")


def batch(values: Any) -> None:
    coded = [transom.encode_best(part, "tans") for part in np.split(values, 16)]
    one = least(time.perf_counter, lambda: transom.decode_all(coded, threads=1), 2 * TURNS)
    two = least(time.perf_counter, lambda: transom.decode_all(coded, threads=2), 2 * TURNS)
    print(f"a batch of 16 decoded on two threads: {one / two:.2f} times as fast as on one")


def main() -> int:
    random = np.random.default_rng(2)
    values = random.laplace(0, 10, N_VALUES).clip(-127, 127).astype(np.int8)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "values.npy"
        np.save(path, values)
        for coding in sys.argv[1:] or ("tans", "rans", "apack-tans", "apack-nrans"):
            compare(path, values, coding)
    batch(values)
    return 0


if __name__ == "__main__":
    sys.exit(main())
