"""rtlil.py — an elaborated design in Yosys' own text (RTLIL), cut into its modules.

A module's text is made independent of what else was elaborated with it and of where its lines stand: names
that Yosys made, and the modules that it instantiates, are numbered in their order; attributes are dropped.
So the same logic is the same text in every design, and is mapped once.
"""
# SPDX-License-Identifier: Apache-2.0

import re
from collections.abc import Mapping
from dataclasses import dataclass

PART = "part"  # what a module is called in its text
MADE = re.compile(r"(?<!\S)\$\S+")
NAMED = re.compile(r"^  (?:wire|memory|cell) .*?(\$\S+)$")
CELL = re.compile(r"^  cell (\S+) (\S+)$")
PORT = re.compile(r"^  wire .*(?:input|output|inout) \d+ ")
VERSION = "# Yosys' RTLIL\nautoidx 1\n"


@dataclass(frozen=True)
class Module:
    """A module: its lines without attributes, and its instances of other modules by their names."""

    name: str
    lines: tuple[str, ...]
    instances: Mapping[str, str]  # instance -> module

    @property
    def base(self) -> str:
        """The name in the RTL, without parameters."""
        return base_name(self.name)


def base_name(name: str) -> str:
    """The module's name in the RTL: of \\m, $paramod\\m\\P=1 and $paramod$hash\\m it is m."""
    parts = name.split("\\")
    return parts[1] if name.startswith("$paramod\\") else parts[-1]


def read_modules(text: str) -> dict[str, Module]:
    """The modules of a file that write_rtlil wrote, by name. Raises ValueError for one that has processes left."""
    bodies: dict[str, list[str]] = {}
    body: list[str] = []
    for line in text.splitlines():
        if line.startswith("module "):
            body = bodies.setdefault(line.removeprefix("module "), [])
        elif line == "end":
            body = []
        elif line.startswith("  process "):
            raise ValueError(f"{line.strip()}: is not a cell; run proc first")
        elif not line.lstrip().startswith("attribute ") and not line.startswith(("#", "autoidx", "  parameter ")):
            body.append(line)
    return {name: Module(name, tuple(lines), _instances(lines, bodies)) for name, lines in bodies.items()}


def _instances(lines: list[str], modules: Mapping[str, list[str]]) -> dict[str, str]:
    cells = (CELL.match(line) for line in lines)
    return {cell[2].lstrip("\\"): cell[1] for cell in cells if cell and cell[1] in modules}


def part_text(modules: Mapping[str, Module], name: str, whole: bool) -> str:
    """A file of module `name` as PART; modules that it instantiates are black boxes, or there if `whole`."""
    order = [name]
    for found in order:  # grows
        if whole or found == name:
            order += [inner for inner in dict.fromkeys(modules[found].instances.values()) if inner not in order]
    names = {found: f"\\{PART}{number or ''}" for number, found in enumerate(order)}
    texts = []
    for found in order:
        boxed = not whole and found != name
        lines = [line for line in modules[found].lines if PORT.match(line)] if boxed else _numbered(modules[found])
        head = "attribute \\blackbox 1\n" if boxed else ""
        texts.append("\n".join([f"{head}module {names[found]}", *(_renamed(line, names) for line in lines), "end"]))
    return VERSION + "\n".join(texts) + "\n"


def _numbered(module: Module) -> list[str]:
    """The lines with made names in the order in which they are declared."""
    made: dict[str, str] = {}
    for line in module.lines:
        if found := NAMED.match(line):
            made.setdefault(found[1], f"$made{len(made)}")
    return [MADE.sub(lambda word: made.get(word[0], word[0]), line) for line in module.lines]


def _renamed(line: str, names: Mapping[str, str]) -> str:
    cell = CELL.match(line)
    return f"  cell {names[cell[1]]} {cell[2]}" if cell and cell[1] in names else line
