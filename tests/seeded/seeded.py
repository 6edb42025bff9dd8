"""seeded.py — ./dev seeded: every seeded fault in a copy of rtl/, found by vectors, by dpi/ and by cocotb.

Exit codes: 0 each bench finds every fault, tells the class of at least 8 in 10, and without a fault nothing differs
(with --check: and the page says so); 1 not so; 2 usage.
"""
# SPDX-License-Identifier: Apache-2.0

import argparse
import json
import sys
import tempfile
from pathlib import Path
from typing import Any

import by_cocotb
import by_dpi
import by_vectors
from faults import FAULTS
from program import FINE, MISMATCH, SOURCE
from stimuli import JOBS, Finding

BENCHES = {"vectors": by_vectors.find, "dpi": by_dpi.find, "cocotb": by_cocotb.find}
SHARE = 8, 10  # of all faults, those whose class is told
PAGE = SOURCE / "docs/seeded-bugs.md"
BEGIN, END = "<!-- ./dev seeded --write -->\n", "<!-- end -->\n"
Row = dict[str, Any]


def about(found: Finding | None, kind: str) -> Row:
    """One bench on one fault."""
    if found is None:
        return {"found": False, "where": "", "class": "", "confidence": "", "right": False}
    right = found.told == kind
    return {"found": True, "where": found.where, "class": found.told, "confidence": found.confidence, "right": right}


def measure(names: list[str], benches: list[str], folder: Path) -> list[Row]:
    """A row for each fault."""
    rows = []
    for number, (name, fault) in enumerate(FAULTS.items(), 1):
        if name in names:
            row: Row = {"number": number, "fault": name, "module": fault.module, "class": fault.kind}
            row["benches"] = {bench: about(BENCHES[bench](name, fault.lane, folder), fault.kind) for bench in benches}
            rows.append(row)
            print(f"{number}: {name}", file=sys.stderr, flush=True)
    return rows


def differing(benches: list[str], folder: Path) -> list[str]:
    """Benches and lanes in which something differs without a fault."""
    found = {f"{bench}, {lane}": BENCHES[bench](None, lane, folder) for bench in benches for lane in JOBS}
    return [f"{place}: {difference.where}" for place, difference in found.items() if difference]


def summary(rows: list[Row], bench: str) -> tuple[int, int]:
    """How many are found, how many classes are right."""
    told = [row["benches"][bench] for row in rows]
    return sum(one["found"] for one in told), sum(one["right"] for one in told)


def table(rows: list[Row], benches: list[str]) -> str:
    """In Markdown."""
    lines = ["| | fault | in | class | " + " | ".join(f"{bench}: first at | told" for bench in benches) + " |"]
    lines.append("| --- " * (4 + 2 * len(benches)) + "|")
    for row in rows:
        cells = [str(row["number"]), row["fault"], f"`{row['module']}`", row["class"]]
        for bench in benches:
            one = row["benches"][bench]
            told = f"{one['class']} ({one['confidence']})" if one["class"] else "-"
            cells += [one["where"] if one["found"] else "**not found**", told if one["right"] else f"*{told}*"]
        lines.append("| " + " | ".join(cells) + " |")
    for bench in benches:
        found, right = summary(rows, bench)
        lines.append(f"\n{bench}: {found} of {len(rows)} found, {right} of {len(rows)} classes right")
    return "\n".join(lines) + "\n"


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bench", choices=BENCHES, action="append", help="one of them, or more; all if none is said")
    parser.add_argument("--fault", type=int, action="append", help="number of a fault, from 1 on; all if none is said")
    parser.add_argument("--build", type=Path, help="folder of the simulations; a temporary one if none is said")
    parser.add_argument("--json", action="store_true", help="all that is known")
    parser.add_argument("--write", action="store_true", help=f"writes the table of {PAGE.name}")
    parser.add_argument("--check", action="store_true", help="that table is what is said now")
    args = parser.parse_args()
    if args.fault and not all(1 <= number <= len(FAULTS) for number in args.fault):
        parser.error(f"--fault is 1..{len(FAULTS)}")
    if (args.write or args.check) and (args.fault or args.bench):
        parser.error("the page has all faults and all benches: neither --fault nor --bench")
    return args


def main() -> int:
    args = parse()
    benches = args.bench or list(BENCHES)
    names = [name for number, name in enumerate(FAULTS, 1) if not args.fault or number in args.fault]
    with tempfile.TemporaryDirectory() as temporary:
        folder = (args.build or Path(temporary)).resolve()
        folder.mkdir(parents=True, exist_ok=True)
        clean = differing(benches, folder)
        rows = measure(names, benches, folder)
    text = table(rows, benches)
    print(json.dumps({"faults": rows, "without a fault": clean}) if args.json else text, end="")
    for place in clean:
        print(f"without a fault differs {place}", file=sys.stderr)
    good = not clean
    for found, right in (summary(rows, bench) for bench in benches):
        good &= found == len(rows) and SHARE[1] * right >= SHARE[0] * len(rows)
    before, _, rest = PAGE.read_text().partition(BEGIN)
    shown, _, after = rest.partition(END)
    if args.write:
        PAGE.write_text(before + BEGIN + text + END + after)
    if args.check and shown != text:
        print(f"{PAGE}: the table is not what ./dev seeded says: ./dev seeded --write", file=sys.stderr)
        good = False
    return FINE if good else MISMATCH


if __name__ == "__main__":
    sys.exit(main())
