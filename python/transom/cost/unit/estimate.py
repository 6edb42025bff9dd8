"""estimate.py — area and energy of a whole unit of any size, out of the units of rtl/cost.json.

`unit_area` and `unit_energy` are what the sweep's report asks. Logic is measured (rtl/COST.md); between measured
numbers of lanes, and beyond, it is linear in lanes, and a bus of other width changes the FIFOs of channels and
the front end by what it changes in the smallest unit. Memories are a model (memory.py): placeholders.
"""
# SPDX-License-Identifier: Apache-2.0

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any

from transom import spec
from transom.cost.cost import COST
from transom.files import read_json

from .designs import FIFOS, FRONT, GATHER, LANES, ROWS, SHARES, TABLES, WIDE
from .memory import REGISTER_PJ_BIT, Memory, read_memory

ASAP7 = "asap7_RVT_TT"
DRAM_PJ_PER_BIT = 4.0
DRAM_SOURCE = "HBM2, 3.9 pJ per bit: O'Connor et al., Fine-Grained DRAM, MICRO 2017; LPDDR4 and DDR4 take more"
AXI = "decoder_axi"

Of = Callable[[Mapping[str, Any]], Mapping[str, float] | None]  # a unit's entry -> a figure of each share
Memories = tuple[str, Memory, int]  # share, memory, how many


@dataclass(frozen=True)
class UnitParameters:
    """A unit of decoder_axi, or of decoder_wide. Ranges are those of rtl/AXI.md; rows: MaxRows, of which a kind may
    have fewer.

    fifo_macro: prefetch FIFOs may be macros, where these are smaller; else they are registers (the RTL's FifoMacro).
    any_macro: queues of values as if they were read synchronously, so that they may be macros; the RTL's are not.
    one_fifo: the FIFOs of all channels in one memory, which a beat enters and a beat leaves in a cycle.
    """

    kind: str
    lanes: int
    data_bits: int = 128
    table_log: int = 10
    rows: int = 256
    fifo_beats: int = 32
    any_macro: bool = False
    one_fifo: bool = False
    fifo_macro: bool = True
    wide: bool = False

    @property
    def values_per_cycle(self) -> int:
        return self.lanes * spec.VALUES_PER_BEAT[self.kind]

    @property
    def streams(self) -> int:
        return self.lanes * spec.STREAMS_PER_LANE[self.kind]

    @property
    def max_rows(self) -> int:
        return min(self.rows, spec.MAX_ALPHABET if self.kind in ("tans", "rans") else spec.MAX_APACK_ROWS)

    @property
    def entry_bits(self) -> int:
        """Of a table's word: codec_pkg::stored_bits."""
        symbol = spec.SYMBOL_BITS if self.kind == "tans_pair" else (self.max_rows - 1).bit_length()
        return symbol + (self.table_log if self.kind == "rans" else self.table_log.bit_length()) + self.table_log

    @property
    def channels(self) -> int:
        return 2 * self.streams + 1


@dataclass(frozen=True)
class UnitArea:
    """um2 at 7 nm by share, logic and memories together. `source`: "measured", "interpolated", "extrapolated"."""

    shares: Mapping[str, float]
    memories: Mapping[str, float]  # of these, what memories take
    macros: tuple[str, ...]  # shares whose largest memory is of macros
    values_per_cycle: int
    source: str

    @property
    def um2(self) -> float:
        return sum(self.shares.values())

    @property
    def um2_per_value(self) -> float:
        """um2 per value and cycle: the peak, all lanes busy."""
        return self.um2 / self.values_per_cycle


@dataclass(frozen=True)
class Traffic:
    """What a run read and gave, as `transom sim --json` says; bytes_read: all of them, tables and rows too."""

    values: int
    cycles: int
    bytes_read: float
    raw_bytes: float


@dataclass(frozen=True)
class UnitEnergy:
    """pJ per value. dram and raw_dram are traffic; `saved` is what coding saves against reading raw, less the unit."""

    parts: Mapping[str, float] = field(default_factory=dict)
    dram: float = 0.0
    raw_dram: float = 0.0

    @property
    def unit(self) -> float:
        return sum(self.parts.values())

    @property
    def saved(self) -> float:
        """Against reading raw; negative is a loss."""
        return self.raw_dram - self.dram - self.unit


