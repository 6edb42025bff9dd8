// value_gather_properties.sv — the AXI4-Stream port: the rules of its handshake, whole values, and every tensor's values once, in order.
//
// Every tensor is like the others: length_i values of each stream, free but resting, and a stream's values
// count up from tensor to tensor. So each beat is known: the streams of its half that have values left.
// SPDX-License-Identifier: Apache-2.0
`include "properties.svh"

module value_gather_properties #(
  parameter int Lanes   = 2,
  parameter int Streams = 2,
  parameter int Values  = 1,
  parameter int Depth   = 2,
  localparam int BeatBits = Values * codec_pkg::ValueBits,
  localparam int OutBits  = Lanes * BeatBits
) (
  input logic               clk_i,
  input logic               rst_ni,
  input logic               tensor_valid_i,
  input logic [Streams-1:0] value_valid_i,
  input logic               tready_i,
  input logic [Streams*2-1:0] lengths_i  // values of each stream, of every tensor
);
  logic                        tensor_ready, tvalid, tlast, idle;
  logic [Streams-1:0]          streams, ready, last;
  logic [Streams*BeatBits-1:0] values;
  logic [OutBits-1:0]          tdata;
  logic [OutBits/8-1:0]        tkeep;
  value_gather #(
    .Lanes(Lanes), .Streams(Streams), .Values(Values), .Depth(Depth)
  ) dut (
    .clk_i, .rst_ni, .run_rst_ni(rst_ni), .close_i(1'b0), .tensor_valid_i, .tensor_streams_i(streams),
    .tensor_ready_o(tensor_ready), .value_valid_i, .value_i(values), .value_two_i('1),
    .value_last_i(last), .value_ready_o(ready), .tvalid_o(tvalid), .tdata_o(tdata), .tkeep_o(tkeep),
    .tlast_o(tlast), .tready_i, .idle_o(idle)
  );
  handshake_check #(
    .Width(OutBits + OutBits / 8 + 1)
  ) t (
    .clk_i, .rst_ni, .valid_i(tvalid), .ready_i(tready_i), .payload_i({tdata, tkeep, tlast})
  );

  // In: values of each stream that were put in, and its place in the tensor. Out: the same of beats.
  logic [Streams*2-1:0] lengths_q, place_q, left, out_q;
  logic [Streams*4-1:0] number_q, seen_q;
  logic                 half, half_q, low, high, take;
  logic [Streams-1:0]   has, there, after;
  assign take = tvalid & tready_i;
  for (genvar s = 0; s < Streams; s++) begin : gen_stream
    assign streams[s] = lengths_i[s*2 +: 2] != '0;
    assign last[s]    = place_q[s*2 +: 2] + 2'd1 == lengths_i[s*2 +: 2];
    assign values[s*BeatBits +: BeatBits] = BeatBits'(number_q[s*4 +: 4]);
    assign left[s*2 +: 2] = lengths_i[s*2 +: 2] - out_q[s*2 +: 2];
    assign has[s]   = left[s*2 +: 2] != '0;
    assign there[s] = has[s] & (half == (s >= Lanes));
    assign after[s] = left[s*2 +: 2] != 2'(there[s]);
  end
  // Halves in turn, where both have values.
  assign low  = has[Lanes-1:0] != '0;
  if (Streams == Lanes) begin : gen_whole
    assign high = 1'b0;
  end else begin : gen_half
    assign high = has[Streams-1:Lanes] != '0;
  end
  assign half = half_q ? high : high & ~low;
  always_ff @(posedge clk_i) lengths_q <= lengths_i;
  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      {place_q, number_q, out_q, seen_q, half_q} <= '0;
    end else begin
      for (int s = 0; s < Streams; s++) begin
        if (value_valid_i[s] & ready[s]) begin
          place_q[s*2 +: 2]  <= last[s] ? '0 : place_q[s*2 +: 2] + 2'd1;
          number_q[s*4 +: 4] <= number_q[s*4 +: 4] + 4'd1;
        end
        if (take) begin
          out_q[s*2 +: 2]  <= after == '0 ? '0 : out_q[s*2 +: 2] + 2'(there[s]);
          seen_q[s*4 +: 4] <= seen_q[s*4 +: 4] + 4'(there[s]);
        end
      end
      if (take) half_q <= after != '0 & ~half;
    end
  end

  logic [OutBits-1:0]   want;
  logic [OutBits/8-1:0] keep;
  always_comb begin
    want = '0;
    keep = '0;
    for (int s = 0; s < Streams; s++) begin
      for (int v = 0; v < Values; v++) begin
        if (there[s]) begin
          keep[(v*Lanes+s%Lanes)*2 +: 2] = 2'b11;
          if (v == 0) want[(s%Lanes)*16 +: 16] = 16'(seen_q[s*4 +: 4]);
        end
      end
    end
  end
  `RESET_ONCE
  always_comb begin
    assume (~begun_q | lengths_i == lengths_q);
    for (int s = 0; s < Streams; s++) if (value_valid_i[s]) assume (streams[s]);
    if (rst_ni) begin
      `CHECK(ValuesInOrder, ~tvalid | tdata == want)
      `CHECK(KeepsWhatIsThere, ~tvalid | tkeep == keep)
      `CHECK(LastEndsATensor, ~tvalid | tlast == (after == '0))
      `REACH(ASecondTensor, take & tlast & seen_q[3:0] == 4'd5)
      `REACH(ATensorWithoutValues, take & tkeep == '0)
      `REACH(OneEndsBeforeTheOther, tvalid & has != '1 & streams == '1 & ~tlast)
    end
  end
endmodule
