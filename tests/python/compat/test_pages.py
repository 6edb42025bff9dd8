"""test_pages.py — the pages for users of torch_ans and tANS_py: their examples run, their tables name what there is."""
# SPDX-License-Identifier: Apache-2.0

import re
from typing import Any

import pytest
from program import PACKAGE, SOURCE, run

import transom.tans_py
import transom.torch

PAGES = ["from-torch-ans.md", "from-tans-py.md"]
EXAMPLE = re.compile(r"^```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def text(page: str) -> str:
    return (SOURCE / "docs" / page).read_text()


@pytest.mark.parametrize("page", PAGES)
def test_every_example_runs_without_pytorch(page: str) -> None:
    examples = EXAMPLE.findall(text(page))
    assert examples
    for example in examples:
        without = "import sys\nsys.modules['torch'] = None\n"
        done = run("/usr/bin/python3", "-c", without + example, env={"PYTHONPATH": str(PACKAGE)})
        assert done.returncode == 0, done.stderr


def test_torch_ans_example_runs_after_changing_the_import(make: Any, draw: Any) -> None:
    """What its documentation shows, with its names: tensors by PyTorch where it is there, arrays where it is not."""
    interface = transom.torch.TorchANSInterface
    freqs, numbers, offsets = make(draw.integers(1, 100, (8, 256))), make([256] * 8), make([0] * 8)
    coder = interface(impl="rans64", freq_precision=16, device="cpu")
    coder.init_params(freqs, numbers, offsets)
    symbols, indexes = make(draw.integers(0, 256, (8, 64))), make(draw.integers(0, 8, (8, 64)))
    encoded = coder.encode_with_indexes(symbols, indexes)
    assert encoded is not None
    decoded = coder.decode_with_indexes(encoded, indexes)
    assert type(decoded) is type(symbols) and bool((decoded == symbols).all())


@pytest.mark.parametrize(
    ("page", "module", "owner"),
    [
        ("from-torch-ans.md", transom.torch, transom.torch.ANSInterface(freq_precision=8)),
        ("from-tans-py.md", transom.tans_py, transom.tans_py.Coder(4, [0, 1], [2, 2])),
    ],
)
def test_every_name_of_the_table_is_there(page: str, module: Any, owner: Any) -> None:
    rows = re.findall(r"^\| (`.*?) \| (the same.*?) \|$", text(page).partition("## What differs")[0], re.MULTILINE)
    assert len(rows) >= 3
    for names, _ in rows:
        for name in re.findall(r"`([\w.]+)", names):
            if name.startswith((".", "Coder.")):
                assert hasattr(owner, name.removeprefix("Coder").removeprefix(".")), name
            elif not name.endswith("_") and name[0] != "_":
                part = module
                for word in name.split("."):
                    part = getattr(part, word)
