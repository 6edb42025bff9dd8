// nrans_table_properties.sv — what nrans_table shows behind a load is nrans_constants' of the counts that were loaded.
//
// Loads are of any counts, R and bank, four writes in order with any pauses between them, one behind the
// other. One symbol of one bank is followed, any one: a model keeps its count and the one behind it. Shown
// they must be from two clocks behind the last write on, but in the clock that late_o tells of, until a load
// of that bank begins.
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
  logic       writes, begins, here, ends;  // of the followed symbol's bank, group, count behind
  logic       known_q;                     // both of its counts were written
  logic       last_q;                      // the write before was a table's last
  logic       loaded_q, old_q, late_q;     // loaded: all of a load is written; old: a clock ago, too
  logic [1:0] place;                       // in its write
  assign place  = symbol_i[1:0];
  assign writes = write_i & bank_write == bank_i;
  assign begins = writes & addr_q == '0;
  assign here   = writes & addr_q == symbol_i[3:2];
  assign ends   = place != 2'd3 | symbol_i == 4'd15 ? here : writes & addr_q == symbol_i[3:2] + 2'd1;
  for (genvar w = 0; w < Words; w++) begin : gen_align
    assign counts[w*CumBits +: CumBits] = counts_i[w*CumBits +: CumBits] << (4'(TableLog) - table_log_i);
  end
  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      {addr_q, known_q, last_q, loaded_q, old_q, late_q} <= '0;
    end else begin
      addr_q   <= addr_q + 2'(write_i);
      known_q  <= ends | (known_q & ~begins);
      last_q   <= write_i & addr_q == 2'd3;
      loaded_q <= writes ? addr_q == 2'd3 : loaded_q;
      old_q    <= loaded_q & ~writes;
      late_q   <= late[bank_i];
    end
  end
  always_ff @(posedge clk_i) begin
    if (write_i) {bank_write_q, table_log_q, before_q} <= {bank_write, table_log_i, counts[3*CumBits +: CumBits]};
    if (here) cum_q <= counts[place*CumBits +: CumBits];
    if (ends) behind_q <= symbol_i == 4'd15 ? All : counts[2'(place+2'd1)*CumBits +: CumBits];
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
  always_comb begin
    {cum, rest} = '0;
    for (int s = 0; s < Rows; s++) begin
      if (symbol_i == 4'(s)) begin
        cum = table_shown[s*CumBits +: CumBits];
        for (int i = 0; i < RestBits; i++) rest[i] = table_shown[(CumBits+i)*Rows+s];
      end
    end
  end

  `RESET_ONCE
  logic [4:0] followed_q;
  logic       shown;
  assign shown = old_q & ~late_q;
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
      `CHECK(ShowsItsCount, ~shown | cum == cum_q)
      `CHECK(ShowsItsConstants, ~shown | rest == want)
      `CHECK(LateBehindALoad, late[bank_i] == (last_q & bank_write_q == bank_i))
      `REACH(AThirdLoad, shown & cum_q == CumBits'(6) & behind_q == CumBits'(8) & 32'(table_log_q) == TableLog - 1)
      `REACH(LoadedInOneGo, last_q & write_i & bank_write == bank_write_q)
      `REACH(TheLastSymbol, shown & symbol_i == 4'd15 & cum_q == CumBits'(9))
    end
  end
`ifndef FORMAL_BLACK_BOX
  // Slots hold the symbol on its way; the last slot of a write goes on being written, the same again.
  (* hierconn *) logic [Words*CumBits-1:0] \dut.cum_q , \dut.freq_q ;
  (* hierconn *) logic [CumBits-1:0]       \dut.before_q ;
  (* hierconn *) logic [1:0]               \dut.group_q , \dut.end_group_q ;
  (* hierconn *) logic \dut.last_q , \dut.whole_q , \dut.write_bank_q , \dut.end_bank_q ;
  logic [Words*CumBits-1:0] slot_cum, slot_freq;
  logic [CumBits-1:0]       held;
  logic [1:0]               group, end_group, slot;
  logic                     last, whole, slot_bank, end_bank;
  logic                     at_slot;    // the slot's symbol is written to the bank in this clock
  logic                     waits;      // symbol 15, whose last write was in the clock before
  logic                     fresh_q;    // its counts came in the clock before, of symbol 15 in the one before that
  assign {slot_cum, slot_freq} = {\dut.cum_q , \dut.freq_q };
  assign held                  = \dut.before_q ;
  assign {group, end_group}    = {\dut.group_q , \dut.end_group_q };
  assign {last, whole, slot_bank, end_bank} = {\dut.last_q , \dut.whole_q , \dut.write_bank_q , \dut.end_bank_q };
  assign slot    = place + 2'd1;
  assign waits   = symbol_i == 4'd15 & last_q & bank_write_q == bank_i;
  assign at_slot = place == 2'd3 ? end_bank == bank_i & end_group == symbol_i[3:2]
                                 : whole & slot_bank == bank_i & group == symbol_i[3:2];
  always_ff @(posedge clk_i) fresh_q <= rst_ni & (symbol_i == 4'd15 ? waits & ~begins : ends);
  logic begun, ended;  // the load at work has the symbol's count, both
  assign begun = addr_q > symbol_i[3:2] & bank_write_q == bank_i;
  assign ended = begun & (place != 2'd3 | 3'(addr_q) > 3'(symbol_i[3:2]) + 3'd1);
  always_comb begin
    if (rst_ni) begin
      `CHECK(OnItsWay, ~fresh_q | (known_q & at_slot & ~waits))
      `CHECK(FreshIfItIsThere, place == 2'd3 | at_slot == fresh_q)
      `CHECK(InItsSlot, ~(at_slot & known_q & ~waits) | (slot_cum[slot*CumBits +: CumBits] == cum_q
        & slot_freq[slot*CumBits +: CumBits] == behind_q - cum_q))
      `CHECK(CountsRise, ~known_q | (cum_q <= behind_q & behind_q <= All & (symbol_i != 4'd15 | behind_q == All)))
      `CHECK(InTheBank, ~known_q | fresh_q | waits | (cum == cum_q & rest == want))
      `CHECK(LastIsTheModels, last == last_q & (~last_q | addr_q == '0))
      `CHECK(HoldsTheCountBefore, addr_q == '0 & ~last_q
        | (slot_bank == bank_write_q & held == before_q & before_q <= All & table_log_q <= 4'(TableLog)))
      `CHECK(BeginsWithIt, ~(place == 2'd3 & bank_write_q == bank_i & (3'(addr_q) == 3'(symbol_i[3:2]) + 3'd1 | last_q & symbol_i == 4'd15))
        | cum_q == before_q)
      `CHECK(KnownOnceEnded, addr_q == '0 | bank_write_q != bank_i | known_q == ended)
      `CHECK(NotLoadedIfWritten, ~(addr_q != '0 & bank_write_q == bank_i) | ~loaded_q)
      `CHECK(KnownIfLoaded, ~loaded_q | known_q)
      `CHECK(WaitsKnown, ~waits | (loaded_q & ~old_q & known_q))
      `CHECK(OldIsLoaded, ~old_q | loaded_q)
      `CHECK(OldIsNotFresh, ~(old_q & fresh_q) | (symbol_i == 4'd15 & late_q))
    end
  end
`endif
endmodule
