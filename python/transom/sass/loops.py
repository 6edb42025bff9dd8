"""loops.py — basic blocks, dominators and natural loops of a function.

A back edge goes to a block that dominates its source; the natural loop of a header is what reaches one of its back
edges without passing it (Aho, Lam, Sethi, Ullman, Compilers, 2nd edition, 9.6). Loops of one header are one loop.
A barrier's BSYNC goes on behind itself: the compiler lays the place that BSSY names there.
"""
# SPDX-License-Identifier: Apache-2.0

from collections.abc import Mapping
from dataclasses import dataclass

from .listing import Function, Instruction, ListingError

ENDS = {"EXIT", "RET", "KILL"}
JUMPS = {"BRA", "BRX", "JMP", "JMX"}


@dataclass(frozen=True)
class Block:
    """Instructions first..last-1 of its function, and the blocks that may follow."""

    first: int
    last: int
    successors: tuple[int, ...]

    def __len__(self) -> int:
        return self.last - self.first


@dataclass(frozen=True)
class Loop:
    """Blocks by their numbers.

    `own`: those in no loop inside; `sure`: those of `own` that every whole pass goes through; `n_inside`: loops
    inside; `depth`: 1 of one in no other; `shortest`: those of the pass with the fewest instructions, in their order.
    """

    header: int
    body: frozenset[int]
    own: frozenset[int]
    sure: frozenset[int]
    n_inside: int
    depth: int
    shortest: tuple[int, ...]


def falls_through(instruction: Instruction) -> bool:
    """Whether control may go on behind it."""
    if instruction.name in ENDS:
        return instruction.guard != ""
    if instruction.name in JUMPS:
        # BRA P1, and BRA.DIV UR4, have a condition among their operands.
        alone = instruction.name in {"BRX", "JMX"} or instruction.operands.startswith("`(")
        return instruction.guard != "" or not alone
    return True


def blocks_of(function: Function) -> list[Block]:
    """The basic blocks, in the order of their addresses; the first one is the entry. Raises ListingError."""
    code = function.instructions
    leaders = {0}
    for place, instruction in enumerate(code):
        if instruction.name in ENDS | JUMPS:
            leaders.add(place + 1)
            leaders |= {_place(function, target) for target in instruction.targets}
    starts = sorted(start for start in leaders if start < len(code))
    number = {start: block for block, start in enumerate(starts)}
    blocks = []
    for start, end in zip(starts, [*starts[1:], len(code)], strict=True):
        last = code[end - 1]
        targets = [_place(function, target) for target in last.targets] if last.name in JUMPS else []
        if last.name in JUMPS and not targets:
            raise ListingError(f"{function.name}: {last}: a jump to a place that the listing does not name")
        if falls_through(last):
            targets.append(end)
        blocks.append(Block(start, end, tuple(dict.fromkeys(number[t] for t in targets if t in number))))
    return blocks


def _place(function: Function, label: str) -> int:
    try:
        return function.labels[label]
    except KeyError:
        raise ListingError(f"{function.name}: no label {label}") from None


def _postorder(blocks: list[Block]) -> list[int]:
    """Blocks that the entry reaches, each behind those that follow it, back edges apart."""
    order: list[int] = []
    seen = {0}
    stack = [(0, iter(blocks[0].successors))]
    while stack:
        block, rest = stack[-1]
        for successor in rest:
            if successor not in seen:
                seen.add(successor)
                stack.append((successor, iter(blocks[successor].successors)))
                break
        else:
            order.append(block)
            stack.pop()
    return order


def dominators(blocks: list[Block]) -> dict[int, frozenset[int]]:
    """Of each block that the entry reaches, the blocks that every way to it passes, itself among them."""
    order = _postorder(blocks)[::-1]
    before: dict[int, list[int]] = {block: [] for block in order}
    for block in order:
        for successor in blocks[block].successors:
            before[successor].append(block)
    found = dict.fromkeys(order, frozenset(order))
    found[0] = frozenset({0})
    changed = True
    while changed:
        changed = False
        for block in order[1:]:
            new = frozenset.intersection(*(found[b] for b in before[block])) | {block}
            if new != found[block]:
                found[block], changed = new, True
    return found


def loops_of(blocks: list[Block]) -> list[Loop]:
    """The natural loops, by their headers' addresses."""
    dominating = dominators(blocks)
    latches: dict[int, list[int]] = {}
    before: dict[int, list[int]] = {block: [] for block in dominating}
    for block in dominating:
        for successor in blocks[block].successors:
            before[successor].append(block)
            if successor in dominating[block]:
                latches.setdefault(successor, []).append(block)
    bodies = {header: _body(header, ends, before) for header, ends in latches.items()}
    loops = []
    for header, body in sorted(bodies.items()):
        inside = [other for other in bodies if other != header and other in body]
        own = body.difference(*(bodies[other] for other in inside))
        sure = own.intersection(*(dominating[latch] for latch in latches[header]))
        depth = sum(header in other for other in bodies.values())
        shortest = _shortest(blocks, header, body, latches[header])
        loops.append(Loop(header, body, own, sure, len(inside), depth, shortest))
    return loops


def _body(header: int, latches: list[int], before: Mapping[int, list[int]]) -> frozenset[int]:
    body, waiting = {header}, list(latches)
    while waiting:
        block = waiting.pop()
        if block not in body:
            body.add(block)
            waiting += before[block]
    return frozenset(body)


def _shortest(blocks: list[Block], header: int, body: frozenset[int], latches: list[int]) -> tuple[int, ...]:
    """The way with the fewest instructions from a loop's header to one of its back edges.

    Bellman and Ford's rounds: a way round a loop inside is never shorter than one past it.
    """
    length, before = {header: len(blocks[header])}, {header: header}
    changed = True
    while changed:
        changed = False
        for block in sorted(length):
            for successor in blocks[block].successors:
                if successor in body and successor != header:
                    new = length[block] + len(blocks[successor])
                    if new < length.get(successor, new + 1):
                        length[successor], before[successor], changed = new, block, True
    way = [min(latches, key=lambda latch: length[latch])]
    while way[-1] != header:
        way.append(before[way[-1]])
    return tuple(reversed(way))
