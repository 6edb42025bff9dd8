"""Netlists replayed against the RTL's ports, and the energy of their toggles.

Runs Yosys, Icarus Verilog and TRANSOM_BUILD/transom.
"""
# SPDX-License-Identifier: Apache-2.0

import json
import subprocess
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from energy_library import GATES, INVERTING, MACRO, PLAIN, gate, library, power
from program import BUILD, FINE, SOURCE, TRACE, run, run_package, transom

from transom.cost import netlist, read_liberty
from transom.cost.designs import unit_files
from transom.cost.liberty import Library
from transom.cost.liberty_text import LibertyError
from transom.cost.page import PAGE
from transom.cost.unit.lanes import ENERGY
from transom.energy.cell_energy import cell_energy
from transom.energy.energy import EnergyModel, toggles_of
from transom.energy.models import ModelError, cell_model
from transom.energy.netlist import Netlist, read_netlist
from transom.energy.recording import CODINGS, Recording, record, values_left
from transom.energy.report import REGION, region
from transom.energy.simulate import Activity, MismatchError, compile_netlist

FEMTO = 1e-15

FILES = unit_files()
MEMORY = SOURCE / "rtl/lane/table_ram.sv"
HAS_RTL = "ports" in run(BUILD / "transom", "--help").stdout
needs_rtl = pytest.mark.skipif(not HAS_RTL, reason="transom is built without Verilator")


def close(value: Any, rel: float = 1e-9) -> Any:
    """pytest.approx without its absolute tolerance of 1e-12, which is more than any joule here."""
    return pytest.approx(value, rel=rel, abs=1e-24)


TOGGLER = """module toggler (input clk_i, input rst_ni, input en_i, output q_o, output n_o);
  wire d;
  (* src = "lane.sv:1.1-2.2|bit_reader.sv:3.3-4.4" *)
  DFFR u0 (.CLK(clk_i), .D(d), .RN(rst_ni), .Q(q_o));
  INV u1 (.A(q_o), .Y(d));
  INV u2 (.A(en_i), .Y(n_o));
endmodule
"""


@pytest.fixture
def plain(tmp_path: Path) -> Library:
    path = tmp_path / "plain.lib"
    path.write_text(library(*GATES, *PLAIN))
    return read_liberty(path)


def replay(
    verilog: str, lines: Sequence[str], folder: Path, lib: Library, load_cycles: int = 2
) -> tuple[Activity, EnergyModel]:
    """Simulates a netlist on recorded lines; its activity and its energy model."""
    (folder / "netlist.v").write_text(verilog)
    (folder / "0.ports").write_text("\n".join(lines) + "\n")
    recording = Recording("tensor", 1, load_cycles, len(lines) - 1, folder / "0.ports")
    mapped = read_netlist(folder / "netlist.v", folder)
    model = EnergyModel(mapped, lib, FILES)
    return compile_netlist(mapped, lib, MEMORY, len(lines), folder).run(recording), model


def toggler_ports(n: int = 22, enable: Callable[[int], int] = lambda _: 0) -> list[str]:
    return ["en_i q_o n_o", *(f"{enable(c)} {c % 2} {1 - enable(c)}" for c in range(n))]


def test_a_toggling_flip_flop_takes_what_the_hand_sums_up(plain: Library, tmp_path: Path) -> None:
    activity, model = replay(TOGGLER, toggler_ports(), tmp_path, plain)
    assert (activity.load_cycles, activity.decode_cycles) == (2, 20)
    energy = model.energy(activity.decode, activity.decode_cycles)
    # A clock: q and d toggle once, into pins of 2 and 1 fF; the inverter and Q once; D has always changed.
    per_clock = {"nets": 0.5 * (2 + 1), "gates": (3 + 5) / 2, "flip_flops": (7 + 9) / 2, "clock": 1 + 2 * 3}
    for part, femtojoule in per_clock.items():
        assert energy.parts[part] == close(20 * femtojoule * FEMTO), part
    assert energy.total == close(20 * 20.5 * FEMTO)
    assert sum(energy.modules.values()) == close(energy.total)
    assert energy.modules["bit_reader"] == close(energy.total)  # its register, and the gate that leads to it
    assert model.leakage_w == close(6e-9)


def test_an_input_takes_its_pins_and_what_follows(plain: Library, tmp_path: Path) -> None:
    quiet, model = replay(TOGGLER, toggler_ports(), tmp_path, plain)
    busy, _ = replay(TOGGLER, toggler_ports(enable=lambda c: c % 2), tmp_path, plain)
    more = [model.energy(a.decode, a.decode_cycles).parts for a in (quiet, busy)]
    assert more[1]["nets"] - more[0]["nets"] == close(20 * 0.5 * 2 * FEMTO)
    assert more[1]["gates"] - more[0]["gates"] == close(20 * 4 * FEMTO)


