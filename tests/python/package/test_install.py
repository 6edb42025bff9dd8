"""test_install.py — the package as it is installed: sdist, wheel, a fresh environment, README's snippet."""
# SPDX-License-Identifier: Apache-2.0

import os
import re
import shutil
import tarfile
import zipfile
from pathlib import Path

import pytest
from program import BUILD, FINE, SOURCE, run

PYTHON = BUILD / "venv/bin/python"
NEEDED = "build, nanobind, scikit_build_core, twine"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """sdist and wheel, made without a network in the environment of the build; the program is that of the build."""
    if run(PYTHON, "-c", f"import {NEEDED}").returncode != FINE:
        pytest.skip(f"{NEEDED} are not all in build/venv")
    folder = tmp_path_factory.mktemp("dist")
    ccache = {"CMAKE_CXX_COMPILER_LAUNCHER": "ccache"} if shutil.which("ccache") else {}
    environment = os.environ | ccache | {"CMAKE_BUILD_PARALLEL_LEVEL": "2"}
    settings = (f"-Cbuild-dir={BUILD / 'wheel'}", "-Ccmake.define.TRANSOM_CLI=OFF", "-Cbuild.targets=transom_core")
    for what in (["--sdist"], ["--wheel", *settings]):
        words = ("-m", "build", *what, "--no-isolation", "--skip-dependency-check", "-o", folder, SOURCE)
        done = run(PYTHON, *words, env=environment, seconds=900)
        assert done.returncode == FINE, done.stdout[-3000:] + done.stderr[-3000:]
    return folder


def test_sdist_and_wheel_hold_the_package_and_pass_twine(folder: Path) -> None:
    (sdist,), (wheel,) = folder.glob("*.tar.gz"), folder.glob("*.whl")
    with tarfile.open(sdist) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    assert {"CMakeLists.txt", "model/base/spec.hpp", "python/bind/module.cpp", "LICENSE"} <= names
    with zipfile.ZipFile(wheel) as package:
        names = set(package.namelist())
    assert {"transom/__init__.py", "transom/_core.pyi", "transom/py.typed", "transom/share/rtl/cost.json"} <= names
    assert {"transom/report/page.js", "transom/report/page.css"} <= names
    assert any(re.fullmatch(r"transom/_core\..*so", name) for name in names)
    assert not any("pycache" in name for name in names)
    done = run(PYTHON, "-m", "twine", "check", "--strict", sdist, wheel)
    assert done.returncode == FINE, done.stdout + done.stderr


def test_a_fresh_environment_runs_readmes_snippet(folder: Path, tmp_path: Path) -> None:
    (wheel,) = folder.glob("*.whl")
    run("/usr/bin/python3", "-m", "venv", "--system-site-packages", tmp_path / "venv")  # for Debian's numpy
    installed = tmp_path / "venv/bin"
    done = run(installed / "pip", "install", "--no-deps", "--no-index", "--disable-pip-version-check", wheel)
    assert done.returncode == FINE, done.stderr
    (snippet,) = re.findall(r"^```python\n(.*?)^```", (SOURCE / "README.md").read_text(), re.MULTILINE | re.DOTALL)
    (tmp_path / "snippet.py").write_text(snippet)
    clean = {name: text for name, text in os.environ.items() if not name.startswith(("TRANSOM_", "PYTHONPATH"))}
    done = run(installed / "python", "snippet.py", cwd=tmp_path, env=clean)
    assert done.returncode == FINE, done.stderr
    clean["TRANSOM_PROGRAM"] = str(BUILD / "transom")
    done = run(installed / "transom", "info", "weights.tsm", cwd=tmp_path, env=clean)
    assert done.returncode == FINE and "weights" in done.stdout, done.stderr
    assert run(installed / "transom", "cost", "--help", cwd=tmp_path, env=clean).returncode == FINE
