"""hierarchy.py — what a flat netlist was made of: instances, their modules, and what mutants are proven in."""
# SPDX-License-Identifier: Apache-2.0

import json
import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from .environment import INSIDE
from .prove import AROUND, LANES, OWN, Scope


class Hierarchy:
    """Modules of instances, as they were before the design was flat."""

    def __init__(self, file: Path, top: str) -> None:
        self.modules = json.loads(file.read_text(encoding="utf-8"))["modules"]
        self.top = top

    def path(self, cell: str) -> tuple[list[str], str, str]:
        """Instances that a flat cell is in, the name of their module, and what is left of the cell's name."""
        instances: list[str] = []
        module = self.top
        rest = cell.removeprefix("$flatten").removeprefix("\\")
        while True:
            inner = [name for name in self.modules[module]["cells"] if rest.startswith(f"{name}.")]
            inner = [name for name in inner if self.modules[module]["cells"][name]["type"] in self.modules]
            if not inner:
                return instances, module_name(module), rest
            name = max(inner, key=len)
            instances.append(name)
            module = self.modules[module]["cells"][name]["type"]
            rest = rest[len(name) + 1 :].removeprefix("\\")

    def around(self) -> Scope:
        """All but the lanes: what it tells them is what its instances put out."""
        cells = self.modules[self.top]["cells"]
        shared = [name for name in cells if cells[name]["type"] in self.modules and not name.startswith(LANES)]
        ports = {net: net.replace(".", "_") for name in shared for net in self.scope((name,)).ports}
        return Scope((), AROUND, ports)

    def own(self, instances: tuple[str, ...]) -> Scope:
        """What stands between the instances of a module: what they put out may be anything, what they get counts."""
        nets = [net for one in self.inner(instances) for net in self._ports(one)]
        there = {net: re.sub(r"\W+", "_", f"{net}_there") for net in nets}
        return Scope(instances, OWN, self._ports(instances) | there)

    def inner(self, instances: tuple[str, ...]) -> list[tuple[str, ...]]:
        """Instances in an instance."""
        cells = self.modules[self._module(instances)]["cells"]
        return [(*instances, name) for name in cells if cells[name]["type"] in self.modules]

    def _module(self, instances: tuple[str, ...]) -> str:
        module = self.top
        for name in instances:
            module = self.modules[module]["cells"][name]["type"]
        return module

    def _ports(self, instances: tuple[str, ...]) -> dict[str, str]:
        """By the flat design's names."""
        ports = self.modules[self._module(instances)]["ports"]
        return {".".join((*instances, port)): port for port in ports if port not in ("clk_i", "rst_ni")}

    def scope(self, instances: tuple[str, ...]) -> Scope:
        module = self._module(instances)
        ports = self._ports(instances)
        if instances:
            ports |= {".".join((*instances, net)): f"inside_{net}" for net in INSIDE.get(module_name(module), ())}
        return Scope(instances, module_name(module), ports)


def module_name(module: str) -> str:
    """Of $paramod\\name\\X=.. and $paramod$hash\\name the name."""
    if module.startswith("$paramod$"):
        return module.split("\\")[1]
    return module.removeprefix("$paramod\\").split("\\")[0]


def cell_types(rtlil: str) -> dict[str, str]:
    return {name.removeprefix("\\"): kind for kind, name in re.findall(r"^  cell (\S+) (\S+)$", rtlil, re.MULTILINE)}


@dataclass(frozen=True)
class Places:
    """Where the mutants of a netlist are: of what lies in its folder."""

    folder: Path
    top: str

    @cached_property
    def commands(self) -> dict[int, str]:
        """What adds each mutant, chosen by its number."""
        return dict(enumerate((self.folder / "apply.ys").read_text(encoding="utf-8").splitlines(), 1))

    @cached_property
    def hierarchy(self) -> Hierarchy:
        return Hierarchy(self.folder / "hierarchy.json", self.top)

    @cached_property
    def instances(self) -> dict[str, tuple[str, ...]]:
        """Of each cell the instances that it is in, from the top down."""
        types = cell_types((self.folder / "base.il").read_text(encoding="utf-8"))
        return {name: tuple(self.hierarchy.path(name)[0]) for name in types}

    def scopes(self, number: int) -> list[Scope]:
        """What mutant `number` is proven in: its module's own cells, its module, those around it, the design."""
        cell = self.commands[number].split("-cell ")[1].split()[0].removeprefix("\\")
        path = self.instances[cell]
        scopes = [
            self.hierarchy.scope(path[:depth]) for depth in (len(path), len(path) - 1, len(path) - 2) if depth > 0
        ]
        own = [self.hierarchy.own(path)] if self.hierarchy.inner(path) else []
        around = [self.hierarchy.around()] if path and self.hierarchy.around().has(path) else []
        return [*own, *scopes, *around, self.hierarchy.scope(())]
