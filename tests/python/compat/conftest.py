"""conftest.py — arrays of both kinds: numpy's, as where PyTorch is absent, and PyTorch's, where it is installed."""
# SPDX-License-Identifier: Apache-2.0

import sys

import numpy as np
import pytest
from kinds import Make


@pytest.fixture(params=["numpy", "torch"])
def make(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Make:
    """make(values, dtype): an array of the kind."""
    if request.param == "numpy":
        monkeypatch.setitem(sys.modules, "torch", None)  # as if it were not there
        return lambda values, dtype=np.int32: np.array(values, dtype)
    torch = pytest.importorskip("torch", reason="PyTorch is not installed")
    return lambda values, dtype=np.int32: torch.from_numpy(np.array(values, dtype))


@pytest.fixture
def draw() -> np.random.Generator:
    return np.random.default_rng(13)
