// fifo_properties.sv — fifo is a queue, and says truly whether it has room.
// SPDX-License-Identifier: Apache-2.0
`include "properties.svh"

module fifo_properties #(
  parameter int Width = 4,
  parameter int Depth = 4,
  localparam int CountBits = $clog2(Depth + 1)
) (
  input logic             clk_i,
  input logic             rst_ni,
  input logic             push_i,
  input logic [Width-1:0] data_i,
  input logic             pop_i,
  input logic             follow_i
);
  logic                 room, valid;
  logic [Width-1:0]     data;
  logic [CountBits-1:0] count;
  fifo #(
    .Width(Width), .Depth(Depth)
  ) dut (
    .clk_i, .rst_ni, .push_i, .data_i, .room_o(room), .valid_o(valid), .data_o(data), .pop_i
  );
  queue_check #(
    .Width(Width), .Most(Depth)
  ) queue (
    .clk_i, .rst_ni, .follow_i, .push_i(CountBits'(push_i)), .place_i('0), .item_i(data_i), .valid_i(valid),
    .head_i(data), .pop_i, .count_o(count)
  );

  `RESET_ONCE
  always_comb begin
    if (push_i) assume (room);
    if (pop_i) assume (valid);
    if (rst_ni) `CHECK(RoomIsRoom, room == (32'(count) < Depth))
  end
endmodule