def unit_area(parameters: UnitParameters, cost: Path = COST, library: str = ASAP7) -> UnitArea | None:
    """Area of a whole unit; None where `cost` has no unit of the kind in that library.

    Raises OSError, ValueError for a file that is none. Error: logic between measured sizes 4 % (tests/python);
    macros 3.3 % and registers 6.2 % of what they are fitted to (memory.py), which is itself a placeholder.
    """
    return area_of(read_units(cost), parameters, library)


def area_of(units: Mapping[str, Any], parameters: UnitParameters, library: str = ASAP7) -> UnitArea | None:
    """unit_area out of the units of a cost that was read."""
    logic = _shares(units, parameters, um2_of(library))
    if logic is None:
        return None
    memories = unit_memories(units, parameters)
    return _added(*logic, memories, parameters.any_macro, parameters.values_per_cycle)


def measured_area(unit: Mapping[str, Any], library: str = ASAP7, any_macro: bool = False) -> UnitArea:
    """Area of a measured unit, of any top, with the memories that it has."""
    memories = ((entry["share"], read_memory(entry), entry["count"]) for entry in unit["generic"]["memories"])
    return _added(unit["liberty"][library]["area_um2"], "measured", memories, any_macro, unit["values_per_cycle"])


def _added(
    logic: Mapping[str, float], source: str, memories: Iterable[Memories], any_macro: bool, values_per_cycle: int
) -> UnitArea:
    of_memories = dict.fromkeys(SHARES, 0.0)
    macros: dict[str, tuple[float, bool]] = {}
    for share, memory, count in memories:
        of_memories[share] += count * memory.area_um2(any_macro)
        macros[share] = max(macros.get(share, (0.0, False)), (memory.bits, memory.is_macro(any_macro)))
    return UnitArea(
        {share: logic[share] + of_memories[share] for share in SHARES},
        of_memories,
        tuple(share for share, (_, macro) in macros.items() if macro),
        values_per_cycle,
        source,
    )


@cache
def read_units(path: Path) -> Mapping[str, Any]:
    """Entries of units in a cost file. Raises OSError, ValueError."""
    written = read_json(path, "write the file again with ./dev synth")
    units = written.get("units") if isinstance(written, dict) else None
    if not isinstance(units, dict):
        raise ValueError(f"{path}: units: is not there; write the file again with ./dev synth")
    return units


def _of_kind(units: Mapping[str, Any], wanted: UnitParameters) -> list[Mapping[str, Any]]:
    found = [unit for unit in units.values() if _is_like(unit, wanted)]
    return sorted(found, key=lambda unit: (unit["lanes"], unit["data_bits"]))


def _is_like(unit: Mapping[str, Any], wanted: UnitParameters) -> bool:
    large = unit["top"] == WIDE if wanted.wide else is_large(unit)
    return large and bool(unit["kind"] == wanted.kind)


def is_large(unit: Mapping[str, Any]) -> bool:
    """Whether a measured unit is one of decoder_axi with all the rows of its kind: those that others come of."""
    return unit["top"] == AXI and "MaxRows" not in unit["parameters"]


def um2_of(library: str) -> Of:
    """What asks a unit's entry for um2 of logic by share."""
    return lambda unit: unit.get("liberty", {}).get(library, {}).get("area_um2")


def _shares(units: Mapping[str, Any], wanted: UnitParameters, of: Of) -> tuple[dict[str, float], str] | None:
    """What `of` gives for the wanted unit, by share, and where it is from."""
    found = {(unit["lanes"], unit["data_bits"]): of(unit) for unit in _of_kind(units, wanted)}
    measured = {size: shares for size, shares in found.items() if shares is not None}
    if (exact := measured.get((wanted.lanes, wanted.data_bits))) is not None:
        return dict(exact), "measured"
    if wanted.wide:  # one FIFO, whose logic hardly knows of the bus
        return _line({lanes: shares for (lanes, _), shares in measured.items()}, wanted.lanes)
    buses = _buses(units, of)
    if not measured or not buses.keys() >= {wanted.data_bits} | {bits for _, bits in measured}:
        return None
    at_bus = {
        lanes: _moved(shares, replace(wanted, lanes=lanes), buses[bits], buses[wanted.data_bits])
        for (lanes, bits), shares in measured.items()
    }
    return _line(at_bus, wanted.lanes)


