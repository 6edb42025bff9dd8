"""test_types.py — the package's types: its stub is what the module says, and mypy --strict takes it."""
# SPDX-License-Identifier: Apache-2.0

import os
import sys
from pathlib import Path

import pytest
from program import BUILD, FINE, PACKAGE, SOURCE, run

pytest.importorskip("transom._core", reason="the Python module was not built")
import transom

VENV = BUILD / "venv/bin"


def test_the_stubs_are_what_the_modules_say(tmp_path: Path) -> None:
    """To write it again: PYTHONPATH=build/python build/venv/bin/python -m nanobind.stubgen -P -m transom._core
    -o python/transom/_core.pyi, and so of _stack and _trace."""
    if run(VENV / "python", "-c", "import nanobind").returncode != FINE:
        pytest.skip("nanobind is not in build/venv")
    for name in ("_core", "_stack", "_trace"):
        if not list((PACKAGE / "transom").glob(f"{name}.*.so")):
            pytest.skip(f"transom.{name} was not built")
        stub = f"{name}.pyi"
        words = ("-m", "nanobind.stubgen", "-q", "-P", "-m", f"transom.{name}", "-o", tmp_path / stub)
        done = run(VENV / "python", *words, env=os.environ | {"PYTHONPATH": str(PACKAGE)})
        assert done.returncode == FINE, done.stderr
        assert (tmp_path / stub).read_text() == (SOURCE / "python/transom" / stub).read_text()


def test_mypy_takes_the_package() -> None:
    if not (VENV / "mypy").exists():
        pytest.skip("mypy is not in build/venv")
    done = run(VENV / "mypy", "--strict", "-p", "transom", cwd=SOURCE)
    assert done.returncode == FINE, done.stdout


def test_every_public_name_is_there_with_its_words() -> None:
    for name in transom.__all__:
        thing = getattr(transom, name)
        assert thing.__doc__ or issubclass(thing, Exception), name
    assert sorted(dir(transom)) == sorted(transom.__all__)
    with pytest.raises(AttributeError, match="no attribute 'none'"):
        transom.none  # noqa: B018


def test_the_tools_need_no_module() -> None:
    """transom.cost is imported from the sources, where no module is."""
    program = "import sys, transom.cost; assert 'transom._core' not in sys.modules"
    done = run(sys.executable, "-c", program, env=os.environ | {"PYTHONPATH": str(SOURCE / "python")})
    assert done.returncode == FINE, done.stderr
