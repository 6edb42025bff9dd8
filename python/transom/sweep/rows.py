"""rows.py — a point's lines in sweep.csv and layers.csv, from what `transom sim --json` printed.

Every cell is text from here on: what was read back from a file is written again byte for byte. Real
numbers have six significant digits.
"""
# SPDX-License-Identifier: Apache-2.0

import json
from collections.abc import Mapping, Sequence
from typing import Any

from .area import AREA_COLUMNS
from .grid import AXES, WIDE, Point

Row = dict[str, str]

CAUSES = ("fill", "symbol_words", "offset_words", "consumer", "turn", "idle")
STALL_COLUMNS = tuple(f"stall_{cause}" for cause in CAUSES)
AXIS_COLUMNS = tuple(axis.name for axis in AXES)

UNIT_COUNTS = ("bus_bits", "fifo_bytes", "value_fifo_bytes")  # of the program's "unit", here unit_bus_bits, ...
COUNTS = (
    "values", "raw_bytes", "file_bytes", "bytes_read", "table_bits", "ram_bits", "cycles", "raw_cycles",
    "first_value_cycle", *(f"unit_{name}" for name in UNIT_COUNTS),
)  # fmt: skip
ROOFS = ("lanes", "bandwidth", "loads")
RATES = (
    "ratio", "raw_over_read", "values_per_cycle", "of_peak", "raw_bytes_out_per_cycle", "bytes_read_per_cycle",
    "read_bus_use", "gain", *(f"roof_{name}" for name in ROOFS),
)  # fmt: skip
COLUMNS = (*AXIS_COLUMNS, *COUNTS, *RATES, "binds", *STALL_COLUMNS, *AREA_COLUMNS, "layers", "error")
LAYER_COUNTS = ("values", "bits", "raw_bytes", "bytes_read", "cycles", "first_value_cycle", "last_value_cycle")
LAYER_RATES = ("ratio", "raw_over_read", "values_per_cycle", "gain")
LAYER_COLUMNS = (*AXIS_COLUMNS, "layer", *LAYER_COUNTS, *LAYER_RATES, *STALL_COLUMNS)
# Where the program has another name for a column.
KEYS = {"ram_bits": "table_bits_all_ports"}
# What the wide unit counts in the counters of decoder_axi's stalls.
WIDE_CAUSES = {"symbol_words": "words", "offset_words": "router", "turn": "parse", "idle": "drain"}


def real(value: float) -> str:
    return f"{value:.6g}"


def one_line(text: str) -> str:
    """A line of a file is a line of the table: what would break it, in a layer's name or an error, is a space."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def _figures(result: Mapping[str, Any], counts: Sequence[str], rates: Sequence[str]) -> Row:
    return {name: str(int(result[KEYS.get(name, name)])) for name in counts} | {
        name: real(result[name]) for name in rates
    }


def _stalls(of: Mapping[str, Any], wide: bool) -> dict[str, float]:
    return {cause: of[WIDE_CAUSES.get(cause, cause) if wide else cause] for cause in CAUSES}


def _layer(layer: Mapping[str, Any], streams: int, wide: bool) -> Row:
    """Stalls as fractions of the stream-cycles of the layer's span; lanes in lockstep are one stream."""
    stream_cycles = (1 if wide else streams) * int(layer["cycles"])
    counted = _stalls(layer["stalls"], wide).items()
    stalls = {f"stall_{cause}": real(n / stream_cycles if stream_cycles else 0) for cause, n in counted}
    return {"layer": one_line(layer["name"])} | _figures(layer, LAYER_COUNTS, LAYER_RATES) | stalls


def failed_row(point: Point, error: str) -> Row:
    return dict.fromkeys(COLUMNS, "") | point.columns() | {"layers": "0", "error": one_line(error)}


def point_rows(point: Point, printed: str) -> tuple[Row, list[Row]]:
    """The point's line but for its area, and its layers' lines; what cannot be read is a failed point."""
    try:
        result = json.loads(printed)
        unit = result["unit"]
        wide = unit["kind"] == WIDE
        kind, table_log = (unit["lane_kind"], point.table_log) if wide else (unit["kind"], str(unit["table_log"]))
        ran = kind, str(unit["lanes"]), table_log
        if ran != (point.kind, point.lanes, point.table_log):
            raise ValueError(f"it ran a unit of {ran}")
        # The wide unit has no FIFOs of values, and no loads that it waits for.
        of_unit = {f"unit_{name}": unit.get(name, 0) if wide else unit[name] for name in UNIT_COUNTS}
        roofs = {f"roof_{name}": result["roofline"].get(name, 0) for name in ROOFS}
        figures = _figures(result | of_unit | roofs, COUNTS, RATES) | {"binds": one_line(result["roofline"]["binds"])}
        stalls = {f"stall_{cause}": real(n) for cause, n in _stalls(result["stall_fractions"], wide).items()}
        layers = [point.columns() | _layer(layer, int(unit["streams"]), wide) for layer in result["layers"]]
    except (ValueError, KeyError, TypeError, ArithmeticError) as error:
        return failed_row(point, f"transom sim --json is not understood: {error!r}"), []
    row = dict.fromkeys(COLUMNS, "") | point.columns() | figures | stalls | {"layers": str(len(layers))}
    return row, layers