def _buses(units: Mapping[str, Any], of: Of) -> dict[int, tuple[Mapping[str, float], int]]:
    """bits -> shares, channels, of the kind that was measured with most buses, at its fewest lanes."""
    every = [unit for unit in units.values() if is_large(unit) and of(unit) is not None]
    fewest = min((unit["lanes"] for unit in every), default=0)
    found: dict[str, dict[int, tuple[Mapping[str, float], int]]] = {}
    for unit in every:
        if unit["lanes"] == fewest:
            channels = UnitParameters(unit["kind"], unit["lanes"]).channels
            found.setdefault(unit["kind"], {})[unit["data_bits"]] = of(unit) or {}, channels
    return max(found.values(), key=len, default={})


def _moved(
    shares: Mapping[str, float], wanted: UnitParameters,
    old: tuple[Mapping[str, float], int], new: tuple[Mapping[str, float], int],
) -> dict[str, float]:  # fmt: skip
    """Shares of a unit with the bus `new` for `old`."""
    fifos = wanted.channels * (new[0][FIFOS] / new[1] - old[0][FIFOS] / old[1])
    return {**shares, FIFOS: shares[FIFOS] + fifos, FRONT: shares[FRONT] + new[0][FRONT] - old[0][FRONT]}


def _line(measured: Mapping[int, Mapping[str, float]], lanes: int) -> tuple[dict[str, float], str] | None:
    known = sorted(measured)
    if lanes in measured:
        return dict(measured[lanes]), "interpolated"  # in the bus
    if len(known) < 2:
        return None
    high = next((n for n in known[1:] if n > lanes), known[-1])
    low = known[known.index(high) - 1]
    way = (lanes - low) / (high - low)
    shares = {share: measured[low][share] + way * (measured[high][share] - measured[low][share]) for share in SHARES}
    return shares, "interpolated" if known[0] < lanes < known[-1] else "extrapolated"


