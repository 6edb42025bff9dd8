"""conftest.py — the cases and the library of faults, made once for a file of tests."""
# SPDX-License-Identifier: Apache-2.0

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from storage.damage import Case, Faults, all_cases, compile_faults


@pytest.fixture(scope="session")
def faults(tmp_path_factory: pytest.TempPathFactory) -> Faults:
    return compile_faults(tmp_path_factory.mktemp("faults"))


@pytest.fixture(scope="session")
def cases() -> Iterator[dict[str, Case]]:
    """Of little traces, in memory where that can be: a run takes hundredths of a second."""
    memory = Path("/dev/shm")
    folder = Path(tempfile.mkdtemp(prefix="cases-", dir=memory if os.access(memory, os.W_OK) else None))
    yield all_cases(folder, 4_000)
    shutil.rmtree(folder)
