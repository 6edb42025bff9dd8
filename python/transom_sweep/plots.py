"""plots.py — the report's figures, as plotly.js takes them: {data, layout}, one function each.

Colour tells the coding, the same in every figure (palette: Okabe and Ito, for all kinds of eyes).
"""
# SPDX-License-Identifier: Apache-2.0

import html
from collections.abc import Mapping, Sequence
from typing import Any

from . import analysis
from .grid import ENCODE_AXES
from .rows import CAUSES, Row

Figure = dict[str, Any]

COLOURS = {
    "apack-tans": "#009E73", "apack-rans": "#E69F00", "apack-ac": "#CC79A7",
    "apack-tans-pair": "#0072B2", "tans": "#56B4E9", "rans": "#D55E00",
}  # fmt: skip
CAUSE_COLOURS = {
    "value": "#0072B2", "fill": "#B7C4CF", "symbol_words": "#D55E00", "offset_words": "#E69F00",
    "consumer": "#CC79A7", "turn": "#56B4E9", "idle": "#E8ECEF",
}  # fmt: skip
CAUSE_WORDS = {
    "value": "a value leaves", "fill": "filling, ending", "symbol_words": "waits for symbol words",
    "offset_words": "waits for offset words", "consumer": "waits for the consumer",
    "turn": "the lane's other stream's cycle", "idle": "no work: tables, descriptors, ended stream",
}  # fmt: skip
DASHES = ("solid", "dash", "dot", "dashdot", "longdash", "longdashdot")
SYMBOLS = ("circle", "square", "diamond", "triangle-up", "x", "star")
INK, GRID = "#1F2933", "#E4E7EB"
FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'DejaVu Sans', sans-serif"


def _axis(title: str, **more: Any) -> dict[str, Any]:
    look = {"gridcolor": GRID, "zerolinecolor": GRID, "linecolor": "#9AA5B1", "ticks": "outside", "automargin": True}
    return {"title": {"text": title}, **look, **more}


def _layout(x: dict[str, Any], y: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "font": {"family": FONT, "size": 13, "color": INK},
        "paper_bgcolor": "#FFFFFF",
        "plot_bgcolor": "#FFFFFF",
        "margin": {"l": 70, "r": 20, "t": 56, "b": 60},
        "height": 480,
        "hovermode": "closest",
        "hoverlabel": {"align": "left", "bgcolor": "#FFFFFF", "bordercolor": "#9AA5B1", "font": {"color": INK}},
        "legend": {"orientation": "v", "x": 1.01, "y": 1, "bgcolor": "rgba(255,255,255,0.8)"},
        "xaxis": x,
        "yaxis": y,
        **more,
    }


