"""models.py — cells of a liberty file and netlists of them as Verilog that Icarus Verilog 11 simulates.

No delays. Flip-flops start as if a 0 had been clocked in (one that inverts: at 1), as the registers of the
Verilated RTL start at 0, reset or not: so the outputs of both can be compared from the first clock on, and no
X is ever there.
"""
# SPDX-License-Identifier: Apache-2.0

import re
from collections.abc import Mapping

from transom.cost.liberty import Cell, FlipFlop
from transom.cost.liberty_function import read_function

from .netlist import Bit, Instance, Netlist


class ModelError(ValueError):
    """A cell that cannot be simulated; the text names it and what it lacks."""


def cell_model(cell: Cell) -> str:
    """The cell as a Verilog module. Raises ModelError."""
    names = [cell.name, *cell.pins] + ([cell.flip_flop.state, cell.flip_flop.inverse] if cell.flip_flop else [])
    for name in names:
        if not re.fullmatch(r"[A-Za-z_]\w*|", name):
            raise ModelError(f"cell {cell.name[:40]!r}: {name[:40]!r} is not a name that Verilog takes as it is")
    if cell.latch:
        raise ModelError(f"cell {cell.name}: is a latch; only gates and flip-flops are simulated")
    inputs = [pin.name for pin in cell.pins.values() if pin.direction == "input"]
    outputs = [pin for pin in cell.pins.values() if pin.direction == "output"]
    ports = [f"input wire {name}" for name in inputs] + [f"output wire {pin.name}" for pin in outputs]
    lines = [f"module {cell.name} ({', '.join(ports)});", *_register(cell)]
    for pin in outputs:
        if not pin.function:
            raise ModelError(f"cell {cell.name} pin {pin.name}: has no function")
        lines.append(f"  assign {pin.name} = {expression(cell, pin.function)};")
    return "\n".join([*lines, "endmodule"])


def expression(cell: Cell, text: str) -> str:
    """An expression of the cell's pins in Verilog. Raises ModelError."""
    try:
        found = read_function(text)
    except ValueError as error:
        raise ModelError(f"cell {cell.name}: {error}") from error
    known = {*cell.pins, cell.flip_flop.state, cell.flip_flop.inverse} if cell.flip_flop else {*cell.pins}
    for name in sorted(found.names() - known):
        raise ModelError(f"cell {cell.name}: {text!r} reads {name}, which is no pin of it")
    return found.verilog()


def _register(cell: Cell) -> list[str]:
    """A flip-flop's state. Set and cleared at once, which no netlist here does, it is cleared."""
    ff = cell.flip_flop
    if ff is None:
        return []
    events, body = ["posedge ff_clock"], f"{ff.state} <= ff_next;"
    next_state = expression(cell, ff.next_state)
    lines = [
        f"  reg {ff.state} = 1'b{_first_state(ff):d};",
        f"  wire {ff.inverse or 'ff_inverse'} = ~{ff.state};",
        f"  wire ff_clock = {expression(cell, ff.clocked_on)};",
        f"  wire ff_next = {next_state};",
    ]
    for name, text, value in (("ff_set", ff.preset, 1), ("ff_clear", ff.clear, 0)):
        if text:
            lines.append(f"  wire {name} = {expression(cell, text)};")
            events.append(f"posedge {name}")
            body = f"if ({name}) {ff.state} <= 1'b{value}; else {body}"
    return [*lines, f"  always @({' or '.join(events)}) {body}"]


def _first_state(ff: FlipFlop) -> bool:
    next_state = read_function(ff.next_state)
    return next_state.value(dict.fromkeys(next_state.names(), False))


def net(bit: Bit) -> str:
    """The Verilog name of a net's bit, or the constant: what does not matter is 0."""
    return f"n{bit}" if isinstance(bit, int) else f"1'b{int(bit == '1')}"


def netlist_module(netlist: Netlist, cells: Mapping[str, Cell]) -> str:
    """The netlist as module `netlist`: nets are n<number>, ports are clk, rst_n and one vector of inputs and outputs.

    Instances are u<place>; those that are no cell get their parameters. Raises ModelError for a pin that is missing.
    """
    inputs = [bit for port in netlist.driven() for bit in port.bits]
    outputs = [bit for port in netlist.watched() for bit in port.bits]
    lines = [
        "module netlist (input wire clk, input wire rst_n,",
        f"  input wire [{len(inputs) - 1}:0] in, output wire [{len(outputs) - 1}:0] out);",
        *(f"  wire n{bit};" for bit in netlist.nets()),
        f"  assign {net(netlist.clock)} = clk;",
        f"  assign {net(netlist.reset)} = rst_n;",
    ]
    lines += [f"  assign {net(bit)} = in[{i}];" for i, bit in enumerate(inputs)]
    lines += [f"  assign out[{i}] = {net(bit)};" for i, bit in enumerate(outputs)]
    for place, instance in enumerate(netlist.instances):
        if instance.kind in cells:
            _check_pins(instance, cells[instance.kind])
        lines.append(_instance(place, instance))
    return "\n".join([*lines, "endmodule"])


def _check_pins(instance: Instance, cell: Cell) -> None:
    inputs = {pin.name for pin in cell.pins.values() if pin.direction == "input"}
    for pin in sorted(inputs - instance.pins.keys()) + sorted(instance.pins.keys() - cell.pins.keys()):
        raise ModelError(f"{instance.kind} {instance.name}: pin {pin} is not connected, or not a pin of the cell")


def _instance(place: int, instance: Instance) -> str:
    values = ", ".join(f".{name}({value})" for name, value in instance.parameters.items())
    pins = ", ".join(
        f".{pin}({{{', '.join(net(bit) for bit in reversed(bits))}}})" for pin, bits in instance.pins.items() if bits
    )
    return f"  {instance.kind} {f'#({values}) ' if values else ''}u{place} ({pins});"
