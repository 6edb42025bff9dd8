"""sweep.py — any bytes as a file of a sweep's folder: the sweep goes on, or says what is wrong with it.

sweep.py TARGET PATH...                     runs the target over files and the files of folders, once each
sweep.py TARGET --fuzz [libFuzzer's words]  feeds it by Atheris, libFuzzer for Python

TARGET: sweep_json, sweep_csv (its first byte chooses sweep.csv or layers.csv). `./dev fuzz` knows them, too.
"""
# SPDX-License-Identifier: Apache-2.0

import json
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "python"))

from transom.errors import ToolError
from transom.files import FileError
from transom.sweep.grid import AXES, make_grid
from transom.sweep.lines import csv_text
from transom.sweep.rows import COLUMNS, LAYER_COLUMNS, Row
from transom.sweep.store import LAYERS_CSV, SWEEP_CSV, SWEEP_JSON, SweepFolder

__all__ = ["AXES", "EMPTY", "GRID", "IDENTITY", "LAYERS_CSV", "SWEEP_CSV"]  # for seeds.py

GRID = make_grid(
    {axis.name: axis.default for axis in AXES} | {"coding": "tans", "lanes": "1,2", "mem_bytes_per_cycle": "4"}
)
IDENTITY = {"format": 1, "grid": {name: list(values) for name, values in GRID.values.items()}}
IDENTITY |= {"trace_sha256": "0" * 64, "program_sha256": "1" * 64}
EMPTY = {SWEEP_JSON: json.dumps(IDENTITY), SWEEP_CSV: csv_text(COLUMNS, ()), LAYERS_CSV: csv_text(LAYER_COLUMNS, ())}


MEMORY = "/dev/shm" if Path("/dev/shm").is_dir() else None


def _sweep(folder: Path) -> list[Row] | str:
    """The finished points of the folder, or why it is refused."""
    try:
        sweep = SweepFolder(folder, IDENTITY, GRID, fresh=False)
    except (ToolError, FileError) as error:
        return str(error)
    rows = sweep.rows()
    sweep.close()
    return rows


def _go_on(name: str, data: bytes) -> None:
    """A folder that is good but for one file. What is read is written: it must be read again as the same."""
    with tempfile.TemporaryDirectory(prefix="transom-fuzz-", dir=MEMORY) as at:
        folder = Path(at)
        for file, text in EMPTY.items():
            (folder / file).write_text(text)
        (folder / name).write_bytes(data)
        found = _sweep(folder)
        if isinstance(found, str):
            assert "\n" not in found, f"a refusal of more than a line: {found}"
        else:
            assert _sweep(folder) == found, "what was written is what was read"


def sweep_json(data: bytes) -> None:
    _go_on(SWEEP_JSON, data)


def sweep_csv(data: bytes) -> None:
    _go_on(LAYERS_CSV if data[:1] == b"l" else SWEEP_CSV, data[1:])


TARGETS: dict[str, Callable[[bytes], None]] = {"sweep_json": sweep_json, "sweep_csv": sweep_csv}


def main() -> int:
    name, *words = sys.argv[1:]
    target = TARGETS[name]
    if words[:1] == ["--fuzz"]:
        import atheris  # noqa: PLC0415 -- of PyPI; `./dev fuzz` installs it

        atheris.instrument_all()
        atheris.Setup([sys.argv[0], *words[1:]], target)
        atheris.Fuzz()
        return 0
    files = [file for path in map(Path, words) for file in (sorted(path.iterdir()) if path.is_dir() else [path])]
    for file in files:
        print(file, file=sys.stderr)  # the last one that is said is the finding
        target(file.read_bytes())
    print(f"{len(files)} inputs")
    return 0 if files else 3


if __name__ == "__main__":
    sys.exit(main())
