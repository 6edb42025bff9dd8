"""Loops, counts and limits of short listings written by hand (listings/)."""
# SPDX-License-Identifier: Apache-2.0

from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from transom.sass.kernels import short_name, value_bytes
from transom.sass.limits import Gpu, alu_limit, conflict_degree, issue_limit, shared_limit, wavefronts
from transom.sass.listing import Function, ListingError, read_listing
from transom.sass.loops import blocks_of, dominators, loops_of
from transom.sass.measure import measure
from transom.sass.report import dump, to_main_table, to_table
from transom.sass.tools import Resources, read_resources

LISTINGS = Path(__file__).parent / "listings"


def functions(name: str) -> list[Function]:
    return read_listing((LISTINGS / f"{name}.sass").read_text().splitlines())


def code(*lines: str) -> Function:
    """A kernel of labels and instructions, which get their addresses."""
    text = ["        .other k,STO_CUDA_ENTRY", "k:"]
    text += [line if line.endswith(":") else f"        /*{number:04x}*/  {line} ;" for number, line in enumerate(lines)]
    return read_listing(text)[0]


def figures(function: Function, n_bytes: int | None = 1, given: int | None = None) -> dict[str, Any]:
    return measure(function, n_bytes, given, Gpu())


def test_a_listing_is_read_as_functions_with_labels_and_guards() -> None:
    kernel, helper = functions("branches")
    assert (kernel.name, kernel.is_kernel, len(kernel.instructions)) == ("_Z8branchesIhEvPT_", True, 19)
    assert (helper.name, helper.is_kernel, len(helper.instructions)) == ("$helper", False, 3)
    assert kernel.labels[".L_x_1"] == 6
    assert [i.guard for i in kernel.instructions if i.name == "BRA"] == ["@P0", "@!P0", "@P3", "", "@P3"]
    wide = kernel.instructions[11]
    assert (wide.address, wide.name, wide.modifiers) == (0xB0, "STG", ["E", "128"])
    assert str(wide) == "    b0        STG.E.128 desc[UR4][R6.64], R8"


@pytest.mark.parametrize(
    "lines",
    [[], ["no listing"], ["        /*0000*/  NOP ;"]],
    ids=["nothing", "something else", "an instruction before any name"],
)
def test_what_is_no_listing_is_refused(lines: list[str]) -> None:
    with pytest.raises(ListingError):
        read_listing(lines)


def test_a_listing_without_kernels_is_one() -> None:
    assert read_listing(["\t.target\tsm_90"]) == []


@pytest.mark.parametrize("jump", ["BRA `(.L_x_9)", "BRX R2 -0x10"], ids=["a label that is not there", "no targets"])
def test_a_jump_to_nowhere_is_refused(jump: str) -> None:
    with pytest.raises(ListingError):
        blocks_of(code(jump, "EXIT"))


def test_a_loop_in_a_loop_is_found_and_code_that_is_never_reached_is_none() -> None:
    kernel = functions("nested")[0]
    blocks = blocks_of(kernel)
    outer, inner = loops_of(blocks)
    address = [kernel.instructions[blocks[loop.header].first].address for loop in (outer, inner)]
    assert address == [0x20, 0x30]
    assert (outer.n_inside, outer.depth, inner.n_inside, inner.depth) == (1, 1, 0, 2)
    assert inner.body < outer.body
    assert not inner.body & outer.own
    assert max(dominators(blocks)) == len(blocks) - 3  # the trap and the padding behind it are not reached


def test_the_loop_around_is_a_bound_and_the_one_inside_stores_nothing() -> None:
    outer, inner = figures(functions("nested")[0])["loops"]
    assert (outer["values_per_pass"], outer["values_from"]) == (1, "1 bytes stored, 1 of a value")
    assert outer["passes"]["fewest"]["instructions"] == 10
    assert outer["passes"]["fewest"]["per_value"]["instructions"] == 10
    assert "per_value" not in outer["passes"]["all"]  # the loop inside has passes that nobody knows
    assert (inner["values_per_pass"], inner["values_from"]) == (None, "stores nothing")
    assert inner["passes"]["all"]["classes"] == {"branch": 1, "integer": 2, "lds": 1, "shift": 1}
    assert inner["passes"]["all"]["predicated_classes"] == {"branch": 1, "integer": 1}
    assert inner["passes"]["all"]["widths"] == {"lds": {8: 1}}


