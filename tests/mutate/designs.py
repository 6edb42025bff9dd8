"""designs.py — what mutants are made of: each kind of lane, in a unit of one; units behind a bus."""
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
    program: str = "mutants"  # the bench, of the build folder
    glue: str = "sim/verilated/shape/decoder.cpp"  # its ports as the bench sees them
    defines: tuple[str, ...] = field(default=())  # of the glue
    jumps: tuple[tuple[str, int], ...] = ()  # registers that the bench may add to, see jumps.py, and their bits

    @property
    def is_unit(self) -> bool:
        """Behind a bus: too large for any proof of a whole one."""
        return self.top != "decoder"

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


def _unit(
    name: str, top: str, parameters: dict[str, int], mutated: str, mutants: int, jumps: tuple[tuple[str, int], ...] = ()
) -> Design:
    """A unit behind a bus, of which the bench sees the ports alone."""
    lists = ("decoder.f", "decoder_axi.f") if top == "decoder_axi" else ("decoder_wide.f",)
    glue = "tests/mutate/bench/bus/glue.cpp"
    own = (mutated, f"rtl/{top}.sv")
    return Design(name, top, lists, parameters, own, mutants, "unit_mutants", glue, jumps=jumps)


# Small FIFOs, which are often full.
BUS = {"AddrBits": 40, "MaxBurst": 4, "Outstanding": 4, "FifoBeats": 8}
LANES = (
    _lane("tans", 14, 256, 240),
    _lane("tans_pair", 14, 16, 200),
    _lane("rans", 12, 256, 200),
    _lane("arith", 10, 16, 190),
    _lane("nrans", 12, 16, 200),
)
UNITS = (
    _unit(
        "decoder_axi_tans_4",
        "decoder_axi",
        {"Kind": 0, "Lanes": 4, "TableLog": 14, "MaxRows": 256, "ValueBeats": 4, **BUS},
        "rtl/axi/",
        240,
        (  # as tests/mutate/bench/bus/jumps/jumps.cpp has them
            ("u_sequencer.index_q", 32),
            ("u_sequencer.values_left_q", 64),
            ("u_sequencer.offset_words_q", 32),
            ("u_counters.u_sums.count_q", 11 * 48),
        ),
    ),
    _unit(
        "decoder_wide_nrans_4",
        "decoder_wide",
        {"Kind": 4, "Lanes": 4, "TableLog": 10, "MaxOffset": 16, "Halves": 8, "DataBits": 64, **BUS},
        "rtl/wide/",
        240,
    ),
)
DESIGNS = {design.name: design for design in (*LANES, *UNITS)}
