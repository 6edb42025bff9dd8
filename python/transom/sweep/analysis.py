"""analysis.py — what the report says about finished points: fronts, best points, environments.

An environment is everything around the unit (memory, consumer): the architect is given it, and chooses
the unit. So points compete with those of their own environment only.
"""
# SPDX-License-Identifier: Apache-2.0

from collections.abc import Callable, Sequence

from .grid import AUTO, AXES, ENCODE_AXES, WIDE
from .rows import CAUSES, Row

UNIT_AXES = (*ENCODE_AXES, "bus_bits", "burst_beats", "fifo_beats")
ENVIRONMENT_AXES = tuple(axis.name for axis in AXES if axis.name not in UNIT_AXES)
WORDS = {
    "coding": "coding", "lanes": "lanes", "table_log": "R", "for_unit": "plan for", "unit": "unit",
    "bus_bits": "bus, bits",
    "burst_beats": "burst, beats", "fifo_beats": "FIFO, beats",
    "mem_bytes_per_cycle": "memory, bytes per cycle", "mem_latency": "latency, cycles",
    "mem_outstanding": "requests outstanding", "consumer_values_per_cycle": "consumer, values per cycle",
    "consumer_burst": "consumer, burst",
}  # fmt: skip
SENTENCES = {
    "mem_bytes_per_cycle": "memory of {} bytes per cycle", "mem_latency": "latency of {} cycles",
    "mem_outstanding": "{} requests outstanding", "consumer_values_per_cycle": "consumer of {} values per cycle",
    "consumer_burst": "in bursts of {}",
}  # fmt: skip


def series(row: Row) -> str:
    """What a colour stands for: the coding, and the unit where it is the wide one."""
    return f"{row['coding']}, wide" if row["unit"] == WIDE else row["coding"]


def rate(row: Row) -> float:
    return float(row["values_per_cycle"])


def gain(row: Row) -> float:
    return float(row["gain"])


def gain_words(row: Row) -> str:
    """Under 1 it is none."""
    return f"{gain(row):.3g}" if gain(row) >= 1 else f"{gain(row):.3g}: a slowdown"


def peak(row: Row) -> float:
    """Values per cycle when nothing waits."""
    return float(row["roof_lanes"])


def fifo_bytes(row: Row) -> float:
    """Prefetch and value FIFOs."""
    return float(row["unit_fifo_bytes"]) + float(row["unit_value_fifo_bytes"])


def has_area(rows: Sequence[Row]) -> bool:
    return all(row["area_um2"] for row in rows)


def size_of(rows: Sequence[Row]) -> Callable[[Row], float]:
    """How large a row is beside these: um2 of the whole unit where it is known of all, else RAM bits."""
    column = "area_um2" if has_area(rows) else "ram_bits"
    return lambda row: float(row[column])


def given_axes(rows: Sequence[Row]) -> list[str]:
    """Axes that somebody set: those that are auto everywhere say nothing."""
    return [axis.name for axis in AXES if any(row[axis.name] != AUTO for row in rows)]


def environment(row: Row) -> str:
    """The row's memory and consumer in words, as far as their axes are set."""
    parts = [SENTENCES[axis].format(row[axis]) for axis in ENVIRONMENT_AXES if row[axis] != AUTO]
    return ", ".join(parts) or "memory and consumer as by default"


def point_words(row: Row) -> str:
    """The options that make the point, as they are spelt."""
    return " ".join(row[axis.name] for axis in AXES if row[axis.name] != AUTO)


def environments(rows: Sequence[Row]) -> dict[str, list[Row]]:
    """Rows by environment, the one with the highest rate first, else as they come."""
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(environment(row), []).append(row)
    return dict(sorted(found.items(), key=lambda item: -max(map(rate, item[1]))))


def front(rows: Sequence[Row], size: Callable[[Row], float]) -> list[Row]:
    """Pareto: no other is as fast and smaller, or faster and no larger; by size. Of equals, the first."""
    best: list[Row] = []
    for row in sorted(rows, key=lambda row: (size(row), -rate(row))):
        if not best or rate(row) > rate(best[-1]):
            best.append(row)
    return best


def best_of(rows: Sequence[Row]) -> Row:
    """The fastest; of those, the smallest; of those, the one with the best ratio."""
    size = size_of(rows)
    return min(rows, key=lambda row: (-rate(row), size(row), -float(row["ratio"])))


def best_by_coding(rows: Sequence[Row]) -> dict[str, Row]:
    codings = dict.fromkeys(map(series, rows))
    return {coding: best_of([row for row in rows if series(row) == coding]) for coding in codings}


def bandwidth(row: Row) -> float:
    """Bytes per cycle that the memory gives at most."""
    given = row["mem_bytes_per_cycle"]
    return float(row["unit_bus_bits"]) / 8 if given == AUTO else float(given)


def raw_rate(row: Row, bytes_per_cycle: float) -> float:
    """Values per cycle that such a memory gives without a coding."""
    return bytes_per_cycle * float(row["values"]) / float(row["raw_bytes"])


def main_stall(row: Row) -> str:
    """The cause that costs most, with its share of the stream-cycles."""
    share, cause = max((float(row[f"stall_{cause}"]), cause) for cause in CAUSES)
    return f"{cause.replace('_', ' ')} {share:.1%}" if share >= 0.0005 else "none"