def test_branches_in_a_loop_make_a_shortest_pass_and_a_whole_one() -> None:
    loop = figures(functions("branches")[0])["loops"][0]
    fewest, whole = loop["passes"]["fewest"], loop["passes"]["all"]
    assert (fewest["instructions"], whole["instructions"]) == (8, 12)
    assert (fewest["calls"], whole["calls"]) == (0, 1)
    assert whole["classes"]["local"] == 1
    assert whole["predicated"] == 5
    assert loop["values_per_pass"] is None  # one store has a predicate
    assert loop["values_from"] == "unknown: 1 of 2 stores are not in each pass"


def test_values_that_cannot_be_derived_can_be_given() -> None:
    first, second = figures(functions("branches")[0], given=24)["loops"]
    assert (first["values_per_pass"], first["values_from"]) == (24, "given")
    assert first["passes"]["all"]["per_value"]["instructions"] == 0.5
    assert second["values_per_pass"] == 16  # its own


def test_values_are_stored_bytes_over_a_values_bytes() -> None:
    kernel = functions("branches")[0]
    values = [figures(kernel, n_bytes)["loops"][1]["values_per_pass"] for n_bytes in (1, 2, 4, None)]
    assert values == [16, 8, 4, None]


def test_a_branch_with_a_condition_among_its_operands_may_go_on() -> None:
    blocks = blocks_of(functions("branches")[0])
    assert [len(block.successors) for block in blocks] == [1, 2, 1, 2, 1, 2, 2, 2, 2, 1, 0]


def test_a_loop_of_one_block_and_two_back_edges_to_one_header() -> None:
    self_loop = loops_of(blocks_of(code(".L_x_0:", "NOP", "@P0 BRA `(.L_x_0)", "EXIT")))
    assert [len(loop.body) for loop in self_loop] == [1]
    twice = code(".L_x_0:", "NOP", "@P0 BRA `(.L_x_0)", "STG [R2], R3", "@P1 BRA `(.L_x_0)", "EXIT")
    (loop,) = figures(twice, 4)["loops"]
    assert (loop["loops_inside"], loop["values_per_pass"]) == (0, None)  # the first back edge passes the store
    assert loop["passes"]["fewest"]["instructions"] == 2


def test_a_cycle_with_two_entries_is_no_natural_loop() -> None:
    way = code("@P0 BRA `(.L_x_1)", ".L_x_0:", "NOP", ".L_x_1:", "NOP", "@P1 BRA `(.L_x_0)", "EXIT")
    assert loops_of(blocks_of(way)) == []


@pytest.mark.parametrize(
    ("name", "n_bytes", "short"),
    [
        ("void transom::gpu::(anonymous namespace)::decode_kernel<transom::A>(M, unsigned int)", 2, "decode_kernel<A>"),
        ("void decode_kernel<t::R<unsigned int, 2u> >(M)", 2, "decode_kernel<R<unsigned int, 2u>>"),
        ("void t::decode_kernel<t::A, 4u, unsigned char>(M)", 1, "decode_kernel<A, 4u, unsigned char>"),
        ("void k<t::A, (t::Of)1, unsigned short>(t::M const*)", 2, "k<A, (Of)1, unsigned short>"),
        ("void decode_kernel<unsigned short, t::A>(M)", 2, "decode_kernel<unsigned short, A>"),
        ("void decode_kernel<t::A, 4u>(M)", None, "decode_kernel<A, 4u>"),
        ("void other<unsigned char, unsigned short>(M)", None, "other<unsigned char, unsigned short>"),
        ("other(M)", None, "other"),
    ],
)
def test_a_kernels_name_tells_a_values_bytes_or_nothing(name: str, n_bytes: int | None, short: str) -> None:
    assert (value_bytes(name), short_name(name)) == (n_bytes, short)


