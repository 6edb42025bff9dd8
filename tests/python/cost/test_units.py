"""test_units.py — whole units: the model of memories, modules mapped once, shares, area and energy of any size.

Expected numbers are worked out by hand, or are those of rtl/cost.json taken apart another way. Yosys elaborates
one unit and maps its small parts only.
"""
# SPDX-License-Identifier: Apache-2.0

import json
import re
import shutil
import subprocess
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from program import BAD_DATA, FINE, TRACE, USAGE, run_package, transom

from transom import spec
from transom.cost import Traffic, UnitParameters, unit_area, unit_energy
from transom.cost.cost import COST
from transom.cost.unit import estimate, memory, rtlil, table
from transom.cost.unit.designs import FIFOS, LANES, SHARES, TABLES, all_units
from transom.cost.unit.lanes import lane_energies
from transom.cost.unit.memory import Memory
from transom.cost.unit.parts import measure_gates, unit_parts
from transom.energy.recording import CODINGS

UNITS: dict[str, Any] = json.loads(COST.read_text(encoding="utf-8"))["units"]
AXI = [unit for unit in UNITS.values() if estimate.is_large(unit)]


# --- memories ------------------------------------------------------------------------------------


def test_macros_and_registers_are_as_far_from_what_they_are_fitted_to_as_is_said() -> None:
    assert memory.fit_error() == pytest.approx(0.033, abs=0.0005)
    assert memory.register_error() == pytest.approx(0.062, abs=0.0005)


def test_a_macro_is_its_cells_and_an_edge_on_two_sides() -> None:
    assert memory.macro_um2(256, 16) == pytest.approx((16 + 8) * (256 + 100) * 0.02916)
    assert memory.macro_um2(256, 16, ports=2) == pytest.approx((16 + 16) * (256 + 100) * 0.02916 * 1.3)


def test_a_memory_is_copied_for_each_port_and_cut_into_its_banks() -> None:
    one = Memory(1024, 32)
    assert one.macro_um2 == memory.macro_um2(1024, 32, ports=2)
    assert replace(one, read_ports=3).macro_um2 == 3 * one.macro_um2
    assert replace(one, banks=2).macro_um2 == 2 * memory.macro_um2(512, 32)
    assert replace(one, write_words=4).macro_um2 == memory.macro_um2(256, 128, ports=2)


def test_what_is_not_read_synchronously_is_registers_and_so_is_what_is_small() -> None:
    large, small = Memory(512, 64), Memory(4, 16)
    assert large.is_macro() and large.area_um2() == large.macro_um2
    assert not small.is_macro() and small.area_um2() == small.register_um2
    slow = replace(large, synchronous=False)
    assert not slow.is_macro() and slow.area_um2() == slow.register_um2 > 5 * large.macro_um2
    assert slow.is_macro(any_macro=True) and slow.area_um2(any_macro=True) == large.macro_um2


def test_a_read_of_the_macro_that_was_characterised_takes_what_its_file_says_and_a_write_is_of_every_copy() -> None:
    largest = Memory(2 * 1024, 64, banks=2)
    assert largest.read_pj() == pytest.approx(memory.READ_PJ, rel=0.04)
    assert replace(largest, read_ports=3).write_pj() == pytest.approx(3 * largest.read_pj())
    assert largest.clock_pj() == 0
    assert (Memory(4, 16).read_pj(), Memory(4, 16).clock_pj()) == (0, 64 * memory.REGISTER_PJ_BIT)


# --- modules -------------------------------------------------------------------------------------

TEXT = """\
autoidx {n}
attribute \\src "inner.sv:{n}.1"
module $paramod$1234\\inner
  wire input 1 \\a
  wire output 2 \\y
  connect \\y \\a
end
module \\outer
  attribute \\src "outer.sv:{n}.1"
  wire input 1 \\a
  wire $and$outer.sv:{n}$5_Y
  wire output 2 \\y
  cell {gate} $and$outer.sv:{n}$5
    connect \\A \\a
    connect \\B \\a
    connect \\Y $and$outer.sv:{n}$5_Y
  end
  cell $paramod$1234\\inner \\gen[0].u_inner
    connect \\a $and$outer.sv:{n}$5_Y
    connect \\y \\y
  end
end
"""
INNER = """\
  cell $paramod$1234\\inner \\gen[0].u_inner
    connect \\a \\b
    connect \\y \\z
  end
end
"""


