"""listing.py — what `nvdisasm -c` prints, as functions of instructions.

An instruction is a line with its address in a comment; a label is a line of its own. A section of code starts with a
kernel; functions that it calls follow in the same section, each behind its own name.
"""
# SPDX-License-Identifier: Apache-2.0

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

INSTRUCTION = re.compile(r"^\s*/\*([0-9a-f]{4,})\*/\s+(?:\{\s*)?(@!?U?P\w+\s+)?([A-Z][A-Z0-9_.]*)\s*(.*?)\s*;")
HEAD = re.compile(r"^\s*\.(target|headerflags)\b")
LABEL = re.compile(r"^\s*([.$\w]+):\s*$")
ENTRY = re.compile(r"^\s*\.other\s+([$\w]+),.*STO_CUDA_ENTRY")
TARGET = re.compile(r"\.L_\w+")
ALWAYS = "@PT"
CALLS = ("CALL", "BSSY", "WARPSYNC")  # name a place, and go on behind themselves


class ListingError(ValueError):
    """Text that is no listing of nvdisasm; the message says where."""


@dataclass(frozen=True)
class Instruction:
    """`guard` is the predicate in front, "" where there is none: `@P0`, `@!P0`."""

    address: int
    guard: str
    opcode: str
    operands: str

    @property
    def name(self) -> str:
        """The opcode without its modifiers."""
        return self.opcode.partition(".")[0]

    @property
    def modifiers(self) -> list[str]:
        return self.opcode.split(".")[1:]

    @property
    def targets(self) -> list[str]:
        """Labels that control may go to: one of a branch, all of a jump by a table."""
        return [] if self.name in CALLS else TARGET.findall(self.operands)

    def __str__(self) -> str:
        return f"{self.address:6x}  {self.guard:>5} {self.opcode} {self.operands}".rstrip()


@dataclass
class Function:
    """Code behind a name. `labels` are places in `instructions`; one behind the last is its length."""

    name: str
    is_kernel: bool
    instructions: list[Instruction] = field(default_factory=list)
    labels: dict[str, int] = field(default_factory=dict)


def read_listing(lines: Iterable[str]) -> list[Function]:
    """The functions of a listing, in its order; none of a source without kernels. Raises ListingError."""
    functions: list[Function] = []
    entries: set[str] = set()
    is_listing = False
    for number, line in enumerate(lines, 1):
        is_listing |= bool(HEAD.match(line))
        if entry := ENTRY.match(line):
            entries.add(entry[1])
        elif label := LABEL.match(line):
            if not label[1].startswith("."):
                functions.append(Function(label[1], label[1] in entries))
            elif label[1].startswith(".L_") and functions:
                functions[-1].labels[label[1]] = len(functions[-1].instructions)
        elif found := INSTRUCTION.match(line):
            if not functions:
                raise ListingError(f"line {number}: an instruction before any function's name")
            guard = (found[2] or "").strip()
            guard = "" if guard == ALWAYS else guard
            functions[-1].instructions.append(Instruction(int(found[1], 16), guard, found[3], found[4]))
    if not functions and not is_listing:
        raise ListingError("no listing of nvdisasm")
    return functions
