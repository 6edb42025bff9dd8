"""test_cost.py — ./dev synth: the liberty reader, the timing analysis, the cost file and its check.

Expected numbers are worked out by hand for libraries and netlists of a few cells, written here. Yosys runs on
one small design only; what needs real libraries takes them from TRANSOM_SHARED and is skipped without.
"""
# SPDX-License-Identifier: Apache-2.0

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from program import SHARED, run_package

from transom.cost import cells, cost, designs, liberty, table, timing, wrapper, yosys
from transom.cost.cache import Cache
from transom.cost.liberty import nand2_area, read_liberty, smallest_buffer
from transom.cost.liberty_function import read_function
from transom.cost.liberty_text import LibertyError
from transom.cost.page import PAGE

# Delays: an inverter's 10 ps + 2 ps per fF; a flip-flop's clock to output 30 ps, its setup 7 ps.
LIBRARY = """
library (tiny) {
  /* a comment with { braces } */
  time_unit : "1ps"; voltage_unit : "1V"; leakage_power_unit : "1nW"; capacitive_load_unit (1, ff);
  nom_voltage : 0.7;
  lu_table_template (load) { variable_1 : total_output_net_capacitance; index_1 ("0, 10"); }
  cell (INV) {
    area : 2; cell_leakage_power : 3;
    pin (A) { direction : input; capacitance : 4; }
    pin (Y) {
      direction : output; function : "!A";
      timing () { related_pin : "A"; timing_sense : negative_unate;
        cell_rise (load) { values ("10, 30"); } cell_fall (load) { values ("10, 30"); }
        rise_transition (load) { values ("1, 1"); } fall_transition (load) { values ("1, 1"); }
      }
      internal_power () { related_pin : "A"; rise_power (load) { values ("5, 7"); } fall_power (load) { values ("6, \\
8"); } }
    }
  }
  cell (NAND) {
    area : 3;
    pin (A) { direction : input; capacitance : 1; }
    pin (B) { direction : input; capacitance : 1; }
    pin (Y) { direction : output; function : "(!A) | B'"; }
  }
  cell (FF) {
    area : 11;
    ff (IQ, IQN) { clocked_on : "CK"; next_state : "D"; clear : "!R"; }
    pin (CK) { direction : input; clock : true; capacitance : 1; }
    pin (R) { direction : input; capacitance : 1; }
    pin (D) { direction : input; capacitance : 5;
      timing () { related_pin : "CK"; timing_type : setup_rising;
        rise_constraint (scalar) { values ("7"); } fall_constraint (scalar) { values ("7"); } }
    }
    pin (Q) { direction : output; function : "IQ";
      timing () { related_pin : "CK"; timing_type : rising_edge;
        cell_rise (scalar) { values ("30"); } cell_fall (scalar) { values ("30"); }
        rise_transition (scalar) { values ("1"); } fall_transition (scalar) { values ("1"); } }
    }
  }
}
"""
MACRO = """
library (ram) { nom_voltage : 0.7;
  cell (ram_16x4) { area : 48; memory () { type : ram; address_width : 4; word_width : 4; }
    pin (clk) { direction : input; } }
}
"""


@pytest.fixture
def library(tmp_path: Path) -> liberty.Library:
    return read_liberty(written(tmp_path / "tiny.lib", LIBRARY))


