"""document.py — the page: what is the same for every reader is HTML here, plots and the table of tensors are page.js's.

page.js has all figures as JSON and puts texts of a trace into the page as text, never as markup.
"""
# SPDX-License-Identifier: Apache-2.0

from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any

from transom import page
from transom.sweep.rows import CAUSES, WIDE_CAUSES

from .measure import RAW, STORED
from .quantisers import WAYS

HERE = Path(__file__).resolve().parent
WAY_WORDS = {
    "channel-minmax": "a scale per channel, all covered", "group32-minmax": "a scale per 32 values, all covered",
    "tensor-minmax": "one scale, all covered", "tensor-p99.9": "one scale, 0.1 % clipped",
    "tensor-p99": "one scale, 1 % clipped",
}  # fmt: skip
EXACT_DB = 100  # beyond it the difference is that of float32s
COUNTED = (
    "Ratio: raw bytes, packed, over the bytes of the container, with all tables, headers and names. Best of each: "
    "every tensor in the coding that takes fewest bytes of it. The bound is the order-0 entropy of the values, tables "
    "not counted; pairs know of neighbours and can go below it."
)
BITS = (
    "Bits per value of each tensor, its table and header counted, and its entropy. Small tensors pay for their tables. "
    "Choose codings in the legend; drag to zoom, double-click to zoom out."
)
Network = Mapping[str, Any]


def _bytes(n: float) -> str:
    return f"{round(n):,}"


def _ratio(ratio: float) -> str:
    return f"{ratio:.4g}"


def _best(network: Network) -> str:
    codings: Mapping[str, Mapping[str, Any]] = network["codings"]
    return min((c for c in codings if c != STORED), key=lambda c: float(codings[c]["bytes"]))


def _tiles(networks: Sequence[Network]) -> str:
    pairs = []
    for network in networks:
        name = f" ({escape(network['name'])})" if len(networks) > 1 else ""
        coding, unit = _best(network), network["unit"]
        bound = network["raw_bytes"] / network["entropy_bytes"] if network["entropy_bytes"] else 0
        pairs.append((_ratio(network["codings"][coding]["ratio"]), f"ratio with {coding}, the best for all{name}"))
        if len(networks) == 1:
            pairs.append((_ratio(network["best"]["ratio"]), "ratio with the best coding of each tensor"))
            pairs.append((_ratio(bound) if bound else "–", "the entropy's bound, without tables"))
        if unit:
            pairs.append((f"{unit['values_per_cycle']:.4g}", f"values per cycle of the unit{name}"))
        if len(networks) == 1:
            pairs.append((f"{network['values']:,}", f"values in {len(network['tensors'])} tensors"))
    return page.tiles(pairs)


def _lines(network: Network) -> dict[str, tuple[float, str]]:
    """What is compared: bytes, and how many tensors are stored raw."""
    lines = {}
    for coding, of in network["codings"].items():
        raw = "–" if of["stored_raw"] is None or coding == RAW else str(of["stored_raw"])
        lines["as it was given" if coding == STORED else coding] = of["bytes"], raw
    return lines | {
        "best of each tensor": (network["best"]["bytes"], "–"),
        "entropy, no tables": (network["entropy_bytes"], "–"),
    }


def _codings_of_one(network: Network) -> str:
    bound, raw_bytes = network["entropy_bytes"], network["raw_bytes"]
    rows = [
        [words, _bytes(n), _ratio(raw_bytes / n) if n else "–", f"{n / bound - 1:+.2%}" if bound else "–", raw]
        for words, (n, raw) in _lines(network).items()
    ]
    return page.table(["coding", "#bytes", "#ratio", "#over the entropy", "#tensors raw"], rows)


def _codings_of_many(networks: Sequence[Network]) -> str:
    """Ratio and bytes, a column for each network."""
    found = [_lines(network) for network in networks]
    rows = []
    for words in dict.fromkeys(words for lines in found for words in lines):
        cells = []
        for network, lines in zip(networks, found, strict=True):
            n = lines[words][0] if words in lines else 0
            cells.append(f'{_ratio(network["raw_bytes"] / n)}<br><span class="quiet">{_bytes(n)}</span>' if n else "–")
        rows.append([words, *cells])
    return page.table(["ratio and bytes", *(f"#{escape(network['name'])}" for network in networks)], rows)