def test_an_idle_window_takes_its_clock_alone(plain: Library, tmp_path: Path) -> None:
    idle = TOGGLER.replace(".D(d)", ".D(q_o)")
    activity, model = replay(idle, ["en_i q_o n_o", *["0 0 1"] * 12], tmp_path, plain)
    energy = model.energy(activity.decode, activity.decode_cycles)
    assert energy.parts == close({"nets": 0, "gates": 0, "flip_flops": 0, "clock": 10 * (1 + 2 * 2) * FEMTO})


def test_a_register_that_is_not_reset_starts_at_0_in_a_cell_that_inverts_too(tmp_path: Path) -> None:
    (tmp_path / "hand.lib").write_text(library(*GATES, *PLAIN, *INVERTING))
    lib = read_liberty(tmp_path / "hand.lib")
    for cell, tied in [("DFF", ""), ("DFFN", ", .RN(1'b1), .SN(1'b1)")]:
        body = f"wire b; {cell} u0 (.CLK(clk_i), .D(q_o), .Q(b){tied}); "
        inverters = "INV u1 (.A(b), .Y(q_o));" if tied else "BUF u1 (.A(b), .Y(q_o));"
        verilog = f"module m (input clk_i, rst_ni, en_i, output q_o); {body}{inverters} endmodule"
        replay(verilog, ["en_i q_o", *["0 0"] * 4], tmp_path, lib)


def test_a_difference_is_named_with_port_cycle_want_and_got(plain: Library, tmp_path: Path) -> None:
    with pytest.raises(MismatchError, match=r"tensor 'tensor', cycle 3: port q_o: want 0, got 1"):
        replay(TOGGLER, ["en_i q_o n_o", "0 0 1", "0 1 1", "0 0 1", "0 0 1"], tmp_path, plain)
    with pytest.raises(MismatchError, match=r"cycle 0: port n_o: want 0, got 1"):
        replay(TOGGLER, ["en_i q_o n_o", "0 0 0"], tmp_path, plain, load_cycles=1)


def test_energies_depend_on_the_state_and_a_ground_rail_counts_once(tmp_path: Path) -> None:
    rails = "pg_pin (VDD) { pg_type : primary_power; } pg_pin (VSS) { pg_type : primary_ground; }"
    cell = gate("AND", "AB", "A & B", 2).replace("cell_leak", rails + " cell_leak")
    hidden = power(8, 8, when="!B") + power(100, 100).replace("{ ", "{ related_pg_pin : VSS; ", 1)
    cell = cell.replace("pin (A) { direction : input;", f"pin (A) {{ direction : input; {hidden}")
    (tmp_path / "state.lib").write_text(library(*GATES, *PLAIN, cell))
    lib = read_liberty(tmp_path / "state.lib")
    assert cell_energy(lib, lib.cells["AND"], {}).of_input["A"] == close(4 * FEMTO)  # B is 0 half the time
    assert cell_energy(lib, lib.cells["AND"], {"B": True}).of_input["A"] == 0
    assert cell_energy(lib, lib.cells["AND"], {"B": False}).of_input["A"] == close(8 * FEMTO)


def test_a_toggle_of_an_output_counts_for_the_input_that_toggled(tmp_path: Path) -> None:
    edge = 'related_pin : "B"; rise_power (scalar) { values ("%d"); }'
    both = gate("OTHER", "AB", "!(A & B)", 2).replace(edge % 3, edge % 43)
    (tmp_path / "two.lib").write_text(library(*GATES, *PLAIN, both))
    (tmp_path / "netlist.v").write_text(TOGGLER.replace("INV u2 (.A(en_i)", "OTHER u2 (.A(en_i), .B(rst_ni)"))
    mapped = read_netlist(tmp_path / "netlist.v", tmp_path)
    model = EnergyModel(mapped, read_liberty(tmp_path / "two.lib"), FILES)
    enable, reset, out = (int(mapped.ports[name].bits[0]) for name in ("en_i", "rst_ni", "n_o"))
    toggles: Mapping[int, float]
    for toggles, femtojoule in [({enable: 5}, 4), ({reset: 5}, 24), ({enable: 15, reset: 5}, 9), ({}, 14)]:
        assert model.energy({**toggles, out: 10}, 0).parts["gates"] == close(10 * femtojoule * FEMTO)


