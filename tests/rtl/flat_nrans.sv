// flat_nrans.sv — nrans_table and nrans_step together, for tests/sim/cosim_tiny.cpp.
// SPDX-License-Identifier: Apache-2.0
module flat_nrans #(
  parameter int TableLog = 4,
  localparam int StateBits = TableLog + codec_pkg::NransBlockLog,
  localparam int LoadBits  = codec_pkg::LoadEntries * (TableLog + 1),
  localparam int TableBits = codec_pkg::NransRows * codec_pkg::nrans_symbol_bits(TableLog)
) (
  input  logic                 clk_i,
  input  logic                 rst_ni,
  input  logic                 write_i,
  input  logic                 bank_i,       // that is written, and that is seen
  input  logic [1:0]           addr_i,
  input  logic [3:0]           table_log_i,
  input  logic [LoadBits-1:0]  counts_i,
  input  logic [StateBits-1:0] state_i,
  input  logic [TableLog-1:0]  bits_i,
  output logic [StateBits-1:0] state_o,
  output logic [3:0]           take_o,
  output logic [3:0]           symbol_o
);
  logic [TableBits-1:0] constants;
  logic [1:0]           late;
  nrans_table #(
    .TableLog(TableLog)
  ) u_table (
    .clk_i, .rst_ni, .write_i, .write_bank_i(bank_i), .write_addr_i(addr_i), .table_log_i,
    .counts_i, .late_o(late), .bank_i, .table_o(constants)
  );
  nrans_step #(
    .TableLog(TableLog)
  ) u_step (
    .table_log_i, .state_i, .bits_i, .table_i(constants), .state_o, .take_o, .symbol_o
  );

  logic unused;
  assign unused = ^late;
endmodule
