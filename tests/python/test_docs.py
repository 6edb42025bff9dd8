"""The pages of docs/ that show commands: each ```sh block runs, in order, in an empty folder; excerpts are true.

The environment is what the page asks for: `transom` in the path, TRANSOM (the sources), TRANSOM_PREFIX (an installed
library).
"""
# SPDX-License-Identifier: Apache-2.0

import os
import re
import shutil
import sys
from pathlib import Path

import pytest
from program import BUILD, PACKAGE, SOURCE, run

PAGES = ["your-decoder.md", "check-your-decoder.md", "dpi.md", "coverage.md"]
BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
SECONDS = 900  # a page may build something


def blocks(page: str, language: str) -> list[str]:
    return [text for kind, text in BLOCK.findall((SOURCE / "docs" / page).read_text()) if kind == language]


@pytest.fixture(scope="module")
def prefix(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the library is installed."""
    folder = tmp_path_factory.mktemp("prefix")
    for component in ("model", "unit", "files", "verify", "rtl", "dpi"):
        done = run("cmake", "--install", BUILD, "--prefix", folder, "--component", component)
        assert done.returncode == 0, done.stderr
    return folder


def run_page(page: str, folder: Path, **environment: str) -> None:
    """Its commands, with `transom` in the path and TRANSOM, and what `environment` adds."""
    commands = blocks(page, "sh")
    assert len(commands) >= 3
    # `set -e` does not see a command behind `!`: its failure is told by hand.
    lines = "\n".join(commands).splitlines()
    told = r'\1if \2; then echo "did not fail: \2" >&2; exit 9; fi'
    script = [re.sub(r"^(\s*)! (.*)$", told, text) for text in lines]
    (folder / "page.sh").write_text("set -eu\n" + "\n".join(script) + "\n")
    given = {"PATH": f"{BUILD}:{os.environ['PATH']}", "TRANSOM": str(SOURCE)}
    if shutil.which("ccache"):
        given |= {"CMAKE_CXX_COMPILER_LAUNCHER": "ccache", "OBJCACHE": "ccache", "CCACHE_NOHASHDIR": "1"}
    done = run("sh", "page.sh", cwd=folder, env={**os.environ, **given, **environment}, seconds=SECONDS)
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
    said = " ".join(done.stdout.split())
    for sample in blocks(page, "text"):  # what a page shows is what its commands say; "..." leaves something out
        for piece in sample.split("..."):
            assert " ".join(piece.split()) in said, piece


@pytest.mark.skipif(shutil.which("verilator") is None, reason="Verilator is not installed")
@pytest.mark.parametrize("page", PAGES)
def test_every_command_of_a_page_runs(page: str, prefix: Path, tmp_path: Path) -> None:
    run_page(page, tmp_path, TRANSOM_PREFIX=str(prefix))


def test_every_command_of_the_page_of_cocotb_runs(tmp_path: Path) -> None:
    pytest.importorskip("cocotb", reason="./dev cocotb runs this page, in build/venv")
    python = f"{Path(sys.executable).parent}:{BUILD}:{os.environ['PATH']}"
    run_page("cocotb.md", tmp_path, PATH=python, PYTHONPATH=str(PACKAGE))


def test_excerpts_stand_in_the_files_that_they_are_from() -> None:
    bench = (SOURCE / "examples/other_decoder/bench.cpp").read_text()
    header = re.sub(r"^//   ", "", (SOURCE / "sim/verify/cosim.hpp").read_text(), flags=re.MULTILINE)
    excerpts = blocks("your-decoder.md", "cpp")
    assert len(excerpts) == 2
    for excerpt in excerpts:
        assert excerpt in bench or excerpt in header
    bench = " ".join((SOURCE / "examples/cocotb/words_bench.py").read_text().split())
    excerpts = blocks("cocotb.md", "python")
    assert len(excerpts) == 1 and " ".join(excerpts[0].split()) in bench


def test_the_length_that_is_told_is_that_of_the_bench() -> None:
    told = re.search(r"Its bench has (\d+) lines", (SOURCE / "docs/your-decoder.md").read_text())
    assert told and int(told[1]) == len((SOURCE / "examples/other_decoder/bench.cpp").read_text().splitlines())