def _networks(networks: Sequence[Network]) -> str:
    raw = "; ".join(
        f"{escape(n['name'])}: {len(n['tensors'])} tensors, {n['values']:,} values, {_bytes(n['raw_bytes'])} bytes raw"
        for n in networks
    )
    plot = '<div class="plot" id="ratios"></div>'
    table = _codings_of_one(networks[0]) if len(networks) == 1 else _codings_of_many(networks)
    return page.section("Codings", page.paragraph(raw + "."), page.quiet(COUNTED), plot, table)


def _spread(ratios: Sequence[float]) -> str:
    """From the least to the greatest, and the factor between them."""
    return f"{min(ratios):.4g} to {max(ratios):.4g}, a factor of {max(ratios) / min(ratios):.3f}"


def _of_network(network: Network) -> list[str]:
    found = network["quantisers"]
    title = f"<h3>{escape(network['name'])}</h3>"
    if found is None:
        why = (
            "no weight with scales in the manifest, and no floats, or no coding but raw: nothing to quantise otherwise"
        )
        return [title, page.quiet(f"Not measured: {why}.")]
    coders = [of["ratio"] for of in found["codings"].values()]
    ways = [of["ratio"] for of in found["ways"].values()]
    text = (
        f"{found['tensors']} tensors of weights, {found['values']:,} values. As recorded, over the codings the ratio "
        f"is {_spread(coders)}. By {found['coding']} alone, quantised in {len(WAYS)} ways at the same width, "
        f"it is {_spread(ways)}."
    )
    rows = [
        [
            WAY_WORDS[way],
            _bytes(of["raw_bytes"]),
            _bytes(of["bytes"]),
            _ratio(of["ratio"]),
            "exact" if of["snr_db"] is None or of["snr_db"] > EXACT_DB else f"{of['snr_db']:.1f}",
        ]
        for way, of in found["ways"].items()
    ]
    table = page.table(["quantiser", "#raw bytes", "#bytes", "#ratio", "#signal to noise, dB"], rows)
    return [title, page.paragraph(text), table]


QUANTISER = (
    "A ratio is of integers that a quantiser made. Here the weights whose scales the manifest has, and floats, are "
    "made real again, quantised in other ways at the same width (floats: 8 bits) and coded; scales are not counted. "
    "Integers have been rounded once already, and noise is against what was recorded: a higher ratio bought with "
    "noise is no gain of a coder. What it does to the network's answers was not measured."
)


def _quantiser(networks: Sequence[Network], common: Sequence[Mapping[str, Any]] | None) -> str:
    parts = [page.quiet(QUANTISER), '<div class="plot low" id="spreads"></div>']
    for network in networks:
        parts += _of_network(network)
    if common is not None:
        rows = []
        for of in common:
            coding = min(of["codings"], key=lambda c: float(of["codings"][c]["bytes"]))
            n = max(of["values"], 1)
            rows.append([
                escape(of["name"]), f"{8 * of['raw_bytes'] / n:.3f}", f"{8 * of['entropy_bytes'] / n:.3f}",
                f"{8 * of['codings'][coding]['bytes'] / n:.3f}", coding, _ratio(of["codings"][coding]["ratio"]),
            ])  # fmt: skip
        words = f"The {common[0]['tensors']} tensors that all networks have by name and shape, in bits per value:"
        header = ["network", "#raw", "#entropy", "#coded", "best coding", "#ratio"]
        parts += ["<h3>The same tensors</h3>", page.paragraph(words), page.table(header, rows)]
    return page.section("The quantiser and the coder", *parts)


def _unit_words(unit: Mapping[str, Any]) -> str:
    of, memory = unit["unit"], unit["memory"]
    kind = "the wide unit" if of["kind"] == "wide" else f"decoder_axi of {of['kind']} lanes"
    return (
        f"{kind}, {of['lanes']} lanes, a bus of {of['bus_bits']} bits, a memory of {memory['bytes_per_cycle']:g} bytes "
        f"per cycle, coding {escape(unit['coding'])}"
    )


