"""dpi_bench.py — dpi/transom_bench.sv, built with Verilator around a copy of the unit, and run."""
# SPDX-License-Identifier: Apache-2.0

import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

from program import BUILD, SOURCE, run

LIBRARY = BUILD / "libtransom_dpi.so"
SCOREBOARD = [SOURCE / "dpi/transom_pkg.sv", SOURCE / "dpi/transom_scoreboard.sv"]
FLAGS = ["--binary", "--timing", "-Wno-lint", "--x-initial", "fast", "-CFLAGS", "-O0"]


def verilate(folder: Path, *options: object, top: str, sources: Sequence[object]) -> Path:
    """The simulation, as a program."""
    cache = {"OBJCACHE": "ccache", "CCACHE_NOHASHDIR": "1"} if shutil.which("ccache") else {}
    make = "OPT_FAST=-O0 OPT_SLOW=-O0 OPT_GLOBAL=-O0"
    command = ["verilator", *FLAGS, *options, "--top-module", top, "--Mdir", folder, *sources]
    done = run(*command, "-MAKEFLAGS", make, env={**os.environ, **cache})
    assert done.returncode == 0, done.stderr[-4000:]
    return folder / f"V{top}"


def build(folder: Path, *options: object, top: str = "transom_bench", sources: Sequence[object]) -> Path:
    """The same, with the library."""
    link = f"-L{BUILD} -ltransom_dpi -Wl,-rpath,{BUILD}"
    return verilate(folder, *options, "-LDFLAGS", link, top=top, sources=sources)


def simulate(program: Path, *files: Path, **plusargs: object) -> subprocess.CompletedProcess[str]:
    more = [f"+{name}={value}" for name, value in plusargs.items()]
    return run(program, "+file=" + ",".join(map(str, files)), *more, "+verilator+seed+1", cwd=program.parent)
