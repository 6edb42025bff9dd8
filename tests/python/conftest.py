"""conftest.py — fixtures of more than one file of tests: sweeps, which take seconds, are run once; arrays."""
# SPDX-License-Identifier: Apache-2.0

import json
import os
import shutil
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sweep_bench import N_POINTS, N_SKIPPED, Bench, n_finished

with suppress(ImportError):  # without python3-hypothesis its tests are skipped
    from hypothesis import HealthCheck, settings

    # The same examples in each run; TRANSOM_EXAMPLES=2000 for a long one.
    examples = int(os.environ.get("TRANSOM_EXAMPLES", "25"))
    quiet = list(HealthCheck)
    settings.register_profile(
        "transom", max_examples=examples, derandomize=True, database=None, deadline=None, suppress_health_check=quiet
    )
    settings.load_profile("transom")


@pytest.fixture(scope="session")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Bench:
    """The one bench; whatever wants a sweep is skipped where a package for it is missing."""
    pytest.importorskip("distributed", reason="python3-distributed is not installed")
    pytest.importorskip("plotly", reason="python3-plotly is not installed")
    return Bench(tmp_path_factory.mktemp("sweep"))


@pytest.fixture(scope="session")
def undisturbed(bench: Bench) -> Path:
    """A sweep that nothing came in the way of."""
    folder = bench.folder / "undisturbed"
    summary = json.loads(bench.sweep(folder, "--json").stdout)
    assert (summary["points"], summary["failed"], summary["skipped"]) == (N_POINTS, 0, N_SKIPPED)
    assert (bench.runs("sim"), n_finished(folder)) == (N_POINTS, N_POINTS)
    return folder


@pytest.fixture
def copy(undisturbed: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(undisturbed, tmp_path / "copy"))


@pytest.fixture(params=["numpy", "torch"])
def make(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Any]:
    """make(values, dtype): an array, of numpy's as where PyTorch is absent, and of PyTorch's where it is installed."""
    if request.param == "numpy":
        monkeypatch.setitem(sys.modules, "torch", None)  # type: ignore[misc]
        return lambda values, dtype=np.int32: np.array(values, dtype)
    torch = pytest.importorskip("torch", reason="PyTorch is not installed")
    return lambda values, dtype=np.int32: torch.from_numpy(np.array(values, dtype))


@pytest.fixture
def draw() -> np.random.Generator:
    """Numbers that are the same in each run."""
    return np.random.default_rng(13)
