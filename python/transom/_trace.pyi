"""Trace files, in C++: transom.read_trace and transom.write_trace."""

from collections.abc import Sequence
import os

import transom._core


def read_trace(path: str | os.PathLike[str]) -> tuple[list[transom._core.Tensor], list[str]]:
    """(tensors, notes): transom.read_trace has the words."""

def write_trace(folder: str | os.PathLike[str], tensors: Sequence[transom._core.Tensor], source: str, licence: str, input: str, note: str) -> None:
    """transom.write_trace has the words."""
