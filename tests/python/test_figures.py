"""test_figures.py — README.md and docs/figures.md hold what their commands print.

Runs ./dev figures' package on the pages, with the program as it was built.
"""
# SPDX-License-Identifier: Apache-2.0

import os
import subprocess
import sys
from pathlib import Path

import pytest
from program import BUILD, SOURCE

sys.path.insert(0, str(SOURCE / "python"))
from transom.figures.pages import FigureError, figures, rewritten, run

PAGES = [SOURCE / "README.md", SOURCE / "docs/figures.md"]


def test_the_pages_hold_what_their_commands_print() -> None:
    if BUILD.resolve() != (SOURCE / "build").resolve():
        pytest.skip("the pages' commands are those of build/")
    command = [sys.executable, "-m", "transom.figures", "--check"]
    path = {"PYTHONPATH": str(SOURCE / "python")}
    done = subprocess.run(command, cwd=SOURCE, env=os.environ | path, capture_output=True, check=False, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_figure_has_an_output() -> None:
    for page in PAGES:
        assert all(figure.output for figure in figures(page))


def test_a_figure_that_differs_is_found(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("<!-- figures: echo 2 -->\n```text\n1\n```\n", encoding="utf-8")
    command = [sys.executable, "-m", "transom.figures", "--check", str(page)]
    path = {"PYTHONPATH": str(SOURCE / "python")}
    done = subprocess.run(command, cwd=SOURCE, env=os.environ | path, capture_output=True, check=False, text=True)
    assert done.returncode == 1
    assert "-1\n+2\n" in done.stdout
    page.write_text(
        rewritten(page.read_text(encoding="utf-8"), lambda _, command: run(command, tmp_path)), encoding="utf-8"
    )
    assert "\n2\n" in page.read_text(encoding="utf-8")


def test_a_page_without_figures_and_a_command_that_fails_are_errors(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("no figure", encoding="utf-8")
    with pytest.raises(FigureError, match="no figure"):
        list(figures(page))
    with pytest.raises(FigureError, match="exit code 3"):
        run("exit 3", tmp_path)
