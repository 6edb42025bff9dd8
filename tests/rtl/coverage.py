"""coverage.py — what runs of the RTL reached: lines and branches, or toggles, by file: as text, JSON and lcov's form.

coverage.py FOLDER [--toggle] [--json]

FOLDER/data has the files that shapes write (sim/verilated/shape/counts.hpp). A line is hit where every branch that
has it was taken; FOLDER/rtl.info is what genhtml reads. What cannot be hit stands in coverage_waivers.txt, with a
reason; a waiver of a line that is hit, or of none, is an error. Exit code 1: a line that is not waived was not hit.
"""
# SPDX-License-Identifier: Apache-2.0

import argparse
import json
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
WAIVERS = Path(__file__).with_name("coverage_waivers.txt")
POINT = re.compile(r"^C '(.*)' (\d+)$")


@dataclass(frozen=True)
class Point:
    """A branch, a block, or a bit; one for all instances and shapes."""

    file: str
    line: int
    column: int
    what: str
    lines: tuple[int, ...]


@dataclass(frozen=True)
class Waiver:
    file: str
    pattern: str
    reason: str


def lines_of(field: str) -> tuple[int, ...]:
    """ "3-5,9" as Verilator has it."""
    lines: list[int] = []
    for piece in field.split(","):
        first, _, last = piece.partition("-")
        lines += range(int(first), int(last or first) + 1)
    return tuple(lines)


def read_points(folder: Path, kind: str) -> Counter[Point]:
    points: Counter[Point] = Counter()
    for path in sorted(folder.glob("*.dat")):
        if "_fault_" in path.name:
            continue  # spoilt on purpose: not this RTL
        for line in path.read_text(encoding="latin-1").splitlines():
            match = POINT.match(line)
            if match is None:
                continue
            fields = dict(part.split("\2", 1) for part in match[1].split("\1") if part)
            page = fields.get("page", "")
            if page.startswith("v_toggle") != (kind == "toggle"):
                continue
            at = int(fields["l"])
            lines = lines_of(fields["S"]) if fields.get("S") else (at,)
            points[Point(fields["f"], at, int(fields["n"]), fields["o"], lines)] += int(match[2])
    return points


def read_waivers(path: Path = WAIVERS) -> list[Waiver]:
    waivers = []
    for number, text in enumerate(path.read_text().splitlines(), 1):
        if not text.strip() or text.startswith("#"):
            continue
        parts = [part.strip() for part in text.split(" | ")]
        if len(parts) != 3 or not all(parts):
            raise SystemExit(f"{path.name}:{number}: must be FILE | PATTERN OF THE LINE | REASON")
        waivers.append(Waiver(*parts))
    return waivers


def line_counts(points: Counter[Point]) -> dict[str, dict[int, int]]:
    """Of each line the fewest hits of what has it."""
    counts: dict[str, dict[int, int]] = defaultdict(dict)
    for point, n in points.items():
        for line in {point.line, *point.lines}:
            of_file = counts[point.file]
            of_file[line] = min(of_file.get(line, n), n)
    return counts


def waive(counts: dict[str, dict[int, int]], waivers: Iterable[Waiver], root: Path = ROOT) -> list[str]:
    """Takes waived lines out; returns what is wrong with the waivers."""
    wrong = []
    for waiver in waivers:
        path = root / waiver.file
        texts = path.read_text().splitlines() if path.is_file() else []
        matched = [n for n, text in enumerate(texts, 1) if re.search(waiver.pattern, text)]
        of_file = counts.get(waiver.file, {})
        missed = [n for n in matched if of_file.get(n) == 0]
        if not matched:
            wrong.append(f"{waiver.file}: no line has '{waiver.pattern}': take its waiver away")
        elif not missed:
            wrong.append(f"{waiver.file}: '{waiver.pattern}' is hit or is no code: take its waiver away")
        for line in missed:
            del of_file[line]
    return wrong


def write_info(path: Path, counts: dict[str, dict[int, int]]) -> None:
    with path.open("w") as out:
        for file, lines in sorted(counts.items()):
            out.write(f"SF:{ROOT / file}\n")
            out.writelines(f"DA:{line},{n}\n" for line, n in sorted(lines.items()))
            out.write("end_of_record\n")


def table(title: str, rows: list[tuple[str, int, int]]) -> str:
    rows = [*rows, ("total", sum(row[1] for row in rows), sum(row[2] for row in rows))]
    width = max(len(title), *(len(row[0]) for row in rows))
    text = [f"{title:{width}}     hit   total"]
    text += [f"{name:{width}}  {hit:6}  {total:6}" for name, hit, total in rows]
    return "\n".join(text)


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="coverage.py", description="coverage of rtl/ by file")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--toggle", action="store_true", help="bits, not lines")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(argv)
    kind = "toggle" if options.toggle else "lines"
    points = read_points(options.folder / "data", "toggle" if options.toggle else "line")
    if not points:
        print(f"coverage: {options.folder}/data has no counts of {kind}; run ./dev coverage", file=sys.stderr)
        return 3
    counts = line_counts(points)
    wrong = [] if options.toggle else waive(counts, read_waivers())
    write_info(options.folder / "rtl.info", counts)
    if options.toggle:
        bits: dict[str, list[int]] = defaultdict(list)
        for point, n in points.items():
            bits[point.file].append(n)
        rows = [(file, sum(n > 0 for n in ns), len(ns)) for file, ns in sorted(bits.items())]
    else:
        rows = [(file, sum(n > 0 for n in of.values()), len(of)) for file, of in sorted(counts.items())]
    missed = [(file, n) for file, of in sorted(counts.items()) for n, hit in sorted(of.items()) if not hit]
    holes = [] if options.toggle else missed
    if options.json:
        files = [{"file": file, "hit": hit, "total": total} for file, hit, total in rows]
        named = [{"file": file, "line": line} for file, line in holes]
        print(json.dumps({"kind": kind, "files": files, "holes": named, "waivers": wrong}, indent=2))
    else:
        print(table(kind, rows))
        for file, line in holes:
            print(f"hole: {file}:{line}: {(ROOT / file).read_text().splitlines()[line - 1].strip()}")
        for text in wrong:
            print(f"waiver: {text}")
    return 1 if holes or wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
