"""table.py — whole units in rtl/COST.md: um2 by share, what other memories give, gates, and all in one line each."""
# SPDX-License-Identifier: Apache-2.0

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from transom.cost.designs import KINDS

from .designs import AXI_SIZES, SHARES, WIDE
from .estimate import (
    ASAP7,
    AXI,
    Traffic,
    UnitArea,
    UnitParameters,
    area_of,
    energy_of,
    is_large,
    measured_area,
    measured_energy,
)
from .lanes import lane_energies
from .memory import SOURCE, fit_error, register_error

WORDS = {"fifos": "FIFOs", "front end": "AXI front end", "gather": "gather, counters"}
# Of the embedded trace: its values' entropy, tensor by tensor, and the bytes of its container in each kind's coding
# (a test asks for both); streams of 16 lanes, R = 10, of the wide unit what its plan takes.
DIGITS_VALUES, DIGITS_ENTROPY = 114392, 5.0685
DIGITS_BYTES = {
    "tans": 76896, "tans_pair": 76764, "rans": 77016, "arith": 76988, "nrans": 76972,
    "wide nrans": 76288, "wide tans": 76276,
}  # fmt: skip
BITS_READ = 5.0  # of a value, as it comes from memory
# Each column has what stands left of it.
STEPS: Sequence[tuple[str, Mapping[str, Any]]] = (
    ("as the RTL is", {}),
    ("values' queues as macros", {"any_macro": True}),
    ("one FIFO", {"one_fifo": True}),
    ("of 16 beats", {"fifo_beats": 16}),
    ("16 rows", {"rows": 16}),
    ("R = 8", {"table_log": 8}),
    ("R = 6", {"table_log": 6}),
)


def tables(units: Mapping[str, Any]) -> list[str]:
    """The tables and the words between them; nothing where no unit was measured."""
    measured = {name: unit for name, unit in units.items() if ASAP7 in unit.get("liberty", {})}
    if not measured:
        return []
    return [
        KINDS_WORDS, _kinds(measured), _shares_words(), _shares(measured), STEPS_WORDS, _steps(units, measured),
        ENERGY_WORDS, _energies(units, measured), GATES_WORDS, _gates(units),
    ]  # fmt: skip