def test_the_most_loaded_bank_is_that_of_all_ways_and_of_a_draw(draw: np.random.Generator) -> None:
    assert conflict_degree(1) == 1
    for n in (2, 3, 4, 5):
        ways = [max(map(way.count, range(n))) for way in product(range(n), repeat=n)]
        assert conflict_degree(n) == pytest.approx(sum(ways) / n**n)
    rows = draw.integers(0, 32, (20000, 32))
    most = (rows[:, :, None] == np.arange(32)).sum(axis=1).max(axis=1)
    assert conflict_degree() == pytest.approx(most.mean(), abs=0.03)


def test_wavefronts_of_wide_loads_go_by_parts_of_a_warp() -> None:
    assert wavefronts({1: 1, 4: 2, 8: 1, 16: 1}, random=False) == 1 + 2 + 2 + 4
    wide = conflict_degree() + 2 * conflict_degree(16) + 4 * conflict_degree(8)
    assert wavefronts({4: 1, 8: 1, 16: 1}, random=True) == pytest.approx(wide)


def test_limits_are_a_boards_rates_over_what_a_value_takes() -> None:
    gpu = Gpu("board", sms=10, schedulers=4, alu_lanes=64, clock_hz=1e9)
    assert issue_limit(gpu, 16) == 10 * 4 * 32 * 1e9 / 16
    assert alu_limit(gpu, 8) == 10 * 64 * 1e9 / 8
    assert shared_limit(gpu, 2) == 10 * 32 * 1e9 / 2
    assert alu_limit(gpu, 0) is shared_limit(gpu, 0) is None
    assert Gpu() == Gpu("H200", 132, 4, 64, 1.755e9)


def test_resources_are_read_from_cuobjdumps_text() -> None:
    text = " Function k:\n  REG:56 STACK:8 SHARED:1024 LOCAL:4 CONSTANT[0]:580 TEXTURE:0 SURFACE:0 SAMPLER:0\n"
    assert read_resources(text) == {"k": Resources(56, 8, 1024, 4)}


def test_the_table_has_ranges_bounds_and_reasons() -> None:
    gpu = {"name": "H200", "sms": 132, "schedulers": 4, "alu_lanes": 64, "clock_hz": 1.755e9}
    nested, branches = functions("nested")[0], functions("branches")[0]
    kernels = [
        {"name": "nested()", "resources": None, **figures(nested)},
        {
            "name": "branches<unsigned char>()",
            "resources": {"registers": 56, "stack_bytes": 8, "shared_bytes": 1024, "local_bytes": 0},
            **figures(branches),
        },
    ]
    result = {"gpu": gpu, "kernels": kernels}
    main = [line.split() for line in to_main_table(result).splitlines()]
    assert main[1][:9] == ["nested", "-", "-", "-", "20", "1", "10", "3", ">10"]
    assert main[2][:8] == ["branches<unsigned", "char>", "56", "1024", "8", "d0", "16", "3"]
    text = to_table(result, every=True, classes=True)
    lines = [line.split() for line in text.splitlines()]
    assert "nested: 14 instructions, resources unknown, 0 of local memory" in text
    assert "branches<unsigned char>: 19 instructions, 56 registers, 1024 B shared memory, 8 B stack, 1 of local" in text
    outer = next(line for line in lines if line[:1] == ["20"])
    assert outer[1:7] == ["1", "1", "10", "3", ">10", ">1"]
    assert outer[8].startswith("<")
    second = next(line for line in lines if line[:1] == ["d0"])
    assert second[1:7] == ["0", "16", "3", "1", "0.188", "0"]
    assert "stg 2 (1x8B+1x16B, 1 predicated)" in text
    assert "1 calls, whose instructions are not counted" in text
    assert "values unknown: 1 of 2 stores are not in each pass" in text
    assert "has 3.53 of them" in text


def test_a_loops_listing_says_what_each_pass_goes_through() -> None:
    nested = functions("nested")[0]
    text = dump(nested, "nested()", 0x20)
    assert text.splitlines()[:2] == ["nested, loop 20", "-- each pass, shortest; then 30"]
    assert "-- a loop inside, shortest; then 30, 80" in text
    assert "-- some passes; then 60" in dump(functions("branches")[0], "branches()", 0x10)
    with pytest.raises(ValueError, match="no loop at 24"):
        dump(nested, "nested()", 0x24)
