"""report.py — energies as text, as rtl/energy.json and as a region of rtl/COST.md.

No dates and no run times: the same sources, tools and libraries give the same bytes.
"""
# SPDX-License-Identifier: Apache-2.0

import json
import math
import textwrap
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from transom import spec
from transom.cost.page import Region
from transom.cost.unit.estimate import ASAP7
from transom.cost.unit.memory import SOURCE, Memory
from transom.files import write_whole

REGION = Region("energy", "./dev energy --write")
PARTS = ("nets", "gates", "flip_flops", "clock", "leakage")


def to_text(energy: Mapping[str, Any]) -> str:
    """The file's text."""
    return json.dumps(energy, indent=1) + "\n"


def table(energy: Mapping[str, Any]) -> list[list[str]]:
    """Rows of text: header, then a row per unit and library."""
    traces = energy["traces"]
    rows = [["unit", "library", *(f"pJ/value, {trace}" for trace in traces), *PARTS, "memories", "all", "by module"]]
    for name, design in energy["designs"].items():
        for library, figures in design["liberty"].items():
            of = figures["traces"]
            first = of[traces[0]]
            memories = memories_pj(design["kind"], library, figures)
            rows.append(
                [name, library, *(number(of[trace]["pj_per_value"]) for trace in traces)]
                + [number(first["parts"][part]) for part in PARTS]
                + ([number(memories), number(memories + first["pj_per_value"])] if memories is not None else ["-"] * 2)
                + [_largest(first["modules"], first["pj_per_value"])]
            )
    return rows


def memories_pj(kind: str, library: str, figures: Mapping[str, Any]) -> float | None:
    """pJ per value of reading the table, once a step, and the rows, once a value; None without a model of the node."""
    if library != ASAP7:
        return None
    *tables, rows = figures["memories_not_counted"]
    of_rows = Memory(rows["words"], rows["bits"], banks=2)
    of_tables = [Memory(one["words"], one["bits"], write_words=spec.LOAD_ENTRIES, banks=2) for one in tables]
    return of_rows.read_pj() + sum(one.read_pj() for one in of_tables) / spec.VALUES_PER_BEAT[kind]


def _largest(modules: Mapping[str, float], total: float) -> str:
    """The modules with at least a tenth of the whole, in percent."""
    largest = sorted(modules.items(), key=lambda item: (-item[1], item[0]))
    return ", ".join(f"{name} {100 * pj / total:.0f} %" for name, pj in largest if 10 * pj >= total)


def number(value: float) -> str:
    """Three digits, but no more than four behind the point."""
    digits = min(4, max(0, 2 - math.floor(math.log10(abs(value))))) if value else 0
    return f"{value:.{digits}f}"


def as_text(rows: Iterable[list[str]]) -> str:
    """Columns, the first two and the last to the left."""
    rows = list(rows)
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    last = len(widths) - 1
    return "\n".join(
        "  ".join(
            cell.ljust(width) if i in (0, 1, last) else cell.rjust(width)
            for i, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    )


def region(energy: Mapping[str, Any]) -> str:
    """The region's text: what the figures are of, and the table."""
    rows = table(energy)
    rule = ["---", "---", *["---:"] * (len(rows[0]) - 3), "---"]
    lines = [_line(rows[0]), _line(rule), *(_line([f"`{row[0]}`", *row[1:]]) for row in rows[1:])]
    text = textwrap.fill(" ".join(_notes(energy)), 120, break_long_words=False, break_on_hyphens=False)
    return "\n".join([text, "", *lines])


def _notes(energy: Mapping[str, Any]) -> Iterator[str]:
    """What the figures are of, sentence by sentence."""
    yield f"pJ per value of a unit with one lane and R = {energy['table_log']}, decoding; parts and modules are of the"
    yield f"first trace. Of a trace's {energy['tensors']} largest tensors the first {energy['clocks']} clocks are"
    yield "replayed; those after the table's load count for the whole tensor. Leakage is that of a period of"
    yield f"{energy['leakage_mhz']:g} MHz, which every unit reaches. Tools: {', '.join(energy['tools'].values())}."
    yield "*Memories* are a read of the table for each step (pairs: half of one for a value; arithmetic: none, its"
    yield "counts are flip-flops, and counted) and one of the rows for each value, of macros at 7 nm by the model of"
    yield f"`python/transom/cost/unit/memory.py` ({SOURCE}); *all* has them and the first trace's. What a whole unit"
    yield "and DRAM take for a network, against reading raw: `./dev energy network TRACE`."


def _line(cells: Iterable[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def write(energy: Mapping[str, Any], json_file: Path, page: Path) -> None:
    """Replaces the file and the page's region. Raises ValueError, OSError."""
    REGION.rewrite(page, region(energy))
    write_whole(json_file, to_text(energy))