def written(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


# --- liberty -------------------------------------------------------------------------------------


def test_a_library_says_its_units_and_voltage(library: liberty.Library) -> None:
    assert (library.name, library.nom_voltage) == ("tiny", 0.7)
    assert (library.time_unit_s, library.capacitance_unit_f, library.energy_unit_j) == (1e-12, 1e-15, 1e-15)
    assert library.leakage_unit_w == 1e-9


def test_a_cell_has_area_pins_power_and_its_flip_flop(library: liberty.Library) -> None:
    inverter, flip_flop = library.cells["INV"], library.cells["FF"]
    assert (inverter.area, inverter.leakage, inverter.flip_flop) == (2, 3, None)
    assert (inverter.pins["A"].direction, inverter.pins["A"].capacitance) == ("input", 4)
    assert inverter.pins["Y"].function == "!A"
    power = inverter.pins["Y"].powers[0]
    assert power.rise and power.fall and (power.rise.values, power.fall.values) == ((5, 7), (6, 8))
    assert flip_flop.flip_flop == liberty.FlipFlop("IQ", "IQN", "CK", "D", "!R", "")


def test_a_table_is_linear_between_and_beyond_its_points() -> None:
    slope = liberty.Table(("x", "y"), ((0.0, 2.0), (0.0, 10.0)), (0.0, 10.0, 4.0, 14.0))  # 2 x + y
    for x, y in ((0, 0), (2, 10), (1, 5), (3, 20), (-1, 0)):
        assert slope.at({"x": x, "y": y}) == pytest.approx(2 * x + y)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("A B' + !(C ^ D)", "ABCD"),
        ("(A * B) | (C & D)", "ABCD"),
        ("!A", "A"),
        ("1", ""),
    ],
)
def test_functions_mean_the_same_in_verilog(text: str, names: str) -> None:
    expression = read_function(text)
    python = expression.verilog().replace("1'b", "")
    for case in range(1 << len(names)):
        inputs = {name: bool(case >> place & 1) for place, name in enumerate(names)}
        slow = eval(python, {}, {name: int(value) for name, value in inputs.items()})
        assert expression.value(inputs) == bool(slow & 1)
    assert expression.names() == frozenset(names)


def test_and_binds_tighter_than_or_and_exclusive_or_tighter_than_and() -> None:
    one = read_function("A + B * C ^ D")
    assert one.value({"A": True, "B": False, "C": True, "D": True})
    assert not one.value({"A": False, "B": True, "C": True, "D": True})
    assert one.value({"A": False, "B": True, "C": True, "D": False})


@pytest.mark.parametrize("text", ["", "A +", "(A", "A)", "A $ B", "(" * 5000, "A " * 5000, "!" * 300])
def test_a_function_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="function"):
        read_function(text)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("library (x) { cell (A) { area : 1; ", "ends inside cell"),
        ("library (x) { } }", "closes nothing"),
        ("library (x) { cell (A) { area : wide; } }", "wide"),
        ("library (x) { cell (A) { area : nan; } }", "nan"),
        ('library (x) { cell (A) { pin (Y) { timing () { cell_rise (s) { values ("1, 2"); } } } } }', "2 values"),
        ("library (x) { ? }", ":1: not a liberty statement"),
        ('library (x) { time_unit : "1 parsec"; }', "time_unit"),
        ("cell (A) { }", "one library"),
        ("", "one library"),
        ("{" * 100000, "not a liberty statement"),
        ("a(){" * 100000, "ends inside"),
    ],
)
def test_a_file_that_is_no_library_is_refused_by_name(tmp_path: Path, text: str, names: str) -> None:
    path = written(tmp_path / "bad.lib", text)
    with pytest.raises(LibertyError, match=names) as refused:
        read_liberty(path)
    assert str(path) in str(refused.value)


def test_a_gate_equivalent_is_the_smallest_nand_and_a_macro_has_none(library: liberty.Library, tmp_path: Path) -> None:
    macro = read_liberty(written(tmp_path / "ram.lib", MACRO))
    assert nand2_area(library) == 3 and library.has_logic
    assert nand2_area(macro) is None and not macro.has_logic


def test_inputs_drive_like_the_smallest_buffer(library: liberty.Library, tmp_path: Path) -> None:
    cells = [("BUFx4", 4, "A"), ("BUFx1", 2, "(A)"), ("INVx1", 1, "!A"), ("AND", 1, "A & A'")]
    text = "".join(
        f"cell ({name}) {{ area : {area}; pin (A) {{ direction : input; }}"
        f' pin (Y) {{ direction : output; function : "{function}"; }} }}\n'
        for name, area, function in cells
    )
    assert smallest_buffer(read_liberty(written(tmp_path / "buf.lib", f"library (x) {{ {text} }}"))) == "BUFx1"
    assert smallest_buffer(library) is None


