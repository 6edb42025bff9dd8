"""test_page.py — the page of `transom report`, and what shows itself in a notebook, in headless Chromium."""
# SPDX-License-Identifier: Apache-2.0

import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from browser import PHONE, Told, browse, on_phone, probed, screenshot_inks, telling, write_with
from program import TRACE, run_package

pytest.importorskip("transom._core", reason="the Python module was not built")
pytest.importorskip("plotly", reason="python3-plotly is not installed")
import transom
from transom.verify import Cosim

N_TENSORS, N_CODINGS = 12, len(transom.codecs())
PLOTS = ("ratios", "spreads", "stalls", "bits")
BAD = "<img src=x onerror=alert(1)></script>"
# Opens the first tensor and tells of the page before and after; sorts by ratio; filters.
PROBE = telling(
    "const rows = () => [...document.querySelectorAll('#tensors tr.tensor')];"
    "const histograms = () => document.querySelectorAll('#tensors .plot svg.main-svg').length;"
    "const box = e => { const b = e.getBoundingClientRect(); return [b.left, b.top, b.right, b.bottom]; };"
    "found.before = {histograms: histograms(), names: rows().map(r => r.querySelector('button').textContent)};"
    "document.querySelector('#tensors button').click();"
    "for (const id of " + json.dumps(PLOTS) + ") { const div = document.getElementById(id); if (!div) continue;"
    "found[id] = {marks: div.querySelectorAll('.bars .point, .scatterlayer .point').length,"
    "box: box(div.querySelector('.plot-container'))}; }"
    "const drawn = document.querySelector('#tensors .plot');"
    "found.open = {histograms: histograms(), bars: drawn.querySelectorAll('.bars .point').length, box: box(drawn),"
    "text: document.querySelector('#tensors tr.open').innerText};"
    "document.querySelector('#tensors button').click();"
    "const ratio = [...document.querySelectorAll('#tensors th')].findIndex(th => th.textContent == 'ratio');"
    "document.querySelectorAll('#tensors th')[ratio].click();"
    "found.sorted = {ratios: rows().map(r => Number(r.cells[ratio].textContent))};"
    "const filter = document.getElementById('filter'); filter.value = 'CONV1';"
    "filter.dispatchEvent(new Event('input'));"
    "found.filtered = {names: rows().map(r => r.querySelector('button').textContent),"
    "shown: document.getElementById('shown').textContent};"
    "filter.value = ''; filter.dispatchEvent(new Event('input')); document.querySelector('#tensors th').click();"
    "document.querySelector('#tensors button').click();"
    "found.page = {width: document.documentElement.clientWidth, scrolls: document.documentElement.scrollWidth,"
    "images: document.images.length, tiles: document.querySelector('.tiles').innerText,"
    "dark: getComputedStyle(document.body).backgroundColor};"
)


def made(folder: Path, *arguments: object) -> Path:
    """The page of a report, with the script that tells of it."""
    file = folder / "report.html"
    done = run_package("transom", "report", *arguments, "-o", file)
    assert done.returncode == 0, done.stderr
    return write_with(folder / "told.html", file.read_text(encoding="utf-8"), PROBE)


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made(tmp_path_factory.mktemp("page"), TRACE)


@pytest.fixture(scope="module")
def opened(page: Path) -> tuple[Told, str]:
    dom, console = browse(page, "--dump-dom")
    return probed(dom), console


def test_python_7_the_page_opens_without_an_error_and_draws_its_plots(opened: tuple[Told, str]) -> None:
    told, console = opened
    assert console == "" and set(PLOTS) < set(told)
    assert told["ratios"]["marks"] >= N_CODINGS
    assert told["spreads"]["marks"] == N_CODINGS - 1 + 5  # codings but raw, ways to quantise
    assert told["stalls"]["marks"] == 7 * N_TENSORS
    assert told["bits"]["marks"] >= 3 * N_TENSORS  # entropy, raw, the best coding
    assert told["page"]["scrolls"] <= told["page"]["width"]
    assert "values per cycle of the unit" in told["page"]["tiles"]


def test_a_histogram_is_drawn_when_its_tensor_is_opened(opened: tuple[Told, str]) -> None:
    told, _ = opened
    assert told["before"]["histograms"] == 0 and len(told["before"]["names"]) == N_TENSORS
    assert told["open"]["histograms"] >= 1 and told["open"]["bars"] > 100
    for words in ("conv1/weights", "8 scales", "apack-nrans", "values per cycle", "draining"):
        assert words in told["open"]["text"]


