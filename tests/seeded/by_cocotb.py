"""by_cocotb.py — the seeded faults found by examples/cocotb: decoder_axi between cocotbext-axi's buses."""
# SPDX-License-Identifier: Apache-2.0

import xml.etree.ElementTree as ET
from functools import cache
from pathlib import Path

import run as example
import stimuli
from faults import number_of, spoil
from image import Unit
from program import SOURCE
from stimuli import Finding

from transom.container import Container, read_container
from transom.spec import STREAMS_PER_LANE

TABLE_LOG = 12


@cache
def _bench(lane: str, folder: Path) -> example.Bench:
    rtl = folder / "rtl"
    rtl.mkdir(exist_ok=True)
    system = [SOURCE / "rtl" / name for name in (SOURCE / "rtl/decoder_axi.f").read_text().split()]
    unit = Unit(lane, stimuli.N_STREAMS // STREAMS_PER_LANE[lane], TABLE_LOG)
    off = {"TRANSOM_ASSERTS_OFF": 1}
    return example.axi_bench(SOURCE / "rtl", unit, folder / f"cocotb-{lane}", [*spoil(rtl), *system], defines=off)


@cache
def _containers(lane: str, folder: Path) -> list[Path]:
    """The jobs of each run in one container."""
    files = []
    for number, jobs in enumerate(stimuli.runs(lane, folder)):
        files.append(folder / f"{lane}-{number}.tsm")
        Container(tuple(tensor for job in jobs for tensor in read_container(job))).write(files[-1])
    return files


def find(name: str | None, lane: str, folder: Path, *, steps: bool = True) -> Finding | None:
    """Of a fault, or of none; with the steps, which are read within the unit, or of values alone."""
    number = number_of(name) if name else 0
    for container in _containers(lane, folder):
        results = folder / f"cocotb-{lane}" / f"fault-{number}.xml"
        told = _bench(lane, folder).run(container, results, steps, seed=1, plusargs=[f"+fault={number}"])
        if told["findings"]:
            found = told["findings"][0]
            where = f"'{found['tensor']}': stream {found['stream']}, index {found['index']}"
            return Finding(where, found["class"], found["confidence"])
        if told["failed"]:  # by a check of the bench's own
            failure = ET.parse(results).getroot().find(".//failure")
            return Finding(str(failure.get("message")) if failure is not None else told["log"], "", "")
    return None
