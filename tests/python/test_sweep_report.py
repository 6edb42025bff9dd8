"""test_sweep_report.py — report.html in a browser: no error, no network, every plot drawn.

Run: python3 -m pytest tests/python/test_sweep_report.py
"""
# SPDX-License-Identifier: Apache-2.0

import csv
import json
import re
from pathlib import Path

import pytest
from browser import PHONE, Told, browse, on_phone, probed, screenshot_inks, telling, write_with
from sweep_bench import N_CONTAINERS, N_LAYERS, N_POINTS, Bench

PLOTS = ("pareto", "ratio", "stalls", "bandwidth", "fifos")
MARKS = dict.fromkeys(PLOTS, ".scatterlayer .points .point") | {"stalls": ".bars .point path"}
PROBE = telling(
    "const right = e => e.getBoundingClientRect().right;"
    f"for (const [id, marks] of Object.entries({json.dumps(MARKS)})) {{"
    "const div = document.getElementById(id); const box = div.querySelector('.plot-container').getBoundingClientRect();"
    "const bars = [...div.querySelectorAll('.bars')].map(e => e.getBoundingClientRect().height);"
    "found[id] = {legend: Math.max(...[...div.querySelectorAll('.legend .traces')].map(right)),"
    "bars: Math.max(0, ...bars),"
    "svgs: div.querySelectorAll('svg.main-svg').length, marks: div.querySelectorAll(marks).length,"
    "box: [box.left, box.top, box.right, box.bottom]}; }"
    "found.page = {width: document.documentElement.clientWidth, scrolls: document.documentElement.scrollWidth,"
    "choices: [...document.querySelectorAll('select')].map(right), tiles: document.querySelector('.tiles').innerText};"
)


@pytest.fixture(scope="module")
def page(undisturbed: Path) -> Path:
    """The report with a script that tells what was drawn, and where."""
    file = undisturbed.parent / "page" / "report.html"
    file.parent.mkdir()
    return write_with(file, (undisturbed / "report.html").read_text(encoding="utf-8"), PROBE)


@pytest.fixture(scope="module")
def opened(page: Path) -> tuple[Told, str]:
    """What the probe saw of each plot, and the console."""
    dom, console = browse(page, "--dump-dom")
    return probed(dom), console


def test_the_report_opens_without_an_error_and_draws_its_plots(opened: tuple[Told, str]) -> None:
    drawn, console = opened
    assert console == "" and set(drawn) == {*PLOTS, "page"}
    assert all(drawn[name]["svgs"] >= 2 for name in PLOTS), drawn
    assert drawn["pareto"]["marks"] == N_POINTS // 2  # of one environment
    assert drawn["ratio"]["marks"] >= N_CONTAINERS and drawn["bandwidth"]["marks"] >= 8
    assert drawn["fifos"]["marks"] >= 4
    assert drawn["stalls"]["marks"] == 7 * N_LAYERS


def test_on_a_phone_nothing_runs_off(page: Path) -> None:
    dom, console = browse(on_phone(page), "--dump-dom")
    drawn = probed(dom)
    assert console == "" and drawn["page"]["width"] == PHONE
    assert drawn["page"]["scrolls"] == PHONE
    assert len(drawn["page"]["choices"]) == 3 and max(drawn["page"]["choices"]) <= PHONE
    for name in PLOTS:
        assert drawn[name]["box"][2] <= PHONE and drawn[name]["legend"] <= PHONE, (name, drawn[name])


