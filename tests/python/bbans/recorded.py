"""recorded.py — recorded runs (model/vae/run/README.md), field by field; and as what rtl/bench/fed_bench.sv reads."""
# SPDX-License-Identifier: Apache-2.0

import struct
from dataclasses import dataclass
from pathlib import Path

STEP = struct.Struct("<BBHIIQ")


class Run:
    """The file, field by field."""

    def __init__(self, data: bytes) -> None:
        magic, version, _, *counts, self.x = struct.unpack_from("<4sHH4IQ", data)
        assert (magic, version) == (b"TBBR", 1)
        self.n_images, self.n_steps, self.first_pixel, self.n_pixels = counts
        self.data, self.at = data, struct.calcsize("<4sHH4IQ")
        self.words = self.numbers(self.number())
        self.tables = [self.table() for _ in range(self.number())]
        n = self.n_images * self.n_steps
        self.steps = list(STEP.iter_unpack(data[self.at : self.at + n * STEP.size]))
        self.at += n * STEP.size
        self.words_left = self.numbers(self.number())
        assert self.at + 4 == len(data)

    def numbers(self, n: int) -> list[int]:
        found = list(struct.unpack_from(f"<{n}I", self.data, self.at))
        self.at += 4 * n
        return found

    def number(self) -> int:
        return self.numbers(1)[0]

    def table(self) -> list[int]:
        both = self.number()
        return [0, *self.numbers(both >> 16), 1 << (both & 0xFFFF)]


@dataclass(frozen=True)
class Shape:
    """Parameters of rtl/fed/fed_unit.sv."""

    compares: int = 3
    divide_bits: int = 4
    tables: int = 4
    symbol_log: int = 8


def write_bench(run: Run, shape: Shape, folder: Path) -> None:
    """Steps, and before them what the store lacks: the place that was named longest ago is written anew."""
    commands: list[list[int]] = []
    held: list[int | None] = [None] * shape.tables  # the table that was named last is at the end
    place_of: dict[int, int] = {}
    n_words = most_words = len(run.words)
    x = run.x
    for op, table_log, symbol, a, freq, state in run.steps:
        kind, start, place, stored = op & 127, a, 0, 0
        if kind == 1:
            starts = run.tables[a][1:-1]
            start = starts[0]
            if len(starts) > 1:
                stored = 1
                if a not in held:
                    oldest = held.pop(0)
                    place_of[a] = len(place_of) if oldest is None else place_of.pop(oldest)
                    commands += [[0, place_of[a], s, c, 0, 0, 0, 0] for s, c in enumerate(starts, 1)]
                else:
                    held.remove(a)
                held.append(a)
                place = place_of[a]
        elif kind == 0:
            start = 0
        else:
            n_words += x >> (63 - table_log) >= freq
            most_words = max(most_words, n_words)
        word = stored << 7 | kind << 5 | table_log
        commands.append([1, place, word, start, freq, state & 0xFFFFFFFF, state >> 32, symbol])
        x = state
    hexes = ("".join(f"{word:08x}" for word in reversed(command)) for command in commands)
    (folder / "commands.hex").write_text("\n".join(hexes) + "\n")
    for name, words in (("words", run.words), ("words_left", [*run.words_left, 0])):
        (folder / f"{name}.hex").write_text("\n".join(f"{word:08x}" for word in words) + "\n")
    numbers = {
        "N_COMMANDS": len(commands),
        "N_WORDS": len(run.words),
        "N_WORDS_LEFT": len(run.words_left),
        "COMPARES": shape.compares,
        "DIVIDE_BITS": shape.divide_bits,
        "TABLES": shape.tables,
        "SYMBOL_LOG": shape.symbol_log,
    }
    lines = [f"localparam int {name} = {number};" for name, number in numbers.items()]
    lines.append(f"localparam logic [62:0] HEAD = 63'd{run.x};")
    (folder / "fed_params.svh").write_text("\n".join(lines) + "\n")
