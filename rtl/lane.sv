// lane.sv — a lane of any kind: one arm for each, ports as wide as the kind has streams and values.
// SPDX-License-Identifier: Apache-2.0
module lane #(
  parameter int Kind     = codec_pkg::TansLane,
  parameter int TableLog = codec_pkg::MaxTableLog,
  localparam int S         = codec_pkg::streams_per_lane(Kind),
  localparam int Values    = codec_pkg::values_per_beat(Kind),
  localparam int EntryBits = codec_pkg::entry_bits(Kind),
  localparam int StateBits = codec_pkg::state_bits(Kind)
) (
  input  logic        clk_i,
  input  logic        rst_ni,
  // jobs
  input  logic [S-1:0] job_valid_i,
  input  logic [S*32-1:0] job_n_values_i,
  input  logic [S-1:0] job_symbol_empty_i,
  input  logic [S-1:0] job_offset_empty_i,
  input  logic [3:0]  job_table_log_i,
  input  logic        job_bank_i,
  output logic [S-1:0] job_ready_o,
  output logic [1:0]   bank_busy_o,
  // table, rows: data belongs to the last address that was read; cumulative counts of both banks
  output logic                  table_read_o,
  output logic [TableLog:0]     table_addr_o,
  input  logic [EntryBits-1:0]  table_data_i,
  input  logic [2*codec_pkg::ArithRows*(codec_pkg::ArithTableLog+1)-1:0] cum_i,
  output logic [S-1:0] row_read_o,
  output logic [S*Values*(codec_pkg::SymbolBits+1)-1:0] row_addr_o,
  input  logic [S*Values*codec_pkg::RowBits-1:0] row_data_i,
  // compressed words
  input  logic [S-1:0] symbol_valid_i,
  input  logic [S*32-1:0] symbol_word_i,
  input  logic [S-1:0] symbol_last_i,
  output logic [S-1:0] symbol_ready_o,
  input  logic [S-1:0] offset_valid_i,
  input  logic [S*32-1:0] offset_word_i,
  input  logic [S-1:0] offset_last_i,
  output logic [S-1:0] offset_ready_o,
  // values
  output logic [S-1:0] value_valid_o,
  output logic [S*Values*codec_pkg::ValueBits-1:0] value_o,
  output logic [S-1:0] value_two_o,
  output logic [S-1:0] value_last_o,
  input  logic [S-1:0] value_ready_i,
  // ends
  output logic [S-1:0] done_o,
  output logic [S*codec_pkg::StatusBits-1:0] status_o,
  // observation
  output logic [S-1:0] busy_o,
  output logic [S-1:0] retire_valid_o,
  output logic [S*codec_pkg::RetireBits-1:0] retire_o,
  output logic [S*StateBits-1:0] retire_state_o,
  output logic [S*codec_pkg::StallBits-1:0] stall_o
);
  // Of table and counts a kind reads one.
  logic unused;
  assign unused = ^{table_data_i, cum_i};

  if (Kind == codec_pkg::TansLane) begin : gen_tans
    tans_lane #(.TableLog(TableLog)) u_lane (
      .clk_i, .rst_ni, .job_valid_i, .job_n_values_i, .job_symbol_empty_i, .job_offset_empty_i,
      .job_table_log_i, .job_bank_i, .job_ready_o, .bank_busy_o, .table_read_o, .table_addr_o,
      .table_data_i, .row_read_o, .row_addr_o, .row_data_i, .symbol_valid_i, .symbol_word_i,
      .symbol_last_i, .symbol_ready_o, .offset_valid_i, .offset_word_i, .offset_last_i,
      .offset_ready_o, .value_valid_o, .value_o, .value_two_o, .value_last_o, .value_ready_i,
      .done_o, .status_o, .busy_o, .retire_valid_o, .retire_o, .retire_state_o, .stall_o
    );
  end else if (Kind == codec_pkg::RansLane) begin : gen_rans
    rans_lane #(.TableLog(TableLog)) u_lane (
      .clk_i, .rst_ni, .job_valid_i, .job_n_values_i, .job_symbol_empty_i, .job_offset_empty_i,
      .job_table_log_i, .job_bank_i, .job_ready_o, .bank_busy_o, .table_read_o, .table_addr_o,
      .table_data_i, .row_read_o, .row_addr_o, .row_data_i, .symbol_valid_i, .symbol_word_i,
      .symbol_last_i, .symbol_ready_o, .offset_valid_i, .offset_word_i, .offset_last_i,
      .offset_ready_o, .value_valid_o, .value_o, .value_two_o, .value_last_o, .value_ready_i,
      .done_o, .status_o, .busy_o, .retire_valid_o, .retire_o, .retire_state_o, .stall_o
    );
  end else if (Kind == codec_pkg::TansPairLane) begin : gen_pair
    tans_pair_lane #(.TableLog(TableLog)) u_lane (
      .clk_i, .rst_ni, .job_valid_i, .job_n_values_i, .job_symbol_empty_i, .job_offset_empty_i,
      .job_table_log_i, .job_bank_i, .job_ready_o, .bank_busy_o, .table_read_o, .table_addr_o,
      .table_data_i, .row_read_o, .row_addr_o, .row_data_i, .symbol_valid_i, .symbol_word_i,
      .symbol_last_i, .symbol_ready_o, .offset_valid_i, .offset_word_i, .offset_last_i,
      .offset_ready_o, .value_valid_o, .value_o, .value_two_o, .value_last_o, .value_ready_i,
      .done_o, .status_o, .busy_o, .retire_valid_o, .retire_o, .retire_state_o, .stall_o
    );
  end else begin : gen_arith
    arith_lane u_lane (
      .clk_i, .rst_ni, .job_valid_i, .job_n_values_i, .job_symbol_empty_i, .job_offset_empty_i,
      .job_table_log_i, .job_bank_i, .job_ready_o, .bank_busy_o, .cum_i, .row_read_o, .row_addr_o,
      .row_data_i, .symbol_valid_i, .symbol_word_i, .symbol_last_i, .symbol_ready_o, .offset_valid_i,
      .offset_word_i, .offset_last_i, .offset_ready_o, .value_valid_o, .value_o, .value_two_o,
      .value_last_o, .value_ready_i, .done_o, .status_o, .busy_o, .retire_valid_o, .retire_o,
      .retire_state_o, .stall_o
    );
    assign table_read_o = 1'b0;
    assign table_addr_o = '0;
  end
endmodule
