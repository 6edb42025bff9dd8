"""measure.py — all that was asked for, measured in parallel, and put together into the cost of designs.

A unit is its lanes and the shell around them (memories, counts, wiring), mapped apart and added up: lanes
share no logic. What cannot be measured here, for want of a tool, says so in its place.
"""
# SPDX-License-Identifier: Apache-2.0

import sys
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path

from . import designs, gates, yosys
from .cache import Cache, Figures, digest
from .designs import KINDS, Design, all_designs, sources
from .gates import measure_gates
from .yosys import MissingTool, ToolError

GENERIC = "generic"
PROGRAMS = (designs, gates, yosys)  # whose text the figures depend on


@dataclass(frozen=True)
class Job:
    """One measurement: of a lane, of a shell, or of a whole design that is placed. `inputs` besides the sources."""

    design: Design
    target: str
    table_log: int
    inputs: tuple[str, ...]
    measure: Callable[[Design, int, Path], Figures]

    @property
    def label(self) -> str:
        return f"{self.design.name} {self.target}"

    def key(self) -> str:
        """The digest of everything that the figures depend on."""
        programs = [Path(str(module.__file__)) for module in PROGRAMS]
        texts = sources(self.design, self.table_log)
        return digest(
            [self.design.name, self.target, *self.inputs, *(program.read_bytes() for program in programs)]
            + [part for file in texts.items() for part in file]
        )


def lane_of(design: Design) -> Design:
    """The lane that a unit has N of; a lane itself."""
    return all_designs()[KINDS[design.kind][1]]


def run_jobs(jobs: Sequence[Job], cache: Cache, workers: int) -> tuple[dict[tuple[str, str], Figures], list[str]]:
    """Figures by (design, target), and the failures. A missing tool is a figure {"not_measured": reason}."""
    found: dict[tuple[str, str], Figures] = {}
    failures: list[str] = []
    unique = {(job.design.name, job.target): job for job in jobs}
    with ThreadPoolExecutor(max_workers=workers) as pool:
        futures: dict[Future[tuple[Figures, str]], Job] = {
            pool.submit(_run, job, cache): job for job in unique.values()
        }
        for number, future in enumerate(as_completed(futures), 1):
            job = futures[future]
            try:
                found[job.design.name, job.target], how = future.result()
            except MissingTool as error:
                found[job.design.name, job.target], how = {"not_measured": str(error)}, str(error)
            except (ToolError, ValueError) as error:
                failures.append(f"{job.label}: {error}")
                found[job.design.name, job.target], how = {"not_measured": "failed"}, "failed"
            print(f"[{number:3}/{len(unique)}] {job.label}: {how}", file=sys.stderr, flush=True)
    return found, failures


def _run(job: Job, cache: Cache) -> tuple[Figures, str]:
    begin = time.monotonic()
    figures, kept = cache.get(job.key(), lambda folder: job.measure(job.design, job.table_log, folder))
    return figures, "kept" if kept else f"{time.monotonic() - begin:.0f} s"
