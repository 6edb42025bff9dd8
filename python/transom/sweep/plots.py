"""plots.py — the report's figures, as plotly.js takes them: {data, layout}, one function each.

Colour tells the coding. A figure of several views has `choices`: (label, which of the data it shows). Legends lie
below, so that a phone has room.
"""
# SPDX-License-Identifier: Apache-2.0

import html
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from transom.page import CAUSE_COLOURS, CAUSE_WORDS, COLOURS

from . import analysis
from .grid import ENCODE_AXES
from .rows import CAUSES, Row

Figure = dict[str, Any]

DASHES = ("solid", "dash", "dot", "dashdot", "longdash", "longdashdot")
SYMBOLS = ("circle", "square", "diamond", "triangle-up", "x", "star")
INK, GRID = "#1F2933", "#E4E7EB"
LONG_NAME = 60  # characters that fit into a box on a phone
FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'DejaVu Sans', sans-serif"


def _axis(title: str, **more: Any) -> dict[str, Any]:
    look = {"gridcolor": GRID, "zerolinecolor": GRID, "linecolor": "#9AA5B1", "ticks": "outside", "automargin": True}
    return {"title": {"text": title}, **look, **more}


def _layout(x: dict[str, Any], y: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "font": {"family": FONT, "size": 13, "color": INK},
        "paper_bgcolor": "#FFFFFF",
        "plot_bgcolor": "#FFFFFF",
        "margin": {"l": 52, "r": 12, "t": 16, "b": 48},
        "height": 520,
        "hovermode": "closest",
        "hoverlabel": {"align": "left", "bgcolor": "#FFFFFF", "bordercolor": "#9AA5B1", "font": {"color": INK}},
        "legend": {"orientation": "h", "x": 0, "y": -0.2, "yanchor": "top"},
        "xaxis": x,
        "yaxis": y,
        **more,
    }


def _hover(row: Row) -> str:
    """The full configuration, and what it gave."""
    lines = [f"<b>{analysis.series(row)}, {row['lanes']} lanes, R = {row['table_log']}</b>"]
    lines += [f"{words}: {row[axis]}" for axis, words in analysis.WORDS.items() if axis not in ENCODE_AXES]
    lines += [
        f"{float(row['values_per_cycle']):.4g} values per cycle, {float(row['of_peak']):.1%} of the peak",
        f"gain over reading raw {analysis.gain_words(row)}",
        f"ratio of the file {float(row['ratio']):.4g}",
        f"{_count(row['bytes_read'])} bytes read, raw/read {float(row['raw_over_read']):.4g}",
        f"first value after {_count(row['first_value_cycle'])} cycles; bound by {row['binds']}",
        f"{analysis.fifo_bytes(row):,.0f} bytes of FIFO",
        f"unit {_count(row['area_um2'])} um2 ({row['area_source'] or 'not known'})",
        f"{_count(row['ram_bits'])} bits of RAM",
        f"{row['energy_pj'] or '?'} pJ per value in the unit, {row['dram_pj'] or '?'} of DRAM",
        f"main stall: {analysis.main_stall(row)}",
    ]
    return "<br>".join(lines)


def _count(text: str) -> str:
    return f"{int(float(text)):,}" if text else "not known"


def _markers(rows: Sequence[Row], coding: str, x: list[float], y: list[float], **more: Any) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "markers",
        "name": coding,
        "legendgroup": coding,
        "x": x,
        "y": y,
        "customdata": [_hover(row) for row in rows],
        "hovertemplate": "%{customdata}<extra></extra>",
        "marker": {"color": COLOURS[coding], "size": 9, "line": {"width": 1, "color": "#FFFFFF"}},
        **more,
    }


def _level(x: Sequence[float], y: float, name: str, show: bool, **line: Any) -> dict[str, Any]:
    """A horizontal line over the whole plot."""
    return {
        "type": "scatter", "mode": "lines", "name": name, "legendgroup": name, "showlegend": show,
        "x": [min(x), max(x)], "y": [y, y], "line": {"color": "#7B8794", "width": 1.5, "dash": "dash", **line},
        "hovertemplate": f"{html.escape(name)}: %{{y:.4g}} values per cycle<extra></extra>",
    }  # fmt: skip


RAW, LANES = "reading raw, no decoder", "ceiling: lanes"
RATIO_CEILING = "ceiling: bandwidth × best raw/read"


def _lanes(rows: Sequence[Row]) -> list[str]:
    return sorted({row["lanes"] for row in rows}, key=int)


def _look(coding: str, index: int) -> dict[str, Any]:
    """The look of the line for one coding and the index-th number of lanes; _legend has its entry."""
    marker = {"color": COLOURS[coding], "size": 8, "symbol": SYMBOLS[index % len(SYMBOLS)]}
    line = {"color": COLOURS[coding], "width": 1.5, "dash": DASHES[index % len(DASHES)]}
    return {"mode": "lines+markers", "marker": marker, "line": line, "showlegend": False}


