// wide_table.sv — tables in two banks, from what the section holds, and whether they are tables.
//
// First the cumulative counts, four in a cycle, then the rows' first values (vmin), four, or eight if
// they are bytes; of these follow the offset bits, ceil(log2(vmin of the next row - vmin)): of a group's
// last row they are known with the next group. All lanes see one bank, which they are at work in together.
// Where bad_o is set the bank is not to be used.
// SPDX-License-Identifier: Apache-2.0
module wide_table #(
  parameter int Kind      = codec_pkg::NransLane,
  parameter int TableLog  = 10,
  parameter int MaxOffset = 8,
  localparam int Rows       = codec_pkg::NransRows,
  localparam int Words      = codec_pkg::LoadEntries,
  localparam int Most       = 2 * Words,               // rows of a group of vmin
  localparam int TableBits  = codec_pkg::wide_table_bits(Kind, TableLog),
  localparam int CountBits  = $clog2(MaxOffset + 1)
) (
  input  logic                       clk_i,
  input  logic                       rst_ni,
  // what the header says
  input  logic [3:0]                 table_log_i,  // R
  input  logic [3:0]                 last_row_i,   // A - 1
  input  logic [4:0]                 width_i,      // W, at most MaxOffset
  // the bank that is written
  input  logic                       bank_i,
  input  logic                       cums_i,       // a group of counts
  input  logic                       vmins_i,      // a group of vmin
  input  logic [1:0]                 group_i,
  input  logic [63:0]                halves_i,
  output logic                       bad_o,        // from the cycle after the last group on, till cums_i
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
  logic bytes;  // vmin are; then group_i is even
  logic [Most-1:0] is_row;  // the group's entries that are rows
  assign first = group_i == '0;
  assign bytes = MaxOffset == 8 || width_i <= 5'd8;
  for (genvar w = 0; w < Most; w++) begin : gen_inside
    assign is_row[w] = w < Words ? {group_i, 2'(w)} <= last_row_i
                                 : bytes & {group_i[1], 3'(w)} <= last_row_i;
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
  // Rows: vmin begins with 0, rises, is below 2^W, and 0 behind the last row. Place 0 is the row
  // before the group, place w + 1 entry w. A row ends with the next one, the last one with 2^W.
  logic [MaxOffset-1:0]          vmin_before_q;
  logic [(Most+1)*MaxOffset-1:0] vmins;
  logic [MaxOffset:0]            limit;     // 2^W
  logic [Most-1:0]               vmin_bad;
  logic                          is_last;   // group
  logic [Most:0]                 ended;     // rows that end here
  logic [(Most+1)*CountBits-1:0] ends;      // offset bits
  logic [(Most+1)*MaxOffset-1:0] most;      // the same, as ones
  logic [MaxOffset-1:0]          most_q, most_here;
  assign limit   = (MaxOffset + 1)'(1) << width_i;
  assign is_last = bytes ? group_i[1] == last_row_i[3] : group_i == last_row_i[3:2];
  assign vmins[0 +: MaxOffset] = vmin_before_q;
  for (genvar w = 0; w < Most; w++) begin : gen_vmin
    logic [MaxOffset-1:0] vmin, prior;
    logic                 start, is_read;
    if (w < Words) begin : gen_any
      assign vmin    = bytes ? MaxOffset'(halves_i[8*w +: 8]) : halves_i[16*w +: MaxOffset];
      assign is_read = 1'b1;
    end else begin : gen_byte
      assign vmin    = MaxOffset'(halves_i[8*w +: 8]);
      assign is_read = bytes & {group_i[1], 1'b1} <= last_row_i[3:2];
    end
    assign vmins[(w+1)*MaxOffset +: MaxOffset] = vmin;
    assign prior = vmins[w*MaxOffset +: MaxOffset];
    assign start = first & w == 0;
    assign vmin_bad[w] = is_row[w] ? (start ? vmin != '0 : vmin <= prior)
                                     | {1'b0, vmin} >= limit
                                   : is_read & vmin != '0;
  end
  for (genvar w = 0; w <= Most; w++) begin : gen_end
    logic [MaxOffset-1:0] steps;
    logic [MaxOffset:0]   next;
    if (w == 0) begin : gen_before
      assign ended[w] = ~first;
    end else if (w == Words) begin : gen_middle
      assign ended[w] = is_row[w-1] & (bytes | is_last);
    end else begin : gen_inner
      assign ended[w] = is_row[w-1] & (w != Most | is_last);
    end
    if (w == Most) begin : gen_limit
      assign next = limit;
    end else begin : gen_next
      assign next = is_row[w] ? {1'b0, vmins[(w+1)*MaxOffset +: MaxOffset]} : limit;
    end
    // It has steps + 1 values.
    assign steps = MaxOffset'(next - {1'b0, vmins[w*MaxOffset +: MaxOffset]} - 1'b1);
    always_comb begin
      ends[w*CountBits +: CountBits] = '0;
      for (int b = 0; b < MaxOffset; b++) begin
        if (steps[b]) ends[w*CountBits +: CountBits] = CountBits'(b + 1);
        most[w*MaxOffset+b] = ended[w] & (steps >> b) != '0;
      end
    end
  end
  always_comb begin
    most_here = '0;
    for (int w = 0; w <= Most; w++) most_here = most_here | most[w*MaxOffset +: MaxOffset];
  end

  logic bad_q;
  always_ff @(posedge clk_i) begin
    if (cums_i) cum_before_q <= cums[48 +: 16];
    if (vmins_i) vmin_before_q <= vmins[(bytes ? Most : Words)*MaxOffset +: MaxOffset];
    if (cums_i) bad_q <= cum_bad != '0 | (bad_q & ~first);
    if (vmins_i) bad_q <= bad_q | vmin_bad != '0;
    if (cums_i) most_q <= '0;
    else if (vmins_i) most_q <= most_q | most_here;
  end
  assign bad_o = bad_q;
  always_comb begin
    most_offset_o = '0;
    for (int b = 0; b < MaxOffset; b++) begin
      if (most_q[b]) most_offset_o = CountBits'(b + 1);
    end
  end

  // The banks. Until the next group tells, a group's last row is taken for the table's.
  for (genvar r = 0; r < Rows; r++) begin : gen_row
    localparam int Four = r % Words + 1, Eight = r % Most + 1;  // its places
    logic [MaxOffset-1:0] vmin, vmin0_q, vmin1_q;
    logic [CountBits-1:0] count, count0_q, count1_q;
    logic                 here, after, vmin_here, count_here;
    assign here  = vmins_i & bytes ? 32'(group_i[1]) == r / Most : 32'(group_i) == r / Words;
    assign after = 32'(group_i) * Words == r + 1;
    assign vmin  = cums_i ? MaxOffset'(r)
                 : bytes ? vmins[Eight*MaxOffset +: MaxOffset] : vmins[Four*MaxOffset +: MaxOffset];
    assign count = cums_i ? '0 : after ? ends[0 +: CountBits]
                 : bytes ? ends[Eight*CountBits +: CountBits] : ends[Four*CountBits +: CountBits];
    assign vmin_here  = (cums_i | vmins_i) & here;
    assign count_here = cums_i | (vmins_i & (here | after));
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
