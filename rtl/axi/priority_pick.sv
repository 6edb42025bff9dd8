// priority_pick.sv — the lowest bit that is set, as a tree: its depth grows with the logarithm.
//
// Node 1 is the root, nodes 2n and 2n + 1 are the children of n, the leaves are the bits.
// SPDX-License-Identifier: Apache-2.0
module priority_pick #(
  parameter int Bits = 9,
  localparam int IndexBits = Bits == 1 ? 1 : $clog2(Bits)
) (
  input  logic [Bits-1:0]      bits_i,
  output logic                 any_o,
  output logic [IndexBits-1:0] index_o  // 0 if there is none
);
  localparam int Leaves = 1 << IndexBits;

  logic [2*Leaves-1:0]           any;
  logic [2*Leaves*IndexBits-1:0] index;

  always_comb begin
    any = '0;
    any[Leaves +: Bits] = bits_i;
    index[0 +: IndexBits] = '0;
    for (int i = 0; i < Leaves; i++) index[(Leaves+i)*IndexBits +: IndexBits] = IndexBits'(i);
    for (int n = Leaves - 1; n > 0; n--) begin
      any[n] = any[2*n] | any[2*n+1];
      index[n*IndexBits +: IndexBits] = any[2*n] ? index[2*n*IndexBits +: IndexBits]
                                                 : index[(2*n+1)*IndexBits +: IndexBits];
    end
  end
  assign any_o   = any[1];
  assign index_o = any[1] ? index[IndexBits +: IndexBits] : '0;
endmodule
