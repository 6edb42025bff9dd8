// nrans_constants.sv — of one symbol of narrow rANS: what a step wants of it, out of its counts, as its formulas say.
//
// All is aligned to the largest R: of a table of R, counts and states are times 2^(TableLog - R).
//   base   f block - cum for each block 4..7, so that y = base + slot
//   most   k of y below 2^(m+3), where m = floor(log2 f); above it k is one less
//   limit  the last state with such a y: where f is 2^m, all have it
// SPDX-License-Identifier: Apache-2.0
module nrans_constants #(
  parameter int TableLog = 4,
  localparam int CumBits   = TableLog + 1,
  localparam int StateBits = TableLog + 2,
  localparam int BaseBits  = TableLog + 3
) (
  input  logic [CumBits-1:0]    cum_i,
  input  logic [CumBits-1:0]    end_i,  // the count behind it
  output logic [4*BaseBits-1:0] bases_o,
  output logic [StateBits-1:0]  limit_o,
  output logic [3:0]            most_o
);
  logic [TableLog+4:0] f, cum, bound;  // bound: 2^(m+3)
  logic [TableLog+4:0] limit;
  assign f   = (TableLog+5)'(CumBits'(end_i - cum_i));
  assign cum = (TableLog+5)'(cum_i);
  always_comb begin
    most_o = '0;
    bound  = '0;
    for (int m = 0; m <= TableLog; m++) begin
      if (f >> m != '0) most_o = 4'(TableLog - m);
      if (f >> m != '0) bound = (TableLog+5)'(8) << m;
    end
    for (int q = 0; q < 4; q++) bases_o[q*BaseBits +: BaseBits] = BaseBits'(f * (TableLog+5)'(4 + q) - cum);
    // The states of block 4 + q whose y is below the bound are those with slot - cum < bound - f block.
    limit = '1;
    for (int q = 0; q < 4; q++) begin
      if (f * (TableLog+5)'(4 + q) <= bound & bound < f * (TableLog+5)'(5 + q)) begin
        limit = ((TableLog+5)'(q) << TableLog) + cum + (bound - f * (TableLog+5)'(4 + q)) - 1'b1;
      end
    end
    // A frequency of 2^m has no y above the bound, and one of 0 no state.
    limit_o = bound == f << 3 ? '1 : StateBits'(limit);
  end
endmodule
