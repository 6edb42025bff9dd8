"""measure.py — pJ per value of a unit in a library on traces: mapped, replayed, compared, counted.

Of every tensor the first clocks are replayed, its table load among them. What a value takes once the table
is there counts for the whole tensor: windows are weighted with the values that they stand for.
"""
# SPDX-License-Identifier: Apache-2.0

from collections import defaultdict
from collections.abc import Mapping, MutableMapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from transom.cost import netlist, read_liberty
from transom.cost.designs import rtl_file, unit_files

from .cell_energy import clock_energy
from .energy import EnergyModel
from .netlist import read_netlist
from .recording import Recording, values_left
from .simulate import MEMORY, Activity, Simulator, compile_netlist

TABLE_LOG = 10
PICO = 1e12


@dataclass(frozen=True)
class Job:
    """A design in a library on traces (name -> recordings)."""

    design: str
    liberty: Path
    traces: Mapping[str, Sequence[Recording]]
    leakage_mhz: float

    @property
    def label(self) -> str:
        return f"{self.design} {self.liberty.stem}"


def measure(job: Job, folder: Path) -> dict[str, Any]:
    """The job's figures. Raises MismatchError, ToolError, ValueError, OSError."""
    library = read_liberty(job.liberty)
    if not library.has_logic:
        raise ValueError(f"{job.liberty}: has no gates and flip-flops to map to")
    mapped = read_netlist(netlist(job.design, job.liberty, TABLE_LOG, folder, (MEMORY,)), folder)
    model = EnergyModel(mapped, library, unit_files())
    clocks = max(recording.cycles for recordings in job.traces.values() for recording in recordings)
    simulator = compile_netlist(mapped, library, rtl_file(f"{MEMORY}.sv"), clocks, folder)
    return {
        "voltage_v": library.nom_voltage,
        "cells": sum(instance.kind in library.cells for instance in mapped.instances),
        "flip_flops": sum(
            bool(library.cells[instance.kind].flip_flop)
            for instance in mapped.instances
            if instance.kind in library.cells
        ),
        "leakage_uw": rounded(model.leakage_w * 1e6),
        "memories_not_counted": [
            {"words": 1 << memory.parameters["AddrBits"], "bits": memory.parameters["Width"]}
            for memory in mapped.of((MEMORY,))
        ],
        "traces": {
            name: on_trace(simulator, model, recordings, job.leakage_mhz) for name, recordings in job.traces.items()
        },
    }


def on_trace(
    simulator: Simulator, model: EnergyModel, recordings: Sequence[Recording], leakage_mhz: float
) -> dict[str, Any]:
    """pJ per value of a trace. Tensors that give no value in their window do not count."""
    toggles: defaultdict[int, float] = defaultdict(float)
    cycles, values, window, load_pj, load_clocks = 0.0, 0, 0, 0.0, 0
    for recording in recordings:
        activity = simulator.run(recording)
        load_pj += PICO * model.energy(activity.load, activity.load_cycles).total
        load_clocks += activity.load_cycles
        left = values_left(recording)[1]
        if left:
            cycles += _add_weighted(toggles, activity, recording.values / left)
            values += recording.values
            window += left
    if not values:
        raise ValueError("no value leaves in the clocks that were recorded: take more --clocks or a larger trace")
    energy = model.energy(toggles, cycles)
    parts = {part: PICO * joule / values for part, joule in energy.parts.items()}
    parts["leakage"] = PICO * model.leakage_w / (leakage_mhz * 1e6) * cycles / values
    return {
        "values": values,
        "values_replayed": window,
        "clocks_per_value": rounded(cycles / values),
        "pj_per_value": rounded(sum(parts.values())),
        "parts": {part: rounded(pj) for part, pj in parts.items()},
        "modules": {module: rounded(PICO * joule / values) for module, joule in sorted(energy.modules.items())},
        "load_pj_per_clock": rounded(load_pj / load_clocks),
    }


def _add_weighted(toggles: MutableMapping[int, float], activity: Activity, weight: float) -> float:
    """Adds a window's toggles, `weight` times; returns its clocks as often."""
    for net, n in activity.decode.items():
        toggles[net] += weight * n
    return weight * activity.decode_cycles


def memory_macro(liberty: Path) -> dict[str, Any] | None:
    """What a clock of the first memory macro of a liberty file takes; None where there is none."""
    library = read_liberty(liberty)
    for cell in library.cells.values():
        if cell.memory_bits:
            return {
                "cell": cell.name,
                "bits": cell.memory_bits,
                "voltage_v": library.nom_voltage,
                "pj_per_clock": rounded(PICO * clock_energy(library, cell)),
            }
    return None


def rounded(number: float) -> float:
    """Four digits: more would be noise, and the same on every machine."""
    return float(f"{number:.4g}")
