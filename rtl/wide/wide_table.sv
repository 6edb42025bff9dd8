// wide_table.sv — tables in two banks, from what the section holds, and whether they are tables.
//
// First the cumulative counts, four in a cycle, then the rows' first values (vmin); of these follow
// the offset bits, ceil(log2(vmin of the next row - vmin)): a row's are known with the next one, the
// last one's at the end (verdict_i). All lanes see one bank, which they are at work in together.
// Where bad_o is set the bank is not to be used.
// SPDX-License-Identifier: Apache-2.0
module wide_table #(
  parameter int Kind      = codec_pkg::NransLane,
  parameter int TableLog  = 10,
  parameter int MaxOffset = 8,
  localparam int Rows       = codec_pkg::NransRows,
  localparam int Words      = codec_pkg::LoadEntries,
  localparam int TableBits  = codec_pkg::wide_table_bits(Kind, TableLog),
  localparam int CountBits  = $clog2(MaxOffset + 1)
) (
  input  logic                       clk_i,
  input  logic                       rst_ni,
  // what the header says
  input  logic [3:0]                 table_log_i,  // R
  input  logic [3:0]                 last_row_i,   // A - 1
  input  logic [4:0]                 width_i,      // W, at most MaxOffset
  input  logic                       plain_i,      // rows are values
  // the bank that is written
  input  logic                       bank_i,
  input  logic                       cums_i,       // a group of counts
  input  logic                       vmins_i,      // a group of vmin
  input  logic                       verdict_i,    // after the last group
  input  logic [1:0]                 group_i,
  input  logic [63:0]                halves_i,
  output logic                       bad_o,        // from the cycle after verdict_i on, till cums_i
  output logic [CountBits-1:0]       most_offset_o,  // as long: the most offset bits of a row
  // the bank that is shown
  input  logic                       shown_i,
  input  logic                       ended_i,      // no step is to come but of the bank written
  output logic                       built_o,      // the table shown is, with the next cycle; before
                                                   //   that there are no other counts
  output logic [3:0]                 most_take_o,  // of a step
  output logic [TableBits-1:0]       table_o,      // of nrans_table, wide_tans_table
  output logic [Rows*CountBits-1:0]  counts_o,     // offset bits
  output logic [Rows*MaxOffset-1:0]  vmins_o
);
  localparam int CumBits = TableLog + 1;

  logic first;  // group of the table
  logic [Words-1:0] is_row;  // the group's entries that are rows
  assign first = group_i == '0;
  for (genvar w = 0; w < Words; w++) begin : gen_inside
    assign is_row[w] = {group_i, 2'(w)} <= last_row_i;
  end

  ///////////////////////////////////////////////////////////////////////////////////////////////
  // Counts: the first is 0, none falls, none is over 2^R, those behind the last row are 2^R.
  logic [15:0]              all, cum_before_q;
  logic [Words*16-1:0]      cums;
  logic [Words*CumBits-1:0] counts;
  logic [Words-1:0]         cum_bad;
  assign all = 16'd1 << table_log_i;
  for (genvar w = 0; w < Words; w++) begin : gen_cum
    logic [15:0] cum, prior;
    assign cum    = halves_i[16*w +: 16];
    assign prior = w != 0 ? cums[16*(w == 0 ? 0 : w - 1) +: 16] : first ? '0 : cum_before_q;
    assign cum_bad[w] = is_row[w] ? cum < prior | cum > all | (w == 0 & first & cum != '0)
                                  : {group_i, 2'b0} <= last_row_i & cum != all;
    // Of a group with no row nothing was read.
    assign cums[16*w +: 16] = is_row[w] ? cum : all;
    assign counts[CumBits*w +: CumBits] = cums[16*w +: CumBits];
  end
  if (Kind == codec_pkg::TansLane) begin : gen_tans
    wide_tans_table #(
      .TableLog(TableLog)
    ) u_counts (
      .clk_i, .rst_ni, .write_i(cums_i), .write_addr_i(group_i), .table_log_i,
      .counts_i(counts), .good_i(~bad_o), .ended_i, .built_o, .most_o(most_take_o), .table_o
    );
  end else begin : gen_nrans
    localparam int SymbolBits = TableBits / Rows;
    logic [1:0] late;  // no step is so soon behind the last group
    logic       unused;
    assign unused  = ^{late, ended_i};
    assign built_o = 1'b1;
    nrans_table #(
      .TableLog(TableLog)
    ) u_counts (
      .clk_i, .rst_ni, .write_i(cums_i), .write_bank_i(bank_i), .write_addr_i(group_i),
      .table_log_i, .counts_i(counts), .late_o(late), .bank_i(shown_i), .table_o
    );
    // A step takes most for the symbol of the least frequency: the last four columns.
    logic [15:0] most_takes;
    always_comb begin
      most_takes = '0;
      for (int r = 0; r < Rows; r++) begin
        most_takes[{table_o[(SymbolBits-1)*Rows+r], table_o[(SymbolBits-2)*Rows+r],
                    table_o[(SymbolBits-3)*Rows+r], table_o[(SymbolBits-4)*Rows+r]}] = 1'b1;
      end
      most_take_o = '0;
      for (int k = 0; k < 16; k++) begin
        if (most_takes[k]) most_take_o = 4'(k);
      end
    end
  end

  ///////////////////////////////////////////////////////////////////////////////////////////////
  // Rows: vmin begins with 0, rises, is below 2^W, and 0 behind the last row. Entry w of a group ends
  // the row before it; end Words is that of the last row, with verdict_i.
  logic [MaxOffset-1:0]         vmin_before_q;
  logic [(Words+1)*MaxOffset-1:0] vmins;   // the one before the group lowest
  logic [MaxOffset:0]           limit;     // 2^W
  logic [Words-1:0]             vmin_bad;
  logic [Words*CountBits-1:0]   ends;      // offset bits of the row that entry w ends
  logic [Words*MaxOffset-1:0]   most;      // the same, as ones
  logic [MaxOffset-1:0]         most_q;
  assign limit = (MaxOffset + 1)'(1) << width_i;
  assign vmins[0 +: MaxOffset] = vmin_before_q;
  for (genvar w = 0; w < Words; w++) begin : gen_vmin
    logic [MaxOffset-1:0] vmin, prior, steps;
    logic [MaxOffset:0]   next;
    logic                 start, here;
    assign vmin   = MaxOffset == 8 || width_i <= 5'd8 ? MaxOffset'(halves_i[8*w +: 8])
                                                      : halves_i[16*w +: MaxOffset];
    assign vmins[(w+1)*MaxOffset +: MaxOffset] = vmin;
    assign prior = vmins[w*MaxOffset +: MaxOffset];
    assign start  = first & w == 0;
    assign vmin_bad[w] = is_row[w] ? (start ? vmin != '0 : vmin <= prior)
                                     | {1'b0, vmin} >= limit
                                   : vmin != '0;
    // The row that ends here is one, and has steps + 1 values.
    assign here  = w == 0 ? verdict_i | ~first : is_row[w == 0 ? 0 : w - 1];
    assign next  = ~is_row[w] | verdict_i ? limit : {1'b0, vmin};
    assign steps = MaxOffset'(next - {1'b0, prior} - 1'b1);
    always_comb begin
      ends[w*CountBits +: CountBits] = '0;
      for (int b = 0; b < MaxOffset; b++) begin
        if (steps[b]) ends[w*CountBits +: CountBits] = CountBits'(b + 1);
        most[w*MaxOffset+b] = here & (steps >> b) != '0;
      end
    end
  end

  logic bad_q;
  logic last;  // the last row is the last of its group: nothing has ended it
  assign last = verdict_i & last_row_i[1:0] == 2'd3 & ~plain_i;
  always_ff @(posedge clk_i) begin
    if (cums_i) cum_before_q <= cums[48 +: 16];
    if (vmins_i) vmin_before_q <= vmins[Words*MaxOffset +: MaxOffset];
    if (cums_i) bad_q <= cum_bad != '0 | (bad_q & ~first);
    if (vmins_i) bad_q <= bad_q | vmin_bad != '0;
    if (cums_i) begin
      most_q <= '0;
    end else if (vmins_i) begin
      most_q <= most_q | most[0 +: MaxOffset] | most[MaxOffset +: MaxOffset]
              | most[2*MaxOffset +: MaxOffset] | most[3*MaxOffset +: MaxOffset];
    end else if (last) begin
      most_q <= most_q | most[0 +: MaxOffset];
    end
  end
  assign bad_o = bad_q;
  always_comb begin
    most_offset_o = '0;
    for (int b = 0; b < MaxOffset; b++) begin
      if (most_q[b]) most_offset_o = CountBits'(b + 1);
    end
  end

  // The banks.
  for (genvar r = 0; r < Rows; r++) begin : gen_row
    localparam int End = (r + 1) % Words;
    logic [MaxOffset-1:0] vmin, vmin0_q, vmin1_q;
    logic [CountBits-1:0] count, count0_q, count1_q;
    logic                 vmin_here, count_here;
    assign vmin       = cums_i ? MaxOffset'(r) : vmins[(r%Words+1)*MaxOffset +: MaxOffset];
    assign vmin_here  = (cums_i | vmins_i) & 32'(group_i) == r / Words;
    assign count      = cums_i ? '0 : ends[End*CountBits +: CountBits];
    if (r % Words == Words - 1) begin : gen_last
      assign count_here = cums_i | (last & 32'(last_row_i) == r)
                        | (vmins_i & 32'(group_i) == (r + 1) / Words);
    end else begin : gen_inner
      assign count_here = cums_i | (vmins_i & 32'(group_i) == r / Words);
    end
    always_ff @(posedge clk_i) begin
      if (vmin_here & ~bank_i) vmin0_q <= vmin;
      if (vmin_here & bank_i) vmin1_q <= vmin;
      if (count_here & ~bank_i) count0_q <= count;
      if (count_here & bank_i) count1_q <= count;
    end
    assign vmins_o[r*MaxOffset +: MaxOffset] = shown_i ? vmin1_q : vmin0_q;
    assign counts_o[r*CountBits +: CountBits] = shown_i ? count1_q : count0_q;
  end
endmodule
