"""test_archive.py — golden/vectors/archive.sh (`./dev vectors`): the same bytes twice, and all that is needed in it."""

# SPDX-License-Identifier: Apache-2.0

import json
import os
import re
import shutil
from pathlib import Path

import pytest
from program import BUILD, SOURCE, USAGE, run, transom

SCRIPT = SOURCE / "golden/vectors/archive.sh"


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("archive") / "v.tar.gz"
    done = run("sh", SCRIPT, BUILD / "transom", 2, file)
    assert done.returncode == 0, done.stderr
    return file


@pytest.fixture(scope="module")
def root(archive: Path) -> Path:
    assert run("tar", "xzf", archive, cwd=archive.parent).returncode == 0
    return archive.parent / "transom-vectors-2"


def test_the_same_bytes_twice(archive: Path, tmp_path: Path) -> None:
    again = tmp_path / "other.tar.gz"
    mask = os.umask(0o077)  # who calls it does not matter
    try:
        assert run("sh", SCRIPT, BUILD / "transom", 2, again).returncode == 0
    finally:
        os.umask(mask)
    assert again.read_bytes() == archive.read_bytes()
    assert [path.name for path in tmp_path.iterdir()] == ["other.tar.gz"]


def test_all_is_there_and_leads_somewhere(root: Path) -> None:
    assert run("sha256sum", "-c", "--quiet", "SHA256SUMS", cwd=root).returncode == 0
    summed = {line.split("  ./", 1)[1] for line in (root / "SHA256SUMS").read_text().splitlines()}
    files = {str(path.relative_to(root)) for path in root.rglob("*") if path.is_file()}
    assert files == summed | {"SHA256SUMS"}
    assert {"LICENSE", "golden/vectors/schema.json", "vectors/manifest.json", "rtl/bench/axi_bench.sv"} <= files
    for page in ("README.md", "docs/check-your-decoder.md"):
        for link in re.findall(r"\]\(([^)#]+)", (root / page).read_text()):
            assert (root / page).parent.joinpath(link).exists(), f"{page}: {link}"
    assert json.loads((root / "vectors/manifest.json").read_text())["seed"] == 2
    transom("check", root / "vectors", root / "vectors/tans_int8/values.hex", "--test", "tans_int8")


@pytest.mark.skipif(
    None in (shutil.which("iverilog"), shutil.which("yosys")), reason="Icarus or Yosys is not installed"
)
def test_its_bench_runs(root: Path, tmp_path: Path) -> None:
    done = run("sh", root / "rtl/bench/run.sh", "icarus", "nrans", root / "vectors", "+most=20", cwd=tmp_path)
    assert done.returncode == 0 and "all as wanted" in done.stdout, done.stderr


def test_other_names_are_refused(tmp_path: Path) -> None:
    done = run("sh", SCRIPT, BUILD / "transom", 1, tmp_path / "v.zip")
    assert done.returncode == USAGE and "name it .tar.gz" in done.stderr
