// rans_lane.sv — one rANS lane: 32-bit state, 16-bit words; two streams in turn, a value per cycle.
// SPDX-License-Identifier: Apache-2.0
`include "assert.svh"

module rans_lane #(
  parameter int TableLog = codec_pkg::RansLaneTableLog,  // R of the largest table, at most 12
  localparam int S         = 2,
  localparam int StateBits = 32
) (
  input  logic                 clk_i,
  input  logic                 rst_ni,
  input  logic [S*codec_pkg::StreamInBits-1:0]   stream_i,
  output logic [S*codec_pkg::StreamOutBits-1:0]  stream_o,
  output logic [S*codec_pkg::ObserveBits-1:0]    observe_o,
  output logic [StateBits-1:0] state_o,
  output logic                 table_read_o,
  output logic [TableLog:0]    table_addr_o,
  input  logic [codec_pkg::RansEntryBits-1:0]    table_data_i,
  output logic [S-1:0]         row_read_o,
  output logic [S*(codec_pkg::SymbolBits+1)-1:0] row_addr_o,
  input  logic [S*codec_pkg::RowBits-1:0]        row_data_i
);
  logic [S-1:0]        turn;
  logic                enter, advance;
  codec_pkg::control_t control;
  codec_pkg::step_t    step;

  two_stream_control u_control (
    .clk_i, .rst_ni, .stream_i, .stream_o, .observe_o, .turn_i(turn), .enter_take_i(6'd32),
    .enter_o(enter), .step_o(advance), .control_o(control), .step_i(step), .other_bank_o(),
    .row_read_o, .row_addr_o, .row_data_i
  );
  assign table_read_o = 1'b1;  // a stream that waits goes round, its word with it
  rans_coder #(
    .TableLog(TableLog)
  ) u_coder (
    .clk_i, .rst_ni, .turn_o(turn), .enter_i(enter), .step_i(advance), .control_i(control),
    .step_o(step), .state_o, .table_addr_o, .table_data_i
  );

  `TRANSOM_ASSERT(TableFits, enter |-> 32'(control.next_table_log) <= TableLog)
endmodule