def markdown(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [header, ["---"] + ["---:"] * (len(header) - 1), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def _shares_words() -> str:
    return f"""\
Whole units, with memories: `decoder_axi` of lanes behind a bus of so many bits, R = 10, 256 rows a bank (16 where a
kind has no more; *small*: R = 8, 16 rows), FIFOs of 32 beats, um2 on ASAP7. Modules are mapped apart, for speed, and
added up. *Tables* have `table_check` in them, *rows* are the row memory, *FIFOs* those of all channels, *gather* the
values' queues. Memories that are read synchronously are macros where these are smaller, a copy for each port, a macro
for each bank; the others are registers, as the RTL is. Macros are a model
(`python/transom/cost/unit/memory.py`) fitted to {SOURCE}: off by up to {100 * fit_error():.1f} %;
small ones and second ports are extrapolated. Registers are one fitted to what Yosys maps (up to
{100 * register_error():.1f} %). *Register ps* is the longest path within one module, without memories and wires.
*pJ* are of a busy unit whose values take {BITS_READ:g} bits to read: reads of tables and rows, FIFOs written and read,
the clock of every other flip-flop and register, none of them gated; the lanes' own are below (*Energy*)."""


KINDS_WORDS = """\
All kinds, whole units as the RTL is, on ASAP7: um2 per value and cycle at 16, 64 and 128 lanes; of that of 64 lanes the
longest register path, and pJ per value: outside of its lanes, and with what a lane of the kind takes (*Energy*). *wide*
is `decoder_wide`, lanes in lockstep, of tANS with R up to 8; its lanes have no readers, and take less than is added.
`decoder_axi` has at most 64 lanes. *bits lost*: per value over the entropy of the embedded trace, whole containers,
all tables, headers and offsets counted (`transom encode golden/traces/digits_cnn_int8 --streams 16 --table-log 10`,
and `--unit wide --lanes 16`); what the coders alone lose is in `docs/figures.md`, by `build/coder_loss`."""
STEPS_WORDS = """\
The same per value and cycle, with what the memories could be: each column has what stands left of it. Queues as macros
want a synchronous read; the FIFOs in one memory, the bus fills it by a beat a cycle and channels empty it in turn; 16
rows and smaller R are of the memories, the logic stays that of 256 rows and R = 10."""
ENERGY_WORDS = "And the pJ per value outside of lanes:"
GATES_WORDS = "Gate equivalents of the same units' logic, memories left out:"


def _shown(units: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """Units of other tops all, of decoder_axi those of AXI_SIZES."""
    return {
        name: unit
        for name, unit in units.items()
        if unit["top"] != AXI or (unit["lanes"], unit["data_bits"]) in AXI_SIZES
    }


def _shares(measured: Mapping[str, Any]) -> str:
    rows = []
    for name, unit in _shown(measured).items():
        area = measured_area(unit)
        numbers = [*(area.shares[share] for share in SHARES), area.um2, area.um2_per_value]
        pj = measured_energy(unit, _busy(unit["values_per_cycle"])).unit
        path = f"{unit['liberty'][ASAP7]['register_ps']:,.0f}"
        rows.append([f"`{name}`", *(f"{n:,.0f}" for n in numbers), path, f"{pj:.2f}"])
    header = ["unit", *(WORDS.get(share, share) for share in SHARES), "um2", "um2 per value and cycle", "register ps"]
    header += ["pJ per value outside of lanes"]
    return markdown(header, rows)


def _kinds(measured: Mapping[str, Any]) -> str:
    names = {kind: f"decoder_axi_{kind}" for kind in KINDS}
    names |= {"wide nrans": WIDE, "wide tans": f"{WIDE}_tans"}
    lane_pj = lane_energies()
    sizes = [((16, 128), "16 lanes"), ((64, 512), "64 lanes"), ((128, 512), "128 lanes")]
    rows = []
    for kind, name in names.items():
        units = [measured.get(f"{name}_{lanes}_{bits}") for (lanes, bits), _ in sizes]
        shown = units[1] or units[0]
        if not shown:
            continue
        areas = (f"{measured_area(unit).um2_per_value:,.0f}" if unit else "-" for unit in units)
        pj = measured_energy(shown, _busy(shown["values_per_cycle"])).unit
        lane = lane_pj.get(shown["kind"])
        path = f"{shown['liberty'][ASAP7]['register_ps']:,.0f}"
        lost = 8 * DIGITS_BYTES[kind] / DIGITS_VALUES - DIGITS_ENTROPY
        rows.append([kind, *areas, path, f"{pj:.2f}", f"{pj + lane:.2f}" if lane else "-", f"{lost:.3f}"])
    header = ["kind", *(words for _, words in sizes), "register ps", "pJ outside of lanes", "pJ", "bits lost"]
    return markdown(header, rows)


def _steps(units: Mapping[str, Any], measured: Mapping[str, Any]) -> str:
    rows = []
    for name, unit in _shown(measured).items():
        if is_large(unit):
            rows.append([f"`{name}`", *(f"{area.um2_per_value:,.0f}" for area in step_areas(units, unit))])
    return markdown(["unit", *(name for name, _ in STEPS)], rows)


def step_parameters(unit: Mapping[str, Any]) -> Iterator[UnitParameters]:
    """A measured unit of decoder_axi after each of STEPS."""
    parameters = UnitParameters(unit["kind"], unit["lanes"], unit["data_bits"], unit["parameters"]["TableLog"])
    for _, change in STEPS:
        parameters = replace(parameters, **change)
        yield parameters


def step_areas(units: Mapping[str, Any], unit: Mapping[str, Any]) -> list[UnitArea]:
    """Its areas."""
    areas = [area_of(units, parameters) for parameters in step_parameters(unit)]
    return [area for area in areas if area is not None]  # all: it was measured


def _energies(units: Mapping[str, Any], measured: Mapping[str, Any]) -> str:
    rows = []
    for name, unit in _shown(measured).items():
        if is_large(unit):
            busy = _busy(unit["values_per_cycle"])
            energies = (energy_of(units, wanted, busy, 0.0) for wanted in step_parameters(unit))
            rows.append([f"`{name}`", *(f"{energy.unit:.2f}" if energy else "-" for energy in energies)])
    return markdown(["unit", *(name for name, _ in STEPS)], rows)


def _busy(values: int) -> Traffic:
    """A clock of a unit that is never idle."""
    return Traffic(values, 1, values * BITS_READ / 8, values)


def _gates(units: Mapping[str, Any]) -> str:
    rows = []
    for name, unit in _shown(units).items():
        if "generic" in unit:
            gates = unit["generic"]["ge"]
            total = sum(gates.values())
            numbers = [*(gates[share] for share in SHARES), total, total / unit["values_per_cycle"]]
            rows.append([f"`{name}`", *(f"{number:,.0f}" for number in numbers)])
    header = ["unit", *(WORDS.get(share, share) for share in SHARES), "GE", "GE per value and cycle"]
    return markdown(header, rows)