def _legend(codings: Sequence[str], lanes: Sequence[str]) -> list[dict[str, Any]]:
    """Entries for the colours and, apart, for the strokes: a product of both would not fit."""
    nothing = {"type": "scatter", "x": [None], "y": [None], "hoverinfo": "skip"}
    entries = [
        {
            **nothing,
            "mode": "lines",
            "name": coding,
            "legendgroup": coding,
            "line": {"color": COLOURS[coding], "width": 4},
        }
        for coding in codings
    ]
    for index, lane in enumerate(lanes):
        look = {
            "mode": "lines+markers",
            "line": {"color": "#7B8794", "width": 1.5, "dash": DASHES[index % len(DASHES)]},
            "marker": {"color": "#7B8794", "size": 8, "symbol": SYMBOLS[index % len(SYMBOLS)]},
        }
        entries.append({**nothing, **look, "name": f"{lane} lane{'s' if lane != '1' else ''}", "legendgroup": "lanes"})
    return entries


def _of_coding(rows: Sequence[Row], coding: str) -> list[Row]:
    return [row for row in rows if analysis.series(row) == coding]


def _views(figure: Figure, owners: Sequence[str], names: Sequence[str]) -> Figure:
    """Adds a view for each name: the traces that it owns. The first is shown."""
    shown = [[owner == name for owner in owners] for name in names]
    for trace, visible in zip(figure["data"], shown[0], strict=True):
        trace["visible"] = visible
    return figure | {"choices": list(zip(names, shown, strict=True))}


def pareto(rows: Sequence[Row]) -> Figure:
    """Values per cycle against area, an environment at a time, with its front and what raw values would give."""
    codings = list(dict.fromkeys(map(analysis.series, rows)))
    data: list[dict[str, Any]] = []
    owners: list[str] = []
    by_environment = analysis.environments(rows)
    size = analysis.size_of(rows)
    for name, inside in by_environment.items():
        line = analysis.front(inside, size)
        sizes = [size(row) for row in inside]
        raw = analysis.raw_rate(inside[0], analysis.bandwidth(inside[0]))
        data += [
            {
                "type": "scatter", "mode": "lines", "name": "front", "hoverinfo": "skip",
                "x": [size(row) for row in line], "y": [analysis.rate(row) for row in line],
                "line": {"color": INK, "width": 1.5, "dash": "dot", "shape": "hv"},
            },
            _level(sizes, raw, RAW, show=True, color=INK, dash="solid"),
        ]  # fmt: skip
        for coding in codings:
            chosen = _of_coding(inside, coding)
            x, y = [size(row) for row in chosen], [analysis.rate(row) for row in chosen]
            labels = {"mode": "markers+text", "text": [row["lanes"] for row in chosen], "textposition": "top center"}
            data.append(_markers(chosen, coding, x, y, **labels))
        owners += [name] * (len(data) - len(owners))
    known = analysis.has_area(rows)
    none = "area is not known of all" if any(row["area_um2"] for row in rows) else "no area is known"
    title = "whole unit, um2 at 7 nm" if known else f"RAM, bits ({none})"
    figure = {
        "data": data,
        "layout": _layout(_axis(title, type="log"), _axis("values per cycle", rangemode="tozero")),
    }
    return _views(figure, owners, list(by_environment))


def ratio(rows: Sequence[Row]) -> Figure:
    """Ratio against table bits; one point for each container."""
    codings, lanes = list(dict.fromkeys(map(analysis.series, rows))), _lanes(rows)
    data = _legend(codings, lanes)
    for coding in codings:
        first = {(row["lanes"], row["table_log"]): row for row in reversed(_of_coding(rows, coding))}
        for index, lane in enumerate(lanes):
            line = sorted((row for key, row in first.items() if key[0] == lane), key=lambda r: int(r["table_log"]))
            text = [
                f"<b>{coding}</b>, {lane} lanes, R = {row['table_log']}<br>ratio {float(row['ratio']):.4f}<br>"
                f"{_count(row['table_bits'])} bits of tables and rows"
                for row in line
            ]
            x, y = [float(row["table_bits"]) for row in line], [float(row["ratio"]) for row in line]
            data.append(_markers(line, coding, x, y, customdata=text, **_look(coding, index)))
    return {
        "data": data,
        "layout": _layout(
            _axis("tables and rows, one copy: bits", type="log"),
            _axis("ratio, everything counted"),
        ),
    }


