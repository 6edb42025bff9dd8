"""bench.py — dpi/transom_bench.sv, built with Verilator around a copy of the unit, and run.

SPDX-License-Identifier: Apache-2.0
"""

import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

from program import BUILD, SOURCE, run

LIBRARY = BUILD / "libtransom_dpi.so"
SV = [SOURCE / "dpi" / f"transom_{name}.sv" for name in ("pkg", "scoreboard", "bench")]
FLAGS = "--binary --timing -Wno-fatal -Wno-lint --x-initial fast -CFLAGS -O0 --top-module transom_bench".split()


def build(folder: Path, *options: object, rtl: Sequence[object]) -> Path:
    """The simulation, as a program."""
    environment = {**os.environ, "OBJCACHE": "ccache" if shutil.which("ccache") else ""}
    link = f"-L{BUILD} -ltransom_dpi -Wl,-rpath,{BUILD}"
    make = "OPT_FAST=-O0 OPT_SLOW=-O0 OPT_GLOBAL=-O0"
    command = ["verilator", *FLAGS, *options, "--Mdir", folder, *rtl, *SV, "-LDFLAGS", link, "-MAKEFLAGS", make]
    done = run(*command, env=environment)
    assert done.returncode == 0, done.stderr[-4000:]
    return folder / "Vtransom_bench"


def simulate(program: Path, *files: Path, **plusargs: object) -> subprocess.CompletedProcess[str]:
    more = [f"+{name}={value}" for name, value in plusargs.items()]
    return run(program, "+file=" + ",".join(map(str, files)), *more, "+verilator+seed+1", cwd=program.parent)
