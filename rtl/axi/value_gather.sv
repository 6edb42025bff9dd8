// value_gather.sv — values of all streams, joined to the beats of one AXI4-Stream.
//
// A tensor is a mask of the streams that have values. A beat takes one value (two of a pair lane)
// from each stream of its half that has any left, and from none before all of them are there; that
// is the tensor's order if its chunks have one value. Where a lane decodes two streams in turn,
// beats alternate between streams 0..Lanes-1 and the others, and a half without values is left out.
// Value p of a beat is of lane p, values Lanes + p are the second ones of pairs; TKEEP tells which
// are there. TLAST ends a tensor, and one without values is a beat without values.
// Beats that are out outlive run_rst_ni, which drops the rest: one on offer stays until it is taken,
// and a tensor that is left in its midst is ended by a beat without values (close_i).
// SPDX-License-Identifier: Apache-2.0
`include "assert.svh"

module value_gather #(
  parameter int Lanes   = 4,
  parameter int Streams = 4,   // Lanes, or 2 Lanes
  parameter int Values  = 1,   // of a stream's beat, 1 or 2
  parameter int Depth   = 8,   // beats of a stream that wait for the other streams
  localparam int ValueBits = codec_pkg::ValueBits,
  localparam int BeatBits  = Values * ValueBits,
  localparam int OutBits   = Lanes * BeatBits
) (
  input  logic                        clk_i,
  input  logic                        rst_ni,
  input  logic                        run_rst_ni,        // low: drop tensors and values
  input  logic                        close_i,           // only while run_rst_ni is low
  // tensors, in order
  input  logic                        tensor_valid_i,
  input  logic [Streams-1:0]          tensor_streams_i,  // that have values
  output logic                        tensor_ready_o,
  // values
  input  logic [Streams-1:0]          value_valid_i,
  input  logic [Streams*BeatBits-1:0] value_i,
  input  logic [Streams-1:0]          value_two_i,
  input  logic [Streams-1:0]          value_last_i,
  output logic [Streams-1:0]          value_ready_o,
  // AXI4-Stream
  output logic                        tvalid_o,
  output logic [OutBits-1:0]          tdata_o,
  output logic [OutBits/8-1:0]        tkeep_o,
  output logic                        tlast_o,
  input  logic                        tready_i,
  output logic                        idle_o             // nothing is here
);
  localparam int FifoBits = BeatBits + 2;

  logic                        next_valid, open_q, half, fire, out_room, out_valid, beat_last;
  logic                        frame_q, close;  // a beat is out, and the tensor's last one is not
  logic [Streams-1:0]          next_streams, active_q, active_after, half_streams, take;
  logic [Streams-1:0]          valid, two, last;
  logic [Streams*BeatBits-1:0] values;
  logic [OutBits-1:0]          beat;
  logic [OutBits/8-1:0]        keep;

  fifo #(
    .Width(Streams), .Depth(4)
  ) u_tensors (
    .clk_i, .rst_ni(run_rst_ni), .push_i(tensor_valid_i & tensor_ready_o), .data_i(tensor_streams_i),
    .room_o(tensor_ready_o), .valid_o(next_valid), .data_o(next_streams),
    .pop_i(next_valid & (~open_q | (fire & beat_last)))
  );
  for (genvar s = 0; s < Streams; s++) begin : gen_stream
    fifo #(
      .Width(FifoBits), .Depth(Depth)
    ) u_values (
      .clk_i, .rst_ni(run_rst_ni), .push_i(value_valid_i[s] & value_ready_o[s]),
      .data_i({value_last_i[s], value_two_i[s], value_i[s*BeatBits +: BeatBits]}),
      .room_o(value_ready_o[s]), .valid_o(valid[s]),
      .data_o({last[s], two[s], values[s*BeatBits +: BeatBits]}), .pop_i(take[s])
    );
  end

  ///////////////////////////////////////////////////////////////////////////////////////////////
  // Whose turn it is.
  if (Streams == Lanes) begin : gen_whole
    assign half = 1'b0;
    assign half_streams = active_q;
  end else begin : gen_half
    logic low, high, half_q;
    assign low  = active_q[Lanes-1:0] != '0;
    assign high = active_q[Streams-1:Lanes] != '0;
    assign half = half_q ? high : high & ~low;
    assign half_streams = half ? {active_q[Streams-1:Lanes], {Lanes{1'b0}}}
                               : {{Lanes{1'b0}}, active_q[Lanes-1:0]};
    always_ff @(posedge clk_i or negedge run_rst_ni) begin
      if (!run_rst_ni) half_q <= 1'b0;
      else if (~open_q | (fire & beat_last)) half_q <= 1'b0;
      else if (fire) half_q <= ~half;
    end
  end
  assign fire = open_q & out_room & (half_streams & ~valid) == '0;
  assign take = fire ? half_streams : '0;
  assign active_after = active_q & ~(half_streams & last);
  assign beat_last    = active_after == '0;

  always_ff @(posedge clk_i or negedge run_rst_ni) begin
    if (!run_rst_ni) begin
      open_q   <= 1'b0;
      active_q <= '0;
    end else if (~open_q | (fire & beat_last)) begin
      open_q   <= next_valid;
      active_q <= next_streams;
    end else if (fire) begin
      active_q <= active_after;
    end
  end

  ///////////////////////////////////////////////////////////////////////////////////////////////
  // The beat. Where no stream is left it is the one that closes a tensor.
  assign close = close_i & frame_q & out_room;
  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) frame_q <= 1'b0;
    else if (fire | close) frame_q <= ~beat_last;
  end
  for (genvar l = 0; l < Lanes; l++) begin : gen_lane
    localparam int h = l + Streams - Lanes;  // the lane's second stream, if it has one
    for (genvar v = 0; v < Values; v++) begin : gen_value
      logic there;
      assign there = half ? half_streams[h] & (v == 0 || two[h])
                          : half_streams[l] & (v == 0 || two[l]);
      assign keep[(v*Lanes+l)*2 +: 2] = {2{there}};
      assign beat[(v*Lanes+l)*ValueBits +: ValueBits] =
        ~there ? '0 : half ? values[(h*Values+v)*ValueBits +: ValueBits]
                           : values[(l*Values+v)*ValueBits +: ValueBits];
    end
  end
  fifo #(
    .Width(OutBits + OutBits / 8 + 1), .Depth(2)
  ) u_out (
    .clk_i, .rst_ni, .push_i(fire | close), .data_i({beat_last, keep, beat}), .room_o(out_room),
    .valid_o(out_valid), .data_o({tlast_o, tkeep_o, tdata_o}), .pop_i(out_valid & tready_i)
  );
  assign tvalid_o = out_valid;
  assign idle_o   = ~(next_valid | open_q | out_valid | frame_q | valid != '0);

  `TRANSOM_ASSERT(ClosesWithNothing, close |-> ~fire & beat_last & keep == '0)
  `TRANSOM_ASSERT(TwoHalves, Streams == 2 * Lanes || (Streams == Lanes && !half))
endmodule
