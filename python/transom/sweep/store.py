"""store.py — the folder of a sweep: what it is of, what is finished, and how it goes on.

sweep.json says what the folder is of, before the first point; a point's layers are written before its
line of sweep.csv, which makes it finished. Started again, the folder keeps the points whose lines are
whole; those that failed are tried again. At the end both files are in the order of the grid, whatever
the order in which points ended.
"""
# SPDX-License-Identifier: Apache-2.0

import fcntl
import json
import math
import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from transom.errors import DataError, UsageError
from transom.files import append, leftovers, read_json, said, write_whole

from .grid import Grid, Point
from .lines import csv_text, read_csv
from .rows import (
    AXIS_COLUMNS,
    COLUMNS,
    COUNTS,
    LAYER_COLUMNS,
    LAYER_COUNTS,
    LAYER_RATES,
    RATES,
    STALL_COLUMNS,
    Row,
)

SWEEP_CSV, LAYERS_CSV, SWEEP_JSON, REPORT_HTML = "sweep.csv", "layers.csv", "sweep.json", "report.html"
FILES = (SWEEP_CSV, LAYERS_CSV, SWEEP_JSON, REPORT_HTML)
# What must be the same for a folder to be gone on with, and in what words it is not.
IDENTITY = {
    "format": "the layout of the files",
    "grid": "the grid",
    "trace_sha256": "the trace",
    "program_sha256": "the program (another build of transom)",
}


def _point_of(row: Mapping[str, str]) -> Point:
    return Point(**{name: row[name] for name in AXIS_COLUMNS})


def _number(file: Path, line: int, row: Mapping[str, str], column: str) -> float:
    try:
        value = float(row[column])
    except ValueError:
        value = math.nan
    if not 0 <= value < math.inf:
        raise DataError(
            f"{file}: line {line}: {column}: '{row[column]}' is no count or rate; "
            "remove the line, or --fresh starts again"
        )
    return value


def _check_row(file: Path, line: int, row: Mapping[str, str]) -> None:
    """A finished point's figures are numbers, and agree where one follows from others."""
    value = {column: _number(file, line, row, column) for column in (*COUNTS, "layers", *RATES, *STALL_COLUMNS)}
    for rate, over, under in (
        ("values_per_cycle", "values", "cycles"), ("ratio", "raw_bytes", "file_bytes"),
        ("raw_over_read", "raw_bytes", "bytes_read"), ("gain", "raw_cycles", "cycles"),
    ):  # fmt: skip
        if not math.isclose(value[rate] * value[under], value[over], rel_tol=1e-5):
            raise DataError(
                f"{file}: line {line}: {rate}: '{row[rate]}' is not {over} / {under}; "
                "remove the line, or --fresh starts again"
            )


