// table_check.sv — between the load port and the memories: what is written is a table, whatever came.
//
// Lanes trust what they read. So a word that would lead a lane out of what its job has loaded (to a
// state at or above 2^R, to a row behind the last one, to more offset bits than a value has) is
// written as one that does not, and the bank is bad: all its jobs end so. Each word is looked at when
// it comes, once for all lanes, and no lane has a gate of it in its loop. A table is written from its
// word 0 on, rows from row 0 on: there the verdict on what the bank held before ends.
//   tANS         base + 2^nbits <= 2^R, base a multiple of 2^nbits, symbol (both of a pair) <= last row
//   rANS         bias < freq <= 2^R, symbol <= last row
//   counts       begin with 0, do not fall, are at most 2^R, and 2^R behind the last row
//   rows         offset_bits <= 16
// SPDX-License-Identifier: Apache-2.0
`include "assert.svh"

module table_check #(
  parameter int Kind     = codec_pkg::TansLane,
  parameter int TableLog = codec_pkg::MaxTableLog,
  localparam int Words      = codec_pkg::LoadEntries,
  localparam int SymbolBits = codec_pkg::SymbolBits
) (
  input  logic                  clk_i,
  input  logic                  rst_ni,
  input  logic                  bank_i,
  input  logic [3:0]            table_log_i,  // R
  input  logic [SymbolBits-1:0] last_row_i,
  input  logic                  table_valid_i,
  input  logic [TableLog-3:0]   table_addr_i,  // in units of Words
  input  logic [Words*32-1:0]   table_i,
  output logic [Words*32-1:0]   table_o,
  input  logic                  row_valid_i,
  input  logic [SymbolBits-1:0] row_addr_i,
  input  logic [31:0]           row_i,
  output codec_pkg::row_t       row_o,
  output logic [1:0]            bad_o          // of each bank, from the cycle after the write on
);
  logic [1:0]       table_bad_q, row_bad_q;
  logic [Words-1:0] bad;      // words of this write
  logic             earlier;  // one of this table was before
  logic             row_bad;
  codec_pkg::row_t  row;

  assign earlier = table_bad_q[bank_i] & table_addr_i != '0;
  assign row     = codec_pkg::to_row(row_i);
  assign row_bad = row.offset_bits > codec_pkg::OffsetBitsBits'(codec_pkg::ValueBits);
  assign row_o   = row_bad ? '0 : row;
  assign bad_o   = table_bad_q | row_bad_q;

  if (Kind == codec_pkg::ArithLane || Kind == codec_pkg::NransLane) begin : gen_counts
    // A count is compared with the one before. From the first bad one on all are 2^R, so that
    // they do not fall; the first is 0.
    localparam int CountLog = Kind == codec_pkg::ArithLane ? codec_pkg::ArithTableLog
                                                           : codec_pkg::NransTableLog;
    localparam int CumBits  = CountLog + 1;
    logic [CumBits-1:0]           all, before_q;  // all: 2^R, which has one value for ArithLane
    logic [(Words+1)*CumBits-1:0] counts;  // the one before lowest
    logic [Words-1:0]             wrong;   // by themselves
    assign all = CumBits'(1) << (Kind == codec_pkg::ArithLane ? 4'(CountLog) : table_log_i);
    assign counts[0 +: CumBits] = table_addr_i == '0 ? '0 : before_q;
    for (genvar w = 0; w < Words; w++) begin : gen_word
      logic [CumBits-1:0] count, most, kept;
      logic               no_row;
      assign count  = table_i[w*32 +: CumBits];
      assign most   = w == 0 & table_addr_i == '0 ? '0 : all;
      assign no_row = SymbolBits'({table_addr_i, 2'(w)}) > last_row_i;
      assign counts[(w+1)*CumBits +: CumBits] = count;
      assign wrong[w] = count < counts[w*CumBits +: CumBits] | count > most
                      | (no_row & count != all);
      assign bad[w]   = earlier | wrong[w:0] != '0;
      assign kept     = bad[w] ? most : count;
      assign table_o[w*32 +: 32] = 32'(kept);
    end
    always_ff @(posedge clk_i) begin
      if (table_valid_i) before_q <= counts[Words*CumBits +: CumBits];
    end
    logic unused;
    assign unused = ^table_log_i;
  end else begin : gen_entries
    localparam int Bits = codec_pkg::MaxTableLog + 1;
    logic [Bits-1:0] beyond;  // bits that no state has
    assign beyond = {Bits{1'b1}} << table_log_i;
    for (genvar w = 0; w < Words; w++) begin : gen_word
      logic [31:0]           word;
      logic [SymbolBits-1:0] symbol;
      logic                  no_row, leads_out;
      assign word   = table_i[w*32 +: 32];
      assign symbol = word[0 +: SymbolBits];
      if (Kind == codec_pkg::TansPairLane) begin : gen_two
        assign no_row = SymbolBits'(symbol[3:0]) > last_row_i
                      | SymbolBits'(symbol[7:4]) > last_row_i;
      end else begin : gen_one
        assign no_row = symbol > last_row_i;
      end
      if (Kind == codec_pkg::RansLane) begin : gen_slot
        localparam int FreqBits = codec_pkg::RansLaneTableLog;
        logic [FreqBits-1:0] freq_minus_1, bias;
        assign freq_minus_1 = word[SymbolBits +: FreqBits];
        assign bias         = word[SymbolBits+FreqBits +: FreqBits];
        assign leads_out    = bias > freq_minus_1 | (Bits'(freq_minus_1) & beyond) != '0;
      end else begin : gen_state
        logic [Bits-1:0] base, field;  // field: the bits that are absorbed
        assign base      = Bits'(word[16 +: codec_pkg::MaxTableLog]);
        assign field     = ~({Bits{1'b1}} << word[8 +: codec_pkg::NbitsBits]);
        assign leads_out = ((base | field) & beyond) != '0 | (base & field) != '0;
      end
      assign bad[w] = no_row | leads_out;
      assign table_o[w*32 +: 32] = bad[w] ? '0 : word;  // all zero: symbol 0, state 0
    end
  end

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      table_bad_q <= '0;
      row_bad_q   <= '0;
    end else begin
      if (table_valid_i) table_bad_q[bank_i] <= earlier | bad != '0;
      if (row_valid_i) row_bad_q[bank_i] <= row_bad | (row_bad_q[bank_i] & row_addr_i != '0);
    end
  end

`ifdef TRANSOM_ASSERTS
  // The driver: word 0 and row 0 first, then one after the other.
  logic [2*(TableLog-2)-1:0] next_q;
  logic [2*SymbolBits-1:0]   next_row_q;
  always_ff @(posedge clk_i) begin
    if (table_valid_i) next_q[bank_i*(TableLog-2) +: TableLog-2] <= table_addr_i + 1'b1;
    if (row_valid_i) next_row_q[bank_i*SymbolBits +: SymbolBits] <= row_addr_i + 1'b1;
  end
  `TRANSOM_ASSERT(TableInOrder, (table_valid_i & table_addr_i != '0)
    |-> table_addr_i == next_q[bank_i*(TableLog-2) +: TableLog-2])
  `TRANSOM_ASSERT(RowsInOrder, row_valid_i |-> row_addr_i <= last_row_i
    & (row_addr_i == '0 | row_addr_i == next_row_q[bank_i*SymbolBits +: SymbolBits]))
`endif
  `TRANSOM_ASSERT(FirstCountIsZero, ((Kind == codec_pkg::ArithLane | Kind == codec_pkg::NransLane)
    & table_valid_i & table_addr_i == '0) |-> table_o[31:0] == '0)
endmodule
