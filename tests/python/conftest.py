"""conftest.py — fixtures of more than one file of tests: sweeps, which take seconds, are run once."""
# SPDX-License-Identifier: Apache-2.0

import json
import shutil
from pathlib import Path

import pytest
from sweep_bench import N_POINTS, N_SKIPPED, Bench, n_finished


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
