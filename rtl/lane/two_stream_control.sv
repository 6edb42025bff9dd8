// two_stream_control.sv — a lane_control for each of two streams that one coder serves in turn.
//
// A coder whose loop takes two cycles works on two streams in opposite ones (C-slow): each has jobs,
// bits and offsets of its own; what it says to the coder counts in its turn only.
// SPDX-License-Identifier: Apache-2.0
`include "assert.svh"

module two_stream_control #(
  localparam int S = 2
) (
  input  logic                clk_i,
  input  logic                rst_ni,
  input  logic [S*codec_pkg::StreamInBits-1:0]  stream_i,
  output logic [S*codec_pkg::StreamOutBits-1:0] stream_o,
  output logic [S*codec_pkg::ObserveBits-1:0]   observe_o,
  // coder
  input  logic [S-1:0]        turn_i,        // one-hot
  input  logic [5:0]          enter_take_i,  // bits of the head that entering takes
  output logic                enter_o,
  output logic                step_o,
  output codec_pkg::control_t control_o,     // of the stream in turn
  input  codec_pkg::step_t    step_i,
  output logic                other_bank_o,  // of the stream that is not in turn
  // rows: data belongs to the last address that was read
  output logic [S-1:0]        row_read_o,
  output logic [S*(codec_pkg::SymbolBits+1)-1:0] row_addr_o,
  input  logic [S*codec_pkg::RowBits-1:0]        row_data_i
);
  localparam int InBits      = codec_pkg::StreamInBits;
  localparam int OutBits     = codec_pkg::StreamOutBits;
  localparam int ObserveBits = codec_pkg::ObserveBits;
  localparam int RowAddrBits = codec_pkg::SymbolBits + 1;
  localparam int RowBits     = codec_pkg::RowBits;

  codec_pkg::control_t first, second;
  logic [S-1:0]        enter, step;

  assign enter_o      = enter != '0;
  assign step_o       = step != '0;
  assign control_o    = turn_i[1] ? second : first;
  assign other_bank_o = turn_i[1] ? first.bank : second.bank;

  for (genvar s = 0; s < S; s++) begin : gen_stream
    codec_pkg::control_t control;
    lane_control #(
      .CSlow(S)
    ) u_control (
      .clk_i, .rst_ni, .stream_i(stream_i[s*InBits +: InBits]),
      .stream_o(stream_o[s*OutBits +: OutBits]),
      .observe_o(observe_o[s*ObserveBits +: ObserveBits]), .turn_i(turn_i[s]), .may_enter_i(1'b1), .enter_take_i,
      .enter_o(enter[s]), .step_o(step[s]), .control_o(control), .step_i,
      .row_read_o(row_read_o[s]), .row_addr_o(row_addr_o[s*RowAddrBits +: RowAddrBits]),
      .row_data_i(row_data_i[s*RowBits +: RowBits])
    );
    if (s == 0) begin : gen_first
      assign first = control;
    end else begin : gen_second
      assign second = control;
    end
  end

  `TRANSOM_ASSERT(OneTurn, turn_i[0] ^ turn_i[1])
  `TRANSOM_ASSERT(OnlyInTurn, ((enter | step) & ~turn_i) == '0)
endmodule
