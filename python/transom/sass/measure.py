"""measure.py — the figures of a kernel's loops: instructions of a pass, values of a pass, limits.

A pass is counted twice. `fewest` is the shortest way round: what a warp takes whose lanes all leave out what can be
left out. `all` has every instruction once: what a warp takes whose lanes go every way between them. A loop inside is
of unknown passes: `fewest` has it once, and is a lower bound; `all` is not told per value then.
A predicated instruction takes its place in the issue whether it works or not.
"""
# SPDX-License-Identifier: Apache-2.0

from collections.abc import Iterable
from typing import Any

from .counts import MEMORY, Counts, class_of, count, width_of
from .limits import Gpu, alu_limit, issue_limit, shared_limit, wavefronts
from .listing import Function, Instruction
from .loops import Block, Loop, blocks_of, loops_of

Figures = dict[str, Any]


def measure(function: Function, n_bytes: int | None, given: int | None, gpu: Gpu) -> Figures:
    """A kernel's figures. n_bytes: of a value, where known; given: values of a pass where none can be derived."""
    blocks = blocks_of(function)
    return {
        "instructions": len(function.instructions),
        "local_instructions": sum(class_of(i) == "local" for i in function.instructions),
        "value_bytes": n_bytes,
        "loops": [_loop(function, blocks, loop, n_bytes, given, gpu) for loop in loops_of(blocks)],
    }


def instructions_in(function: Function, blocks: list[Block], numbers: Iterable[int]) -> list[Instruction]:
    """The instructions of blocks, in the blocks' order of addresses."""
    return [i for number in sorted(numbers) for i in function.instructions[blocks[number].first : blocks[number].last]]


def _loop(
    function: Function, blocks: list[Block], loop: Loop, n_bytes: int | None, given: int | None, gpu: Gpu
) -> Figures:
    body = instructions_in(function, blocks, loop.body)
    sure = instructions_in(function, blocks, loop.sure)
    values, why = values_of_pass(body, sure, n_bytes)
    if values is None and given is not None:
        values, why = float(given), "given"
    passes = {
        "fewest": _pass(count(instructions_in(function, blocks, loop.shortest)), values, gpu),
        "all": _pass(count(body), None if loop.n_inside else values, gpu),
    }
    return {
        "address": function.instructions[blocks[loop.header].first].address,
        "depth": loop.depth,
        "loops_inside": loop.n_inside,
        "values_per_pass": values,
        "values_from": why,
        "passes": passes,
    }


def values_of_pass(
    body: Iterable[Instruction], sure: Iterable[Instruction], n_bytes: int | None
) -> tuple[float | None, str]:
    """Values that each pass of a loop stores to global memory, and how that is known or why it is not."""
    stores = [i for i in body if class_of(i) == "stg"]
    always = [i for i in sure if class_of(i) == "stg" and not i.guard]
    if not stores:
        return None, "stores nothing"
    if len(always) < len(stores):
        return None, f"unknown: {len(stores) - len(always)} of {len(stores)} stores are not in each pass"
    if n_bytes is None:
        return None, "unknown: no rule tells a value's bytes"
    stored = sum(map(width_of, stores))
    return stored / n_bytes, f"{stored} bytes stored, {n_bytes} of a value"


def _pass(counts: Counts, values: float | None, gpu: Gpu) -> Figures:
    figures: Figures = {
        "instructions": counts.n,
        "predicated": counts.n_predicated,
        "classes": dict(sorted(counts.classes.items())),
        "predicated_classes": dict(sorted(counts.predicated.items())),
        "widths": {name: dict(sorted(counts.widths[name].items())) for name in MEMORY if counts.widths[name]},
        "calls": counts.calls,
    }
    if values:
        shared = counts.widths["lds"] + counts.widths["sts"]
        random = wavefronts(counts.widths["lds"], random=True) + wavefronts(counts.widths["sts"], random=False)
        figures["per_value"] = {
            "instructions": counts.n / values,
            "alu": counts.alu / values,
            "lds": counts.classes["lds"] / values,
            "wavefronts": wavefronts(shared, random=False) / values,
            "wavefronts_random": random / values,
        }
        per_value = figures["per_value"]
        limits = {
            "issue": issue_limit(gpu, per_value["instructions"]),
            "alu": alu_limit(gpu, per_value["alu"]),
            "shared": shared_limit(gpu, per_value["wavefronts"]),
            "shared_random": shared_limit(gpu, per_value["wavefronts_random"]),
        }
        figures["values_per_s"] = limits
    return figures
