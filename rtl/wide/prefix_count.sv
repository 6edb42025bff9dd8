// prefix_count.sv — how many bits are set below each position, as two numbers.
//
// In two levels: within groups of eight (near_o), and over groups (groups_o); who wants the sum adds
// them, after a register if he likes. Both double what they know in each step (Sklansky).
// SPDX-License-Identifier: Apache-2.0
module prefix_count #(
  parameter int Bits = 32,  // a multiple of eight
  localparam int Groups    = Bits / 8,
  localparam int CountBits = $clog2(Bits + 1)
) (
  input  logic [Bits-1:0]             bits_i,
  output logic [Bits*3-1:0]           near_o,  // below a position, in its group
  output logic [Groups*CountBits-1:0] groups_o,  // below a group
  output logic [CountBits-1:0]        total_o
);
  localparam int Levels = $clog2(Groups);

  logic [Groups*4-1:0] whole;  // of a group
  for (genvar g = 0; g < Groups; g++) begin : gen_group
    logic [7:0] b;
    logic [1:0] n10, n32, n54, n76;
    logic [2:0] n20, n30, n74;
    assign b   = bits_i[8*g +: 8];
    assign n10 = {1'b0, b[1]} + {1'b0, b[0]};
    assign n32 = {1'b0, b[3]} + {1'b0, b[2]};
    assign n54 = {1'b0, b[5]} + {1'b0, b[4]};
    assign n76 = {1'b0, b[7]} + {1'b0, b[6]};
    assign n20 = {1'b0, n10} + {2'b0, b[2]};
    assign n30 = {1'b0, n10} + {1'b0, n32};
    assign n74 = {1'b0, n54} + {1'b0, n76};
    assign near_o[24*g +: 24] = {n30 + {1'b0, n54} + {2'b0, b[6]}, n30 + {1'b0, n54},
                                   n30 + {2'b0, b[4]}, n30, n20, {1'b0, n10}, {2'b0, b[0]}, 3'b0};
    assign whole[4*g +: 4] = {1'b0, n30} + {1'b0, n74};
  end

  // Up to and with a group.
  logic [Groups*CountBits-1:0] upto;
  always_comb begin
    for (int g = 0; g < Groups; g++) begin
      upto[g*CountBits +: CountBits] = CountBits'(whole[4*g +: 4]);
    end
    for (int l = 0; l < Levels; l++) begin
      for (int g = 0; g < Groups; g++) begin
        if ((g >> l) % 2 == 1) begin
          upto[g*CountBits +: CountBits] = upto[g*CountBits +: CountBits]
            + upto[((g >> l) * (1 << l) - 1)*CountBits +: CountBits];
        end
      end
    end
  end
  for (genvar g = 0; g < Groups; g++) begin : gen_below
    if (g == 0) begin : gen_first
      assign groups_o[0 +: CountBits] = '0;
    end else begin : gen_other
      assign groups_o[g*CountBits +: CountBits] = upto[(g-1)*CountBits +: CountBits];
    end
  end
  assign total_o = upto[(Groups-1)*CountBits +: CountBits];
endmodule