def _menu(buttons: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """A drop-down above the plot, at its left."""
    look = {"bgcolor": "#FFFFFF", "bordercolor": "#9AA5B1", "font": {"size": 13}, "pad": {"t": 0, "b": 0}}
    return [{"buttons": buttons, "x": 0, "xanchor": "left", "y": 1.02, "yanchor": "bottom", "showactive": True, **look}]


def _hover(row: Row) -> str:
    """The full configuration, and what it gave."""
    lines = [f"<b>{row['coding']}, {row['lanes']} lanes, R = {row['table_log']}</b>"]
    lines += [f"{words}: {row[axis]}" for axis, words in analysis.WORDS.items() if axis not in ENCODE_AXES]
    lines += [
        f"{float(row['values_per_cycle']):.4g} values per cycle, {float(row['of_peak']):.1%} of the peak",
        f"ratio {float(row['ratio']):.4g}, gain {float(row['gain']):.4g} over raw",
        (
            f"area {_count(row['area_um2'])} um2: "
            f"logic {_count(row['logic_ge'])} ({row['logic_source'] or 'not known'}), "
            f"{_count(row['ram_bits'])} bits of RAM"
        ),
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
        "text": [_hover(row) for row in rows],
        "hovertemplate": "%{text}<extra></extra>",
        "marker": {"color": COLOURS[coding], "size": 9, "line": {"width": 1, "color": "#FFFFFF"}},
        **more,
    }


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
    return [row for row in rows if row["coding"] == coding]


def pareto(rows: Sequence[Row]) -> Figure:
    """Values per cycle against area, an environment at a time, with its front."""
    codings = list(dict.fromkeys(row["coding"] for row in rows))
    data: list[dict[str, Any]] = []
    owners: list[str] = []
    by_environment = analysis.environments(rows)
    for name, inside in by_environment.items():
        line = analysis.front(inside)
        data.append({
            "type": "scatter", "mode": "lines", "name": "front", "hoverinfo": "skip",
            "x": [analysis.size(row) for row in line], "y": [analysis.rate(row) for row in line],
            "line": {"color": INK, "width": 1.5, "dash": "dot", "shape": "hv"},
        })  # fmt: skip
        owners.append(name)
        for coding in codings:
            chosen = _of_coding(inside, coding)
            x, y = [analysis.size(row) for row in chosen], [analysis.rate(row) for row in chosen]
            data.append(_markers(chosen, coding, x, y))
            owners.append(name)
    shown = [[owner == name for owner in owners] for name in by_environment]
    for trace, visible in zip(data, shown[0], strict=True):
        trace["visible"] = visible
    buttons = [
        {"label": name, "method": "restyle", "args": [{"visible": visible}]}
        for name, visible in zip(by_environment, shown, strict=True)
    ]
    title = "whole unit, um2 at 7 nm" if analysis.has_area(rows) else "RAM, bits (no area is known)"
    return {
        "data": data,
        "layout": _layout(
            _axis(title, type="log"), _axis("values per cycle", rangemode="tozero"), updatemenus=_menu(buttons)
        ),
    }


def ratio(rows: Sequence[Row]) -> Figure:
    """Ratio against table bits; one point for each container."""
    codings, lanes = list(dict.fromkeys(row["coding"] for row in rows)), _lanes(rows)
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
            data.append(_markers(line, coding, x, y, text=text, **_look(coding, index)))
    return {
        "data": data,
        "layout": _layout(
            _axis("tables and rows of the unit, one copy, both banks: bits", type="log"),
            _axis("ratio, everything counted"),
        ),
    }


def stalls(best: Mapping[str, Row], layers: Mapping[str, Sequence[Row]]) -> Figure:
    """Where the stream-cycles of each layer go, for the best point of each coding."""
    kinds = ("value", *CAUSES)
    data = [
        {
            "type": "bar",
            "name": CAUSE_WORDS[kind],
            "x": [html.escape(layer["layer"]) for layer in layers[coding]],
            "y": [_share(layer, kind) for layer in layers[coding]],
            "marker": {"color": CAUSE_COLOURS[kind], "line": {"width": 0.5, "color": "#FFFFFF"}},
            "customdata": [_layer_text(layer) for layer in layers[coding]],
            "hovertemplate": "<b>%{x}</b><br>" + CAUSE_WORDS[kind] + ": %{y:.1%}<br>%{customdata}<extra></extra>",
            "visible": index == 0,
        }
        for index, coding in enumerate(best)
        for kind in kinds
    ]
    buttons = [
        {
            "label": f"{coding}: {row['lanes']} lanes, R = {row['table_log']}, {analysis.environment(row)}",
            "method": "restyle",
            "args": [{"visible": [other == coding for other in best for _ in kinds]}],
        }
        for coding, row in best.items()
    ]
    layout = _layout(
        _axis("", tickangle=-30, type="category"),
        _axis("share of stream-cycles", tickformat=".0%", range=[0, 1]),
        barmode="stack",
        height=520,
        updatemenus=_menu(buttons),
    )
    return {"data": data, "layout": layout}


def _share(layer: Row, kind: str) -> float:
    if kind != "value":
        return float(layer[f"stall_{kind}"])
    return max(0.0, 1 - sum(float(layer[f"stall_{cause}"]) for cause in CAUSES))


def _layer_text(layer: Row) -> str:
    return (
        f"{_count(layer['values'])} values in {_count(layer['cycles'])} cycles, "
        f"{float(layer['values_per_cycle']):.4g} per cycle; ratio {float(layer['ratio']):.4g}"
    )


def bandwidth(rows: Sequence[Row]) -> Figure:
    """Values per cycle against the memory's bytes per cycle: the best of each coding and number of lanes."""
    codings, lanes = list(dict.fromkeys(row["coding"] for row in rows)), _lanes(rows)
    data = _legend(codings, lanes)
    for coding in codings:
        for index, lane in enumerate(lanes):
            best: dict[float, Row] = {}
            for row in (row for row in _of_coding(rows, coding) if row["lanes"] == lane):
                at = analysis.bandwidth(row)
                best[at] = analysis.best_of([best[at], row]) if at in best else row
            line = [best[at] for at in sorted(best)]
            data.append(_markers(line, coding, sorted(best), list(map(analysis.rate, line)), **_look(coding, index)))
    x = sorted({analysis.bandwidth(row) for row in rows})
    data.append({
        "type": "scatter", "mode": "lines", "name": "raw, no decoder", "x": x,
        "y": [analysis.raw_rate(rows[0], at) for at in x], "line": {"color": INK, "width": 2},
        "hovertemplate": "raw: %{y:.4g} values per cycle<extra></extra>",
    })  # fmt: skip
    powers = [2**n for n in range(-4, 12)]
    layout = _layout(
        _axis("memory, bytes per cycle", type="log", tickvals=x),
        _axis("values per cycle", type="log", tickvals=powers, ticktext=list(map(str, powers))),
        height=560,
    )
    return {"data": data, "layout": layout}