def text_of(n: int, gate: str = "$and") -> str:
    return rtlil.part_text(rtlil.read_modules(TEXT.format(n=n, gate=gate)), "\\outer", whole=False)


@pytest.mark.parametrize(
    ("name", "base"), [("\\m", "m"), ("$paramod\\m\\P=s32'01", "m"), ("$paramod$0cc1e3\\word_fifo", "word_fifo")]
)
def test_a_module_has_its_name_of_the_rtl(name: str, base: str) -> None:
    assert rtlil.base_name(name) == base


def test_a_part_is_the_same_wherever_its_lines_stand_and_another_where_its_logic_is() -> None:
    assert text_of(7) == text_of(123)
    assert text_of(7) != text_of(7, "$or")


def test_modules_of_a_part_are_boxes_with_their_ports_or_there() -> None:
    modules = rtlil.read_modules(TEXT.format(n=1, gate="$and"))
    assert dict(modules["\\outer"].instances) == {"gen[0].u_inner": "$paramod$1234\\inner"}
    boxed, whole = (rtlil.part_text(modules, "\\outer", whole) for whole in (False, True))
    assert "attribute \\blackbox 1\nmodule \\part1\n  wire input 1 \\a\n  wire output 2 \\y\nend" in boxed
    assert "blackbox" not in whole and "connect \\y \\a" in whole
    twice = TEXT.format(n=1, gate="$and").replace("gen[0]", "gen[1]")[:-4] + INNER
    whole = rtlil.part_text(rtlil.read_modules(twice), "\\outer", whole=True)
    assert whole.count("module \\part1\n") == 1 and whole.count("cell \\part1 ") == 2
    with pytest.raises(ValueError, match="run proc first"):
        rtlil.read_modules("module \\m\n  process $proc$1\n  end\nend\n")


@pytest.mark.skipif(shutil.which("yosys") is None, reason="yosys is not installed")
def test_the_committed_memories_of_a_unit_and_its_instances_are_what_the_sources_give(tmp_path: Path) -> None:
    unit = next(iter(all_units(10).values()))
    uses = unit_parts(unit, tmp_path)
    instances = Counter({(share, part.base): 0 for share, part in uses})
    for (share, part), count in uses.items():
        instances[share, part.base] += count
    assert instances[LANES, "lane"] == unit.lanes
    assert instances[FIFOS, "word_fifo"] == 2 * unit.lanes + 1  # a channel more is the sequencer's
    assert instances["front end", "axi_fetch"] == instances[TABLES, "table_check"] == 1
    found: Counter[tuple[Any, ...]] = Counter()
    for (share, part), count in uses.items():
        if part.base in ("fifo", "beat_fifo", "table_ram"):
            folder = tmp_path / str(len(found))
            folder.mkdir(exist_ok=True)
            for one in measure_gates(part, folder)["memories"]:
                found[(share, *(one[key] for key in ("words", "width", "read_ports", "write_words")))] += count
    committed: Counter[tuple[Any, ...]] = Counter()
    for entry in UNITS[unit.name]["generic"]["memories"]:
        if entry["module"] in ("fifo", "beat_fifo", "table_ram"):
            sizes = (entry[key] for key in ("words", "width", "read_ports", "write_words"))
            committed[(entry["share"], *sizes)] += entry["count"]
    assert found == committed


# --- the committed units -------------------------------------------------------------------------


def test_committed_units_are_of_the_table_of_units_in_gates_and_on_asap7() -> None:
    assert [name for name in all_units(10) if name in UNITS] == list(UNITS)
    assert {unit["data_bits"] for unit in AXI if unit["kind"] == "tans" and unit["lanes"] == 4} == {64, 128, 256, 512}
    for unit in UNITS.values():
        for figures in (unit["generic"]["ge"], unit["generic"]["ff"], unit["liberty"][estimate.ASAP7]["area_um2"]):
            assert list(figures) == list(SHARES)
            assert all(figures[share] > 0 for share in SHARES if share not in (TABLES, "rows"))


