"""measure.py — units as rtl/cost.json has them: each part measured once for each target, shares added up."""
# SPDX-License-Identifier: Apache-2.0

import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from pathlib import Path
from types import ModuleType
from typing import Any

from transom.cost import cells, gates, liberty, liberty_function, liberty_text, timing, yosys
from transom.cost.cache import Cache, Figures, digest
from transom.cost.liberty import Library
from transom.cost.yosys import MissingToolError, ToolError

from . import parts, rtlil
from .designs import SHARES, Unit
from .parts import Part, Uses, measure_cells, measure_gates, unit_parts

GENERIC = "generic"
GATES_PROGRAMS = (gates, parts, rtlil, yosys)
CELLS_PROGRAMS = (*GATES_PROGRAMS, cells, liberty, liberty_function, liberty_text, timing)

Target = tuple[str, tuple[str, ...], tuple[ModuleType, ...], Callable[[Part, Path], Figures]]


class UnitMeasurer:
    """Measures units; keeps what failed. `say` is told of each part that was measured."""

    def __init__(self, libraries: Sequence[Library], generic: bool, yosys_version: str, cache: Cache) -> None:
        self._targets: list[Target] = []
        if generic:
            self._targets.append((GENERIC, (yosys_version,), GATES_PROGRAMS, measure_gates))
        for library in libraries:
            inputs = (yosys_version, digest([library.path.read_bytes()]))
            self._targets.append((library.name, inputs, CELLS_PROGRAMS, _cells_of(library)))
        self._cache = cache
        self.failures: list[str] = []

    def measure(self, units: Sequence[Unit], workers: int) -> dict[str, Any]:
        """Entries of rtl/cost.json by name, those of which all parts could be measured."""
        uses = {unit.name: found for unit in units if (found := self._parts(unit)) is not None}
        wanted = {part: None for found in uses.values() for _, part in found}
        figures: dict[Part, dict[str, Figures]] = {}
        with ThreadPoolExecutor(max_workers=workers) as pool:
            futures = {part: pool.submit(self._measure, part) for part in wanted}
            try:
                for number, (part, future) in enumerate(futures.items(), 1):
                    self._keep(figures, part, future)
                    print(f"[{number:3}/{len(futures)}] part {part.base}", file=sys.stderr, flush=True)
            except BaseException:
                pool.shutdown(cancel_futures=True)
                raise
        return {
            unit.name: entry(unit, uses[unit.name], figures)
            for unit in units
            if unit.name in uses and all(part in figures for _, part in uses[unit.name])
        }

    def _parts(self, unit: Unit) -> Uses | None:
        with tempfile.TemporaryDirectory(prefix="transom-unit-") as folder:
            try:
                return unit_parts(unit, Path(folder))
            except MissingToolError as error:
                print(f"transom.cost: {unit.name}: {error}", file=sys.stderr)
            except (ToolError, ValueError) as error:
                self.failures.append(f"{unit.name}: {error}")
        return None

    def _measure(self, part: Part) -> dict[str, Figures]:
        found = {}
        for name, inputs, programs, measure in self._targets:
            texts = [Path(str(program.__file__)).read_bytes() for program in programs]
            key = digest([name, str(part.whole), part.text, *inputs, *texts])
            begin = time.monotonic()
            found[name], kept = self._cache.get(key, partial(measure, part))
            if not kept:
                print(f"      {part.base} {name}: {time.monotonic() - begin:.0f} s", file=sys.stderr, flush=True)
        return found

    def _keep(self, figures: dict[Part, dict[str, Figures]], part: Part, future: Future[dict[str, Figures]]) -> None:
        try:
            figures[part] = future.result()
        except (ToolError, ValueError) as error:
            self.failures.append(f"part {part.base}: {error}")


def _cells_of(library: Library) -> Callable[[Part, Path], Figures]:
    return lambda part, folder: measure_cells(part, library, folder)


def entry(unit: Unit, uses: Uses, figures: Mapping[Part, Mapping[str, Figures]]) -> dict[str, Any]:
    """A unit's entry: its logic by share, its longest path within a part, its memories by share and size."""
    found: dict[str, Any] = {
        "kind": unit.kind,
        "lanes": unit.lanes,
        "data_bits": unit.data_bits,
        "values_per_cycle": unit.values_per_cycle,
        "top": unit.top,
        "parameters": dict(unit.parameters),
    }
    targets = sorted({target for of_part in figures.values() for target in of_part}, key=lambda name: name != GENERIC)
    for target in targets:
        if target == GENERIC:
            gates = {key: _sums(uses, figures, target, key) for key in ("ge", "ff")}
            found[GENERIC] = {**gates, "memories": _memories(unit, uses, figures)}
        else:
            slowest = max((part for _, part in uses), key=lambda part: figures[part][target]["register_ps"])
            path = figures[slowest][target]
            found.setdefault("liberty", {})[target] = {
                "area_um2": _sums(uses, figures, target, "area_um2"),
                "register_ps": path["register_ps"],
                "register": f"{slowest.base}: {path['register']}",
            }
    return found


def _sums(uses: Uses, figures: Mapping[Part, Mapping[str, Figures]], target: str, key: str) -> dict[str, float]:
    sums = dict.fromkeys(SHARES, 0.0)
    for (share, part), count in uses.items():
        sums[share] += count * figures[part][target][key]
    return {share: round(total, 3) for share, total in sums.items()}


def _memories(unit: Unit, uses: Uses, figures: Mapping[Part, Mapping[str, Figures]]) -> list[dict[str, Any]]:
    """Memories with the same size in a share are one line with their count."""
    lines: dict[str, dict[str, Any]] = {}
    for (share, part), count in uses.items():
        for memory in figures[part][GENERIC]["memories"]:
            line = {**memory, "share": share, "module": part.base, "banks": unit.banks.get(part.base, 1)}
            lines.setdefault(str(line), {**line, "count": 0})["count"] += count
    return list(lines.values())
