"""environment.py — what may be taken for granted of those who drive a module, as assumptions of a miter.

They speak of the original's ports, `gold_NAME`; inputs of the whole design are there under their own names.
"""
# SPDX-License-Identifier: Apache-2.0

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from .designs import KINDS


@dataclass(frozen=True)
class Port:
    name: str
    width: int
    is_input: bool


def stays(name: str, streams: int, own: Sequence[Port], shared: Sequence[Port] = ()) -> str:
    """Each stream's source: what it offers stays, with the same data, until it is taken. Shared: of all streams."""
    text = f"  reg [{streams - 1}:0] {name}_waits = 0;\n"
    text += f"  always @(posedge clk_i) {name}_waits <= rst_ni ? {name}_valid_i & ~gold_{name}_ready_o : 0;\n"
    for port in (*own, *shared):
        text += f"  reg [{port.width - 1}:0] was_{port.name};\n"
        text += f"  always @(posedge clk_i) was_{port.name} <= {port.name};\n"
    for stream in range(streams):
        same = [f"{name}_valid_i[{stream}]", *(f"was_{port.name} == {port.name}" for port in shared)]
        for port in own:
            bits = f"[{port.width // streams * stream} +: {port.width // streams}]"
            same.append(f"was_{port.name}{bits} == {port.name}{bits}")
        text += f"  always @* assume (!{name}_waits[{stream}] | ({' & '.join(f'({one})' for one in same)}));\n"
    return text


def of_decoder(ports: Sequence[Port], parameters: Mapping[str, int]) -> str:
    """What rtl/README.md says of those who drive `decoder`."""
    sizes = {port.name: port for port in ports}
    streams = sizes["job_valid_i"].width
    text = ""
    for name, own, shared in (
        ("symbol", ("symbol_word_i", "symbol_last_i"), ()),
        ("offset", ("offset_word_i", "offset_last_i"), ()),
        ("job", ("job_n_values_i", "job_symbol_empty_i", "job_offset_empty_i"), ("job_table_log_i", "job_bank_i")),
    ):
        text += stays(name, streams, [sizes[one] for one in own], [sizes[one] for one in shared])
    text += "  always @* assume (!(load_valid_i | load_row_valid_i) | !gold_bank_busy_o[load_bank_i]);\n"
    text += f"  always @* assume (load_last_row_i < 9'd{parameters['MaxRows']});\n"
    if parameters["Kind"] in (KINDS["arith"], KINDS["nrans"]):
        text += "  always @* assume (!load_valid_i | load_addr_i < 4);\n"
    return text + "  always @* assume (!load_row_valid_i | load_row_addr_i <= load_last_row_i);\n"


def of_bit_reader(ports: Sequence[Port], _: Mapping[str, int]) -> str:
    """What rtl/lane/bit_reader.sv asserts, and its proof assumes (docs/formal.md)."""
    names = {port.name for port in ports}
    entered = "gold_next_o" if "next_o" in names else "gold_head_valid_o"  # the one that somebody reads
    text = BIT_READER + f"  always @* assume (!gold_enter_i | ({entered} & (!gold_open_o | gold_leave_i)));\n"
    if "head_valid_o" in names:
        text += "  always @* assume (!gold_enter_i | gold_enter_take_i == 0 | gold_head_valid_o);\n"
    return text


BIT_READER = """\
  reg waits = 0, was_last, was_far = 0;
  reg [31:0] was_word;
  always @(posedge clk_i) begin
    waits <= rst_ni & gold_word_valid_i & ~gold_word_ready_o;
    was_word <= gold_word_i;
    was_last <= gold_word_last_i;
    was_far <= rst_ni & gold_enter_i & gold_enter_take_i >= 16;
  end
  always @* begin
    assume (!waits | (gold_word_valid_i & gold_word_i == was_word & gold_word_last_i == was_last));
    assume (!gold_announce_i | gold_announce_ready_o);
    assume (!gold_enter_i | gold_enter_take_i <= 32);
    assume (!gold_leave_i | (gold_open_o & gold_take_valid_i));
    assume (!gold_take_valid_i | (gold_enough_o & !was_far & gold_take_i <= $bits(gold_bits_o)));
  end
"""


def of_table_check(_: Sequence[Port], parameters: Mapping[str, int]) -> str:
    """Of those who load: rows that there are, of counts the words that there are."""
    text = f"  always @* assume (gold_last_row_i < 9'd{parameters['MaxRows']});\n"
    text += "  always @* assume (!gold_row_valid_i | gold_row_addr_i <= gold_last_row_i);\n"
    if parameters["Kind"] in (KINDS["arith"], KINDS["nrans"]):
        text += "  always @* assume (!gold_table_valid_i | gold_table_addr_i < 4);\n"
    return text


# Outputs that count only where another port is 1.
COUNTS = {"bits_o": "enough_o", "fill_o": "enough_o", "table_o": "table_valid_i", "row_o": "row_valid_i"}
OF_MODULES = {"bit_reader": of_bit_reader, "decoder": of_decoder, "table_check": of_table_check}
