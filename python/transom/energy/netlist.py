"""netlist.py — a mapped netlist as data: ports, instances, and which bit of a net is at which pin.

Read by Yosys, which writes it as JSON (`yosys -h write_json` has the format): every bit of a net has a
number, constants are "0", "1", "x" and "z".
"""
# SPDX-License-Identifier: Apache-2.0

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from transom.cost.yosys import run_yosys

Bit = int | str  # number of a net's bit, or a constant
CLOCK, RESET = "clk_i", "rst_ni"  # ports of every module of rtl/


@dataclass(frozen=True)
class Port:
    """A port of the top; `bits` from the lowest."""

    name: str
    is_input: bool
    bits: tuple[Bit, ...]


@dataclass(frozen=True)
class Instance:
    """A cell or a memory. `pins` from the lowest bit; `source` is the line of the RTL, "" where it is lost."""

    name: str
    kind: str
    parameters: dict[str, int]
    pins: dict[str, tuple[Bit, ...]]
    source: str


@dataclass(frozen=True)
class Netlist:
    """A flat module."""

    name: str
    ports: dict[str, Port]
    instances: tuple[Instance, ...]

    @property
    def clock(self) -> Bit:
        return self.ports[CLOCK].bits[0]

    @property
    def reset(self) -> Bit:
        return self.ports[RESET].bits[0]

    def driven(self) -> tuple[Port, ...]:
        """The inputs but for clock and reset."""
        return tuple(port for port in self.ports.values() if port.is_input and port.name not in (CLOCK, RESET))

    def watched(self) -> tuple[Port, ...]:
        """The outputs."""
        return tuple(port for port in self.ports.values() if not port.is_input)

    def of(self, kinds: Collection[str]) -> tuple[Instance, ...]:
        return tuple(instance for instance in self.instances if instance.kind in kinds)

    def nets(self) -> tuple[int, ...]:
        """The numbers of all bits of nets, rising."""
        ends = [pin for instance in self.instances for pin in instance.pins.values()]
        ends += [port.bits for port in self.ports.values()]
        return tuple(sorted({bit for bits in ends for bit in bits if isinstance(bit, int)}))


def read_netlist(verilog: Path, folder: Path) -> Netlist:
    """Reads the one module of a structural Verilog file; scratch files go to `folder`. Raises ValueError, ToolError,
    OSError.
    """
    folder.mkdir(parents=True, exist_ok=True)
    run_yosys(f'read_verilog "{verilog.resolve()}"\nwrite_json netlist.json\n', folder)
    modules = json.loads((folder / "netlist.json").read_text(encoding="utf-8"))["modules"]
    if len(modules) != 1:
        raise ValueError(f"{verilog}: wants one module, has {', '.join(modules) or 'none'}")
    ((name, module),) = modules.items()
    ports = {
        port: Port(port, found["direction"] == "input", tuple(found["bits"])) for port, found in module["ports"].items()
    }
    for port in (CLOCK, RESET):
        if port not in ports:
            raise ValueError(f"{verilog}: module {name} has no port {port}")
    return Netlist(name, ports, tuple(_instance(cell, found) for cell, found in module["cells"].items()))


def _instance(name: str, cell: Mapping[str, Any]) -> Instance:
    return Instance(
        name=name,
        kind=cell["type"],
        parameters={key: int(value, 2) for key, value in cell["parameters"].items()},
        pins={pin: tuple(bits) for pin, bits in cell["connections"].items()},
        source=cell["attributes"].get("src", ""),
    )