def test_a_table_is_read_at_its_third_slew_and_at_no_load(tmp_path: Path) -> None:
    template = """power_lut_template (loads) {
      variable_1 : input_transition_time; variable_2 : total_output_net_capacitance;
      index_1 ("1, 2, 3, 4"); index_2 ("10, 20, 40"); }"""
    rows = ", ".join(f'"{slew + 5}, {slew + 10}, {slew + 90}"' for slew in (0, 10, 20, 30))
    scalar, loads = '_power (scalar) { values ("%d"); }', f"_power (loads) {{ values ({rows}); }}"
    inverter = GATES[0].replace("rise" + scalar % 3, "rise" + loads).replace("fall" + scalar % 5, "fall" + loads)
    (tmp_path / "table.lib").write_text(library(template, inverter, *GATES[1:], *PLAIN))
    lib = read_liberty(tmp_path / "table.lib")
    assert cell_energy(lib, lib.cells["INV"], {}).of_output == {"Y": {"A": close(20 * FEMTO)}}


def test_a_library_that_names_what_it_has_not_is_refused(tmp_path: Path) -> None:
    (tmp_path / "bad.lib").write_text(library(*GATES, *PLAIN).replace('"!(D ^ Q)"', '"!(D ^ QQ)"'))
    with pytest.raises(ValueError, match=r"cell DFFR: .* reads QQ, which is no pin of it"):
        replay(TOGGLER, toggler_ports(), tmp_path, read_liberty(tmp_path / "bad.lib"))
    (tmp_path / "bad.lib").write_text(library(*GATES, *PLAIN).replace('"!A"', '"!C"').replace("3", "0"))
    lib = read_liberty(tmp_path / "bad.lib")
    with pytest.raises(ModelError, match="cell INV: '!C' reads C"):
        cell_model(lib.cells["INV"])
    with pytest.raises(ModelError, match="is not a name that Verilog takes"):
        cell_model(replace(lib.cells["INV"], name="x; initial $finish"))


def test_what_has_no_model_is_refused(plain: Library, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="instances of AND3"):
        replay(TOGGLER.replace("INV u2", "AND3 u2"), toggler_ports(), tmp_path, plain)
    with pytest.raises(ModelError, match="INV u1: pin A is not connected"):
        replay(TOGGLER.replace(".A(q_o), ", ""), toggler_ports(), tmp_path, plain)
    with pytest.raises(ValueError, match=r"loop: .*u1"):
        replay(TOGGLER.replace(".A(q_o)", ".A(d)"), toggler_ports(), tmp_path, plain)
    with pytest.raises(ValueError, match=r"0\.ports:3: not 3 hexadecimal numbers"):
        replay(TOGGLER, ["en_i q_o n_o", "0 0 1", "0 1"], tmp_path, plain)
    with pytest.raises(ValueError, match="port en_i has 0x2, the netlist's has 1 bits"):
        replay(TOGGLER, ["en_i q_o n_o", "2 0 1"], tmp_path, plain)
    with pytest.raises(ValueError, match="has no port n_o"):
        replay(TOGGLER, ["en_i q_o", "0 0"], tmp_path, plain)


@needs_rtl
@pytest.mark.parametrize("cells", [PLAIN, INVERTING], ids=["plain", "inverting"])
def test_a_netlist_of_the_unit_does_what_the_rtl_did_and_swapped_gates_are_found(
    cells: list[str], tmp_path: Path
) -> None:
    (tmp_path / "hand.lib").write_text(library(*GATES, *cells))
    lib = read_liberty(tmp_path / "hand.lib")
    verilog = netlist("decoder_tans_1", lib.path, 10, tmp_path, ("table_ram",))
    recording = record(BUILD / "transom", TRACE, "tans", 10, 330, tmp_path / "ports")[2]
    assert recording.load_cycles == 256 and values_left(recording)[1] > 60
    mapped = read_netlist(verilog, tmp_path)
    activity = compile_netlist(mapped, lib, MEMORY, 330, tmp_path).run(recording)
    energy = EnergyModel(mapped, lib, FILES).energy(activity.decode, activity.decode_cycles)
    assert {"bit_reader", "lane_control"} <= set(energy.modules)
    assert sum(energy.modules.values()) == close(energy.total) and energy.total > 0
    spoilt = with_gate_swapped(mapped, activity.decode)
    with pytest.raises(MismatchError, match=r"cycle .* port .*: want .*, got"):
        compile_netlist(spoilt, lib, MEMORY, 330, tmp_path).run(recording)


