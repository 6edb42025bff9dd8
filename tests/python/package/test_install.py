"""test_install.py — as installed: `pip install .` of the sdist in a fresh environment, with the program.

The sdist is unpacked at a place that stays, and built in its build/, as the tree is: so ccache has most of it.
"""
# SPDX-License-Identifier: Apache-2.0

import os
import re
import shutil
import subprocess
import tarfile
import zipfile
from pathlib import Path

import pytest
from program import BUILD, FINE, SOURCE, run

PYTHON = BUILD / "venv/bin/python"
NEEDED = "build, nanobind, scikit_build_core, twine"
NO_NETWORK = r"Failed to establish a new connection|Could not find a version that satisfies|Name or service not known"
CLEAN = {name: text for name, text in os.environ.items() if not name.startswith(("TRANSOM_", "PYTHONPATH"))}
CLEAN["CMAKE_BUILD_PARALLEL_LEVEL"] = "2"
CLEAN |= {"CC": "cc", "CXX": "c++"}  # the build's: sysconfig's other names for them are other compilers to ccache


@pytest.fixture(scope="module")
def dist() -> Path:
    """The sdist, and its tree beside it."""
    if run(PYTHON, "-c", f"import {NEEDED}").returncode != FINE:
        pytest.skip(f"{NEEDED} are not all in build/venv")
    dist = BUILD / "dist"
    for old in (*dist.glob("*.tar.gz"), *dist.glob("*.whl")):
        old.unlink()
    words = ("-m", "build", "--sdist", "--no-isolation", "--skip-dependency-check", "-o", dist, SOURCE)
    done = run(PYTHON, *words, env=CLEAN)
    assert done.returncode == FINE, done.stdout[-3000:] + done.stderr[-3000:]
    return dist


@pytest.fixture(scope="module")
def tree(dist: Path) -> Path:
    """What a user has unpacked; of the last time only its build folder is left."""
    (sdist,) = dist.glob("*.tar.gz")
    tree = dist / sdist.name.removesuffix(".tar.gz")
    for old in tree.glob("*"):
        if old.name != "build":
            shutil.rmtree(old) if old.is_dir() else old.unlink()
    with tarfile.open(sdist) as archive:
        archive.extractall(dist, filter="data") if hasattr(tarfile, "data_filter") else archive.extractall(dist)
    (tree / "build").mkdir(exist_ok=True)
    if not (tree / "build/venv").exists():
        (tree / "build/venv").symlink_to(BUILD / "venv")
    return tree


@pytest.fixture(scope="module")
def building(tree: Path) -> tuple[str, ...]:
    """How it is built: with the nanobind that the build has, by a path that looks alike."""
    nanobind = Path(run(PYTHON, "-m", "nanobind", "--cmake_dir").stdout.strip())
    if nanobind.is_relative_to(BUILD):
        nanobind = tree / "build" / nanobind.relative_to(BUILD)
    return "build-dir=build", f"cmake.define.nanobind_ROOT={nanobind}"


@pytest.fixture(scope="module")
def installed(tree: Path, building: tuple[str, ...], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bin/ of a fresh environment after `pip install .`: with what it depends on, and with the program."""
    venv = tmp_path_factory.mktemp("fresh") / "venv"
    assert run("/usr/bin/python3", "-m", "venv", venv).returncode == FINE
    settings = [f"--config-settings={one}" for one in building]
    done = run(
        venv / "bin/pip", "install", "--disable-pip-version-check", *settings, ".", cwd=tree, env=CLEAN, seconds=1500
    )
    if done.returncode != FINE and re.search(NO_NETWORK, done.stdout + done.stderr):
        pytest.skip("pip has no network: the package is not installed")
    assert done.returncode == FINE, done.stdout[-3000:] + done.stderr[-3000:]
    return venv / "bin"


def clean(*words: object, cwd: Path) -> subprocess.CompletedProcess[str]:
    done = run(*words, cwd=cwd, env=CLEAN)
    assert done.returncode == FINE, done.stdout[-3000:] + done.stderr[-3000:]
    return done


def test_readmes_snippet_runs_where_it_was_installed_and_has_types(installed: Path, tmp_path: Path) -> None:
    (snippet,) = re.findall(r"^```python\n(.*?)^```", (SOURCE / "README.md").read_text(), re.MULTILINE | re.DOTALL)
    (tmp_path / "snippet.py").write_text(snippet)
    clean(installed / "python", "snippet.py", cwd=tmp_path)
    assert "weights" in clean(installed / "transom", "info", "weights.tsm", cwd=tmp_path).stdout
    mypy = (BUILD / "venv/bin/mypy", "--strict", "--python-executable", installed / "python")
    if not mypy[0].exists():
        pytest.skip("mypy is not in build/venv")
    cache = f"--cache-dir={BUILD / 'mypy_installed'}"
    clean(*mypy, cache, "snippet.py", cwd=tmp_path)
    names = ("_core", "_stack", "_trace", "container", "golden", "stack", "trace", "verify")
    optional = "--ignore-missing-imports"  # tqdm
    clean(*mypy, cache, optional, *[f"-mtransom.{name}" for name in names], cwd=tmp_path)


def test_the_entry_point_has_the_program_and_the_tools(installed: Path, tmp_path: Path) -> None:
    (version,) = re.findall(r"project\(transom VERSION ([0-9.]+)", (SOURCE / "CMakeLists.txt").read_text())
    assert version in clean(installed / "transom", "--version", cwd=tmp_path).stdout
    assert version in clean(installed / "pip", "show", "transom", cwd=tmp_path).stdout
    trace = SOURCE / "golden/traces/digits_cnn_int8"
    clean(installed / "transom", "encode", trace, "-o", "t.tsm", cwd=tmp_path)
    assert "conv1/weights" in clean(installed / "transom", "info", "--json", "t.tsm", cwd=tmp_path).stdout
    assert "usage" in clean(installed / "transom", "cost", "--help", cwd=tmp_path).stdout
    program = f"import transom; print(len(transom.read_trace({str(trace)!r})))"
    assert clean(installed / "python", "-c", program, cwd=tmp_path).stdout == "12\n"


def test_sdist_and_wheel_hold_the_package_and_pass_twine(
    dist: Path, tree: Path, building: tuple[str, ...], installed: Path
) -> None:
    assert (installed / "transom").exists()  # its build folder has all objects
    words = (
        "-m",
        "build",
        "--wheel",
        "--no-isolation",
        "--skip-dependency-check",
        *[f"-C{one}" for one in building],
        "-o",
        dist,
        tree,
    )
    done = run(PYTHON, *words, env=CLEAN, seconds=900)
    assert done.returncode == FINE, done.stdout[-3000:] + done.stderr[-3000:]
    (sdist,), (wheel,) = dist.glob("*.tar.gz"), dist.glob("*.whl")
    with tarfile.open(sdist) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    assert {"CMakeLists.txt", "model/base/spec.hpp", "python/bind/module.cpp", "LICENSE"} <= names
    with zipfile.ZipFile(wheel) as package:
        names = set(package.namelist())
    assert {"transom/__init__.py", "transom/_core.pyi", "transom/py.typed", "transom/share/rtl/cost.json"} <= names
    assert {"transom/bin/transom", "transom/report/page.js", "transom/report/page.css"} <= names
    assert all(
        any(re.fullmatch(rf"transom/{one}\..*so", name) for name in names) for one in ("_core", "_stack", "_trace")
    )
    assert not any("pycache" in name for name in names)
    done = run(PYTHON, "-m", "twine", "check", "--strict", sdist, wheel)
    assert done.returncode == FINE, done.stdout + done.stderr