def unit_memories(units: Mapping[str, Any], wanted: UnitParameters) -> Iterator[Memories]:
    """Memories of a unit: share, memory, how many; out of the measured unit of the kind with the fewest lanes."""
    model = next(iter(_of_kind(units, wanted)), None)
    if model is None:
        return
    if wanted.wide:
        yield from _wide_memories(model, wanted)
        return
    per_lane, bits = wanted.lanes / model["lanes"], wanted.data_bits - model["data_bits"]
    per_channel = wanted.channels / UnitParameters(wanted.kind, model["lanes"]).channels
    for entry in model["generic"]["memories"]:
        share, memory, count = entry["share"], read_memory(entry), entry["count"]
        if share == TABLES:
            words = memory.words >> model["parameters"]["TableLog"] << wanted.table_log
            memory = replace(
                memory, words=words, width=wanted.entry_bits, read_ports=round(memory.read_ports * per_lane)
            )
        elif share == ROWS:
            memory = replace(memory, words=2 * wanted.max_rows, read_ports=round(memory.read_ports * per_lane))
        elif share == FIFOS:
            more = 2 * ((wanted.data_bits // 32).bit_length() - (model["data_bits"] // 32).bit_length())
            memory = replace(memory, words=wanted.fifo_beats, width=memory.width + bits + more, macro=wanted.fifo_macro)
            count = round(count * per_channel)
            if wanted.one_fifo:
                memory, count = replace(memory, words=memory.words * count), 1
        elif share == GATHER:
            memory, count = _of_gather(memory, count, per_lane)
        else:
            memory = _of_front(memory, model, wanted)
        yield share, memory, count


def _wide_memories(model: Mapping[str, Any], wanted: UnitParameters) -> Iterator[Memories]:
    """One FIFO of the bus' beats, and the values' queue, which is as wide as the lanes."""
    for entry in model["generic"]["memories"]:
        share, memory = entry["share"], read_memory(entry)
        if share == FIFOS:
            more = (wanted.data_bits // 32).bit_length() - (model["data_bits"] // 32).bit_length()
            width = memory.width + wanted.data_bits - model["data_bits"] + more
            memory = replace(memory, words=wanted.fifo_beats, width=width, macro=wanted.fifo_macro)
        elif share == GATHER:
            memory = replace(memory, width=round(memory.width * wanted.lanes / model["lanes"]))
        yield share, memory, entry["count"]


def _of_gather(memory: Memory, count: int, per_lane: float) -> tuple[Memory, int]:
    """Value FIFOs are one per stream; the two queues behind are as wide as a beat or a mask of the streams."""
    if count > 1:
        return memory, round(count * per_lane)
    return replace(memory, width=round(memory.width * per_lane)), count


def _of_front(memory: Memory, model: Mapping[str, Any], wanted: UnitParameters) -> Memory:
    """What channels want has a word for each."""
    channels = replace(wanted, lanes=model["lanes"]).channels
    return replace(memory, words=wanted.channels) if memory.words == channels else memory


def unit_energy(
    parameters: UnitParameters, traffic: Traffic, lane_pj: float,
    dram_pj_per_bit: float = DRAM_PJ_PER_BIT, cost: Path = COST,
) -> UnitEnergy | None:  # fmt: skip
    """pJ per value at 7 nm of a run; None where `cost` has no unit of the kind, or nothing was decoded.

    lane_pj: a lane's logic per value (rtl/energy.json, ASAP7). Memories: a read of table and row for each step and
    value, a write and a read of a FIFO for each beat read, by the macro model; those that are registers, and all
    flip-flops outside of lanes, take their clock in every cycle of the run, because nothing is gated. Logic outside
    of lanes is counted by its flip-flops alone. DRAM: bytes read, and raw bytes, at dram_pj_per_bit.
    """
    return energy_of(read_units(cost), parameters, traffic, lane_pj, dram_pj_per_bit)


def energy_of(
    units: Mapping[str, Any], parameters: UnitParameters, traffic: Traffic, lane_pj: float,
    dram_pj_per_bit: float = DRAM_PJ_PER_BIT,
) -> UnitEnergy | None:  # fmt: skip
    """unit_energy out of the units of a cost that was read."""
    flip_flops = _shares(units, parameters, lambda unit: unit["generic"]["ff"])
    if flip_flops is None or traffic.values <= 0:
        return None
    memories = unit_memories(units, parameters)
    beats, values = traffic.bytes_read * 8 / parameters.data_bits, spec.VALUES_PER_BEAT[parameters.kind]
    parts = _parts(memories, flip_flops[0], traffic, beats, values, parameters.any_macro)
    dram = 8 * dram_pj_per_bit / traffic.values
    return UnitEnergy({LANES: lane_pj, **parts}, traffic.bytes_read * dram, traffic.raw_bytes * dram)


def measured_energy(unit: Mapping[str, Any], traffic: Traffic) -> UnitEnergy:
    """What a measured unit, of any top, takes outside of its lanes, with the memories that it has; no DRAM."""
    memories = ((entry["share"], read_memory(entry), entry["count"]) for entry in unit["generic"]["memories"])
    beats, values = traffic.bytes_read * 8 / unit["data_bits"], spec.VALUES_PER_BEAT[unit["kind"]]
    return UnitEnergy(_parts(memories, unit["generic"]["ff"], traffic, beats, values, any_macro=False))


def _parts(
    memories: Iterable[Memories], flip_flops: Mapping[str, float], traffic: Traffic, beats: float, values_per_step: int,
    any_macro: bool,
) -> dict[str, float]:  # fmt: skip
    """pJ per value by share: accesses of macros, and the clock of registers and flip-flops outside of lanes."""
    per_value = dict.fromkeys((TABLES, ROWS, FIFOS, "registers"), 0.0)
    reads = {TABLES: traffic.values / values_per_step, ROWS: traffic.values, FIFOS: beats}
    clock = sum(count for share, count in flip_flops.items() if share != LANES) * REGISTER_PJ_BIT
    for share, memory, count in memories:
        clock += count * memory.clock_pj(any_macro)
        if share in reads:
            pj = memory.read_pj(any_macro) + (memory.write_pj(any_macro) if share == FIFOS else 0.0)
            per_value[share] += reads[share] * pj / traffic.values
    per_value["registers"] = clock * traffic.cycles / traffic.values
    return per_value


def as_json(area: UnitArea) -> dict[str, Any]:
    return {**asdict(area), "um2": area.um2, "um2_per_value": area.um2_per_value}
