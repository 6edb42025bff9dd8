"""proofs.py — what is proven of which modules, how, and the faults that must not go unseen."""
# SPDX-License-Identifier: Apache-2.0

import re
from dataclasses import dataclass, field

from .netlist import HERE, properties_file


@dataclass(frozen=True)
class Induction:
    """All clocks: the first ones from reset, and one more behind `depth` good ones.

    `apart` are beginnings of properties' names, in the order in which each is proven by itself, those before it given.
    """

    depth: int = 1
    apart: tuple[str, ...] = ()
    verdict = "proven"

    def __str__(self) -> str:
        return f"{self.depth}-induction"

    def order(self, names: list[str]) -> list[str]:
        place = {name: [name.startswith(a) for a in (*self.apart, "")].index(True) for name in names}
        return sorted(names, key=lambda name: (place[name], name))


@dataclass(frozen=True)
class Reachability:
    """All clocks, by an invariant that abc finds."""

    verdict = "proven"

    def __str__(self) -> str:
        return "pdr"


@dataclass(frozen=True)
class Bounded:
    """So many clocks from reset, the reset's included."""

    depth: int
    verdict = "holds"

    def __str__(self) -> str:
        return f"bounded, {self.depth} clocks"


@dataclass(frozen=True)
class Proof:
    name: str
    what: str
    top: str  # a module of properties, in a file of its name
    sources: tuple[str, ...]  # of rtl/
    method: Induction | Reachability | Bounded
    parameters: dict[str, int] = field(default_factory=dict)
    reach: int = 12  # clocks in which each REACH is reached
    limit: int = 600  # seconds of a question
    effort: int = 1  # the larger, the earlier it begins
    only: tuple[str, ...] = ()  # of the module's properties; without any: all
    cut: str = ""  # cells whose outputs are free, as Yosys selects them

    @property
    def modules(self) -> list[str]:
        return [re.sub(r".*/|\.sv$", "", source) for source in self.sources if source != PACKAGE]


@dataclass(frozen=True)
class Fault:
    name: str
    proof: str
    file: str  # of rtl/
    old: str  # stands there once
    new: str
    fails: str  # the property
    depth: int = 10  # clocks in which it does


PACKAGE = "codec_pkg.sv"
CONTROL = (PACKAGE, "lane/bit_reader.sv", "lane/lane_control.sv")
ARITH = (
    *("StepsInTurn", "StageBHasIts", "BoundariesInOrder", "StageAHasIts", "PartIsAround", "StatesAreGood"),
    *("TakesItsBits", "YieldsItsSymbol", "gen_shift", "GoesToItsState", "TellsTheEnd"),
)
QUEUE = "every item once, unchanged, in order; room is told truly"

