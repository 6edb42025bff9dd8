"""memory.py — what a memory costs at 7 nm: as SRAM macros and as registers; the energy of an access.

Macros: ASAP7 has no memory compiler. The model is fitted to the macros that ASU laid out for it, one port,
six-transistor cells (github.com/The-OpenROAD-Project/asap7_sram_0p0, areas of its liberty files): MACROS below.
A macro is as if it were SIDE bits wider and END words deeper than it is, at CELL_UM2 for each: fixed part
SIDE x END, per word SIDE (its row decoder), per bit of width END (sense amplifiers, write drivers), per bit 1.
`fit_error()` is how far that is from MACROS. Below 256 words or 16 bits it is an extrapolation, and a second
port (cells of eight transistors, a second row decoder) is an assumption: SECOND_PORT.
Registers: flip-flops with a write enable and a tree of multiplexers for each read port, fitted to what Yosys
and ABC map such memories to on ASAP7 (REGISTERS below), no clock gating.
Energy: the one figure of those liberty files, of the largest macro, scaled by area.
All of these are placeholders: no silicon, no compiler of a foundry. Areas are um2, energies pJ.
"""
# SPDX-License-Identifier: Apache-2.0

import math
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

CELL_UM2 = 0.02916  # ASAP7's 6T cell "122": 0.108 um by 0.27 um
SIDE, END = 8, 100
SECOND_PORT = 1.3  # an 8T cell with a read port of its own over a 6T cell: assumed
MACROS = {  # (words, bits): um2 of srambank_{words/4}x4x{bits}_6t122
    (256, 16): 249.143, (256, 32): 415.238, (256, 80): 913.524, (512, 32): 691.2, (512, 80): 1520.64,
    (1024, 32): 1311.034, (1024, 48): 1835.447,
}  # fmt: skip
READ_PJ = 1.816  # a read of a macro of 1024 words of 64 bits: internal_power of clk when !write, both edges, of VDD
READ_PJ_UM2 = READ_PJ / 2359.861  # that macro's area
SOURCE = "ASU's ASAP7 SRAM macros (asap7_sram_0p0), 0.7 V; placeholders"

# From the same files: clk to dataout (slews of 20 ps, the least load) of the macro of 256 words of 32 bits, and what
# twice the words add, as from 256 to 512; the setup of its address.
ACCESS_PS, ACCESS_DOUBLE_PS, ADDRESS_SETUP_PS = 98.9, 3.7, 50.1

STORED_BIT_UM2 = 0.468  # a flip-flop and what keeps or writes it
READ_BIT_UM2 = 0.127  # a leaf of a read port's tree of multiplexers
HELD_BIT_UM2 = 0.42  # of the word that a synchronous read port holds
REGISTERS = {  # (words, bits, read ports, synchronous): um2 as mapped for speed
    (2, 64, 1, False): 78.4, (4, 32, 1, False): 81.2, (8, 18, 1, False): 88.8, (16, 32, 1, False): 297.8,
    (16, 32, 4, False): 494.7, (32, 64, 1, False): 1226.7, (32, 128, 1, False): 2442.3, (64, 26, 1, False): 961.0,
    (128, 26, 1, False): 1980.5, (32, 21, 4, True): 686.5, (32, 21, 16, True): 1816.1,
}  # fmt: skip
REGISTER_PJ_BIT = 0.00083  # a flip-flop's clock pin and what it takes inside, per clock (rtl/energy.json: tans)


def access_ps(words: int) -> float:
    """From the clock to the word of a macro."""
    return ACCESS_PS + ACCESS_DOUBLE_PS * math.log2(words / 256)


@dataclass(frozen=True)
class Memory:
    """`words` of `width` bits in `banks` of which one is written while others are read.

    read_ports see the same words; a write takes write_words words that lie side by side. Of one whose read is not
    synchronous there is no macro, nor of one that is to be registers (`macro`; the RTL's FifoMacro).
    """

    words: int
    width: int
    read_ports: int = 1
    write_words: int = 1
    banks: int = 1
    synchronous: bool = True
    macro: bool = True

    @property
    def bits(self) -> int:
        return self.words * self.width

    @property
    def register_um2(self) -> float:
        """Area as registers that all read ports share."""
        held = HELD_BIT_UM2 * self.width * self.read_ports if self.synchronous else 0.0
        return self.bits * (STORED_BIT_UM2 + READ_BIT_UM2 * self.read_ports) + held

    @property
    def macro_um2(self) -> float:
        """Area as macros: a copy for each read port, a macro of one port for each of several banks."""
        return self.read_ports * self.banks * self._macro()

    def area_um2(self, any_macro: bool = False) -> float:
        """The smaller of the two; any_macro: as if it were read synchronously."""
        return min(self.register_um2, self.macro_um2) if self.is_macro(any_macro) else self.register_um2

    def is_macro(self, any_macro: bool = False) -> bool:
        """Whether macros are allowed and smaller."""
        return self.macro and (self.synchronous or any_macro) and self.macro_um2 < self.register_um2

    def read_pj(self, any_macro: bool = False) -> float:
        """Energy of a read by one port. Registers: their multiplexers are counted with the logic, so nothing."""
        return self._macro() * READ_PJ_UM2 if self.is_macro(any_macro) else 0.0

    def write_pj(self, any_macro: bool = False) -> float:
        """Energy of a write to every copy. A write is taken to be as a read: what is stated of writes is less."""
        return self.read_pj(any_macro) * self.read_ports

    def clock_pj(self, any_macro: bool = False) -> float:
        """What it takes in every clock: registers their clock pins, macros nothing."""
        return 0.0 if self.is_macro(any_macro) else self.bits * REGISTER_PJ_BIT

    def _macro(self) -> float:
        """Area of one macro: as wide as a write."""
        words, width = -(-self.words // (self.banks * self.write_words)), self.width * self.write_words
        if self.banks > 1:
            return macro_um2(words, width)
        return macro_um2(words, width, ports=2)


def macro_um2(words: float, width: float, ports: int = 1) -> float:
    """Area of a macro with one port for both, or one for reads and one for writes."""
    cell = CELL_UM2 * (SECOND_PORT if ports == 2 else 1.0)
    return (width + SIDE * ports) * (words + END) * cell


def fit_error() -> float:
    """The largest relative error of macro_um2 against MACROS."""
    return max(abs(macro_um2(*size) / area - 1) for size, area in MACROS.items())


def register_error() -> float:
    """The largest relative error of Memory.register_um2 against REGISTERS."""
    return max(
        abs(Memory(words, width, ports, synchronous=synchronous).register_um2 / area - 1)
        for (words, width, ports, synchronous), area in REGISTERS.items()
    )


def read_memory(entry: Mapping[str, Any]) -> Memory:
    """A memory as units of rtl/cost.json have it."""
    return Memory(**{field.name: entry[field.name] for field in fields(Memory) if field.name != "macro"})
