"""model/EXAMPLES.md and EXAMPLES-2.md: their bytes are what `transom encode` writes, their steps those of the decoder.

Runs TRANSOM_BUILD/transom as a process.
"""
# SPDX-License-Identifier: Apache-2.0

import ast
import re
import sys
from pathlib import Path

import pytest
from coders import CODERS, CODINGS, LEAST_R, MOST_R, STATUSES, spread_of
from container import read_container
from examples import BLOCK, PAGES, Example, read_page
from program import SOURCE

FORMAT = (SOURCE / "model/FORMAT.md").read_text()
EXAMPLES = {
    title: example for page in PAGES for title, example in read_page((SOURCE / "model" / page).read_text()).items()
}


@pytest.mark.parametrize("example", EXAMPLES.values(), ids=list(EXAMPLES))
def test_the_bytes_of_an_example_are_those_that_encode_writes(example: Example, tmp_path: Path) -> None:
    assert example.encode(tmp_path).hex(" ") == example.data.hex(" ")


def pattern(value: int, dtype: str, bits: int) -> int:
    if dtype != "bf16":
        return value & (1 << bits) - 1
    return (value >> 7 & 0xFF) << 8 | value >> 15 << 7 | value & 0x7F


@pytest.mark.parametrize("example", EXAMPLES.values(), ids=list(EXAMPLES))
def test_an_example_has_its_values_and_its_steps(example: Example) -> None:
    tensors = read_container(example.data)[1]
    for tensor, shown in zip(tensors, example.tensors, strict=True):
        want = [pattern(value, shown.dtype, shown.bits) for value in shown.values]
        assert tensor.judge(tensor.streams()) == ("ok", want)
        assert (tensor.name, tensor.shape) == (shown.name, shown.shape)
    for stream, rows in example.steps.items():
        steps = tensors[0].streams(traced=True)[stream].steps
        assert rows[0][0] == 0 and rows[-1][0] == len(steps) - 1
        for i, *row in rows:
            step = steps[i]
            assert row == [step.symbol, step.state, step.symbol_position, step.offset_position, step.value], i


def test_every_coding_version_and_kind_of_value_has_an_example() -> None:
    shown = {
        (version, CODINGS[tensor.code.coding])
        for version, tensors in (read_container(example.data) for example in EXAMPLES.values())
        for tensor in tensors
    }
    assert shown == {(1, c) for c in CODINGS} | {(2, c) for c in ("raw", "apack-tans", "apack-nrans")}
    for title in CODINGS[1:]:
        assert EXAMPLES[title].steps
    assert {tensor.dtype for example in EXAMPLES.values() for tensor in example.tensors} >= {"uint8", "int8", "bf16"}


def test_the_spreads_of_the_page_are_those_of_its_formulas() -> None:
    [shown] = [block for block in BLOCK.findall(FORMAT) if block.startswith("step ")]
    spreads = [[int(symbol) for symbol in line.split()[1:]] for line in shown.splitlines()]
    assert spreads == [spread_of([5, 2, 1], 3, spread) for spread in range(3)]


def test_the_tables_of_codings_and_statuses_are_those_of_the_decoder() -> None:
    for number, name in enumerate(CODINGS):
        found = re.search(rf"^\| {number} \| `{name}` \|[^|]*\|[^|]*\| ([\d.]+) \|", FORMAT, re.MULTILINE)
        assert found, name
        assert [int(R) for R in found[1].split("..")] in ([LEAST_R[number], MOST_R[number]], [MOST_R[number]])
    assert [
        status for _, status in sorted(re.findall(r"^\| (\d) \| `(\w+)` \| [^|]* \|$", FORMAT, re.MULTILINE))
    ] == STATUSES
    assert len(CODERS) == len(CODINGS)


def test_the_decoder_imports_the_standard_library_alone() -> None:
    files = sorted((SOURCE / "tests/clean_room").glob("*.py"))
    own = {file.stem for file in files}
    nodes = [node for file in files for node in ast.walk(ast.parse(file.read_text()))]
    names = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    names |= {str(node.module) for node in nodes if isinstance(node, ast.ImportFrom)}
    assert {"coders", "math"} <= names
    assert {name.split(".")[0] for name in names} <= own | sys.stdlib_module_names


def test_every_link_of_the_pages_leads_somewhere() -> None:
    for page in ["FORMAT.md", *PAGES]:
        for target in re.findall(r"\]\(([^)]*)\)", (SOURCE / "model" / page).read_text()):
            file, _, anchor = target.partition("#")
            other = SOURCE / "model" / (file or page)
            assert other.exists(), target
            heads = re.findall(r"^#+ (.*)$", other.read_text(), re.MULTILINE)
            anchors = {re.sub(r"[^\w -]", "", head.lower()).replace(" ", "-") for head in heads}
            assert not anchor or anchor in anchors, target