# --- timing --------------------------------------------------------------------------------------


def cell(kind: str, **pins: int) -> dict[str, Any]:
    return {"type": kind, "connections": {pin: [net] for pin, net in pins.items()}}


# a_q -> INV -> INV -> b_q; port in -> INV -> b_q's neighbour c_q; net 3 has two readers.
MODULE: dict[str, Any] = {
    "ports": {"in": {"direction": "input", "bits": [9]}, "clk": {"direction": "input", "bits": [1]}},
    "cells": {
        "ff_a": cell("FF", CK=1, D=8, Q=2),
        "ff_b": cell("FF", CK=1, D=4, Q=5),
        "ff_c": cell("FF", CK=1, D=8, Q=6),
        "one": cell("INV", A=2, Y=3),
        "two": cell("INV", A=3, Y=4),
        "side": cell("INV", A=3, Y=7),
        "entry": cell("INV", A=9, Y=8),
    },
    "netnames": {
        "a_q": {"hide_name": 0, "bits": [2]}, "b_q": {"hide_name": 0, "bits": [5]},
        "c_q": {"hide_name": 0, "bits": [6]}, "$1": {"hide_name": 1, "bits": [3]},
    },
}  # fmt: skip


def test_the_longest_path_is_what_hand_calculation_gives(library: liberty.Library) -> None:
    netlist = timing.Netlist(MODULE, library, timing.register_names(MODULE, library))
    # 30 of the clock; net 3 carries two inverters, 8 fF: 10 + 16; net 4 a D of 5 fF: 10 + 10; setup 7.
    assert netlist.longest(bool, bool) == timing.TimingPath(30 + 26 + 20 + 7, "a_q", "b_q", 2)
    # net 8 carries two D, 10 fF.
    into = netlist.longest(lambda name: name.startswith("in"), bool)
    assert into and (into.delay, into.start, into.gates) == (30 + 7, "in[0]", 1)
    assert netlist.longest(lambda name: name == "b_q", bool) is None


def test_a_register_behind_an_inverter_has_the_name_of_the_inverters_output(library: liberty.Library) -> None:
    module = {
        "cells": {"f": cell("FF", CK=1, D=2, Q=3), "n": cell("$_NOT_", A=3, Y=4), "g": cell("FF", CK=1, D=2, Q=9)},
        "netnames": {"x_q": {"hide_name": 0, "bits": [7, 4]}},
    }
    assert timing.register_names(module, library) == {"f": "x_q[1]", "g": ""}


def test_a_combinational_loop_is_refused(library: liberty.Library) -> None:
    module = {"ports": {}, "cells": {"one": cell("INV", A=2, Y=3), "two": cell("INV", A=3, Y=2)}, "netnames": {}}
    with pytest.raises(ValueError, match="combinational loop"):
        timing.Netlist(module, library, {})


# --- designs and wrapper -------------------------------------------------------------------------


def test_there_are_five_lanes_and_fifteen_units() -> None:
    found = designs.all_designs()
    assert len(found) == 20 and sum(not design.unit for design in found.values()) == 5
    assert {design.values_per_cycle for design in found.values() if design.lanes == 16} == {16, 32}
    with pytest.raises(ValueError, match="tans_lane"):
        designs.find_design("huffman_lane")


def test_parameters_are_written_over_the_defaults() -> None:
    texts = designs.sources(designs.find_design("decoder_rans_4"), 9)
    for text in ("parameter int Kind     = 1", "parameter int Lanes    = 4", "parameter int TableLog = 9"):
        assert text in texts["decoder.sv"]
    with pytest.raises(ValueError, match=r"4\.\.12"):
        designs.sources(designs.find_design("decoder_rans_4"), 13)


