"""page.py — what the pages of `sweep` and `report` share: one HTML file that needs nothing but itself.

plotly.js (Debian's python3-plotly) is inside once; the page's policy forbids every connection. Texts given here are
HTML: what comes from a trace is escaped by who gives it.
"""
# SPDX-License-Identifier: Apache-2.0

import json
from collections.abc import Iterable, Sequence

from plotly.offline import get_plotlyjs

# Of codings and of what a stream-cycle goes to: the same in every figure (palette: Okabe and Ito, for all kinds of
# eyes).
COLOURS = {
    "apack-tans": "#009E73", "apack-rans": "#E69F00", "apack-ac": "#CC79A7",
    "apack-tans-pair": "#0072B2", "tans": "#56B4E9", "rans": "#D55E00", "apack-nrans": "#7A5195",
    "apack-nrans, wide": "#A50026", "apack-tans, wide": "#1B4F3A",
}  # fmt: skip
CAUSE_COLOURS = {
    "value": "#0072B2", "fill": "#B7C4CF", "symbol_words": "#D55E00", "offset_words": "#E69F00",
    "consumer": "#CC79A7", "turn": "#56B4E9", "idle": "#E8ECEF",
}  # fmt: skip
CAUSE_WORDS = {
    "value": "a value leaves", "fill": "filling, ending", "symbol_words": "waits for (symbol) words",
    "offset_words": "waits for offset words; wide: the router", "consumer": "waits for the consumer",
    "turn": "the lane's other stream; wide: parsing",
    "idle": "no work: tables, descriptors, ended; wide: draining",
}  # fmt: skip

STYLE = """
:root { color-scheme: light; --page: #F5F7FA; --card: #FFF; --ink: #1F2933; --quiet: #616E7C; --head: #52606D;
  --edge: #E4E7EB; --line: #EDF0F2; --strong: #CBD2D9; --field: #9AA5B1; --own: #F0F7F4; }
body { margin: 0; background: var(--page); color: var(--ink); font: 15px/1.5 system-ui, -apple-system, "Segoe UI",
  Roboto, "DejaVu Sans", sans-serif; }
main { max-width: 1180px; margin: 0 auto; padding: 24px 20px 60px; }
h1 { font-size: 28px; margin: 8px 0 2px; } h2 { font-size: 19px; margin: 0 0 6px; }
section { background: var(--card); border: 1px solid var(--edge); border-radius: 8px; padding: 18px 20px;
  margin: 16px 0; }
p { margin: 4px 0 10px; max-width: 92ch; } .quiet { color: var(--quiet); }
.tiles { display: flex; flex-wrap: wrap; gap: 12px; margin: 16px 0 0; }
.tile { flex: 1; min-width: 150px; background: var(--card); border: 1px solid var(--edge); border-radius: 8px;
  padding: 10px 16px; }
.tile b { display: block; font-size: 24px; line-height: 1.3; } .tile span { color: var(--quiet); font-size: 13px; }
.wide { overflow-x: auto; } table { border-collapse: collapse; font-size: 13px; width: 100%; }
th { text-align: left; color: var(--head); font-weight: 600; border-bottom: 2px solid var(--strong);
  vertical-align: bottom; }
td, th { padding: 5px 10px 5px 0; } td { border-bottom: 1px solid var(--line); vertical-align: top; }
td.n, th.n { text-align: right; } td.n { font-variant-numeric: tabular-nums; white-space: nowrap; }
th { max-width: 9em; } td { overflow-wrap: anywhere; min-width: 4em; } td:first-child { min-width: 8.5em; }
tr.own td { background: var(--own); } .plot { width: 100%; min-height: 480px; }
select { max-width: 100%; font: inherit; font-size: 14px; padding: 4px; background: var(--card); color: inherit;
  border: 1px solid var(--field); border-radius: 4px; } code { overflow-wrap: anywhere; }
summary { cursor: pointer; color: var(--head); }
@media (max-width: 600px) { main { padding: 12px 6px 40px; } section { padding: 12px 8px; } h1 { font-size: 22px;
  overflow-wrap: anywhere; } .tile { min-width: 120px; padding: 8px 10px; } }
pre { background: var(--page); border-radius: 6px; padding: 10px 12px; margin: 6px 0 12px; white-space: pre-wrap;
  word-break: break-word; font-size: 13px; }
"""
POLICY = "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data: blob:"


def document(title: str, body: str, style: str = STYLE) -> str:
    script = get_plotlyjs().replace("</script", "<\\/script")
    return (
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{title}</title><style>{style}</style>\n<script>{script}</script>\n</head>\n"
        f"<body><main>{body}</main></body></html>\n"
    )


def script_json(value: object) -> str:
    """JSON that nothing within can end a script by."""
    return json.dumps(value).replace("<", "\\u003c")


def table(header: Sequence[str], rows: Iterable[Sequence[str]], own: int = 0) -> str:
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


def tiles(pairs: Iterable[tuple[str, str]]) -> str:
    """Large figures with their words."""
    each = "".join(f'<div class="tile"><b>{number}</b><span>{words}</span></div>' for number, words in pairs)
    return f'<div class="tiles">{each}</div>'


def section(title: str, *parts: str) -> str:
    return f"<section><h2>{title}</h2>{''.join(parts)}</section>"


def paragraph(text: str) -> str:
    return f"<p>{text}</p>"


def quiet(text: str) -> str:
    return f'<p class="quiet">{text}</p>'
