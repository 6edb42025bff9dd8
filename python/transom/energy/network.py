"""network.py — what a network's values cost to read through the unit, and raw: ./dev energy network.

`transom sim` counts values, cycles and bytes of a run; transom.cost.unit_energy makes picojoules of them: logic of
the lanes as replayed (rtl/energy.json), memories by a model, DRAM by a price per bit. No netlist is simulated.
"""
# SPDX-License-Identifier: Apache-2.0

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from transom.cost import Traffic, UnitEnergy, UnitParameters, unit_energy
from transom.cost.unit.estimate import ASAP7, DRAM_PJ_PER_BIT, DRAM_SOURCE
from transom.cost.unit.lanes import ENERGY, lane_energies
from transom.cost.unit.memory import SOURCE
from transom.cost.yosys import ToolError, run_tool
from transom.files import put
from transom.program import ROOT

from .report import as_text, number

FAILED, USAGE, BAD_DATA = 1, 2, 3
COLUMNS = ("lanes", "tables", "rows", "fifos", "registers")
DESCRIPTION = f"""\
Energy per value of whole networks read through a unit, and read raw. What is not listed here is an option of
`transom sim`, which runs each INPUT (a trace or a .tsm container): lanes, coding, bus, memory.

  lanes      logic of a lane with its share of the unit's, replayed: rtl/energy.json, ASAP7
  tables..   reads of tables, rows and FIFOs (these written, too): {SOURCE}
  registers  clock pins of all flip-flops outside of lanes, in every cycle of the run: nothing is gated
  DRAM       bytes read; raw: the values' own bytes
  saved      what reading raw takes, less DRAM and unit; below zero coding loses energy
"""
EPILOG = f"""\
DRAM by default: {DRAM_PJ_PER_BIT:g} pJ per bit
({DRAM_SOURCE}).
exit code: 0 fine, 1 transom sim failed, 2 usage, 3 bad data

example: ./dev energy network golden/traces/digits_cnn_int8 --lanes 16 --table-log 8 --dram-pj-per-bit 15
"""


def main(arguments: Sequence[str]) -> int:
    options, rest = _parser().parse_known_args(arguments)
    inputs = [word for word in rest if not word.startswith("-") and Path(word).exists()]
    if not inputs:
        return _fail("name a trace or a .tsm container (--help)", USAGE)
    others = [word for word in rest if word not in inputs]
    try:
        lines = [_of_input(options, Path(name), others) for name in inputs]
        return put(json.dumps(lines, indent=1) + "\n" if options.json else as_text(_table(lines)) + "\n")
    except ToolError as error:
        return _fail(error, FAILED)
    except (ValueError, OSError) as error:
        return _fail(error, BAD_DATA)


def traffic_of(result: Mapping[str, Any]) -> Traffic:
    """What `transom sim --json` counted. Raises KeyError, TypeError, ValueError where it is not that."""
    return Traffic(*(int(result[name]) for name in ("values", "cycles", "bytes_read", "raw_bytes")))


def _of_input(options: argparse.Namespace, name: Path, others: Sequence[str]) -> dict[str, Any]:
    printed = run_tool([options.program, "sim", name, *others, "--no-lt", "--json"], Path.cwd(), "it with ./dev build")
    try:
        result = json.loads(printed)
        unit, traffic = result["unit"], traffic_of(result)
        parameters = UnitParameters(
            unit["kind"], unit["lanes"], unit["bus_bits"], unit["table_log"], options.rows, unit["fifo_beats"],
            any_macro=options.fifo_macros, one_fifo=options.fifo_macros, fifo_macro=not options.fifo_registers,
        )  # fmt: skip
    except (KeyError, TypeError, ValueError) as error:
        raise ValueError(f"{options.program} sim {name}: is no result of transom sim --json: {error!r}") from error
    lane = lane_energies().get(unit["kind"])
    if lane is None:
        raise ValueError(
            f"{ENERGY}: has no lane {unit['kind']} on {ASAP7}; write the file again with ./dev energy --write"
        )
    energy = unit_energy(parameters, traffic, lane, options.dram_pj_per_bit)
    if energy is None:
        raise ValueError(f"{name}: has no values, or rtl/cost.json no unit of kind {unit['kind']}: ./dev synth")
    return _line(result, parameters, traffic, energy)


def _line(
    result: Mapping[str, Any], parameters: UnitParameters, traffic: Traffic, energy: UnitEnergy
) -> dict[str, Any]:
    return {
        "trace": result["trace"], "coding": result["coding"], "unit": asdict(parameters), "traffic": asdict(traffic),
        "pj_per_value": {
            **{key: round(value, 4) for key, value in energy.parts.items()},
            "unit": round(energy.unit, 4), "dram": round(energy.dram, 4), "raw_dram": round(energy.raw_dram, 4),
            "saved": round(energy.saved, 4),
        },
    }  # fmt: skip


def _table(lines: Sequence[Mapping[str, Any]]) -> list[list[str]]:
    rows = [["network", "unit", *COLUMNS, "unit, all", "DRAM", "DRAM, raw", "saved, pJ per value", ""]]
    for line in lines:
        pj, unit = line["pj_per_value"], line["unit"]
        what = f"{unit['kind']}, {unit['lanes']} lanes, R = {unit['table_log']}"
        numbers = [pj[key] for key in (*COLUMNS, "unit", "dram", "raw_dram", "saved")]
        share = 100 * pj["saved"] / pj["raw_dram"] if pj["raw_dram"] else 0.0
        words = f"{'saved' if share >= 0 else 'lost'} {abs(share):.0f} %"
        rows.append([line["trace"], what, *(_signed(value) for value in numbers), words])
    return rows


def _signed(value: float) -> str:
    return ("-" if value < 0 else "") + number(abs(value))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="./dev energy network", usage="%(prog)s INPUT... [options] [options of transom sim]",
        description=DESCRIPTION, epilog=EPILOG, allow_abbrev=False,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )  # fmt: skip
    add = parser.add_argument
    text = "of memory traffic (default: %(default)g)"
    add("--dram-pj-per-bit", metavar="PJ", type=_picojoules, default=DRAM_PJ_PER_BIT, help=text)
    add("--row-words", dest="rows", metavar="N", type=int, choices=(16, 256), default=256, help="of the row memory")
    add("--fifo-macros", action="store_true", help="all FIFOs one memory, queues macros (default: the RTL)")
    add("--fifo-registers", action="store_true", help="prefetch FIFOs are registers (default: macros where smaller)")
    text = "transom (default: build/transom)"
    add("--program", metavar="FILE", type=Path, default=ROOT / "build/transom", help=text)
    add("--json", action="store_true", help="print the result as JSON")
    return parser


def _picojoules(text: str) -> float:
    value = float(text)
    if not 0 <= value <= 1000:
        raise argparse.ArgumentTypeError(f"{text} is not in 0..1000")
    return value


def _fail(error: object, code: int) -> int:
    print(f"transom.energy: {error}", file=sys.stderr)
    return code
