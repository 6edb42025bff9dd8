"""designs.py — whole units that are measured: a top, its parameters, and what share each instance belongs to.

To measure another unit, add a line to `all_units()`: its top, the file lists that hold it, its parameters, and
for its instances (or modules) the share that they and all in them belong to; the rest is the front end's.
"""
# SPDX-License-Identifier: Apache-2.0

from collections.abc import Mapping
from dataclasses import dataclass, field

from transom import spec
from transom.cost.designs import HEADERS, KINDS, RTL, listed_files, written_sources

LANES, TABLES, ROWS, FIFOS, FRONT, GATHER = SHARES = ("lanes", "tables", "rows", "fifos", "front end", "gather")
AXI_SHARES = {
    "lane": LANES, "u_check": TABLES, "u_table": TABLES, "u_rows": ROWS, "u_groups": FIFOS, "u_symbols": FIFOS,
    "u_offsets": FIFOS, "u_gather": GATHER, "u_counters": GATHER,
}  # fmt: skip
AXI_SIZES = ((4, 64), (16, 128))  # lanes, bits of the bus
LARGE_SIZE, LARGE_KINDS = (64, 512), ("tans", "tans_pair", "nrans")  # others' have twice the streams, and take an hour
AXI_BUSES = (128, 256, 512)  # of the smallest unit of KINDS' first kind, besides
# The unit of lanes in lockstep: one FIFO, its window; the router that gives halfwords to lanes, and the values' queue.
WIDE = "decoder_wide"
WIDE_SHARES = {
    "wide_lane": LANES, "wide_table": TABLES, "beat_fifo": FIFOS, "wide_window": FIFOS, "wide_router": GATHER,
    "wide_values": GATHER, "axi_sums": GATHER,
}  # fmt: skip
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
    sizes = [(kind, *size) for kind in kinds for size in (*AXI_SIZES, *([LARGE_SIZE] if kind in LARGE_KINDS else []))]
    sizes += [(kinds[0], AXI_SIZES[0][0], bits) for bits in AXI_BUSES]
    units = [_axi_unit(kind, lanes, bits, table_log) for kind, lanes, bits in sizes]
    if (RTL / f"{WIDE}.f").exists():
        units += [_wide_unit(*size, table_log) for size in WIDE_SIZES]
    return {unit.name: unit for unit in units}


def _wide_unit(lanes: int, data_bits: int, halves: int, table_log: int) -> Unit:
    log = min(table_log, spec.MAX_LANE_TABLE_LOG["nrans"])
    return Unit(
        name=f"{WIDE}_{lanes}_{data_bits}",
        kind="nrans",
        lanes=lanes,
        data_bits=data_bits,
        values_per_cycle=lanes,
        top=WIDE,
        lists=("decoder", WIDE),
        parameters={"Lanes": lanes, "TableLog": log, "DataBits": data_bits, "Halves": halves},
        shares=WIDE_SHARES,
        whole=("wide_lane",),
        banks={},
    )


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
