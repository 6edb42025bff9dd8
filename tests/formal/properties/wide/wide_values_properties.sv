// wide_values_properties.sv — the wide unit's AXI4-Stream port: its handshake, whole values, an end for every tensor that began.
// SPDX-License-Identifier: Apache-2.0
`include "properties.svh"

module wide_values_properties #(
  parameter int Lanes     = 4,
  parameter int MaxOffset = 8,
  parameter int Halves    = 8,
  localparam int LaneBits = $clog2(Lanes + 1),
  localparam int OutBits  = Lanes * codec_pkg::ValueBits
) (
  input logic                       clk_i,
  input logic                       rst_ni,
  input logic                       close_i,
  input logic                       beat_valid_i,
  input logic [Lanes*MaxOffset-1:0] beat_i,
  input logic [Lanes-1:0]           beat_lanes_i,
  input logic                       beat_last_i,
  input logic                       raw_valid_i,
  input logic [Halves*16-1:0]       halves_i,
  input logic [1:0]                 raw_log_i,
  input logic [LaneBits-1:0]        raw_count_i,
  input logic                       raw_last_i,
  input logic                       tready_i,
  input logic                       follow_i
);
  logic                 room, tvalid, tlast, idle, push;
  logic [OutBits-1:0]   tdata, want;
  logic [OutBits/8-1:0] tkeep, keep;
  wide_values #(
    .Lanes(Lanes), .MaxOffset(MaxOffset), .Halves(Halves)
  ) dut (
    .clk_i, .rst_ni, .close_i, .room_o(room), .beat_valid_i, .beat_i, .beat_lanes_i, .beat_last_i,
    .raw_valid_i, .halves_i, .raw_log_i, .raw_count_i, .raw_last_i, .tvalid_o(tvalid), .tdata_o(tdata),
    .tkeep_o(tkeep), .tlast_o(tlast), .tready_i, .idle_o(idle)
  );
  handshake_check #(
    .Width(OutBits + OutBits / 8 + 1)
  ) t (
    .clk_i, .rst_ni, .valid_i(tvalid), .ready_i(tready_i), .payload_i({tdata, tkeep, tlast})
  );

  // The beat that is pushed, value by value; one that closes a tensor has none.
  logic [1:0] count;
  logic       open_q, last, out_open_q, closes;
  assign closes = close_i & open_q & room;
  assign push   = beat_valid_i | raw_valid_i | closes;
  assign last   = beat_valid_i ? beat_last_i : raw_valid_i ? raw_last_i : 1'b1;
  always_comb begin
    want = '0;
    keep = '0;
    for (int s = 0; s < Lanes; s++) begin
      if (beat_valid_i ? beat_lanes_i[s] : raw_valid_i & s < 32'(raw_count_i)) begin
        keep[2*s +: 2] = 2'b11;
        want[16*s +: 16] = beat_valid_i ? 16'(beat_i[s*MaxOffset +: MaxOffset])
                         : raw_log_i == 2'd0 ? 16'(halves_i[4*s +: 4]) : 16'(halves_i[8*s +: 8]);
      end
    end
  end
  queue_check #(
    .Width(OutBits + OutBits / 8 + 1), .Most(2)
  ) queue (
    .clk_i, .rst_ni, .follow_i, .push_i(2'(push)), .place_i('0), .item_i({want, keep, last}),
    .valid_i(tvalid), .head_i({tdata, tkeep, tlast}), .pop_i(tvalid & tready_i), .count_o(count)
  );
  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      {open_q, out_open_q} <= '0;
    end else begin
      if (push) open_q <= ~last;
      if (tvalid & tready_i) out_open_q <= ~tlast;
    end
  end

  `RESET_ONCE
  always_comb begin
    if (beat_valid_i | raw_valid_i) assume (room & ~close_i & ~(beat_valid_i & raw_valid_i));
    if (raw_valid_i) assume (raw_log_i < 2'd2);  // values of 8 bits at most
    if (rst_ni) begin
      `CHECK(RoomIsRoom, room == (count < 2'd2))
      `CHECK(IdleIsDone, idle == (count == '0 & ~open_q))
      `CHECK(IdleIsClosed, ~idle | ~out_open_q)
      `REACH(Closes, closes & count == 2'd1)
      `REACH(Raw, tvalid & tready_i & tkeep != '0 & tkeep != '1 & ~tlast)
    end
  end
endmodule
