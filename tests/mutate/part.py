"""part.py — an instance of a flat design as a module of its own: whatever drives it may be anything.

What is equal there is equal in the design, and is proven in a hundredth of the time.
"""
# SPDX-License-Identifier: Apache-2.0

import re
from collections.abc import Callable, Mapping
from pathlib import Path

from transom.cost.yosys import run_yosys

ITEM = re.compile(r"(?:  attribute .*\n)*  cell \S+ (\S+)\n(?:    .*\n)*  end\n")
WIRE = re.compile(r"^  wire (.*?)(\\\S+)$", re.MULTILINE)
DIRECTION = re.compile(r"(?:input|output|inout) \d+ ")


def cut_part(base: Path, inside: Callable[[str], bool], ports: Mapping[str, str], file: Path) -> None:
    """Writes the cells that are `inside`, by name. Ports of the part: all nets that nothing drives are inputs, and
    `ports` are outputs, a flat net by the name that it gets.
    """
    text = ITEM.sub(lambda found: found[0] if inside(found[1].removeprefix("\\")) else "", base.read_text("utf-8"))
    names = {net: number for number, net in enumerate(ports, 1)}

    def wire(found: re.Match[str]) -> str:
        width, net = DIRECTION.sub("", found[1]), found[2].removeprefix("\\")
        return f"  wire {width}output {names[net]} {found[2]}" if net in names else f"  wire {width}{found[2]}"

    cut = file.with_suffix(".cut.il")
    cut.write_text(WIRE.sub(wire, text), encoding="utf-8")
    expose = "opt_clean\nsetundef -undriven -expose\nopt_clean -purge\n"
    run_yosys(f"read_rtlil {cut}\n{expose}write_rtlil {file}\n", file.parent)
    text = file.read_text(encoding="utf-8")
    renamed = {f"\\{net}": f"\\{name}" for net, name in ports.items()}
    number = text.count("put ")  # above all of the ports
    for n, (width, way, net) in enumerate(re.findall(r"^  wire (.*?)(input|inout) \d+ (\S+)$", text, re.MULTILINE)):
        if net in ("\\clk_i", "\\rst_ni"):
            continue
        if way == "inout":  # an input that the part shows under its own name, too
            text = re.sub(rf"inout (\d+ {re.escape(net)})$", r"input \1", text, flags=re.MULTILINE)
            shown = f"  wire {width}output {number + n} {renamed[net]}\n  connect {renamed[net]} \\free{n}\nend\n"
            text = text.removesuffix("end\n") + shown
        renamed[net] = f"\\free{n}"
    file.write_text(re.sub(r"\S+", lambda token: renamed.get(token[0], token[0]), text), encoding="utf-8")
