// properties.svh — what is proven, and what must be reachable so that no proof holds for want of a case.
//
// FORMAL_COVER turns each REACH into an assertion that it is never reached, which must fail, and leaves
// the others out. FORMAL_BLACK_BOX, asked by the modules of properties, leaves out what looks inside
// the design: for runs of a design with a fault.
// SPDX-License-Identifier: Apache-2.0
`ifndef TRANSOM_PROPERTIES_SVH
`define TRANSOM_PROPERTIES_SVH

`ifdef FORMAL_COVER
`define CHECK(Name, Condition) begin end
`define REACH(Name, Condition) Name: assert (~(Condition));
`else
`define CHECK(Name, Condition) Name: assert (Condition);
`define REACH(Name, Condition) begin end
`endif

// Every run begins with a clock in reset, and has no other.
`define RESET_ONCE \
  logic begun_q = 1'b0; \
  always_ff @(posedge clk_i) begun_q <= 1'b1; \
  always_comb assume (rst_ni == begun_q);

`endif
