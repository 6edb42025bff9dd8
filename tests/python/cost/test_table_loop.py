"""test_table_loop.py — the path of a lane with its table's read in it: what of a macro's times is where.

The mapping is test_cost.py's; here its paths are given.
"""
# SPDX-License-Identifier: Apache-2.0

from typing import Any, cast

import pytest

from transom.cost.unit import memory, table_loop
from transom.cost.unit.table_loop import ADDRESS, WORD


class Paths:
    """A mapped lane of so many ps: whole, from the table's word, to its address, from one to the other."""

    um2 = 12.0

    def __init__(self, whole: float, word: float, address: float, both: float) -> None:
        self._ps = {("", ""): whole, (WORD, ""): word, ("", ADDRESS): address, (WORD, ADDRESS): both}

    def path_ps(self, start: str = "", end: str = "") -> float:
        return self._ps[start, end]


@pytest.mark.parametrize(
    ("paths", "macro"),
    [
        ((500.0, 100.0, 100.0, 50.0), 500.0),
        ((500.0, 450.0, 100.0, 50.0), 450.0 + 98.9),  # 2 x 128 words: the macro of 256
        ((500.0, 100.0, 480.0, 50.0), 480.0 + 50.1),
        ((500.0, 100.0, 100.0, 400.0), 400.0 + 98.9 + 50.1),
    ],
)
def test_a_read_of_the_table_is_before_its_word_and_behind_its_address(
    paths: tuple[float, float, float, float], macro: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(table_loop, "_map", lambda *_: Paths(*paths))
    loop = table_loop.measure_loop(7, cast(Any, None))
    assert loop.macro == pytest.approx(macro)
    assert (loop.word_at_0, loop.registers, loop.registers_um2) == (500.0, 500.0, 12.0)
    assert memory.access_ps(1024) == pytest.approx(98.9 + 2 * 3.7)
