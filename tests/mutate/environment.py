"""environment.py — what may be taken for granted of those who drive a module, as assumptions of a miter.

They speak of the original's ports, `gold_NAME`; inputs of the whole design are there under their own names.
"""
# SPDX-License-Identifier: Apache-2.0

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from .designs import KINDS

LookedAt = Mapping[str, tuple[str, Sequence[int]]]  # of registers, the ends of their names


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


def of_lane_control(_: Sequence[Port], parameters: Mapping[str, int]) -> str:
    """Sources as rtl/README.md wants them, and the lane: what it takes, and in which cycles (TurnsAlternate)."""
    text = ""
    for name, top, ready in (("symbol", 70, 41), ("offset", 36, 40), ("job", 110, 44)):
        bits = f"gold_stream_i[{top} -: {40 if name == 'job' else 34}]"
        text += f"  reg {name}_waits = 0;\n  reg [{39 if name == 'job' else 33}:0] was_{name};\n"
        text += "  always @(posedge clk_i) begin\n"
        text += f"    {name}_waits <= rst_ni & gold_stream_i[{top}] & ~gold_stream_o[{ready}];\n"
        text += f"    was_{name} <= {bits};\n  end\n  always @* assume (!{name}_waits | {bits} == was_{name});\n"
    if in_turns(parameters):
        takes, enters = ("== 0 | gold_step_i[13:9] == 16", 32) if parameters["Kind"] == KINDS["rans"] else ("< 16", 16)
        text += "  reg was_turn = 0, any_turn = 0;\n"
        text += "  always @(posedge clk_i) begin was_turn <= gold_turn_i; any_turn <= 1; end\n"
        text += "  always @* assume (!any_turn | gold_turn_i != was_turn);\n"
        text += f"  always @* assume (gold_enter_take_i == {enters});\n"
        text += f"  always @* assume (gold_step_i[13:9] {takes});\n"
    return text


def of_arith_coder(_: Sequence[Port], __: Mapping[str, int]) -> str:
    """Its assertions Apart, EndsInRange and InOrder."""
    return """\
  reg in_order = 0;
  always @(posedge clk_i) in_order <= (gold_inside_reached & gold_inside_reached >> 1) == gold_inside_reached >> 1;
  always @* begin
    assume (!gold_step_i | gold_inside_high_b_q >= gold_inside_low_b_q + 16);
    assume (!gold_step_i | gold_inside_lo_b_q + {1'b0, gold_inside_high_b_q} <= 65536);
    assume (!gold_step_i | in_order);
  end
"""


def of_arith_table(_: Sequence[Port], __: Mapping[str, int]) -> str:
    """What table_check lets through (FirstCountIsZero)."""
    return "  always @* assume (!gold_write_i | gold_write_addr_i != 0 | gold_write_data_i[10:0] == 0);\n"


def of_nrans_lane(_: Sequence[Port], parameters: Mapping[str, int]) -> str:
    """Its assertion TableFits."""
    return f"  always @* assume (!gold_stream_i[110] | gold_stream_i[106:103] <= {parameters['TableLog']});\n"


def of_axi_sequencer(_: Sequence[Port], parameters: Mapping[str, int]) -> str:
    """Its assertion RowsThatThereAre."""
    groups = (parameters["MaxRows"] + 3) // 4
    return f"  always @* assume (gold_inside_state_q != 5 | gold_inside_group_q < {groups});\n"


def of_wide_front(_: Sequence[Port], __: Mapping[str, int]) -> str:
    """Its assertion StartOnlyIdle."""
    return "  always @* assume (!gold_start_i | !gold_busy_o);\n"


def of_wide_window(_: Sequence[Port], __: Mapping[str, int]) -> str:
    """Its assertion NothingBehindTheLast."""
    return "  always @* assume (!gold_beat_valid_i | !gold_loaded_o);\n"


def in_turns(parameters: Mapping[str, int]) -> bool:
    return parameters["Kind"] in (KINDS["rans"], KINDS["arith"])


def _where(condition: str, width: int) -> str:
    return f"{{{width}{{gold_{condition}}}}}"


def counts(module: str, ports: Sequence[Port], parameters: Mapping[str, int]) -> dict[str, str]:
    """Of outputs the bits that count, as an expression: of a value where it is valid, of a status where a job ends."""
    sizes = {port.name: port.width for port in ports}
    if module == "decoder":
        masks = {}
        for name, valid in (
            ("value_o", "value_valid_o"), ("value_two_o", "value_valid_o"), ("value_last_o", "value_valid_o"),
            ("status_o", "done_o"), ("retire_o", "retire_valid_o"), ("retire_state_o", "retire_valid_o"),
            ("stall_o", "busy_o"),
        ):  # fmt: skip
            streams = sizes[valid]
            each = [_where(f"{valid}[{s}]", sizes[name] // streams) for s in reversed(range(streams))]
            masks[name] = f"{{{', '.join(each)}}}"
        return masks
    if module == "lane_control":  # stream_out_t, observe_t, control_t: a bank counts in the other's turn, too
        turn = "turn_i" if in_turns(parameters) else "turn_i | 1'b1"
        runs = "inside_run_q & gold_turn_i" if in_turns(parameters) else "turn_i | 1'b1"  # R of no job is nobody's
        return {
            "stream_o": f"{{6'h3f, {_where('stream_o[39]', 34)}, 1'b1, {_where('stream_o[4]', 3)}, 1'b1}}",
            "observe_o": f"{{1'b1, {_where('observe_o[23]', 20)}, {_where('stream_o[0]', 3)}}}",
            "control_o": f"{{{_where(turn, 53)}, 1'b1, {_where(runs, 4)}}}",
            "row_addr_o": _where("row_read_o", sizes["row_addr_o"]),
        }
    if module == "wide_front":  # where wide_table writes a group
        return {"group_o": f"{{{sizes['group_o']}{{gold_cums_o | gold_vmins_o}}}}"}
    return {name: _where(where, sizes[name]) for name, where in COUNTS.items() if {name, where} <= sizes.keys()}


# Outputs that count only where another port is 1.
COUNTS = {
    "bits_o": "enough_o", "fill_o": "enough_o", "table_o": "table_valid_i", "row_o": "row_valid_i",
    "step_o": "step_i", "state_o": "step_i",
    "bad_status_o": "bad_o", "fetch_addr_o": "fetch_start_o",
}  # fmt: skip
# Registers (by the name of the port that shows them) that count only while another one has one of these values: in
# wide_front the group of rows in Cums and Vmins, in axi_sequencer a stream's address not in Record, which writes it.
LOOKED_AT: dict[str, LookedAt] = {
    "axi_sequencer": {"stream_addr_q": ("inside_state_q", (0, 1, 2, 3, 4, 5, 7, 8, 9, 10, 11, 12, 13, 14, 15))},
    "wide_front": {"group_o": ("u_front.state_q", (3, 4))},
}
# Nets that assumptions speak of, as gold_inside_NET.
INSIDE = {
    "arith_coder": ("low_b_q", "high_b_q", "lo_b_q", "reached"), "axi_sequencer": ("state_q", "group_q"),
    "lane_control": ("run_q",),
}  # fmt: skip
OF_MODULES = {
    "arith_coder": of_arith_coder, "arith_table": of_arith_table, "axi_sequencer": of_axi_sequencer,
    "bit_reader": of_bit_reader, "decoder": of_decoder,
    "lane_control": of_lane_control, "nrans_lane": of_nrans_lane, "table_check": of_table_check,
    "wide_front": of_wide_front, "wide_window": of_wide_window,
}  # fmt: skip
