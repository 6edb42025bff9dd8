"""report.py — report.html: the sweep on one page that needs nothing but itself.

plotly.js (Debian's python3-plotly) is inside once; the page's policy forbids every connection. All
that comes from a trace is escaped, in HTML, in scripts and in plotly's own markup.
"""
# SPDX-License-Identifier: Apache-2.0

import html
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from plotly.offline import get_plotlyjs

from transom_cost.unit.estimate import DRAM_PJ_PER_BIT, DRAM_SOURCE
from transom_cost.unit.memory import SOURCE

from . import analysis, plots
from .grid import AUTO
from .peers import read_peers
from .rows import Row

STYLE = """
:root { color-scheme: light; }
body { margin: 0; background: #F5F7FA; color: #1F2933; font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto,
  "DejaVu Sans", sans-serif; }
main { max-width: 1180px; margin: 0 auto; padding: 24px 20px 60px; }
h1 { font-size: 28px; margin: 8px 0 2px; } h2 { font-size: 19px; margin: 0 0 6px; }
section { background: #FFF; border: 1px solid #E4E7EB; border-radius: 8px; padding: 18px 20px; margin: 16px 0; }
p { margin: 4px 0 10px; max-width: 92ch; } .quiet { color: #616E7C; }
.tiles { display: flex; flex-wrap: wrap; gap: 12px; margin: 16px 0 0; }
.tile { flex: 1; min-width: 150px; background: #FFF; border: 1px solid #E4E7EB; border-radius: 8px;
  padding: 10px 16px; }
.tile b { display: block; font-size: 24px; line-height: 1.3; } .tile span { color: #616E7C; font-size: 13px; }
.wide { overflow-x: auto; } table { border-collapse: collapse; font-size: 13px; width: 100%; }
th { text-align: left; color: #52606D; font-weight: 600; border-bottom: 2px solid #CBD2D9; vertical-align: bottom; }
td, th { padding: 5px 10px 5px 0; } td { border-bottom: 1px solid #EDF0F2; vertical-align: top; }
td.n, th.n { text-align: right; } td.n { font-variant-numeric: tabular-nums; white-space: nowrap; }
th { max-width: 9em; } td { overflow-wrap: anywhere; min-width: 4em; } td:first-child { min-width: 8.5em; }
tr.own td { background: #F0F7F4; } .plot { width: 100%; min-height: 480px; }
pre { background: #F5F7FA; border-radius: 6px; padding: 10px 12px; margin: 6px 0 12px; white-space: pre-wrap;
  word-break: break-word; font-size: 13px; }
"""
POLICY = "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data: blob:"
NOT_COMPARABLE = (
    "Not comparable one to one: symbols differ (bytes, bits, whole values; a dictionary coder's bytes are mostly "
    "copies), so do nodes and clocks, and most sources state no area. Nothing is scaled between nodes. "
    "Transom's rates are simulated on this trace with its memory and consumer; its clock is not stated, so it "
    "has no values per second here."
)


@dataclass(frozen=True)
class Sweep:
    """What the report is about. rows: finished points; failed: (point in words, error)."""

    summary: Mapping[str, Any]
    rows: Sequence[Row]
    failed: Sequence[tuple[str, str]]
    layers: Mapping[str, Sequence[Row]]  # coding -> those of its best point


def _table(header: Sequence[str], rows: Iterable[Sequence[str]], own: int = 0) -> str:
    """Cells are HTML; a column whose header begins with # is of numbers. The first `own` rows are marked."""
    kinds = [' class="n"' if title.startswith("#") else "" for title in header]
    head = "".join(f"<th{kind}>{title.lstrip('#')}</th>" for kind, title in zip(kinds, header, strict=True))
    lines = [
        f"<tr{' class=own' if index < own else ''}>"
        + "".join(f"<td{kind}>{cell}</td>" for kind, cell in zip(kinds, row, strict=True))
        + "</tr>"
        for index, row in enumerate(rows)
    ]
    return f'<div class="wide"><table><thead><tr>{head}</tr></thead><tbody>{"".join(lines)}</tbody></table></div>'


def _section(title: str, *parts: str) -> str:
    return f"<section><h2>{title}</h2>{''.join(parts)}</section>"


def _plot(name: str, figure: plots.Figure) -> str:
    """A div with this id, and the script that fills it."""
    text = json.dumps([figure["data"], figure["layout"]]).replace("<", "\\u003c")
    draw = f'const [d, l] = {text}; Plotly.newPlot("{name}", d, l, {{displaylogo: false, responsive: true}});'
    return f'<div class="plot" id="{name}"></div><script>{{{draw}}}</script>'


def _paragraph(text: str) -> str:
    return f"<p>{text}</p>"