def test_the_table_sorts_and_filters(opened: tuple[Told, str]) -> None:
    told, _ = opened
    ratios = told["sorted"]["ratios"]
    assert len(ratios) == N_TENSORS and ratios == sorted(ratios, reverse=True)
    assert sorted(told["filtered"]["names"]) == ["conv1", "conv1/weights"]
    assert told["filtered"]["shown"] == f"2 of {N_TENSORS} tensors"


def test_python_7_a_screenshot_shows_the_plots(page: Path, opened: tuple[Told, str]) -> None:
    told, _ = opened
    boxes = {name: tuple(map(int, told[name]["box"])) for name in PLOTS}
    for name, (width, height, inked) in screenshot_inks(page, boxes).items():
        assert width > 900 and height > 150, name
        assert inked > 500, f"{name}: {inked} coloured pixels"


def test_on_a_phone_nothing_runs_off(page: Path) -> None:
    dom, console = browse(on_phone(page), "--dump-dom")
    told = probed(dom)
    assert console == "" and (told["page"]["width"], told["page"]["scrolls"]) == (PHONE, PHONE)
    assert all(told[name]["box"][2] <= PHONE for name in (*PLOTS, "open"))


def test_in_the_dark_the_page_is_dark(page: Path, opened: tuple[Told, str]) -> None:
    dark = probed(browse(page, "--dump-dom", "--blink-settings=preferredColorScheme=0")[0])
    assert dark["page"]["dark"] == "rgb(18, 23, 29)" and opened[0]["page"]["dark"] == "rgb(245, 247, 250)"


def test_what_a_trace_says_is_text_and_no_markup(tmp_path: Path) -> None:
    folder = tmp_path / "a<b>&trace"
    folder.mkdir()
    np.save(folder / "a.npy", np.arange(600, dtype=np.int16) % 37)
    entry = {"file": "a.npy", "name": BAD, "kind": BAD, "quantiser": BAD, "scale": [0.5]}
    (folder / "manifest.json").write_text(json.dumps({"tensors": [entry]}))
    file = made(tmp_path, folder, folder, "--coding", "raw,tans")
    text = file.read_text(encoding="utf-8")
    body = text[text.rindex("</head>") : text.rindex("<script>addEventListener")]
    assert "<img" not in body and "<b>&trace" not in body and body.count("</script>") == 2
    assert "default-src 'none'" in text and text.count("plotly.js v") == 1
    assert not re.search(r"<(script|link|img|iframe)[^>]*(src|href)=", body)
    dom, console = browse(file, "--dump-dom")
    told = probed(dom)
    assert console == "" and told["page"]["images"] == 0
    assert told["before"]["names"] == [BAD, BAD] and BAD in told["open"]["text"]


def test_a_page_without_weights_or_a_unit_draws_what_there_is(tmp_path: Path) -> None:
    np.save(tmp_path / "a.npy", np.zeros((0, 3), np.uint8))
    np.save(tmp_path / "b.npy", np.arange(999, dtype=np.uint8) % 7)
    told = probed(browse(made(tmp_path, tmp_path, "--no-sim"), "--dump-dom")[0])
    assert set(told) & set(PLOTS) == {"ratios", "bits"} and told["open"]["histograms"] >= 1


def test_a_container_a_code_and_a_comparison_show_themselves(tmp_path: Path) -> None:
    coded = transom.encode_best(transom.Tensor(np.arange(64, dtype=np.uint8).repeat(40), name=BAD), "apack-tans")
    cosim = Cosim(coded)
    cosim.step(1, 0, state=9999)
    container = transom.Container((coded,))
    shown: dict[str, Any] = {"container": container, "coded": coded, "code": coded.code, "comparison": cosim}
    body = "".join(f'<div id="{name}">{thing._repr_html_()}</div>' for name, thing in shown.items())
    script = telling("for (const e of document.querySelectorAll('div')) found[e.id] = {text: e.innerText};")
    dom, console = browse(
        write_with(tmp_path / "shown.html", f"<html><body>{body}</body></html>", script), "--dump-dom"
    )
    told = {name: found["text"] for name, found in probed(dom).items()}
    assert console == "" and set(told) == set(shown)
    n_bytes = transom.record_bytes(coded).coded
    assert BAD in told["container"] and re.search(rf"\b{n_bytes}\b", told["container"])
    assert f"R = {coded.code.table_log}, {len(coded.code.rows)} rows" in told["code"]
    assert "first difference" in told["comparison"] and re.search(r"lane\s+1\b", told["comparison"])
