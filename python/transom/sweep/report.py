"""report.py — report.html: the sweep on one page that needs nothing but itself.

All that comes from a trace is escaped, in HTML, in scripts and in plotly's own markup.
"""
# SPDX-License-Identifier: Apache-2.0

import html
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from transom.cost.unit.estimate import DRAM_PJ_PER_BIT, DRAM_SOURCE
from transom.cost.unit.memory import SOURCE
from transom.page import document, paragraph, quiet, script_json, section, table, tiles

from . import analysis, plots
from .grid import AUTO
from .peers import read_peers
from .rows import Row

NOT_COMPARABLE = (
    "Not comparable one to one: symbols differ (bytes, bits, whole values; a dictionary coder's bytes are mostly "
    "copies), so do nodes and clocks, and most sources state no area. What they state is a peak, or does not say: our "
    "rate of a whole run counts tables, switches and the memory's latency. Nothing is scaled between nodes. "
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


def _plot(name: str, figure: plots.Figure) -> str:
    """A div with this id, the script that fills it, and a choice where the figure has several views."""
    choices = figure.get("choices", [])
    shown = [visible for _, visible in choices]
    text = script_json([figure["data"], figure["layout"], shown])
    draw = f'const [d, l, c] = {text}; Plotly.newPlot("{name}", d, l, {{displaylogo: false, responsive: true}});'
    if not choices:
        return f'<div class="plot" id="{name}"></div><script>{{{draw}}}</script>'
    options = "".join(f"<option>{html.escape(label)}</option>" for label, _ in choices)
    chosen = f'document.getElementById("{name}-of").onchange = e => Plotly.restyle("{name}", '
    draw += chosen + "{visible: c[e.target.selectedIndex]});"
    choice = f'<select id="{name}-of" aria-label="what is shown">{options}</select>'
    return f'{choice}<div class="plot" id="{name}"></div><script>{{{draw}}}</script>'


def _number(text: str) -> str:
    return f"{round(float(text)):,}" if text else "–"


def _figure(value: float | None, pattern: str = "{:,.4g}") -> str:
    return "–" if value is None else pattern.format(value)


def _speed(per_second: float | None) -> str:
    return "–" if per_second is None else f"{per_second / 1e9:.3g} G"


def _point(row: Row) -> str:
    return f"{analysis.series(row)}, {row['lanes']} lanes, {html.escape(analysis.environment(row))}"


def _tiles(sweep: Sweep) -> str:
    pairs = [
        (f"{len(sweep.rows):,}", "points simulated"),
        (f"{len(sweep.failed):,}", "points failed"),
        (f"{sum(sweep.summary['skipped'].values()):,}", "combinations skipped"),
    ]
    if sweep.rows:
        best = max(sweep.rows, key=analysis.gain)
        fastest = analysis.best_of(sweep.rows)
        slower = "" if analysis.gain(best) >= 1 else ": every point is a slowdown"
        pairs = [
            (f"{analysis.gain(best):.3g}", f"best gain over reading raw{slower} ({_point(best)})"),
            (
                f"{analysis.rate(fastest):.4g}",
                f"values per cycle, the most, at a gain of {analysis.gain_words(fastest)} ({_point(fastest)})",
            ),
            (f"{max(float(row['raw_over_read']) for row in sweep.rows):.4g}", "best ratio of the bytes read"),
            (f"{max(float(row['ratio']) for row in sweep.rows):.4g}", "best ratio of the file"),
            *pairs,
        ]
    return tiles(pairs)


def _what_was_run(sweep: Sweep) -> str:
    summary = sweep.summary
    grid = [(analysis.WORDS[axis], ", ".join(values)) for axis, values in summary["grid"].items() if values != [AUTO]]
    parts = [
        paragraph("Every point: <code>transom sim</code>, the cycle model of <code>decoder_axi</code> behind a memory "
                   "and before a consumer, on this trace. Reproduce:"),
        f"<pre>{html.escape(summary['command'])}</pre>",
        table(["axis", "values"], [(words, html.escape(values)) for words, values in grid]),
        quiet("Everything else is as the program has it by default."),
        quiet(f"Trace {html.escape(summary['trace'])}, SHA-256 <code>{summary['trace_sha256'][:16]}…</code>; "
               f"program SHA-256 <code>{summary['program_sha256'][:16]}…</code>; "
               + ", ".join(f"{name} {version}" for name, version in summary["versions"].items())),
    ]  # fmt: skip
    if summary["skipped"]:
        skipped = [(html.escape(reason), f"{n:,}") for reason, n in summary["skipped"].items()]
        parts.append(table(["skipped: no such unit", "#points"], skipped))
    if sweep.failed:
        failed = [(html.escape(point), html.escape(error)) for point, error in sweep.failed[:50]]
        parts.append(table([f"failed ({len(sweep.failed)}; the first 50)", "why"], failed))
    return section("What was run", *parts)


def _area_words(sweep: Sweep) -> str:
    missing = sorted({analysis.series(row) for row in sweep.rows if not row["area_um2"]})
    words = (
        "Area is of the whole unit: lanes, tables, rows, FIFOs, bus, in um2 on ASAP7, a predictive 7 nm. Logic as "
        "mapped (rtl/COST.md), without wires; measured for some lanes and buses, linear between them and beyond. "
        "Memories are SRAM macros by a model, a copy for each port, where these are smaller; prefetch FIFOs as "
        "--fifo-memory says. A lane of the wide unit has the energy of one with readers of its own, which is too much. "
        f"{html.escape(SOURCE)}. "
        "Energy: picojoules per value of the unit, memories counted; DRAM beside it at "
        f"{DRAM_PJ_PER_BIT:g} pJ per bit ({html.escape(DRAM_SOURCE)})."
    )
    if missing:
        words += f" <b>No area is known of {', '.join(missing)}</b>: rtl/cost.json has none (./dev synth writes it)."
    return words


def _front_table(sweep: Sweep) -> str:
    axes, size = analysis.given_axes(sweep.rows), analysis.size_of(sweep.rows)
    header = [("" if axis == "coding" else "#") + analysis.WORDS[axis] for axis in axes]
    header += ["#gain", "#values per cycle", "#area, um2", "#um2 per value per cycle", "logic is", "#RAM, bits"]
    header += ["#FIFO, bytes", "#unit, pJ per value", "#DRAM, pJ", "#DRAM raw, pJ"]
    header += ["#bytes read", "#raw/read", "#ratio of the file", "bound by", "main stall"]
    lines = [
        [
            *(row[axis] for axis in axes), analysis.gain_words(row), f"{analysis.rate(row):.4g}",
            _number(row["area_um2"]), _figure(_per_rate(row, "area_um2"), "{:,.0f}"), row["area_source"] or "–",
            _number(row["ram_bits"]), f"{analysis.fifo_bytes(row):,.0f}",
            *(row[column] or "–" for column in ("energy_pj", "dram_pj", "raw_dram_pj")),
            _number(row["bytes_read"]), f"{float(row['raw_over_read']):.4g}",
            f"{float(row['ratio']):.4g}", html.escape(row["binds"]), analysis.main_stall(row),
        ]
        for inside in analysis.environments(sweep.rows).values()
        for row in analysis.front(inside, size)
    ]  # fmt: skip
    return table(header, lines)


def _per_rate(row: Row, column: str) -> float | None:
    return float(row[column]) / analysis.rate(row) if row[column] and analysis.rate(row) else None


def _own_lines(sweep: Sweep) -> list[list[str]]:
    """The best point of each coding, of the fewest and of the most lanes, in the fastest environment."""
    inside = next(iter(analysis.environments(sweep.rows).values()))
    lines = []
    for coding in dict.fromkeys(map(analysis.series, inside)):
        chosen = [row for row in inside if analysis.series(row) == coding]
        lanes = sorted({int(row["lanes"]) for row in chosen})
        for n in dict.fromkeys([lanes[0], lanes[-1]]):
            row = analysis.best_of([row for row in chosen if int(row["lanes"]) == n])
            lines.append([
                f"Transom {coding}, {n} lane{'s' if n > 1 else ''}", f"ranges and offsets, R = {row['table_log']}"
                if coding.startswith("apack") else f"whole values, R = {row['table_log']}",
                "value", "ASAP7", "–", f"{analysis.rate(row):.4g}", f"{analysis.peak(row):.4g}", "–",
                f"{_number(row['area_um2'])} um2",
                _figure(_per_rate(row, "area_um2"), "{:,.0f}"), _figure(_per_rate(row, "area_ge"), "{:,.0f}"),
                "this sweep; rtl/cost.json",
            ])  # fmt: skip
    return lines


def _field(sweep: Sweep) -> str:
    own = _own_lines(sweep) if sweep.rows else []
    peers = [
        [
            html.escape(peer.name), html.escape(f"{peer.what} ({peer.note})"), html.escape(peer.symbol),
            html.escape(peer.node), _figure(peer.clock_mhz), "–", _figure(peer.rate), _speed(peer.speed),
            html.escape(peer.size), "–", _figure(peer.ge_per_rate, "{:,.0f}"),
            html.escape(f"{peer.source} ({peer.evidence})"),
        ]
        for peer in sorted(read_peers(), key=lambda peer: -(peer.rate or 0))
    ]  # fmt: skip
    header = [
        "decoder", "what", "symbol", "node", "#clock, MHz", "#symbols per cycle, of a whole run",
        "#symbols per cycle, peak", "#symbols per second", "size",
        "#um2 per value per cycle", "#all GE per value per cycle", "source",
    ]  # fmt: skip
    return section(
        "Against the field",
        paragraph("Published decoders, by what their own repositories and pages state; – where they state nothing."),
        table(header, own + peers, len(own)),
        quiet(NOT_COMPARABLE),
    )


AN_ENVIRONMENT = (
    "An environment (memory, consumer) at a time, chosen above the plot: points compete with those that live in the "
    "same one. Dotted: the front; nothing is faster and no larger. Under the black line the unit slows the memory "
    "down. Labels: lanes."
)
RATIO = (
    "Raw bytes over the container's bytes, tables, headers and the filling of streams counted; a line joins the R of "
    "one coding and number of lanes."
)
STALLS = (
    "The fastest point of each coding (of those, the smallest), chosen above the plot. A stream-cycle is one stream's "
    "share of one cycle. Tensors have numbers; a bar says its name."
)
BANDWIDTH = (
    "The best of each coding and number of lanes at each bandwidth. Above the black line the decoder delivers more "
    "than the memory could give uncoded. Dotted: what the bandwidth allows at the best ratio of the bytes read; "
    "dashed: what the lanes allow."
)
FIFOS = (
    "Bytes of all prefetch and value FIFOs. The best of each coding and number of lanes; --fifo-beats and "
    "--burst-beats make the axis."
)


def _names(sweep: Sweep) -> str:
    names = "".join(
        f"<li><code>{html.escape(layer['layer'])}</code></li>" for layer in next(iter(sweep.layers.values()))
    )
    return f"<details><summary>Names of the tensors</summary><ol>{names}</ol></details>"


def _plots(sweep: Sweep) -> list[str]:
    rows = sweep.rows
    stalls = plots.stalls(analysis.best_by_coding(rows), sweep.layers)
    area = paragraph(_area_words(sweep))
    return [
        section("Values per cycle against area", area, quiet(AN_ENVIRONMENT), _plot("pareto", plots.pareto(rows))),
        section("The fronts' points", _front_table(sweep)),
        section("Ratio against table bits", quiet(RATIO), _plot("ratio", plots.ratio(rows))),
        section("Where the cycles go, tensor by tensor", quiet(STALLS), _plot("stalls", stalls), _names(sweep)),
        section("Rate against memory bandwidth", quiet(BANDWIDTH), _plot("bandwidth", plots.bandwidth(rows))),
        section("Rate against bytes of FIFO", quiet(FIFOS), _plot("fifos", plots.fifos(rows))),
    ]


def report_html(sweep: Sweep) -> str:
    name = html.escape(sweep.summary["trace"])
    what = quiet("Which decoder gives how many values per cycle, and what it costs.")
    body = [f"<h1>Transom sweep: {name}</h1>", what, _tiles(sweep), _what_was_run(sweep)]
    if sweep.rows:
        body += _plots(sweep)
    else:
        body.append(section("Nothing to draw", paragraph("No point ended well; the reasons are above.")))
    body.append(_field(sweep))
    return document(f"Transom sweep: {name}", "".join(body))
