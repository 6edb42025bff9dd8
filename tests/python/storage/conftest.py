"""conftest.py — the cases and the library of faults, made once for a file of tests."""
# SPDX-License-Identifier: Apache-2.0

from collections.abc import Iterator

import pytest

from storage.damage import Case, Faults, all_cases, compile_faults, scratch


@pytest.fixture(scope="session")
def faults(tmp_path_factory: pytest.TempPathFactory) -> Faults:
    return compile_faults(tmp_path_factory.mktemp("faults"))


@pytest.fixture(scope="session")
def cases() -> Iterator[dict[str, Case]]:
    """Of little traces: a run takes hundredths of a second."""
    with scratch(on_disk=False) as folder:
        yield all_cases(folder, 4_000)
