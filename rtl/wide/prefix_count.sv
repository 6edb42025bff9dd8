// prefix_count.sv — how many bits are set below each position.
//
// In two levels: within groups of eight, and over groups. Both double what they know in each step
// (Sklansky); the second has an eighth of the positions, which is where the area would be.
// SPDX-License-Identifier: Apache-2.0
module prefix_count #(
  parameter int Bits = 32,  // a multiple of eight
  localparam int CountBits = $clog2(Bits + 1)
) (
  input  logic [Bits-1:0]           bits_i,
  output logic [Bits*CountBits-1:0] below_o,
  output logic [CountBits-1:0]      total_o
);
  localparam int Groups    = Bits / 8;
  localparam int GroupBits = Groups == 1 ? 1 : $clog2(Groups);

  // Counts up to and with a position.
  logic [Bits*4-1:0]           in_group;
  logic [Groups*CountBits-1:0] groups;
  for (genvar g = 0; g < Groups; g++) begin : gen_group
    logic [7:0] b;
    logic [1:0] n10, n32, n54, n76;
    logic [2:0] n20, n30, n64, n74;
    assign b   = bits_i[8*g +: 8];
    assign n10 = {1'b0, b[1]} + {1'b0, b[0]};
    assign n32 = {1'b0, b[3]} + {1'b0, b[2]};
    assign n54 = {1'b0, b[5]} + {1'b0, b[4]};
    assign n76 = {1'b0, b[7]} + {1'b0, b[6]};
    assign n20 = {1'b0, n10} + {2'b0, b[2]};
    assign n30 = {1'b0, n10} + {1'b0, n32};
    assign n64 = {1'b0, n54} + {2'b0, b[6]};
    assign n74 = {1'b0, n54} + {1'b0, n76};
    assign in_group[32*g +: 32] = {
      {1'b0, n30} + {1'b0, n74}, {1'b0, n30} + {1'b0, n64}, {1'b0, n30} + {2'b0, n54},
      {1'b0, n30} + {3'b0, b[4]}, {1'b0, n30}, {1'b0, n20}, {2'b0, n10}, {3'b0, b[0]}};
  end
  always_comb begin
    for (int g = 0; g < Groups; g++) begin
      groups[g*CountBits +: CountBits] = CountBits'(in_group[32*g+28 +: 4]);
    end
    for (int l = 0; l < GroupBits; l++) begin
      for (int g = 0; g < Groups; g++) begin
        if ((g >> l) % 2 == 1) begin
          groups[g*CountBits +: CountBits] = groups[g*CountBits +: CountBits]
            + groups[((g >> l) * (1 << l) - 1)*CountBits +: CountBits];
        end
      end
    end
  end
  for (genvar p = 0; p < Bits; p++) begin : gen_below
    logic [CountBits-1:0] base;
    logic [3:0]           here;
    if (p < 8) begin : gen_first
      assign base = '0;
    end else begin : gen_other
      assign base = groups[(p/8-1)*CountBits +: CountBits];
    end
    if (p % 8 == 0) begin : gen_none
      assign here = '0;
    end else begin : gen_some
      assign here = in_group[4*(p-1) +: 4];
    end
    assign below_o[p*CountBits +: CountBits] = base + CountBits'(here);
  end
  assign total_o = groups[(Groups-1)*CountBits +: CountBits];
endmodule
