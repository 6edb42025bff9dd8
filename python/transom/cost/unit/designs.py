"""designs.py — whole units that are measured: a top, its parameters, and what share each instance belongs to.

To measure another unit, add a line to `all_units()`: its top, the file lists that hold it, its parameters, and
for its instances (or modules) the share that they and all in them belong to; the rest is the front end's.
"""
# SPDX-License-Identifier: Apache-2.0

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from transom import spec
from transom.cost.designs import HEADERS, KINDS, RTL, listed_files, written_sources

LANES, TABLES, ROWS, FIFOS, FRONT, GATHER = SHARES = ("lanes", "tables", "rows", "fifos", "front end", "gather")
AXI_SHARES = {
    "lane": LANES, "u_check": TABLES, "u_table": TABLES, "u_rows": ROWS, "u_groups": FIFOS, "u_symbols": FIFOS,
    "u_offsets": FIFOS, "u_gather": GATHER, "u_counters": GATHER,
}  # fmt: skip
AXI_SIZES = ((4, 64), (16, 128), (64, 512))  # lanes, bits of the bus
AXI_BUSES = (128, 256, 512)  # of the smallest unit of KINDS' first kind, besides
SMALL_TABLE_LOG, SMALL_SIZES = 8, ((16, 128),)  # of the same kind with 16 rows
# The unit of lanes in lockstep: one FIFO, its window; the router that gives halfwords to lanes, and the values' queue.
WIDE = "decoder_wide"
WIDE_SHARES = {
    "wide_lane": LANES, "wide_table": TABLES, "beat_fifo": FIFOS, "wide_window": FIFOS, "wide_router": GATHER,
    "wide_values": GATHER, "axi_sums": GATHER,
}  # fmt: skip
WIDE_TANS_TABLE_LOG = 8  # kWideTansTableLog of model/base/spec.hpp
WIDE_SIZES = ((16, 128, 16), (64, 512, 32), (128, 512, 32))  # lanes, bits of the bus, halfwords routed in a cycle


@dataclass(frozen=True)
class Unit:
    """A whole unit. `whole` are modules that are mapped with all that is in them; `banks`: of modules' memories."""

    name: str
    kind: str
    lanes: int
    data_bits: int
    values_per_cycle: int
    top: str
    lists: tuple[str, ...]
    parameters: Mapping[str, int]
    shares: Mapping[str, str]
    whole: tuple[str, ...] = ("lane",)
    banks: Mapping[str, int] = field(default_factory=lambda: {"table_ram": 2})

    def sources(self) -> dict[str, str]:
        """Files in order, name -> text, the top's parameters set. Raises ValueError, OSError."""
        names = dict.fromkeys(name for listed in self.lists for name in listed_files(listed))
        return written_sources([*HEADERS, *names], self.top, self.parameters)


def all_units(table_log: int) -> dict[str, Unit]:
    """Every unit by name, tables of up to 2^table_log slots (at least what the kind has)."""
    kinds = list(KINDS)
    sizes = [(kind, *size) for kind in kinds for size in AXI_SIZES]
    sizes += [(kinds[0], AXI_SIZES[0][0], bits) for bits in AXI_BUSES]
    units = [_axi_unit(kind, lanes, bits, table_log) for kind, lanes, bits in sizes]
    units += [_small_unit(_axi_unit(kinds[0], *size, min(table_log, SMALL_TABLE_LOG))) for size in SMALL_SIZES]
    if (RTL / f"{WIDE}.f").exists():
        units += [_wide_unit("nrans", *size, table_log) for size in WIDE_SIZES]
        units += [_wide_unit("tans", *size, table_log) for size in WIDE_SIZES]
    return {unit.name: unit for unit in units}


def _wide_unit(kind: str, lanes: int, data_bits: int, halves: int, table_log: int) -> Unit:
    tans = kind == "tans"
    log = min(table_log, WIDE_TANS_TABLE_LOG if tans else spec.MAX_LANE_TABLE_LOG[kind])
    return Unit(
        name=f"{WIDE}_tans_{lanes}_{data_bits}" if tans else f"{WIDE}_{lanes}_{data_bits}",
        kind=kind,
        lanes=lanes,
        data_bits=data_bits,
        values_per_cycle=lanes,
        top=WIDE,
        lists=("decoder", WIDE),
        parameters={"Kind": KINDS[kind][0], "Lanes": lanes, "TableLog": log, "DataBits": data_bits, "Halves": halves},
        shares=WIDE_SHARES,
        whole=("wide_lane",),
        banks={},
    )


def _small_unit(unit: Unit) -> Unit:
    rows = {"MaxRows": spec.MAX_APACK_ROWS}
    return replace(unit, name=f"{unit.name}_small", parameters={**unit.parameters, **rows})


def _axi_unit(kind: str, lanes: int, data_bits: int, table_log: int) -> Unit:
    number, _, values = KINDS[kind]
    log = spec.MAX_LANE_TABLE_LOG[kind] if kind == "arith" else min(table_log, spec.MAX_LANE_TABLE_LOG[kind])
    return Unit(
        name=f"decoder_axi_{kind}_{lanes}_{data_bits}",
        kind=kind,
        lanes=lanes,
        data_bits=data_bits,
        values_per_cycle=lanes * values,
        top="decoder_axi",
        lists=("decoder", "decoder_axi"),
        parameters={"Kind": number, "Lanes": lanes, "TableLog": log, "DataBits": data_bits},
        shares=AXI_SHARES,
    )
