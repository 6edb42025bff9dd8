"""cache.py — figures kept by what they came from: sources, tools' versions, library, and this program.

A key is the SHA-256 of all inputs; build/synth/cache/KEY.json is what was measured. Files are replaced
as a whole, so a run that is cut off leaves none half written.
"""
# SPDX-License-Identifier: Apache-2.0

import hashlib
import json
import shutil
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from transom.files import write_whole

Figures = dict[str, Any]


def digest(parts: Iterable[str | bytes]) -> str:
    """SHA-256, hexadecimal, of parts with their lengths."""
    state = hashlib.sha256()
    for part in parts:
        data = part.encode() if isinstance(part, str) else part
        state.update(len(data).to_bytes(8, "little") + data)
    return state.hexdigest()


class Cache:
    """A folder of figures by key, and of the work that made them."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def get(self, key: str, measure: Callable[[Path], Figures]) -> tuple[Figures, bool]:
        """The figures of `key` and whether they were there; else measured in an empty folder, and kept."""
        kept = self._folder / "cache" / f"{key}.json"
        try:
            figures: Figures = json.loads(kept.read_text(encoding="utf-8"))
            return figures, True
        except (FileNotFoundError, json.JSONDecodeError):
            pass
        (self._folder / "work").mkdir(parents=True, exist_ok=True)
        work = Path(tempfile.mkdtemp(dir=self._folder / "work"))  # left there if measuring fails
        figures = measure(work)
        write_whole(kept, json.dumps(figures, indent=1) + "\n")
        shutil.rmtree(work)
        return figures, False
