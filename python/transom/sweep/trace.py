"""trace.py — a trace as bytes that travel: the files that `transom` would read, and their hash.

Workers share no disk with the one who asks. A folder's files are its manifest and the files that this
names, or without one its .npy files; the hash is over names and contents, so that it tells whether a
finished point is one of this trace.
"""
# SPDX-License-Identifier: Apache-2.0

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from transom.errors import DataError
from transom.files import read_file, read_json, said

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
            digest.update(os.fsencode(inside) + f"\0{len(content)}\0".encode())
            digest.update(content)
        return digest.hexdigest()


def _named(manifest: Any) -> set[str]:
    """The files of a manifest, of those fields that `transom encode` would take; it says what is wrong with others."""
    tensors = manifest.get("tensors") if isinstance(manifest, dict) else None
    entries = tensors if isinstance(tensors, list) else []
    names = {entry["file"] for entry in entries if isinstance(entry, dict) and isinstance(entry.get("file"), str)}
    return {name for name in names if "\0" not in name and ".." not in PurePosixPath(name).parts and name[:1] != "/"}


def _files(path: Path) -> list[Path]:
    if not path.is_dir():
        return [path]
    manifest = path / MANIFEST
    if manifest.exists():
        named = _named(read_json(manifest, "record the trace again"))
        return sorted({manifest, *(path / name for name in named if (path / name).is_file())})
    return sorted(file for file in path.iterdir() if file.suffix == ".npy")


def pack(path: Path) -> PackedTrace:
    """Reads a trace. Raises DataError naming the file that cannot be read."""
    if path.suffix == ".tsm":
        raise DataError(f"{path}: a container has one coding already; name the trace it was made of")
    name = path.resolve().name
    packed: list[tuple[str, bytes]] = []
    try:
        for file in _files(path):
            inside = Path(name) / file.relative_to(path) if path.is_dir() else Path(name)
            packed.append((inside.as_posix(), read_file(file)))
    except OSError as error:
        raise DataError(said(error)) from error
    if not packed:
        raise DataError(f"{path}: it has neither {MANIFEST} nor .npy files; name a trace")
    return PackedTrace(name, tuple(packed))