def stalls(best: Mapping[str, Row], layers: Mapping[str, Sequence[Row]]) -> Figure:
    """Where the stream-cycles of each layer go, for the best point of each coding; layers by number."""
    kinds = ("value", *CAUSES)
    data = [
        {
            "type": "bar",
            "name": CAUSE_WORDS[kind],
            "x": [str(number) for number, _ in enumerate(layers[coding], 1)],
            "y": [_share(layer, kind) for layer in layers[coding]],
            "marker": {"color": CAUSE_COLOURS[kind], "line": {"width": 0.5, "color": "#FFFFFF"}},
            "customdata": [_layer_text(layer) for layer in layers[coding]],
            "hovertemplate": "%{customdata}<br>" + CAUSE_WORDS[kind] + ": %{y:.1%}<extra></extra>",
        }
        for coding in best
        for kind in kinds
    ]
    layout = _layout(
        _axis("tensor", type="category"),
        _axis("share of stream-cycles", tickformat=".0%", range=[0, 1]),
        barmode="stack",
        height=560,
    )
    names = {
        coding: f"{coding}: {row['lanes']} lanes, R = {row['table_log']}, {analysis.environment(row)}"
        for coding, row in best.items()
    }
    return _views({"data": data, "layout": layout}, [names[c] for c in best for _ in kinds], list(names.values()))


def _share(layer: Row, kind: str) -> float:
    if kind != "value":
        return float(layer[f"stall_{kind}"])
    return max(0.0, 1 - sum(float(layer[f"stall_{cause}"]) for cause in CAUSES))


def _layer_text(layer: Row) -> str:
    name = layer["layer"] if len(layer["layer"]) <= LONG_NAME else "…" + layer["layer"][-LONG_NAME:]
    return (
        f"<b>{html.escape(name)}</b><br>"
        f"{_count(layer['values'])} values in {_count(layer['cycles'])} cycles, "
        f"{float(layer['values_per_cycle']):.4g} per cycle<br>"
        f"{_count(layer['bytes_read'])} bytes read, raw/read {float(layer['raw_over_read']):.4g}, "
        f"gain {analysis.gain_words(layer)}<br>"
        f"values from cycle {_count(layer['first_value_cycle'])} to {_count(layer['last_value_cycle'])}"
    )


def _best_lines(rows: Sequence[Row], at: Callable[[Row], float]) -> list[dict[str, Any]]:
    """The best of each coding and number of lanes at each x, joined."""
    codings, lanes = list(dict.fromkeys(map(analysis.series, rows))), _lanes(rows)
    data = _legend(codings, lanes)
    for coding in codings:
        for index, lane in enumerate(lanes):
            best: dict[float, Row] = {}
            for row in (row for row in _of_coding(rows, coding) if row["lanes"] == lane):
                x = at(row)
                best[x] = analysis.best_of([best[x], row]) if x in best else row
            line = [best[x] for x in sorted(best)]
            data.append(_markers(line, coding, sorted(best), list(map(analysis.rate, line)), **_look(coding, index)))
    return data


POWERS = [2**n for n in range(-4, 12)]
VALUES_AXIS = {"type": "log", "tickvals": POWERS, "ticktext": list(map(str, POWERS))}


def bandwidth(rows: Sequence[Row]) -> Figure:
    """Values per cycle against the memory's bytes per cycle, under what lanes and bandwidth allow."""
    data = _best_lines(rows, analysis.bandwidth)
    x = sorted({analysis.bandwidth(row) for row in rows})
    data.append({
        "type": "scatter", "mode": "lines", "name": RAW, "x": x,
        "y": [analysis.raw_rate(rows[0], at) for at in x], "line": {"color": INK, "width": 2},
        "hovertemplate": "raw: %{y:.4g} values per cycle<extra></extra>",
    })  # fmt: skip
    for first, coding in enumerate(dict.fromkeys(map(analysis.series, rows))):
        best = max(float(row["raw_over_read"]) for row in _of_coding(rows, coding))
        data.append({
            "type": "scatter", "mode": "lines", "name": RATIO_CEILING, "legendgroup": RATIO_CEILING, "x": x,
            "y": [best * analysis.raw_rate(rows[0], at) for at in x], "showlegend": first == 0,
            "line": {"color": COLOURS[coding], "width": 1, "dash": "dot"},
            "hovertemplate": f"{coding}, bandwidth × raw/read {best:.3g}: %{{y:.4g}} values per cycle<extra></extra>",
        })  # fmt: skip
    data += [_level(x, peak, LANES, show=n == 0) for n, peak in enumerate(sorted(set(map(analysis.peak, rows))))]
    layout = _layout(
        _axis("memory, bytes per cycle", type="log", tickvals=x), _axis("values per cycle", **VALUES_AXIS), height=620
    )
    return {"data": data, "layout": layout}


def fifos(rows: Sequence[Row]) -> Figure:
    """Values per cycle against the bytes that the unit's FIFOs hold, an environment at a time."""
    data: list[dict[str, Any]] = []
    owners: list[str] = []
    by_environment = analysis.environments(rows)
    for name, inside in by_environment.items():
        data += _best_lines(inside, analysis.fifo_bytes)
        owners += [name] * (len(data) - len(owners))
    layout = _layout(
        _axis("FIFOs, bytes", type="log", dtick="D2"), _axis("values per cycle", **VALUES_AXIS), height=560
    )
    return _views({"data": data, "layout": layout}, owners, list(by_environment))
