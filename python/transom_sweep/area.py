"""area.py — what a unit costs, in gate equivalents (1 GE: a NAND2), from rtl/cost.json.

total = logic + RAM bits * GE per RAM bit: first order, without wires, and with a RAM bit's price taken
from one macro of one node. Logic is what `./dev synth` measured of units of some lanes, at one table
log; it hardly depends on R, so it stands for every R. Between the measured lanes, and beyond, it is
linear in lanes, and the row says so. RAM bits are the simulator's, a copy for each read port.
"""
# SPDX-License-Identifier: Apache-2.0

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import transom_spec as spec
from transom_files import read_json, said

from .errors import DataError
from .grid import Point

AREA_COLUMNS = ("logic_ge", "logic_source", "area_ge")
# The counts of an arithmetic unit, two banks of 16 of 11 bits, are registers: logic has them already.
COUNT_BITS = 2 * spec.MAX_APACK_ROWS * spec.CUM_BITS


@dataclass(frozen=True)
class Costs:
    """logic: kind -> lanes -> gate equivalents; ge_per_ram_bit: None where nothing says."""

    logic: Mapping[str, Mapping[int, float]]
    ge_per_ram_bit: float | None
    ram_source: str
    table_log: int | None


def _positive(value: object, file: Path, field: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value < 1e12:
        raise DataError(f"{file}: {field}: {value!r} is no positive number; write the file again with ./dev synth")
    return float(value)


def _design(file: Path, name: str, design: Any, logic: dict[str, dict[int, float]]) -> None:
    if not isinstance(design, dict) or not design.get("unit"):
        return
    generic = design.get("generic") or {}
    if generic.get("ge") is None:  # not measured
        return
    lanes = int(_positive(design.get("lanes"), file, f"designs.{name}.lanes"))
    logic.setdefault(str(design.get("kind")), {})[lanes] = _positive(generic["ge"], file, f"designs.{name}.generic.ge")


def read_costs(file: Path) -> Costs:
    """Reads rtl/cost.json; one that is missing has no costs. Raises DataError naming file and field."""
    if not file.exists():
        return Costs({}, None, "", None)
    try:
        written = read_json(file, "write the file again with ./dev synth")
        designs = dict(written["designs"])
    except OSError as error:
        raise DataError(said(error)) from error
    except (ValueError, KeyError, TypeError) as error:
        raise DataError(f"{file}: {error!r}; write the file again with ./dev synth") from error
    logic: dict[str, dict[int, float]] = {}
    for name, design in designs.items():
        _design(file, name, design, logic)
    ram = written.get("ge_per_ram_bit") or {}
    price = None if ram.get("value") is None else _positive(ram["value"], file, "ge_per_ram_bit.value")
    return Costs(logic, price, str(ram.get("source", "")), written.get("table_log"))


def logic_ge(measured: Mapping[int, float], lanes: int) -> tuple[float, str] | None:
    """(gate equivalents, "measured" | "interpolated" | "extrapolated"); None where nothing says."""
    if lanes in measured:
        return measured[lanes], "measured"
    known = sorted(measured)
    if len(known) < 2:
        return None
    inside = known[0] < lanes < known[-1]
    high = next((n for n in known[1:] if n > lanes), known[-1])
    low = known[known.index(high) - 1]
    slope = (measured[high] - measured[low]) / (high - low)
    return measured[low] + slope * (lanes - low), "interpolated" if inside else "extrapolated"


def area_columns(costs: Costs, point: Point, ram_bits: str) -> dict[str, str]:
    """AREA_COLUMNS of a point whose tables have so many bits; what is not known stays empty."""
    logic = logic_ge(costs.logic.get(point.kind, {}), int(point.lanes))
    columns = dict.fromkeys(AREA_COLUMNS, "")
    if logic is not None:
        columns |= {"logic_ge": f"{logic[0]:.0f}", "logic_source": logic[1]}
    if logic is not None and ram_bits and costs.ge_per_ram_bit is not None:
        bits = int(ram_bits) - (COUNT_BITS if point.kind == "arith" else 0)
        columns["area_ge"] = f"{logic[0] + bits * costs.ge_per_ram_bit:.0f}"
    return columns
