// tans_build.sv — tANS tables of at most 16 rows out of their counts: four entries per cycle.
//
// The table of the step spread (model/coder/tans.hpp), in the order of its slots. Occurrence j of all
// symbols in ascending order lies at slot j * step mod L, L = 2^R, and the step is odd: slot u holds
// occurrence u * step^-1 mod L, whose symbol s is the one with cum[s] <= j < cum[s+1]. A register per
// slot of a group has its j, and a register per symbol the x that its next slot gets: freq[s], then
// one more for each slot that has s. A second stage makes an entry of symbol and x:
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
  logic [TableLog-1:0]      inverse;   // of the step
  assign in_table = ~({TableLog{1'b1}} << table_log_i);
  assign inverse  = TableLog'(codec_pkg::step_inverse(table_log_i));

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
  // Occurrences to symbols, and their x
  logic [Words*TableLog-1:0] occurrence_q;
  logic [Rows*CumBits-1:0]   next_q;  // x of a symbol's next slot
  logic [(Rows+1)*CumBits-1:0] bounds;
  logic [Words*Rows-1:0]     hits;    // one bit for each slot
  logic [Words*RowBits-1:0]  symbol, symbol_q;
  logic [Words*CumBits-1:0]  x, x_q;
  logic [Words-1:0]          there, there_q;  // slots of the table: a small one is padded with zeros
  logic                      valid_q;
  logic [GroupBits-1:0]      group_number_q;
  assign bounds = {CumBits'(all), cum_q};
  for (genvar e = 0; e < Words; e++) begin : gen_slot
    logic [Rows:0]        reached;
    logic [Rows-1:0]      hit;
    logic [1:0]           earlier;  // slots of this group with the same symbol
    assign reached[0]    = 1'b1;
    assign reached[Rows] = 1'b0;
    for (genvar s = 1; s < Rows; s++) begin : gen_row
      assign reached[s] = bounds[s*CumBits +: CumBits]
                        <= {1'b0, occurrence_q[e*TableLog +: TableLog]};
    end
    assign hit = reached[Rows-1:0] & ~reached[Rows:1];
    assign hits[e*Rows +: Rows] = hit;
    assign there[e] = (TableLog'(e) & ~in_table) == '0;
    always_comb begin
      earlier = '0;
      for (int b = 0; b < e; b++) earlier = earlier + 2'((hits[b*Rows +: Rows] & hit) != '0);
      x[e*CumBits +: CumBits]      = CumBits'(earlier);
      symbol[e*RowBits +: RowBits] = '0;
      for (int s = 0; s < Rows; s++) begin
        x[e*CumBits +: CumBits] = x[e*CumBits +: CumBits]
                                + (next_q[s*CumBits +: CumBits] & {CumBits{hit[s]}});
        symbol[e*RowBits +: RowBits] = symbol[e*RowBits +: RowBits]
                                     | (RowBits'(s) & {RowBits{hit[s]}});
      end
    end
    `TRANSOM_ASSERT(OneSymbol, build_i & ~bad_q |-> $onehot(hit))
  end
  always_ff @(posedge clk_i) begin
    for (int e = 0; e < Words; e++) begin
      occurrence_q[e*TableLog +: TableLog] <= in_table
        & (build_i ? occurrence_q[e*TableLog +: TableLog] + TableLog'(Words) * inverse
                   : TableLog'(e) * inverse);
    end
    for (int s = 0; s < Rows; s++) begin
      next_q[s*CumBits +: CumBits] <= build_i
        ? next_q[s*CumBits +: CumBits] + CumBits'(hits[s]) + CumBits'(hits[Rows+s])
          + CumBits'(hits[2*Rows+s]) + CumBits'(hits[3*Rows+s])
        : bounds[(s+1)*CumBits +: CumBits] - bounds[s*CumBits +: CumBits];
    end
    symbol_q       <= symbol;
    x_q            <= x;
    there_q        <= there;
    group_number_q <= group_number_i;
  end
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
    assign state = x_q[e*CumBits +: CumBits];
    always_comb begin
      lead = '0;
      for (int b = 0; b < CumBits; b++) if (state[b]) lead = 4'(b);
    end
    assign nbits = table_log_i - lead;
    assign base  = TableLog'(state << nbits) & in_table;  // below L, which its highest bit is
    assign group_o[e*32 +: 32] = bad_q ? '1 : there_q[e]
      ? {16'(base), 8'(nbits), SymbolBits'(symbol_q[e*RowBits +: RowBits])} : '0;
  end
  assign group_valid_o  = valid_q;
  assign group_number_o = group_number_q;

  `TRANSOM_ASSERT_INIT(FourSlots, Words == 4)
  `TRANSOM_ASSERT(CountsBeforeBuild, counts_valid_i |=> ~build_i)
endmodule
