// arith_lane.sv — one lane of APack's arithmetic coder: two streams in turn, a value per cycle.
// SPDX-License-Identifier: Apache-2.0
`include "assert.svh"

module arith_lane #(
  localparam int S         = 2,
  localparam int StateBits = 48,
  localparam int CumsBits  = codec_pkg::ArithRows * (codec_pkg::ArithTableLog + 1)
) (
  input  logic                  clk_i,
  input  logic                  rst_ni,
  input  logic [S*codec_pkg::StreamInBits-1:0]  stream_i,
  output logic [S*codec_pkg::StreamOutBits-1:0] stream_o,
  output logic [S*codec_pkg::ObserveBits-1:0]   observe_o,
  output logic [StateBits-1:0]  state_o,
  input  logic [2*CumsBits-1:0] cum_i,  // of both banks
  output logic [S-1:0]          row_read_o,
  output logic [S*(codec_pkg::SymbolBits+1)-1:0] row_addr_o,
  input  logic [S*codec_pkg::RowBits-1:0]        row_data_i
);
  logic [S-1:0]        turn;
  logic                enter, advance, other_bank;
  codec_pkg::control_t control;
  codec_pkg::step_t    step;

  two_stream_control u_control (
    .clk_i, .rst_ni, .stream_i, .stream_o, .observe_o, .turn_i(turn), .enter_take_i(6'd16),
    .enter_o(enter), .step_o(advance), .control_o(control), .step_i(step),
    .other_bank_o(other_bank), .row_read_o, .row_addr_o, .row_data_i
  );
  // The stream that is not in turn is in stage A.
  arith_coder u_coder (
    .clk_i, .rst_ni, .turn_o(turn), .enter_i(enter), .step_i(advance), .control_i(control),
    .step_o(step), .state_o,
    .cum_i(other_bank ? cum_i[CumsBits +: CumsBits] : cum_i[0 +: CumsBits])
  );

  `TRANSOM_ASSERT(TableFits,
    enter |-> 32'(control.next_table_log) == codec_pkg::ArithTableLog)
endmodule
