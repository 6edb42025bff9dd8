"""designs.py — what is measured: five lanes, and the unit with 1, 4 and 16 lanes of each kind.

A design is a module of rtl/ with fixed parameters, written over the defaults of a copy of its source:
Yosys 0.23 aborts on `hierarchy -chparam` of a module whose parameters have package constants.
"""
# SPDX-License-Identifier: Apache-2.0

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from transom import spec
from transom.program import ROOT

RTL = ROOT / "rtl"
UNIT = "decoder"
UNIT_LANES = (1, 4, 16)
# kind -> Kind of decoder.sv, module of the lane, values per cycle of a lane
KINDS = {
    kind: (spec.LANE_KINDS[kind], f"{kind}_lane", spec.VALUES_PER_BEAT[kind])
    for kind in ("tans", "tans_pair", "rans", "arith", "nrans")
}
MEMORIES = ("table_ram", "arith_table")
HEADERS = ("assert.svh",)  # what the files include


@dataclass(frozen=True)
class Design:
    """A module with its parameters. A lane alone has `lanes` = 1 and is not a unit."""

    name: str
    kind: str
    lanes: int
    unit: bool

    @property
    def top(self) -> str:
        return UNIT if self.unit else KINDS[self.kind][1]

    @property
    def values_per_cycle(self) -> int:
        return self.lanes * KINDS[self.kind][2]

    def parameters(self, table_log: int) -> dict[str, int]:
        """Values of the top's parameters. Raises ValueError for a table log that the kind does not have."""
        low, high = spec.MIN_LANE_TABLE_LOG, spec.MAX_LANE_TABLE_LOG[self.kind]
        if self.kind == "arith":  # its tables have one size; the unit's ports may be made for larger ones
            low, high = high if self.unit else low, spec.MAX_TABLE_LOG
        if not low <= table_log <= high:
            raise ValueError(f"{self.name}: table log {table_log} is not in {low}..{high}")
        if self.unit:
            return {"Kind": KINDS[self.kind][0], "Lanes": self.lanes, "TableLog": table_log}
        return {} if self.kind == "arith" else {"TableLog": table_log}


def all_designs() -> dict[str, Design]:
    """The 20 designs by name: lanes first, then units."""
    lanes = [Design(KINDS[kind][1], kind, 1, False) for kind in KINDS]
    units = [Design(f"{UNIT}_{kind}_{n}", kind, n, True) for kind in KINDS for n in UNIT_LANES]
    return {design.name: design for design in lanes + units}


def find_design(name: str) -> Design:
    """The design of that name. Raises ValueError listing the names."""
    designs = all_designs()
    if name not in designs:
        raise ValueError(f"no design {name!r}; there are {', '.join(designs)}")
    return designs[name]


def listed_files(name: str) -> list[str]:
    """Names of the files of rtl/NAME.f in order; its other lines are options of a simulator. Raises OSError."""
    lines = (RTL / f"{name}.f").read_text(encoding="utf-8").split()
    return [Path(line).name for line in lines if not line.startswith("+")]


def unit_files() -> list[str]:
    """Those of decoder.f."""
    return listed_files(UNIT)


def rtl_file(name: str) -> Path:
    """Where a file of the RTL is, whatever its folder. Raises OSError."""
    for path in RTL.rglob(name):
        return path
    raise FileNotFoundError(f"{RTL}: has no file {name}")


def sources(design: Design, table_log: int) -> dict[str, str]:
    """Headers and files of the unit in order, name -> text, the top's parameters set. Raises ValueError, OSError."""
    texts = written_sources([*HEADERS, *unit_files()], design.top, design.parameters(table_log))
    needed = _needed(texts, design.top)
    return {name: text for name, text in texts.items() if name in HEADERS or Path(name).stem in needed}


def _needed(texts: Mapping[str, str], top: str) -> set[str]:
    """The modules and packages that `top` names, and those that these name: another lane's file changes no figure."""
    words = {Path(name).stem: set(re.findall(r"\w+", re.sub("//.*", "", text))) for name, text in texts.items()}
    needed, more = set(), {top}
    while more:
        needed |= more
        more = {stem for found in more for stem in words[found] & words.keys()} - needed
    return needed


def written_sources(names: Sequence[str], top: str, parameters: Mapping[str, int]) -> dict[str, str]:
    """Files of rtl/ in order, name -> text, with parameters of module `top` set. Raises ValueError, OSError."""
    texts = {name: rtl_file(name).read_text(encoding="utf-8") for name in names}
    file = f"{top}.sv"
    for parameter, value in parameters.items():
        pattern = rf"(parameter\s+int\s+{parameter}\s*=\s*)[\w:]+"
        texts[file], found = re.subn(pattern, rf"\g<1>{value}", texts[file])
        if found != 1:
            raise ValueError(f"{RTL / file}: {found} declarations 'parameter int {parameter} =', wants 1")
    return texts
