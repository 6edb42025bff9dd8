"""lines.py — CSV files whose last line may be cut.

A line counts once its newline is there: what follows the last newline is what a killed sweep left.
"""
# SPDX-License-Identifier: Apache-2.0

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from transom.errors import DataError
from transom.files import said


def csv_text(columns: Sequence[str], rows: Iterable[Mapping[str, str]], header: bool = True) -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, lineterminator="\n")
    if header:
        writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def read_csv(file: Path, columns: Sequence[str]) -> list[tuple[int, dict[str, str]]]:
    """(line number, row) of each whole line; none for no file. Raises DataError naming file and line."""
    if not file.exists():
        return []
    try:
        text = file.read_bytes().decode()
    except OSError as error:
        raise DataError(said(error, file)) from error
    except UnicodeDecodeError as error:
        raise DataError(f"{file}: {error}; --fresh starts again") from error
    whole = text[: text.rfind("\n") + 1]
    rows: list[tuple[int, dict[str, str]]] = []
    reader = csv.reader(io.StringIO(whole, newline=""), strict=True)
    try:
        for cells in reader:
            if reader.line_num == 1:
                if tuple(cells) != tuple(columns):
                    raise DataError(f"{file}: line 1: these are not a sweep's columns; --fresh starts again")
            elif len(cells) != len(columns):
                raise DataError(
                    f"{file}: line {reader.line_num}: {len(cells)} cells, not {len(columns)}; "
                    "remove the line, or --fresh starts again"
                )
            else:
                rows.append((reader.line_num, dict(zip(columns, cells, strict=True))))
    except csv.Error as error:
        raise DataError(f"{file}: line {reader.line_num}: {error}; remove the line, or --fresh starts again") from error
    return rows
