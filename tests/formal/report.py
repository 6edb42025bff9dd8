"""report.py — results as a table; a counterexample as a wave file, and its last clocks as text."""
# SPDX-License-Identifier: Apache-2.0

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .engine import Trace
    from .jobs import Result
    from .proofs import Proof

CLOCKS = 8  # of a counterexample that are printed


def table(results: list[Result]) -> str:
    rows = [[r.name, r.what, r.method, f"{r.seconds:.0f} s", r.verdict] for r in results]
    head = ["proof", "what", "method", "time", "verdict"]
    widths = [max(len(row[i]) for row in [head, *rows]) for i in range(len(head))]
    lines = [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in [head, *rows]
    ]
    bad = sum(not r.good for r in results)
    return "\n".join(
        [
            *lines,
            f"{len(results)} run, {bad} not as they should be" if bad else f"{len(results)} run, all as they should be",
        ]
    )


def listing(proofs: list[Proof]) -> str:
    lines = ["| proof | of | parameters | method | what |", "| --- | --- | --- | --- | --- |"]
    for p in proofs:
        parameters = ", ".join(f"{name} {value}" for name, value in p.parameters.items())
        lines.append(
            f"| `{p.name}` | {', '.join(f'`{m}`' for m in p.modules)} | {parameters} | {p.method} | {p.what} |"
        )
    return "\n".join(lines)


def counterexample(trace: Trace, folder: Path) -> str:
    path = folder / "trace.vcd"
    path.write_text(_vcd(trace))
    first = max(0, len(trace.clocks) - CLOCKS)
    shown = [name for name in sorted(trace.widths) if "." not in name and len({c[name] for c in trace.clocks}) > 1]
    wide = max(map(len, shown), default=0)
    lines = [f"{', '.join(trace.failed)} fails in clock {len(trace.clocks) - 1}; {path}"]
    for name in shown:
        values = " ".join(f"{clock[name]:x}".rjust(8) for clock in trace.clocks[first:])
        lines += [f"  {name.ljust(wide)} {values}"]
    return "\n".join(lines)


def _vcd(trace: Trace) -> str:
    names = sorted(trace.widths)
    mark = {name: f"s{i}" for i, name in enumerate(names)}
    lines = ["$timescale 1ns $end", "$scope module properties $end"]
    lines += [f"$var wire {trace.widths[name]} {mark[name]} {name} $end" for name in names]
    lines += ["$upscope $end", "$enddefinitions $end"]
    for number, clock in enumerate(trace.clocks):
        lines.append(f"#{number * 10}")
        lines += [f"b{clock[name]:b} {mark[name]}" for name in names]
    return "\n".join([*lines, f"#{len(trace.clocks) * 10}", ""])