PROOFS = (
    *(
        Proof(
            f"bit_reader_{window}_{slots}",
            "every bit of every word once, in order; verdicts of streams",
            "bit_reader_properties",
            (PACKAGE, "lane/bit_reader.sv"),
            Induction(1),
            {"Window": window, "Slots": slots},
            effort=100,
        )
        for window, slots in ((16, 3), (16, 2), (32, 3))
    ),
    Proof("fifo", QUEUE, "fifo_properties", ("axi/fifo.sv",), Reachability(), {"Width": 4, "Depth": 4}),
    Proof("beat_fifo", QUEUE, "beat_fifo_properties", ("axi/beat_fifo.sv",), Reachability(), {"Width": 4, "Beats": 4}),
    Proof(
        "word_fifo",
        QUEUE,
        "word_fifo_properties",
        ("axi/beat_fifo.sv", "axi/word_fifo.sv"),
        Reachability(),
        {"Words": 2, "OutBits": 1, "Beats": 2},
    ),
    Proof(
        "word_group_fifo",
        "every group of a bus of 64 bits once, unchanged, in order",
        "word_group_fifo_properties",
        ("axi/beat_fifo.sv", "axi/word_fifo.sv", "axi/word_group_fifo.sv"),
        Reachability(),
        {"Beats": 2},
        effort=90,
    ),
    Proof(
        "lane_control",
        "around any coder: bits of a step, values, ends, statuses",
        "lane_control_properties",
        CONTROL,
        Bounded(8),
        {"Values": 1, "CSlow": 1},
        reach=16,
        effort=80,
    ),
    *(
        Proof(
            name,
            what,
            "lane_control_properties",
            CONTROL,
            Bounded(depth),
            {"Values": values, "CSlow": cslow},
            reach=20,
            effort=70,
        )
        for name, what, values, cslow, depth in (
            ("lane_of_pairs", "around any coder of pairs: bits of a step, both values, their last", 2, 1, 6),
            ("lane_in_turn", "around any coder of streams in turn: bits of a step, values, ends, statuses", 1, 2, 8),
        )
    ),
    Proof(
        "lane_progress",
        "around any coder: progress where words are offered and values taken; values owed",
        "lane_control_properties",
        CONTROL,
        Bounded(14),
        {"Values": 1, "CSlow": 1, "Within": 6},
        reach=16,
        effort=60,
        only=("LeavesInTime", "StepsInItsTable", "ReadsItsRow", "ValuesAreOwed", "LastIsMarked", "BusyWhileOwing"),
    ),
    *(
        Proof(
            name,
            "each step is the definition's, of every table of four symbols, from every state",
            "tans_lane_properties",
            (*CONTROL, "lane/tans_lane.sv"),
            Induction(1),
            {"Values": values},
            effort=30,
        )
        for name, values in (("tans_lane", 1), ("tans_pair_lane", 2))
    ),
    Proof(
        "nrans_lane",
        "each step is the definition's, of every table of 16 symbols and R up to 4, from every state",
        "nrans_lane_properties",
        (*CONTROL, "lane/nrans_step.sv", "lane/nrans_lane.sv"),
        Induction(1),
        {"TableLog": 4},
        effort=30,
    ),
    Proof(
        "nrans_table",
        "behind a load of any counts the constants of each symbol are those that its formulas give",
        "nrans_table_properties",
        (PACKAGE, "lane/nrans_table.sv"),
        Induction(1),
        {"TableLog": 4},
        reach=16,
        effort=30,
    ),
    *(
        Proof(
            f"table_check_{name}",
            "what is written is a table, a good one unchanged, whatever was loaded; bad ones are told",
            "table_check_properties",
            (PACKAGE, "lane/table_check.sv"),
            Reachability() if name in ("arith", "nrans") else Induction(1),
            {"Kind": kind, "TableLog": 6},
        )
        for kind, name in enumerate(("tans", "rans", "arith", "pair", "nrans"))
    ),
    Proof(
        "rans_lane",
        "each step of both streams is the definition's, of every table of 16 slots and R up to 4, from every state",
        "rans_lane_properties",
        (*CONTROL, "lane/two_stream_control.sv", "lane/rans_coder.sv", "lane/rans_lane.sv"),
        Induction(1),
        effort=30,
    ),
    Proof(
        "arith_coder",
        "each step of both streams is the definition's, of any boundaries that are in order, from every state",
        "arith_coder_properties",
        (PACKAGE, "lane/arith_coder.sv"),
        Induction(1, ARITH),
        cut="t:$mul",
        effort=95,
    ),
    Proof(
        "arith_bounds",
        "the boundaries of a step are the definition's, for every table, range and clock",
        "arith_bounds_properties",
        (PACKAGE, "lane/arith_coder.sv"),
        Induction(1),
    ),
    Proof(
        "wide_window",
        "every halfword once, in order, at its place",
        "wide_window_properties",
        ("wide/wide_window.sv",),
        Induction(1),
        {"Halves": 8, "DataBits": 64},
    ),
    Proof(
        "wide_buffer",
        "every bit once, in order; whether what is left is zero",
        "wide_buffer_properties",
        ("wide/wide_buffer.sv",),
        Induction(1),
        {"Words": 3, "Bits": 10},
        effort=50,
    ),
    Proof(
        "axi_fetch",
        "AXI4 read addresses, and no beat but those asked for",
        "axi_fetch_properties",
        ("axi/priority_pick.sv", "axi/fifo.sv", "axi/axi_fetch.sv"),
        Reachability(),
        {"Channels": 2, "AddrBits": 13, "DataBits": 64, "MaxBurst": 2, "Outstanding": 2, "FifoBeats": 4},
        reach=16,
    ),
    Proof(
        "axi_regs",
        "AXI4-Lite: an answer for each request; registers hold what was written",
        "axi_regs_properties",
        (PACKAGE, "axi/axi_regs.sv"),
        Reachability(),
    ),
    Proof(
        "value_gather",
        "AXI4-Stream: handshake, TKEEP, TLAST, every tensor's values once, in order",
        "value_gather_properties",
        (PACKAGE, "axi/fifo.sv", "axi/value_gather.sv"),
        Bounded(11),
        {"Lanes": 2, "Streams": 2, "Values": 1, "Depth": 2},
        reach=16,
    ),
    Proof(
        "wide_values",
        "AXI4-Stream of the wide unit: handshake, every beat once, an end for every tensor",
        "wide_values_properties",
        (PACKAGE, "axi/fifo.sv", "wide/wide_values.sv"),
        Reachability(),
        {"Lanes": 4, "MaxOffset": 8, "Halves": 8},
    ),
)


def _faults() -> tuple[Fault, ...]:
    found, proof, file = [], "", ""
    for line in (HERE / "faults.txt").read_text().splitlines():
        if not line.startswith("  "):
            if line and not line.startswith("#"):
                proof, file = line.split()
            continue
        head, change = line.strip().split(": ", 1)
        name, fails, *depth = head.split()
        old, new = change.split("  =>  ")
        found.append(Fault(name, proof, file, old, new, fails, *map(int, depth)))
    return tuple(found)


FAULTS = _faults()


def stated(top: str) -> set[str]:
    """Properties that the module states of its design, without what it says of the inside; those of its checks, too."""
    text = re.sub(r"`ifndef FORMAL_BLACK_BOX.*?`endif", "", properties_file(top).read_text(), flags=re.DOTALL)
    names = set(re.findall(r"`CHECK\((\w+),", text))
    checks = re.compile(r"^  (\w+_check)\b(?: #\(.*?\n  \))? (?!dut\b)(\w+) \(", re.MULTILINE | re.DOTALL)
    for module, instance in checks.findall(text):
        names |= {f"{instance}.{name}" for name in stated(module)}
    return names


def without_fault(proofs: list[Proof]) -> list[str]:
    """Stated properties that no fault is to make fail."""
    texts = []
    for top in dict.fromkeys(proof.top for proof in proofs):
        seen = {f.fails for f in FAULTS if any(p.name == f.proof and p.top == top for p in PROOFS)}
        texts += [f"{top}.{name}" for name in sorted(stated(top) - seen)]
    return texts
