"""trace.py — a trace as bytes that travel: the files that `transom` would read, and their hash.

Workers share no disk with the one who asks. A folder's files are its manifest and its .npy files; the
hash is over names and contents, so that it tells whether a finished point is one of this trace.
"""
# SPDX-License-Identifier: Apache-2.0

import hashlib
from dataclasses import dataclass
from pathlib import Path

from .errors import DataError

MANIFEST = "manifest.json"


@dataclass(frozen=True)
class PackedTrace:
    """name: of the file or folder, which every file's path begins with."""

    name: str
    files: tuple[tuple[str, bytes], ...]

    @property
    def sha256(self) -> str:
        """The hash of the files, which does not depend on the trace's own name."""
        digest = hashlib.sha256()
        for path, content in self.files:
            inside = path.partition("/")[2] or Path(path).suffix
            digest.update(f"{inside}\0{len(content)}\0".encode())
            digest.update(content)
        return digest.hexdigest()


def _files(path: Path) -> list[Path]:
    if path.is_dir():
        return sorted(p for p in path.rglob("*") if p.is_file() and (p.suffix == ".npy" or p.name == MANIFEST))
    return [path]


def pack(path: Path) -> PackedTrace:
    """Reads a trace. Raises DataError naming the file that cannot be read."""
    if path.suffix == ".tsm":
        raise DataError(f"{path}: a container has one coding already; name the trace it was made of")
    name = path.resolve().name
    packed: list[tuple[str, bytes]] = []
    try:
        for file in _files(path):
            inside = Path(name) / file.relative_to(path) if path.is_dir() else Path(name)
            packed.append((inside.as_posix(), file.read_bytes()))
    except OSError as error:
        raise DataError(f"{error.filename}: {error.strerror}; name a .npy, an .npz or a folder of .npy") from error
    if not packed:
        raise DataError(f"{path}: it has neither {MANIFEST} nor .npy files; name a trace")
    return PackedTrace(name, tuple(packed))
