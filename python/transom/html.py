"""html.py — how codes, containers and comparisons show themselves in a notebook: tables, every text escaped."""
# SPDX-License-Identifier: Apache-2.0

from collections.abc import Iterable, Sequence
from html import escape

from transom import _core

SHOWN_ROWS = 32  # of a table of a notebook; more are counted


def _table(caption: str, head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    lines = [f"<table><caption>{escape(caption)}</caption>", _row("th", head)]
    return "".join([*lines, *(_row("td", row) for row in rows), "</table>"])


def _row(cell: str, texts: Sequence[object]) -> str:
    return "<tr>" + "".join(f"<{cell}>{escape(str(text))}</{cell}>" for text in texts) + "</tr>"


def of_code(code: _core.Code) -> str:
    """A code's rows with their frequencies."""
    pairs = len(code.freq) != len(code.rows)
    caption = f"{code.coding}, R = {code.table_log}, {len(code.rows)} rows" + (", freq of pairs" if pairs else "")
    rows = [
        (i, row.vmin, row.offset_bits, "" if pairs else code.freq[i]) for i, row in enumerate(code.rows[:SHOWN_ROWS])
    ]
    left = len(code.rows) - len(rows)
    more = [(f"{left} more", "", "", "")] if left else []
    return _table(caption, ("symbol", "vmin", "offset bits", f"freq of {2**code.table_log}"), [*rows, *more])


def of_container(tensors: Sequence[_core.CodedTensor], version: int) -> str:
    """A container's tensors: coding, size, ratio with tables and headers counted."""
    head = ("tensor", "dtype", "shape", "coding", "R", "rows", "streams", "bytes", "bits per value", "ratio")
    return _table(f"container, version {version}, {len(tensors)} tensors", head, (_line(t, version) for t in tensors))


def of_coded(tensor: _core.CodedTensor) -> str:
    """One coded tensor, as it would be in a container."""
    return of_container([tensor], 1) + of_code(tensor.code)


def _line(tensor: _core.CodedTensor, version: int) -> tuple[object, ...]:
    n_bytes = _core.record_bytes(tensor, version).coded
    raw_bits = tensor.n_values * tensor.dtype.bits
    shape = "x".join(str(n) for n in tensor.shape)
    bits = f"{8 * n_bytes / tensor.n_values:.3f}" if tensor.n_values else "-"
    ratio = f"{raw_bits / (8 * n_bytes):.3f}"
    code = tensor.code
    identity = (tensor.name, tensor.dtype, shape, code.coding, code.table_log, len(code.rows))
    return (*identity, tensor.n_streams, n_bytes, bits, ratio)


def of_difference(difference: _core.Difference) -> str:
    """Where a decoder differs, want and got, and the probable class of the fault."""
    names = ("lane", "index", "cycle", "what", "want", "got", "fault", "confidence", "because", "entry")
    rows = [(name, getattr(difference, name)) for name in names if getattr(difference, name) not in {None, ""}]
    return _table("first difference", ("", ""), rows)
