"""grid.py — the axes of a sweep, and the points that their product has.

An axis is one line of AXES: its option of `transom sweep`, that of `transom sim`, what it takes.
`auto` leaves the option to the program. Combinations that no unit can be built for are not points:
they are counted, with the reason (rtl/README.md, "Parameters of decoder").
"""
# SPDX-License-Identifier: Apache-2.0

import itertools
import math
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields

from transom import spec
from transom.cost.unit.designs import WIDE_TANS_TABLE_LOG
from transom.errors import UsageError

AUTO = "auto"
MAX_POINTS = 1_000_000

# The lane that decodes a coding, as rtl/cost.json names it.
KIND_OF_CODING = {
    "tans": "tans",
    "rans": "rans",
    "apack-tans": "tans",
    "apack-rans": "rans",
    "apack-ac": "arith",
    "apack-tans-pair": "tans_pair",
    "apack-nrans": "nrans",
}
# What decoder_wide takes (rtl/WIDE.md).
WIDE, WIDE_LANES = "wide", tuple(4 << n for n in range(6))
# R of a unit's largest table, by kind: the RTL's TableLog; the arithmetic coder's counts sum to 2^10.
TABLE_LOGS = {
    kind: (high if kind == "arith" else spec.MIN_LANE_TABLE_LOG, high) for kind, high in spec.MAX_LANE_TABLE_LOG.items()
}
WIDE_TABLE_LOGS = {"apack-nrans": TABLE_LOGS["nrans"], "apack-tans": (spec.MIN_LANE_TABLE_LOG, WIDE_TANS_TABLE_LOG)}


def _whole(low: int, high: int) -> Callable[[str], str]:
    def parse(text: str) -> str:
        if not re.fullmatch(r"[0-9]{1,9}", text) or not low <= int(text) <= high:
            raise ValueError(f"takes {low}..{high}")
        return str(int(text))

    return parse


def _decimal(text: str) -> str:
    if not re.fullmatch(r"[0-9]{1,6}(\.[0-9]{1,3})?", text) or float(text) == 0:
        raise ValueError("takes positive numbers of at most 3 decimals, such as 6.4")
    whole, _, decimals = text.partition(".")
    decimals = decimals.rstrip("0")
    return str(int(whole)) + ("." + decimals if decimals else "")


def _one_of(*words: str) -> Callable[[str], str]:
    def parse(text: str) -> str:
        if text not in words:
            raise ValueError(f"takes {', '.join(words)}")
        return text

    return parse


@dataclass(frozen=True)
class Axis:
    """name: of the column; parse: one value to its one spelling, or ValueError saying what it takes."""

    name: str
    parse: Callable[[str], str]
    default: str
    help: str
    may_be_auto: bool = True

    @property
    def option(self) -> str:
        return "--" + self.name.replace("_", "-")

    def values(self, text: str) -> tuple[str, ...]:
        """A comma list to its values, each once. Raises UsageError naming option, value and what it takes."""
        found: list[str] = []
        for word in map(str.strip, text.split(",")):
            try:
                value = AUTO if word == AUTO and self.may_be_auto else self.parse(word)
            except ValueError as error:
                also = ", or auto" if self.may_be_auto else ""
                raise UsageError(f"{self.option}: '{word}': {error}{also}; separate values by commas") from error
            if value not in found:
                found.append(value)
        return tuple(found)


AXES = (
    Axis(
        "coding",
        _one_of(*KIND_OF_CODING),
        "apack-tans,apack-rans,apack-ac,apack-tans-pair",
        "how tensors are coded",
        False,
    ),
    Axis("lanes", _whole(1, WIDE_LANES[-1]), "1,4,16", "lanes, 1..64; of the wide unit 4, 8, 16, 32, 64, 128", False),
    Axis(
        "table_log", _whole(0, 14), "8,10", "R: tables of 2^R slots, 4..14 (rANS, apack-nrans ..12, apack-ac 10)", False
    ),
    Axis("for_unit", _one_of("cycles", "bytes", "file"), AUTO, "what the plan makes least: cycles, bytes (read), file"),
    Axis("unit", _one_of("axi", WIDE), AUTO, "decoder_axi, or decoder_wide for apack-nrans and apack-tans; auto: axi"),
    Axis(
        "bus_bits", _one_of("64", "128", "256", "512"), AUTO, "read bus: 64, 128, 256, 512; auto: what suits the lanes"
    ),
    Axis("mem_bytes_per_cycle", _decimal, "2,4,8,16", "the memory's bandwidth; auto: a beat of the bus per cycle"),
    Axis("mem_latency", _whole(0, 100_000), AUTO, "cycles from a burst's address to its data"),
    Axis("mem_outstanding", _whole(1, 128), AUTO, "bursts that the memory holds at a time"),
    Axis("burst_beats", _whole(2, 256), AUTO, "beats of the unit's longest burst, a power of two"),
    Axis("fifo_beats", _whole(4, 1024), AUTO, "beats of each prefetch FIFO, a power of two, two bursts or more"),
    Axis("consumer_values_per_cycle", _decimal, AUTO, "what the consumer takes; auto: everything"),
    Axis("consumer_burst", _whole(1, 65_536), AUTO, "values that the consumer makes room for at a time"),
)
ENCODE_AXES = ("coding", "lanes", "table_log", "for_unit", "unit")
# What a plan for a unit looks at, too.
PLANNED_AXES = ("bus_bits", "mem_bytes_per_cycle", "mem_latency", "mem_outstanding", "burst_beats", "fifo_beats")
SIM_AXES = tuple(
    axis.name for axis in AXES if axis.name not in ("coding", "for_unit", "unit")
)  # a container is all that
DEFAULT_BURST, SHORTEST_FIFO = 16, 2  # beats; bursts


