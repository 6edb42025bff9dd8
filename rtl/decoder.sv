// decoder.sv — the unit: N lanes over one table and one set of rows.
//
// Each lane decodes its own pair of streams. Ports of all lanes are flat, lane 0 in the lowest bits.
// Table and rows are loaded while no lane is busy; start_i may come with the last write.
// SPDX-License-Identifier: Apache-2.0
module decoder #(
  parameter int Lanes    = 1,                       // 1..MaxLanes
  parameter int TableLog = codec_pkg::MaxTableLog,  // R of the largest table, 2..MaxTableLog
  localparam int W = codec_pkg::WordBits
) (
  input  logic clk_i,
  input  logic rst_ni,
  // load: LoadEntries table words and one row word may be written in a cycle
  input  logic                load_valid_i,
  input  logic [TableLog-3:0] load_addr_i,      // in units of LoadEntries
  input  logic [codec_pkg::LoadEntries*32-1:0] load_data_i,
  input  logic                load_row_valid_i,
  input  logic [codec_pkg::SymbolBits-1:0] load_row_addr_i,
  input  logic [31:0]         load_row_i,
  // control
  input  logic                start_i,
  input  logic [Lanes*32-1:0] n_values_i,
  input  logic [3:0]          table_log_i,
  output logic [Lanes-1:0]    busy_o,
  output logic [Lanes-1:0]    err_o,            // not busy, and the last stream ended badly
  output logic [Lanes*codec_pkg::StatusBits-1:0] status_o,
  // compressed words
  input  logic [Lanes-1:0]    symbol_valid_i,
  input  logic [Lanes*W-1:0]  symbol_word_i,
  input  logic [Lanes-1:0]    symbol_end_i,     // no further word beyond the one offered now
  output logic [Lanes-1:0]    symbol_ready_o,
  input  logic [Lanes-1:0]    offset_valid_i,
  input  logic [Lanes*W-1:0]  offset_word_i,
  input  logic [Lanes-1:0]    offset_end_i,
  output logic [Lanes-1:0]    offset_ready_o,
  // values
  output logic [Lanes-1:0]    value_valid_o,
  output logic [Lanes*codec_pkg::ValueBits-1:0] value_o,
  input  logic [Lanes-1:0]    value_ready_i,
  // observation
  output logic [Lanes-1:0]    retire_valid_o,
  output logic [Lanes*codec_pkg::RetireBits-1:0] retire_o,
  output logic [Lanes*codec_pkg::StallBits-1:0]  stall_o
);
  localparam int EntryBits = codec_pkg::EntryBits;
  localparam int RowBits   = codec_pkg::RowBits;
  localparam int SymbolBits = codec_pkg::SymbolBits;

  logic [codec_pkg::LoadEntries*EntryBits-1:0] load_entries;
  logic [RowBits-1:0]          load_row;
  logic [Lanes*TableLog-1:0]   table_addr;
  logic [Lanes*EntryBits-1:0]  table_data;
  logic [Lanes*SymbolBits-1:0] row_addr;
  logic [Lanes*RowBits-1:0]    row_data;

  // Words travel with 32 bits, memories keep the bits in use.
  for (genvar e = 0; e < codec_pkg::LoadEntries; e++) begin : gen_entry
    assign load_entries[e*EntryBits +: EntryBits] = codec_pkg::to_entry(load_data_i[e*32 +: 32]);
  end
  assign load_row = codec_pkg::to_row(load_row_i);

  table_ram #(
    .AddrBits(TableLog), .Width(EntryBits), .WriteWords(codec_pkg::LoadEntries), .Ports(Lanes)
  ) u_table (
    .clk_i, .write_i(load_valid_i), .write_addr_i(load_addr_i), .write_data_i(load_entries),
    .read_addr_i(table_addr), .read_data_o(table_data)
  );
  table_ram #(
    .AddrBits(SymbolBits), .Width(RowBits), .WriteWords(1), .Ports(Lanes)
  ) u_rows (
    .clk_i, .write_i(load_row_valid_i), .write_addr_i(load_row_addr_i), .write_data_i(load_row),
    .read_addr_i(row_addr), .read_data_o(row_data)
  );

  for (genvar l = 0; l < Lanes; l++) begin : gen_lane
    tans_lane #(
      .TableLog(TableLog)
    ) u_lane (
      .clk_i, .rst_ni, .start_i, .n_values_i(n_values_i[l*32 +: 32]), .table_log_i,
      .busy_o(busy_o[l]), .status_o(status_o[l*codec_pkg::StatusBits +: codec_pkg::StatusBits]),
      .table_addr_o(table_addr[l*TableLog +: TableLog]),
      .table_data_i(table_data[l*EntryBits +: EntryBits]),
      .row_addr_o(row_addr[l*SymbolBits +: SymbolBits]),
      .row_data_i(row_data[l*RowBits +: RowBits]),
      .symbol_valid_i(symbol_valid_i[l]), .symbol_word_i(symbol_word_i[l*W +: W]),
      .symbol_end_i(symbol_end_i[l]), .symbol_ready_o(symbol_ready_o[l]),
      .offset_valid_i(offset_valid_i[l]), .offset_word_i(offset_word_i[l*W +: W]),
      .offset_end_i(offset_end_i[l]), .offset_ready_o(offset_ready_o[l]),
      .value_valid_o(value_valid_o[l]),
      .value_o(value_o[l*codec_pkg::ValueBits +: codec_pkg::ValueBits]),
      .value_ready_i(value_ready_i[l]),
      .retire_valid_o(retire_valid_o[l]),
      .retire_o(retire_o[l*codec_pkg::RetireBits +: codec_pkg::RetireBits]),
      .stall_o(stall_o[l*codec_pkg::StallBits +: codec_pkg::StallBits])
    );
    assign err_o[l] = ~busy_o[l]
                    & (status_o[l*codec_pkg::StatusBits +: codec_pkg::StatusBits] != codec_pkg::Ok);
  end

`ifdef VERILATOR
  initial begin
    LanesInRange: assert (Lanes >= 1 && Lanes <= codec_pkg::MaxLanes);
    TableLogInRange: assert (TableLog >= 2 && TableLog <= codec_pkg::MaxTableLog);
  end
  LoadOnlyIdle: assert property (@(posedge clk_i) disable iff (!rst_ni)
    (load_valid_i | load_row_valid_i) |-> busy_o == '0);
`endif
endmodule
