"""designs.py — what mutants are made of: each kind of lane in the unit, the unit in its system, the wide unit."""
# SPDX-License-Identifier: Apache-2.0

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from transom.program import ROOT

KINDS = {"tans": 0, "rans": 1, "arith": 2, "tans_pair": 3, "nrans": 4}  # as LaneKind


@dataclass(frozen=True)
class Design:
    """A module with parameters, and the folders or files of rtl/ whose cells are mutated in it."""

    name: str  # as sim/verilated/shape.sh has it
    top: str
    lists: tuple[str, ...]  # lists of files in rtl/
    parameters: Mapping[str, int]
    mutated: tuple[str, ...]
    mutants: int  # of a whole run
    probe: str = ""  # what the bench sees inside, a file of sim/verilated/shape/
    defines: tuple[str, ...] = field(default=())

    def sources(self) -> list[Path]:
        rtl = ROOT / "rtl"
        lines = [line for name in self.lists for line in (rtl / name).read_text(encoding="utf-8").splitlines()]
        return [rtl / line for line in lines if line and not line.startswith("+")]


def _lane(kind: str, table_log: int, rows: int, mutants: int) -> Design:
    number = KINDS[kind]
    return Design(
        f"decoder_{kind}_1", "decoder", ("decoder.f",),
        {"Kind": number, "Lanes": 1, "TableLog": table_log, "MaxRows": rows},
        ("rtl/lane/", "rtl/decoder.sv"), mutants, defines=(f"-DTRANSOM_LANE_KIND={number}",),
    )  # fmt: skip


def _in_system(name: str, top: str, kind: str, lanes: int, mutated: tuple[str, ...], mutants: int) -> Design:
    """Small tables and a narrow bus, as bench/mutants.cpp has them."""
    sizes = {"Kind": KINDS[kind], "Lanes": lanes, "TableLog": 8, "DataBits": 64}
    sizes |= {"MaxRows": 16} if top == "decoder_axi" else {"Halves": 8, "MaxOffset": 16}
    lists = ("decoder.f", "decoder_axi.f") if top == "decoder_axi" else ("decoder_wide.f",)
    probe = "axi_probe.vlt" if top == "decoder_axi" else "wide_probe.vlt"
    return Design(name, top, lists, sizes, mutated, mutants, probe)


DESIGNS = {
    design.name: design
    for design in (
        _lane("tans", 14, 256, 160),
        _lane("tans_pair", 14, 16, 120),
        _lane("rans", 12, 256, 120),
        _lane("arith", 10, 16, 120),
        _lane("nrans", 12, 16, 120),
        _in_system(
            "decoder_axi_tans_2",
            "decoder_axi",
            "tans",
            2,
            ("rtl/axi/", "rtl/decoder_axi.sv", "rtl/lane/tans_build.sv", "rtl/lane/tans_slots.sv"),
            240,
        ),
        _in_system("decoder_wide_nrans_4", "decoder_wide", "nrans", 4, ("rtl/wide/", "rtl/decoder_wide.sv"), 160),
        _in_system(
            "decoder_wide_tans_4",
            "decoder_wide",
            "tans",
            4,
            ("rtl/wide/wide_tans", "rtl/wide/wide_lane.sv"),
            60,
        ),
    )
}
