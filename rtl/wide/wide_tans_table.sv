// wide_tans_table.sv — a tANS table in registers that all lanes see, built out of its counts.
//
// A table is built in place, BuildEntries entries in a cycle, once no step of the tensor before is to
// come: that is while header and rows of the next one are read and its first halfwords are given. So
// there is one bank, and a table of up to 2^7 slots is there when they are. tans_slots makes slots; a
// second stage makes entries of them, in the form of wide_tans_step: x is in [2^l, 2^(l+1)), nbits =
// R - l, and the code is x without its leading one, then a one, then nbits zeros.
// The last counts come in cycle t; groups are made from t + 2 on, each stands in the table two cycles
// later. built_o says that with the next cycle all do.
// SPDX-License-Identifier: Apache-2.0
`include "assert.svh"

module wide_tans_table #(
  parameter int TableLog = codec_pkg::WideTansTableLog,  // R of the largest table
  localparam int Rows      = codec_pkg::TansBuildRows,
  localparam int Words     = codec_pkg::LoadEntries,
  localparam int CumBits   = TableLog + 1,
  localparam int TableBits = codec_pkg::wide_table_bits(codec_pkg::TansLane, TableLog)
) (
  input  logic                     clk_i,
  input  logic                     rst_ni,
  input  logic                     write_i,        // not while built_o is low
  input  logic [1:0]               write_addr_i,   // in units of Words
  input  logic [3:0]               table_log_i,    // R, with every write
  input  logic [Words*CumBits-1:0] counts_i,       // none is over 2^R
  input  logic                     good_i,         // of assertions: what was written are counts
  input  logic                     ended_i,        // no step is to come but of this table
  output logic                     built_o,
  output logic [3:0]               most_o,         // the most bits that a step takes, from t + 2 on
  output logic [TableBits-1:0]     table_o         // as wide_tans_step wants it
);
  localparam int Slots     = 2**TableLog;
  localparam int Entries   = codec_pkg::WideBuildEntries;  // of a group
  localparam int Groups    = Slots / Entries;
  localparam int GroupBits = TableLog - $clog2(Entries) == 0 ? 1 : TableLog - $clog2(Entries);
  localparam int RowBits   = $clog2(Rows);
  localparam int EntryBits = TableBits / Slots;

  ///////////////////////////////////////////////////////////////////////////////////////////////
  // Counts, and when groups are made
  logic [Rows*CumBits-1:0] cum_q;
  logic [3:0]              table_log_q;
  logic                    counts_end_q, waits_q, build, last, valid_q;
  logic [GroupBits-1:0]    group_q, made_q;
  logic [TableLog:0]       slots;  // 2^R
  assign slots   = (TableLog + 1)'(1) << table_log_q;
  assign last    = (32'(group_q) + 1) * Entries >= 32'(slots);
  assign build   = waits_q & (ended_i | group_q != '0);
  assign built_o = ~counts_end_q & ~waits_q;
  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      counts_end_q <= 1'b0;
      waits_q      <= 1'b0;
      group_q      <= '0;
      valid_q      <= 1'b0;
    end else begin
      counts_end_q <= write_i & write_addr_i == 2'd3;
      waits_q      <= counts_end_q | (waits_q & ~(build & last));
      if (build) group_q <= last ? '0 : group_q + 1'b1;
      valid_q <= build;
    end
  end
  always_ff @(posedge clk_i) begin
    if (write_i) table_log_q <= table_log_i;
    for (int g = 0; g < Rows / Words; g++) begin
      if (write_i & 32'(write_addr_i) == g) cum_q[g*Words*CumBits +: Words*CumBits] <= counts_i;
    end
    made_q <= group_q;
  end

  // A step takes most for the least frequency: R - floor(log2 freq).
  logic [CumBits-1:0]          tops;  // highest bits of all frequencies
  logic [(Rows+1)*CumBits-1:0] bounds;
  logic [3:0]                  least;
  assign bounds = {slots, cum_q};
  always_comb begin
    tops = '0;
    for (int s = 0; s < Rows; s++) begin
      for (int b = 0; b < CumBits; b++) begin
        tops[b] = tops[b]
          | (CumBits'(bounds[(s+1)*CumBits +: CumBits] - bounds[s*CumBits +: CumBits]) >> b
             == CumBits'(1));
      end
    end
    least = '0;
    for (int b = CumBits - 1; b >= 0; b--) if (tops[b]) least = 4'(b);
  end
  always_ff @(posedge clk_i) most_o <= table_log_q - least;

  ///////////////////////////////////////////////////////////////////////////////////////////////
  // Groups
  logic [Entries*RowBits-1:0]   symbols;
  logic [Entries*CumBits-1:0]   xs;
  logic [Entries*EntryBits-1:0] entries;
  logic [CumBits-1:0]           in_code;  // R + 1 bits
  assign in_code = ~({CumBits{1'b1}} << table_log_q << 1);
  tans_slots #(
    .TableLog(TableLog), .Slots(Entries)
  ) u_slots (
    .clk_i, .rst_ni, .table_log_i(table_log_q), .cums_i(cum_q), .good_i, .build_i(build),
    .symbols_o(symbols), .xs_o(xs)
  );
  for (genvar e = 0; e < Entries; e++) begin : gen_entry
    logic [CumBits-1:0] x, code;
    logic [3:0]         lead, nbits;
    assign x = xs[e*CumBits +: CumBits];
    always_comb begin
      lead = '0;
      for (int b = 0; b < CumBits; b++) if (x[b]) lead = 4'(b);
    end
    assign nbits = table_log_q - lead;
    // By itself: within the concatenation Yosys 0.23 takes it to be a bit wider.
    assign code  = CumBits'({x, 1'b1} << nbits) & in_code;
    assign entries[e*EntryBits +: EntryBits] = {symbols[e*RowBits +: RowBits], code};
  end
  for (genvar i = 0; i < EntryBits; i++) begin : gen_column
    logic [Entries-1:0] bits;
    logic [Slots-1:0]   column_q;
    for (genvar e = 0; e < Entries; e++) begin : gen_bit
      assign bits[e] = entries[e*EntryBits+i];
    end
    for (genvar g = 0; g < Groups; g++) begin : gen_group
      always_ff @(posedge clk_i) begin
        if (valid_q & 32'(made_q) == g) column_q[g*Entries +: Entries] <= bits;
      end
    end
    assign table_o[i*Slots +: Slots] = column_q;
  end

  `TRANSOM_ASSERT_INIT(HoldsAGroup, Groups >= 1 && Groups * Entries == Slots)
  `TRANSOM_ASSERT(CountsRest, write_i |-> built_o)
endmodule
