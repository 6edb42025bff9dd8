// nrans_table_properties.sv — what nrans_table shows behind a load is nrans_constants' of the counts that were loaded.
//
// Loads are of any counts, R and bank, four writes in order with any pauses between them, one behind the
// other. One symbol of one bank is followed, any one: a model keeps its count and the one behind it, and
// whether its constants must be there: two clocks behind the write that ends it, a table's last symbol
// three behind the last write.
// SPDX-License-Identifier: Apache-2.0
`include "properties.svh"

module nrans_table_properties #(
  parameter int TableLog = 4,
  localparam int Rows       = codec_pkg::NransRows,
  localparam int Words      = codec_pkg::LoadEntries,
  localparam int CumBits    = TableLog + 1,
  localparam int StateBits  = TableLog + 2,
  localparam int BaseBits   = TableLog + 3,
  localparam int SymbolBits = codec_pkg::nrans_symbol_bits(TableLog),
  localparam int RestBits   = SymbolBits - CumBits
) (
  input logic       clk_i,
  input logic       rst_ni,
  input logic       write_i,
  input logic       bank_write_i,  // of a load that begins
  input logic [3:0] table_log_i,
  input logic [Words*CumBits-1:0] counts_i,
  // followed: it rests
  input logic       bank_i,
  input logic [3:0] symbol_i
);
  localparam logic [CumBits-1:0] All = CumBits'(1) << TableLog;
  logic [1:0] late, addr_q;
  logic [3:0] table_log_q;
  logic       bank_write, bank_write_q;
  logic [Rows*SymbolBits-1:0] table_shown;
  assign bank_write = addr_q == '0 ? bank_write_i : bank_write_q;
  nrans_table #(
    .TableLog(TableLog)
  ) dut (
    .clk_i, .rst_ni, .write_i, .write_bank_i(bank_write), .write_addr_i(addr_q), .table_log_i, .counts_i,
    .late_o(late), .bank_i, .table_o(table_shown)
  );

  // The model, at the largest R.
  logic [CumBits-1:0]       cum_q, behind_q, before_q;  // before: the last count that was written
  logic [Words*CumBits-1:0] counts;
  logic       writes, here, ends, coming, coming_q, settled_q;
  logic       last_q;          // the write before was a table's last
  logic       whole_q, old_q;  // all of a load is there: since a clock, since two
  logic       late_q;
  logic [1:0] place;           // in its write
  assign place  = symbol_i[1:0];
  assign writes = write_i & bank_write == bank_i;
  assign here   = writes & addr_q == symbol_i[3:2];
  assign ends   = place != 2'd3 ? here : writes & symbol_i != 4'd15 & addr_q == symbol_i[3:2] + 2'd1;
  assign coming = ends | (symbol_i == 4'd15 & last_q & bank_write_q == bank_i);
  for (genvar w = 0; w < Words; w++) begin : gen_align
    assign counts[w*CumBits +: CumBits] = counts_i[w*CumBits +: CumBits] << (4'(TableLog) - table_log_i);
  end
  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      {addr_q, coming_q, settled_q, last_q, whole_q, old_q, late_q} <= '0;
    end else begin
      addr_q    <= addr_q + 2'(write_i);
      coming_q  <= coming;
      settled_q <= (settled_q | coming_q) & ~here & ~coming;
      last_q    <= write_i & addr_q == 2'd3;
      whole_q   <= writes ? addr_q == 2'd3 : whole_q;
      old_q     <= whole_q;
      late_q    <= late[bank_i];
    end
  end
  always_ff @(posedge clk_i) begin
    if (write_i) {bank_write_q, table_log_q, before_q} <= {bank_write, table_log_i, counts[3*CumBits +: CumBits]};
    if (here) cum_q <= counts[place*CumBits +: CumBits];
    if (ends) behind_q <= counts[2'(place+2'd1)*CumBits +: CumBits];
    else if (coming) behind_q <= All;
  end

  // What is shown of the symbol: its count, then a bit of each column.
  logic [RestBits-1:0] want, rest;
  logic [CumBits-1:0]  cum;
  nrans_constants #(
    .TableLog(TableLog)
  ) constants (
    .cum_i(cum_q), .end_i(behind_q), .bases_o(want[0 +: 4*BaseBits]), .limit_o(want[4*BaseBits +: StateBits]),
    .most_o(want[4*BaseBits+StateBits +: 4])
  );
  assign cum = table_shown[symbol_i*CumBits +: CumBits];
  for (genvar i = 0; i < RestBits; i++) begin : gen_rest
    assign rest[i] = table_shown[(CumBits+i)*Rows+symbol_i];
  end

  `RESET_ONCE
  logic [4:0] followed_q;
  always_ff @(posedge clk_i) followed_q <= {bank_i, symbol_i};
  always_comb begin
    assume (~begun_q | {bank_i, symbol_i} == followed_q);
    assume (table_log_i <= 4'(TableLog) & (addr_q == '0 | table_log_i == table_log_q));
    if (write_i) begin
      for (int w = 0; w < Words; w++) begin
        assume (counts_i[w*CumBits +: CumBits] <= CumBits'(1) << table_log_i);
        assume (counts[w*CumBits +: CumBits] >= (w != 0 ? counts[(w+Words-1)%Words*CumBits +: CumBits] : addr_q == '0 ? '0 : before_q));
      end
    end
    if (rst_ni) begin
      `CHECK(ShowsItsCount, ~settled_q | cum == cum_q)
      `CHECK(ShowsItsConstants, ~settled_q | rest == want)
      `CHECK(LateUntilItIsThere, ~old_q | ~whole_q | late_q | settled_q)
      `REACH(AThirdLoad, settled_q & whole_q & cum_q == CumBits'(6) & behind_q == CumBits'(8) & 32'(table_log_q) == TableLog - 1)
      `REACH(LoadedInOneGo, last_q & write_i & bank_write == bank_write_q)
    end
  end
`ifndef FORMAL_BLACK_BOX
  // What is on its way: the slots hold the model's counts.
  (* hierconn *) logic [Words*CumBits-1:0] \dut.cum_q , \dut.freq_q ;
  (* hierconn *) logic [CumBits-1:0]       \dut.before_q ;
  (* hierconn *) logic [1:0]               \dut.group_q , \dut.end_group_q ;
  (* hierconn *) logic \dut.last_q , \dut.end_q , \dut.whole_q , \dut.write_bank_q , \dut.end_bank_q ;
  logic [Words*CumBits-1:0] slot_cum, slot_freq;
  logic [CumBits-1:0]       held;
  logic [1:0]               group, end_group;
  logic                     last, end_there, whole_there, slot_bank, end_bank;
  assign {slot_cum, slot_freq} = {\dut.cum_q , \dut.freq_q };
  assign held                  = \dut.before_q ;
  assign {group, end_group}    = {\dut.group_q , \dut.end_group_q };
  assign {last, end_there, whole_there, slot_bank, end_bank} =
    {\dut.last_q , \dut.end_q , \dut.whole_q , \dut.write_bank_q , \dut.end_bank_q };
  logic       on_way, ended, begun;  // the load at work has ended, or begun, the symbol
  logic [1:0] slot;
  assign slot   = place + 2'd1;
  assign on_way = place == 2'd3 ? end_there & end_bank == bank_i & end_group == symbol_i[3:2]
                                : whole_there & slot_bank == bank_i & group == symbol_i[3:2];
  assign begun  = addr_q > symbol_i[3:2] & bank_write_q == bank_i;
  assign ended  = begun & (place != 2'd3 | addr_q > symbol_i[3:2] + 3'd1);
  always_comb begin
    if (rst_ni) begin
      `CHECK(OnItsWay, coming_q == on_way)
      `CHECK(InItsSlot, ~coming_q | (slot_cum[slot*CumBits +: CumBits] == cum_q & cum_q <= behind_q & behind_q <= All
        & slot_freq[slot*CumBits +: CumBits] == behind_q - cum_q))
      `CHECK(LastIsTheModels, last == last_q & (~last_q | addr_q == '0))
      `CHECK(HoldsTheCountBefore, addr_q == '0 & ~last_q
        | (slot_bank == bank_write_q & held == before_q & before_q <= All & table_log_q <= 4'(TableLog)))
      `CHECK(BeginsWithIt, ~(place == 2'd3 & bank_write_q == bank_i & (addr_q == symbol_i[3:2] + 3'd1 | last_q & symbol_i == 4'd15))
        | cum_q == before_q)
      `CHECK(ThereOnceEnded, ~ended | settled_q | coming_q)
      `CHECK(NotWholeIfWritten, ~(addr_q != '0 & bank_write_q == bank_i) | ~whole_q)
      `CHECK(ThereIfWhole, ~whole_q | settled_q | (coming_q & (symbol_i != 4'd15 | late_q) & (symbol_i == 4'd15 | ~old_q))
        | (last_q & bank_write_q == bank_i & symbol_i == 4'd15 & ~old_q))
    end
  end
`endif
endmodule