@pytest.mark.parametrize("outputs", [1, 4, 5, 91])
def test_a_wrapper_has_a_flip_flop_for_each_input_and_output_and_the_tree(outputs: int) -> None:
    ports = {
        "clk_i": {"direction": "input", "bits": [1]},
        "x_i": {"direction": "input", "bits": list(range(7))},
        "y_o": {"direction": "output", "bits": list(range(outputs))},
    }
    tree = {1: 1, 4: 4 + 1, 5: 5 + 2 + 1, 91: 91 + 23 + 6 + 2 + 1}
    made = wrapper.wrap("top", ports)
    assert made.flip_flops == 7 + tree[outputs]
    assert f".y_o(out[0 +: {outputs}])" in made.text and made.text.count("<= ^") == tree[outputs] - outputs


# --- cost file -----------------------------------------------------------------------------------


def gates(ge: float) -> dict[str, Any]:
    return {"ge": ge, "ff": 2, "memories": [{"name": "u", "bits": 64, "read_ports": 3}]}


def test_a_unit_costs_its_lanes_and_its_shell() -> None:
    found = cost.generic_cost({"ge": 10.5, "ff": 3, "memories": []}, gates(1.0), 4)
    assert (found["ge"], found["ff"], found["ram_bits"], found["ram_read_ports"]) == (43.0, 14, 64, 3)
    assert found["ram_bits_per_port"] == 192
    assert cost.generic_cost({"not_measured": "no yosys"}, gates(1.0), 4) == {"not_measured": "no yosys"}


def test_a_figure_that_differs_is_named_and_one_that_was_not_measured_is_not() -> None:
    unit = {"generic": {"ge": {"lanes": 3.0}}}
    old = {"designs": {"lane": {"generic": {"ge": 1.0}, "liberty": {"tiny": {"area_um2": 2.0}}}}, "units": {"u": unit}}
    assert cost.differences(old, old) == []
    lane = {"generic": {"ge": 1.5}, "liberty": {"tiny": {"not_measured": "failed"}}}
    new = {"designs": {"lane": lane}, "units": {"u": {"generic": {"ge": {"lanes": 4.0}}}}}
    assert cost.differences(old, new) == [
        "lane generic ge: has 1.0, measured 1.5", "u generic ge: has {'lanes': 3.0}, measured {'lanes': 4.0}",
    ]  # fmt: skip


def test_a_cost_of_another_table_log_or_a_broken_one_is_refused(tmp_path: Path) -> None:
    assert cost.read_cost(tmp_path / "none.json", 10)["designs"] == {}
    for text in ("{", "[]", '{"table_log": 8}'):
        with pytest.raises((ValueError, OSError), match="-o"):
            cost.read_cost(written(tmp_path / "bad.json", text), 10)


def test_figures_are_kept_and_a_broken_one_is_measured_again(tmp_path: Path) -> None:
    kept = Cache(tmp_path)
    assert kept.get("k", lambda folder: {"n": len(list(folder.iterdir()))}) == ({"n": 0}, False)
    assert kept.get("k", lambda _: {"n": 1}) == ({"n": 0}, True)
    written(tmp_path / "cache" / "k.json", '{"n": ')
    assert kept.get("k", lambda _: {"n": 2}) == ({"n": 2}, False)


def test_the_page_shows_the_committed_cost(tmp_path: Path) -> None:
    committed = cost.read_cost(cost.COST, 10)
    copy = tmp_path / PAGE.name
    shutil.copy(PAGE, copy)
    table.REGION.rewrite(copy, table.region(committed))
    assert copy.read_text(encoding="utf-8") == PAGE.read_text(encoding="utf-8")
    with pytest.raises(ValueError, match=r"COST\.md: wants the lines"):
        table.REGION.rewrite(written(copy, "no comments"), "")


def test_the_committed_cost_has_every_design() -> None:
    committed = json.loads(cost.COST.read_text(encoding="utf-8"))
    assert list(committed["designs"]) == list(designs.all_designs())
    assert all(entry["generic"]["ge"] > 0 for entry in committed["designs"].values())