def _quiet(text: str) -> str:
    return f'<p class="quiet">{text}</p>'


def _number(text: str) -> str:
    return f"{round(float(text)):,}" if text else "–"


def _figure(value: float | None, pattern: str = "{:,.4g}") -> str:
    return "–" if value is None else pattern.format(value)


def _speed(per_second: float | None) -> str:
    return "–" if per_second is None else f"{per_second / 1e9:.3g} G"


def _tiles(sweep: Sweep) -> str:
    pairs = [
        (f"{len(sweep.rows):,}", "points simulated"),
        (f"{len(sweep.failed):,}", "points failed"),
        (f"{sum(sweep.summary['skipped'].values()):,}", "combinations skipped"),
    ]
    if sweep.rows:
        best = analysis.best_of(sweep.rows)
        pairs += [
            (f"{analysis.rate(best):.4g}", f"values per cycle at best: {best['coding']}, {best['lanes']} lanes"),
            (f"{max(float(row['ratio']) for row in sweep.rows):.4g}", "best ratio, everything counted"),
        ]
    tiles = "".join(f'<div class="tile"><b>{number}</b><span>{words}</span></div>' for number, words in pairs)
    return f'<div class="tiles">{tiles}</div>'


def _what_was_run(sweep: Sweep) -> str:
    summary = sweep.summary
    grid = [(analysis.WORDS[axis], ", ".join(values)) for axis, values in summary["grid"].items() if values != [AUTO]]
    parts = [
        _paragraph("Every point: <code>transom sim</code>, the cycle model of <code>decoder_axi</code> behind a memory "
                   "and before a consumer, on this trace. Reproduce:"),
        f"<pre>{html.escape(summary['command'])}</pre>",
        _table(["axis", "values"], [(words, html.escape(values)) for words, values in grid]),
        _quiet("Everything else is as the program has it by default."),
        _quiet(f"Trace {html.escape(summary['trace'])}, SHA-256 <code>{summary['trace_sha256'][:16]}…</code>; "
               f"program SHA-256 <code>{summary['program_sha256'][:16]}…</code>; "
               + ", ".join(f"{name} {version}" for name, version in summary["versions"].items())),
    ]  # fmt: skip
    if summary["skipped"]:
        skipped = [(html.escape(reason), f"{n:,}") for reason, n in summary["skipped"].items()]
        parts.append(_table(["skipped: no such unit", "#points"], skipped))
    if sweep.failed:
        failed = [(html.escape(point), html.escape(error)) for point, error in sweep.failed[:50]]
        parts.append(_table([f"failed ({len(sweep.failed)}; the first 50)", "why"], failed))
    return _section("What was run", *parts)


def _area_words(sweep: Sweep) -> str:
    missing = sorted({row["coding"] for row in sweep.rows if not row["area_um2"]})
    words = (
        "Area is of the whole unit: lanes, tables, rows, FIFOs, bus, in um2 on ASAP7, a predictive 7 nm. Logic as "
        "mapped (rtl/COST.md), without wires; measured for some lanes and buses, linear between them and beyond. "
        "Tables and rows are SRAM macros by a model, a copy for each port, FIFOs registers as in the RTL. "
        f"{html.escape(SOURCE)}. "
        "Energy: picojoules per value of the unit, memories counted; DRAM beside it at "
        f"{DRAM_PJ_PER_BIT:g} pJ per bit ({html.escape(DRAM_SOURCE)})."
    )
    if missing:
        words += f" <b>No area is known of {', '.join(missing)}</b>: rtl/cost.json has none (./dev synth writes it)."
    return words


def _front_table(sweep: Sweep) -> str:
    axes = analysis.given_axes(sweep.rows)
    header = [("" if axis == "coding" else "#") + analysis.WORDS[axis] for axis in axes]
    header += ["#values per cycle", "#area, um2", "#um2 per value per cycle", "logic is", "#RAM, bits"]
    header += ["#unit, pJ per value", "#DRAM, pJ", "#DRAM raw, pJ", "#ratio", "#gain", "main stall"]
    lines = [
        [
            *(row[axis] for axis in axes), f"{analysis.rate(row):.4g}", _number(row["area_um2"]),
            _figure(_per_rate(row, "area_um2"), "{:,.0f}"), row["area_source"] or "–", _number(row["ram_bits"]),
            *(row[column] or "–" for column in ("energy_pj", "dram_pj", "raw_dram_pj")),
            f"{float(row['ratio']):.4g}", f"{float(row['gain']):.4g}", analysis.main_stall(row),
        ]
        for inside in analysis.environments(sweep.rows).values()
        for row in analysis.front(inside)
    ]  # fmt: skip
    return _table(header, lines)


