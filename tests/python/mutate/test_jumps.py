"""test_jumps.py — registers of a netlist that may jump: adders in front of them, and who says by how much."""
# SPDX-License-Identifier: Apache-2.0

import pytest
from mutate.jumps import add_jumps, ask_for_jumps, words

from transom.cost.yosys import ToolError

NETLIST = """\
module \\unit
  wire input 1 \\clk_i
  wire width 40 \\u.count_q
  wire width 40 $next
  cell $adff $procdff$1
    parameter \\WIDTH 40
    connect \\CLK \\clk_i
    connect \\D $next
    connect \\Q \\u.count_q
  end
end
"""


def test_a_register_adds_what_the_bench_says() -> None:
    text = add_jumps(NETLIST, {"u.count_q": 40})
    assert "  wire width 64 input 2 \\jump\n" in text
    assert "    connect \\D \\jumped.u.count_q\n    connect \\Q \\u.count_q\n" in text
    assert (
        "    connect \\A $next\n    connect \\B \\jump [39:0]\n    connect \\Y \\jumped.u.count_q\n  end\nend\n" in text
    )
    assert text.index("\\jumped.u.count_q\n") < text.index("cell $adff")  # Yosys wants wires first


def test_words_of_registers_begin_anew() -> None:
    assert words({"a": 32, "b": 33, "c": 1}) == 4


def test_no_register_is_no_jump() -> None:
    assert add_jumps(NETLIST, {}) == NETLIST


def test_a_register_that_is_not_there_is_refused() -> None:
    for registers in ({"u.other_q": 40}, {"u.count_q": 41}):
        with pytest.raises(ToolError, match="no register u"):
            add_jumps(NETLIST, registers)


def test_the_input_becomes_a_question() -> None:
    ports = "  input clk_i;\n  input [63:0] jump;\n  wire [63:0] jump;\n"
    verilog = f"module unit(clk_i, jump, mutant);\n{ports}endmodule\n"
    text = ask_for_jumps(verilog)
    assert "module unit(clk_i, mutant);" in text
    assert "input [63:0]" not in text
    assert "n < 2; n++) jump[32 * n +: 32] = transom_jump(n);" in text
    assert ask_for_jumps("module unit(clk_i);\n") == "module unit(clk_i);\n"
