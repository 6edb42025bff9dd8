"""counts.py — instructions by class, and bytes by the width of a memory instruction."""
# SPDX-License-Identifier: Apache-2.0

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from .listing import Instruction

# Opcodes of sm_75 to sm_90. What starts with U and is not here is of the uniform data path; what starts with F, H or D
# is floating-point; the rest is `other`.
CLASSES = {
    "integer": "IADD IADD3 VIADD VIADDMNMX LEA ISETP IABS IMNMX VIMNMX SEL SGXT BMSK VABSDIFF VABSDIFF4",
    "shift": "SHF SHL SHR",
    "logic": "LOP LOP3 LOP32I PRMT PLOP3",
    "imad": "IMAD IMUL IDP IDP4A",
    "move": "MOV MOV32I CS2R S2R R2UR P2R R2P S2UR B2R R2B VOTEU",
    "warp": "SHFL VOTE MATCH REDUX",
    "slow": "MUFU I2F I2FP F2I F2F I2I FLO POPC BREV",  # 16 lanes of a clock and SM
    "lds": "LDS LDSM",
    "sts": "STS ATOMS",
    "ldg": "LDG LD LDGSTS",
    "stg": "STG ST RED ATOM ATOMG",
    "local": "LDL STL",
    "constant": "LDC LDCU ULDC",
    "branch": "BRA BRX JMP JMX CALL RET EXIT KILL",
    "barrier": "BAR BSSY BSYNC BREAK BMOV WARPSYNC YIELD NANOSLEEP MEMBAR DEPBAR LDGDEPBAR SYNCS ERRBAR CCTL FENCE",
    "nop": "NOP",
}
CLASS_OF = {opcode: name for name, opcodes in CLASSES.items() for opcode in opcodes.split()}
ALU = ("integer", "shift", "logic")  # one pipeline of sm_75 to sm_90; IMAD has another
WIDTHS = {"U8": 1, "S8": 1, "U16": 2, "S16": 2, "64": 8, "128": 16}
MEMORY = ("lds", "sts", "ldg", "stg", "local")


def class_of(instruction: Instruction) -> str:
    name = instruction.name
    if name in CLASS_OF:
        return CLASS_OF[name]
    return {"U": "uniform", "F": "float", "H": "float", "D": "float"}.get(name[:1], "other")


def width_of(instruction: Instruction) -> int:
    """Bytes that one thread moves."""
    return next((WIDTHS[modifier] for modifier in instruction.modifiers if modifier in WIDTHS), 4)


@dataclass
class Counts:
    """`widths`: of a class of memory instructions, how many of each width in bytes."""

    n: int = 0
    n_predicated: int = 0
    classes: Counter[str] = field(default_factory=Counter)
    predicated: Counter[str] = field(default_factory=Counter)
    widths: dict[str, Counter[int]] = field(default_factory=lambda: {name: Counter() for name in MEMORY})
    calls: int = 0

    @property
    def alu(self) -> int:
        return sum(self.classes[name] for name in ALU)


def count(instructions: Iterable[Instruction]) -> Counts:
    counts = Counts()
    for instruction in instructions:
        name = class_of(instruction)
        counts.n += 1
        counts.classes[name] += 1
        if instruction.guard:
            counts.n_predicated += 1
            counts.predicated[name] += 1
        if name in MEMORY:
            counts.widths[name][width_of(instruction)] += 1
        counts.calls += instruction.name == "CALL"
    return counts
