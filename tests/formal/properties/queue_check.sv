// queue_check.sv — what every queue promises: items leave once each, unchanged, in the order they came.
//
// One item is followed, any one: `follow_i` is free. As many items leave before it as were there when
// it came, then it leaves.
// SPDX-License-Identifier: Apache-2.0
`include "properties.svh"

module queue_check #(
  parameter int Width   = 8,
  parameter int Most    = 16,  // items that are ever there
  parameter int Latency = 0,   // clocks in which a queue that has items may show none
  localparam int CountBits = $clog2(Most + 2)
) (
  input  logic                 clk_i,
  input  logic                 rst_ni,
  input  logic                 follow_i,
  input  logic [CountBits-1:0] push_i,   // items that come
  input  logic [CountBits-1:0] place_i,  // of these, the one that may be followed
  input  logic [Width-1:0]     item_i,   // it
  input  logic                 valid_i,
  input  logic [Width-1:0]     head_i,
  input  logic                 pop_i,
  output logic [CountBits-1:0] count_o
);
  logic                 followed_q;
  logic [CountBits-1:0] count_q, ahead_q;
  logic [Width-1:0]     item_q;
  logic [3:0]           waits_q;
  assign count_o = count_q;
  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      followed_q <= 1'b0;
      count_q    <= '0;
      ahead_q    <= '0;
      item_q     <= '0;
      waits_q    <= '0;
    end else begin
      count_q <= count_q + push_i - CountBits'(pop_i);
      waits_q <= valid_i | count_q == '0 ? '0 : waits_q + 4'd1;
      if (followed_q) begin
        if (pop_i) ahead_q <= ahead_q - 1'b1;
        if (pop_i & ahead_q == '0) followed_q <= 1'b0;
      end else if (follow_i & place_i < push_i) begin
        followed_q <= 1'b1;
        ahead_q    <= count_q + place_i - CountBits'(pop_i);
        item_q     <= item_i;
      end
    end
  end
  always_comb begin
    if (rst_ni) begin
      `CHECK(NeverTooMany, 32'(count_q) <= Most)
      `CHECK(NoneFromNothing, ~valid_i | count_q != '0)
      `CHECK(InOrder, ~(followed_q & valid_i & ahead_q == '0) | head_i == item_q)
      `CHECK(ShownInTime, 32'(waits_q) <= Latency)
      `REACH(LeavesBehindOthers, followed_q & ahead_q == '0 & pop_i & count_q == CountBits'(2))
      `REACH(Fills, 32'(count_q) == Most)
    end
  end
endmodule