def _per_rate(row: Row, column: str) -> float | None:
    return float(row[column]) / analysis.rate(row) if row[column] and analysis.rate(row) else None


def _own_lines(sweep: Sweep) -> list[list[str]]:
    """The best point of each coding, of the fewest and of the most lanes, in the fastest environment."""
    inside = next(iter(analysis.environments(sweep.rows).values()))
    lines = []
    for coding in dict.fromkeys(row["coding"] for row in inside):
        chosen = [row for row in inside if row["coding"] == coding]
        lanes = sorted({int(row["lanes"]) for row in chosen})
        for n in dict.fromkeys([lanes[0], lanes[-1]]):
            row = analysis.best_of([row for row in chosen if int(row["lanes"]) == n])
            lines.append([
                f"Transom {coding}, {n} lane{'s' if n > 1 else ''}", f"ranges and offsets, R = {row['table_log']}"
                if coding.startswith("apack") else f"whole values, R = {row['table_log']}",
                "value", "ASAP7", "–", f"{analysis.rate(row):.4g}", "–", f"{_number(row['area_um2'])} um2",
                _figure(_per_rate(row, "area_um2"), "{:,.0f}"), _figure(_per_rate(row, "area_ge"), "{:,.0f}"),
                "this sweep; rtl/cost.json",
            ])  # fmt: skip
    return lines


def _field(sweep: Sweep) -> str:
    own = _own_lines(sweep) if sweep.rows else []
    peers = [
        [
            html.escape(peer.name), html.escape(f"{peer.what} ({peer.note})"), html.escape(peer.symbol),
            html.escape(peer.node), _figure(peer.clock_mhz), _figure(peer.rate), _speed(peer.speed),
            html.escape(peer.size), "–", _figure(peer.ge_per_rate, "{:,.0f}"),
            html.escape(f"{peer.source} ({peer.evidence})"),
        ]
        for peer in sorted(read_peers(), key=lambda peer: -(peer.rate or 0))
    ]  # fmt: skip
    header = [
        "decoder", "what", "symbol", "node", "#clock, MHz", "#symbols per cycle", "#symbols per second", "size",
        "#um2 per value per cycle", "#all GE per value per cycle", "source",
    ]  # fmt: skip
    return _section(
        "Against the field",
        _paragraph("Published decoders, by what their own repositories and pages state; – where they state nothing."),
        _table(header, own + peers, len(own)),
        _quiet(NOT_COMPARABLE),
    )


AN_ENVIRONMENT = (
    "An environment (memory, consumer) at a time, chosen above the plot: points compete with those that live in the "
    "same one. Dotted: the front; nothing is faster and no larger."
)
RATIO = (
    "Raw bytes over the container's bytes, tables, headers and the filling of streams counted; a line joins the R of "
    "one coding and number of lanes."
)
STALLS = (
    "The fastest point of each coding (of those, the smallest), chosen above the plot. A stream-cycle is one stream's "
    "share of one cycle."
)
BANDWIDTH = (
    "The best of each coding and number of lanes at each bandwidth. Above the black line the decoder delivers more "
    "than the memory could give uncoded."
)


def _plots(sweep: Sweep) -> list[str]:
    rows = sweep.rows
    stalls = plots.stalls(analysis.best_by_coding(rows), sweep.layers)
    area = _paragraph(_area_words(sweep))
    return [
        _section("Values per cycle against area", area, _quiet(AN_ENVIRONMENT), _plot("pareto", plots.pareto(rows))),
        _section("The fronts' points", _front_table(sweep)),
        _section("Ratio against table bits", _quiet(RATIO), _plot("ratio", plots.ratio(rows))),
        _section("Where the cycles go, layer by layer", _quiet(STALLS), _plot("stalls", stalls)),
        _section("Rate against memory bandwidth", _quiet(BANDWIDTH), _plot("bandwidth", plots.bandwidth(rows))),
    ]


def report_html(sweep: Sweep) -> str:
    name = html.escape(sweep.summary["trace"])
    what = _quiet("Which decoder gives how many values per cycle, and what it costs.")
    body = [f"<h1>Transom sweep: {name}</h1>", what, _tiles(sweep), _what_was_run(sweep)]
    if sweep.rows:
        body += _plots(sweep)
    else:
        body.append(_section("Nothing to draw", _paragraph("No point ended well; the reasons are above.")))
    body.append(_field(sweep))
    script = get_plotlyjs().replace("</script", "<\\/script")
    return (
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>Transom sweep: {name}</title><style>{STYLE}</style>\n<script>{script}</script>\n</head>\n"
        f"<body><main>{''.join(body)}</main></body></html>\n"
    )
