"""by_vectors.py — the seeded faults found by rtl/bench/lane_bench.sv, which knows files of vectors alone.

The bench says where the unit first differs. What the unit told up to then and a little further is recorded, and the
comparator is told of it afterwards, for the class.
"""
# SPDX-License-Identifier: Apache-2.0

import os
import re
from collections import defaultdict
from functools import cache
from pathlib import Path

import stimuli
from dpi_bench import verilate
from faults import number_of, spoil
from program import FINE, SOURCE, run
from stimuli import Finding

from transom.container import read_container
from transom.spec import STATUSES, STREAMS_PER_LANE
from transom.verify import Cosim

LANES = 2
GO_ON = 400  # clocks behind the first difference
SHORT, ALL = 2000, 2**31 - 1  # values of a vector
RUNS = ((0, SHORT), (3, SHORT), (0, ALL))  # pattern of stalls.hex (0: none, 3: all ports), and the longest vector
DONE_CLOCKS = 2  # from a job's last value, with which the next job's first step may come, to its end
Event = tuple[int, str, list[int]]


def _parameter(file: Path, name: str) -> int:
    found = re.search(rf"localparam int {name} = (\d+);", file.read_text())
    assert found, f"{file}: no {name}"
    return int(found[1])


@cache
def _program(lane: str, folder: Path) -> Path:
    rtl = folder / "rtl"
    rtl.mkdir(exist_ok=True)
    bench = SOURCE / "rtl/bench"
    include = [f"-I{path}" for path in (_lane(lane, folder), bench, SOURCE / "rtl")]
    own = [bench / "lane_dut.sv", bench / "lane_bench.sv", SOURCE / "tests/seeded/recorder.sv"]
    options = [f"-GLanes={LANES}", "-DTRANSOM_ASSERTS_OFF", *include]
    return verilate(folder / f"vectors-{lane}", *options, top="lane_bench", sources=[*spoil(rtl), *own])


def _lane(lane: str, folder: Path) -> Path:
    return stimuli.vectors(folder) / "lanes" / lane


def _jobs(lane: str, folder: Path, stream: int, most: int) -> list[tuple[str, int]]:
    """Vector and its stream of each job that a stream of the unit has, in order, as lane_bench.sv gives them out."""
    n_unit = LANES * STREAMS_PER_LANE[lane]
    jobs = []
    for line in (_lane(lane, folder) / "names.hex").read_text().split():
        name = bytes.fromhex(line).strip(b"\0").decode()
        file = stimuli.vectors(folder) / name / "params.svh"
        if _parameter(file, "VALUES") <= most:
            jobs += [(name, first + stream) for first in range(0, _parameter(file, "STREAMS"), n_unit)
                     if first + stream < _parameter(file, "STREAMS")]  # fmt: skip
    return jobs


def _told(file: Path) -> dict[int, list[list[Event]]]:
    """What each stream of the unit told, in order, job by job."""
    events: dict[int, list[Event]] = defaultdict(list)
    for line in file.read_text().splitlines(keepends=True):
        if line.endswith("\n"):  # the last one may be cut
            clock, stream, kind, *numbers = line.split()
            events[int(stream)].append((int(clock), kind, [int(number) for number in numbers]))
    return {stream: _by_job(told) for stream, told in events.items()}


def _by_job(told: list[Event]) -> list[list[Event]]:
    jobs: list[list[Event]] = [[]]
    for event in told:
        clock, kind, _ = event
        if kind != "end":
            jobs[-1].append(event)
            continue
        last = {"step": clock - DONE_CLOCKS - 1, "value": clock - DONE_CLOCKS}  # clocks of this job
        early = [(at, what, numbers) for at, what, numbers in jobs[-1] if at > last[what]]
        jobs[-1] = [before for before in jobs[-1] if before not in early] + [event]
        jobs.append(early)
    return jobs


def _diagnose(vector: str, lane: str, folder: Path, most: int, *, hangs: bool) -> tuple[str, str]:
    """The class and how sure it is."""
    [tensor] = read_container(stimuli.vectors(folder) / vector / "tensor.tsm")
    cosim, names = Cosim(tensor), {number: name for name, number in STATUSES.items()}
    told = _told(folder / "told.txt")
    for stream, jobs in told.items():
        for (name, lane_of), events in zip(_jobs(lane, folder, stream, most), jobs, strict=False):
            if name != vector:
                continue
            position = {"rans": 32, "arith": 16}.get(lane, tensor.code.table_log)
            for clock, kind, numbers in events:
                cosim.at(clock)
                if kind == "step":
                    position += numbers[2]
                    cosim.step(lane_of, numbers[0], numbers[1], position)
                elif kind == "value":
                    cosim.value(lane_of, numbers[0])
                else:
                    cosim.end(lane_of, names[numbers[0]])
    if hangs:
        cosim.finish()
    found = cosim.first()
    return (found.fault, found.confidence) if found else ("", "")


def find(name: str | None, lane: str, folder: Path) -> Finding | None:
    """Of a fault, or of none."""
    for stalls, most in RUNS:
        plusargs = {"vectors": stimuli.vectors(folder), "most": most, "stalls": stalls, "go_on": GO_ON,
                    "told": folder / "told.txt", "fault": number_of(name) if name else 0}  # fmt: skip
        done = run(_program(lane, folder), *(f"+{key}={value}" for key, value in plusargs.items()), env=os.environ)
        if done.returncode != FINE:
            found = re.search(r"lane_bench: (\w+): (stream \d+, index \d+|stream \d+ of the unit waits)", done.stdout)
            if not found:
                return Finding(done.stdout[-300:], "", "")
            told = _diagnose(found[1], lane, folder, most, hangs="waits" in found[2])
            return Finding(f"{found[1]}: {found[2]}", *told)
    return None
