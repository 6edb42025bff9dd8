"""sweep_bench.py — what the tests of transom sweep share: a trace, a program, sweeps of both.

Sweeps run through TRANSOM_BUILD/transom on a cut of the committed trace. Their program is a script that
counts what it runs, can be slow and can fail, in front of the real one.
"""
# SPDX-License-Identifier: Apache-2.0

import json
import shutil
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from program import BUILD, FINE, TRACE, run

FAILED = 1
GRID = ["--coding", "apack-tans,apack-ac", "--lanes", "1,4", "--table-log", "8,10", "--mem-bytes-per-cycle", "2,8.0"]
N_POINTS, N_SKIPPED, N_CONTAINERS, N_LAYERS = 12, 4, 6, 3
SECONDS = 120  # until a process that hangs is given up


class Bench:
    """A trace, a program that counts its runs, and sweeps of both."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.trace = folder / "cut"
        self.log = folder / "runs"
        self.slow = folder / "slow"  # while it exists, a simulation takes longer
        self.broken = folder / "broken"  # while it exists, a simulation of 4 arithmetic lanes fails
        self.program = folder / "program"
        self._cut_trace()
        self.program.write_text(
            f"#!/bin/sh\necho $1 >> {self.log}\n"
            f"if [ $1 = sim ] && [ -e {self.slow} ]; then sleep 0.3; fi\n"
            f'case "$*" in sim*lanes\\ 4*) [ -e {self.broken} ] && [ $(od -An -tu1 -j16 -N1 $2) = 5 ] && '  # apack-ac
            "echo it is, broken >&2 && exit 3;; esac\n"
            f'exec {BUILD / "transom"} "$@"\n'
        )
        self.program.chmod(0o755)

    def _cut_trace(self) -> None:
        manifest = json.loads((TRACE / "manifest.json").read_text())
        small = [entry for entry in manifest["tensors"] if 500 < entry["n"] < 12_000][:N_LAYERS]
        assert len(small) == N_LAYERS
        self.trace.mkdir()
        for entry in small:
            shutil.copy(TRACE / entry["file"], self.trace)
        (self.trace / "manifest.json").write_text(json.dumps({**manifest, "tensors": small}))

    def arguments(self, output: Path, *more: object, grid_options: list[str] = GRID) -> list[str]:
        fixed = ["sweep", self.trace, "-o", output, "--program", self.program]
        return [str(word) for word in [BUILD / "transom", *fixed, *grid_options, *more]]

    def sweep(
        self, output: Path, *more: object, code: int = FINE, **options: list[str]
    ) -> subprocess.CompletedProcess[str]:
        done = run(*self.arguments(output, *more, **options), seconds=SECONDS)
        assert done.returncode == code, f"{done.returncode}\n{done.stdout}\n{done.stderr}"
        assert "Traceback" not in done.stderr
        return done

    def runs(self, verb: str) -> int:
        """How often the program ran this verb since the last call."""
        words = self.log.read_text().split() if self.log.exists() else []
        self.log.unlink(missing_ok=True)
        return words.count(verb)


def tables(folder: Path) -> tuple[bytes, bytes]:
    return (folder / "sweep.csv").read_bytes(), (folder / "layers.csv").read_bytes()


def wait_until(what: Callable[[], bool], process: subprocess.Popen[Any]) -> None:
    end = time.monotonic() + SECONDS
    while not what():
        assert process.poll() is None, f"the sweep ended too soon: {process.returncode}"
        assert time.monotonic() < end
        time.sleep(0.02)


def n_finished(folder: Path) -> int:
    file = folder / "sweep.csv"
    return max(0, file.read_bytes().count(b"\n") - 1) if file.exists() else 0
