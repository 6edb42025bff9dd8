"""measure.py — what was asked for, as jobs that run in parallel, and their figures as the cost of designs.

A unit is its lanes and the shell around them (memories, counts, wiring), mapped apart and added up: lanes
share no logic. Only clocks of FPGAs are of a whole design, and only of one that has room.
"""
# SPDX-License-Identifier: Apache-2.0

import sys
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

from . import cells, designs, fpga, gates, liberty, liberty_function, liberty_text, timing, wrapper, yosys
from .cache import Cache, Figures, digest
from .cells import measure_cells
from .cost import cells_cost, describe, fpga_cost, generic_cost
from .designs import KINDS, Design, all_designs, sources
from .fpga import DEVICES, Device, count_resources, place
from .gates import measure_gates
from .liberty import Library, nand2_area
from .unit.designs import Unit
from .unit.measure import GENERIC, UnitMeasurer
from .yosys import MissingToolError, ToolError

PLACE_LUTS = 32_000  # a design of more is not placed, for want of time and not of room
SMALL_TABLE_LOG = 8  # tried where only the memories of a larger table find no room
# Modules whose text figures depend on.
GATES_PROGRAMS = (designs, gates, yosys)
CELLS_PROGRAMS = (*GATES_PROGRAMS, cells, liberty, liberty_function, liberty_text, timing)
FPGA_PROGRAMS = (designs, fpga, gates, wrapper, yosys)


@dataclass(frozen=True)
class Job:
    """One measurement, of a lane, a shell or a whole design; `inputs` are those besides the sources."""

    design: Design
    target: str
    table_log: int
    inputs: tuple[str, ...]
    programs: tuple[ModuleType, ...]
    measure: Callable[[Design, int, Path], Figures]

    def key(self) -> str:
        """The digest of everything that the figures depend on, this program included."""
        programs = [Path(str(module.__file__)).read_bytes() for module in self.programs]
        texts = [part for file in sources(self.design, self.table_log).items() for part in file]
        return digest([self.design.name, self.target, *self.inputs, *programs, *texts])


@dataclass(frozen=True)
class Request:
    """What to measure: designs, whole units, targets ("generic", names of DEVICES), libraries; with which tools."""

    designs: Sequence[Design]
    units: Sequence[Unit]
    targets: Sequence[str]
    libraries: Sequence[Library]
    table_log: int
    versions: dict[str, str]


