// tans_build.sv — tANS tables of at most 16 rows out of their counts: four entries per cycle.
//
// Their symbols and x come from tans_slots; a second stage makes entries of them:
// nbits = R - floor(log2 x), base = (x << nbits) - L.
// Counts that are none (first not 0, falling, over 2^R, not 2^R behind the last row) make a table of
// words that are none: table_check then has a bad bank.
// SPDX-License-Identifier: Apache-2.0
`include "assert.svh"

module tans_build #(
  parameter int TableLog = codec_pkg::MaxTableLog,
  localparam int Words      = codec_pkg::LoadEntries,
  localparam int GroupBits  = TableLog - 2,
  localparam int SymbolBits = codec_pkg::SymbolBits
) (
  input  logic                  clk_i,
  input  logic                  rst_ni,
  input  logic [3:0]            table_log_i,    // R; rests, as the last row, until the last group
  input  logic [SymbolBits-1:0] last_row_i,
  // counts: two to a word, the first eight, then the last eight
  input  logic                  counts_valid_i,
  input  logic                  counts_upper_i,
  input  logic [Words*32-1:0]   counts_i,
  // a group of the table in each cycle; not in the cycle behind that of the last counts
  input  logic                  build_i,
  input  logic [GroupBits-1:0]  group_number_i, // from 0 on
  output logic                  group_valid_o,  // in the next cycle
  output logic [GroupBits-1:0]  group_number_o,
  output logic [Words*32-1:0]   group_o
);
  localparam int Rows    = codec_pkg::TansBuildRows;
  localparam int Halves  = 2 * Words;     // counts of a write
  localparam int CumBits = TableLog + 1;  // of a count, and of x
  localparam int RowBits = $clog2(Rows);

  logic [TableLog-1:0]      in_table;  // bits of a slot
  assign in_table = ~({TableLog{1'b1}} << table_log_i);

  ///////////////////////////////////////////////////////////////////////////////////////////////
  // Counts: each is compared with the one before.
  logic [Rows*CumBits-1:0]  cum_q;
  logic                     bad_q;
  logic [15:0]              all;    // 2^R
  logic [Halves*16-1:0]     lower;  // the counts before
  logic [Halves-1:0]        wrong;
  assign all = 16'd1 << table_log_i;
  assign lower = {counts_i[0 +: (Halves-1)*16],
                  counts_upper_i ? 16'(cum_q[(Halves-1)*CumBits +: CumBits]) : 16'd0};
  for (genvar h = 0; h < Halves; h++) begin : gen_count
    logic [15:0]           count;
    logic [SymbolBits-1:0] row;
    assign count = counts_i[h*16 +: 16];
    assign row   = SymbolBits'(h) + (counts_upper_i ? SymbolBits'(Halves) : '0);
    assign wrong[h] = count < lower[h*16 +: 16] | count > all | (row == '0 & count != '0)
                    | (row > last_row_i & count != all);
  end
  always_ff @(posedge clk_i) begin
    if (counts_valid_i) begin
      bad_q <= wrong != '0 | (bad_q & counts_upper_i);
      for (int h = 0; h < Halves; h++) begin
        if (counts_upper_i) cum_q[(Halves+h)*CumBits +: CumBits] <= counts_i[h*16 +: CumBits];
        else                cum_q[h*CumBits +: CumBits]          <= counts_i[h*16 +: CumBits];
      end
    end
  end

  ///////////////////////////////////////////////////////////////////////////////////////////////
  // Slots, with their symbols and x
  logic [Words*RowBits-1:0]  symbol_q;
  logic [Words*CumBits-1:0]  x_q;
  logic                      valid_q;
  logic [GroupBits-1:0]      group_number_q;
  tans_slots #(
    .TableLog(TableLog), .Slots(Words)
  ) u_slots (
    .clk_i, .rst_ni, .table_log_i, .cums_i(cum_q), .good_i(~bad_q), .build_i,
    .symbols_o(symbol_q), .xs_o(x_q)
  );
  always_ff @(posedge clk_i) group_number_q <= group_number_i;
  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) valid_q <= 1'b0;
    else         valid_q <= build_i;
  end

  ///////////////////////////////////////////////////////////////////////////////////////////////
  // Symbol and x to an entry
  for (genvar e = 0; e < Words; e++) begin : gen_entry
    logic [CumBits-1:0]  state;
    logic [3:0]          lead, nbits;  // lead: floor(log2 x)
    logic [TableLog-1:0] base;
    logic                there;        // a slot of the table: a small one is padded with zeros
    assign there = (TableLog'(e) & ~in_table) == '0;
    assign state = x_q[e*CumBits +: CumBits];
    always_comb begin
      lead = '0;
      for (int b = 0; b < CumBits; b++) if (state[b]) lead = 4'(b);
    end
    assign nbits = table_log_i - lead;
    assign base  = TableLog'(state << nbits) & in_table;  // below L, which its highest bit is
    assign group_o[e*32 +: 32] = bad_q ? '1 : there
      ? {16'(base), 8'(nbits), SymbolBits'(symbol_q[e*RowBits +: RowBits])} : '0;
  end
  assign group_valid_o  = valid_q;
  assign group_number_o = group_number_q;

  `TRANSOM_ASSERT_INIT(FourSlots, Words == 4)
  `TRANSOM_ASSERT(CountsBeforeBuild, counts_valid_i |=> ~build_i)
endmodule
