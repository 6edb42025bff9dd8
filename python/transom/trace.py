"""trace.py — traces as the program reads them: .npy, .npz, or a folder with a manifest."""
# SPDX-License-Identifier: Apache-2.0

from collections.abc import Callable, Iterable
from importlib import import_module
from os import PathLike
from pathlib import Path
from typing import Any

from transom import _core


def read_trace(path: str | PathLike[str], note: Callable[[str], None] | None = None) -> list[_core.Tensor]:
    """The tensors of a .npy, a .npz, a folder with a manifest.json, or a folder of .npy, in their order.

    path: each field of a manifest is held against its file. note: is told of files that no manifest vouches for.
    Raises OSError where nothing is there, DataError naming file, field and fix where it is no trace.
    """
    Path(path).stat()
    tensors, notes = _files().read_trace(path)
    if note is not None:
        for line in notes:
            note(line)
    found: list[_core.Tensor] = tensors
    return found


def write_trace(
    folder: str | PathLike[str],
    tensors: Iterable[object],
    *,
    source: str = "",
    licence: str = "",
    input: str = "",  # noqa: A002 - the manifest's word
    note: str = "",
) -> None:
    """Writes a folder that read_trace() and the program read: it appears with all its files, or not at all.

    tensors: Tensors, or arrays, which have no names. source, licence, input, note: free text of the manifest.
    Raises DataError naming what cannot be written, ValueError where the folder that is there must stay: its manifest
    does not vouch for all that is in it.
    """
    held = [one if isinstance(one, _core.Tensor) else _core.Tensor(one) for one in tensors]
    _files().write_trace(folder, held, source, licence, input, note)


def _files() -> Any:
    try:
        return import_module("transom._trace")
    except ImportError as error:
        raise ImportError(
            "transom._trace was not built, or its libraries are not there: install nlohmann_json, OpenSSL and libzip, "
            "and build the package again"
        ) from error
