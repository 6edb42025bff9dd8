"""report.py — the score: of each design, each module, the whole; every survivor; the pages of docs/."""
# SPDX-License-Identifier: Apache-2.0

import json
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

from transom.program import ROOT

from .hunt import EQUAL, KILLED, SURVIVED, Found
from .textual import Fate

PAGE = ROOT / "docs" / "mutants.md"
UNITS_PAGE = ROOT / "docs" / "mutants-units.md"
REASONS = Path(__file__).with_name("reasons.json")
BEST = 12  # vectors of the page that kill most
INTRODUCTION = """\
# Mutants of the RTL

Written by `./dev mutate --write`. A vector that no fault of the RTL would break tests nothing: so Yosys makes mutants
of it (a bit of a cell's port inverted, stuck, or inverted by another bit; lines of the source take turns), all of a
design in one netlist that is Verilated once, and the golden vectors run on each: by themselves, and as a chain of jobs
with stalls and pauses in loads, in either bank and in either stream of a lane. Ports whose valid is low carry noise,
registers that nothing resets begin with noise. Each table is played the first values of its step of the Monte-Carlo
chain, too, streams of one symbol have 2^18 values, and of jobs that are told to have up to 2^31 the first are looked
at. A mutant is *killed* where a symbol, a state, a
position, a value, a status or their number is not the model's, where it does not end, or where a value does
not stay until it is taken; *by clocks alone* where all of that is right and comes in other clocks, or with other
stalls, than [rtl/README.md](../rtl/README.md) says. ABC proves which survivors are *equal* to the original, whatever
comes in by the rules of the ports, whatever memories hold, in the module of the change, in one of those around it, or
in the design (that of the arithmetic and of the narrow rANS lane is too large), or a step of induction shows it, by
which registers of both copies stay equal (tests/mutate/induction.py: what is looked at in its stream's turn may be
another out of it); these do not count. An output counts
where its valid is high, and of what surrounds a module that is assumed which assertions of the RTL check in every
simulation (tests/mutate/environment.py). A proof has 12 seconds of each; what is not decided counts as a survivor.
Clocks and resets of registers are no part of the mutants.

"""
INTRODUCTION_OF_UNITS = """\
# Mutants of the units behind a bus

Written by `./dev mutate --units --write`: what [mutants.md](mutants.md) is of lanes, of what stands around them:
`rtl/axi/` and `decoder_axi.sv` around four tANS lanes, `rtl/wide/` and `decoder_wide.sv` with four lanes of narrow
rANS, both with FIFOs of eight beats, bursts of four and addresses of 40 bits. Each mutant decodes the memory
images that `transom vectors` writes (of `decoder_wide` one of its own shape), twice in a row, and with stalls on
all channels; lists as `./dev coverage` draws them, with failed reads, aborts and resets; descriptors, records and
sections of which each bit is wrong; windows that end or begin at each beat, limits of each power of two, the last
address that there is, errors that meet, an abort and a reset after each number of clocks; sections of 2,060
tensors, of a record of 2^30 words as its header says, of rows with 16 offset bits, of counts that fall between
groups; streams that end badly while their next job waits; and software that accesses registers as it likes. The
bench has the ports alone: AXI, AXI4-Stream, AXI4-Lite and the interrupt. Inputs whose valid is low carry noise,
registers that nothing resets begin with noise. Bits that no run comes to (a descriptor's number, the values that are
left, a stream's offset words, the counters of `decoder_axi`) are reached by a jump: the bench adds a number to the
register, as if much had happened before (tests/mutate/jumps.py), and holds the netlist with the mutant to the one
without it in every clock.

A mutant is *killed* where a value, TKEEP, TLAST, an address, a register or the interrupt is not the cycle model's
(which is the golden model's and the RTL's in every clock), where a rule of the buses is broken
(`rtl/axi/axi_checks.sv`: what is on offer stays, bursts of no more beats than they may have and within 4 KiB, no
read outside of the window, answers to requests alone), or where it does not end; *by clocks alone* where all of
that is right, and comes in other clocks. ABC proves which survivors are *equal* to the original as it does for
lanes, also among a module's own cells, whatever the instances in it put out; a whole unit is too large for it. The
decoder in `decoder_axi` is not mutated here.

"""
CHANGES_OF_LINES = """
## Changes of lines
What a person would change: operators and constants of the lines of `bit_reader.sv` in which changes once outlived the
tests. Lanes of tANS and of pairs have every shape of the reader; what is equal is proven to be so in each shape.

"""


def score(found: Iterable[Found]) -> tuple[int, int]:
    """Killed, of those that are not equal."""
    counted = Counter(one.result for one in found)
    return counted[KILLED], counted[KILLED] + counted[SURVIVED]


def percent(found: Iterable[Found]) -> float:
    killed, of = score(found)
    return 100 * killed / of if of else 100.0


