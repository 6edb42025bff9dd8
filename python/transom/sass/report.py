"""report.py — the figures as text: a paragraph per kernel with a row per loop, or a loop's listing."""
# SPDX-License-Identifier: Apache-2.0

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from .counts import CLASSES
from .kernels import short_name
from .limits import BANKS, conflict_degree
from .listing import Function
from .loops import blocks_of, loops_of

HEADER = (
    "loop", "inside", "values", "instr", "pred", "instr/value", "LDS/value", "local", "issue", "ALU", "shared",
    "random",
)  # fmt: skip
RESOURCES = ("registers", "shared_bytes", "stack_bytes")
UNKNOWN = "-"


def is_of_interest(loop: Mapping[str, Any]) -> bool:
    """Innermost loops, and those whose values of a pass are known."""
    return loop["loops_inside"] == 0 or loop["values_per_pass"] is not None


def to_main_table(result: Mapping[str, Any]) -> str:
    """A row per kernel: of its loops the one with the most values of a pass."""
    rows: list[tuple[str, ...]] = [("kernel", "regs", "shared B", "stack B", *HEADER[:1], *HEADER[2:])]
    for kernel in result["kernels"]:
        loops = [loop for loop in kernel["loops"] if loop["values_per_pass"] is not None]
        best = max(loops, key=lambda loop: loop["values_per_pass"], default=None)
        used = kernel["resources"] or {}
        of_kernel = (short_name(kernel["name"]), *(str(used.get(name, UNKNOWN)) for name in RESOURCES))
        cells = _row(best) if best else (UNKNOWN,) * len(HEADER)
        rows.append((*of_kernel, *cells[:1], *cells[2:]))
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = [row[0].ljust(widths[0]) + _cells(row[1:], widths[1:]) for row in rows]
    return "\n".join([*lines, "", _notes(result["gpu"])]) + "\n"


def to_table(result: Mapping[str, Any], every: bool, classes: bool) -> str:
    parts = [_kernel(kernel, every, classes) for kernel in result["kernels"]]
    return "\n\n".join([*parts, _notes(result["gpu"])]) + "\n"


def _kernel(kernel: Mapping[str, Any], every: bool, classes: bool) -> str:
    used = kernel["resources"]
    head = (
        f"{short_name(kernel['name'])}: {kernel['instructions']} instructions, "
        + (
            f"{used['registers']} registers, {used['shared_bytes']} B shared memory, {used['stack_bytes']} B stack, "
            if used
            else "resources unknown, "
        )
        + f"{kernel['local_instructions']} of local memory"
    )
    loops = [loop for loop in kernel["loops"] if every or is_of_interest(loop)]
    if not loops:
        return f"{head}\n  no loop"
    rows = [HEADER, *(_row(loop) for loop in loops)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = [head]
    for row, loop in zip(rows, [None, *loops], strict=True):
        lines.append(_cells(row, widths))
        if loop is not None and loop["values_from"].startswith("unknown"):
            lines[-1] += f"  values {loop['values_from']}"
        if loop is not None and classes:
            lines.append("    " + ", ".join(_classes(loop["passes"]["all"])))
    return "\n".join(lines)


def _cells(row: Sequence[str], widths: Sequence[int]) -> str:
    return "".join("  " + cell.rjust(width) for cell, width in zip(row, widths, strict=True))


def _classes(figures: Mapping[str, Any]) -> Iterator[str]:
    for name in [*CLASSES, "uniform", "float", "other"]:
        n, predicated = figures["classes"].get(name, 0), figures["predicated_classes"].get(name, 0)
        widths = "+".join(f"{k}x{width}B" for width, k in figures["widths"].get(name, {}).items())
        details = [widths] * bool(widths) + [f"{predicated} predicated"] * bool(predicated)
        if n:
            yield f"{name} {n}" + (f" ({', '.join(details)})" if details else "")
    if figures["calls"]:
        yield f"{figures['calls']} calls, whose instructions are not counted"


def _row(loop: Mapping[str, Any]) -> tuple[str, ...]:
    fewest, most = loop["passes"]["fewest"], loop["passes"]["all"]
    values = loop["values_per_pass"]

    def both(part: str, name: str, unit: float = 1) -> str:
        """Figure of the shortest pass, and of the whole body where that differs."""
        low, high = fewest.get(part, {}).get(name), most.get(part, {}).get(name)
        mark = "" if part not in fewest or part in most else "<" if part == "values_per_s" else ">"
        texts = [_number(figure / unit) for figure in (low, high) if figure is not None]
        return mark + "..".join(dict.fromkeys(texts)) if texts else UNKNOWN

    return (
        f"{loop['address']:x}",
        str(loop["loops_inside"]),
        UNKNOWN if values is None else f"{values:g}",
        "..".join(dict.fromkeys(str(figures["instructions"]) for figures in (fewest, most))),
        str(most["predicated"]),
        both("per_value", "instructions"),
        both("per_value", "lds"),
        str(most["classes"].get("local", 0)),
        *(both("values_per_s", name, 1e9) for name in ("issue", "alu", "shared", "shared_random")),
    )


def _number(value: float) -> str:
    return f"{value:.0f}" if value >= 1000 else f"{value:.3g}"


def _notes(gpu: Mapping[str, Any]) -> str:
    return (
        f"Limits in G values/s of one {gpu['name']}: {gpu['sms']} SMs at {gpu['clock_hz'] / 1e9:g} GHz, "
        f"{gpu['schedulers']} warp instructions and {gpu['alu_lanes']} lanes of ALU a clock and SM.\n"
        "shared: one wavefront of 128 bytes a clock and SM; random: each LDS reads words of random banks, the "
        f"most-loaded\nof {BANKS} banks has {conflict_degree():.2f} of them in the mean. a..b: the shortest pass, "
        "and every instruction of the\nloop once, as a warp takes them whose lanes go every way; < and >: a loop "
        "inside is in it once."
    )


def dump(function: Function, name: str, address: int) -> str:
    """A loop's listing, block by block; what each pass goes through, and what loops inside have, is said."""
    blocks = blocks_of(function)
    for loop in loops_of(blocks):
        if function.instructions[blocks[loop.header].first].address != address:
            continue
        lines = [f"{short_name(name)}, loop {address:x}"]
        for number in sorted(loop.body):
            words = ["each pass" if number in loop.sure else "some passes" if number in loop.own else "a loop inside"]
            words += ["shortest"] * (number in loop.shortest)
            follow = ", ".join(f"{function.instructions[blocks[s].first].address:x}" for s in blocks[number].successors)
            lines.append(f"-- {', '.join(words)}; then {follow}")
            lines += map(str, function.instructions[blocks[number].first : blocks[number].last])
        return "\n".join(lines) + "\n"
    raise ValueError(f"{name}: no loop at {address:x}")


def dumps(functions: Sequence[tuple[Function, Mapping[str, Any]]], every: bool) -> str:
    """The listings of all loops of the table."""
    return "\n".join(
        dump(function, kernel["name"], loop["address"])
        for function, kernel in functions
        for loop in kernel["loops"]
        if every or is_of_interest(loop)
    )
