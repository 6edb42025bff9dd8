"""by_dpi.py — the seeded faults found by dpi/transom_bench.sv: the comparator through DPI-C, told of every step."""
# SPDX-License-Identifier: Apache-2.0

import re
from functools import cache
from pathlib import Path

import stimuli
from dpi_bench import SCOREBOARD, build, simulate
from faults import number_of, spoil
from program import FINE, SOURCE
from stimuli import Finding

DIFFERENCE = re.compile(r"transom: (job \d+: lane \d+, index \d+), cycle \d+: .* Probable class: (\w+) \((\w+)\)")
PAUSES = (0, 30)  # per cent


@cache
def program(lane: str, folder: Path) -> Path:
    """The unit with all faults, without its own assertions: it is the comparator that is to see them."""
    rtl = folder / "rtl"
    rtl.mkdir(exist_ok=True)
    sources = [f"-I{SOURCE / 'rtl'}", *spoil(rtl), *SCOREBOARD, SOURCE / "dpi/transom_bench.sv"]
    kind = f"-GKind={list(stimuli.JOBS).index(lane)}"
    return build(folder / f"dpi-{lane}", "-DTRANSOM_ASSERTS_OFF", kind, sources=sources)


def find(name: str | None, lane: str, folder: Path) -> Finding | None:
    """Of a fault, or of none."""
    for pauses in PAUSES:
        for jobs in stimuli.runs(lane, folder):
            done = simulate(program(lane, folder), *jobs, pauses=pauses, fault=number_of(name) if name else 0)
            if done.returncode != FINE:
                found = DIFFERENCE.search(done.stdout)
                return Finding(*found.groups()) if found else Finding(done.stdout[-300:], "", "")
    return None