@dataclass(frozen=True)
class Point:
    """One unit in one environment. Every field is spelt as its axis spells it; order is that of AXES."""

    coding: str
    lanes: str
    table_log: str
    for_unit: str
    unit: str
    bus_bits: str
    mem_bytes_per_cycle: str
    mem_latency: str
    mem_outstanding: str
    burst_beats: str
    fifo_beats: str
    consumer_values_per_cycle: str
    consumer_burst: str

    @property
    def kind(self) -> str:
        """The kind of lane that decodes it."""
        return KIND_OF_CODING[self.coding]

    @property
    def encode_axes(self) -> tuple[str, ...]:
        """What its container depends on."""
        planned = self.unit == WIDE or self.for_unit not in (AUTO, "file")
        return ENCODE_AXES + PLANNED_AXES if planned else ENCODE_AXES

    def columns(self) -> dict[str, str]:
        return {axis.name: getattr(self, axis.name) for axis in AXES}

    def options(self, names: Sequence[str] | None = None) -> list[str]:
        """The options that say so to `transom`, of the axes named or of all."""
        chosen = [axis for axis in AXES if names is None or axis.name in names]
        pairs = [(axis.option, getattr(self, axis.name)) for axis in chosen]
        return [word for option, value in pairs if value != AUTO for word in (option, value)]


assert tuple(field.name for field in fields(Point)) == tuple(axis.name for axis in AXES)


@dataclass(frozen=True)
class Grid:
    """values: of each axis; points: in the order of the axes; skipped: reason -> how many."""

    values: dict[str, tuple[str, ...]]
    points: tuple[Point, ...]
    skipped: dict[str, int]


def why_impossible(point: Point) -> str:
    """Why no unit can be built for it, or no such consumer; empty if they can."""
    if point.unit == WIDE and (point.coding not in WIDE_TABLE_LOGS or point.for_unit == "file"):
        what = "a plan for a file" if point.coding in WIDE_TABLE_LOGS else point.coding
        return f"--unit wide with {what}: it takes {' and '.join(WIDE_TABLE_LOGS)}, planned for its bytes or cycles"
    lanes = WIDE_LANES if point.unit == WIDE else range(1, spec.MAX_DECODER_LANES + 1)
    if int(point.lanes) not in lanes:
        return (
            f"{point.lanes} lanes: decoder_axi has 1..{spec.MAX_DECODER_LANES}, decoder_wide 4, 8, .. {WIDE_LANES[-1]}"
        )
    low, high = WIDE_TABLE_LOGS[point.coding] if point.unit == WIDE else TABLE_LOGS[KIND_OF_CODING[point.coding]]
    if not low <= int(point.table_log) <= high:
        takes = f"R = {low} only" if low == high else f"R = {low}..{high}"
        return f"{point.coding} with R = {point.table_log}: its lane takes {takes}"
    burst = DEFAULT_BURST if point.burst_beats == AUTO else int(point.burst_beats)
    if point.fifo_beats != AUTO and int(point.fifo_beats) < SHORTEST_FIFO * burst:
        return f"--fifo-beats {point.fifo_beats}: a prefetch FIFO holds two bursts or more, here of {burst} beats"
    if point.consumer_burst != AUTO and point.consumer_values_per_cycle == AUTO:
        return "--consumer-burst without --consumer-values-per-cycle: a consumer that takes everything has no bursts"
    return ""


def make_grid(lists: Mapping[str, str]) -> Grid:
    """The grid of a comma list for each axis. Raises UsageError, also where nothing is left to run."""
    values = {axis.name: axis.values(lists[axis.name]) for axis in AXES}
    size = math.prod(len(of_axis) for of_axis in values.values())
    if size > MAX_POINTS:
        raise UsageError(f"the grid has {size:,} points, over {MAX_POINTS:,}; give shorter lists")
    points: list[Point] = []
    skipped: Counter[str] = Counter()
    for combination in itertools.product(*values.values()):
        point = Point(*combination)
        if why := why_impossible(point):
            skipped[why] += 1
        else:
            points.append(point)
    if not points:
        raise UsageError(f"the grid has no possible point: {'; '.join(skipped)}")
    return Grid(values, tuple(points), dict(skipped))
