// case_check.sv — one case of a property, by itself: what is hard to prove together may be easy apart.
// SPDX-License-Identifier: Apache-2.0
`include "properties.svh"

module case_check (
  input logic when_i,
  input logic right_i
);
  always_comb `CHECK(Right, ~when_i | right_i)
endmodule