def rows(found: Sequence[Found], name_of: Callable[[Found], str]) -> list[tuple[str, ...]]:
    """Name, mutants, equal, killed, by clocks alone, survivors, score."""
    table = []
    for name in dict.fromkeys(name_of(one) for one in found):
        of = [one for one in found if name_of(one) == name]
        counted = Counter(one.result for one in of)
        late = sum(one.in_time_alone for one in of)
        numbers = (len(of), counted[EQUAL], counted[KILLED], late, counted[SURVIVED])
        table.append((name, *map(str, numbers), f"{percent(of):.1f} %"))
    return table


HEAD = ("mutants", "equal", "killed", "by clocks alone", "survive", "score")


def read_reasons() -> list[dict[str, str]]:
    reasons: list[dict[str, str]] = json.loads(REASONS.read_text(encoding="utf-8"))
    return reasons


def reason(one: Found) -> str:
    """Why a survivor survives; by its module, its line's text and, where that is told, its change."""
    for known in read_reasons():
        if known["module"] == one.module and known["line"] in one.line and known.get("change", "") in one.change:
            return known["reason"]
    return ""


def survivors(found: Iterable[Found]) -> list[Found]:
    return sorted((one for one in found if one.result == SURVIVED), key=lambda one: (one.place, one.design, one.cell))


def _plain(table: Sequence[Sequence[str]]) -> str:
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    text = ""
    for first, *others in table:
        cells = [cell.rjust(width) for cell, width in zip(others, widths[1:], strict=True)]
        text += "  ".join([first.ljust(widths[0]), *cells]) + "\n"
    return text


def summary(found: Sequence[Found]) -> str:
    """For a terminal."""
    text = _plain([("design", *HEAD), *rows(found, lambda one: one.design), *rows(found, lambda _: "all")])
    text += "\n" + _plain([("module", *HEAD), *rows(sorted(found, key=lambda one: one.module), lambda one: one.module)])
    for one in survivors(found):
        text += f"\nsurvives: {one.place}: {one.line}\n  {one.design}, {one.cell} {one.change}: {one.text}\n"
        text += f"  {reason(one)}\n" if reason(one) else ""
    return text


def _markdown(head: Sequence[str], table: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *table]
    return "".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |\n" for line in lines)


def changes_table(fates: Sequence[Fate]) -> list[tuple[str, str, str, str]]:
    return [(fate.change.line, f"`{fate.change.before}{fate.change.new}`", fate.result, fate.text) for fate in fates]


def _fates(found: Sequence[Found], seed: int) -> str:
    """Scores and survivors."""
    text = f"Seed {seed} of the mutants, seed 1 of the vectors.\n\n## Score\n"
    text += _markdown(("design", *HEAD), [*rows(found, lambda one: one.design), *rows(found, lambda _: "all")])
    by_module = sorted(found, key=lambda one: one.module)
    text += "\n" + _markdown(("module", *HEAD), rows(by_module, lambda one: one.module))
    return f"{text}\n## Survivors\n" + _markdown(
        ("place", "design", "cell", "change", "the proof", "why"),
        [(one.place, one.design, f"`{one.cell}`", one.change, one.text, reason(one)) for one in survivors(found)],
    )


def _killers(found: Sequence[Found]) -> str:
    kills = Counter((one.vector, one.stalls) for one in found if one.result == KILLED)
    text = f"\n## Vectors that killed most\nThey run first; of {len(kills)} that killed one.\n\n"
    table = [(vector, stalls, str(number)) for (vector, stalls), number in kills.most_common(BEST)]
    return text + _markdown(("vector", "stalls", "mutants"), table)


def page(found: Sequence[Found], fates: Sequence[Fate], seed: int) -> str:
    changes = CHANGES_OF_LINES + _markdown(("line", "changed to", "result", "by"), changes_table(fates))
    return INTRODUCTION + _fates(found, seed) + changes + _killers(found)


def units_page(found: Sequence[Found], seed: int) -> str:
    return INTRODUCTION_OF_UNITS + _fates(found, seed)


def to_json(found: Sequence[Found], seed: int) -> dict[str, Any]:
    designs = [dict(zip(("design", *HEAD), row, strict=True)) for row in rows(found, lambda one: one.design)]
    mutants = [{**vars(one), **({"reason": reason(one)} if one.result == SURVIVED else {})} for one in found]
    return {"seed": seed, "score": round(percent(found), 2), "designs": designs, "mutants": mutants}


def low(found: Sequence[Found], least: float) -> list[str]:
    """Designs whose score is below what is wanted."""
    names = dict.fromkeys(one.design for one in found)
    scores = {name: percent([one for one in found if one.design == name]) for name in names}
    return [f"{name}: {is_:.1f} % killed, wanted {least:g}" for name, is_ in scores.items() if is_ < least]
