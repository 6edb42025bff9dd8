// flat_lane.sv — tans_lane with a port for each field that a test drives or looks at.
//
// For tests/sim/cosim_tiny.cpp: Verilator gives a struct port as words without names.
// SPDX-License-Identifier: Apache-2.0
module flat_lane #(
  parameter int TableLog = 4
) (
  input  logic        clk_i,
  input  logic        rst_ni,
  input  logic        job_valid_i,
  input  logic [3:0]  job_table_log_i,
  input  logic [31:0] job_n_values_i,
  output logic        job_ready_o,
  input  logic        symbol_valid_i,
  input  logic        symbol_last_i,
  input  logic [31:0] symbol_word_i,
  output logic        symbol_ready_o,
  input  logic        offset_valid_i,
  input  logic        offset_last_i,
  input  logic [31:0] offset_word_i,
  output logic        offset_ready_o,
  output logic        value_valid_o,
  output logic [codec_pkg::ValueBits-1:0]  value_o,
  input  logic        value_ready_i,
  output logic        done_o,
  output logic [codec_pkg::StatusBits-1:0] status_o,
  output logic        retire_valid_o,
  output logic [codec_pkg::RetireBits-1:0] retire_o,
  output logic [codec_pkg::MaxTableLog-1:0] retire_state_o,
  output logic        table_read_o,
  output logic [TableLog:0] table_addr_o,
  input  logic [codec_pkg::EntryBits-1:0]  table_data_i,
  output logic        row_read_o,
  output logic [codec_pkg::SymbolBits:0]   row_addr_o,
  input  logic [codec_pkg::RowBits-1:0]    row_data_i
);
  codec_pkg::stream_in_t  in;
  codec_pkg::stream_out_t out;
  codec_pkg::observe_t    observe;

  always_comb begin
    in               = '0;
    in.job.valid     = job_valid_i;
    in.job.table_log = job_table_log_i;
    in.job.n_values  = job_n_values_i;
    in.symbol.valid  = symbol_valid_i;
    in.symbol.last   = symbol_last_i;
    in.symbol.word   = symbol_word_i;
    in.offset.valid  = offset_valid_i;
    in.offset.last   = offset_last_i;
    in.offset.word   = offset_word_i;
    in.value_ready   = value_ready_i;
  end
  tans_lane #(
    .TableLog(TableLog)
  ) u_lane (
    .clk_i, .rst_ni, .stream_i(in), .stream_o(out), .observe_o(observe),
    .state_o(retire_state_o), .table_read_o,
    .table_addr_o, .table_data_i, .row_read_o, .row_addr_o, .row_data_i
  );
  assign job_ready_o    = out.job_ready;
  assign symbol_ready_o = out.symbol_ready;
  assign offset_ready_o = out.offset_ready;
  assign value_valid_o  = out.values.valid;
  assign value_o        = out.values.data[codec_pkg::ValueBits-1:0];
  assign done_o         = out.done;
  assign status_o       = out.status;
  assign retire_valid_o = observe.retire_valid;
  assign retire_o       = observe.retire;

  logic unused;
  assign unused = ^{out, observe};
endmodule
