"""examples.py — what model/EXAMPLES.md shows: tensors, how they are encoded, their bytes, their steps.

An example is a block that begins with its tensors and options, has lines of offset, bytes and meaning, and may be
followed by blocks of steps. A tensor's values are integers, or a float's bits in hex.
"""
# SPDX-License-Identifier: Apache-2.0

import json
import re
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from program import transom

PAGES = ["EXAMPLES.md", "EXAMPLES-2.md"]
BLOCK = re.compile(r"^```text\n(.*?)^```$", re.MULTILINE | re.DOTALL)
TENSOR = re.compile(r"tensor (\S+) +(\w+) +\[([\d, ]*)\] +(.*)")
BYTES = re.compile(r" *(\d+)  ((?:[0-9a-f]{2} )*[0-9a-f]{2})(?:  +.*)?")
STEPS = re.compile(r"steps of stream (\d+)")


@dataclass
class Shown:
    """A tensor of the page."""

    name: str
    dtype: str
    shape: list[int]
    values: list[int]  # as numpy has them; of floats their bits

    @property
    def bits(self) -> int:
        return {"bf16": 16, "fp16": 16, "fp8": 8}.get(self.dtype.split("_")[0]) or int(re.sub(r"\D", "", self.dtype))


@dataclass
class Example:
    tensors: list[Shown] = field(default_factory=list)
    options: list[str] = field(default_factory=list)
    data: bytes = b""
    steps: dict[int, list[list[int]]] = field(default_factory=dict)  # of the first tensor's streams: i, then a step

    def encode(self, folder: Path) -> bytes:
        """What `transom encode` makes of the tensors."""
        manifest = []
        for tensor in self.tensors:
            kind = f"int{8 if tensor.bits <= 8 else 16}"
            kind = kind if tensor.dtype.startswith("int") else f"u{kind}"
            file = f"{tensor.name}.npy"
            np.save(folder / file, np.array(tensor.values, kind).reshape(tensor.shape))
            about = {"file": file, "name": tensor.name, "kind": "weight", "dtype": tensor.dtype, "bits": tensor.bits}
            if tensor.dtype.lstrip("u").startswith("int"):
                about["dtype"] = kind
            manifest.append({**about, "shape": tensor.shape, "n": len(tensor.values)})
        (folder / "manifest.json").write_text(json.dumps({"trace": "example", "tensors": manifest}))
        transom("encode", folder, "-o", folder / "example.tsm", *self.options)
        return (folder / "example.tsm").read_bytes()


def read_example(lines: list[str]) -> Example:
    example = Example()
    for line in lines:
        if tensor := TENSOR.fullmatch(line):
            name, dtype, shape, values = tensor.groups()
            base = 10 if dtype.lstrip("u").startswith("int") else 16
            numbers = [int(value, base) for value in values.split()]
            example.tensors.append(Shown(name, dtype, [int(dim) for dim in shape.split(",") if dim], numbers))
        elif line.startswith("encode "):
            example.options = line.split()[1:]
        elif line.strip():
            part = BYTES.fullmatch(line)
            assert part is not None, f"neither a tensor, nor options, nor bytes: {line}"
            assert int(part[1]) == len(example.data), f"the bytes before it end at {len(example.data)}: {line}"
            example.data += bytes.fromhex(part[2])
    return example


def read_page(text: str) -> dict[str, Example]:
    """The examples, by their headings."""
    examples: dict[str, Example] = {}
    for section in re.split(r"^## ", text, flags=re.MULTILINE)[1:]:
        title = section.splitlines()[0]
        for block in BLOCK.findall(section):
            lines = block.splitlines()
            if lines[0].startswith("tensor "):
                assert title not in examples, f"two examples under one heading: {title}"
                examples[title] = read_example(lines)
            elif steps := STEPS.match(lines[0]):
                rows = [[int(number, 0) for number in line.split()] for line in lines[1:] if re.match(r" *\d", line)]
                examples[title].steps[int(steps[1])] = rows
    return examples
