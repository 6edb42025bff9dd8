"""page.py — regions of rtl/COST.md that programs write, each between two HTML comments."""
# SPDX-License-Identifier: Apache-2.0

from dataclasses import dataclass
from pathlib import Path

from transom.files import read_text, write_whole

from .designs import RTL

PAGE = RTL / "COST.md"


@dataclass(frozen=True)
class Region:
    """A region by its name, and the command that writes it."""

    name: str
    command: str

    def replaced(self, page: str, text: str) -> str:
        """The page with `text` in the region. Raises ValueError where its comments are not there once, in order."""
        begin, end = f"<!-- {self.name}: begin; written by {self.command} -->", f"<!-- {self.name}: end -->"
        before, found_begin, rest = page.partition(begin)
        _, found_end, after = rest.partition(end)
        if not found_begin or not found_end or begin in after or end in after:
            raise ValueError(f"wants the lines '{begin}' and '{end}' once each, in this order")
        return f"{before}{begin}\n{text}\n{end}{after}"

    def rewrite(self, path: Path, text: str) -> None:
        """Replaces the region in a file. Raises ValueError, OSError."""
        try:
            page = self.replaced(read_text(path, "restore the page"), text)
        except ValueError as error:
            raise ValueError(f"{path}: {error}") from error
        write_whole(path, page)