# --- the command ---------------------------------------------------------------------------------


def synth(*arguments: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return run_package("transom.cost", *arguments, **environment)


SMALL = ("--design", "tans_lane", "--target", "generic")


@pytest.mark.skipif(shutil.which("yosys") is None, reason="yosys is not installed")
def test_the_committed_gates_of_a_lane_are_what_the_sources_give(tmp_path: Path) -> None:
    done = synth(*SMALL, "--check", "--json")
    assert done.returncode == 0, done.stderr
    changed = json.loads(cost.COST.read_text(encoding="utf-8"))
    changed["designs"]["tans_lane"]["generic"]["ff"] += 1
    path = written(tmp_path / "cost.json", json.dumps(changed))
    done = synth(*SMALL, "--check", "-o", path)
    assert done.returncode == 1
    assert "tans_lane generic ff: has" in done.stderr
    assert json.loads(path.read_text(encoding="utf-8")) == changed


def test_a_missing_tool_is_named_and_its_figures_are_not_measured(tmp_path: Path) -> None:
    path = tmp_path / "cost.json"
    pair = ("--design", "tans_pair_lane", "--target", "generic", "--table-log", "4")
    done = synth(*pair, "-o", path, PATH=str(tmp_path))
    assert done.returncode == 0, done.stderr
    assert "yosys is missing: install" in done.stderr
    entry = json.loads(path.read_text(encoding="utf-8"))["designs"]["tans_pair_lane"]
    assert "yosys is missing" in entry["generic"]["not_measured"]


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (("--design", "huffman"), 2, "no design 'huffman'"),
        (("--target", "asic"), 2, "invalid choice"),
        (("--jobs", "0"), 2, "1..256"),
        (("--table-log", "15"), 2, "4..14"),
        (("--table-log", "8", *SMALL), 2, "another file with -o"),
        (("--liberty", "/no/such.lib", "--target", "liberty"), 3, "/no/such.lib"),
    ],
)
def test_usage_and_files_that_are_wrong_are_said(arguments: tuple[str, ...], code: int, says: str) -> None:
    done = synth(*arguments)
    assert done.returncode == code, done.stderr
    assert says in done.stderr


def shared_libraries() -> list[Path]:
    """The smaller ones of TRANSOM_SHARED/data/liberty; the test is skipped where there are none."""
    paths = sorted(path for path in (SHARED / "data/liberty").glob("*.lib") if path.stat().st_size < 2_000_000)
    if not paths:
        pytest.skip("TRANSOM_SHARED has no data/liberty")
    return paths


@pytest.mark.skipif(shutil.which("yosys") is None, reason="yosys is not installed")
def test_paths_are_abcs_within_five_per_cent(tmp_path: Path) -> None:
    logic = [found for path in shared_libraries() if (found := read_liberty(path)).has_logic]
    module = "module m (input [7:0] a_i, input [7:0] b_i, output [7:0] y_o); assign y_o = a_i * b_i; endmodule\n"
    written(tmp_path / "m.v", module)
    written(tmp_path / "fast.abc", cells.FAST + "\n")
    script = f"read_verilog m.v\nsynth\n{yosys.to_cells(logic[0].path, Path('fast.abc'))}write_json m.json\n"
    delays = cells.DELAY.findall(yosys.run_yosys(script, tmp_path))
    mapped = json.loads((tmp_path / "m.json").read_text(encoding="utf-8"))["modules"]["m"]
    path = timing.Netlist(mapped, logic[0], {}).longest(bool, bool)
    assert path and path.delay * logic[0].time_unit_s * 1e12 == pytest.approx(float(delays[-1]), rel=0.05)


def test_a_real_library_is_read_whole() -> None:
    for path in shared_libraries():
        found = read_liberty(path)
        text = path.read_text(encoding="latin-1")
        assert len(found.cells) == text.count("cell (") + text.count("cell(") - text.count("test_cell")
        assert found.nom_voltage > 0 and found.capacitance_unit_f > 0
