// lane.sv — a lane of any kind: one arm for each, ports as wide as the kind has streams and values.
//
// Its ports are those of every lane, less what a kind has no use for.
// SPDX-License-Identifier: Apache-2.0
`include "assert.svh"

module lane #(
  parameter int Kind     = codec_pkg::TansLane,
  parameter int TableLog = codec_pkg::MaxTableLog,
  parameter int MaxRows  = codec_pkg::max_rows(Kind),
  localparam int S         = codec_pkg::streams_per_lane(Kind),
  localparam int Values    = codec_pkg::values_per_beat(Kind),
  localparam int StoredBits = codec_pkg::stored_bits(Kind, TableLog, MaxRows),
  localparam int SharedBits = codec_pkg::shared_bits(Kind, TableLog),
  localparam int StateBits = codec_pkg::state_bits(Kind)
) (
  input  logic clk_i,
  input  logic rst_ni,
  input  logic [S*codec_pkg::StreamInBits-1:0]  stream_i,  // stream_in_t of each
  output logic [S*codec_pkg::StreamOutBits-1:0] stream_o,  // stream_out_t of each
  output logic [S*codec_pkg::ObserveBits-1:0]   observe_o,  // observe_t of each
  output logic [StateBits-1:0] state_o,  // after the step that retires: one stream's at a time
  // table, rows: data belongs to the last address that was read, the bank is the highest bit
  output logic                 table_read_o,
  output logic [TableLog:0]    table_addr_o,
  input  logic [StoredBits-1:0] table_data_i,
  output logic [S-1:0]         row_read_o,
  output logic [S*Values*(codec_pkg::SymbolBits+1)-1:0] row_addr_o,
  input  logic [S*Values*codec_pkg::RowBits-1:0]        row_data_i,
  // tables in registers: counts of both banks, or what nrans_table shows of the bank that is open
  input  logic [SharedBits-1:0] shared_i,
  input  logic [1:0]            bank_open_i
);
  localparam int EntryBits  = codec_pkg::entry_bits(Kind);
  localparam int Middle     = codec_pkg::SymbolBits;  // where fields of an entry begin
  localparam int Upper      = Middle + codec_pkg::middle_bits(Kind);
  localparam int LowBits    = codec_pkg::stored_symbol_bits(Kind, MaxRows);
  localparam int MiddleBits = codec_pkg::stored_middle_bits(Kind, TableLog);

  // The fields as wide as they can be.
  logic [EntryBits-1:0] entry;
  assign entry = {(EntryBits - Upper)'(table_data_i[LowBits+MiddleBits +: TableLog]),
                  (Upper - Middle)'(table_data_i[LowBits +: MiddleBits]),
                  Middle'(table_data_i[0 +: LowBits])};

  // A kind reads a table's word or what lanes share.
  logic unused;
  assign unused = ^{entry, shared_i, bank_open_i};

  if (Kind == codec_pkg::TansLane) begin : gen_tans
    tans_lane #(.TableLog(TableLog)) u_lane (
      .clk_i, .rst_ni, .stream_i, .stream_o, .observe_o, .state_o, .table_read_o, .table_addr_o,
      .table_data_i(entry), .row_read_o, .row_addr_o, .row_data_i
    );
  end else if (Kind == codec_pkg::RansLane) begin : gen_rans
    rans_lane #(.TableLog(TableLog)) u_lane (
      .clk_i, .rst_ni, .stream_i, .stream_o, .observe_o, .state_o, .table_read_o, .table_addr_o,
      .table_data_i(entry), .row_read_o, .row_addr_o, .row_data_i
    );
  end else if (Kind == codec_pkg::TansPairLane) begin : gen_tans_pair
    tans_pair_lane #(.TableLog(TableLog)) u_lane (
      .clk_i, .rst_ni, .stream_i, .stream_o, .observe_o, .state_o, .table_read_o, .table_addr_o,
      .table_data_i(entry), .row_read_o, .row_addr_o, .row_data_i
    );
  end else if (Kind == codec_pkg::NransLane) begin : gen_nrans
    nrans_lane #(.TableLog(TableLog)) u_lane (
      .clk_i, .rst_ni, .stream_i, .stream_o, .observe_o, .state_o, .bank_open_i, .table_i(shared_i),
      .row_read_o, .row_addr_o, .row_data_i
    );
    assign table_read_o = 1'b0;
    assign table_addr_o = '0;
  end else begin : gen_arith
    arith_lane u_lane (
      .clk_i, .rst_ni, .stream_i, .stream_o, .observe_o, .state_o, .cum_i(shared_i), .row_read_o,
      .row_addr_o, .row_data_i
    );
    assign table_read_o = 1'b0;
    assign table_addr_o = '0;
  end

  `TRANSOM_ASSERT_INIT(StreamInIsWide, $bits(codec_pkg::stream_in_t) == codec_pkg::StreamInBits)
  `TRANSOM_ASSERT_INIT(ObserveIsWide, $bits(codec_pkg::observe_t) == codec_pkg::ObserveBits)
  `TRANSOM_ASSERT_INIT(StreamOutIsWide, $bits(codec_pkg::stream_out_t) == codec_pkg::StreamOutBits)
endmodule