class Measurer:
    """Runs jobs, each once; keeps figures and what failed."""

    def __init__(self, request: Request, cache: Cache, workers: int) -> None:
        self._request = request
        self._cache = cache
        self._workers = workers
        self._found: dict[tuple[str, str], Figures] = {}
        self.failures: list[str] = []

    def measure(self) -> dict[str, Any]:
        """The cost of what was requested, in the form of cost.json."""
        request = self._request
        parts = {part.name: part for design in request.designs for part in _parts(design)}
        self._run([job for part in parts.values() for job in self._jobs(part)])
        devices = [DEVICES[target] for target in request.targets if target in DEVICES]
        self._run([job for device in devices for design in request.designs for job in self._places(device, design)])
        return {
            "table_log": request.table_log,
            "tools": request.versions,
            "libraries": {
                library.name: {"nand2_um2": nand2_area(library), "volt": library.nom_voltage}
                for library in self._logic()
            },
            "designs": {design.name: self._entry(design) for design in request.designs},
            "units": self._units(),
        }

    def _units(self) -> dict[str, Any]:
        request = self._request
        generic = GENERIC in request.targets
        if not request.units or not (generic or self._logic()):
            return {}
        measurer = UnitMeasurer(self._logic(), generic, request.versions["yosys"], self._cache)
        found = measurer.measure(request.units, self._workers)
        self.failures += measurer.failures
        return found

    def _logic(self) -> list[Library]:
        return [library for library in self._request.libraries if library.has_logic]

    def _jobs(self, part: Design) -> list[Job]:
        request, yosys_version = self._request, self._request.versions["yosys"]
        jobs = []
        if GENERIC in request.targets:
            jobs.append(Job(part, GENERIC, request.table_log, (yosys_version,), GATES_PROGRAMS, measure_gates))
        for library in self._logic():
            inputs = (yosys_version, digest([library.path.read_bytes()]))
            jobs.append(Job(part, library.name, request.table_log, inputs, CELLS_PROGRAMS, _cells_job(library)))
        for device in DEVICES.values():
            if device.name in request.targets:
                logs = {request.table_log} | ({min(request.table_log, SMALL_TABLE_LOG)} if part.unit else set())
                jobs += [self._count(device, part, log) for log in sorted(logs) if _has_table_log(part, log)]
        return jobs

    def _count(self, device: Device, part: Design, table_log: int) -> Job:
        def measure(design: Design, log: int, folder: Path) -> Figures:
            return count_resources(device, design, log, folder)

        target = f"{device.name} R={table_log}"
        return Job(part, target, table_log, (self._request.versions["yosys"],), FPGA_PROGRAMS, measure)

    def _places(self, device: Device, design: Design) -> list[Job]:
        """Placement at the request's table log; where only memories find no room, at SMALL_TABLE_LOG."""
        log = self._table_log_that_fits(device, design)
        if log is None:
            return []

        def measure(whole: Design, table_log: int, folder: Path) -> Figures:
            return place(device, whole, table_log, folder)

        versions = self._request.versions
        inputs = (versions["yosys"], versions[f"nextpnr-{device.name}"])
        return [Job(design, f"{device.name} placed", log, inputs, FPGA_PROGRAMS, measure)]

    def _counts(self, device: Device, design: Design, table_log: int) -> Figures | None:
        # A lane's logic hardly depends on its table log; the memories do.
        lane = self._found.get((_lane(design).name, f"{device.name} R={self._request.table_log}"))
        shell = self._found.get((design.name, f"{device.name} R={table_log}")) if design.unit else None
        if lane is None or (design.unit and shell is None):
            return None
        return fpga_cost(lane, shell, design.lanes)

    def _table_log_that_fits(self, device: Device, design: Design) -> int | None:
        for log in (self._request.table_log, SMALL_TABLE_LOG):
            counts = self._counts(device, design, log)
            if counts and "not_measured" not in counts and not _obstacle(device, counts):
                return log
        return None

    def _entry(self, design: Design) -> dict[str, Any]:
        entry = describe(design)
        lane, shell = _lane(design).name, design.name if design.unit else None
        if (lane, GENERIC) in self._found:
            entry[GENERIC] = generic_cost(*self._pair(lane, shell, GENERIC), design.lanes)
        for device in DEVICES.values():
            if device.name in self._request.targets:
                entry[device.name] = self._fpga_entry(device, design)
        costs = {
            library.name: cells_cost(*self._pair(lane, shell, library.name), design.lanes) for library in self._logic()
        }
        return {**entry, "liberty": costs} if costs else entry

    def _pair(self, lane: str, shell: str | None, target: str) -> tuple[Figures, Figures | None]:
        return self._found[lane, target], self._found[shell, target] if shell else None

    def _fpga_entry(self, device: Device, design: Design) -> Figures:
        counts = self._counts(device, design, self._request.table_log) or {"not_measured": "failed"}
        if "not_measured" in counts:
            return counts
        log = self._table_log_that_fits(device, design)
        placed = self._found.get((design.name, f"{device.name} placed"), {})
        if "not_measured" in placed:
            placed = {"fmax_mhz": None, "unplaced": placed["not_measured"]}
        if log == self._request.table_log:
            return {"part": device.part, **counts, **placed}
        entry = {"part": device.part, **counts, "fmax_mhz": None, "unplaced": _obstacle(device, counts)}
        if log is not None:
            small = self._counts(device, design, log) or {}
            entry["smaller_table"] = {"table_log": log, **small, **placed}
        return entry

    def _run(self, jobs: Sequence[Job]) -> None:
        """Runs jobs in parallel. A missing tool is a figure {"not_measured": reason}."""
        pool = ThreadPoolExecutor(max_workers=self._workers)
        try:
            futures: dict[Future[tuple[Figures, str]], Job] = {pool.submit(self._one, job): job for job in jobs}
            for number, future in enumerate(as_completed(futures), 1):
                job = futures[future]
                how = self._keep(job, future)
                print(f"[{number:3}/{len(jobs)}] {job.design.name} {job.target}: {how}", file=sys.stderr, flush=True)
        finally:
            pool.shutdown(cancel_futures=True)

    def _keep(self, job: Job, future: Future[tuple[Figures, str]]) -> str:
        """Keeps a job's figures; returns how it went."""
        try:
            figures, how = future.result()
        except MissingToolError as error:
            figures, how = {"not_measured": str(error)}, str(error)
        except (ToolError, ValueError) as error:
            self.failures.append(f"{job.design.name} {job.target}: {error}")
            figures, how = {"not_measured": "failed"}, "failed"
        self._found[job.design.name, job.target] = figures
        return how

    def _one(self, job: Job) -> tuple[Figures, str]:
        begin = time.monotonic()
        figures, kept = self._cache.get(job.key(), lambda folder: job.measure(job.design, job.table_log, folder))
        return figures, "kept" if kept else f"{time.monotonic() - begin:.0f} s"


def _lane(design: Design) -> Design:
    """The lane that a unit has N of; a lane itself."""
    return all_designs()[KINDS[design.kind][1]]


def _parts(design: Design) -> list[Design]:
    return [_lane(design), design] if design.unit else [design]


def _has_table_log(design: Design, table_log: int) -> bool:
    try:
        design.parameters(table_log)
    except ValueError:
        return False
    return True


def _obstacle(device: Device, counts: Figures) -> str:
    """Why a design is not placed: "36 of 32 ram"; "" if nothing is in the way."""
    for resource, room in device.capacity.items():
        if counts[resource] > room:
            return f"does not fit: {counts[resource]} of {room} {resource}"
    if counts["lut"] > PLACE_LUTS:
        return f"fits, but is not placed: {counts['lut']} lut, more than {PLACE_LUTS} take too long"
    return ""


def _cells_job(library: Library) -> Callable[[Design, int, Path], Figures]:
    return lambda design, table_log, folder: measure_cells(design, table_log, library, folder)