@pytest.mark.parametrize("unit", AXI, ids=lambda unit: f"{unit['kind']}_{unit['lanes']}_{unit['data_bits']}")
def test_memories_of_any_unit_are_those_that_were_measured(unit: dict[str, Any]) -> None:
    """But for a few bits of queues: the sequencer's words, bursts on their way, the beat that goes out."""
    made: Counter[tuple[str, int, int]] = Counter()
    for share, one, count in estimate.unit_memories(
        UNITS, UnitParameters(unit["kind"], unit["lanes"], unit["data_bits"])
    ):
        made[share, one.words, one.read_ports] += count * one.width
    measured: Counter[tuple[str, int, int]] = Counter()
    for entry in unit["generic"]["memories"]:
        measured[entry["share"], entry["words"], entry["read_ports"]] += entry["count"] * entry["width"]
    assert made.keys() == measured.keys()
    for size, width in measured.items():
        assert made[size] == (width if size[0] in (TABLES, "rows") else pytest.approx(width, rel=0.02, abs=12))


def test_a_unit_between_those_measured_is_within_four_per_cent_of_itself(tmp_path: Path) -> None:
    kinds = {unit["kind"] for unit in AXI if unit["lanes"] > 16}  # measured on both sides of 16 lanes
    for unit in AXI:
        if unit["lanes"] != 16 or unit["kind"] not in kinds:
            continue
        others = {name: entry for name, entry in UNITS.items() if entry is not unit}
        file = tmp_path / f"{unit['kind']}.json"
        file.write_text(json.dumps({"units": others}), encoding="utf-8")
        parameters = UnitParameters(unit["kind"], 16, unit["data_bits"])
        left_out, there = unit_area(parameters, file), unit_area(parameters)
        assert left_out and there and (left_out.source, there.source) == ("interpolated", "measured")
        logic = [sum(area.shares.values()) - sum(area.memories.values()) for area in (left_out, there)]
        assert logic[0] == pytest.approx(logic[1], rel=0.04)


def test_an_area_is_its_shares_per_value_and_says_what_is_macros() -> None:
    parameters = UnitParameters("tans", 16, 128)
    area = unit_area(parameters)
    assert area and area.um2 == pytest.approx(sum(area.shares[share] for share in SHARES))
    assert area.um2_per_value == area.um2 / 16 and area.values_per_cycle == 16
    assert TABLES in area.macros and FIFOS in area.macros  # beat_fifo and table_ram are read synchronously
    sync = unit_area(replace(parameters, any_macro=True))
    assert sync and sync.um2 <= area.um2 and sync.shares[LANES] == area.shares[LANES]
    pairs = unit_area(UnitParameters("tans_pair", 4, 64))
    assert pairs and pairs.values_per_cycle == 8
    assert unit_area(UnitParameters("tans", 65, 128, 10)) is not None
    assert unit_area(UnitParameters("no_such_kind", 16)) is None


@pytest.mark.skipif(shutil.which("yosys") is None, reason="yosys is not installed")
def test_a_small_unit_has_tables_of_8192_bits_a_lane_and_rows_that_lanes_share(tmp_path: Path) -> None:
    unit = all_units(10)["decoder_axi_tans_16_128_small"]
    found: dict[str, Memory] = {}
    for share, part in unit_parts(unit, tmp_path):
        if part.base == "table_ram":
            (folder := tmp_path / share).mkdir()
            [found[share]] = (
                memory.read_memory({**one, "banks": 2}) for one in measure_gates(part, folder)["memories"]
            )
    assert found[TABLES].bits == 8192 and found[TABLES].read_ports == unit.lanes
    assert found["rows"].words == 2 * spec.MAX_APACK_ROWS and not found["rows"].is_macro()
    wanted = UnitParameters("tans", 16, 128, table_log=8, rows=16)
    for share, one, _ in estimate.unit_memories(UNITS, wanted):
        assert one == found.get(share, one)


def test_each_step_of_the_table_makes_a_unit_no_larger() -> None:
    for unit in AXI:
        areas = [area.um2 for area in table.step_areas(UNITS, unit)]
        assert areas == sorted(areas, reverse=True)


def test_prefetch_fifos_are_macros_or_registers_as_they_are_wanted() -> None:
    for unit in (UnitParameters("tans", 16, 128), UnitParameters("nrans", 16, 128, fifo_beats=128, wide=True)):
        macros, registers = unit_area(unit), unit_area(replace(unit, fifo_macro=False))
        assert macros and registers and FIFOS in macros.macros and FIFOS not in registers.macros
        fifos = [one for share, one, _ in estimate.unit_memories(UNITS, unit) if share == FIFOS]
        counts = [count for share, _, count in estimate.unit_memories(UNITS, unit) if share == FIFOS]
        more = sum(count * (one.register_um2 - one.macro_um2) for one, count in zip(fifos, counts, strict=True))
        assert registers.um2 - macros.um2 == pytest.approx(more) and more > 0


