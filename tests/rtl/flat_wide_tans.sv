// flat_wide_tans.sv — wide_tans_table and wide_tans_step together, for tests/sim/axi/cosim_axi_build.cpp.
// SPDX-License-Identifier: Apache-2.0
module flat_wide_tans #(
  parameter int TableLog = codec_pkg::WideTansTableLog,
  localparam int LoadBits  = codec_pkg::LoadEntries * (TableLog + 1),
  localparam int TableBits = codec_pkg::wide_table_bits(codec_pkg::TansLane, TableLog)
) (
  input  logic                clk_i,
  input  logic                rst_ni,
  input  logic                write_i,
  input  logic [1:0]          addr_i,
  input  logic [3:0]          table_log_i,
  input  logic [LoadBits-1:0] counts_i,
  input  logic                ended_i,
  output logic                built_o,
  output logic [3:0]          most_o,
  input  logic [TableLog-1:0] state_i,
  input  logic [TableLog-1:0] bits_i,
  output logic [TableLog-1:0] state_o,
  output logic [3:0]          take_o,
  output logic [3:0]          symbol_o
);
  logic [TableBits-1:0] entries;
  wide_tans_table #(
    .TableLog(TableLog)
  ) u_table (
    .clk_i, .rst_ni, .write_i, .write_addr_i(addr_i), .table_log_i, .counts_i, .good_i(1'b1),
    .ended_i, .built_o, .most_o, .table_o(entries)
  );
  wide_tans_step #(
    .TableLog(TableLog)
  ) u_step (
    .state_i, .bits_i, .table_i(entries), .state_o, .take_o, .symbol_o
  );
endmodule
