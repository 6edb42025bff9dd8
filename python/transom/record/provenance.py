"""provenance.py — what another needs who wants to record a trace again: hashes, versions, the packages themselves."""
# SPDX-License-Identifier: Apache-2.0

import hashlib
import importlib
import platform
from collections.abc import Mapping
from importlib import metadata
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from transom.files import naming

PIECE_BYTES = 1 << 20
EXTRA = "transom[record]"


class MissingPackageError(ImportError):
    """A package that this kind of model wants is not there: one line that names it and how to have it."""


def need(module: str, package: str) -> Any:
    """The module of a package. Raises MissingPackageError."""
    try:
        return importlib.import_module(module)
    except ImportError as error:
        raise MissingPackageError(f"{package} cannot be imported ({error}); pip install '{EXTRA}'") from error


def versions(*packages: str) -> dict[str, str]:
    """Of Python, numpy and the packages named."""
    found = {"python": platform.python_version()}
    for package in ("numpy", *packages):
        try:
            found[package] = metadata.version(package)
        except metadata.PackageNotFoundError:  # Debian's torch has none
            found[package] = str(getattr(importlib.import_module(package), "__version__", "unknown"))
    return found


def file_of(path: Path) -> dict[str, Any]:
    """Name, size and SHA-256 of a file, read piece by piece. Raises FileError."""
    sha256, n_bytes = hashlib.sha256(), 0
    with naming(path), path.open("rb") as file:
        while piece := file.read(PIECE_BYTES):
            sha256.update(piece)
            n_bytes += len(piece)
    return {"file": path.name, "bytes": n_bytes, "sha256": sha256.hexdigest()}


def hash_of(arrays: Mapping[str, NDArray[Any]]) -> str:
    """SHA-256 of arrays: of each its name, type and shape as a line of text, then its bytes in C order."""
    sha256 = hashlib.sha256()
    for name, values in arrays.items():
        sha256.update(f"{name} {values.dtype.str} {list(values.shape)}\n".encode())
        sha256.update(np.ascontiguousarray(values).tobytes())
    return sha256.hexdigest()
