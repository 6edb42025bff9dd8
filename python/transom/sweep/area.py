"""area.py — what a whole unit costs: area at 7 nm, energy of the run, from rtl/cost.json and rtl/energy.json.

transom.cost.unit_area and unit_energy say it, with their errors: logic as mapped to ASAP7, memories by a model
(placeholders). The row says whether its lanes and bus were measured. A lane of the wide unit is taken to need
the energy of a lane with readers of its own, which it has not.
"""
# SPDX-License-Identifier: Apache-2.0

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from transom.cost import Traffic, UnitParameters, unit_area, unit_energy
from transom.cost.unit.estimate import ASAP7, read_units
from transom.cost.unit.lanes import ENERGY, lane_energies
from transom.errors import DataError
from transom.files import read_json, said

from .grid import WIDE, Point

AREA_COLUMNS = ("area_um2", "area_source", "area_ge", "energy_pj", "dram_pj", "raw_dram_pj")


@dataclass(frozen=True)
class Costs:
    """file: a cost file with units, None where there is none; nand2_um2: a gate equivalent; lane_pj: by kind;
    fifo_macro: whether prefetch FIFOs may be macros."""

    file: Path | None = None
    nand2_um2: float = 0.0
    lane_pj: Mapping[str, float] = field(default_factory=dict)
    fifo_macro: bool = True


def read_costs(file: Path, energy: Path = ENERGY, fifo_macro: bool = True) -> Costs:
    """Reads rtl/cost.json and rtl/energy.json; one that is missing has no costs. Raises DataError naming the file."""
    if not file.exists():
        return Costs()
    try:
        read_units(file)
        nand2 = read_json(file, "write the file again with ./dev synth")["libraries"][ASAP7]["nand2_um2"]
        if not isinstance(nand2, float) or not 0 < nand2 < 1e6:
            raise DataError(f"{file}: libraries.{ASAP7}.nand2_um2: {nand2!r}; write the file again with ./dev synth")
        return Costs(file, nand2, lane_energies(energy) if energy.exists() else {}, fifo_macro)
    except OSError as error:
        raise DataError(said(error)) from error
    except (ValueError, KeyError, TypeError) as error:
        named = "" if str(file) in str(error) or str(energy) in str(error) else f"{file}: "
        raise DataError(f"{named}{error}; write the file again with ./dev synth") from error


def area_columns(costs: Costs, point: Point, row: Mapping[str, str]) -> dict[str, str]:
    """AREA_COLUMNS of a point that ran; what is not known stays empty."""
    columns = dict.fromkeys(AREA_COLUMNS, "")
    if costs.file is None or not row["values"]:
        return columns
    unit = UnitParameters(
        point.kind, int(point.lanes), int(row["unit_bus_bits"]), int(point.table_log), fifo_macro=costs.fifo_macro,
        wide=point.unit == WIDE,
    )  # fmt: skip
    fifos = 1 if unit.wide else unit.channels
    unit = replace(unit, fifo_beats=8 * int(row["unit_fifo_bytes"]) // (fifos * unit.data_bits))
    area = unit_area(unit, costs.file)
    if area is not None:
        columns |= {"area_um2": f"{area.um2:.0f}", "area_source": area.source}
        columns["area_ge"] = f"{area.um2 / costs.nand2_um2:.0f}"
    energy = _energy(costs, unit, row)
    return columns | energy


def _energy(costs: Costs, unit: UnitParameters, row: Mapping[str, str]) -> dict[str, str]:
    traffic = Traffic(*(int(row[name]) for name in ("values", "cycles", "bytes_read", "raw_bytes")))
    if unit.kind not in costs.lane_pj or costs.file is None:
        return {}
    energy = unit_energy(unit, traffic, costs.lane_pj[unit.kind], cost=costs.file)
    if energy is None:
        return {}
    pj = {"energy_pj": energy.unit, "dram_pj": energy.dram, "raw_dram_pj": energy.raw_dram}
    return {name: f"{value:.4g}" for name, value in pj.items()}
