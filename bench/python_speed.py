"""python_speed.py — encode and decode through Python over the same in C++, on an array of 16 MB; a batch on two threads
over one, beside two processes of C++ over one; a million symbols on the heads of a message. `./dev bench python` builds
what it needs and runs it.

Of each the least time of many rounds counts, C++ and Python by turns: processor time of one thread, the clock of two.
"""
# SPDX-License-Identifier: Apache-2.0

import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import numpy as np

import transom
import transom.stack as cs

N_VALUES, ROUNDS = 16 << 20, 12
ARRAY_SPEED = Path(__file__).resolve().parents[1] / "build/array_speed"


def seconds(clock: Callable[[], float], work: Callable[[], Any]) -> float:
    start = clock()
    work()
    return clock() - start


class Cpp:
    """array_speed, waiting for rounds."""

    def __init__(self, path: Path, coding: str, stack: ExitStack) -> None:
        command = (ARRAY_SPEED, path, coding)
        pipe = subprocess.PIPE
        self.process = stack.enter_context(subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True, bufsize=1))
        self.round()  # when it is done, the plan is made

    def begin(self) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write("\n")

    def end(self) -> list[float]:
        assert self.process.stdout is not None
        return [float(word) for word in self.process.stdout.readline().split()]

    def round(self) -> list[float]:
        self.begin()
        return self.end()


def compare(path: Path, values: Any, coding: str) -> None:
    planned = transom.encode_best(values, coding)
    works = (lambda: transom.encode(values, planned.code), lambda: transom.decode(planned))
    with ExitStack() as stack:
        cpp = Cpp(path, coding, stack)
        rounds = [(cpp.round(), [seconds(time.process_time, work) for work in works]) for _ in range(ROUNDS)]
    for i, name in enumerate(("encode", "decode")):
        rates = [N_VALUES / 1e6 / min(times[side][i] for times in rounds) for side in (0, 1)]
        print(f"{coding:12} {name}: C++ {rates[0]:7.1f} MB/s, Python {rates[1]:7.1f} MB/s: {rates[1] / rates[0]:.1%}")


def batch(path: Path, values: Any, coding: str) -> None:
    coded = [transom.encode_best(part, coding) for part in np.split(values, 16)]

    def at_once(processes: list[Cpp]) -> None:
        for process in processes:
            process.begin()
        for process in processes:
            process.end()

    with ExitStack() as stack:
        two = [Cpp(path, coding, stack) for _ in range(2)]
        works = (
            lambda: transom.decode_all(coded, threads=1),
            lambda: transom.decode_all(coded, threads=2),
            lambda: at_once(two[:1]),
            lambda: at_once(two),
        )
        rounds = [[seconds(time.perf_counter, work) for work in works] for _ in range(ROUNDS)]
    least = [min(times) for times in zip(*rounds, strict=True)]
    print(
        f"{coding:12} a batch of 16 decoded on two threads: {least[0] / least[1]:.2f} times as fast as on one;", end=" "
    )
    print(f"two processes of C++, {2 * least[2] / least[3]:.2f} times as fast as one")


def on_heads(random: np.random.Generator) -> None:
    """transom.stack: the more heads, the fewer calls; with a million heads there is one."""
    for n_heads in (1, 1000, 4000, 1_000_000):
        n = max(1_000_000 // n_heads, 1)
        bits = random.integers(0, 2, (n, n_heads), np.uint32)
        law = cs.bernoulli(0.3, 16)
        codec = cs.one_head(law, n) if n_heads == 1 else cs.repeat(law, n)
        data: Any = bits.reshape(-1) if n_heads == 1 else bits
        message = cs.Message(n_heads)
        works = (lambda m=message, c=codec, d=data: m.push(c, d), lambda m=message, c=codec: m.pop(c))
        rounds = [[seconds(time.process_time, work) for work in works] for _ in range(ROUNDS)]
        push, pop = (1 / min(times) for times in zip(*rounds, strict=True))
        print(f"a million symbols on {n_heads:7} heads: push {push:5.1f}, pop {pop:5.1f} million/s")


def main() -> int:
    random = np.random.default_rng(2)
    values = random.laplace(0, 10, N_VALUES).clip(-127, 127).astype(np.int8)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "values.npy"
        np.save(path, values)
        codings = sys.argv[1:] or ("tans", "rans", "apack-tans", "apack-nrans")
        for coding in codings:
            compare(path, values, coding)
        for coding in codings[:2]:
            batch(path, values, coding)
    on_heads(random)
    return 0


if __name__ == "__main__":
    sys.exit(main())