def _differences(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[str]:
    found = []
    for key, words in IDENTITY.items():
        if key == "grid" and isinstance(old.get(key), dict) and old[key] != new[key]:
            axes = [axis for axis in new[key] if old[key].get(axis) != new[key][axis]]
            found.append(f"{words} (--{', --'.join(axes).replace('_', '-')})")
        elif old.get(key) != new[key]:
            found.append(words)
    return found


class SweepFolder:
    """One sweep's folder, held by one process at a time."""

    def __init__(self, folder: Path, identity: Mapping[str, Any], grid: Grid, fresh: bool) -> None:
        """identity: what sweep.json says, IDENTITY's keys among it. Raises UsageError, DataError, FileError."""
        self._folder = folder
        self._grid = grid
        self._rows: dict[Point, Row] = {}
        self._layers: dict[Point, list[Row]] = {}
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self._lock = os.open(folder, os.O_RDONLY)
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise UsageError(f"{folder}: another sweep is at work in this folder; name another") from error
        except OSError as error:
            raise DataError(said(error, folder)) from error
        try:
            self._begin(identity, fresh)
        except BaseException:
            self.close()
            raise

    def _begin(self, identity: Mapping[str, Any], fresh: bool) -> None:
        for name in FILES:
            for left in leftovers(self._folder / name):  # nobody else writes here
                left.unlink(missing_ok=True)
            if fresh:
                (self._folder / name).unlink(missing_ok=True)
        self._check_identity(identity)
        self._read_finished()
        write_whole(self._folder / SWEEP_JSON, json.dumps(identity, indent=1) + "\n")
        self._rewrite(list(self._rows))

    def close(self) -> None:
        """Lets go of the folder before the process ends."""
        os.close(self._lock)

    def _check_identity(self, identity: Mapping[str, Any]) -> None:
        file = self._folder / SWEEP_JSON
        if not file.exists():
            if strays := [name for name in FILES if (self._folder / name).exists()]:
                raise UsageError(
                    f"{self._folder}: has {strays[0]} but no {SWEEP_JSON}; name another folder, or --fresh starts again"
                )
            return
        old = read_json(file, "--fresh starts again")
        if not isinstance(old, dict):
            raise DataError(f"{file}: is not a sweep's; --fresh starts again")
        if differing := _differences(old, identity):
            raise UsageError(
                f"{self._folder}: holds another sweep, which differs in {'; '.join(differing)}; "
                "name another folder, or --fresh starts again"
            )

    def _read_finished(self) -> None:
        """Whole points only: a line of sweep.csv, and as many of layers.csv as it says."""
        known = set(self._grid.points)
        file = self._folder / LAYERS_CSV
        for line, row in read_csv(file, LAYER_COLUMNS):
            for column in (*LAYER_COUNTS, *LAYER_RATES, *STALL_COLUMNS):
                _number(file, line, row, column)
            self._layers.setdefault(_point_of(row), []).append(row)
        file = self._folder / SWEEP_CSV
        for line, row in read_csv(file, COLUMNS):
            point = _point_of(row)
            if point not in known or point in self._rows:
                what = "occurs twice" if point in self._rows else "is not of this grid"
                raise DataError(f"{file}: line {line}: the point {what}; remove the line, or --fresh starts again")
            if row["error"]:
                continue
            _check_row(file, line, row)
            if len(self._layers.setdefault(point, [])) == int(float(row["layers"])):
                self._rows[point] = row
        self._layers = {point: layers for point, layers in self._layers.items() if point in self._rows}

    def _rewrite(self, order: Sequence[Point]) -> None:
        write_whole(
            self._folder / LAYERS_CSV, csv_text(LAYER_COLUMNS, (layer for p in order for layer in self._layers[p]))
        )
        write_whole(self._folder / SWEEP_CSV, csv_text(COLUMNS, (self._rows[p] for p in order)))

    def write(self, name: str, text: str) -> None:
        write_whole(self._folder / name, text)

    def rows(self) -> list[Row]:
        """The rows of the points that ended, in the order of the grid."""
        return [self._rows[point] for point in self._grid.points if point in self._rows]

    def layers(self, row: Row) -> list[Row]:
        return self._layers[_point_of(row)]

    def unfinished(self) -> list[Point]:
        return [point for point in self._grid.points if point not in self._rows]

    def add(self, point: Point, row: Row, layers: Sequence[Row]) -> None:
        """Keeps a point; its lines are in the files when this returns."""
        self._rows[point], self._layers[point] = row, list(layers)
        for name, columns, lines in ((LAYERS_CSV, LAYER_COLUMNS, layers), (SWEEP_CSV, COLUMNS, [row])):
            append(self._folder / name, csv_text(columns, lines, header=False))

    def finish(self, area: Callable[[Point, Row], Row], summary: Mapping[str, Any]) -> None:
        """Both CSV files in the order of the grid, areas (of point and row) as they are now; all in sweep.json."""
        for point, row in self._rows.items():
            row.update(area(point, row))
        self._rewrite(self._grid.points)
        self.write(SWEEP_JSON, json.dumps({**summary, "rows": self.rows()}, indent=1) + "\n")