def _unit(networks: Sequence[Network]) -> str:
    if networks[0]["unit"] is None:
        return ""
    rows = [
        [
            escape(network["name"]), f"{unit['cycles']:,}", f"{unit['values_per_cycle']:.4g}", f"{unit['of_peak']:.1%}",
            f"{unit['gain']:.3g}" + ("" if unit["gain"] >= 1 else ": a slowdown"), f"{unit['bytes_read']:,}",
            f"{unit['raw_over_read']:.4g}", unit["roofline"]["binds"],
        ]
        for network in networks
        if (unit := network["unit"])
    ]  # fmt: skip
    header = ["network", "#cycles", "#values per cycle", "#of the peak", "#gain over reading raw", "#bytes read"]
    words = (
        f"<code>transom sim</code>, the cycle model: {_unit_words(networks[0]['unit'])}. The tensors are coded for "
        "this unit, one after the other, and nothing else uses the memory. In the plot: where the cycles of each "
        "tensor go."
    )
    return page.section(
        "The unit", page.paragraph(words), page.table([*header, "#raw / read", "bound by"], rows),
        '<div class="plot" id="stalls"></div>',
    )  # fmt: skip


FILTERS = """<div class="filters"><label>Network <select id="network"></select></label>
<label>Kind <select id="kind"></select></label>
<label class="grow">Name <input id="filter" type="search" placeholder="part of a name, dtype or coding"></label></div>
"""


def _tensors() -> str:
    return page.section(
        "Tensors", page.quiet(BITS), FILTERS, '<div class="plot" id="bits"></div>',
        page.quiet("A click on a heading sorts, a click on a tensor opens it: histogram, codings, stalls."),
        '<table id="tensors"><thead></thead><tbody></tbody></table><p class="quiet" id="shown"></p>',
    )  # fmt: skip


def _causes(unit: Mapping[str, Any] | None) -> list[dict[str, str]]:
    """Of the unit's stalls, in their order: the program's name, words and a colour."""
    if unit is None:
        return []
    wide = unit["unit"]["kind"] == "wide"
    words = {"name": "value", "words": page.CAUSE_WORDS["value"], "colour": page.CAUSE_COLOURS["value"]}
    return [words] + [
        {
            "name": WIDE_CAUSES.get(cause, cause) if wide else cause, "colour": page.CAUSE_COLOURS[cause],
            "words": _cause_words(cause, wide),
        }
        for cause in CAUSES
    ]  # fmt: skip


def _cause_words(cause: str, wide: bool) -> str:
    mine, _, of_wide = page.CAUSE_WORDS[cause].partition("; wide: ")
    return of_wide if wide and of_wide else mine


def report_html(figures: Mapping[str, Any], command: str) -> str:
    networks: Sequence[Network] = figures["networks"]
    title = escape(", ".join(network["name"] for network in networks))
    what = page.quiet(
        "What each coding makes of each tensor, everything counted, and what a decoder unit does with it."
    )
    data = {
        "figures": figures, "colours": page.COLOURS | {RAW: "#7B8794", STORED: "#1192E8"}, "raw": RAW, "stored": STORED,
        "causes": _causes(networks[0]["unit"]), "ways": WAY_WORDS,
    }  # fmt: skip
    body = [
        f"<h1>Transom report: {title}</h1>", what, _tiles(networks), _networks(networks),
        _quantiser(networks, figures["common"]), _unit(networks), _tensors(),
        page.section("Reproduce", f"<pre>{escape(command)}</pre>"),
        f'<script type="application/json" id="data">{page.script_json(data)}</script>',
        f"<script>{(HERE / 'page.js').read_text(encoding='utf-8')}</script>",
    ]  # fmt: skip
    style = page.STYLE + (HERE / "page.css").read_text(encoding="utf-8")
    return page.document(f"Transom report: {title}", "".join(body), style)
