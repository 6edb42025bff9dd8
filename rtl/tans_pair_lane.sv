// tans_pair_lane.sv — a tANS lane over pairs of symbols: two values per cycle.
//
// A table entry yields two symbols of an alphabet of at most 16, so the loop of tans_lane, at the
// same delay, decodes two values. Its streams are those of tANS over the pairs; of an odd number of
// values the last has a partner that is dropped.
// SPDX-License-Identifier: Apache-2.0
`include "assert.svh"

module tans_pair_lane #(
  parameter int TableLog = codec_pkg::MaxTableLog,  // R of the largest table
  localparam int Values    = 2,
  localparam int StateBits = codec_pkg::MaxTableLog
) (
  input  logic        clk_i,
  input  logic        rst_ni,
  // jobs
  input  logic        job_valid_i,
  input  logic [31:0] job_n_values_i,
  input  logic        job_symbol_empty_i,
  input  logic        job_offset_empty_i,
  input  logic [3:0]  job_table_log_i,
  input  logic        job_bank_i,
  output logic        job_ready_o,
  output logic [1:0]  bank_busy_o,
  // table and rows: data belongs to the last address that was read; the bank is the highest bit
  output logic                                             table_read_o,
  output logic [TableLog:0]                                table_addr_o,
  input  logic [codec_pkg::EntryBits-1:0]                  table_data_i,
  output logic                                             row_read_o,
  output logic [Values*(codec_pkg::SymbolBits+1)-1:0]      row_addr_o,
  input  logic [Values*codec_pkg::RowBits-1:0]             row_data_i,
  // compressed words
  input  logic        symbol_valid_i,
  input  logic [31:0] symbol_word_i,
  input  logic        symbol_last_i,
  output logic        symbol_ready_o,
  input  logic        offset_valid_i,
  input  logic [31:0] offset_word_i,
  input  logic        offset_last_i,
  output logic        offset_ready_o,
  // values
  output logic        value_valid_o,
  output logic [Values*codec_pkg::ValueBits-1:0] value_o,
  output logic        value_two_o,
  output logic        value_last_o,
  input  logic        value_ready_i,
  // ends
  output logic        done_o,
  output logic [codec_pkg::StatusBits-1:0] status_o,
  // observation
  output logic        busy_o,
  output logic        retire_valid_o,
  output logic [codec_pkg::RetireBits-1:0] retire_o,
  output logic [StateBits-1:0]             retire_state_o,
  output logic [codec_pkg::StallBits-1:0]  stall_o
);
  tans_lane #(
    .TableLog(TableLog), .Values(Values)
  ) u_lane (
    .clk_i, .rst_ni, .job_valid_i, .job_n_values_i, .job_symbol_empty_i, .job_offset_empty_i,
    .job_table_log_i, .job_bank_i, .job_ready_o, .bank_busy_o, .table_read_o, .table_addr_o,
    .table_data_i, .row_read_o, .row_addr_o, .row_data_i, .symbol_valid_i, .symbol_word_i, .symbol_last_i, .symbol_ready_o,
    .offset_valid_i, .offset_word_i, .offset_last_i, .offset_ready_o, .value_valid_o, .value_o,
    .value_two_o, .value_last_o, .value_ready_i, .done_o, .status_o, .busy_o, .retire_valid_o,
    .retire_o, .retire_state_o, .stall_o
  );

  `TRANSOM_ASSERT(PairOfRows, row_addr_o[7:4] == '0 && row_addr_o[16:13] == '0)
endmodule
