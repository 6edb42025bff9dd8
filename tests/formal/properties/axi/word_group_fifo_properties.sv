// word_group_fifo_properties.sv — word_group_fifo of a bus of 64 bits: every two beats a group, each once, in order.
//
// Streams are of any lengths, in halves of a group. A last half without its other half stands in both.
// SPDX-License-Identifier: Apache-2.0
`include "properties.svh"

module word_group_fifo_properties #(
  parameter int Beats = 2,
  localparam int CountBits = $clog2(Beats + 3)
) (
  input logic        clk_i,
  input logic        rst_ni,
  input logic        beat_valid_i,
  input logic [63:0] beat_i,
  input logic        beat_last_i,
  input logic        beat_end_i,
  input logic        beat_error_i,
  input logic        ready_i,
  input logic        follow_i
);
  logic                 freed, valid, error;
  logic [127:0]         group;
  logic [CountBits-1:0] count, room_q;
  word_group_fifo #(
    .DataBits(64), .Beats(Beats)
  ) dut (
    .clk_i, .rst_ni, .beat_valid_i, .beat_i, .beat_last_i, .beat_end_i, .beat_error_i, .freed_o(freed),
    .valid_o(valid), .group_o(group), .error_o(error), .ready_i
  );

  logic        half_q, half_error_q;  // a first half came
  logic [63:0] low_q;
  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      half_q <= 1'b0;
      room_q <= CountBits'(Beats);
    end else begin
      if (beat_valid_i) half_q <= ~half_q & ~beat_end_i;
      room_q <= room_q + CountBits'(freed) - CountBits'(beat_valid_i);
    end
  end
  always_ff @(posedge clk_i) if (beat_valid_i) {half_error_q, low_q} <= {beat_error_i, beat_i};
  queue_check #(
    .Width(129), .Most(Beats + 1), .Latency(2)
  ) queue (
    .clk_i, .rst_ni, .follow_i, .push_i(CountBits'(beat_valid_i & (half_q | beat_end_i))), .place_i('0),
    .item_i({beat_error_i | (half_q & half_error_q), beat_i, half_q ? low_q : beat_i}), .valid_i(valid),
    .head_i({error, group}), .pop_i(valid & ready_i), .count_o(count)
  );

  `RESET_ONCE
  always_comb begin
    if (beat_valid_i) assume (room_q != '0);
    if (rst_ni) `REACH(AWholeBehindALone, valid & group[127:64] != group[63:0] & error)
  end
endmodule
