"""scoreboard.py — Transom's comparator as a scoreboard, and what both benches share.

A bench tells each value as it leaves the decoder, and each end; check() raises the text of the first difference.
"""
# SPDX-License-Identifier: Apache-2.0

import json
import logging
import os
import random
from collections.abc import Iterator
from pathlib import Path

import transom
from transom.verify import Cosim

CLOCK_NS = 10
WINDOW = 256  # steps and values told after the first difference: what a decoder does after its fault tells the class


class Scoreboard:
    """The comparator of each tensor; a stream of the container is a lane of the comparator."""

    def __init__(self, tensors: list[transom.CodedTensor]) -> None:
        self.tensors = tensors
        self.cosims = [Cosim(tensor) for tensor in tensors]
        self.wrong: int | None = None  # the first tensor that differs
        self.told_since = 0  # steps and values

    @property
    def enough(self) -> bool:
        """The first difference can be explained: nothing more need be told."""
        return self.told_since > WINDOW

    def value(self, number: int, stream: int, value: int, cycle: int) -> None:
        """A value of tensor `number`."""
        self.cosims[number].at(cycle)
        self._note(number, self.cosims[number].value(stream, value))
        self.told_since += self.wrong is not None

    def step(self, number: int, stream: int, symbol: int, state: int, position: int) -> None:
        """A step of tensor `number`, of a decoder that shows them: the state after it, bits of symbols read so far."""
        self._note(number, self.cosims[number].step(stream, symbol, state, position))
        self.told_since += self.wrong is not None

    def end(self, number: int, stream: int, verdict: bool | str | None) -> None:
        """The end of a stream."""
        self._note(number, self.cosims[number].end(stream, verdict))

    def finish(self, number: int) -> None:
        """Nothing more of tensor `number` comes: what is missing is a difference."""
        self._note(number, self.cosims[number].finish())

    def check(self) -> int:
        """How much was compared. Raises AssertionError with the first difference: a line of FINDINGS, in JSON."""
        if self.wrong is None:
            return sum(cosim.n_compared for cosim in self.cosims)
        found = self.cosims[self.wrong].first()
        assert found is not None
        record = {
            "tensor": self.tensors[self.wrong].name,
            "stream": found.lane,
            "index": found.index,
            "cycle": found.cycle,
            "what": found.what,
            "class": found.fault,
            "confidence": found.confidence,
            "text": str(found),
        }
        if path := os.environ.get("FINDINGS"):
            with Path(path).open("a") as file:
                file.write(json.dumps(record) + "\n")
        raise AssertionError(f"tensor '{record['tensor']}': {found}")

    def tell(self, compared: int) -> None:
        """In the log, that nothing differs."""
        log = logging.getLogger("cocotb.transom")
        log.info("%d tensors, %d steps and values compared: 0 differences", len(self.tensors), compared)

    def _note(self, number: int, equal: bool) -> None:
        if not equal and self.wrong is None:
            self.wrong = number


def pauses(seed: int | None) -> Iterator[bool]:
    """Runs of pauses and of none, of 1 to 12 clocks; without a seed no pause."""
    rng = random.Random(seed)
    pause = False
    while True:
        for _ in range(rng.randint(1, 12)):
            yield pause and seed is not None
        pause = not pause
