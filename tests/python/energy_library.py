"""A liberty file of a few cells with round energies, so that a netlist's energy can be summed up by hand.

1 V, fF, fJ, ns.
"""
# SPDX-License-Identifier: Apache-2.0

HEAD = """library (hand) {
  delay_model : table_lookup; time_unit : "1ns"; voltage_unit : "1V"; current_unit : "1mA";
  leakage_power_unit : "1uW"; capacitive_load_unit (1, ff); nom_voltage : 1.0;
  default_max_transition : 1;
"""
DELAYS = ("cell_rise", "cell_fall", "rise_transition", "fall_transition")
TABLES = " ".join(f'{name} (scalar) {{ values ("0.1"); }}' for name in DELAYS)
ARC = 'timing () { related_pin : "%s"; %s' + TABLES + " }"


def power(rise: float, fall: float, related: str = "", when: str = "") -> str:
    """An internal_power group: fJ of a rising and of a falling edge."""
    head = (f'related_pin : "{related}"; ' if related else "") + (f'when : "{when}"; ' if when else "")
    rising, falling = (f'_power (scalar) {{ values ("{edge}"); }}' for edge in (rise, fall))
    return f"internal_power () {{ {head}rise{rising} fall{falling} }}"


def output(name: str, function: str, body: str) -> str:
    return f'pin ({name}) {{ direction : output; function : "{function}"; max_capacitance : 100; {body} }}'


def pin(name: str, capacitance: float, body: str = "") -> str:
    return f"pin ({name}) {{ direction : input; capacitance : {capacitance}; {body} }}"


def gate(name: str, inputs: str, function: str, area: int) -> str:
    """A gate with pins of 2 fF that takes 3 fJ for a rising and 5 fJ for a falling edge."""
    arcs = " ".join(ARC % (i, "timing_sense : negative_unate; ") + power(3, 5, i) for i in inputs)
    pins = " ".join(pin(i, 2) for i in inputs)
    return f"cell ({name}) {{ area : {area}; cell_leakage_power : 0.001; {pins} {output('Y', function, arcs)} }}"


def flip_flop(name: str, state: str, pins: str = "", extra: str = "") -> str:
    """Clock pin of 1 fF: 2 fJ an edge, and 3 where D has changed. D is 1 fF, Q takes 7 and 9 fJ."""
    clock = pin("CLK", 1, "clock : true; " + power(2, 2, when="!(D ^ Q)") + power(3, 3, when="D ^ Q"))
    arc = ARC % ("CLK", "timing_type : rising_edge; timing_sense : non_unate; ") + power(7, 9, "CLK")
    head = f"cell ({name}) {{ area : 6; cell_leakage_power : 0.004; ff ({state}) {extra}"
    return f"{head} {clock} {pin('D', 1)} {pins} {output('Q', state.partition(',')[0], arc)} }}"


GATES = [  # ABC wants a buffer
    gate("INV", "A", "!A", 1),
    gate("BUF", "A", "A", 2),
    gate("NAND2", "AB", "!(A & B)", 2),
    gate("NOR2", "AB", "!(A | B)", 2),
]
PLAIN = [
    flip_flop("DFF", "IQ,IQN", "", '{ clocked_on : "CLK"; next_state : "D"; }'),
    flip_flop("DFFR", "IQ,IQN", pin("RN", 1), '{ clocked_on : "CLK"; next_state : "D"; clear : "!RN"; }'),
]
# The one flip-flop of ASAP7 with set and clear, and that only: it inverts.
INVERTING = [
    flip_flop(
        "DFFN", "IQN,IQNN", pin("RN", 1) + pin("SN", 1),
        '{ clocked_on : "CLK"; next_state : "!D"; clear : "!SN"; preset : "!RN"; }',
    )
]  # fmt: skip
MACRO = f"""cell (ram) {{ area : 100; memory () {{ type : ram; address_width : 4; word_width : 8; }}
  pin (clk) {{ direction : input; clock : true; capacitance : 1; {power(10, 20)} }} }}"""


def library(*cells: str) -> str:
    return HEAD + "\n".join(cells) + "\n}\n"
