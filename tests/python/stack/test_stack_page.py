"""test_stack_page.py — the snippets of model/stack/README.md run, one after the other."""
# SPDX-License-Identifier: Apache-2.0

import re
from typing import Any

import pytest
from program import SOURCE

pytest.importorskip("transom._stack", reason="the Python module was not built")


def test_every_snippet_runs() -> None:
    page = (SOURCE / "model/stack/README.md").read_text()
    snippets = re.findall(r"^```python\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
    names: dict[str, Any] = {}
    for snippet in snippets:
        exec(compile(snippet, "README.md", "exec"), names)
    assert len(snippets) > 3 and "bits_back" in names
