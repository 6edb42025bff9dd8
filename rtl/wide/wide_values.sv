// wide_values.sv — beats of values, of the lanes or of raw halfwords, to AXI4-Stream.
//
// A queue of two. Beats that are out outlive run_rst_ni, which ends the rest of a run: one on offer
// stays until it is taken, and a tensor that is left in its midst is ended by a beat without values
// (close_i).
// SPDX-License-Identifier: Apache-2.0
`include "assert.svh"

module wide_values #(
  parameter int Lanes     = 16,
  parameter int MaxOffset = 8,   // bits of a value
  parameter int Halves    = 16,
  localparam int LaneBits = $clog2(Lanes + 1),
  localparam int ValueBits = codec_pkg::ValueBits,
  localparam int OutBits  = Lanes * ValueBits
) (
  input  logic                       clk_i,
  input  logic                       rst_ni,
  input  logic                       close_i,        // an abort: nothing is pushed
  output logic                       room_o,
  // of the lanes
  input  logic                       beat_valid_i,   // only while room_o
  input  logic [Lanes*MaxOffset-1:0] beat_i,
  input  logic [Lanes-1:0]           beat_lanes_i,
  input  logic                       beat_last_i,
  // without them
  input  logic                       raw_valid_i,
  input  logic [Halves*16-1:0]       halves_i,
  input  logic [1:0]                 raw_log_i,      // values have 4, 8 or 16 bits
  input  logic [LaneBits-1:0]        raw_count_i,
  input  logic                       raw_last_i,
  // AXI4-Stream
  output logic                       tvalid_o,
  output logic [OutBits-1:0]         tdata_o,
  output logic [OutBits/8-1:0]       tkeep_o,
  output logic                       tlast_o,
  input  logic                       tready_i,
  output logic                       idle_o          // nothing is here, no tensor is open
);
  logic [Lanes*MaxOffset-1:0] values, data;
  logic [Lanes-1:0]           lanes, keep;
  logic                       last, push, close, frame_q, valid;

  for (genvar s = 0; s < Lanes; s++) begin : gen_value
    logic [MaxOffset-1:0] raw, value;
    // A value is there if its halfwords are shown.
    if (s < 4 * Halves) begin : gen_four
      if (s < 2 * Halves) begin : gen_eight
        if (MaxOffset > 8 && s < Halves) begin : gen_sixteen
          assign raw = raw_log_i == 2'd0 ? MaxOffset'(halves_i[4*s +: 4])
                     : raw_log_i == 2'd1 ? MaxOffset'(halves_i[8*s +: 8])
                                         : MaxOffset'(halves_i[16*s +: 16]);
        end else begin : gen_none
          assign raw = raw_log_i == 2'd0 ? MaxOffset'(halves_i[4*s +: 4])
                                         : MaxOffset'(halves_i[8*s +: 8]);
        end
      end else begin : gen_none
        assign raw = MaxOffset'(halves_i[4*s +: 4]);
      end
    end else begin : gen_none
      assign raw = '0;
    end
    assign lanes[s] = beat_valid_i ? beat_lanes_i[s]
                    : raw_valid_i & LaneBits'(s) < raw_count_i;
    assign value = beat_valid_i ? beat_i[s*MaxOffset +: MaxOffset] : raw;
    assign values[s*MaxOffset +: MaxOffset] = value & {MaxOffset{lanes[s]}};
    assign tdata_o[s*ValueBits +: ValueBits] = ValueBits'(data[s*MaxOffset +: MaxOffset]);
    assign tkeep_o[2*s +: 2] = {2{keep[s]}};
  end
  assign close = close_i & frame_q & room_o;
  assign push  = beat_valid_i | raw_valid_i | close;
  assign last  = beat_valid_i ? beat_last_i : ~raw_valid_i | raw_last_i;
  fifo #(
    .Width(Lanes * (MaxOffset + 1) + 1), .Depth(2)
  ) u_out (
    .clk_i, .rst_ni, .push_i(push), .data_i({last, lanes, values}), .room_o, .valid_o(valid),
    .data_o({tlast_o, keep, data}), .pop_i(valid & tready_i)
  );
  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) frame_q <= 1'b0;
    else if (push) frame_q <= ~last;
  end
  assign tvalid_o = valid;
  assign idle_o   = ~(valid | frame_q);

  `TRANSOM_ASSERT(OnePushes, 32'(beat_valid_i) + 32'(raw_valid_i) + 32'(close) <= 1)
endmodule
