"""transom.cost — what the RTL costs: gates, cells of a liberty file, FPGA resources, longest paths."""
# SPDX-License-Identifier: Apache-2.0

from .designs import Design, all_designs
from .liberty import Library, read_liberty
from .netlist import netlist
from .unit.estimate import Traffic, UnitArea, UnitEnergy, UnitParameters, unit_area, unit_energy

__all__ = [
    "Design", "Library", "Traffic", "UnitArea", "UnitEnergy", "UnitParameters", "all_designs", "netlist",
    "read_liberty", "unit_area", "unit_energy",
]  # fmt: skip
