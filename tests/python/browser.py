"""browser.py — pages in headless Chromium: what their console says, what a script tells, what a picture has."""
# SPDX-License-Identifier: Apache-2.0

import html
import json
import re
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from program import run

Told = dict[str, dict[str, Any]]
PHONE = 390  # pixels of width
SECONDS = 120


def browse(page: Path, *options: str) -> tuple[str, str]:
    """Standard output and what the page said to its console."""
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.skip("chromium is not installed")
    command = [
        chromium, "--headless", "--no-sandbox", "--disable-gpu", "--enable-logging=stderr", "--window-size=1280,5200",
        "--hide-scrollbars", "--virtual-time-budget=10000", f"--user-data-dir={page.parent / 'profile'}",
        *options, page.as_uri(),
    ]  # fmt: skip
    done = run(*command, seconds=SECONDS)
    assert done.returncode == 0, done.stderr
    return done.stdout, "\n".join(line for line in done.stderr.splitlines() if "CONSOLE" in line)


def telling(script: str) -> str:
    """A script that puts what `script` has found of a page, when all is drawn, where probed() reads it."""
    return (
        "<script>addEventListener('load', () => setTimeout(() => { const found = {};" + script + "const out = "
        "document.createElement('pre'); out.id = 'probe'; out.hidden = true; out.textContent = JSON.stringify(found);"
        "document.body.append(out); parent.postMessage(out.textContent, '*'); }, 500));</script>"
    )


def write_with(file: Path, page: str, script: str) -> Path:
    """The page as a file with one more script at its end."""
    head, end, tail = page.rpartition("</body>")
    assert end
    file.write_text(head + script + end + tail, encoding="utf-8")
    return file


def probed(dom: str) -> Told:
    probe = re.search(r'<pre id="probe"[^>]*>(.*?)</pre>', dom)
    found: Told = json.loads(html.unescape(probe[1])) if probe else {}
    return found


def on_phone(page: Path) -> Path:
    """A page that shows this one as wide as a phone, and tells what it tells."""
    frame = page.with_name(f"phone-{page.name}")
    frame.write_text(
        f'<body><pre id="probe" hidden></pre><iframe src="{page.name}" style="border:0;width:{PHONE}px;height:9000px">'
        "</iframe><script>onmessage = e => document.getElementById('probe').textContent = e.data</script></body>"
    )
    return frame


def screenshot_inks(page: Path, boxes: Mapping[str, tuple[int, ...]]) -> dict[str, tuple[int, int, int]]:
    """Of each box of a screenshot: width, height, and how many pixels have a colour: no text, no grid."""
    images = pytest.importorskip("PIL.Image", reason="python3-pil is not installed")
    file = page.with_suffix(".png")
    browse(page, f"--screenshot={file}")
    found = {}
    with images.open(file) as image:
        assert image.width == 1280
        for name, box in boxes.items():
            cut = image.convert("RGB").crop(box)
            found[name] = cut.width, cut.height, sum(max(pixel) - min(pixel) > 60 for pixel in cut.getdata())
    return found
