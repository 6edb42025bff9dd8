// beat_fifo_properties.sv — beat_fifo is a queue behind a memory, and tells of each place that is free again.
// SPDX-License-Identifier: Apache-2.0
`include "properties.svh"

module beat_fifo_properties #(
  parameter int Width = 4,
  parameter int Beats = 4,
  localparam int CountBits = $clog2(Beats + 2)
) (
  input logic             clk_i,
  input logic             rst_ni,
  input logic             push_i,
  input logic [Width-1:0] data_i,
  input logic             take_i,
  input logic             follow_i
);
  logic                 freed, valid;
  logic [Width-1:0]     data;
  logic [CountBits-1:0] count;
  logic [CountBits-1:0] room_q;  // as who asks for beats counts it
  beat_fifo #(
    .Width(Width), .Beats(Beats)
  ) dut (
    .clk_i, .rst_ni, .push_i, .data_i, .freed_o(freed), .valid_o(valid), .data_o(data), .take_i
  );
  queue_check #(
    .Width(Width), .Most(Beats + 1), .Latency(1)
  ) queue (
    .clk_i, .rst_ni, .follow_i, .push_i(CountBits'(push_i)), .place_i('0), .item_i(data_i), .valid_i(valid),
    .head_i(data), .pop_i(take_i), .count_o(count)
  );
  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) room_q <= CountBits'(Beats);
    else room_q <= room_q + CountBits'(freed) - CountBits'(push_i);
  end

  `RESET_ONCE
  always_comb begin
    if (push_i) assume (room_q != '0);
    if (take_i) assume (valid);
    // All places are known of: in the memory, at its output, or free.
    if (rst_ni) `CHECK(RoomIsRoom, room_q + count == CountBits'(Beats) + CountBits'(valid))
  end
endmodule