@pytest.mark.parametrize("name", [name for name in UNITS if name.startswith("decoder_wide")])
def test_a_wide_unit_is_what_was_measured_and_between_sizes_lies_between_them(name: str) -> None:
    unit = UNITS[name]
    beats = next(one["words"] for one in unit["generic"]["memories"] if one["share"] == FIFOS)
    wanted = UnitParameters(unit["kind"], unit["lanes"], unit["data_bits"], fifo_beats=beats, wide=True)
    made, measured = unit_area(wanted), estimate.measured_area(unit)
    assert made and made.source == "measured" and made.um2 == pytest.approx(measured.um2, rel=0.01)
    if unit["lanes"] > 16:
        half = unit_area(replace(wanted, lanes=unit["lanes"] // 2))
        assert half and half.um2 < made.um2 < 2 * half.um2


@pytest.mark.skipif(shutil.which("yosys") is None, reason="yosys is not installed")
@pytest.mark.parametrize(("macro", "style"), [(1, "block"), (0, "registers")])
def test_the_fifos_parameter_reaches_synthesis(macro: int, style: str, tmp_path: Path) -> None:
    rtl, written = COST.parent, tmp_path / "fifo.il"
    script = f"read_verilog -sv -I{rtl} {rtl}/axi/beat_fifo.sv; chparam -set Macro {macro} beat_fifo; "
    script += f"hierarchy -top beat_fifo; proc; write_rtlil {written}"
    subprocess.run(["yosys", "-q", "-p", script], check=True)
    assert re.findall(r'ram_style "(\w+)"', written.read_text(encoding="utf-8")) == [style]


def test_bits_lost_are_those_of_the_embedded_traces_containers(tmp_path: Path) -> None:
    arrays = [np.load(file).ravel() for file in sorted(TRACE.glob("*.npy"))]
    counts = [np.unique(array, return_counts=True)[1] for array in arrays]
    bits = sum(float(count @ -np.log2(count / count.sum())) for count in counts)
    values = sum(array.size for array in arrays)
    assert (values, bits / values) == (table.DIGITS_VALUES, pytest.approx(table.DIGITS_ENTROPY, abs=5e-5))
    for kind, size in table.DIGITS_BYTES.items():
        wide = ["--unit", "wide", "--lanes", 16] if "wide" in kind else ["--streams", 16, "--table-log", 10]
        coding = CODINGS[kind.removeprefix("wide ")]
        done = transom("encode", TRACE, *wide, "--coding", coding, "-o", tmp_path / "x.tsm", "--json")
        assert json.loads(done.stdout)["bytes"] == size, kind


def test_a_cost_without_units_is_refused_by_name(tmp_path: Path) -> None:
    file = tmp_path / "cost.json"
    for text in ("{}", "[]", '{"units": 3}'):
        file.write_text(text, encoding="utf-8")
        estimate.read_units.cache_clear()
        with pytest.raises(ValueError, match=r"cost\.json: units: .*\./dev synth"):
            unit_area(UnitParameters("tans", 4), file)


# --- energy --------------------------------------------------------------------------------------


def test_energy_is_accesses_times_their_energies_and_traffic_times_that_of_a_bit() -> None:
    parameters = UnitParameters("tans", 16, 128, any_macro=True)
    traffic = Traffic(values=1000, cycles=100, bytes_read=640, raw_bytes=1000)
    energy = unit_energy(parameters, traffic, lane_pj=0.5, dram_pj_per_bit=2.0)
    assert energy and energy.parts[LANES] == 0.5
    by_share = {share: one for share, one, _ in estimate.unit_memories(UNITS, parameters)}
    assert energy.parts[TABLES] == pytest.approx(by_share[TABLES].read_pj(True))
    fifo = by_share[FIFOS]
    assert energy.parts[FIFOS] == pytest.approx(40 * 2 * fifo.read_pj(True) / 1000)  # 40 beats, in and out
    assert energy.dram == pytest.approx(640 * 8 * 2 / 1000) and energy.raw_dram == 16
    assert energy.saved == pytest.approx(16 - energy.dram - energy.unit)
    twice = unit_energy(parameters, replace(traffic, cycles=200), 0.5, 2.0)
    assert twice and twice.parts["registers"] == pytest.approx(2 * energy.parts["registers"])


def test_pairs_read_a_table_every_other_value_and_counts_are_read_nowhere() -> None:
    traffic = Traffic(1000, 100, 640, 1000)
    for kind in sorted({unit["kind"] for unit in AXI}):
        reads = {"tans_pair": 0.5, "arith": 0}.get(kind, 1)
        parameters = UnitParameters(kind, 4, 64)
        energy = unit_energy(parameters, traffic, 0.0)
        tables = [one for share, one, _ in estimate.unit_memories(UNITS, parameters) if share == TABLES]
        assert energy and energy.parts[TABLES] == pytest.approx(sum(reads * one.read_pj() for one in tables))
        assert (spec.VALUES_PER_BEAT[kind] == 2) == (reads == 0.5)
    assert unit_energy(UnitParameters("tans", 4), replace(traffic, values=0), 0.0) is None


# --- ./dev energy network ------------------------------------------------------------------------

RESULT: dict[str, Any] = {
    "trace": "made_up", "coding": "apack-tans", "values": 1000, "cycles": 100, "bytes_read": 640,
    "raw_bytes": 1000, "unit": {"kind": "tans", "lanes": 16, "bus_bits": 128, "table_log": 8, "fifo_beats": 32},
}  # fmt: skip


def network(folder: Path, *arguments: object, code: int = FINE, result: object = RESULT) -> str:
    """Runs the command on a program that prints `result` and keeps its arguments; what it said."""
    (folder / "input").touch()
    program = folder / "program"
    program.write_text(f"#!/bin/sh\necho $* > {folder}/words\ncat <<'E'\n{json.dumps(result)}\nE\n", encoding="utf-8")
    program.chmod(0o755)
    done = run_package("transom.energy", "network", "--program", program, *arguments)
    assert done.returncode == code, done.stderr
    return done.stdout if code == FINE else done.stderr


def test_a_networks_energy_is_that_of_what_sim_counted_and_says_saved_or_lost(tmp_path: Path) -> None:
    [found] = json.loads(network(tmp_path, tmp_path / "input", "--lanes", 16, "--json"))
    assert (tmp_path / "words").read_text(encoding="utf-8").split()[-4:] == ["--lanes", "16", "--no-lt", "--json"]
    unit = UnitParameters("tans", 16, 128, 8)
    energy = unit_energy(unit, Traffic(1000, 100, 640, 1000), lane_energies()["tans"])
    assert energy and found["pj_per_value"]["saved"] == pytest.approx(energy.saved, abs=1e-4)
    assert found["pj_per_value"]["raw_dram"] == 32 and found["pj_per_value"]["dram"] == pytest.approx(20.48)
    macros = unit_energy(
        replace(unit, rows=16, any_macro=True, one_fifo=True), Traffic(1000, 100, 640, 1000), 0.0, 20.0
    )
    assert macros and macros.saved > 1
    options = ("--dram-pj-per-bit", 20, "--fifo-macros", "--row-words", 16)
    words = network(tmp_path, tmp_path / "input", *options).splitlines()[-1]
    assert words.endswith(f"saved {100 * (macros.saved - lane_energies()['tans']) / 160:.0f} %")
    assert "lost" in network(tmp_path, tmp_path / "input", "--dram-pj-per-bit", 0.1).splitlines()[-1]


def test_what_a_network_cannot_be_counted_for_is_said(tmp_path: Path) -> None:
    there = tmp_path / "input"
    assert "name a trace" in network(tmp_path, "--lanes", 16, code=USAGE)
    assert "0..1000" in network(tmp_path, there, "--dram-pj-per-bit", -1, code=USAGE)
    assert "false exited with 1" in network(tmp_path, there, "--program", "/bin/false", code=1)
    other = {**RESULT, "unit": {"kind": "huffman", "lanes": 16, "bus_bits": 128, "table_log": 8, "fifo_beats": 32}}
    assert "has no lane huffman" in network(tmp_path, there, code=BAD_DATA, result=other)
    assert "is no result" in network(tmp_path, there, code=BAD_DATA, result={})
