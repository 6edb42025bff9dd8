"""test_structure.py — what a reader relies on in the tree: short files, small folders, one direction, no twins.

Looks at the files that git tracks, and at nothing that is built.
"""
# SPDX-License-Identifier: Apache-2.0

import re
import subprocess
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
MOST_LINES, MOST_FILES, LEAST_TWIN = 400, 20, 10
CODE = {".cpp", ".hpp", ".cu", ".sv", ".svh", ".py", ".sh", ".cmake", ".vlt"}
TEXT = CODE | {".md", ".txt", ".yml", ".toml"}
DATA = ("tests/fuzz/corpus/", "golden/traces/")  # not written by hand
INCLUDE = re.compile(r'^#include "transom/([^"]+)"', re.MULTILINE)


def tracked() -> list[Path]:
    run = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False, text=True)
    if run.returncode != 0:
        pytest.skip("not a git checkout")
    names = [name for name in run.stdout.split("\0") if name and not name.startswith(DATA)]
    return [Path(name) for name in names if (ROOT / name).is_file()]


def lines(path: Path) -> list[str]:
    return (ROOT / path).read_text(encoding="utf-8").splitlines()


def test_no_file_is_over_400_lines() -> None:
    long = {str(p): len(lines(p)) for p in tracked() if p.suffix in TEXT and len(lines(p)) > MOST_LINES}
    assert long == {}


def test_each_source_names_its_licence_on_a_line_of_its_own() -> None:
    named = re.compile(r"^(//|#| \*) SPDX-License-Identifier: Apache-2\.0$", re.MULTILINE)
    sources = (p for p in tracked() if p.suffix in CODE and lines(p))
    assert [str(p) for p in sources if not named.search((ROOT / p).read_text(encoding="utf-8"))] == []


def test_no_folder_has_more_than_20_files() -> None:
    sizes = Counter(str(path.parent) for path in tracked())
    assert {folder: n for folder, n in sizes.items() if n > MOST_FILES} == {}


def rooms() -> dict[str, str]:
    """The folder of each room, as the build has it: transom_rooms(target room name=folder ...)."""
    found = {}
    for path in tracked():
        if path.name != "CMakeLists.txt":
            continue
        for call in re.findall(r"^transom_rooms\(\w+ ([^)]*)\)", (ROOT / path).read_text(), re.MULTILINE):
            for room in call.split():
                name, _, folder = room.partition("=")
                found[name] = str((path.parent / (folder or name)).as_posix()).removesuffix("/.")
    return found


def included(path: Path) -> Iterator[str]:
    """Folders of the headers that a file includes as transom/<room>/..., its own apart."""
    folders = rooms()
    for name in INCLUDE.findall((ROOT / path).read_text(encoding="utf-8")):
        room, _, rest = name.partition("/")
        if room not in folders:
            continue  # a generated header
        yield str((Path(folders[room]) / rest).parent)


def test_folders_include_each_other_in_one_direction() -> None:
    graph: dict[str, set[str]] = defaultdict(set)
    for path in tracked():
        if path.suffix in {".cpp", ".hpp", ".cu"} and path.parts[0] not in {"tests", "bench", "examples"}:
            graph[str(path.parent)] |= set(included(path)) - {str(path.parent)}
    assert graph["sim/unit"]  # the walk sees something
    done: set[str] = set()

    def walk(folder: str, above: tuple[str, ...]) -> None:
        assert folder not in above, " -> ".join([*above[above.index(folder) :], folder])
        if folder in done:
            return
        for below in sorted(graph.get(folder, ())):
            walk(below, (*above, folder))
        done.add(folder)

    for folder in sorted(graph):
        walk(folder, ())


def is_plain(line: str) -> bool:
    """What may stand twice: includes, port lists, lines without a word."""
    port = re.match(r"(input|output|localparam|parameter|\.\w+\()", line)
    named = line.startswith(("#include", "//", "#", "from ", "import ", "using "))
    return bool(port or named or not re.search(r"\w", line))


def test_no_ten_equal_lines_stand_twice() -> None:
    """Ports and includes do not count; lines are compared without their indentation."""
    seen: dict[tuple[str, ...], str] = {}
    twins = []
    for path in tracked():
        if path.suffix not in CODE or path.as_posix() in {"rtl/codec_pkg.sv", "python/transom/spec.py"}:
            continue
        kept = [(n, line.strip()) for n, line in enumerate(lines(path), 1) if not is_plain(line.strip())]
        for i in range(len(kept) - LEAST_TWIN + 1):
            window = tuple(line for _, line in kept[i : i + LEAST_TWIN])
            place = f"{path}:{kept[i][0]}"
            if window in seen and seen[window].split(":")[0] != str(path):
                twins.append(f"{place} = {seen[window]}")
            seen.setdefault(window, place)
    assert twins == []
