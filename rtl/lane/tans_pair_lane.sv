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
  input  logic                   clk_i,
  input  logic                   rst_ni,
  input  codec_pkg::stream_in_t  stream_i,
  output codec_pkg::stream_out_t stream_o,
  output codec_pkg::observe_t    observe_o,
  output logic [StateBits-1:0]   state_o,
  output logic                   table_read_o,
  output logic [TableLog:0]      table_addr_o,
  input  logic [codec_pkg::EntryBits-1:0] table_data_i,
  output logic                   row_read_o,
  output logic [Values*(codec_pkg::SymbolBits+1)-1:0] row_addr_o,
  input  logic [Values*codec_pkg::RowBits-1:0]        row_data_i
);
  tans_lane #(
    .TableLog(TableLog), .Values(Values)
  ) u_lane (
    .clk_i, .rst_ni, .stream_i, .stream_o, .observe_o, .state_o, .table_read_o, .table_addr_o,
    .table_data_i, .row_read_o, .row_addr_o, .row_data_i
  );

  `TRANSOM_ASSERT(PairOfRows, row_addr_o[7:4] == '0 && row_addr_o[16:13] == '0)
endmodule
