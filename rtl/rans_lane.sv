// rans_lane.sv — one rANS lane: 32-bit state, 16-bit words; two streams in turn, a value per cycle.
// SPDX-License-Identifier: Apache-2.0
`include "assert.svh"

module rans_lane #(
  parameter int TableLog = codec_pkg::RansLaneTableLog,  // R of the largest table, at most 12
  localparam int StateBits = 32
) (
  input  logic        clk_i,
  input  logic        rst_ni,
  // jobs
  input  logic [1:0]  job_valid_i,
  input  logic [63:0] job_n_values_i,
  input  logic [1:0]  job_symbol_empty_i,
  input  logic [1:0]  job_offset_empty_i,
  input  logic [3:0]  job_table_log_i,
  input  logic        job_bank_i,
  output logic [1:0]  job_ready_o,
  output logic [1:0]  bank_busy_o,
  // table and rows: data belongs to the last address that was read; the bank is the highest bit
  output logic        table_read_o,
  output logic [TableLog:0] table_addr_o,
  input  logic [codec_pkg::RansEntryBits-1:0] table_data_i,
  output logic [1:0]  row_read_o,
  output logic [2*(codec_pkg::SymbolBits+1)-1:0] row_addr_o,
  input  logic [2*codec_pkg::RowBits-1:0] row_data_i,
  // compressed words
  input  logic [1:0]  symbol_valid_i,
  input  logic [63:0] symbol_word_i,
  input  logic [1:0]  symbol_last_i,
  output logic [1:0]  symbol_ready_o,
  input  logic [1:0]  offset_valid_i,
  input  logic [63:0] offset_word_i,
  input  logic [1:0]  offset_last_i,
  output logic [1:0]  offset_ready_o,
  // values
  output logic [1:0]  value_valid_o,
  output logic [2*codec_pkg::ValueBits-1:0] value_o,
  output logic [1:0]  value_two_o,
  output logic [1:0]  value_last_o,
  input  logic [1:0]  value_ready_i,
  // ends
  output logic [1:0]  done_o,
  output logic [2*codec_pkg::StatusBits-1:0] status_o,
  // observation
  output logic [1:0]  busy_o,
  output logic [1:0]  retire_valid_o,
  output logic [2*codec_pkg::RetireBits-1:0] retire_o,
  output logic [2*StateBits-1:0] retire_state_o,
  output logic [2*codec_pkg::StallBits-1:0] stall_o
);
  logic [1:0]  turn;
  logic        enter, step, bank, at_end;
  logic [31:0] head;
  logic [15:0] bits;
  logic [3:0]  table_log;
  logic [4:0]  take;
  logic [7:0]  symbol;
  logic [StateBits-1:0] state;

  turn_control #(
    .StateBits(StateBits)
  ) u_control (
    .turn_i(turn), .enter_o(enter), .head_o(head), .enter_take_i(6'd32), .step_o(step),
    .bits_o(bits), .table_log_o(table_log), .bank_o(bank), .take_i(take), .symbol_i(symbol),
    .state_i(state), .at_end_i(at_end), .next_bank_o(),
    .clk_i, .rst_ni, .job_valid_i, .job_n_values_i, .job_symbol_empty_i, .job_offset_empty_i,
    .job_table_log_i, .job_bank_i, .job_ready_o, .bank_busy_o, .row_read_o, .row_addr_o, .row_data_i,
    .symbol_valid_i, .symbol_word_i, .symbol_last_i, .symbol_ready_o, .offset_valid_i,
    .offset_word_i, .offset_last_i, .offset_ready_o, .value_valid_o, .value_o, .value_two_o,
    .value_last_o, .value_ready_i, .done_o, .status_o, .busy_o, .retire_valid_o, .retire_o,
    .retire_state_o, .stall_o
  );
  assign table_read_o = 1'b1;  // a stream that waits goes round, its word with it
  rans_coder #(
    .TableLog(TableLog)
  ) u_coder (
    .clk_i, .rst_ni, .turn_o(turn), .enter_i(enter), .head_i(head), .step_i(step), .bits_i(bits),
    .table_log_i(table_log), .bank_i(bank), .take_o(take), .symbol_o(symbol), .state_o(state),
    .at_end_o(at_end), .table_addr_o, .table_data_i
  );

  `TRANSOM_ASSERT(TableFits, job_valid_i != '0 |-> 32'(job_table_log_i) <= TableLog)
endmodule
