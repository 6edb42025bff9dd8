"""aiger.py — circuits in binary AIGER."""
# SPDX-License-Identifier: Apache-2.0

import re

from formal.aiger import delta_bytes


def _number(data: bytes, at: int) -> tuple[int, int]:
    """One of AIGER's numbers of 7 bits a byte, and where the next begins."""
    value = shift = 0
    while True:
        byte = data[at]
        value |= (byte & 127) << shift
        at, shift = at + 1, shift + 7
        if byte < 128:
            return value, at


def set_inputs(aiger: bytes, values: dict[str, int]) -> bytes:
    """A circuit in binary AIGER, of whose inputs some are constants."""
    lines = aiger.split(b"\n", 1)
    _, inputs, latches, outputs, gates, *more = (int(number) for number in lines[0].split()[1:])
    constraints = more[1] if len(more) > 1 else 0
    before = lines[1].split(b"\n", latches + outputs + constraints)
    ands = before.pop()
    at, start, read = 0, 1 + inputs + latches, []
    for gate in range(gates):
        first, at = _number(ands, at)
        second, at = _number(ands, at)
        read.append((2 * (start + gate) - first, 2 * (start + gate) - first - second))
    names = re.findall(rb"^i(\d+) (\S+)$", ands[at:], re.MULTILINE)
    constant = {2 * (1 + int(number)): values[name.decode()] for number, name in names if name.decode() in values}
    assert len(constant) == len(values), "inputs that are not there"

    def literal(old: int) -> int:
        return constant[old & ~1] ^ old & 1 if old & ~1 in constant else old

    body = b""
    for line in before:  # a latch's next value, with its first one behind; an output; a constraint
        first_word, *others = line.split()
        body += b" ".join([str(literal(int(first_word))).encode(), *others]) + b"\n"
    for gate, (first, second) in enumerate(read):
        large, small = sorted((literal(first), literal(second)), reverse=True)
        body += delta_bytes(2 * (start + gate) - large) + delta_bytes(large - small)
    return lines[0] + b"\n" + body
