"""pages.py — commands in a page, and the output that stands under each.

A figure is a comment and a block of text under it:

    <!-- figures: build/transom info x.tsm -->
    ```text
    what the command prints
    ```

`figures` is exact: the same on every machine. `figures slow` is exact, too, and takes minutes. `figures timed` is a
measurement, which no two runs share.
"""
# SPDX-License-Identifier: Apache-2.0

import re
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from transom.files import read_text

BLOCK = re.compile(
    r"<!-- figures(?P<kind> slow| timed)?: (?P<command>[^\n]+?) -->\n```text\n(?P<output>.*?)```\n", re.DOTALL
)


class FigureError(Exception):
    """A command that failed, or a page without figures."""


@dataclass(frozen=True)
class Figure:
    page: Path
    kind: str  # "", "slow" or "timed"
    command: str
    output: str


def figures(page: Path) -> Iterator[Figure]:
    """The figures of a page, in order. Raises FigureError where there is none."""
    found = [
        Figure(page, (m["kind"] or "").strip(), m["command"], m["output"])
        for m in BLOCK.finditer(read_text(page, "name a page"))
    ]
    if not found:
        raise FigureError(f"{page}: no figure; one is a line '<!-- figures: COMMAND -->' and a block ```text under it")
    yield from found


def run(command: str, root: Path) -> str:
    """What a command prints on stdout, run by a shell in the repository. Raises FigureError if it fails."""
    done = subprocess.run(
        ["bash", "-o", "pipefail", "-c", command], cwd=root, capture_output=True, check=False, text=True
    )
    if done.returncode != 0:
        last = (done.stderr or done.stdout).strip().splitlines()[-3:]
        raise FigureError(f"{command}: exit code {done.returncode}: {' / '.join(last)}")
    return "".join(line.rstrip() + "\n" for line in done.stdout.splitlines())


def rewritten(text: str, output_of: Callable[[str, str], str | None]) -> str:
    """The page with new outputs. @param output_of (kind, command) -> text, or None to keep what stands."""

    def block(m: re.Match[str]) -> str:
        output = output_of((m["kind"] or "").strip(), m["command"])
        if output is None:
            return m[0]
        return m[0][: m.start("output") - m.start()] + output + "```\n"

    return BLOCK.sub(block, text)
