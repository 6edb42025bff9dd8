// fifo.sv — a queue: both of its ends look at registers alone.
//
// What is pushed in a cycle can be popped in the next one. With two places it passes an entry per
// cycle, so two places are a register between two handshakes that costs no rate.
// SPDX-License-Identifier: Apache-2.0
`include "assert.svh"

module fifo #(
  parameter int Width = 32,
  parameter int Depth = 2,  // a power of two, at least 2
  localparam int AddrBits = $clog2(Depth)
) (
  input  logic             clk_i,
  input  logic             rst_ni,
  input  logic             push_i,   // only while room_o
  input  logic [Width-1:0] data_i,
  output logic             room_o,
  output logic             valid_o,
  output logic [Width-1:0] data_o,
  input  logic             pop_i     // only while valid_o
);
  logic [Width-1:0]    mem [Depth];
  logic [AddrBits-1:0] head_q, tail_q;
  logic [AddrBits:0]   count_q;

  assign room_o  = ~count_q[AddrBits];
  assign valid_o = count_q != '0;
  assign data_o  = mem[head_q];

  always_ff @(posedge clk_i) begin
    if (push_i) mem[tail_q] <= data_i;
  end
  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      head_q  <= '0;
      tail_q  <= '0;
      count_q <= '0;
    end else begin
      if (push_i) tail_q <= tail_q + 1'b1;
      if (pop_i) head_q <= head_q + 1'b1;
      if (push_i & ~pop_i) count_q <= count_q + 1'b1;
      if (~push_i & pop_i) count_q <= count_q - 1'b1;
    end
  end

  `TRANSOM_ASSERT_INIT(DepthIsPower, Depth >= 2 && Depth == 1 << AddrBits)
  `TRANSOM_ASSERT(PushOnlyRoom, push_i |-> room_o)
  `TRANSOM_ASSERT(PopOnlyValid, pop_i |-> valid_o)
endmodule
