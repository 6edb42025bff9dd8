// arith_bounds_properties.sv — the boundaries that arith_coder compares with are model/FORMAT.md's, of any counts and range.
//
// b(c) = floor((HI - LO + 1) c / 2^10), for the counts of all rows and for 2^10, which is behind the last one.
// The range is a register of the coder, of any value; arith_coder_properties says that it is HI - LO + 1.
// SPDX-License-Identifier: Apache-2.0
`include "properties.svh"

module arith_bounds_properties #(
  localparam int Rows     = codec_pkg::ArithRows,
  localparam int CumBits  = codec_pkg::ArithTableLog + 1,
  localparam int CumsBits = Rows * CumBits
) (
  input logic                clk_i,
  input logic                rst_ni,
  input logic                enter_i,
  input logic                step_i,
  input logic [57:0]         control_i,  // codec_pkg::control_t
  input logic [CumsBits-1:0] cum_i
);
  logic [1:0]  turn;
  logic [13:0] step;
  logic [47:0] state;
  arith_coder dut (
    .clk_i, .rst_ni, .turn_o(turn), .enter_i, .step_i, .control_i, .step_o(step), .state_o(state), .cum_i
  );
  (* hierconn *) logic [(Rows+1)*17-1:0] \dut.bound ;
  (* hierconn *) logic [16:0] \dut.range_a_q ;
  logic [(Rows+1)*17-1:0]      b;
  logic [(Rows+1)*CumBits-1:0] c;
  logic [16:0]                 range_a;
  logic [Rows:0]               right;
  assign b       = \dut.bound ;
  assign c       = {CumBits'(1) << codec_pkg::ArithTableLog, cum_i};
  assign range_a = \dut.range_a_q ;
  for (genvar i = 0; i <= Rows; i++) begin : gen_right
    assign right[i] = b[i*17 +: 17] == 17'(28'(range_a) * 28'(c[i*CumBits +: CumBits]) >> codec_pkg::ArithTableLog);
  end
  `RESET_ONCE
  always_comb begin
    assume (cum_i[0 +: CumBits] == '0);
    `CHECK(BoundsAreTheFormulas, right == '1)
    `REACH(OfALesserRange, b[17 +: 17] == 17'd77 & range_a < 17'h1_0000)
  end
endmodule
