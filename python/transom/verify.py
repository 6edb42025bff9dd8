"""verify.py — the C++ comparator (docs/your-decoder.md) as the scoreboard of a test bench in Python, cocotb's for one.

cosim = Cosim.of("digits.tsm", "conv1")
cosim.step(lane, symbol, state, position)  # what the decoder under test retired
cosim.end(lane, "ok")
cosim.check()                              # AssertionError with the first difference's text
"""
# SPDX-License-Identifier: Apache-2.0

from os import PathLike

from transom import _core
from transom.container import read_container

Difference = _core.Difference


class Cosim(_core.Cosim):
    """The comparator of one coded tensor; see transom._core.Cosim for what it is told."""

    @classmethod
    def of(cls, path: str | PathLike[str], tensor: int | str = 0) -> "Cosim":
        """On a tensor of a .tsm file. Raises OSError, DataError, IndexError or KeyError."""
        return cls(read_container(path)[tensor])

    def check(self) -> None:
        """Ends the comparison. Raises AssertionError with the text of the first difference."""
        if not self.finish():
            raise AssertionError(str(self.first()))

    def _repr_html_(self) -> str:
        found = self.first()
        return f"<p>{self.n_compared} compared: 0 differences</p>" if found is None else found._repr_html_()