def test_long_names_of_tensors_leave_the_plot_its_room(page: Path, undisturbed: Path) -> None:
    from transom.sweep import report  # noqa: PLC0415  plotly, which may be missing

    written = json.loads((undisturbed / "sweep.json").read_text())
    with (undisturbed / "layers.csv").open(newline="") as lines:
        layers = [{**layer, "layer": f"{n}/{'a_long_name_of_a_tensor;' * 20}"} for n, layer in
                  enumerate(list(csv.DictReader(lines))[:N_LAYERS])]  # fmt: skip
    of_coding = {row["coding"]: layers for row in written["rows"]}
    made = report.report_html(report.Sweep(written, written["rows"], [], of_coding))
    file = write_with(page.parent / "long.html", made, PROBE)
    drawn = probed(browse(file, "--dump-dom")[0])
    left, top, right, bottom = drawn["stalls"]["box"]
    assert drawn["stalls"]["marks"] == 7 * N_LAYERS and right - left > 900 and bottom - top > 300
    assert drawn["stalls"]["bars"] > 250  # pixels of height that are left to the bars
    assert "a_long_name_of_a_tensor" in made[made.index("Names of the tensors") :]


def test_the_first_figure_is_the_gain_and_says_if_it_is_none(opened: tuple[Told, str], undisturbed: Path) -> None:
    drawn, _ = opened
    rows = json.loads((undisturbed / "sweep.json").read_text())["rows"]
    best = max(float(row["gain"]) for row in rows)
    first, *others = drawn["page"]["tiles"].split("\n")
    assert float(first) == pytest.approx(best, rel=5e-3)
    assert "gain over reading raw" in others[0] and ("slowdown" in others[0]) == (best < 1)
    fastest = max(rows, key=lambda row: float(row["values_per_cycle"]))
    assert ("slowdown" in drawn["page"]["tiles"]) == (best < 1 or float(fastest["gain"]) < 1)


def test_a_screenshot_of_the_report_shows_its_plots(page: Path, opened: tuple[Told, str]) -> None:
    drawn, _ = opened
    boxes = {name: tuple(map(int, drawn[name]["box"])) for name in PLOTS}
    for name, (width, height, inked) in screenshot_inks(page, boxes).items():
        assert width > 900 and height > 300, name
        assert inked > 150, f"{name}: {inked} coloured pixels"


def test_the_report_needs_no_network_and_escapes_names(undisturbed: Path) -> None:
    from transom.sweep import report  # noqa: PLC0415  plotly, which may be missing

    text = (undisturbed / "report.html").read_text(encoding="utf-8")
    assert "default-src 'none'" in text and not re.search(r"<(script|link|img|iframe)[^>]*(src|href)=", text[:2000])
    assert text.count("plotly.js v") == 1
    for title in (
        "What was run",
        "Values per cycle against area",
        "Rate against bytes of FIFO",
        "ceiling: lanes",
        "peak",
        "Against the field",
        "Project Zipline XP10",
    ):
        assert title in text
    written = json.loads((undisturbed / "sweep.json").read_text())
    bad = "<img src=x onerror=alert(1)></script>"
    with (undisturbed / "layers.csv").open(newline="") as file:
        layers = [{**layer, "layer": bad} for layer in csv.DictReader(file)][:N_LAYERS]
    of_coding = {row["coding"]: layers for row in written["rows"]}
    made = report.report_html(report.Sweep({**written, "trace": bad}, written["rows"], [(bad, bad)], of_coding))
    body = made[made.rindex("</head>") :]
    assert "<img" not in body and "&lt;img" in body
    assert body.count("</script>") == len(PLOTS)
    scripts = re.findall("<script>(.*?)</script>", body, re.DOTALL)
    assert not any("<" in script for script in scripts)  # nothing can end a script
    stalls = next(script for script in scripts if '"stalls"' in script)
    assert "\\u003cimg" not in stalls and "&lt;img" in stalls  # nor be taken for plotly's own markup


def test_a_report_without_areas_says_so(bench: Bench, copy: Path) -> None:
    bench.sweep(copy, "--costs", str(copy / "none.json"))
    with (copy / "sweep.csv").open(newline="") as file:
        assert {(line["area_um2"], line["area_ge"]) for line in csv.DictReader(file)} == {("", "")}
    text = (copy / "report.html").read_text(encoding="utf-8")
    assert "No area is known of apack-ac, apack-tans" in text and "no area is known)" in text
