"""traces.py — what the tests of the recorder share: manifests, arrays, and the comparator's verdict on a trace."""
# SPDX-License-Identifier: Apache-2.0

import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from program import transom

from transom.record.__main__ import main

META = {"licence": "CC0-1.0"}


def manifest_of(folder: Path) -> dict[str, Any]:
    manifest: dict[str, Any] = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    return manifest


def entries_of(folder: Path) -> dict[str, dict[str, Any]]:
    """The manifest's tensors by name."""
    return {entry["name"]: entry for entry in manifest_of(folder)["tensors"]}


def array_of(folder: Path, name: str) -> NDArray[Any]:
    array: NDArray[Any] = np.load(folder / entries_of(folder)[name]["file"])
    return array


def reals_of(folder: Path, name: str) -> NDArray[np.float64]:
    """What the recorded integers stand for, by the manifest's scales."""
    entry, values = entries_of(folder)[name], array_of(folder, name)
    scale, zero_point = np.array(entry["scale"]), np.array(entry["zero_point"])
    if "axis" in entry:
        shape = [-1 if i == entry["axis"] else 1 for i in range(values.ndim)]
        scale, zero_point = scale.reshape(shape), zero_point.reshape(shape)
    reals: NDArray[np.float64] = (values.astype(np.float64) - zero_point) * scale
    return reals


def called(*words: str) -> int:
    """What `transom record WORDS` ends with, in this process: packages are imported once."""
    before, sys.argv = sys.argv, ["transom record", *words]
    try:
        return main()
    finally:
        sys.argv = before


def same_in_lockstep(folder: Path) -> None:
    """Every decoder that is built decodes the trace, and none differs from the model."""
    result = json.loads(transom("cosim", folder, "--lanes", 4, "--json").stdout)
    assert result["mismatches"] == 0
    assert len(result["tensors"]) == len(entries_of(folder))
    assert result["total"]["values"] == sum(entry["n"] for entry in entries_of(folder).values())