def with_gate_swapped(mapped: Netlist, toggles: Mapping[int, int]) -> Netlist:
    """The netlist with its ten busiest NAND2 made NOR2: one of them alone may drive what nobody looks at."""
    gates = sorted(mapped.of(["NAND2"]), key=lambda gate: toggles_of(gate.pins["Y"][0], toggles))
    swapped = {gate.name for gate in gates[-10:]}
    instances = [replace(gate, kind="NOR2") if gate.name in swapped else gate for gate in mapped.instances]
    return replace(mapped, instances=tuple(instances))


@needs_rtl
@pytest.mark.parametrize("kind", CODINGS)
def test_the_ports_of_every_kind_are_recorded(kind: str, tmp_path: Path) -> None:
    call = ["ports", TRACE, "-o", tmp_path, "--coding", CODINGS[kind], "--lanes", 1, "--cycles", 90]
    tensors = json.loads(transom(*call, "--json").stdout)["tensors"]
    assert len(tensors) == 12
    for tensor in tensors:
        lines = (tmp_path / tensor["file"]).read_text().splitlines()
        assert len(lines) == 1 + tensor["recorded"] == 1 + min(90, tensor["cycles"])
        assert all(len(line.split()) == 37 for line in lines)
    whole = Recording("first", tensors[0]["values"], 0, tensors[0]["recorded"], tmp_path / tensors[0]["file"])
    assert values_left(whole) == (0, 72)


def energy(*arguments: object, code: int = FINE, **environment: str) -> subprocess.CompletedProcess[str]:
    """Runs the command, checks its exit code; returns the process."""
    done = run_package("transom.energy", "--program", BUILD / "transom", *arguments, **environment)
    assert done.returncode == code, f"{arguments}: {done.returncode}\n{done.stdout}\n{done.stderr}"
    return done


@needs_rtl
def test_the_command_prints_parts_that_add_up(tmp_path: Path) -> None:
    (tmp_path / "hand.lib").write_text(library(*GATES, *PLAIN))
    (tmp_path / "ram.lib").write_text(library(MACRO))
    call = ["--design", "decoder_tans_1", "--tensors", 1, "--clocks", 300, "--json"]
    found = json.loads(energy(*call, TRANSOM_LIBERTY=str(tmp_path)).stdout)
    assert found["memory_macros"] == [{"cell": "ram", "bits": 128, "voltage_v": 1.0, "pj_per_clock": 0.03}]
    figures = found["designs"]["decoder_tans_1"]["liberty"]["hand"]
    assert figures["memories_not_counted"] == [{"words": 2048, "bits": 22}, {"words": 512, "bits": 21}]
    of = figures["traces"]["digits_cnn_int8"]
    assert sum(of["parts"].values()) == close(of["pj_per_value"], rel=1e-3)
    assert sum(of["modules"].values()) == close(of["pj_per_value"] - of["parts"]["leakage"], rel=1e-3)
    assert of["values"] == 40960 and 0 < of["values_replayed"] <= 44
    assert of["parts"]["clock"] > of["pj_per_value"] / 10


def test_errors_name_what_is_wrong_and_what_to_do(tmp_path: Path) -> None:
    assert "TRANSOM_LIBERTY" in energy(code=2, TRANSOM_LIBERTY=str(tmp_path)).stderr
    (tmp_path / "ram.lib").write_text(library(MACRO))
    assert "no gates and flip-flops" in energy("--liberty", tmp_path / "ram.lib", code=2).stderr
    (tmp_path / "cut.lib").write_text(library(*GATES)[:300])
    assert "cut.lib" in energy("--liberty", tmp_path / "cut.lib", code=3).stderr
    (tmp_path / "hand.lib").write_text(library(*GATES, *PLAIN))
    assert "no such trace" in energy("--liberty", tmp_path / "hand.lib", tmp_path / "no", code=3).stderr
    missing = energy("--liberty", tmp_path / "hand.lib", "--program", tmp_path / "no", code=1)
    assert "install it with ./dev build" in missing.stderr
    energy("--design", "decoder_tans_7", code=2)
    assert "--liberty" in energy("--help").stdout
    with pytest.raises(LibertyError, match=r"cut\.lib"):
        read_liberty(tmp_path / "cut.lib")


def test_the_page_says_what_the_file_says() -> None:
    page = PAGE.read_text()
    assert page == REGION.replaced(page, region(json.loads(ENERGY.read_text())))
    with pytest.raises(ValueError, match="wants the lines"):
        REGION.replaced("no markers", "")
