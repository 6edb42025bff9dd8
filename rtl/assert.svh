// assert.svh — assertions of rtl/: on in every simulator, off where they cannot be read.
//
// Yosys 0.23 and Icarus 11 know no concurrent assertions: for both (they say YOSYS, __ICARUS__) the
// macros are nothing. Define TRANSOM_ASSERTS_OFF to do without them elsewhere. Logic that only
// assertions look at stands under `ifdef TRANSOM_ASSERTS. SYNTHESIS is not asked: Yosys defines it
// for proofs too.
// SPDX-License-Identifier: Apache-2.0
`ifndef TRANSOM_ASSERT_SVH
`define TRANSOM_ASSERT_SVH

`ifndef TRANSOM_ASSERTS_OFF
`ifndef YOSYS
`ifndef __ICARUS__
`define TRANSOM_ASSERTS
`endif
`endif
`endif

`ifdef TRANSOM_ASSERTS
// At every rising edge of clk_i outside of reset. Property may have |->, |=>, $past, $stable.
`define TRANSOM_ASSERT(Name, Property) \
  Name: assert property (@(posedge clk_i) disable iff (!rst_ni) (Property));
// Once, before the first clock: of parameters and widths.
`define TRANSOM_ASSERT_INIT(Name, Condition) \
  initial begin Name: assert (Condition); end
`else
`define TRANSOM_ASSERT(Name, Property)
`define TRANSOM_ASSERT_INIT(Name, Condition)
`endif

`endif
